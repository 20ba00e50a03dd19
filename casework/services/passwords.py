"""Passwords: how they are kept, which are refused, and the one-time ones that we draw.

Kept as argon2id (OWASP ASVS 5.0, 11.4.2). Twelve characters or more, any characters at all, no
rule of composition (6.2.5, 6.2.9); what is common, or made of the person's own details or the
council's, is refused by how soon it would be guessed (6.2.4, 6.2.11).
"""

import re
import secrets
from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from casework import current
from casework.services.errors import Refused

LEAST, MOST = 12, 128
#: zxcvbn: 3 is "safely unguessable", at least 10**8 guesses.
STRONG_ENOUGH = 3
#: zxcvbn's work grows with the square of the length; what is long and strong here is strong.
EXAMINED = 64
#: What must be left when the words that anyone here would guess are taken out.
LEAST_OF_ONES_OWN = 8
#: No 0, 1, I, L or O: a one-time password is read out and typed in.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_OURS = ("casework", "council", "password", "passphrase", "ehcp", "send", "education", "welcome")

HINT = (
    "Use 12 characters or more. Three or more words that do not belong together are hard to "
    "guess and easy to remember."
)


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep, with its parameters and salt."""
    return _hasher(current.settings().quick_passwords).hash(_folded(password))


def is_right(kept: str | None, password: str) -> bool:
    """Return whether this is the password; takes as long where there is none to compare with."""
    quick = current.settings().quick_passwords
    try:
        matches = _hasher(quick).verify(kept or _nobodys(quick), _folded(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and kept is not None


def is_outdated(kept: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _hasher(current.settings().quick_passwords).check_needs_rehash(kept)


def one_time_password() -> str:
    """Return a drawn password of 79 bits, in groups of four that can be read out."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def check(password: str, *, field: str, about: Iterable[str]) -> None:
    """Raise Refused under `field`, with what to do, where the password is not good enough.

    `about` is what a stranger would try first: the person's name and address, the council's name.
    """
    folded = _folded(password)
    if len(folded) < LEAST:
        raise Refused({field: f"Your password must have {LEAST} characters or more"})
    if len(folded) > MOST:
        raise Refused({field: f"Your password must have {MOST} characters or fewer"})
    words = _words(about)
    if len(_without(folded, words)) < LEAST_OF_ONES_OWN:
        raise Refused(
            {field: "Choose a password that is not made of your name or the council’s name"}
        )
    if zxcvbn(folded[:EXAMINED], user_inputs=words)["score"] < STRONG_ENOUGH:
        raise Refused(
            {
                field: "This password is easy to guess. Choose another, "
                "such as three or more words that do not belong together"
            }
        )


def _folded(password: str) -> str:
    """Return the password as one form of Unicode, so that any keyboard types the same one."""
    return normalize("NFKC", password)


@cache
def _hasher(quick: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if quick else PasswordHasher()


@cache
def _nobodys(quick: bool) -> str:
    return _hasher(quick).hash(secrets.token_urlsafe(16))


def _words(about: Iterable[str]) -> list[str]:
    found = re.findall(r"[^\W_]{3,}", " ".join(about).casefold())
    return list(dict.fromkeys([*found, *_OURS]))


def _without(password: str, words: Iterable[str]) -> str:
    left = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left
