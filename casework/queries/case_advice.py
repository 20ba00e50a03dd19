"""The advice on one case: who was asked, how each request stands, and what each can feed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from casework.access import Scope
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceCheck,
    AdviceExpected,
    AdviceReuse,
    AdviceService,
    Adviser,
    CaseEvent,
)
from casework.queries.advice import AdviceLine
from casework.queries.advice_access import readable
from casework.queries.cases import CaseView
from casework.queries.clock_lines import service_words
from casework.queries.entries import EventLine
from casework.rules.advisers import SERVICES, Service
from casework.rules.checking import Checked, State, Step, checked, closed_because, is_late
from casework.rules.checking import next_step as step_after
from casework.rules.history import advice_rounds, standing_events, withdrawn_on
from casework.rules.lateness import CAUSES, Cause

Row = TypeVar("Row", AdviceCheck, AdviceExpected, AdviceReuse)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One version of advice that stands, without what it says."""

    advice: Advice
    #: The day it reached us, as it was put right last.
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStory:
    """One request for advice: who was asked, all that came of it, and what to do next.

    Days are those of the newest round, where a service was asked again after an answer.
    """

    line: AdviceLine
    service: AdviceService | None
    #: Every entry about this adviser that stands, the oldest first.
    entries: tuple[EventLine, ...]
    chased_on: tuple[date, ...]
    #: What they said last of not answering in time, while they have not answered.
    expected: AdviceExpected | None
    expected_cause: Cause | None
    withdrawn_on: date | None
    #: Every version that stands, the newest first.
    versions: tuple[Returned, ...]
    checked: Checked
    #: What the service was told is missing, where the newest advice was sent back.
    check_reasons: str
    is_late: bool
    late_cause: Cause | None
    #: What was said of the cause besides.
    late_words: str | None
    #: Why advice is no longer checked on the case, in words.
    closed_because: str | None
    step: Step | None
    #: Whether the person who asks may read what was returned.
    may_read: bool

    @property
    def adviser(self) -> Adviser:
        """Return who was asked."""
        return self.line.adviser

    @property
    def kind(self) -> Service:
        """Return what the service is in law."""
        return SERVICES[self.adviser.service]

    @property
    def words(self) -> str:
        """Return the service's name, and the person asked in it where one is named."""
        if self.service is None:
            return self.line.words
        return (
            f"{self.service.name} ({self.adviser.name})" if self.adviser.name else self.service.name
        )

    @property
    def may_be_checked(self) -> bool:
        """Return whether an officer may accept the newest advice or send it back now."""
        can = (State.TO_CHECK, State.ACCEPTED)
        return self.closed_because is None and self.checked.state in can

    def has_version(self, number: int) -> bool:
        """Return whether a version stands, by its number."""
        return any(one.advice.version == number for one in self.versions)

    def version_before(self, number: int) -> int | None:
        """Return the number of the last version before this one that stands, or None."""
        earlier = (one.advice.version for one in self.versions if one.advice.version < number)
        return max(earlier, default=None)

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the sections of the plan that the newest version can feed."""
        return tuple(self.versions[0].advice.sections.split()) if self.versions else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reused:
    """Existing advice that is used instead of asking again, as the three agreed."""

    adviser: Adviser
    on: date
    reuse: AdviceReuse
    may_read: bool

    @property
    def words(self) -> str:
        """Return whose advice it is, in words."""
        return service_words(self.adviser)

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the sections of the plan that it can feed."""
        return tuple(self.reuse.sections.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAdvice:
    """All the advice on one case, as one person may see it."""

    stories: tuple[RequestStory, ...]
    reused: tuple[Reused, ...]

    def story(self, adviser_id: str) -> RequestStory | None:
        """Return the story of an adviser by the identifier in its address, or None."""
        return next((s for s in self.stories if s.adviser.public_id == adviser_id), None)


def of_case(view: CaseView, reads: Scope, user_id: int) -> CaseAdvice:
    """Return the advice on a case; outstanding requests first, by the day due.

    `reads` says whose advice the person may read (casework.access.reads_of); a service is shown
    its own requests alone. Six statements, however many advisers.
    """
    case_id = view.case.id
    may_read = _readable(case_id, reads, user_id, view.today)
    services = _services(case_id)
    last = _last_entries(view)
    particulars = _Particulars(
        _by_event(AdviceCheck, case_id, last),
        _by_event(AdviceExpected, case_id, last),
        _by_event(AdviceReuse, case_id, last),
    )
    versions = _versions(case_id, last)
    closed = closed_because(standing_events(view.entered))
    lines = [
        line for line in view.advice if reads.services == frozenset() or line.adviser.id in may_read
    ]
    stories = [
        _story(
            view,
            line,
            particulars,
            service=services.get(line.adviser.id),
            versions=versions.get(line.adviser.id, ()),
            closed=closed,
            may_read=line.adviser.id in may_read,
        )
        for line in lines
    ]
    reused = [
        Reused(adviser=one.adviser, on=one.event.happened_on, reuse=row, may_read=True)
        for one in view.history
        if one.stands
        and one.adviser
        and (row := particulars.reuses.get(one.event.id))
        and one.adviser.id in may_read
    ]
    return CaseAdvice(stories=tuple(stories), reused=tuple(reused))


@dataclass(frozen=True, slots=True)
class _Particulars:
    checks: Mapping[int, AdviceCheck]
    expected: Mapping[int, AdviceExpected]
    reuses: Mapping[int, AdviceReuse]


def _story(
    view: CaseView,
    line: AdviceLine,
    particulars: _Particulars,
    *,
    service: AdviceService | None,
    versions: Sequence[Returned],
    closed: str | None,
    may_read: bool,
) -> RequestStory:
    own = _own_entries(view, line.adviser.id)
    newest = _newest_round(view, line.adviser.id)
    round_ = [entry for entry in own if entry.event.id in newest]
    line = _of_round(line, round_)
    state = checked(view.entered, line.adviser.id)
    late = _last(round_, "advice_late_because")
    expected = None if line.answered_on else _last(round_, "advice_expected")
    chased = tuple(e.event.happened_on for e in round_ if e.event.kind == "advice_chased")
    clock = line.limit.clock if line.limit else None
    late_now = clock is not None and is_late(
        clock.due.on, clock.met_on, clock.closed_on, view.today
    )
    check = particulars.checks.get(state.check.id) if state.check else None
    return RequestStory(
        line=line,
        service=service,
        entries=tuple(own),
        chased_on=chased,
        expected=particulars.expected.get(expected.event.id) if expected else None,
        expected_cause=CAUSES.get(expected.event.outcome or "") if expected else None,
        withdrawn_on=withdrawn_on([e for e in view.entered if e.id in newest]),
        versions=tuple(versions),
        checked=state,
        check_reasons=check.reasons if check and state.state is State.SENT_BACK else "",
        is_late=late_now,
        late_cause=CAUSES.get(late.event.outcome or "") if late else None,
        late_words=late.event.note if late else None,
        closed_because=closed,
        step=step_after(
            state.state,
            owed_by=clock.due.on if clock and clock.is_owed else None,
            chased_on=max(chased, default=None),
            # What lifts the limit explains it.
            is_unexplained=bool(late_now and late is None and clock and not clock.lifted_by),
            is_closed=closed is not None,
            today=view.today,
        ),
        may_read=may_read,
    )


def _own_entries(view: CaseView, adviser_id: int) -> list[EventLine]:
    return [one for one in view.history if one.stands and one.event.adviser_id == adviser_id]


def _newest_round(view: CaseView, adviser_id: int) -> set[int]:
    """The ids of the entries of the newest round of asking this adviser."""
    events = [e for e in standing_events(view.entered) if e.adviser_id == adviser_id]
    return {event.id for event in advice_rounds(events).get(adviser_id, [[]])[-1]}


def _of_round(line: AdviceLine, entries: Sequence[EventLine]) -> AdviceLine:
    """The line with the first days of one round of asking."""
    first = {one.event.kind: one.event for one in reversed(entries)}
    days = {kind: event.happened_on for kind, event in first.items()}
    answer = first.get("advice_received")
    return replace(
        line,
        asked_on=days.get("advice_requested"),
        reached_on=days.get("advice_request_received"),
        answered_on=days.get("advice_received"),
        outcome=answer.outcome if answer else None,
    )


def _last(entries: Iterable[EventLine], kind: str) -> EventLine | None:
    found = [one for one in entries if one.event.kind == kind]
    return max(found, key=lambda one: one.event.id, default=None)


def _readable(case_id: int, reads: Scope, user_id: int, today: date) -> set[int]:
    statement = select(Adviser.id).where(
        Adviser.case_id == case_id, readable(reads, user_id, today)
    )
    return set(db.session.scalars(statement))


def _services(case_id: int) -> dict[int, AdviceService]:
    """The service that was asked, with its provider, by the adviser's id."""
    statement = (
        select(Adviser.id, AdviceService)
        .join(AdviceService, AdviceService.id == Adviser.advice_service_id)
        .where(Adviser.case_id == case_id)
        .options(joinedload(AdviceService.provider))
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _last_entries(view: CaseView) -> dict[int, CaseEvent]:
    """The entry that stands in place of each, or strikes it out, by the id of the first."""
    following = {one.event.corrects_id: one.event for one in view.history if one.event.corrects_id}
    found = {}
    for one in view.history:
        event = one.event
        while (later := following.get(event.id)) is not None:
            event = later
        found[one.event.id] = event
    return found


def _by_event(model: type[Row], case_id: int, last: Mapping[int, CaseEvent]) -> dict[int, Row]:
    """What came with events, by the id of the entry that stands for each now."""
    statement = select(model).join(CaseEvent, CaseEvent.id == model.event_id)
    rows = db.session.scalars(statement.where(CaseEvent.case_id == case_id))
    return {last[row.event_id].id: row for row in rows if row.event_id in last}


def _versions(case_id: int, last: Mapping[int, CaseEvent]) -> dict[int, list[Returned]]:
    """The versions that stand, newest first, by adviser: of each its columns, not its words."""
    named = (Advice.adviser_id, Advice.version, Advice.sections, Advice.event_id, Advice.route)
    statement = (
        select(Advice)
        .where(Advice.case_id == case_id)
        .options(load_only(*named, raiseload=True))
        .order_by(Advice.version.desc())
    )
    found: dict[int, list[Returned]] = {}
    for advice in db.session.scalars(statement):
        event = last.get(advice.event_id)
        if event is not None and event.kind != "struck_out":
            found.setdefault(advice.adviser_id, []).append(
                Returned(advice=advice, on=event.happened_on)
            )
    return found
