"""Who is told of a meeting's decisions, and of which cases: nobody of one they may not know of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from casework.access import Permission, Role, Viewer, reads_of, scope_of
from casework.extensions import db
from casework.models import (
    Adviser,
    AgendaItem,
    Attendance,
    Case,
    Interest,
    PanelCirculation,
    PanelDecision,
    PanelMeeting,
    PanelRecord,
    PanelRecordDecision,
    User,
)
from casework.queries.meetings import members_on
from casework.queries.scope import answering, asked
from casework.rules.advisers import SERVICES, services_of
from casework.rules.panels import Handled, Position

#: The roles that hear of a case because a service was asked about it.
_ADVISERS = (Role.DCO, Role.SOCIAL_CARE_LEAD, Role.SERVICE_MEMBER)


@dataclass(slots=True, kw_only=True)
class Recipient:
    """One person to be told, why, and of what."""

    user: User
    #: Why they are told: "Chair", "Case officer", "Speech and language therapy".
    because: list[str] = field(default_factory=list)
    #: Whether they may read the meeting's record.
    reads_record: bool = False
    #: Every case that they are told of, and those whose own page they may open, by id.
    cases: set[int] = field(default_factory=set)
    own_cases: set[int] = field(default_factory=set)
    #: The requests whose pages a member of a service may open, by the case's id.
    own_requests: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """One case in a record: decided, or carried over."""

    case_id: int
    public_id: str
    reference: str
    officer_id: int | None
    is_decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One circulation of decisions, about to be or done: what is told, and to whom."""

    record: PanelRecord
    #: In the order of the agenda.
    cases: Sequence[Decided]
    #: Those of the panel first.
    recipients: Sequence[Recipient]
    #: Whether an earlier version went round, so that only what was added or changed is told.
    is_further: bool
    #: How many cases of the agenda the record says nothing of, since nobody has signed them yet.
    unsigned: int

    @property
    def without_officer(self) -> list[str]:
        """Return the references of the cases that nobody holds, so that no officer is told."""
        return [one.reference for one in self.cases if one.officer_id is None]


def about_decisions(record: PanelRecord) -> str:
    """Return what the email about a record tells of, as the outbox has it."""
    return f"decisions of meeting {record.meeting_id}, version {record.version}"


def done(meeting_id: int) -> Sequence[tuple[PanelRecord, datetime]]:
    """Return each record of a meeting that was sent round, with the moment, the newest first."""
    rows = db.session.execute(
        select(PanelRecord, func.min(PanelCirculation.circulated_at).label("at"))
        .join(PanelCirculation, PanelCirculation.record_id == PanelRecord.id)
        .where(PanelRecord.meeting_id == meeting_id, PanelCirculation.kind == "decisions")
        .group_by(PanelRecord.id)
        .order_by(PanelRecord.version.desc())
    )
    return [(row[0], row.at) for row in rows]


def circulated_at(record_id: int) -> datetime | None:
    """Return when a record's decisions were sent round; None while they were not."""
    return db.session.scalar(
        select(func.min(PanelCirculation.circulated_at)).where(
            PanelCirculation.kind == "decisions", PanelCirculation.record_id == record_id
        )
    )


def of_decisions(record: PanelRecord, today: date) -> Round:
    """Return who is to be told of a record's decisions. The number of statements is fixed.

    Of a later version only those decisions are told that the last one sent round did not hold.
    """
    told = _last_told(record)
    cases = _decided(record, told)
    people = _People(_interests([one.case_id for one in cases]))
    _add_panel(people, record, cases, today)
    _add_officers(people, cases)
    _add_services(people, cases)
    return Round(
        record=record,
        cases=cases,
        recipients=people.told(),
        is_further=told is not None,
        unsigned=_unsigned(record),
    )


class _People:
    """Those to be told, gathered from what makes each of them concerned."""

    def __init__(self, interests: Mapping[int, set[int]]) -> None:
        self._interests = interests
        self._found: dict[int, Recipient] = {}

    def add(
        self,
        user: User,
        because: str,
        cases: Iterable[int],
        *,
        record: bool,
        requests: Mapping[int, str] | None = None,
    ) -> None:
        """Add what a person is told; of a case in which they have an interest, nothing.

        `requests` are the pages that they open in place of the case's own, by the case's id.
        """
        concerns = set(cases) - self._interests.get(user.id, set())
        if not concerns:
            return
        one = self._found.setdefault(user.id, Recipient(user=user))
        one.because.append(because)
        one.cases |= concerns
        if record:
            one.reads_record = True
        elif requests:
            one.own_requests |= {id_: requests[id_] for id_ in concerns}
        else:
            one.own_cases |= concerns

    def told(self) -> list[Recipient]:
        """Return everyone, those of the panel first, then by name."""
        return sorted(
            self._found.values(),
            key=lambda one: (not one.reads_record, one.user.name.casefold(), one.user.id),
        )


