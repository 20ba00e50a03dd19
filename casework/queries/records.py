"""The record of a meeting: as it stands, as it was signed, and which records nobody has signed."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, not_, or_, select
from sqlalchemy.orm import joinedload

from casework.access import Seat
from casework.extensions import db
from casework.models import (
    AgendaItem,
    Case,
    Interest,
    PanelDecision,
    PanelMeeting,
    PanelMember,
    PanelRecord,
    PanelRecordDecision,
    PanelView,
)
from casework.queries import attendance, decisions, meetings
from casework.rules.attendance import Roll, read
from casework.rules.panels import QUESTIONS, Capacity, Handled, Question, Quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item on the record of a meeting."""

    item: AgendaItem
    case: Case
    question: Question
    #: What was recorded last; None while nothing is.
    decision: PanelDecision | None
    #: What the last signed record says; None where it says nothing of this item.
    held: PanelDecision | None
    #: The record by which `decision` was first signed; None while it is not.
    signed_by: PanelRecord | None
    interests: tuple[Interest, ...]
    #: How many views were given before the meeting, by what they leaned to; "" for no leaning.
    views: Mapping[str, int]
    #: How the quorum stands for this case, without those who have an interest in it.
    quorum: Quorum

    @property
    def interested(self) -> frozenset[int]:
        """Return the accounts with a declared interest in the case."""
        return frozenset(one.user_id for one in self.interests)

    @property
    def is_signed(self) -> bool:
        """Return whether what was recorded last is signed."""
        return self.signed_by is not None

    @property
    def is_changed(self) -> bool:
        """Return whether something else was recorded after it was signed."""
        return self.held is not None and not self.is_signed

    @property
    def lacks_quorum(self) -> bool:
        """Return whether it was decided as the panel's, and not yet signed, with no quorum."""
        return (
            not self.is_signed
            and self.decision is not None
            and self.decision.handled == Handled.DECIDED
            and self.decision.capacity == Capacity.PANEL
            and not self.quorum.is_met
        )

    @property
    def is_under_interest(self) -> bool:
        """Return whether whoever took the decision has declared an interest in the case since."""
        return (
            not self.is_signed
            and self.decision is not None
            and self.decision.decided_by_id in self.interested
        )

    def is_taken_without(self, roll: Roll) -> bool:
        """Return whether the decision names somebody who was not there when it was taken."""
        taken = None if self.is_signed or self.decision is None else self.decision
        if taken is None or taken.capacity != Capacity.PANEL or taken.decided_by_id is None:
            return False
        return not roll.has(taken.decided_by_id)

    def outcome(self, key: str | None) -> str:
        """Return the words of one of the question's outcomes; nothing for None."""
        return self.question.outcome(key).words if key else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record of a meeting, as it stands or in one signed version."""

    roll: Roll
    lines: tuple[Line, ...]
    #: Every signed version of it, the first first.
    versions: tuple[PanelRecord, ...]
    #: The version that this is; None for the record as it stands.
    version: PanelRecord | None = None

    @property
    def last(self) -> PanelRecord | None:
        """Return the signed version in force, or None."""
        return self.versions[-1] if self.versions else None

    @property
    def is_attendance_changed(self) -> bool:
        """Return whether other people are recorded than when it was last signed."""
        kept = set(read(self.last.attendance).people) if self.last else set()
        return bool(kept) and kept != set(self.roll.people)

    @property
    def unrecorded(self) -> list[Line]:
        """Return the cases of which nothing is recorded yet."""
        return [line for line in self.lines if line.decision is None]

    @property
    def unsigned(self) -> list[Line]:
        """Return the cases of which something is recorded that is not signed."""
        return [line for line in self.lines if line.decision and not line.is_signed]

    @property
    def is_whole(self) -> bool:
        """Return whether it is signed as it stands, and nothing is left to sign."""
        return bool(self.versions) and not (
            self.unrecorded or self.unsigned or self.is_attendance_changed
        )

    @property
    def fingerprint(self) -> str:
        """Return what differs as soon as anything of it does: whoever signs, signs what they saw.

        32 hexadecimal digits.
        """
        told: list[object] = [len(self.versions), self.roll.written()]
        for line in self.lines:
            recorded = line.decision.id if line.decision else None
            told.append((line.item.id, recorded, sorted(line.interested)))
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def as_it_stands(meeting: PanelMeeting, members: Sequence[PanelMember]) -> Record:
    """Return the record of the meeting as it stands, with every case of it.

    What a person may see of it, `visible` says. At most eleven statements, however many cases.
    """
    roll = attendance.roll(meeting, members)
    current = decisions.current_decisions(meeting.id)
    versions, firsts = _versions(meeting.id), _first_signed(meeting.id)
    last = _held_by(versions[-1]) if versions else {}
    live: ColumnElement[bool] = Interest.ended_at.is_(None)
    interests, views = _interests(meeting.id, live), _views(meeting.id)
    by_id = {record.id: record for record in versions}
    lines = []
    for item, case in _items(AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None)):
        decision = current.get(item.id)
        signed = by_id.get(firsts.get(decision.id, 0)) if decision else None
        lines.append(
            _line(item, case, decision, roll, interests[case.id], views[item.id])
            | {"held": last.get(item.id), "signed_by": signed}
        )
    return Record(roll=roll, lines=tuple(Line(**line) for line in lines), versions=versions)


def as_signed(meeting: PanelMeeting, number: int) -> Record | None:
    """Return one signed version of a meeting's record, with every case of it; None for none.

    At most ten statements, however many cases.
    """
    versions, firsts = _versions(meeting.id), _first_signed(meeting.id)
    version = next((one for one in versions if one.version == number), None)
    if version is None:
        return None
    held, roll = _held_by(version), read(version.attendance)
    by_id = {record.id: record for record in versions}
    interests = _interests(meeting.id, _declared_by(version.signed_at))
    views = _views(meeting.id)
    lines = [
        _line(item, case, held[item.id], roll, interests[case.id], views[item.id])
        | {"held": held[item.id], "signed_by": by_id.get(firsts[held[item.id].id])}
        for item, case in _items(AgendaItem.id.in_(held))
    ]
    return Record(
        roll=roll,
        lines=tuple(Line(**line) for line in lines),
        versions=versions,
        version=version,
    )


def visible(seat: Seat, meeting_id: int) -> frozenset[int]:
    """Return the ids of the meeting's items that a person may look into. One statement."""
    statement = (
        select(AgendaItem.id)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(AgendaItem.meeting_id == meeting_id, meetings.may_see_item(seat))
    )
    return frozenset(db.session.scalars(statement))


