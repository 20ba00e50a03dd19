"""The service's navigation: one table."""

from flask import request, url_for

from casework.web.guards import may_open

#: What the navigation says, the page it opens, and the blueprint that it stands for.
ITEMS: tuple[tuple[str, str], ...] = (
    ("Cases", "caseload.index"),
    ("Requests for advice", "asked.index"),
    ("New request", "requests.new"),
    ("Advice", "contributions.index"),
    ("Services", "advice_services.index"),
    ("Panels", "panels.index"),
    ("Exceptions", "approvals.index"),
    ("Team", "team.index"),
    ("Schools", "schools.index"),
    ("Letters", "letter_templates.index"),
    ("Indicators", "indicators.index"),
    ("Trackers", "imports.index"),
    ("The law", "law.index"),
    ("Audit trail", "audit.index"),
    ("Accounts", "accounts.index"),
)


#: The pages of advice across cases, which have a navigation of their own below the service's.
ADVICE: tuple[tuple[str, str], ...] = (
    ("How services answer", "contributions.index"),
    ("Remind", "chasing.index"),
    ("Late without a reason", "late_advice.index"),
    ("Samples", "samples.index"),
    ("Releases", "releases.index"),
    ("Services", "advice_services.index"),
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
    """Return what the person who asks may open, as govukServiceNavigation takes it.

    A page of advice is below "Advice", for whoever may open that.
    """
    below = _of_advice()[1:] if may_open(ADVICE[0][1]) else ()
    here = _here()
    if here in {_part(endpoint) for endpoint in below}:
        here = _part(ADVICE[0][1])
    return [
        {"text": words, "href": url_for(endpoint), "active": _part(endpoint) == here}
        for words, endpoint in ITEMS
        if may_open(endpoint) and endpoint not in below
    ]


def advice_items() -> list[dict[str, object]]:
    """Return the pages of advice that the person may open, where they are on one of several."""
    found = [(words, endpoint) for words, endpoint in ADVICE if may_open(endpoint)]
    here = _here()
    if len(found) < 2 or here not in {_part(endpoint) for _, endpoint in found}:
        return []
    return [
        {"text": words, "href": url_for(endpoint), "active": _part(endpoint) == here}
        for words, endpoint in found
    ]


def _of_advice() -> list[str]:
    return [endpoint for _, endpoint in ADVICE]


def _part(endpoint: str) -> str:
    return endpoint.partition(".")[0]


def _here() -> str:
    return _STANDS_FOR.get(request.blueprint or "", request.blueprint or "")
