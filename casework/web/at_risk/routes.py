"""`/at-risk`: what can still be in time beside what is late, and what changed in a week."""

from collections.abc import Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import at_risk, at_risk_lines, caseload, since_last_week
from casework.queries.at_risk import PER_PAGE, Side
from casework.queries.at_risk_lines import RiskLine
from casework.rules.at_risk import Prospect
from casework.services import exports, viewing
from casework.web.at_risk import asked, sheet
from casework.web.at_risk import blueprint as blueprint
from casework.web.at_risk import change_routes as change_routes
from casework.web.at_risk import handing_over_routes as handing_over_routes
from casework.web.at_risk.asked import Asked
from casework.web.at_risk.bars import bars
from casework.web.guards import NotAllowed, actor, needs, scope, viewer
from casework.web.paging import numbered

#: The name in the address of the page of each list.
PAGE = {Side.IN_TIME: "page", Side.LATE: "late-page"}


@blueprint.get("")
@needs(Permission.MANAGE_TEAM)
def index() -> ResponseReturnValue:
    """Show both lists side by side, the open cases by age, and what changed since last week."""
    today = clock.today()
    with reading():
        wanted = _wanted()
        tallies = at_risk.tallies(scope(), wanted.narrowed, today)
        numbers = {side: _number(side, tallies.of(side)) for side in Side}
        me = viewer().user_id
        lists = at_risk_lines.lists(scope(), wanted.narrowed, today, me, numbers)
        is_of_team = wanted.narrowed.team_id is not None
        nobodys = at_risk.held_by_nobody(scope(), today) if is_of_team else 0
        changes = since_last_week.counts(scope(), wanted.narrowed, today)
        viewing.let_go()
    viewing.cases_viewed(
        actor=actor(),
        case_ids=[line.case_id for lines in lists.values() for line in lines],
        what="viewed list of cases at risk",
    )
    return render_template(
        "at_risk/index.html",
        asked=wanted,
        tallies=tallies,
        nobodys=nobodys,
        titles=sheet.TITLES,
        parts=_parts(lists[Side.IN_TIME]),
        late=lists[Side.LATE],
        pages={side: _pages(tallies.of(side)) for side in Side},
        numbers=numbers,
        pagination={side: _pagination(side, wanted, numbers, tallies.of(side)) for side in Side},
        bars=bars(tallies.weeks),
        changes=changes,
        since=today - since_last_week.WEEK,
        form=FlaskForm(),
        may_export=viewer().may(Permission.EXPORT_LIST),
    )


@blueprint.post("/download")
@needs(Permission.MANAGE_TEAM)
def download() -> Response:
    """Give both lists as they are narrowed, all their pages, as a CSV file; the trail says so."""
    if not viewer().may(Permission.EXPORT_LIST):
        raise NotAllowed(Permission.EXPORT_LIST)
    wanted, today = _wanted(), clock.today()
    lists = at_risk_lines.lists(scope(), wanted.narrowed, today, viewer().user_id)
    count = sum(len(lines) for lines in lists.values())
    content = sheet.written(lists)
    exports.case_list(actor=actor(), cases=count, narrowed_to={"list": "at risk"} | wanted.query)
    return Response(
        content,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="at-risk-{today}.csv"'},
    )


def _wanted() -> Asked:
    return asked.read(request.values, viewer(), at_risk.teams(), caseload.officers())


def _number(side: Side, total: int) -> int:
    return min(asked.page_number(request.args.get(PAGE[side], "")), _pages(total))


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))


def _pagination(
    side: Side, wanted: Asked, numbers: dict[Side, int], total: int
) -> dict[str, object]:
    other = next(one for one in Side if one is not side)
    query = dict(wanted.query)
    if numbers[other] > 1:
        query[PAGE[other]] = str(numbers[other])
    pages = _pages(total)
    return numbered("at_risk.index", numbers[side], pages, query, name=PAGE[side])


def _parts(lines: Sequence[RiskLine]) -> list[tuple[Prospect, list[RiskLine]]]:
    """The lines in time under the headings of their prospects."""
    found = [(one, [line for line in lines if line.prospect is one]) for one in Prospect]
    return [(one, held) for one, held in found if held]
