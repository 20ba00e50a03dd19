"""Text folded to small plain letters, so that one thing is found however it is typed.

Every folded letter knows where it stood: what is found is shown as it was typed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from unicodedata import normalize

from anyascii import anyascii

_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")
_APOSTROPHES: Final = dict.fromkeys(
    map(ord, "`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032\uff07"), "'"
)
#: One spelling of what is written in two ways. St is a street and a saint: both are st.
_SHORT: Final = {
    **dict.fromkeys(("av", "avenue"), "ave"),
    **dict.fromkeys(("street", "saint"), "st"),
    **dict.fromkeys(("apartment", "apt"), "flat"),
    "close": "cl",
    "court": "ct",
    "crescent": "cres",
    "drive": "dr",
    "gardens": "gdns",
    "grove": "gr",
    "lane": "ln",
    "mount": "mt",
    "place": "pl",
    "road": "rd",
    "square": "sq",
    "terrace": "terr",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a number of a folded text: where it is, and each way in which it is read."""

    start: int
    end: int
    read: tuple[str, ...]


class FoldedText:
    """A text in small plain letters: `typed` is what it was, `letters` what it is now."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        if typed.isascii():
            self.letters = typed.lower().translate(_APOSTROPHES)
            self._places: Sequence[int] = range(len(typed))
            return
        plain = [_plain(letter) for letter in typed]
        self.letters = "".join(plain)
        self._places = [at for at, letters in enumerate(plain) for _ in letters]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where some of the folded letters stand in the text as it was typed."""
        return self._places[start], self._places[end - 1] + 1

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words and numbers in their order: "12a King’s Road" is 12, a, kings (or king), rd."""
        return tuple(
            Word(found.start(), found.end(), _readings(found[0]))
            for found in _WORD.finditer(self.letters)
        )

    def runs(self, rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
        """Yield the folded spans in which the words of one of these rows follow one another."""
        by_first: dict[str, list[tuple[str, ...]]] = {}
        for row in rows:
            by_first.setdefault(row[0], []).append(row)
        words = self.words
        for at, word in enumerate(words):
            for row in (row for first in word.read for row in by_first.get(first, ())):
                there = words[at : at + len(row)]
                if len(there) == len(row) and all(
                    one in said.read for one, said in zip(row, there, strict=True)
                ):
                    yield word.start, there[-1].end


def row_of(text: str) -> tuple[str, ...]:
    """Return the words of a name or of a line of an address, as `FoldedText.runs` takes them."""
    return tuple(word.read[0] for word in FoldedText(text).words)


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter.lower().translate(_APOSTROPHES)
    return anyascii(normalize("NFD", letter.translate(_APOSTROPHES))).lower()


def _readings(word: str) -> tuple[str, ...]:
    """A word as it is sought and, where it ends in ’s, also without: Freya’s is Freya."""
    joined = word.replace("'", "")
    read = _SHORT.get(joined, joined)
    return (read, word.removesuffix("'s").replace("'", "")) if word.endswith("'s") else (read,)
