"""The demonstration's sign-ins: made once for an instance, and kept there to be shown again."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "demonstration-sign-ins.json"
#: Syllables of a consonant and a vowel: 60 of them, nine to a passphrase, make 53 bits.
_CONSONANTS, _VOWELS = "bdfgklmnprtv", "aeiou"
_WORDS, _SYLLABLES = 3, 3


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who may sign in, in which role, with which passphrase."""

    role: str
    name: str
    email: str
    passphrase: str
    #: What they do on which panel, in words; empty for who sits on none.
    sits_as: str = ""
    #: The service they work at; empty for who works at none.
    service: str = ""


def passphrase() -> str:
    """Return three new words that can be said and typed, and that mean nothing."""
    return "-".join("".join(_syllable() for _ in range(_SYLLABLES)) for _ in range(_WORDS))


def keep(folder: Path, sign_ins: list[SignIn]) -> None:
    """Write the sign-ins to the instance folder, for its owner's eyes only."""
    path = folder / FILE
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump([asdict(sign_in) for sign_in in sign_ins], file, indent=1)


def kept(folder: Path) -> list[SignIn]:
    """Return the sign-ins that were kept, or none."""
    try:
        text = (folder / FILE).read_text("utf-8")
    except FileNotFoundError:
        return []
    return [SignIn(**row) for row in json.loads(text)]


def _syllable() -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)
