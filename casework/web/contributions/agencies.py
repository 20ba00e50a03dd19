"""Whose advice a page is about, by the word in its address, and who may see it."""

from dataclasses import dataclass

from flask import abort

from casework.access import Viewer, scope_of
from casework.rules.advisers import Agency
from casework.web.guards import viewer


@dataclass(frozen=True, slots=True)
class Part:
    """One agency as an address and a page name it."""

    slug: str
    agency: str
    #: As it begins a heading: "Health advice".
    title: str
    #: Where the six weeks begin and whom they bind, in words.
    rule: str
    #: Whom the monthly report is for.
    reader: str


_START = "Where the day on which it reached the body is not known, the day it was asked is taken."
_LAW = f"Six weeks from the day the request reaches the body (regulation 8(1)). {_START}"
_GUIDANCE = "Six weeks from the day of asking, by guidance (Code of Practice, paragraph 9.41)."

PARTS = (
    Part("health", Agency.HEALTH, "Health advice", _LAW, "the health body"),
    Part("social-care", Agency.SOCIAL_CARE, "Social care advice", _GUIDANCE, "social care"),
    Part("psychology", Agency.PSYCHOLOGY, "Psychology advice", _GUIDANCE, "the psychology service"),
    Part("education", Agency.EDUCATION, "Education advice", _GUIDANCE, "schools and settings"),
)
_BY_SLUG = {part.slug: part for part in PARTS}


def open_to(who: Viewer) -> list[Part]:
    """Return the parts that a person may see: an officer all, a lead their own agency's."""
    scope = scope_of(who)
    return [part for part in PARTS if scope.everything or part.agency in scope.agencies]


def part_or_404(slug: str) -> Part:
    """Return the part of an address; 404 alike where there is none and where it is another's."""
    part = _BY_SLUG.get(slug)
    if part is None or part not in open_to(viewer()):
        abort(404)
    return part
