"""`/contributions/<agency>/reports`: a month's report, drafted, issued and kept."""

from datetime import date, timedelta
from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.queries import contribution_reports as queries
from casework.queries.contribution_items import indicator_of
from casework.queries.contribution_reports import Issued
from casework.rules import contribution_report
from casework.rules.civil_dates import month_name
from casework.rules.contributions import COLUMNS
from casework.rules.figures import JsonObject
from casework.rules.indicators import Period
from casework.services import contribution_reports as services
from casework.services import exports
from casework.services.errors import Refused
from casework.web.contributions import agencies, blueprint, report_sheet, sheets
from casework.web.contributions.agencies import Part
from casework.web.contributions.periods import month_of
from casework.web.contributions.report_forms import IssueForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

#: How many months back a report may be drafted.
_BACK = 12
CRITERIA = {
    "needs_found": "Needs that affect education found",
    "outcomes_smart": "Outcomes specific, measurable and timed",
    "provision_specific": "Provision specific and quantified",
    "child_voice": "The child’s voice heard",
}


@blueprint.get("/<slug>/reports")
@needs(Permission.SEE_CONTRIBUTIONS)
def reports(slug: str) -> str:
    """Show the months of the last year, and every report that was issued."""
    part = agencies.part_or_404(slug)
    found: dict[date, list[Issued]] = {month.first: [] for month in _months()}
    for one in queries.issued(part.agency):
        found.setdefault(one.month, []).append(one)
    months = sorted(found.items(), reverse=True)
    return render_template(
        "contributions/reports.html",
        part=part,
        months=months,
        name=in_words,
        may_issue=viewer().may(Permission.ISSUE_REPORTS),
    )


@blueprint.get("/<slug>/reports/<month>")
@needs(Permission.SEE_CONTRIBUTIONS)
def draft(slug: str, month: str) -> str:
    """Show a month's figures as they stand today, as they would leave the team."""
    part, period = agencies.part_or_404(slug), _month(month)
    exact = queries.figures(part.agency, period, current.settings().asked_late_after)
    return _page(part, period, contribution_report.to_leave(exact), is_draft=True)


@blueprint.route("/<slug>/reports/<month>/issue", methods=["GET", "POST"])
@needs(Permission.ISSUE_REPORTS)
def issue(slug: str, month: str) -> ResponseReturnValue:
    """Add the commentary and issue the report: from then on it stays as it was."""
    part, period = agencies.part_or_404(slug), _month(month)
    before = queries.issued(part.agency, period.first)
    form = load(IssueForm, next_version=len(before) + 1)
    late_after = current.settings().asked_late_after
    if form.validate_on_submit():
        why = form.restated_why.data if "restated_why" in form else None
        try:
            made = services.issue(
                actor=actor(),
                today=clock.today(),
                agency=part.agency,
                month=period,
                version=form.version.data or 0,
                late_after=late_after,
                commentary=form.commentary.data or "",
                restated_why=why,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash(f"The report for {in_words(period.first)} is issued.", "success")
            where = url_for("contributions.issued", slug=slug, month=month, version=made.version)
            return redirect(where, 303)
    exact = queries.figures(part.agency, period, late_after)
    page = _page(
        part, period, contribution_report.to_leave(exact), is_draft=True, form=form, before=before
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<slug>/reports/<month>/<int:version>")
@needs(Permission.SEE_CONTRIBUTIONS)
def issued(slug: str, month: str, version: int) -> str:
    """Show a report as it was issued, and on screen what has been put right since."""
    part, period = agencies.part_or_404(slug), _month(month, must_be_over=False)
    versions, held = _versions(part, period, version)
    exact = queries.figures(part.agency, period, held.exact["late_after"])
    since = contribution_report.differences(held.exact, exact)
    return _page(part, period, held.shown, held=held, since=since, versions=versions)


@blueprint.post("/<slug>/reports/<month>/<int:version>/download")
@needs(Permission.SEE_CONTRIBUTIONS)
def download_report(slug: str, month: str, version: int) -> Response:
    """Give an issued report as a CSV file; the audit trail says so."""
    part, period = agencies.part_or_404(slug), _month(month, must_be_over=False)
    _, held = _versions(part, period, version)
    asked = {"report": f"{period.first:%Y-%m} version {version}"}
    rows = len(held.shown["services"])
    exports.contributions(actor=actor(), agency=part.agency, rows=rows, narrowed_to=asked)
    content = report_sheet.written(held, _target(part))
    return sheets.sent(content, f"{part.slug}-advice-{period.first:%Y-%m}-version-{version}")


def _page(part: Part, period: Period, shown: JsonObject, **found: Any) -> str:
    return render_template(
        "contributions/report.html",
        part=part,
        period=period,
        month=f"{period.first:%Y-%m}",
        name=in_words(period.first),
        figures=shown,
        columns={
            name: COLUMNS[name].heading for name in contribution_report.COLUMNS if name in COLUMNS
        },
        criteria=CRITERIA,
        target=_target(part),
        may_issue=viewer().may(Permission.ISSUE_REPORTS),
        **{"held": None, "form": None, "since": (), "before": (), "versions": (), **found},
    )


def _versions(part: Part, period: Period, version: int) -> tuple[list[Issued], Issued]:
    versions = list(queries.issued(part.agency, period.first))
    held = next((one for one in versions if one.version == version), None)
    if held is None:
        abort(404)
    return versions, held


def _month(words: str, *, must_be_over: bool = True) -> Period:
    """Return the month of an address such as "2026-10"; 404 for one that is not over."""
    year, _, of_year = words.partition("-")
    if not (len(words) == 7 and words.isascii() and year.isdigit() and of_year.isdigit()):
        abort(404)
    if not (2014 <= int(year) <= 2100 and 1 <= int(of_year) <= 12):
        abort(404)
    period = month_of(date(int(year), int(of_year), 1))
    if must_be_over and period.last >= clock.today():
        abort(404)
    return period


def _months() -> list[Period]:
    found, day = [], clock.today()
    for _ in range(_BACK):
        found.append(month_of(day.replace(day=1) - timedelta(days=1)))
        day = found[-1].first
    return found


def _target(part: Part) -> int | None:
    return indicator_of(part.agency).target


def in_words(month: date) -> str:
    """Return a month as people say it: "October 2026"."""
    return f"{month_name(month.month)} {month.year}"
