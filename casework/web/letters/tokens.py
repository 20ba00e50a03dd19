"""What a letter’s form says of itself, signed: whose case it is, and what was on its check screen.

A form of one child’s case that is posted to another’s is told by it, however the two tabs came to
be mixed (two children of one name, one birthday and one school among them).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from casework import current
from casework.letters.documents import Made

_SALT: Final = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a form was made for; the fields of a check screen are empty on the first page."""

    case: str
    kind: str
    version: int
    #: The identifier that the letter will have.
    letter: str = ""
    template: int = 0
    #: The digest of the words of every copy, as they were shown.
    words: str = ""


def sealed(token: Token) -> str:
    """Return the token as a form carries it."""
    return _signer().dumps(asdict(token))


def opened(text: str) -> Token | None:
    """Return the token that a form carried, or None where it is not one of ours."""
    try:
        return Token(**_signer().loads(text))
    except (BadSignature, TypeError):
        return None


def digest(made: Sequence[tuple[str, Made]]) -> str:
    """Return the digest of what copies say and to whom, whatever their files’ own dates."""
    said = [[key, [list(pair) for pair in one.words]] for key, one in made]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current.settings().secret_key, salt=_SALT)
