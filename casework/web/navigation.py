"""The service's navigation: one table."""

from flask import request, url_for

from casework.web.guards import may_open

#: What the navigation says, the page it opens, and the blueprint that it stands for.
ITEMS: tuple[tuple[str, str], ...] = (
    ("Cases", "caseload.index"),
    ("Requests for advice", "asked.index"),
    ("New request", "requests.new"),
    ("Remind", "chasing.index"),
    ("Samples", "samples.index"),
    ("Panels", "panels.index"),
    ("Releases", "releases.index"),
    ("Team", "team.index"),
    ("Contributions", "contributions.index"),
    ("Schools", "schools.index"),
    ("Services", "advice_services.index"),
    ("Indicators", "indicators.index"),
    ("Trackers", "imports.index"),
    ("The law", "law.index"),
    ("Audit trail", "audit.index"),
    ("Accounts", "accounts.index"),
)


def items() -> list[dict[str, object]]:
    """Return what the person who asks may open, as govukServiceNavigation takes it."""
    return [
        {"text": words, "href": url_for(endpoint), "active": _is_here(endpoint)}
        for words, endpoint in ITEMS
        if may_open(endpoint)
    ]


def _is_here(endpoint: str) -> bool:
    """The case itself belongs to the list of cases, a meeting to the panels."""
    stands_for = {
        "cases": "caseload",
        "people": "caseload",
        "advice": "caseload",
        "meetings": "panels",
    }
    here = stands_for.get(request.blueprint or "", request.blueprint)
    return here == endpoint.partition(".")[0]
