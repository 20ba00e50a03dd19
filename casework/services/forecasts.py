"""The one writer of forecasts: how long each step took, and when each final plan is likely."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, text

from casework.database import reading
from casework.extensions import db
from casework.filters import counted
from casework.models import Case, Forecast, ForecastCurve
from casework.queries import forecasts as queries
from casework.queries.forecasts import Road
from casework.rules.forecast import LEAST_DONE, LOOK_BACK, Forecaster, curves_of
from casework.rules.journeys import spells
from casework.rules.outlook import Outlook, outlook
from casework.rules.places import place_of
from casework.rules.survival import Curve, Spell

log = logging.getLogger(__name__)

#: Any number, so long as nothing else of ours takes the same advisory lock.
REFRESH_LOCK = 350_035
#: How many references a job's words name.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found: of open cases, how many have a forecast, and what speaks of it."""

    forecast: int
    #: Of those: likely late; resting on a fallback where history is thin.
    late: int
    thin: int
    #: How many forecasts were written or taken away.
    changed: int
    #: The references of cases that could not be worked out. The others were.
    failed: tuple[str, ...]


def refresh_nightly(today: date) -> str:
    """Work out every forecast anew. Returns words for the log.

    Raises RuntimeError, naming the cases, where any could not be worked out; the others are kept.
    """
    found = refresh(today)
    words = f"{counted(found.forecast, 'case')} forecast, {found.late} likely late"
    if found.failed:
        named = ", ".join(found.failed[:NAMED]) + (" …" if len(found.failed) > NAMED else "")
        raise RuntimeError(f"{words}; could not be forecast: {named}")
    return words


def refresh(today: date) -> Refreshed:
    """Work out each step's curve and each open case's forecast as of a day, and commit.

    What is read is of one moment; what is written is what differs, in one transaction. A case that
    ended meanwhile has no forecast.
    """
    since = today - timedelta(days=LOOK_BACK)
    with reading():
        roads = list(queries.roads(since))
    failed: dict[str, None] = {}
    curves = curves_of(_spells(roads, since, today, failed))
    told = _outlooks(roads, Forecaster(curves), today, failed)
    changed = _write(curves, told, since, today)
    return Refreshed(
        forecast=len(told),
        late=sum(one.days_late > 0 for one in told.values()),
        thin=sum(not one.is_own_history for one in told.values()),
        changed=changed,
        failed=tuple(failed),
    )


def _spells(
    roads: Iterable[Road], since: date, today: date, failed: dict[str, None]
) -> Iterable[tuple[str, Spell]]:
    for road in roads:
        try:
            yield from spells(road.journey, since, today)
        except (ValueError, OverflowError, TypeError) as error:
            _tell(road, error, failed)


def _outlooks(
    roads: Iterable[Road], forecaster: Forecaster, today: date, failed: dict[str, None]
) -> dict[int, Outlook]:
    """The outlook of each open case that has one, by its id."""
    found = {}
    for road in roads:
        limit = road.limit if road.is_open else None
        if limit is None:
            continue
        try:
            if place := place_of(road.journey, today):
                found[road.case_id] = outlook(forecaster.ahead(place), limit.due_on, today)
        except (ValueError, OverflowError, TypeError) as error:
            _tell(road, error, failed)
    return found


def _tell(road: Road, error: Exception, failed: dict[str, None]) -> None:
    """Note a case whose days make no sense, and go on with the others."""
    failed[road.reference] = None
    values = {"case": road.reference, "error": type(error).__name__}
    log.error("a case could not be forecast", extra={"values": values})


def _write(
    curves: Mapping[str, Curve], told: Mapping[int, Outlook], since: date, today: date
) -> int:
    """Write what differs, after any other refresh; return how many forecasts that were."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": REFRESH_LOCK})
    still_open = set(db.session.scalars(select(Case.id).where(Case.ended_on.is_(None))))
    forecasts = [
        {"case_id": case_id, "worked_out_on": today, **asdict(one)}
        for case_id, one in told.items()
        if case_id in still_open
    ]
    changed = _replace(cast(Table, Forecast.__table__), forecasts)
    kept = [_curve_row(step, curve, since, today) for step, curve in curves.items()]
    _replace(cast(Table, ForecastCurve.__table__), kept)
    db.session.commit()
    return changed


def _curve_row(step: str, curve: Curve, since: date, today: date) -> dict[str, Any]:
    return {
        "step": step,
        "begun": curve.begun,
        "done": curve.done,
        "curve": queries.written(curve),
        "from_day": since,
        "until_day": today,
        "is_own_history": curve.done >= LEAST_DONE,
    }


def _replace(table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Make a table hold these rows and no others; return how many came, went or changed."""
    (key,) = table.primary_key.columns
    connection = db.session.connection()
    stored = {row[key.name]: dict(row) for row in connection.execute(select(table)).mappings()}
    wanted = {row[key.name]: row for row in rows}
    wrong = [k for k, row in stored.items() if wanted.get(k) != row]
    new = [row for k, row in wanted.items() if stored.get(k) != row]
    if wrong:
        gone = delete(table).where(key == bindparam("gone"))
        connection.execute(gone, [{"gone": k} for k in wrong])
    if new:
        connection.execute(insert(table), new)
    return len({*wrong, *(row[key.name] for row in new)})
