"""The one writer of what is derived: deadlines, and where each case stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update

from casework import database
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Case, Deadline
from casework.queries import history
from casework.services.projection import ANSWERS, ROW, Projection, Values, project

#: Cases to a statement when all are rebuilt.
BATCH = 1_000

_CASES, _DEADLINES = cast(Table, Case.__table__), cast(Table, Deadline.__table__)
#: What is read of a case before its answers.
_GIVEN = ("id", "reference", "kind", "youth_accommodation")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many cases were looked at, and the references of those that differed from the facts."""

    cases: int
    differing: tuple[str, ...]

    @property
    def differed(self) -> int:
        """Return in how many cases the projection differed from the facts."""
        return len(self.differing)


@dataclass(frozen=True, slots=True)
class _Difference:
    """What is stored and should not be, and what should be and is not."""

    #: Ids of deadlines.
    gone: list[int]
    #: Rows of deadlines.
    new: list[Values]
    #: Answers by case id.
    answers: dict[int, Values]
    #: References of the cases concerned.
    cases: list[str]


def refresh(case_ids: Sequence[int]) -> None:
    """Make what is derived of these cases true, in the open transaction. Commits nothing."""
    for batch in _batches(case_ids):
        _write(_difference(batch))


def rebuild(progress: Callable[[int], None] = lambda _done: None, *, mend: bool = True) -> Rebuilt:
    """Compare what is derived of every case with its facts, and write anew what differs.

    A batch is a transaction; without `mend` nothing is written. Returns which cases differed:
    none, if the projection was true. `progress` is told the number of cases done since its last
    call.
    """
    with database.reading():
        ids = db.session.scalars(select(_CASES.c.id).order_by(_CASES.c.id)).all()
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


def _compare(case_ids: Sequence[int]) -> list[str]:
    with database.reading():
        return _difference(case_ids).cases


def _mend(case_ids: Sequence[int]) -> list[str]:
    found = _difference(case_ids, hold=True)
    _write(found)
    db.session.commit()
    return found.cases


def _difference(case_ids: Sequence[int], *, hold: bool = False) -> _Difference:
    cases = _cases(case_ids, hold=hold)
    told = _project(cases)
    rows = {row for projection in told.values() for row in projection.rows}
    stored = _stored_rows(case_ids)
    gone = stored.keys() - rows
    new = [row for projection in told.values() for row in projection.rows if row not in stored]
    # A case is read as what is given of it, then its answers.
    answers = {
        case.id: told[case.id].answers
        for case in cases
        if told[case.id].answers != case[len(_GIVEN) :]
    }
    wrong = {row[0] for row in (*gone, *new)} | answers.keys()
    concerned = [case.reference for case in cases if case.id in wrong]
    return _Difference([stored[row] for row in gone], new, answers, concerned)


def _cases(case_ids: Sequence[int], *, hold: bool) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the cases; with `hold`, nobody else changes them before this transaction ends.

    Without it an event logged between the reading of the facts and the writing of the answer
    would be answered by what stood before it.
    """
    columns = [_CASES.c[name] for name in (*_GIVEN, *ANSWERS)]
    statement = select(*columns).where(_CASES.c.id.in_(case_ids)).order_by(_CASES.c.id)
    if hold:
        statement = statement.with_for_update(key_share=True)
    return db.session.connection().execute(statement).all()


def _project(cases: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, Projection]:
    entered = history.entered([case.id for case in cases])
    calendar = england_and_wales()
    return {
        case.id: project(
            case.id,
            kind=case.kind,
            detained=case.youth_accommodation,
            told=entered[case.id],
            calendar=calendar,
        )
        for case in cases
    }


def _stored_rows(case_ids: Sequence[int]) -> dict[Values, int]:
    """Return the id of each stored row, by its values."""
    columns = (_DEADLINES.c.id, *(_DEADLINES.c[name] for name in ROW))
    statement = select(*columns).where(_DEADLINES.c.case_id.in_(case_ids))
    return {tuple(row[1:]): row[0] for row in db.session.connection().execute(statement).all()}


def _write(found: _Difference) -> None:
    """Write what differs and nothing else: what stays as it was keeps its place."""
    connection = db.session.connection()
    if found.gone:
        connection.execute(delete(_DEADLINES).where(_DEADLINES.c.id.in_(found.gone)))
    if found.new:
        rows = [dict(zip(ROW, row, strict=True)) for row in found.new]
        connection.execute(insert(_DEADLINES), rows)
    if found.answers:
        change = update(_CASES).where(_CASES.c.id == bindparam("case"))
        connection.execute(
            change.values({name: bindparam(f"new_{name}") for name in ANSWERS}),
            [_answering(case_id, answers) for case_id, answers in found.answers.items()],
        )


def _answering(case_id: int, answers: Values) -> Mapping[str, Any]:
    named = zip(ANSWERS, answers, strict=True)
    return {"case": case_id} | {f"new_{name}": value for name, value in named}


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
