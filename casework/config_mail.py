"""Which settings of email cannot stand together.

Email is off until `smtp_host` is given, or `mail_transport` is notify.
"""

from collections.abc import Iterator, Mapping
from typing import Any


def faults(given: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each setting of email that is missing or may not be so."""
    found = list(_incomplete(given))
    if given.get("environment") == "production":
        found += _unsafe(given)
    return found


def _incomplete(given: Mapping[str, Any]) -> Iterator[str]:
    if _by_notify(given):
        for name in ("notify_api_key", "notify_template_id"):
            if not given.get(name):
                yield f"CASEWORK_{name.upper()} is missing: email goes by GOV.UK Notify."
        return
    if given.get("smtp_host") and not given.get("mail_from"):
        yield "CASEWORK_MAIL_FROM is missing: email needs an address that it comes from."
    if bool(given.get("smtp_user")) != bool(given.get("smtp_password")):
        yield "CASEWORK_SMTP_USER and CASEWORK_SMTP_PASSWORD go together: give both or neither."


def _unsafe(given: Mapping[str, Any]) -> Iterator[str]:
    if given.get("smtp_tls") == "none":
        yield "CASEWORK_SMTP_TLS may not be none in production: email would cross in the clear."
    if not given.get("address", "https:").startswith("https:"):
        yield "CASEWORK_ADDRESS must begin with https:// in production."
    if not (given.get("smtp_host") or _by_notify(given)):
        return
    if not given.get("address"):
        yield "CASEWORK_ADDRESS is missing: the links in email begin with it."
    if not given.get("mail_domains"):
        yield (
            "CASEWORK_MAIL_DOMAINS is missing: email goes only to the domains that it names, so "
            "that a mistyped address reaches nobody."
        )


def _by_notify(given: Mapping[str, Any]) -> bool:
    return given.get("mail_transport") == "notify"
