"""Short words that people put in cells, and what each means."""

import re
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from casework.codes import RequestSource, Sex, UpnUnknown


class HealthOutcome(StrEnum):
    """How a health service answered a request for advice. A nil return is an answer."""

    ADVICE = "advice"
    NOT_KNOWN = "not_known"
    NO_ADVICE_NEEDED = "no_advice_needed"


_YES: Final = frozenset(("y", "yes", "yep", "true", "t", "1", "✓", "✔", "☑", "✅", "√", "agreed"))
_NO: Final = frozenset(("n", "no", "nope", "false", "f", "0", "✗", "✘", "☐", "❌", "refused"))
#: Typed where there is nothing to type.
NOTHING: Final = frozenset(
    ("-", "--", "–", "—", ".", "?", "n/a", "na", "n.a.", "none", "nil", "null", "not applicable",
     "tbc", "tba", "unknown", "not known", "not recorded", "awaited", "blank")
)  # fmt: skip

_OUTCOMES: Final = (
    (r"no (further )?(advice|input|involvement) (is )?(needed|required|necessary)|no concerns|"
     r"nothing to add|advice not (needed|required)", HealthOutcome.NO_ADVICE_NEEDED),
    (r"not known|unknown|nil( return)?|no record|not on (our )?caseload|n/?k",
     HealthOutcome.NOT_KNOWN),
    (r"(full )?(advice|report|returned|received|yes|y)", HealthOutcome.ADVICE),
)  # fmt: skip
_UNANSWERED: Final = re.compile(
    r"-|n/?a|awaited|awaiting.*|outstanding|overdue|pending|no (reply|response|answer)|chased?|tbc"
)
_SEXES: Final = {
    "m": Sex.MALE, "male": Sex.MALE, "boy": Sex.MALE, "1": Sex.MALE,
    "f": Sex.FEMALE, "female": Sex.FEMALE, "girl": Sex.FEMALE, "2": Sex.FEMALE,
    "u": Sex.UNKNOWN, "unknown": Sex.UNKNOWN, "not known": Sex.UNKNOWN,
}  # fmt: skip

#: Who asked, the more particular words first: a school nurse is health, a virtual school is
#: the authority's own, a foster carer is a parent (Education Act 1996, section 576).
_SOURCES: Final = (
    (RequestSource.HEALTH_PROFESSIONAL,
     r"school nurs(e|es|ing)\b|gps?\b|general practi\w*|doctor|health|p(a)?ediatric\w*|nhs|camhs|"
     r"hospital|consultant|nurses?\b|nursing|midwi\w*|therap\w*|salt\b|slt\b|ot\b|physio\w*|dco\b|dmo\b|"
     r"psychiatr\w*|medical"),
    (RequestSource.OTHER,
     r"virtual school|youth (justice|offending)|yot\b|yjs\b|police|prison|probation|sendiass|"
     r"charity|neighbour|councillor|mp\b|others?$|someone else"),
    (RequestSource.SOCIAL_CARE_PROFESSIONAL,
     r"social (care|work)\w*|children'?s? (services|social)|csc\b|early help|family support|"
     r"lac team|looked after|iro\b|independent reviewing"),
    (RequestSource.PARENT_OR_YOUNG_PERSON,
     r"(grand|step|foster )?parent\w*|carers?\b|guardian|mothers?|fathers?|mum\w*|dad\w*|family|"
     r"families|young person|young people|yp\b|child\b|self\b|student|pupil|advocate|solicitor"),
    (RequestSource.EDUCATION_SETTING,
     r"schools?\b|setting|colleges?\b|nurser\w*|academy|pre-?school|playgroup|portage|childminder|"
     r"early years|send?co\w*|head ?teacher|head\b|teacher|education\w*|post.?16|sixth form|"
     r"provider|pru\b|institution"),
)  # fmt: skip
_SOURCE_SHAPES: Final = tuple((source, re.compile(rf"\b(?:{shape})")) for source, shape in _SOURCES)


def plain(text: str) -> str:
    """Return words in small letters, apostrophes straight, single spaces, no full stop."""
    folded = normalize("NFKC", text).casefold().replace("\u2019", "'")
    return " ".join(folded.split()).rstrip(".!")


def yes_or_no(text: str) -> bool | None:
    """Return True for Y, yes, true, 1 or a tick, False for their opposites, None for others."""
    word = plain(text)
    return True if word in _YES else False if word in _NO else None


def is_nothing(text: str) -> bool:
    """Return whether the words only fill an empty place: "n/a", "-", "tbc"."""
    return normalize("NFKC", text).casefold().strip() in NOTHING or not plain(text)


def request_source(text: str) -> RequestSource | None:
    """Return who asked, by the DfE's codes, or None where the words say nothing we know.

    Where two are named, the one named first asked: "parent via school" is the parent.
    """
    words = plain(text)
    if words in set(RequestSource):
        return RequestSource(words)
    found = [
        (match.start(), order, source)
        for order, (source, shape) in enumerate(_SOURCE_SHAPES)
        if (match := shape.search(words))
    ]
    return min(found)[2] if found else None


def health_outcome(text: str) -> tuple[HealthOutcome | None, bool]:
    """Return how health answered, and whether the words were understood.

    (None, True) is a service that has not answered yet; a nil return is "not known".
    """
    words = plain(text)
    for shape, outcome in _OUTCOMES:
        if re.fullmatch(rf"(?:{shape})\b.*", words):
            return outcome, True
    return None, bool(_UNANSWERED.fullmatch(words))


def sex(text: str) -> Sex | None:
    """Return the DfE's code for words that say a sex, or None."""
    return _SEXES.get(plain(text))


def upn_unknown(text: str) -> UpnUnknown | None:
    """Return the DfE's reason for there being no UPN, where its code was typed."""
    code = plain(text).upper()
    return UpnUnknown(code) if code in set(UpnUnknown) else None
