"""Hands email to GOV.UK Notify through its own client, and says what it said.

Notify sends text alone, in a template of its own whose subject is ((subject)) and whose body is
((body)); it has no place for HTML. Each message goes with its public id as Notify's reference, by
which a second copy can be told for one.
"""

import logging
import re
from typing import Any

import requests
from notifications_python_client.errors import HTTPError
from notifications_python_client.errors import InvalidResponse as Unreadable
from notifications_python_client.notifications import NotificationsAPIClient
from urllib3 import exceptions

from casework.config import Settings
from casework.emails.letter import CutOff, Letter, NoAnswer, Refused, Unreachable

#: Seconds to connect, and as many for each wait for the answer: together no more than by SMTP.
PATIENCE = 10
#: The request never left this machine.
_NEVER_SENT = (
    exceptions.ConnectTimeoutError,
    exceptions.NewConnectionError,
    exceptions.SSLError,
    exceptions.ProxyError,
)
#: A proxy in front of Notify gave up on it, which may have taken the message all the same.
_GATEWAY = (502, 504)
_WORD = re.compile(r"[A-Za-z]{1,40}")

# What Notify says may hold an address, and its client logs it.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class NotifyWay:
    """A session with GOV.UK Notify."""

    def __init__(self, settings: Settings) -> None:
        self._template = settings.notify_template_id
        self._client = NotificationsAPIClient(
            settings.notify_api_key, base_url=settings.notify_address, timeout=PATIENCE
        )

    def send(self, letter: Letter) -> None:
        """Hand one message over (casework.emails.transport)."""
        try:
            self._client.send_email_notification(
                email_address=letter.to,
                template_id=self._template,
                personalisation={"subject": letter.subject, "body": letter.text},
                reference=letter.public_id,
            )
        except Unreadable:
            return  # it said yes, in words that are no JSON
        except HTTPError as fault:
            raise _meant(fault) from fault


def _meant(fault: Any) -> Exception:
    """Return what an error of the client means for the message, in words that name nobody."""
    if fault.response is None:
        return _not_answered(fault.__cause__)
    code = fault.status_code
    if code in _GATEWAY:
        return NoAnswer()
    if code == 400 and _is_of_address(fault):
        return Refused("400 ValidationError")
    if code == 429:
        return CutOff("GOV.UK Notify takes no more for now (429)")
    return CutOff(f"GOV.UK Notify did not take it ({code}{_kind(fault)})")


def _not_answered(cause: BaseException | None) -> Exception:
    reason = getattr(cause, "args", [None])[0]
    inner = getattr(reason, "reason", reason)
    if isinstance(cause, requests.exceptions.SSLError):
        return Unreachable("GOV.UK Notify’s certificate is not to be trusted")
    if isinstance(cause, requests.ConnectionError) and isinstance(inner, _NEVER_SENT):
        return Unreachable(f"GOV.UK Notify does not answer ({type(inner).__name__})")
    return NoAnswer()


def _is_of_address(fault: Any) -> bool:
    errors = fault.message if isinstance(fault.message, list) else []
    return any(
        one.get("error") == "ValidationError" and "email_address" in str(one.get("message"))
        for one in errors
        if isinstance(one, dict)
    )


def _kind(fault: Any) -> str:
    """Return the name of Notify's error, which is one word of its own; what it says may hold an
    address."""
    errors = fault.message if isinstance(fault.message, list) else []
    named = str(errors[0].get("error")) if errors and isinstance(errors[0], dict) else ""
    return f", {named}" if _WORD.fullmatch(named) else ""
