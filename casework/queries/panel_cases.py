"""One case before a panel: all that the screen shows, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from casework.access import EVERY_CASE, Seat
from casework.extensions import db
from casework.models import (
    AgendaItem,
    Case,
    Interest,
    PanelDecision,
    PanelMeeting,
    PanelPhrase,
    PanelRecord,
    PanelView,
)
from casework.queries import attendance, cases, decisions, interests, panel_views, papers
from casework.queries.advice import AdviceLine
from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.queries.meetings import ItemView, MeetingView, may_see_item
from casework.queries.papers import PaperLine
from casework.rules.advisers import SERVICES, Agency
from casework.rules.attendance import Roll
from casework.rules.civil_dates import spoken_date
from casework.rules.panels import QUESTIONS, Handled, Question, not_ready
from casework.rules.school_years import year_words

#: Health and social care are named on the screen even where nobody asked them.
ALWAYS_NAMED = (Agency.HEALTH, Agency.SOCIAL_CARE)
#: How many meetings to come a case may be deferred to.
LATER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One item among those of its meeting, for going from one to the next."""

    public_id: str
    number: int
    reference: str
    is_recorded: bool
    #: Whether it is this person's to see.
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The way through a meeting's items from one of them."""

    stops: Sequence[Stop]
    at: Stop

    @property
    def total(self) -> int:
        """Return how many items the meeting has."""
        return len(self.stops)

    @property
    def words(self) -> str:
        """Return which case of how many it is, in words."""
        number = self.at.number
        return f"Case {number} of {self.total}" if number else "A case taken off the agenda"

    @property
    def recorded(self) -> int:
        """Return how many of them have something recorded."""
        return sum(stop.is_recorded for stop in self.stops)

    @property
    def left(self) -> int:
        """Return how many of the other items have nothing recorded, whoever may see them."""
        return sum(not stop.is_recorded for stop in self.stops if stop != self.at)

    @property
    def before(self) -> Stop | None:
        """Return the open item before this one, or None."""
        found = [stop for stop in self.stops if stop.is_open and stop.number < self.at.number]
        return found[-1] if found else None

    @property
    def after(self) -> Stop | None:
        """Return the open item after this one, or None."""
        found = (stop for stop in self.stops if stop.is_open and stop.number > self.at.number)
        return next(found, None)

    @property
    def undecided(self) -> Stop | None:
        """Return the next item with nothing recorded: after this one, else from the first on."""
        left = [s for s in self.stops if s.is_open and not s.is_recorded and s != self.at]
        later = [stop for stop in left if stop.number > self.at.number]
        return next(iter(later or left), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Another time that the case came before a panel, or was decided by an officer."""

    on: date
    #: The panel's name; None for an officer's decision.
    panel: str | None
    question: Question
    #: What became of it; None while nothing is recorded.
    decision: PanelDecision | None
    is_signed: bool = False

    @property
    def words(self) -> str:
        """Return what became of it, in words."""
        if self.decision is None:
            return "Nothing recorded"
        if self.decision.handled != Handled.DECIDED:
            return Handled(self.decision.handled).words
        key = self.decision.decision or self.decision.advice or ""
        words = self.question.outcome(key).words
        return words if self.decision.decision else f"Advice: {words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCase:
    """One item of a meeting as whoever looks at it may know of it."""

    item: ItemView
    view: CaseView
    walk: Walk
    #: Other times that it came before a panel, the latest first.
    hearings: Sequence[Hearing]
    #: Who is there, and so how the quorum stands.
    roll: Roll
    interests: Sequence[Interest]
    #: Every view given; `queries.panel_views.shown_to` says who reads which.
    views: Sequence[PanelView]
    phrases: Sequence[PanelPhrase]
    #: Every version of what was recorded, the latest first.
    versions: Sequence[PanelDecision]
    #: Whether a signed record holds the latest version.
    is_signed: bool
    #: The answer that this question about the case has already.
    earlier: PanelDecision | None
    #: The panel's meetings that it could be deferred to, soonest first.
    later: Sequence[PanelMeeting]
    #: What was chosen for the case, taken out or withheld since or not.
    papers: Sequence[PaperLine]

    @property
    def question(self) -> Question:
        """Return the question before the panel."""
        return self.item.question

    @property
    def decision(self) -> PanelDecision | None:
        """Return what is recorded now, or None."""
        return self.versions[0] if self.versions else None

    @property
    def first_name(self) -> str:
        """Return the child's first name, without the others."""
        return next(iter(self.view.person.forenames.split()), "Name not recorded")

    @property
    def initials(self) -> str:
        """Return the child's initials, for a screen that others see."""
        words = f"{self.view.person.forenames} {self.view.person.surname}".split()
        return " ".join(f"{word[0]}." for word in words)

    @property
    def year(self) -> str:
        """Return the child's school year in words."""
        return year_words(self.view.person.date_of_birth, self.view.today)

    @property
    def limit(self) -> ClockLine | None:
        """Return the limit that the decision must leave time for: the first due; None for none."""
        own = [
            line
            for line in self.view.own_clocks
            if line.clock.duty.id in self.question.limits and line.clock.is_owed
        ]
        return min(own, key=lambda line: line.clock.due.on, default=None)

    @property
    def advice(self) -> Sequence[AdviceLine]:
        """Return each adviser who was asked, outstanding ones first."""
        return self.view.advice

    @property
    def never_asked(self) -> Sequence[str]:
        """Return health and social care where nobody was asked, in words."""
        asked = {SERVICES[line.adviser.service].agency for line in self.advice}
        return [agency.words for agency in ALWAYS_NAMED if agency not in asked]

    @property
    def against(self) -> Sequence[str]:
        """Return what speaks against deciding the question now, in words."""
        owed = [line.words for line in self.advice if line.is_outstanding]
        stage = self.view.stands.stage
        return not_ready(self.question, self.view.case.kind, stage, owed)

    @property
    def evidence(self) -> Sequence[str]:
        """Return what the reasons may rest on: papers, advice that came, what was named before."""
        came = [
            f"{line.words}, {spoken_date(line.answered_on)}"
            for line in self.advice
            if line.answered_on
        ]
        read = [paper.words for paper in self.papers if paper.may_be_read]
        held = [one.words for one in self.decision.evidence] if self.decision else []
        return list(dict.fromkeys([*read, *came, *held]))

    @property
    def kept_out(self) -> frozenset[int]:
        """Return the ids of those with an interest, who do not count for this case's quorum."""
        return frozenset(interest.user_id for interest in self.interests)

    @property
    def decided_under_interest(self) -> bool:
        """Return whether whoever took the decision has since declared an interest in the case."""
        return self.decision is not None and self.decision.decided_by_id in self.kept_out

    def is_too_late(self, meeting: PanelMeeting) -> bool:
        """Return whether the limit falls before a later meeting."""
        return self.limit is not None and meeting.on_day > self.limit.clock.due.on


def view(
    seat: Seat, meeting: MeetingView, item: ItemView, *, today: date, soon_within: int
) -> PanelCase:
    """Return all that the screen shows of an item that this person may see.

    Nineteen statements at most, however long the agenda and the case’s history.
    """
    case = item.case
    whole = cases.view(EVERY_CASE, case.public_id, today=today, soon_within=soon_within)
    assert whole is not None, "an item has its case"
    versions = decisions.versions(item.item.id)
    return PanelCase(
        item=item,
        view=whole,
        walk=walk(seat, meeting.meeting.id, item.item.public_id),
        hearings=_hearings(item.item),
        roll=attendance.roll(meeting.meeting, meeting.members),
        interests=interests.standing(case.id),
        views=panel_views.latest(item.item.id),
        phrases=phrases(meeting.panel.id, item.question.key, today),
        versions=versions,
        is_signed=bool(versions) and decisions.signed(versions[0].id),
        earlier=decisions.earlier_answer(case.id, item.question.key, not_item=item.item.id),
        later=later_meetings(meeting.meeting),
        papers=papers.of_items([item.item.id], meeting.agenda_circulated_at).get(item.item.id, ()),
    )


def walk(seat: Seat, meeting_id: int, public_id: str) -> Walk:
    """Return the way through a meeting's items from this one. One statement."""
    recorded = exists().where(PanelDecision.item_id == AgendaItem.id)
    statement = (
        select(AgendaItem.public_id, Case.reference, recorded, may_see_item(seat))
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None))
        .order_by(AgendaItem.place, AgendaItem.id)
    )
    rows = db.session.execute(statement).all()
    stops = [
        Stop(public_id=row[0], number=n, reference=row[1], is_recorded=row[2], is_open=row[3])
        for n, row in enumerate(rows, start=1)
    ]
    # An item that was taken off the agenda stands after the others.
    off = Stop(public_id=public_id, number=0, reference="", is_recorded=False, is_open=True)
    return Walk(stops=stops, at=next((s for s in stops if s.public_id == public_id), off))


