"""How the text of a setting is read: each reader returns a value or raises ValueError in words."""

import os
import re
import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from casework.rules import alerts, chasing

#: The least that WCAG 2.2 (success criterion 1.4.3) asks between text and what is behind it.
READABLE_CONTRAST = 4.5

#: An address that any mail server takes: no quoting, no other alphabet, no space, and neither ! nor
#: %, by which old servers hand a message on to another.
MAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a reader of one of some words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be {' or '.join(choices)}, not “{text}”.")
        return text

    return read


def yes_or_no(text: str) -> bool:
    """Return whether the text is yes."""
    if text not in ("yes", "no"):
        raise ValueError(f"must be yes or no, not “{text}”.")
    return text == "yes"


def number(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of a whole number between two bounds, both allowed."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, not “{text}”.")
        return int(text)

    return read


def reminder_points(text: str) -> str:
    """Return a line of the points at which a service is reminded (casework.rules.chasing)."""
    chasing.read_points(text)
    return text


def reminder_interval(text: str) -> str:
    """Return the days between reminders, as 7d or 1w."""
    chasing.read_every(text)
    return text


def alert_days(text: str) -> str:
    """Return the working days before the day to act by on which people are told of a limit."""
    alerts.read_days(text)
    return text


def alert_days_of(text: str) -> str:
    """Return the same for single rules, as final_20w=30,10,5, or none."""
    alerts.read_days_of(text)
    return text


def alert_weeks(text: str) -> str:
    """Return the weeks past a limit on which people are told of it again, or none."""
    alerts.read_weeks(text)
    return text


def path(text: str) -> Path:
    """Return a folder's absolute path."""
    return Path(text).expanduser().resolve()


def words(text: str) -> str:
    """Return a line of words as it is."""
    if len(text) > 100 or not text.isprintable():
        raise ValueError("must be one line of at most 100 characters.")
    return text


def iso_day(text: str) -> date:
    """Return the day that an ISO date such as 2025-12-31 names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"must be a day written as 2025-12-31, not “{text}”.") from None


def long_secret(text: str) -> str:
    """Return a secret of at least 32 characters; the words of a refusal never repeat it."""
    if len(text) < 32:
        raise ValueError("must be 32 characters or more, drawn at random.")
    return text


def la_code(text: str) -> str:
    """Return the three digits by which the Department for Education knows an authority."""
    if not re.fullmatch(r"[2-9][0-9]{2}", text):
        raise ValueError(f"must be three digits, such as 869, not “{text}”.")
    return text


def hosts(text: str) -> tuple[str, ...]:
    """Return the host names in a comma-separated list."""
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    wrong = [name for name in names if not re.fullmatch(r"\.?[a-z0-9.-]+(:[0-9]+)?", name)]
    if wrong:
        raise ValueError(f"“{wrong[0]}” is no host name; give names only, such as ehc.example.org.")
    return names


def web_address(text: str) -> str:
    """Return the address of a site, as https://ehc.example.org, without a slash at its end."""
    parts = urlsplit(text)
    is_site = parts.scheme in ("http", "https") and parts.hostname and text.isprintable()
    if not is_site or parts.query or parts.fragment or parts.username or " " in text:
        raise ValueError(f"must be written as https://ehc.example.org, not “{text}”.")
    return text.rstrip("/")


def mail_host(text: str) -> str:
    """Return the name or the number of one machine, without its port."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*|\[?[0-9A-Fa-f:]+\]?", text):
        raise ValueError(f"must be one host name, such as smtp.example.org, not “{text}”.")
    return text.strip("[]")


def mail_address(text: str) -> str:
    """Return a bare email address, of the characters that every mail server takes."""
    if not MAIL_ADDRESS.fullmatch(text):
        raise ValueError(f"must be an email address such as ehc@example.org, not “{text}”.")
    return text


def notify_key(text: str) -> str:
    """Return a key of GOV.UK Notify: a name, the service and the secret, each a UUID."""
    uuid = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    if not re.fullmatch(rf"\S*-?{uuid}-{uuid}", text):
        raise ValueError("must be a whole key, as GOV.UK Notify shows it once when it is made.")
    return text


def mail_domains(text: str) -> tuple[str, ...]:
    """Return the domains in a comma-separated list; each stands for itself alone."""
    domains = tuple(domain.strip().lower() for domain in text.split(",") if domain.strip())
    for domain in domains:
        if not MAIL_ADDRESS.fullmatch(f"a@{domain}"):
            raise ValueError(f"“{domain}” is no domain; give domains only, such as example.org.")
    return domains


def database_url(text: str) -> str:
    """Return a database's URL with the driver that this project uses."""
    scheme, found, rest = text.partition("://")
    if not found or scheme not in _DRIVERS:
        raise ValueError("must begin with sqlite:/// or postgresql://.")
    return f"{_DRIVERS[scheme]}://{rest}"


def document_store(text: str) -> str:
    """Return the address of a store of files (casework.documents.store)."""
    if not re.fullmatch(r"file:[^\0]+", text):
        raise ValueError("must be file: and a folder, such as file:documents.")
    return text


def virus_scanner(text: str) -> str:
    """Return the address of a scanner (casework.documents.scanning), or none."""
    place = r"/[^\0]+|[A-Za-z0-9.-]+:[0-9]{1,5}|\[[0-9a-f:]+\]:[0-9]{1,5}"
    if not re.fullmatch(rf"none|clamd:({place})", text):
        raise ValueError("must be none, clamd:host:port or clamd:/path/of/its/socket.")
    return text


def colour_behind_white_text(text: str) -> str:
    """Return a colour as #rrggbb if white text can be read on it (WCAG 2.2, 1.4.3)."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"must be written as #1d4f5c, not “{text}”.")
    contrast = 1.05 / (_luminance(text) + 0.05)
    if contrast < READABLE_CONTRAST:
        raise ValueError(f"{text} is too light for white text: {contrast:.1f} to 1, not 4.5 to 1.")
    return text.lower()


def embedded_database(instance: Path) -> str:
    """Return the URL of the SQLite database in an instance folder."""
    return f"sqlite:///{instance / 'casework.sqlite3'}"


def without_password(url: str) -> str:
    """Return a database's URL with its password masked."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{host}"))


def kept_secret(file: Path) -> str:
    """Return the secret kept in a file that only its owner reads; draw one where there is none."""
    if not file.exists():
        drawn = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
        _keep_first(drawn, file)
    return file.read_text().strip()


def _keep_first(drawn: Path, file: Path) -> None:
    try:
        os.link(drawn, file)  # unlike a rename, this fails where another process was first
    except FileExistsError:
        pass
    finally:
        drawn.unlink()


def _luminance(colour: str) -> float:
    """Return the relative luminance that WCAG 2.2 defines, from 0 (black) to 1 (white)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
