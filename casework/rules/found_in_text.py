"""What free text holds that belongs elsewhere: contact details, numbers, other people's names.

`found` knows a contact detail by its look; `protected_in` and `others_in` look for details and
names that are known. Nothing is ever proved absent: a person still reads what is sent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from casework.rules.address_words import (
    COMMON_STREETS,
    HOUSES,
    NAMES_THAT_ARE_WORDS,
    STREETS,
    STREETS_IN_CAPITALS,
)
from casework.rules.contact_patterns import PATTERNS
from casework.rules.folded_text import FoldedText, row_of

#: What can be found, as a page says it.
KINDS: Final = {
    "postcode": "a postcode",
    "phone": "a telephone number",
    "email": "an email address",
    "address": "an address",
    "nhs_number": "an NHS number",
    "upn": "a UPN",
    "date_of_birth": "a date of birth",
    "name": "another person’s name",
}
#: Those that a contact's record has a place for.
CONTACT_DETAILS: Final = ("postcode", "phone", "email", "address")

_COMMON_STREETS: Final = frozenset(map(row_of, COMMON_STREETS))
_STREET_ENDINGS: Final = frozenset(row_of(word)[0] for word in (*STREETS, *STREETS_IN_CAPITALS))
_HOUSES: Final = frozenset(row_of(word)[0] for word in (*HOUSES, "refuge", "hostel"))
_POSTCODE: Final = re.compile(r"(?<![a-z0-9])[a-z]{1,2}\d[a-z\d]?[ .-]{0,2}\d[a-z]{2}(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a text: a key of KINDS, where it stands, and the words as typed."""

    kind: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Particular:
    """A detail that must not get out. `of` says whose: a contact's own letter may hold theirs."""

    kind: str
    value: str
    of: str = ""


def found(text: str) -> tuple[Found, ...]:
    """Return what looks like a contact detail, a child's number or a date of birth, in order.

    Of two that share letters the longer is kept. Numbers count only with a right check digit.
    """
    folded = FoldedText(text)
    hits = [
        _found(folded, pattern.kind, *matched.span("it"))
        for pattern in PATTERNS
        for matched in pattern.expression.finditer(folded.letters)
        if pattern.look(matched["it"], folded, matched)
    ]
    return _apart(hits)


def contact_details(text: str) -> tuple[Found, ...]:
    """Return what a text holds that has a place in a contact's record, in order."""
    return tuple(hit for hit in found(text) if hit.kind in CONTACT_DETAILS)


def particulars(
    *,
    of: str = "",
    address: str | None = None,
    postcode: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> tuple[Particular, ...]:
    """Return what gives someone away, taken from a record as it was typed.

    Of an address: its postcode, each line with a number or a house's name, and its street by
    itself unless most towns have one of that name. A town or a county gives nobody away.
    """
    made = [("phone", phone), ("email", email), ("postcode", postcode)]
    made += _of_address(address or "")
    kept = dict.fromkeys((kind, value) for kind, value in made if value and value.strip())
    return tuple(Particular(kind, value, of) for kind, value in kept)


def protected_in(text: str, protected: Iterable[Particular]) -> tuple[Found, ...]:
    """Return which protected details stand in a text, however spaced, in capitals or not, with
    +44 or 0, in order. A street is one however it is shortened.
    """
    folded, details = FoldedText(text), tuple(protected)
    spans = [
        (one.kind, matched.span())
        for one in details
        if one.kind in _AS_EXPRESSION and (expression := _AS_EXPRESSION[one.kind](one.value))
        for matched in re.finditer(expression, folded.letters)
    ]
    rows = [row_of(one.value) for one in details if one.kind == "address"]
    spans += [("address", span) for span in folded.runs(row for row in rows if row)]
    return _apart([_found(folded, kind, *span) for kind, span in spans])


def others_in(text: str, names: Iterable[str]) -> tuple[Found, ...]:
    """Return where other people's names or references stand in a text, in order.

    A name of several words is found in any case and with any marks; a single word only with a
    capital, and one that is also a word (Will, May, Rose) only inside a sentence.
    """
    folded = FoldedText(text)
    rows = {row for name in names if (row := row_of(name))}
    return _apart(
        [
            _found(folded, "name", start, end)
            for start, end in folded.runs(rows)
            if _is_name(folded, start, end)
        ]
    )


def _found(folded: FoldedText, kind: str, start: int, end: int) -> Found:
    first, last = folded.span(start, end)
    return Found(kind, first, last, folded.typed[first:last])


def _apart(hits: Iterable[Found]) -> tuple[Found, ...]:
    """Of those that share letters the longest, in the order of the text."""
    kept: list[Found] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start)):
        letters = range(hit.start, hit.end)
        if taken.isdisjoint(letters):
            kept.append(hit)
            taken.update(letters)
    return tuple(sorted(kept, key=lambda one: one.start))


