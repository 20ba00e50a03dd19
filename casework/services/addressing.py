"""To whom email may go, and with which words: what is not sure to reach one person is not sent."""

import re
import unicodedata

from casework import clock, current
from casework.config_values import MAIL_ADDRESS
from casework.emails.messages import Email
from casework.models import ServiceContact, User

#: Control characters, lone surrogates, separators of lines and of paragraphs.
_NO_PLACE = ("Cc", "Cs", "Zl", "Zp")
#: Whatever needs a look: of the printed characters of ASCII, which most are, none breaks out.
_UNUSUAL = re.compile(r"[^ -~]")
#: As long as a subject may be.
LONGEST_SUBJECT = 200


def fault_of(to: User | ServiceContact) -> str | None:
    """Return the code of why nothing may be sent to a person or a contact, or None."""
    if isinstance(to, User) and not to.is_active:
        return "closed account"
    if isinstance(to, ServiceContact) and not _is_in_force(to):
        return "no longer used"
    if not MAIL_ADDRESS.fullmatch(to.email or ""):
        return "no address"
    domains = current.settings().mail_domains
    domain = (to.email or "").rpartition("@")[2].lower()
    return "domain not allowed" if domains and domain not in domains else None


def fault_in(email: Email) -> str | None:
    """Return the code of why an email's words may not be sent, or None."""
    is_plain = email.subject == plain(email.subject) and len(email.subject) <= LONGEST_SUBJECT
    words = (email.text, email.html or "")
    is_plain = is_plain and all(one == plain(one, "\n") for one in words)
    return None if is_plain else "characters not allowed"


def plain(text: str, allowed: str = "") -> str:
    """Return the text with a space for each character that could break out of its place."""

    def in_place(found: re.Match[str]) -> str:
        c = found[0]
        return " " if unicodedata.category(c) in _NO_PLACE and c not in allowed else c

    return _UNUSUAL.sub(in_place, text)


def _is_in_force(contact: ServiceContact) -> bool:
    today = clock.today()
    return contact.from_day <= today and (contact.until_day is None or contact.until_day >= today)
