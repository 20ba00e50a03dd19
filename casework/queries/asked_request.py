"""One request for advice, as the service that was asked sees it, and what it has returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from casework.access import Scope
from casework.codes import SenType
from casework.extensions import db
from casework.identifiers import spaced_nhs_number
from casework.models import (
    Advice,
    AdviceCheck,
    AdviceExpected,
    AdviceService,
    Adviser,
    Case,
    CaseEvent,
    User,
)
from casework.queries import entries
from casework.queries.asked_of import of_scope
from casework.queries.clock_lines import ClockLine, clock_lines
from casework.rules.advisers import SERVICES, Agency
from casework.rules.answering import Step, latest_of, step_after
from casework.rules.events import DOUBTS, OUTCOMES
from casework.rules.history import (
    Happened,
    advice_rounds,
    standing_events,
    standpoint,
    withdrawn_on,
)
from casework.rules.lateness import CAUSES
from casework.rules.school_years import year_words
from casework.rules.stages import STAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer that came back: its day, and the version of the advice where there is one."""

    event: CaseEvent
    advice: Advice | None
    #: Whether the entry stands: it may have been struck out.
    stands: bool
    #: What was said of it: "advice_accepted" or "advice_sent_back", with its day and reasons.
    check: str | None
    checked_on: date | None
    reasons: str

    @property
    def words(self) -> str:
        """Return the answer in words."""
        return OUTCOMES.get(self.event.outcome or "", "Answered")

    @property
    def doubt_words(self) -> str | None:
        """Return the doubt about it, in words."""
        return DOUBTS.get(self.event.doubt or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """When a service that cannot be in time expects to answer, and why."""

    on: date
    cause: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """One request as it stands on `today`: of the child, what the service needs and no more."""

    today: date
    adviser: Adviser
    case: Case
    step: Step
    asked_on: date | None
    reached_on: date | None
    #: The limit of the newest round; None where none runs.
    limit: ClockLine | None
    answers: Sequence[Answer]
    expected: Expected | None
    withdrawn_on: date | None
    ended_on: date | None
    stage_words: str
    #: The number of the newest entry about it: what the person has seen.
    seen: int

    @property
    def hides_child(self) -> bool:
        """Return whether the child is no concern of the service any more: a request that was
        withdrawn, perhaps because it was the wrong service, before it answered."""
        return self.withdrawn_on is not None and not self.standing_answers

    @property
    def name(self) -> str:
        """Return the child's name as given; of a withdrawn request, that it was withdrawn."""
        if self.hides_child:
            return "Request withdrawn"
        return f"{self.case.person.forenames} {self.case.person.surname}".strip()

    @property
    def nhs_number(self) -> str | None:
        """Return the NHS number in groups, as people read it."""
        number = self.case.person.nhs_number
        return spaced_nhs_number(number) if number else None

    @property
    def year(self) -> str:
        """Return the school year in words."""
        return year_words(self.case.person.date_of_birth, self.today)

    @property
    def need_words(self) -> str:
        """Return the primary need in words."""
        need = self.case.person.primary_need
        return SenType(need).words if need else "Not recorded"

    @property
    def service_name(self) -> str:
        """Return the service that was asked, by its name where it is known."""
        service = self.adviser.advice_service
        return service.name if service else SERVICES[self.adviser.service].words

    @property
    def agency(self) -> Agency:
        """Return the agency of the service."""
        return SERVICES[self.adviser.service].agency

    @property
    def officer(self) -> User | None:
        """Return the case officer."""
        return self.case.officer

    @property
    def sent_back(self) -> Answer | None:
        """Return the answer that was sent back, while nothing was returned after it."""
        last = next(reversed(self.standing_answers), None)
        return last if self.step is Step.SENT_BACK else None

    @property
    def standing_answers(self) -> list[Answer]:
        """Return the answers that stand, in their order."""
        return [answer for answer in self.answers if answer.stands]

    @property
    def counts_for_nothing(self) -> str | None:
        """Return why advice that comes now is no answer any more, in words; None where it is."""
        if self.withdrawn_on:
            return "The request was withdrawn"
        return "The assessment has ended" if self.ended_on else None


def request(scope: Scope, public_id: str, *, today: date, soon_within: int) -> RequestView | None:
    """Return one request that the scope answers for; None where absent or not theirs, alike.

    A fixed number of statements. What was returned is this adviser's own, so whoever answers for
    the adviser may read it.
    """
    adviser = db.session.scalar(
        select(Adviser)
        .join(Case, Case.id == Adviser.case_id)
        .where(*of_scope(scope, Adviser.public_id == public_id))
        .options(joinedload(Adviser.advice_service).joinedload(AdviceService.provider))
    )
    return view(adviser, today=today, soon_within=soon_within) if adviser else None


def view(adviser: Adviser, *, today: date, soon_within: int) -> RequestView:
    """Return one request as it stands on `today`."""
    case = db.session.scalars(
        select(Case)
        .where(Case.id == adviser.case_id)
        .options(joinedload(Case.person), joinedload(Case.setting), joinedload(Case.officer))
    ).one()
    history = entries.entered(case.id)
    events = standing_events([entries.as_happened(event) for event in history])
    lines = clock_lines(case, _advisers(case.id), events, today=today, soon_within=soon_within)
    own = (advice_rounds(events).get(adviser.id) or [[]])[-1]
    limit = _newest([line for line in lines if line.adviser and line.adviser.id == adviser.id])
    days = {event.kind: event.on for event in reversed(own)}
    stands = standpoint(events)
    return RequestView(
        today=today,
        adviser=adviser,
        case=case,
        step=_step(own, limit),
        asked_on=days.get("advice_requested"),
        reached_on=days.get("advice_request_received"),
        limit=limit,
        answers=_answers(adviser.id, history),
        expected=_expected(own),
        withdrawn_on=withdrawn_on(own),
        ended_on=stands.ended_on,
        stage_words=STAGES[stands.stage].words,
        seen=max((event.id for event in history if event.adviser_id == adviser.id), default=0),
    )


def final_entries(history: Sequence[CaseEvent]) -> dict[int, CaseEvent]:
    """Return, for every entry by its id, the entry that stands in its place at the end of its
    corrections: itself, the last correction, or that it was struck out."""
    later = {event.corrects_id: event for event in history if event.corrects_id}
    found = {}
    for event in history:
        last = event
        while last.id in later:
            last = later[last.id]
        found[event.id] = last
    return found


def _advisers(case_id: int) -> dict[int, Adviser]:
    rows = db.session.scalars(select(Adviser).where(Adviser.case_id == case_id))
    return {adviser.id: adviser for adviser in rows}


def _newest(limits: Sequence[ClockLine]) -> ClockLine | None:
    return max(limits, key=lambda line: (line.clock.due.on, line.key), default=None)


def _step(own: Sequence[Happened], limit: ClockLine | None) -> Step:
    latest = latest_of(own)
    if latest is None:
        return Step.NEW
    met = limit is not None and limit.clock.met_on is not None
    closed = limit is not None and limit.clock.closed_on is not None and not met
    return step_after(latest.kind, is_closed=closed, is_answered=met)


def _expected(own: Sequence[Happened]) -> Expected | None:
    latest = latest_of(own)
    if latest is None or latest.kind != "advice_expected":
        return None
    row = db.session.get(AdviceExpected, latest.id)
    cause = CAUSES.get(latest.outcome or "")
    words = cause.words if cause else ""
    return Expected(on=row.expected_on, cause=words, words=row.words) if row else None


def _answers(adviser_id: int, history: Sequence[CaseEvent]) -> list[Answer]:
    own = [event for event in history if event.adviser_id == adviser_id]
    final = final_entries(history)
    firsts = [e for e in own if e.kind == "advice_received" and e.corrects_id is None]
    versions = {row.event_id: row for row in _versions(adviser_id)}
    checks = _checks(own, final)
    found = []
    for first in sorted(firsts, key=lambda event: event.id):
        last, advice = final[first.id], versions.get(first.id)
        stands = last.kind == "advice_received"
        event = last if stands else first
        check = _check_of(event, advice, checks)
        said, row = check or (None, None)
        found.append(
            Answer(
                event=event,
                advice=advice,
                stands=stands,
                check=said.kind if said else None,
                checked_on=said.happened_on if said else None,
                reasons=row.reasons if row else "",
            )
        )
    return found


Check = tuple[CaseEvent, AdviceCheck | None]


def _checks(own: Sequence[CaseEvent], final: dict[int, CaseEvent]) -> list[Check]:
    said = [e for e in own if e.kind in ("advice_accepted", "advice_sent_back")]
    rows = {
        final[row.event_id].id: row
        for row in db.session.scalars(
            select(AdviceCheck).where(AdviceCheck.event_id.in_([event.id for event in said]))
        )
    }
    standing = [event for event in said if final[event.id] is event]
    return [(event, rows.get(event.id)) for event in standing]


def _check_of(event: CaseEvent, advice: Advice | None, checks: Sequence[Check]) -> Check | None:
    """The last check of this very version; of advice without versions, the last one after it."""
    mine = [
        (said, row)
        for said, row in checks
        if (row is not None and advice is not None and row.advice_id == advice.id)
        or ((row is None or row.advice_id is None) and said.id > event.id)
    ]
    return mine[-1] if mine else None


def _versions(adviser_id: int) -> Sequence[Advice]:
    return db.session.scalars(
        select(Advice)
        .where(Advice.adviser_id == adviser_id)
        .options(
            joinedload(Advice.document),
            selectinload(Advice.entries),
            joinedload(Advice.entered_by).load_only(User.name),
        )
        .order_by(Advice.version)
    ).all()
