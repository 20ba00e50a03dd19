"""The lines of an email of alerts, and the sums beside them: a few statements for any caseload."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from casework.extensions import db
from casework.models import AdviceService, Adviser, Case, Deadline, User
from casework.queries import situations
from casework.queries.caseload import Day, stands
from casework.queries.scope import answering, without_interest
from casework.queries.situations import Known, situation
from casework.rules.advisers import SERVICES
from casework.rules.book import BOOK
from casework.rules.civil_dates import spoken_date
from casework.rules.clocks import ANY_ADVICE
from casework.rules.deadlines import Stand, Standing
from casework.rules.digests import Counts, Line, Owes, plain, since_when
from casework.rules.events import EVENTS
from casework.rules.history import standing_events
from casework.rules.next_action import next_action, service_words
from casework.rules.stages import STAGES, Stage
from casework.rules.standing_words import in_words

log = logging.getLogger(__name__)

_Row = Row[*tuple[Any, ...]]
#: A limit of a case: whose clock, and which rule.
Limit = tuple[str, str]
#: How many of the services that owe most are named.
_MOST_OWING = 3
_OWED = Deadline.met_on.is_(None), Deadline.closed_on.is_(None)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that could be made, by case, and the references of the cases whose could not."""

    made: Mapping[int, Line]
    broken: Sequence[str]


def lines(
    wanted: Mapping[int, Limit | None],
    when: Day,
    *,
    held: Callable[[int | None, str], str],
    approves: Collection[int] = (),
) -> Lines:
    """Return a line for each of these open cases, of the limit given or of the one due next.

    `held` puts into words who holds a case, given their id and name; `approves` are the cases with
    an exception that the reader may approve. A case that cannot be put into words is named among
    the broken ones and spoils no other. Three statements.
    """
    made: dict[int, Line] = {}
    broken: list[str] = []
    rows = _cases(wanted)
    known = situations.known(list(wanted)) if rows else {}
    for row in rows:
        try:
            made[row.id] = _line(row, known[row.id], wanted[row.id], when, held, row.id in approves)
        except Exception as error:  # whatever is wrong with one case, the others are told of
            log.error("%s could not be put into words: %s", row.reference, type(error).__name__)
            broken.append(row.reference)
    return Lines(made, broken)


def pressing(theirs: ColumnElement[bool], hidden_from: int, when: Day) -> list[int]:
    """Return the cases that are overdue or due soon, in the order of the caseload. One
    statement."""
    is_pressing = or_(stands(Standing.OVERDUE, when), stands(Standing.SOON, when))
    found = select(Case.id).where(
        Case.ended_on.is_(None), theirs, without_interest(hidden_from), is_pressing
    )
    return list(db.session.scalars(found.order_by(Case.next_act_by, Case.id)))


def counts(theirs: ColumnElement[bool], hidden_from: int, when: Day) -> Counts:
    """Return how many open cases there are and how they stand, as the caseload counts them. One
    statement."""
    overdue, soon = (
        func.count().filter(stands(one, when)) for one in (Standing.OVERDUE, Standing.SOON)
    )
    found = select(func.count(), overdue, soon).where(
        Case.ended_on.is_(None), theirs, without_interest(hidden_from)
    )
    return Counts(*db.session.execute(found.select_from(Case)).one())


def owing(theirs: ColumnElement[bool], hidden_from: int, today: date) -> list[Owes]:
    """Return the services that owe most late advice, the most first. Two statements."""
    late = (
        select(
            *(Adviser.advice_service_id, Adviser.service),
            *(func.count().label("late"), func.min(Deadline.due_on).label("since")),
        )
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            *(Deadline.duty.in_(ANY_ADVICE), *_OWED, Deadline.lifted_by.is_(None)),
            *(Deadline.due_on < today, Case.ended_on.is_(None)),
            *(theirs, without_interest(hidden_from)),
        )
        .group_by(Adviser.advice_service_id, Adviser.service)
    )
    found = _by_service(db.session.execute(late).all())
    return sorted(found, key=lambda one: (-one.late, one.since, one.service))[:_MOST_OWING]


def _by_service(rows: Iterable[_Row]) -> Iterable[Owes]:
    """What is owed by each service, a closed one under the one that answers for it now."""
    heirs = answering()
    found: dict[tuple[int | None, str], list[_Row]] = defaultdict(list)
    for row in rows:
        # A school is never named in an email: those of all schools are one sum.
        heir = heirs.get(row.advice_service_id) if row.service != "school" else None
        found[heir, "" if heir else row.service].append(row)
    ids = {service_id for service_id, _ in found if service_id is not None}
    names = select(AdviceService.id, AdviceService.name).where(AdviceService.id.in_(ids))
    known = dict(db.session.execute(names).all())
    for (service_id, kind), parts in found.items():
        name = known[service_id] if service_id is not None else SERVICES[kind].words
        yield Owes(plain(name), sum(one.late for one in parts), min(one.since for one in parts))


def _cases(ids: Iterable[int]) -> Sequence[_Row]:
    return db.session.execute(
        select(
            *(Case.id, Case.public_id, Case.reference, Case.stage, Case.officer_id, User.team_id),
            *(User.name.label("officer"), Case.next_duty, Case.next_due_on, Case.next_act_by),
            Case.next_lifted_by,
        )
        .outerjoin(User, User.id == Case.officer_id)
        .where(Case.id.in_(ids))
    ).all()


def _line(
    row: _Row,
    known: Known,
    limit: Limit | None,
    when: Day,
    held: Callable[[int | None, str], str],
    approves: bool,
) -> Line:
    events = standing_events(known.events)
    duty_id, due_on, act_by, is_lifted = _limit(row, known, limit)
    duty = BOOK[duty_id]
    stand = _stand(due_on, act_by, when, is_lifted=is_lifted)
    last = next((one for one in reversed(events) if one.on <= when.today), None)
    return Line(
        case_id=row.id,
        public_id=row.public_id,
        reference=row.reference,
        stage=STAGES[Stage(row.stage)].words,
        what=duty.label,
        due_on=due_on,
        act_by=act_by if act_by != due_on and act_by and act_by >= when.today else None,
        stands=in_words(stand, is_target=duty.kind != "law"),
        held=held(row.officer_id, plain(row.officer or "")),
        late=since_when(
            [(service_words(one.service), one.due_on) for one in known.advice_late(when.today)]
        ),
        last=f"{EVENTS[last.kind].words}, {spoken_date(last.on)}" if last else "",
        do=next_action(
            situation(
                known,
                events,
                today=when.today,
                stage=Stage(row.stage),
                due=row.next_duty,
                may_approve=approves,
            )
        ),
    )


def _limit(row: _Row, known: Known, limit: Limit | None) -> tuple[str, date, date | None, bool]:
    for one in known.deadlines:
        if (one.clock, one.duty) == limit:
            return one.duty, one.due_on, one.act_by, bool(one.lifted_by)
    return row.next_duty, row.next_due_on, row.next_act_by, bool(row.next_lifted_by)


def _stand(due_on: date, act_by: date | None, when: Day, *, is_lifted: bool) -> Stand:
    left = (due_on - when.today).days
    if is_lifted:
        return Stand(Standing.LIFTED)
    if left < 0:
        return Stand(Standing.OVERDUE, days_late=-left)
    is_soon = act_by is not None and act_by <= when.soon_until
    return Stand(Standing.SOON if is_soon else Standing.RUNNING, days_left=left)