def meetings_named(ids: Iterable[int | None]) -> Mapping[int, PanelMeeting]:
    """Return meetings by id, each with its panel: those that cases were taken over to."""
    statement = (
        select(PanelMeeting)
        .where(PanelMeeting.id.in_({one for one in ids if one}))
        .options(joinedload(PanelMeeting.panel))
    )
    return {one.id: one for one in db.session.scalars(statement)}


def later(meeting: PanelMeeting, today: date) -> Sequence[PanelMeeting]:
    """Return the panel's meetings that cases of this one can go to, the soonest first."""
    signed = select(PanelRecord.id).where(PanelRecord.meeting_id == PanelMeeting.id)
    return db.session.scalars(
        select(PanelMeeting)
        .where(
            PanelMeeting.panel_id == meeting.panel_id,
            PanelMeeting.on_day > meeting.on_day,
            PanelMeeting.on_day >= today,
            PanelMeeting.cancelled_at.is_(None),
            ~exists(signed),
        )
        .order_by(PanelMeeting.on_day)
        .limit(8)
    ).all()


def unsigned(seat: Seat, before: date, *, every_panel: bool) -> Sequence[PanelMeeting]:
    """Return the meetings before a day of which a case is not signed yet, the oldest first.

    All that the person may see with `every_panel`, which is for clerks; else those that they are
    the chair or a deputy of. Each comes with its panel: one statement.
    """
    waits = exists(
        select(AgendaItem.id).where(
            AgendaItem.meeting_id == PanelMeeting.id,
            AgendaItem.removed_at.is_(None),
            not_(meetings.is_item_signed()),
        )
    )
    theirs = meetings.may_see_meeting(seat) if every_panel else meetings.chaired_by(seat)
    return db.session.scalars(
        select(PanelMeeting)
        .where(
            PanelMeeting.on_day < before,
            PanelMeeting.cancelled_at.is_(None),
            meetings.may_see_meeting(seat),
            theirs,
            waits,
        )
        .options(joinedload(PanelMeeting.panel))
        .order_by(PanelMeeting.on_day, PanelMeeting.id)
    ).all()


