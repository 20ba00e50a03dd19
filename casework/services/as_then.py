"""What was so of cases on an earlier day, worked out anew by the rules from the facts dated by it.

What is stored of a case is what all of its facts say. Of a case with a later fact it may be wrong
of the earlier day in more than that: a limit that was met had not been, a refusal that was dropped
still stood, an exception had not been recorded.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select

from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Case
from casework.queries import history
from casework.queries.limits import COLUMNS, THEN, cases_told_later
from casework.services.projection import ANSWERS, ROW, project

BATCH = 1_000
_ENDED = ANSWERS.index("ended_on")
_KEPT = [ROW.index(name) for name in COLUMNS]

log = logging.getLogger(__name__)


def keep(day: date) -> tuple[bool, list[str]]:
    """Fill THEN with the limits, as of a day, of every case with a later fact. Commits nothing.

    Returns whether there is any such case, and the references of those that could not be read: of
    them nothing is kept.
    """
    # Not DISTINCT in SQL: SQLite would go through every event there is to find them in order.
    later = sorted(set(db.session.scalars(cases_told_later(day))))
    failed: list[str] = []
    for start in range(0, len(later), BATCH):
        rows = list(_rows(later[start : start + BATCH], day, failed))
        if rows:
            db.session.connection().execute(insert(THEN), rows)
    return bool(later), failed


def _rows(case_ids: Sequence[int], day: date, failed: list[str]) -> Iterator[dict[str, Any]]:
    columns = (Case.id, Case.reference, Case.kind, Case.youth_accommodation)
    told = history.entered(case_ids)
    for case in db.session.execute(select(*columns).where(Case.id.in_(case_ids))):
        try:
            yield from _limits(case, told[case.id], day)
        except Exception:
            log.exception("a case could not be read", extra={"values": {"case": case.id}})
            failed.append(case.reference)


def _limits(
    case: Row[int, str, str, bool], told: history.Entered, day: date
) -> list[dict[str, Any]]:
    found = project(
        case.id,
        kind=case.kind,
        detained=case.youth_accommodation,
        told=told,
        calendar=england_and_wales(),
        until=day,
    )
    ended = {"ended_on": found.answers[_ENDED]}
    return [
        dict(zip(COLUMNS, (row[place] for place in _KEPT), strict=True)) | ended
        for row in found.rows
    ]
