"""Which lawful ground an officer's own words for an exception name, where they can be read."""

import re
from collections.abc import Iterator

_CODE = re.compile(r"\b(x[1-6c])\b")
_PARAGRAPH = re.compile(r"\b(?:reg(?:ulation)?\.?\s*)?(?:5\(4\)|10\(4\))\s*\(?([a-d])\)?(?![a-z])")
_BY_LETTER = {"a": "X1", "b": "X2", "c": "X3", "d": "X4"}

_CLOSED = re.compile(
    r"\b(clos(?:ed|ure|ures|ing)|shut|summer (?:holidays?|break|vac\w*|clos\w*)|school holidays?"
    r"|holiday period)\b"
)
_EARLY_YEARS = re.compile(
    r"\b(nurser(?:y|ies)|early[- ]years|pre-?school|play ?group|childminders?|eyfs?)\b"
)
_SCHOOL = re.compile(
    r"\b(schools?|colleges?|academ(?:y|ies)|sixth[- ]form|setting|provider|institution|summer"
    r"|easter|christmas)\b"
)
_PERSONAL = re.compile(
    r"\b(personal (?:circ\w*|reasons?)|exceptional (?:personal|family) \w+|bereave\w*"
    r"|family (?:breakdown|crisis|emergency|illness|death|trauma)|domestic (?:abuse|violence)"
    r"|death (?:of|in)|hospitali[sz]\w*|terminal\w*|homeless\w*|safeguarding crisis)\b"
)
_FAMILY = (
    r"(?:child|parent|mother|father|mum|dad|mam|carer|guardian|sibling|brother|sister|family|"
    r"pupil|young person|yp)"
)
_UNWELL = r"(?:in hospital|seriously ill|very ill|unwell|illness|ill|died|passed away|surgery)"
_FAMILY_UNWELL = re.compile(rf"\b{_FAMILY}(?:'s|s)?\b[^.;]{{0,30}}\b{_UNWELL}\b")
_AWAY = re.compile(
    r"\b(abroad|overseas|absent|away|out of (?:the )?(?:area|borough|county|country|uk)"
    r"|not in (?:the )?(?:area|country|uk)|left (?:the )?(?:area|country)"
    r"|extended (?:trip|leave))\b"
)
_NOT_AWAY = re.compile(
    rf"\b(?:ep|psychologist|officer|therapist|salt|staff|senco|teacher|paediatrician|consultant)\b"
    rf"[^.;]{{0,30}}\b(?:absent|away|abroad)\b|\babsent from (?:school|college|lessons?)\b"
    rf"|\b{_FAMILY}\b[^.;]{{0,30}}\bpassed away\b"
)
_MISSED = re.compile(
    r"\b(missed|failed to (?:attend|keep)|did(?: not|n'?t) (?:attend|keep)|not attended"
    r"|dna'?d?|was not brought|wnb)\b"
)
_APPOINTMENT = re.compile(r"\b(appointments?|appts?|examinations?|tests?|clinic|dna'?d?|wnb)\b")
_CORONAVIRUS = re.compile(r"\b(covid(?:[- ]?19)?|corona ?virus|pandemic|lockdown)\b")
_LENGTH = re.compile(r"\b(\d{1,3}|one|two|three|four|five|six|seven|eight)\s*(days?|weeks?|wks?)\b")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight"), start=1
    )
}


def read_ground(words: str) -> str | None:
    """Return the id of the one ground that these words name, or None.

    None for words that name no lawful ground ("no psychologist available") and for words that
    name two, which a person must part. An absence stated as under 4 weeks is the 2-week ground
    of tribunal orders, and under 2 weeks none.
    """
    text = " ".join(words.casefold().replace("’", "'").split())
    if code := _CODE.search(text):
        return code[1].upper()
    if paragraph := _PARAGRAPH.search(text):
        return _BY_LETTER[paragraph[1]]
    named = set(_grounds_named(text))
    return named.pop() if len(named) == 1 else None


def _grounds_named(text: str) -> Iterator[str | None]:
    if _CORONAVIRUS.search(text):
        yield "XC"
    if _CLOSED.search(text):
        if _EARLY_YEARS.search(text):
            yield "X2"
        elif _SCHOOL.search(text):
            yield "X1"
    if _PERSONAL.search(text) or _FAMILY_UNWELL.search(text):
        yield "X3"
    if _AWAY.search(text) and not _NOT_AWAY.search(text):
        yield _absence(text)
    if _MISSED.search(text) and _APPOINTMENT.search(text):
        yield "X5"


def _absence(text: str) -> str | None:
    length = _LENGTH.search(text)
    if length is None:
        return "X4"
    number = _NUMBERS.get(length[1]) or int(length[1])
    days = number if length[2].startswith("day") else number * 7
    if days >= 28:
        return "X4"
    return "X6" if days >= 14 else None