def _line(
    item: AgendaItem,
    case: Case,
    decision: PanelDecision | None,
    roll: Roll,
    interests: Sequence[Interest],
    views: Mapping[int, str | None],
) -> dict[str, Any]:
    kept_out = {one.user_id for one in interests}
    counted = Counter(leans or "" for user_id, leans in views.items() if user_id not in kept_out)
    return {
        "item": item,
        "case": case,
        "question": QUESTIONS[item.question],
        "decision": decision,
        "interests": tuple(interests),
        "views": counted,
        "quorum": roll.quorum(kept_out),
    }


def _items(*conditions: ColumnElement[bool]) -> Sequence[tuple[AgendaItem, Case]]:
    statement = (
        select(AgendaItem, Case)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(*conditions)
        .order_by(AgendaItem.place, AgendaItem.id)
    )
    return [(item, case) for item, case in db.session.execute(statement)]


def _versions(meeting_id: int) -> tuple[PanelRecord, ...]:
    statement = (
        select(PanelRecord)
        .where(PanelRecord.meeting_id == meeting_id)
        .options(joinedload(PanelRecord.signed_by))
        .order_by(PanelRecord.version)
    )
    return tuple(db.session.scalars(statement))


def _first_signed(meeting_id: int) -> Mapping[int, int]:
    """By each decision that was ever signed, the record in which it was first."""
    statement = (
        select(PanelRecordDecision.decision_id, PanelRecordDecision.record_id)
        .join(PanelRecord, PanelRecord.id == PanelRecordDecision.record_id)
        .where(PanelRecord.meeting_id == meeting_id)
        .order_by(PanelRecord.version.desc())
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _held_by(record: PanelRecord) -> Mapping[int, PanelDecision]:
    """By each item, the version of its decision that a record holds."""
    rows = decisions.held_by(record.id)
    return {row.item_id: row for row in rows if row.item_id is not None}


def _interests(meeting_id: int, condition: ColumnElement[bool]) -> defaultdict[int, list[Interest]]:
    statement = (
        select(Interest)
        .join(AgendaItem, AgendaItem.case_id == Interest.case_id)
        .where(AgendaItem.meeting_id == meeting_id, condition)
        .options(joinedload(Interest.user))
        .order_by(Interest.id)
        .distinct()
    )
    found = defaultdict(list)
    for interest in db.session.scalars(statement):
        found[interest.case_id].append(interest)
    return found


def _declared_by(moment: datetime) -> ColumnElement[bool]:
    stood = or_(Interest.ended_at.is_(None), Interest.ended_at > moment)
    return (Interest.declared_at <= moment) & stood


def _views(meeting_id: int) -> defaultdict[int, dict[int, str | None]]:
    """By each item, what each person leaned to in their latest view of it."""
    statement = (
        select(PanelView.item_id, PanelView.user_id, PanelView.leans_to)
        .join(AgendaItem, AgendaItem.id == PanelView.item_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(PanelView.id)
    )
    found: defaultdict[int, dict[int, str | None]] = defaultdict(dict)
    for item_id, user_id, leans_to in db.session.execute(statement):
        found[item_id][user_id] = leans_to
    return found
