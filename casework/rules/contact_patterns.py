"""How a contact detail looks in free text, in small plain letters (casework.rules.folded_text).

Each pattern has a kind, an expression whose group `it` is the detail, and a second look that an
expression cannot take. The forms of telephone numbers are those of Ofcom's National Telephone
Numbering Plan.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from casework import identifiers
from casework.rules.address_words import (
    BETWEEN,
    COUNTED,
    HOUSES,
    INSTITUTIONS,
    POSTCODE_AREAS,
    STREETS,
    STREETS_IN_CAPITALS,
)
from casework.rules.folded_text import FoldedText

Look = Callable[[str, FoldedText, "re.Match[str]"], bool]

_STREET: Final = "|".join(STREETS)
_HOUSE: Final = "|".join(HOUSES)
_COUNTED: Final = re.compile(rf"(?<![a-z])(?:{'|'.join(COUNTED)})s?\.? $")
_INSTITUTION: Final = re.compile(rf",? (?:{'|'.join(INSTITUTIONS)})\b")
_ORDINALS: Final = re.compile(r"(?:1st|2nd|3rd|[04-9]th|\dhr)$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One look of one kind of detail."""

    kind: str
    expression: re.Pattern[str]
    look: Look


def _always(_it: str, _text: FoldedText, _found: "re.Match[str]") -> bool:
    return True


def _is_postcode(it: str, _text: FoldedText, found: "re.Match[str]") -> bool:
    return found["area"] in POSTCODE_AREAS and not _ORDINALS.search(it)


def _is_number_of(read: Callable[[str], str]) -> Look:
    def look(it: str, _text: FoldedText, _found: "re.Match[str]") -> bool:
        try:
            read(it)
        except identifiers.NotValid:
            return False
        return True

    return look


def _is_phone(it: str, text: FoldedText, found: "re.Match[str]") -> bool:
    """Not the start of a date and a time, nor an NHS number."""
    if re.match(r"\d{1,2}[.-]\d{1,2}[.-](?:19|20)?\d\d\b", it):
        return False
    return not _is_number_of(identifiers.nhs_number)(it, text, found)


def _is_street(_it: str, text: FoldedText, found: "re.Match[str]") -> bool:
    names = re.findall(r"[a-z']+", found["names"])
    if _INSTITUTION.match(text.letters, found.end("it")):
        return False
    if BETWEEN.intersection(names) and names != ["the"]:
        return False
    if _COUNTED.search(text.letters[: found.start("it")]):
        return False
    return found["ending"] in STREETS or _is_in_capitals(text, found)


def _is_named_street(it: str, text: FoldedText, found: "re.Match[str]") -> bool:
    return _is_street(it, text, found) and _is_in_capitals(text, found)


def _is_in_capitals(text: FoldedText, found: "re.Match[str]") -> bool:
    """Whether the street's every word begins with a capital as it was typed."""
    start, end = text.span(found.start("names"), found.end("ending"))
    return all(
        word[:1].isupper() for word in re.findall(r"[^\W\d_][\w'’-]*", text.typed[start:end])
    )


def _pattern(kind: str, expression: str, look: Look = _always) -> Pattern:
    return Pattern(kind, re.compile(expression), look)


_NAMES: Final = r"(?P<names>(?:[a-z][a-z'-]*\.? ){1,3})"
_ENDING: Final = rf"(?P<ending>{_STREET}|{'|'.join(STREETS_IN_CAPITALS)})\b"
_LIVES: Final = (
    r"(?:liv(?:es|ing|e|ed)|stay(?:s|ing|ed)?|mov(?:ed|ing|es)|address(?: now)?|home|house|flat"
    r"|hous(?:ed|ing)|placed|based|resid(?:es|ing)|hostel|refuge|accommodation)"
    r"(?: (?:is|to|at|in|on|now|with|near|off|from|her|his|their|mum|dad|gran|nan|the))*:? "
)
_DAY: Final = (
    r"\d{1,2}(?:st|nd|rd|th)?[ ./-]{1,2}(?:\d{1,2}|[a-z]{3,9})[ ,./-]{1,2}(?:19|20)?\d\d\b"
    r"|(?:19|20)\d\d-\d\d-\d\d\b"
)

