"""The service's navigation: one table."""

from dataclasses import dataclass

from flask import request, url_for

from casework.web.guards import may_open


@dataclass(frozen=True, slots=True)
class Part:
    """A page that the navigation leads to: what it is called there, and its endpoint."""

    words: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one word, which have a navigation of their own below the service's.

    A person who may open only one of them finds it by its own words.
    """

    words: str
    parts: tuple[Part, ...]


#: What the navigation says, in its order.
ITEMS: tuple[Part | Group, ...] = (
    Part("Cases", "caseload.index"),
    Part("At risk", "at_risk.index"),
    Part("Requests for advice", "asked.index"),
    Part("New request", "requests.new"),
    Group(
        "Advice",
        (
            Part("How services answer", "contributions.index"),
            Part("Remind", "chasing.index"),
            Part("Late without a reason", "late_advice.index"),
            Part("Samples", "samples.index"),
            Part("Releases", "releases.index"),
            Part("Services", "advice_services.index"),
        ),
    ),
    Part("Panels", "panels.index"),
    Group("Team", (Part("Who holds what", "team.index"), Part("Exceptions", "approvals.index"))),
    Part("Indicators", "indicators.index"),
    Group(
        "Reference",
        (
            Part("Schools", "schools.index"),
            Part("Letters", "letter_templates.index"),
            Part("Trackers", "imports.index"),
            Part("The law", "law.index"),
            Part("Scheduler", "jobs.index"),
            Part("Undelivered email", "undelivered.index"),
        ),
    ),
    Part("Audit trail", "audit.index"),
    Part("Accounts", "accounts.index"),
)
#: What stands for a part that has no place of its own: the case itself belongs to the list of
#: cases, a meeting to the panels.
_STANDS_FOR = {
    "cases": "caseload",
    "people": "caseload",
    "advice": "caseload",
    "consultations": "caseload",
    "placements": "caseload",
    "exceptions": "caseload",
    "letters": "caseload",
    "plan": "caseload",
    "informing": "caseload",
    "meetings": "panels",
}


def items() -> list[dict[str, object]]:
    """Return what the person who asks may open, as govukServiceNavigation takes it."""
    here, found = _here(), []
    for item in ITEMS:
        parts = _open(item)
        if parts:
            words = item.words if len(parts) > 1 else parts[0].words
            is_here = here in {_blueprint(part) for part in parts}
            found.append({"text": words, "href": url_for(parts[0].endpoint), "active": is_here})
    return found


def items_below() -> tuple[str, list[dict[str, object]]]:
    """Return the words of the group that the page is in, and the pages of it that the person may
    open; no pages where it is in none, or is the only one."""
    here = _here()
    for item in ITEMS:
        parts = _open(item)
        if len(parts) > 1 and here in {_blueprint(part) for part in parts}:
            return item.words, [
                {
                    "text": part.words,
                    "href": url_for(part.endpoint),
                    "active": _blueprint(part) == here,
                }
                for part in parts
            ]
    return "", []


def _open(item: Part | Group) -> list[Part]:
    parts = item.parts if isinstance(item, Group) else (item,)
    return [part for part in parts if may_open(part.endpoint)]


def _blueprint(part: Part) -> str:
    return part.endpoint.partition(".")[0]


def _here() -> str:
    return _STANDS_FOR.get(request.blueprint or "", request.blueprint or "")
