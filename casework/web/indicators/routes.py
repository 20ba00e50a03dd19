"""`/indicators`: the figures for a period, each with its definition and the cases behind it."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission, Viewer, scope_of
from casework.queries import indicators as queries
from casework.queries import panel_indicators
from casework.rules.advisers import SERVICES
from casework.rules.indicators import ADVICE_OF, INDICATORS, Indicator, Period, Unit
from casework.rules.suppression import suppressed
from casework.web.case_page import case_page
from casework.web.guards import needs, scope, seat, viewer
from casework.web.indicators.forms import PeriodForm, QuarterForm
from casework.web.indicators.tables import breakdowns, charted, links, month_chart, month_counts
from casework.web.paging import numbered

blueprint = Blueprint("indicators", __name__, url_prefix="/indicators")


@blueprint.get("")
@needs(Permission.SEE_INDICATORS)
def index() -> ResponseReturnValue:
    """Show every figure of a period; small numbers only to those who may see every case."""
    form, period = _period(viewer())
    figures: dict[str, Any] = {}
    collected = queries.collected()
    if period is not None:
        figures = {**queries.figures(period, **_options())}
        if not _sees_all(viewer()):
            figures = suppressed(figures)
    page = render_template(
        "indicators/index.html",
        form=form,
        period=period,
        figures=figures,
        indicators=[row for row in INDICATORS.values() if row.id in collected],
        later=[row for row in INDICATORS.values() if row.id not in collected],
        sees_all=_sees_all(viewer()),
        query=request.args.to_dict(),
        links=links(clock.today()),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<indicator_id>")
@needs(Permission.SEE_INDICATORS)
def show(indicator_id: str) -> ResponseReturnValue:
    """Show one figure: what it counts, how it went month by month, and the cases behind it."""
    indicator = INDICATORS.get(indicator_id)
    if indicator is None or indicator_id not in queries.collected():
        abort(404)
    form, period = _period(viewer(), indicator)
    found = _whole(indicator, period) if period else {}
    page = render_template(
        "indicators/show.html",
        form=form,
        indicator=indicator,
        period=period,
        sees_all=_sees_all(viewer(), indicator),
        query=request.args.to_dict(),
        case_page=case_page,
        service_words=SERVICES,
        of_what=_of_what(indicator),
        **found,
    )
    return page, 422 if form.errors else 200


def _of_what(indicator: Indicator) -> tuple[str, str]:
    """Return what one line of those behind a figure is, one and many."""
    if indicator.id in ADVICE_OF:
        return "request for advice", "requests for advice"
    named = {
        "panel_circulated": ("decision", "decisions"),
        "advice_quality": ("piece of advice", "pieces of advice"),
        "kept_informed": ("change of stage", "changes of stage"),
    }
    return named.get(indicator.id, ("case", "cases"))


def _whole(indicator: Indicator, period: Period) -> dict[str, Any]:
    """Return what the page of one indicator shows for a period."""
    if not _sees_all(viewer(), indicator):
        return {"figure": suppressed(queries.figures(period, **_options()))[indicator.id]}
    figure = queries.figure(indicator, period, **_options())
    found: dict[str, Any] = {"figure": figure, "breakdowns": breakdowns(figure)}
    found |= _months(indicator, period)
    return found | (_meetings if indicator.of_meetings else _cases)(indicator, period)


def _months(indicator: Indicator, period: Period) -> dict[str, Any]:
    """A rate as a chart that tells a change from ordinary variation, a count as bars."""
    if indicator.unit is Unit.RATE:
        shown = charted(period, clock.today())
        months = queries.by_month(indicator, shown, **_options())
        return {"chart": month_chart(months, shown, indicator)}
    if indicator.unit is Unit.COUNT:
        return {"months": month_counts(queries.by_month(indicator, period, **_options()))}
    return {}


def _meetings(indicator: Indicator, period: Period) -> dict[str, Any]:
    asked = max(1, request.args.get("page", 1, int))
    found = panel_indicators.meetings_behind(period, seat(), page=asked)
    return {
        "meetings": found.lines,
        "total": found.total,
        "pagination": _pagination(indicator, found.number, found.pages),
    }


def _cases(indicator: Indicator, period: Period) -> dict[str, Any]:
    asked = max(1, request.args.get("page", 1, int))
    found = queries.behind(indicator, period, scope(), page=asked, **_options())
    pagination = _pagination(indicator, found.number, found.pages)
    return {"lines": found.lines, "total": found.total, "pagination": pagination}


def _pagination(indicator: Indicator, number: int, pages: int) -> Any:
    query = {k: v for k, v in request.args.items() if k in ("from", "to")}
    query["indicator_id"] = indicator.id
    return numbered("indicators.show", number, pages, query)


def _period(
    who: Viewer, indicator: Indicator | None = None
) -> tuple[PeriodForm | QuarterForm, Period | None]:
    today = clock.today()
    form = (PeriodForm if _sees_all(who, indicator) else QuarterForm)(request.args, today)
    return form, form.period() if form.validate() else None


def _sees_all(who: Viewer, indicator: Indicator | None = None) -> bool:
    """Whether small numbers are shown: they can name a child to whoever knows the school.

    Whoever sees only the cases where their agency was asked sees the small numbers of its own
    advice, and is kept from learning of other cases by counting them.
    """
    scope = scope_of(who)
    agency = ADVICE_OF.get(indicator.id) if indicator else None
    return scope.everything or agency in scope.agencies


def _options() -> dict[str, bool]:
    return {"leave_out_overturned": current.settings().leave_out_overturned}
