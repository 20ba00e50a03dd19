"""`/at-risk/changes/…`: the cases behind a count of what changed since last week."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import at_risk, caseload, since_last_week
from casework.queries.since_last_week import PER_PAGE, Change
from casework.services import viewing
from casework.web.at_risk import asked, blueprint
from casework.web.guards import actor, needs, scope, viewer
from casework.web.paging import numbered


@blueprint.get("/changes/<change>")
@needs(Permission.MANAGE_TEAM)
def changed(change: str) -> ResponseReturnValue:
    """List the cases of one change, the newest first."""
    if change not in set(Change):
        abort(404)
    which, today = Change(change), clock.today()
    with reading():
        wanted = asked.read(request.args, viewer(), at_risk.teams(), caseload.officers())
        total = since_last_week.counts(scope(), wanted.narrowed, today)[which]
        pages = max(1, -(-total // PER_PAGE))
        number = min(asked.page_number(request.args.get("page", "")), pages)
        lines = since_last_week.page(which, scope(), wanted.narrowed, today, number)
        viewing.let_go()
    viewing.cases_viewed(
        actor=actor(),
        case_ids=[line.case_id for line in lines],
        what="viewed list of changes of a week",
    )
    return render_template(
        "at_risk/changed.html",
        asked=wanted,
        change=which,
        lines=lines,
        total=total,
        since=today - since_last_week.WEEK,
        pagination=numbered("at_risk.changed", number, pages, {"change": change} | wanted.query),
    )
