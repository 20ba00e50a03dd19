"""The one writer of what is derived: deadlines, and where each case stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import RowMapping, Table, bindparam, delete, func, insert, select, update

from casework import database
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Case, Deadline
from casework.queries import history
from casework.rules.clocks import Clock, clocks, next_clock, outstanding_advice
from casework.rules.history import Happened, standing_events, standpoint
from casework.rules.stages import STAGES, Stage
from casework.rules.workdays import WorkingDays

#: Cases to a statement when all are rebuilt.
BATCH = 1_000

_TABLE = cast(Table, Case.__table__)
_CASE, _DEADLINE = _TABLE.c, Deadline.__table__.c
#: What a rebuild reads of a case, and the answers it writes back.
_GIVEN = ("id", "reference", "kind", "youth_accommodation")
_ANSWERS = (
    *("stage", "started_on", "ended_on", "waiting_on", "advice_outstanding", "advice_due_on"),
    *("next_duty", "next_due_on", "next_act_by", "next_lifted_by"),
)
_ROW = (
    *("case_id", "clock", "adviser_id", "duty", "started_on", "due_on", "act_by"),
    *("earliest_on", "met_on", "met_as", "closed_on", "lifted_by"),
)


@dataclass(frozen=True, slots=True)
class Projection:
    """What the facts of one case say: its deadline rows, and the answers kept on the case."""

    rows: list[dict[str, Any]]
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many cases were looked at, and the references of those that differed from the facts."""

    cases: int
    differing: tuple[str, ...]

    @property
    def differed(self) -> int:
        """Return in how many cases the projection differed from the facts."""
        return len(self.differing)


def refresh(case_ids: Sequence[int]) -> None:
    """Write anew what is derived for these cases, in the open transaction. Commits nothing."""
    for batch in _batches(case_ids):
        cases = _cases(batch)
        projections = _project(cases)
        _write({case["id"]: projections[case["id"]] for case in cases})


def rebuild(progress: Callable[[int], None] = lambda _done: None, *, mend: bool = True) -> Rebuilt:
    """Compare what is derived of every case with its facts, and write anew what differs.

    A batch is a transaction; without `mend` nothing is written. Returns which cases differed:
    none, if the projection was true. `progress` is told the number of cases done since its last
    call.
    """
    with database.reading():
        ids = db.session.scalars(select(_CASE.id).order_by(_CASE.id)).all()
    differing: list[str] = []
    for batch in _batches(ids):
        differing += _mend(batch) if mend else _compare(batch)
        progress(len(batch))
    return Rebuilt(len(ids), tuple(differing))


def how_many() -> int:
    """Return the number of cases that a rebuild looks at."""
    with database.reading():
        return db.session.scalar(select(func.count()).select_from(Case)) or 0


def check_rebuild(_today: date) -> str:
    """Compare every projection with its facts and change nothing.

    Returns words for the log; raises RuntimeError, with a count, where any differs.
    """
    found = rebuild(mend=False)
    if found.differed:
        raise RuntimeError(f"{found.differed} of {found.cases} cases differ from their facts")
    return f"{found.cases} cases agree with their facts"


def project(
    case: RowMapping,
    advisers: Mapping[int, str],
    entered: Iterable[Happened],
    calendar: WorkingDays,
) -> Projection:
    """Return what the events of one case say. `case` has id, kind and youth_accommodation."""
    events = standing_events(entered)
    found = clocks(
        kind=case["kind"],
        detained=case["youth_accommodation"],
        advisers=advisers,
        events=events,
        calendar=calendar,
    )
    return Projection([_row(case["id"], clock) for clock in found], _answers(events, found))


def _row(case_id: int, clock: Clock) -> dict[str, Any]:
    values = (
        *(case_id, clock.key, clock.adviser_id, clock.duty.id),
        *(clock.due.started_on or clock.due.on, clock.due.on, clock.due.act_by),
        *(clock.due.earliest, clock.met_on, clock.met_as, clock.closed_on),
        " ".join(clock.lifted_by) or None,
    )
    return dict(zip(_ROW, values, strict=True))