def _last_told(record: PanelRecord) -> int | None:
    """Return the id of the newest earlier version that was sent round, or None."""
    return db.session.scalar(
        select(PanelRecord.id)
        .join(PanelCirculation, PanelCirculation.record_id == PanelRecord.id)
        .where(
            PanelCirculation.kind == "decisions",
            PanelRecord.meeting_id == record.meeting_id,
            PanelRecord.version < record.version,
        )
        .order_by(PanelRecord.version.desc())
        .limit(1)
    )


def _decided(record: PanelRecord, told: int | None) -> list[Decided]:
    held, before = PanelRecordDecision.decision_id, PanelRecordDecision.record_id
    rows = db.session.execute(
        select(PanelDecision.handled, Case.id, Case.public_id, Case.reference, Case.officer_id)
        .join(PanelRecordDecision, held == PanelDecision.id)
        .join(AgendaItem, AgendaItem.id == PanelDecision.item_id)
        .join(Case, Case.id == PanelDecision.case_id)
        .where(
            before == record.id,
            PanelDecision.id.not_in(select(held).where(before == told)),
        )
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()
    decided = {row.id for row in rows if row.handled == Handled.DECIDED}
    cases = {row.id: row for row in rows}
    return [
        Decided(one.id, one.public_id, one.reference, one.officer_id, one.id in decided)
        for one in cases.values()
    ]


def _unsigned(record: PanelRecord) -> int:
    held = (
        select(PanelDecision.item_id)
        .join(PanelRecordDecision, PanelRecordDecision.decision_id == PanelDecision.id)
        .where(PanelRecordDecision.record_id == record.id, PanelDecision.item_id.is_not(None))
    )
    left = select(func.count()).where(
        AgendaItem.meeting_id == record.meeting_id,
        AgendaItem.removed_at.is_(None),
        AgendaItem.id.not_in(held),
    )
    return db.session.scalar(left) or 0


def _interests(case_ids: Sequence[int]) -> Mapping[int, set[int]]:
    """Return the cases in which each person has declared an interest, by the person's id."""
    rows = db.session.execute(
        select(Interest.user_id, Interest.case_id).where(
            Interest.case_id.in_(case_ids), Interest.ended_at.is_(None)
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for user_id, case_id in rows:
        found[user_id].add(case_id)
    return found


def _add_panel(people: _People, record: PanelRecord, cases: Sequence[Decided], today: date) -> None:
    """Add those who sit on the panel, whether they came or not, and whoever else came.

    Only where they may open the record: not a member who has left since, nor a guest who sees no
    meeting but those they sit on.
    """
    meeting = db.session.get_one(PanelMeeting, record.meeting_id)
    every = [one.case_id for one in cases]
    members = members_on(meeting.panel_id, meeting.on_day)
    for member in members:
        if member.until_day is None or member.until_day >= today:
            words = Position(member.position).words
            people.add(member.user, f"{words} of the panel", every, record=True)
    sat = {member.user_id for member in members}
    came = select(User).join(Attendance, Attendance.user_id == User.id)
    for guest in db.session.scalars(came.where(Attendance.meeting_id == meeting.id)):
        if guest.id not in sat and _viewer(guest).may(Permission.SEE_EVERY_MEETING):
            people.add(guest, "Was at the meeting", every, record=True)


def _add_officers(people: _People, cases: Sequence[Decided]) -> None:
    """Add the officer of each case, deferred or decided: they take the next step."""
    held: dict[int, list[int]] = defaultdict(list)
    for one in cases:
        if one.officer_id is not None:
            held[one.officer_id].append(one.case_id)
    for officer in db.session.scalars(select(User).where(User.id.in_(held))):
        if scope_of(_viewer(officer)).everything:
            people.add(officer, "Case officer", held[officer.id], record=False)


def _add_services(people: _People, cases: Sequence[Decided]) -> None:
    """Add the people of each service that was asked about a case that was decided."""
    decided = [one.case_id for one in cases if one.is_decided]
    rows = asked(
        Adviser.service, Adviser.advice_service_id, Adviser.case_id, Adviser.public_id
    ).where(Adviser.case_id.in_(decided))
    answers = db.session.execute(rows.order_by(Adviser.id)).all()
    heirs = answering()
    wanted = select(User).where(User.role.in_(_ADVISERS), User.is_active)
    for user in db.session.scalars(wanted):
        scope = reads_of(_viewer(user))
        kinds = {kind for agency in scope.agencies for kind in services_of(agency)}
        asked_of: dict[str, dict[int, str]] = defaultdict(dict)
        for kind, service_id, case_id, adviser_id in answers:
            if kind in kinds or {service_id, heirs.get(service_id)} & scope.services:
                asked_of[kind][case_id] = adviser_id
        opens_cases = not scope_of(_viewer(user)).nothing
        for kind, own in sorted(asked_of.items()):
            requests = {} if opens_cases else own
            people.add(user, SERVICES[kind].words, own, record=False, requests=requests)


def _viewer(user: User) -> Viewer:
    own = user.advice_service_id
    return Viewer(user_id=user.id, name=user.name, role=user.role, service_id=own)