PATTERNS: Final = (
    _pattern(
        "email",
        r"(?<![a-z0-9.+'%_-])(?P<it>[a-z0-9][a-z0-9.+'%_-]* ?"
        r"(?:@|[\[(]at[\])]) ?[a-z0-9-]+(?:\.[a-z0-9-]+)+)",
    ),
    _pattern(
        "email",
        r"(?<![a-z0-9.+_-])(?P<it>[a-z0-9][a-z0-9.+_-]* at [a-z0-9-]+(?: dot [a-z0-9-]+)+)",
    ),
    _pattern(
        "nhs_number",
        r"(?<![\d+])(?P<it>\d{3}[ -]?\d{3}[ -]?\d{4})(?!\d)",
        _is_number_of(identifiers.nhs_number),
    ),
    _pattern(
        "upn",
        r"(?<![a-z0-9])(?P<it>[a-z][ -]?\d(?:[ -]?\d){10}[ -]?[a-z0-9])(?![a-z0-9])",
        _is_number_of(identifiers.upn),
    ),
    _pattern(
        "date_of_birth",
        r"\b(?:d\.?o\.?b\.?|date of birth|born|birthday|birth date)\W{0,3}(?:(?:is|on|was) )*"
        rf"(?P<it>{_DAY})",
    ),
    _pattern(
        "phone",
        r"(?<![\w+])(?P<it>(?:(?:\+|00)44[ .()-]*(?:\(?0\)?)?|\(?0)[ .()-]{0,2}[1235789]"
        r"(?:[ .()-]{0,2}\d){8,9})(?!\d)",
        _is_phone,
    ),
    _pattern("phone", r"(?<![\w+])(?P<it>\+\d{1,3}(?:[ .()-]{0,2}\d){7,12})(?!\d)"),
    _pattern("phone", r"(?<![\w+])(?P<it>7\d{3}[ -]?\d{3}[ -]?\d{3})(?!\d)", _is_phone),
    _pattern(
        "phone",
        r"\b(?:tel|telephone|phone|mobile|mob|landline|call|ring|text|number)\w*\W{1,3}"
        r"(?:(?:me|her|him|them|mum|dad|is|on|no|number|at|now)\W{1,2}){0,4}"
        r"(?P<it>\d(?:[ -]?\d){5,11})(?![\d/])",
        _is_phone,
    ),
    _pattern(
        "postcode",
        r"(?<![a-z0-9])(?P<it>(?P<area>[a-z]{1,2})\d[a-z\d]?[ .-]{0,2}\d[abd-hjlnp-uw-z]{2})"
        r"(?![a-z0-9])",
        _is_postcode,
    ),
    _pattern(
        "address",
        rf"(?<![\w/.£-])(?P<it>(?:(?:flat|apartment|apt|unit) ?\w{{1,4}},? )?\d{{1,4}}[a-z]?"
        rf"(?:-\d{{1,4}})?,? {_NAMES}{_ENDING})",
        _is_street,
    ),
    _pattern("address", rf"\b{_LIVES}(?P<it>{_NAMES}{_ENDING})", _is_named_street),
    _pattern(
        "address",
        # Looked for at every word, since the words before the house are not all its name.
        rf"(?<![a-z'-])(?=(?P<it>(?P<names>(?:[a-z][a-z'-]* ){{1,3}}(?:{_HOUSE}), ?"
        rf"(?:[a-z][a-z'-]* ){{1,3}}){_ENDING}))",
        _is_named_street,
    ),
    _pattern(
        "address",
        r"\b(?P<it>(?:flat|apartment|apt) ?\d{1,4}[a-z]?,? (?P<names>(?:[a-z][a-z'-]* ){1,3})"
        rf"(?P<ending>{_HOUSE})\b)",
    ),
    _pattern("address", r"\b(?P<it>p\.?o\.? box \d+)"),
)