def _answers(events: Sequence[Happened], found: Sequence[Clock]) -> dict[str, Any]:
    stands = standpoint(events)
    waiting = outstanding_advice(found)
    following = next_clock(found) if stands.ended_on is None else None
    starts = [c.due.started_on for c in found if c.key == "case" and c.due.started_on]
    values = (
        *(stands.stage.value, min(starts, default=None), stands.ended_on),
        "advisers" if _waits_for_advice(stands.stage, waiting) else STAGES[stands.stage].waiting_on,
        *(len(waiting), waiting[0].due.on if waiting else None),
        following.duty.id if following else None,
        following.due.on if following else None,
        (following.due.act_by or following.due.on) if following else None,
        " ".join(following.lifted_by) or None if following else None,
    )
    return dict(zip(_ANSWERS, values, strict=True))


def _waits_for_advice(stage: Stage, waiting: Sequence[Clock]) -> bool:
    return stage is Stage.ASSESSING and bool(waiting)


def _cases(case_ids: Sequence[int], *, hold: bool = False) -> Sequence[RowMapping]:
    """Return the cases; with `hold`, nobody else changes them before this transaction ends.

    Without it an event logged between the reading of the facts and the writing of the answer
    would be answered by what stood before it.
    """
    columns = [_CASE[name] for name in (*_GIVEN, *_ANSWERS)]
    statement = select(*columns).where(_CASE.id.in_(case_ids)).order_by(_CASE.id)
    if hold:
        statement = statement.with_for_update(key_share=True)
    return db.session.execute(statement).mappings().all()


def _project(cases: Sequence[RowMapping]) -> dict[int, Projection]:
    ids = [case["id"] for case in cases]
    entered, advisers = history.entered_events(ids), history.advisers(ids)
    calendar = england_and_wales()
    return {
        case["id"]: project(case, advisers[case["id"]], entered[case["id"]], calendar)
        for case in cases
    }


def _write(projections: Mapping[int, Projection]) -> None:
    if not projections:
        return
    db.session.execute(delete(Deadline).where(_DEADLINE.case_id.in_(projections)))
    rows = [row for projection in projections.values() for row in projection.rows]
    if rows:
        db.session.connection().execute(insert(Deadline), rows)
    change = update(_TABLE).where(_CASE.id == bindparam("case"))
    db.session.connection().execute(
        change.values({name: bindparam(f"new_{name}") for name in _ANSWERS}),
        [
            {"case": case_id} | {f"new_{name}": value for name, value in p.answers.items()}
            for case_id, p in projections.items()
        ],
    )


def _compare(case_ids: Sequence[int]) -> list[str]:
    with database.reading():
        cases = _cases(case_ids)
        wrong = _differing(cases, _project(cases), _stored_rows(case_ids))
    return [case["reference"] for case in wrong]


def _mend(case_ids: Sequence[int]) -> list[str]:
    cases = _cases(case_ids, hold=True)
    projections = _project(cases)
    wrong = _differing(cases, projections, _stored_rows(case_ids))
    _write({case["id"]: projections[case["id"]] for case in wrong})
    db.session.commit()
    return [case["reference"] for case in wrong]


def _stored_rows(case_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    statement = select(*(_DEADLINE[name] for name in _ROW)).where(_DEADLINE.case_id.in_(case_ids))
    stored: dict[int, list[dict[str, Any]]] = {case_id: [] for case_id in case_ids}
    for row in db.session.execute(statement).mappings():
        stored[row["case_id"]].append(dict(row))
    return stored


def _differing(
    cases: Sequence[RowMapping],
    projections: Mapping[int, Projection],
    stored: Mapping[int, list[dict[str, Any]]],
) -> list[RowMapping]:
    def key(row: Mapping[str, Any]) -> tuple[str, str]:
        return row["clock"], row["duty"]

    wrong = []
    for case in cases:
        told = projections[case["id"]]
        same_rows = sorted(stored[case["id"]], key=key) == sorted(told.rows, key=key)
        if not same_rows or any(case[name] != told.answers[name] for name in _ANSWERS):
            wrong.append(case)
    return wrong


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
