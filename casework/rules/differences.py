"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum, auto

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Texts of more pieces than this are shown whole, since finding what differs grows as its square.
_MOST = 3_000


class Change(StrEnum):
    """What became of some words."""

    SAME = auto()
    GONE = auto()
    NEW = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow each other and share one fate."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of two versions of the same thing."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Return whether the two say different things here."""
        return any(piece.change is not Change.SAME for piece in self.pieces)


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts as pieces in order: those without NEW are `before`, without GONE `after`.

    An empty tuple for two empty texts.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if before != after and max(len(old), len(new)) > _MOST:
        return tuple(_pieces((before, Change.GONE), (after, Change.NEW)))
    found: list[Piece] = []
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += _pieces(("".join(old[i:j]), Change.SAME))
        else:
            found += _pieces(("".join(old[i:j]), Change.GONE), ("".join(new[m:n]), Change.NEW))
    return tuple(found)


def _pieces(*given: tuple[str, Change]) -> list[Piece]:
    return [Piece(change, text) for text, change in given if text]