def _of_address(address: str) -> Iterator[tuple[str, str]]:
    codes = FoldedText(address)
    for matched in _POSTCODE.finditer(codes.letters):
        yield "postcode", matched[0]
    lines = [_POSTCODE.sub(" ", FoldedText(line).letters) for line in re.split(r"[\n,;]+", address)]
    rows = [row for line in lines if (row := row_of(line))]
    for at, row in enumerate(rows):
        yield from (("address", " ".join(one)) for one in _telling(row, is_first=at == 0))
    # A number on a line of its own belongs to the street on the next.
    for one, after in pairwise(rows):
        if one[-1].isdigit() or (len(one) <= 2 and one[0].isdigit()):
            yield "address", " ".join((*one, *after))


def _telling(row: tuple[str, ...], *, is_first: bool) -> Iterator[tuple[str, ...]]:
    numbers = [at for at, word in enumerate(row) if word.isdigit()]
    names = row[numbers[-1] + 1 :] if numbers else row
    names = names[1:] if len(names) > 2 and len(names[0]) == 1 else names
    if numbers and names:
        yield row[numbers[-1] :]
    is_street = names[-1:] and names[-1] in _STREET_ENDINGS and names not in _COMMON_STREETS
    is_house = names[-1:] and names[-1] in _HOUSES
    if len(names) > 1 and (is_street or is_house or (is_first and not numbers)):
        yield names


def _postcode_expression(postcode: str) -> str:
    """A postcode whatever stands between its letters, but not one made up of parts of words."""
    code = re.sub(r"[^a-z0-9]", "", FoldedText(postcode).letters)
    if len(code) < 5:
        return ""
    gap = r"[^a-z0-9]{0,3}"
    return rf"{code[:-3]}{gap}{code[-3:]}|(?<![a-z0-9]){gap.join(code)}(?![a-z0-9])"


def _phone_expression(phone: str) -> str:
    """A number with or without its country and area, whatever stands between its figures."""
    digits = re.sub(r"\D", "", re.split(r"(?i)ext|x", phone)[0])
    core = re.sub(r"^(?:0044|44(?=\d{9,}$))?0?", "", digits)
    if len(core) < 6:
        return ""
    gap = r"[ ./()\t-]{0,3}"
    trunk = rf"(?:(?:\+|00)44{gap}|\(?0{gap})?(?:\(?0\)?{gap})?"
    return rf"{trunk}{gap.join(core)}(?!\d)|(?<!\d){gap.join(core[-6:])}(?!\d)"


def _email_expression(email: str) -> str:
    """An email address, its signs written out as words or not."""
    words = re.findall(r"[a-z0-9]+", FoldedText(email).letters)
    gap = r"[^a-z0-9]{1,3}(?:(?:at|dot)[^a-z0-9]{1,3})?"
    return rf"(?<![a-z0-9]){gap.join(words)}(?![a-z0-9])" if len(words) > 1 else ""


_AS_EXPRESSION: Final = {
    "postcode": _postcode_expression,
    "phone": _phone_expression,
    "email": _email_expression,
}


def _is_name(folded: FoldedText, start: int, end: int) -> bool:
    first, last = folded.span(start, end)
    words = folded.typed[first:last]
    if len(re.findall(r"[^\W\d_]+|\d+", words.removesuffix("’s").removesuffix("'s"))) > 1:
        return True
    if len(words) < 3 or not words[0].isupper():
        return False
    if folded.letters[start:end].removesuffix("'s") not in NAMES_THAT_ARE_WORDS:
        return True
    before = folded.typed[:first].rstrip(" “\"'‘(")
    around = folded.typed[max(first - 4, 0) : last + 6]
    return bool(before) and before[-1] not in ".!?:\n" and not re.search(r"\bin |\d", around)
