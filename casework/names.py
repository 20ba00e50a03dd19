"""People's names: kept exactly as given, found however they are typed.

A name is never normalised for display. It is cleaned of what nobody can see at its ends
(`tidy`), and found through folded keys (`search_keys`, `search_key`) in which José is jose,
O'Brien, O’Brien and OʼBrien are obrien, Zając is zajac and Иванова is ivanova.
"""

import re
from itertools import pairwise
from typing import Final
from unicodedata import normalize

from anyascii import anyascii

from casework.identifiers import NotValid

#: Seen at an end of copied text, never part of a name there.
_EDGES: Final = " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, [0xAD, 0x34F, 0x61C, 0x180E, *range(0x2000, 0x2010), *range(0x2060, 0x2065), 0xFEFF])
)
#: Controls, halves of characters, breaks, and code points that are no character.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
#: Embeddings, overrides and isolates make text read in another order than it is held.
_REORDERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LOST: Final = "\ufffd"
_NEWLINES: Final = re.compile("\r\n?|[\x85\u2028\u2029]")

_APOSTROPHES: Final = re.compile("['`\u00b4\u02b9-\u02bf\u02c8\u055a\u2018-\u201b\u2032\uff07]")
_BETWEEN_WORDS: Final = re.compile(r"[^a-z0-9]+")
#: German and Nordic letters, as their owners write them where a keyboard has no marks.
_SPELT_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
    | {"Ä": "ae", "Ö": "oe", "Ü": "ue", "Ø": "oe", "Å": "aa"}
)


def tidy(text: str, *, lines: bool = False) -> str:
    """Return `text` without the spaces and invisible characters at its ends, else as typed.

    With `lines` (notes and other long text) line breaks and tabs may stay, each break as "\\n".
    Raises NotValid for control characters, marks that reverse the reading order, and letters
    that were lost on the way here.
    """
    if lines:
        text = _NEWLINES.sub("\n", text)
    text = text.strip(_EDGES)
    if _LOST in text:
        raise NotValid(
            f"Type the text again: a letter in it was lost in copying and shows as {_LOST}"
        )
    if text.isprintable():
        return text
    if _REORDERING.search(text):
        raise NotValid("Type the text again: it holds a hidden mark that changes the reading order")
    if _UNPRINTABLE.search(re.sub("[\n\t]", "", text) if lines else text):
        raise NotValid("Type the text again: it holds a hidden character that cannot be shown")
    return text


def without_hidden(text: str) -> str:
    """Return `text` with what `tidy` refuses taken out, each a space, for text that nobody can be
    asked to type again. A letter that was lost stays as the mark of its loss."""
    return _UNPRINTABLE.sub(" ", _REORDERING.sub("", text)).strip(_EDGES)


def search_key(text: str) -> str:
    """Return `text` folded to words of a to z and 0 to 9, one space between: "ana o'brien-lee"
    gives "ana obrien lee". Each word of a query's key begins some key of a name that it finds.
    """
    return " ".join(_words(_APOSTROPHES.sub("", normalize("NFC", text))))


def search_keys(name: str) -> tuple[str, ...]:
    """Return every folded key that a name is found by, in order and without repeats.

    O'Brien is found as obrien and as o brien; Smith-Jones as smith, jones and smithjones; Müller
    as muller and mueller; van der Berg by each word and as vanderberg.
    """
    composed = normalize("NFC", name)
    words = _words(_APOSTROPHES.sub("", composed))
    keys = [*words, *map("".join, pairwise(words)), "".join(words)]
    keys += _words(_APOSTROPHES.sub(" ", composed))
    keys += _words(_APOSTROPHES.sub("", composed).translate(_SPELT_OUT))
    return tuple(dict.fromkeys(key for key in keys if key))


def _words(text: str) -> list[str]:
    folded = anyascii(text).lower().replace("'", "").replace("`", "")
    return [word for word in _BETWEEN_WORDS.split(folded) if word]
