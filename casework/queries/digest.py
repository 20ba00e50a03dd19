"""What a reader is still to be told: their alerts, each looked at again, and their last email."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from casework.extensions import db
from casework.models import Alert, Case, Deadline, Interest, Message, Quiet, User
from casework.queries import quiets
from casework.rules.alerts import RUNGS, Rung
from casework.rules.book import BOOK
from casework.rules.digests import Looked

#: What a digest or an all-clear tells of begins with this, and ends with its day.
ABOUT = "digest of "
#: The kinds of email that tell of time limits.
KINDS = ("digest", "all_clear", "alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """One alert that its reader was not told of yet, with its case as it stands now."""

    id: int
    case_id: int
    reference: str
    #: The limit: whose clock, and which rule.
    limit: tuple[str, str]
    due_on: date
    rung: Rung
    reached_on: date
    way: str
    officer_id: int | None
    team_id: int | None
    #: Whether the reader has declared an interest in the case, and whether they want quiet.
    is_hidden: bool
    is_quiet: bool
    now: Looked
    #: The day of the limit in law that the case comes to next; None where it is lifted.
    next_due_on: date | None = None

    @property
    def is_law(self) -> bool:
        """Return whether its limit is one in law, and no target."""
        return BOOK[self.limit[1]].kind == "law"

    @property
    def is_behind(self) -> bool:
        """Return whether the case has a limit in law that presses more than this one."""
        if self.next_due_on is None:
            return False
        return (self.next_due_on, False) < (self.due_on, not self.is_law)

    def urgency(self, today: date) -> tuple[bool, date]:
        """Return by what its case is put in order: overdue in law, then what is due first."""
        due_on = min(self.due_on, self.next_due_on or self.due_on)
        is_overdue = due_on < today and (self.is_law or self.is_behind)
        return not is_overdue, due_on


def readers_with_untold(today: date) -> list[int]:
    """Return those who are still to be told of anything, by id. One statement."""
    waiting = select(Alert.reader_id).distinct().where(is_untold(), _has_come(today))
    return list(db.session.scalars(waiting.order_by(Alert.reader_id)))


def untold(reader_id: int, today: date) -> list[Untold]:
    """Return the alerts that a reader is still to be told of, the first due first. One
    statement."""
    hidden = exists().where(
        Interest.case_id == Alert.case_id,
        Interest.user_id == Alert.reader_id,
        Interest.ended_at.is_(None),
    )
    quiet = exists().where(
        Quiet.case_id == Alert.case_id, Quiet.user_id == Alert.reader_id, quiets.in_force(today)
    )
    of_limit = and_(
        Deadline.case_id == Alert.case_id,
        Deadline.clock == Alert.clock,
        Deadline.duty == Alert.duty,
    )
    statement = (
        select(
            *(Alert.id, Alert.case_id, Case.reference, Alert.clock, Alert.duty, Alert.due_on),
            *(Alert.rung, Alert.reached_on, Alert.way, Case.officer_id, User.team_id),
            *(hidden.label("is_hidden"), quiet.label("is_quiet"), Case.ended_on),
            *(Deadline.due_on.label("now_due_on"), Deadline.met_on, Deadline.closed_on),
            *(Deadline.lifted_by, Case.next_duty, Case.next_due_on, Case.next_lifted_by),
        )
        .join(Case, Case.id == Alert.case_id)
        .outerjoin(User, User.id == Case.officer_id)
        .outerjoin(Deadline, of_limit)
        .where(Alert.reader_id == reader_id, is_untold(), _has_come(today))
        .order_by(Alert.due_on, Alert.id)
    )
    return [
        Untold(
            id=row.id,
            case_id=row.case_id,
            reference=row.reference,
            limit=(row.clock, row.duty),
            due_on=row.due_on,
            rung=RUNGS[row.rung],
            reached_on=row.reached_on,
            way=row.way,
            officer_id=row.officer_id,
            team_id=row.team_id,
            is_hidden=row.is_hidden,
            is_quiet=row.is_quiet,
            now=Looked(
                due_on=row.now_due_on,
                met_on=row.met_on,
                closed_on=row.closed_on or row.ended_on,
                is_lifted=bool(row.lifted_by),
            ),
            next_due_on=None if row.next_lifted_by else _law_day(row.next_duty, row.next_due_on),
        )
        for row in db.session.execute(statement)
    ]


def _law_day(duty: str | None, due_on: date | None) -> date | None:
    return due_on if duty and BOOK[duty].kind == "law" else None


def about(today: date) -> str:
    """Return what a digest of a day tells of, as the outbox has it."""
    return f"{ABOUT}{today.isoformat()}"


def last_days(today: date) -> Mapping[int, date]:
    """Return the day of each reader's newest digest or all-clear before today. One statement."""
    before = Message.about >= ABOUT, Message.about < about(today)
    wanted = select(Message.to_user_id, func.max(Message.about)).where(*before)
    rows = db.session.execute(wanted.group_by(Message.to_user_id))
    return {
        reader_id: date.fromisoformat(text.removeprefix(ABOUT))
        for reader_id, text in rows
        if reader_id is not None
    }


def told_on(today: date) -> set[int]:
    """Return who has had the digest of a day, or its all-clear, by id. One statement."""
    wanted = select(Message.to_user_id).where(Message.about == about(today))
    return {one for one in db.session.scalars(wanted) if one is not None}


def told_lately(user_id: int, since: datetime) -> Sequence[Message]:
    """Return the emails of time limits that a person was written since an instant, the newest
    first. One statement."""
    wanted = select(Message).where(
        *(Message.to_user_id == user_id, Message.kind.in_(KINDS)), Message.created_at >= since
    )
    return db.session.scalars(wanted.order_by(Message.id.desc())).all()


def message_id(what: str, reader_id: int) -> int:
    """Return the number of the message about one thing to one person."""
    wanted = select(Message.id).where(Message.about == what, Message.to_user_id == reader_id)
    return db.session.scalars(wanted).one()


def _has_come(today: date) -> ColumnElement[bool]:
    """The condition on Alert that its day has come: a sweep may rehearse a later one."""
    return Alert.reached_on <= today


def is_untold() -> ColumnElement[bool]:
    """Return the condition on Alert that its reader was not told, and is still to be."""
    return and_(Alert.message_id.is_(None), Alert.dropped_because.is_(None))
