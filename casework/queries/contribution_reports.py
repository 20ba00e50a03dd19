"""The monthly reports on an agency's advice: a month's figures, and what was issued of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from casework import database
from casework.codes import Found
from casework.extensions import db
from casework.models import (
    AdviceSample,
    AdviceScore,
    AdviceService,
    ContributionReport,
    User,
)
from casework.queries import contributions
from casework.rules import contribution_report as report
from casework.rules.advisers import services_of
from casework.rules.civil_dates import month_name
from casework.rules.contributions import BY_NAME, Line, in_order, together
from casework.rules.figures import JsonObject
from casework.rules.indicators import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One version of a report as it was issued."""

    month: date
    version: int
    restated_why: str | None
    #: As it left the team, small numbers hidden; and exact.
    shown: JsonObject
    exact: JsonObject
    commentary: str
    issued_at: datetime
    issued_by: str | None


@database.reading()
def figures(agency: str, month: Period, late_after: int) -> JsonObject:
    """Return a whole month's exact figures as casework.rules.contribution_report holds them."""
    lines = in_order(contributions.by_service(agency, month, late_after), BY_NAME)
    plans = contributions.plans_issued(agency, month)
    return {
        "from": month.first.isoformat(),
        "to": month.last.isoformat(),
        "late_after": late_after,
        "services": [report.line(one, one.tally) for one in lines],
        "total": report.line(None, together(one.tally for one in lines)),
        "causes": report.causes(contributions.causes(agency, month, late_after)),
        "plans": {
            "issued": plans.with_any.denominator,
            "any": plans.with_any.numerator,
            "asked": plans.with_every.denominator,
            "every": plans.with_every.numerator,
        },
        "trend": _trend(agency, month, lines, late_after),
        "quality": _quality(agency, month.first),
    }


@database.reading()
def issued(agency: str, month: date | None = None) -> Sequence[Issued]:
    """Return the reports issued on an agency's advice, or of one month, the newest first."""
    statement = (
        select(ContributionReport, User.name)
        .outerjoin(User, User.id == ContributionReport.issued_by_id)
        .where(ContributionReport.agency == agency)
        .order_by(ContributionReport.month.desc(), ContributionReport.version.desc())
    )
    if month is not None:
        statement = statement.where(ContributionReport.month == month)
    return [_issued(row, name) for row, name in db.session.execute(statement)]


def _issued(row: ContributionReport, name: str | None) -> Issued:
    held = json.loads(row.figures)
    return Issued(
        month=row.month,
        version=row.version,
        restated_why=row.restated_why,
        shown=held["shown"],
        exact=held["exact"],
        commentary=row.commentary,
        issued_at=row.issued_at,
        issued_by=name,
    )


def _trend(agency: str, month: Period, lines: Sequence[Line], late_after: int) -> list[JsonObject]:
    """The twelve months up to this one, each with whether its percentage may leave the team."""
    kept_back = {one.month for one in issued(agency) if one.shown["total"]["percent"] is None}
    found = [report.month(_in_words(month), lines)]
    before = month
    for _ in range(11):
        last = before.first - timedelta(days=1)
        before = Period(last.replace(day=1), last)
        own = contributions.by_service(agency, before, late_after)
        has_left = before.first not in kept_back
        found.append(report.month(_in_words(before), own, has_left=has_left))
    return found[::-1]


def _in_words(month: Period) -> str:
    return f"{month_name(month.first.month)} {month.first.year}"


def _quality(agency: str, month: date) -> JsonObject | None:
    """What the month's dip sample found, by its latest score; None where none was scored."""
    latest = select(func.max(AdviceScore.id)).group_by(AdviceScore.sample_id)
    columns = [getattr(AdviceScore, name) for name in report.CRITERIA]
    rows = db.session.execute(
        select(*columns)
        .join(AdviceSample, AdviceSample.id == AdviceScore.sample_id)
        .join(AdviceService, AdviceService.id == AdviceSample.service_id)
        .where(
            AdviceScore.id.in_(latest),
            AdviceSample.month == month,
            AdviceService.kind.in_(services_of(agency)),
        )
    ).all()
    if not rows:
        return None
    found: dict[str, Any] = {
        name: {mark.value: [row[at] for row in rows].count(mark.value) for mark in Found}
        for at, name in enumerate(report.CRITERIA)
    }
    return found | {"scored": len(rows)}
