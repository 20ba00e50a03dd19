"""`/cases`: the list of cases."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.database import reading
from casework.holidays import england_and_wales
from casework.queries import caseload, finding
from casework.queries.caseload import Day
from casework.services import exports
from casework.web.caseload import asked, sheet
from casework.web.caseload.forms import SearchForm
from casework.web.guards import actor, needs, scope, viewer
from casework.web.paging import numbered

blueprint = Blueprint("caseload", __name__)


@blueprint.get("/cases")
@needs(Permission.SEE_CASES)
def index() -> str:
    """Show a list of cases: overdue first, then by the day to act by."""
    with reading():
        officers, settings = caseload.officers(), caseload.settings()
        wanted = asked.read(request.args, viewer(), officers, settings)
        narrowed = asked.filters(wanted, viewer(), officers, settings)
        tallies = caseload.tallies(scope(), narrowed, _day())
        page = caseload.page(scope(), narrowed, _day(), tallies.total, wanted.page)
    return render_template(
        "caseload/caseload.html",
        asked=wanted,
        tallies=tallies,
        page=page,
        views=asked.titles(viewer()),
        pagination=numbered("caseload.index", page.number, page.pages, wanted.query),
        form=SearchForm(),
        may_export=viewer().may(Permission.EXPORT_LIST),
    )


@blueprint.post("/cases/search")
@needs(Permission.SEE_CASES)
def search() -> ResponseReturnValue:
    """Find cases by name or number; a whole reference goes straight to its case.

    Sent in the body and answered at once: a child's name is never in an address.
    """
    form = SearchForm()
    if not form.validate():
        return render_template("caseload/search.html", form=form, page=None), 422
    words = form.words.data or ""
    with reading():
        page = caseload.search(scope(), words, _day(), form.page.data or 1)
    if page.total == 1 and page.lines[0].reference == finding.as_reference(words):
        return redirect(url_for("cases.case", public_id=page.lines[0].public_id), 303)
    return render_template("caseload/search.html", form=form, page=page)


@blueprint.post("/cases/download")
@needs(Permission.EXPORT_LIST)
def download() -> Response:
    """Give the list as it is narrowed, all its pages, as a CSV file; the audit trail says so."""
    officers, settings = caseload.officers(), caseload.settings()
    wanted = asked.read(request.form, viewer(), officers, settings)
    narrowed = asked.filters(wanted, viewer(), officers, settings)
    lines = caseload.every_line(scope(), narrowed, _day())
    exports.case_list(actor=actor(), cases=len(lines), narrowed_to=wanted.query)
    return Response(
        sheet.written(lines),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="cases-{clock.today()}.csv"'},
    )


def _day() -> Day:
    return caseload.day(clock.today(), england_and_wales(), current.settings().soon_within)
