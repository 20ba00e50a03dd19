"""`/contributions/<agency>`: what became of the requests for advice, and the cases behind it."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.database import reading
from casework.queries import contribution_cases, contributions
from casework.queries.contribution_cases import Asked, Behind
from casework.queries.contribution_items import indicator_of
from casework.queries.indicators import by_month
from casework.rules import xmr
from casework.rules.contributions import (
    BY_NAME,
    COLUMNS,
    FIGURES,
    MOST_WEEKS,
    by_provider,
    in_order,
    together,
)
from casework.rules.indicators import Period
from casework.services import exports
from casework.web.contributions import agencies, bars, periods, report_routes, sheets, words
from casework.web.contributions import blueprint as blueprint
from casework.web.contributions.agencies import Part
from casework.web.guards import actor, needs, scope, viewer
from casework.web.paging import numbered

__all__ = ["blueprint", "report_routes"]

NOT_RECORDED = "Not recorded which"
_PLANS = ("plans_any", "plans_every")
#: What narrows a list, by its name in the address.
_NARROWS = ("service", "provider", "cause")


@blueprint.get("")
@needs(Permission.SEE_CONTRIBUTIONS)
def index() -> ResponseReturnValue:
    """Go to the first page that this person may see: a lead's own agency's."""
    parts = agencies.open_to(viewer())
    if not parts:
        abort(404)
    return redirect(url_for("contributions.show", slug=parts[0].slug), 303)


@blueprint.get("/<slug>")
@needs(Permission.SEE_CONTRIBUTIONS)
def show(slug: str) -> ResponseReturnValue:
    """Show the figures of a period, by service and by provider, and what is overdue today."""
    part = agencies.part_or_404(slug)
    form, period = periods.asked()
    found = _figures(part, period) if period else {}
    page = render_template(
        "contributions/show.html",
        part=part,
        parts=agencies.open_to(viewer()),
        form=form,
        period=period,
        offered=periods.offered(clock.today()),
        columns=COLUMNS,
        figures=FIGURES,
        late_after=_late_after(),
        service_words=words.service_words,
        **found,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<slug>/cases")
@needs(Permission.SEE_CONTRIBUTIONS)
def cases(slug: str) -> ResponseReturnValue:
    """Show the requests, or the plans, behind a figure: those that the reader may open."""
    part = agencies.part_or_404(slug)
    form, period = periods.asked()
    if period is None:
        abort(404)
    figure, narrowed = _figure(), _narrowed()
    found = _behind(part, period, max(1, request.args.get("page", 1, int)))
    address = {**_span(period), "figure": figure, **narrowed}
    return render_template(
        "contributions/cases.html",
        part=part,
        form=form,
        period=period,
        figure=figure,
        title=words.figure_words(figure),
        narrowed=_narrowed_words(found, narrowed),
        found=found,
        is_of_plans=figure in _PLANS,
        address=address,
        words=words,
        pagination=numbered(
            "contributions.cases", found.number, found.pages, {"slug": part.slug, **address}
        ),
    )


@blueprint.post("/<slug>/download")
@needs(Permission.SEE_CONTRIBUTIONS)
def download(slug: str) -> Response:
    """Give the table as a CSV file; the audit trail says so."""
    part, period = _asked_for(slug)
    lines = in_order(contributions.by_service(part.agency, period, _late_after()))
    providers = in_order(by_provider(lines, NOT_RECORDED))
    total = together(line.tally for line in lines)
    _tell(part, period, rows=len(lines))
    content = sheets.table(lines, providers, total)
    return sheets.sent(content, f"{part.slug}-advice-{period.first}-{period.last}")


@blueprint.post("/<slug>/cases/download")
@needs(Permission.SEE_CONTRIBUTIONS)
def download_cases(slug: str) -> Response:
    """Give the cases behind a figure, all pages, as a CSV file; the audit trail says so."""
    part, period = _asked_for(slug)
    figure = _figure()
    found = _behind(part, period, None)
    narrowed = {"figure": figure, **_narrowed()}
    _tell(part, period, rows=len(found.lines), **narrowed)
    if figure in _PLANS:
        content = sheets.plans(found.lines)
    else:
        content = sheets.requests(found.lines, period.last)
    return sheets.sent(
        content, f"{part.slug}-{figure}-{period.first}-{period.last}".replace("_", "-")
    )


def _figures(part: Part, period: Period) -> dict[str, Any]:
    """What the page shows of a period. Ten statements, however many cases there are."""
    late_after, today = _late_after(), clock.today()
    with reading():
        lines = contributions.by_service(part.agency, period, late_after)
        causes = contributions.causes(part.agency, period, late_after)
        plans = contributions.plans_issued(part.agency, period)
        trend = _trend(part, period)
        overdue = contribution_cases.overdue(part.agency, today, scope(), late_after=late_after)
    sort = request.args.get("sort", MOST_WEEKS)
    sort = sort if sort in (*COLUMNS, BY_NAME) else MOST_WEEKS
    costly = [line for line in in_order(lines) if line.tally.days_lost][:3]
    return {
        "lines": in_order(lines, sort),
        "providers": in_order(by_provider(lines, NOT_RECORDED), sort),
        "total": together(line.tally for line in lines),
        "costly": costly,
        "sort": sort,
        "causes": causes,
        "cause_bars": bars.of_causes(causes),
        "plans": plans,
        "trend": trend,
        "overdue": overdue,
        "span": _span(period),
    }


def _trend(part: Part, period: Period) -> xmr.Chart:
    """The percentage on time of the 24 months up to the period's last; an empty month is a gap."""
    months = periods.months_before(period.last, 24)
    found = by_month(indicator_of(part.agency), months)
    return xmr.chart(bars.readings(found, months), better="higher")


def _behind(part: Part, period: Period, page: int | None) -> Behind:
    figure = _figure()
    if figure in _PLANS:
        return contribution_cases.plans_behind(part.agency, period, figure, scope(), page=page)
    wanted = Asked(figure=figure, **_narrowed())
    late_after = _late_after()
    return contribution_cases.behind(
        part.agency, period, wanted, scope(), late_after=late_after, page=page
    )


def _figure() -> str:
    figure = request.args.get("figure", "fell_due")
    if figure not in (*FIGURES, *_PLANS):
        abort(404)
    return figure


def _narrowed() -> dict[str, str]:
    return {name: request.args[name] for name in _NARROWS if request.args.get(name)}


def _narrowed_words(found: Behind, narrowed: dict[str, str]) -> list[str]:
    said = [words.narrowed_words(narrowed.get("cause"))]
    if found.lines and "service" in narrowed:
        said.append(words.service_words(found.lines[0].service))
    if found.lines and "provider" in narrowed:
        said.append(found.lines[0].provider or "Provider not recorded")
    return [one for one in said if one]


def _asked_for(slug: str) -> tuple[Part, Period]:
    part = agencies.part_or_404(slug)
    _, period = periods.asked()
    if period is None:
        abort(404)
    return part, period


def _tell(part: Part, period: Period, *, rows: int, **narrowed: str) -> None:
    asked = {"from": str(period.first), "to": str(period.last), **narrowed}
    exports.contributions(actor=actor(), agency=part.agency, rows=rows, narrowed_to=asked)


def _span(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _late_after() -> int:
    return current.settings().asked_late_after