def phrases(panel_id: int, question: str, today: date) -> Sequence[PanelPhrase]:
    """Return the phrases that the panel keeps for a question, in their order. One statement."""
    return db.session.scalars(
        select(PanelPhrase)
        .where(
            PanelPhrase.panel_id == panel_id,
            PanelPhrase.question == question,
            or_(PanelPhrase.ended_on.is_(None), PanelPhrase.ended_on > today),
        )
        .order_by(PanelPhrase.place, PanelPhrase.id)
    ).all()


def later_meetings(meeting: PanelMeeting) -> Sequence[PanelMeeting]:
    """Return the panel's next meetings after this one that still take cases. One statement."""
    signed = exists().where(PanelRecord.meeting_id == PanelMeeting.id)
    return db.session.scalars(
        select(PanelMeeting)
        .where(
            PanelMeeting.panel_id == meeting.panel_id,
            PanelMeeting.on_day > meeting.on_day,
            PanelMeeting.cancelled_at.is_(None),
            ~signed,
        )
        .order_by(PanelMeeting.on_day)
        .limit(LATER)
    ).all()


def _hearings(item: AgendaItem) -> list[Hearing]:
    """Two statements: what was decided about the case, and the agendas it is or was on."""
    decided = db.session.execute(
        select(PanelDecision, decisions.is_signed())
        .where(
            PanelDecision.case_id == item.case_id,
            or_(PanelDecision.item_id.is_(None), PanelDecision.item_id != item.id),
            decisions.in_force(),
        )
        .order_by(PanelDecision.id)
    ).all()
    of_item = {row[0].item_id: (row[0], row[1]) for row in decided}
    others = db.session.scalars(
        select(AgendaItem)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id == item.case_id,
            AgendaItem.id != item.id,
            AgendaItem.removed_at.is_(None),
            PanelMeeting.cancelled_at.is_(None),
        )
        .options(joinedload(AgendaItem.meeting).joinedload(PanelMeeting.panel))
    ).all()
    found = [_at_panel(other, of_item) for other in others]
    found += [_by_officer(row[0], row[1]) for row in decided if row[0].item_id is None]
    return sorted(found, key=lambda one: one.on, reverse=True)


def _at_panel(
    item: AgendaItem, decided: Mapping[int | None, tuple[PanelDecision, bool]]
) -> Hearing:
    decision, is_signed = decided.get(item.id, (None, False))
    return Hearing(
        on=item.meeting.on_day,
        panel=item.meeting.panel.name,
        question=QUESTIONS[item.question],
        decision=decision,
        is_signed=is_signed,
    )


def _by_officer(decision: PanelDecision, is_signed: bool) -> Hearing:
    return Hearing(
        on=decision.decided_on,
        panel=None,
        question=QUESTIONS[decision.question],
        decision=decision,
        is_signed=is_signed,
    )
