"""Exceptions: proposed by one person, approved by another, told to the family, ended.

A proposal lifts nothing. Approving it enters `exception_recorded`, the event that lifts a limit,
with the particulars that were proposed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import CaseEvent, CaseEventException, ExceptionStep
from casework.models.base import Model
from casework.queries.standing import stands
from casework.rules.civil_dates import spoken
from casework.rules.exceptions import REGULATIONS
from casework.services import events
from casework.services.audit_trail import Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent
from casework.services.protected_text import refuse_protected

SECOND_PERSON = (
    "You proposed this exception, so you cannot decide on it. Ask another manager to do so"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What an exception rests on. `adviser_id` is given where the limit is one adviser's."""

    regulation: str
    ground: str
    reason: str
    adviser_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    evidence: str | None = None

    def event(self, kind: str, on: date) -> NewEvent:
        """Return the event that has these particulars."""
        columns = asdict(self)
        return NewEvent(kind=kind, on=on, adviser_id=columns.pop("adviser_id"), exception=columns)


def propose(
    *, actor: Actor, today: date, case_id: int, version: int, proposals: Sequence[Particulars]
) -> None:
    """Propose an exception under each regulation, and commit. It lifts nothing.

    Raises Refused for a ground that the regulation does not list, for want of a reason, and for
    what is proposed or approved already; for a protected detail in its words; ChangedMeanwhile.
    """
    for one in proposals:
        refuse_protected(actor, case_id, {"reason": one.reason, "evidence": one.evidence})
    events.claim(case_id, version)
    held = _held(case_id)
    for one in proposals:
        if one.ground not in REGULATIONS[one.regulation].grounds:
            raise _refused("ground", f"{one.regulation} does not list this ground. Choose another")
        if not one.reason:
            raise _refused("reason", "Enter why it was impractical to keep the time limit")
        if (one.regulation, one.ground, one.adviser_id) in held:
            raise _refused("limits", "An exception on this ground is proposed or approved already")
    made = [one.event("exception_proposed", today) for one in proposals]
    events.record(actor, today, case_id, made)
    db.session.commit()


def approve(*, actor: Actor, today: date, case_id: int, version: int, proposal_id: int) -> None:
    """Approve a proposal, and commit: it lifts the limit from now on.

    Raises Refused for whoever proposed it, for a proposal that was struck out or decided already;
    ChangedMeanwhile.
    """
    events.claim(case_id, version)
    proposal = _waiting(actor, case_id, proposal_id)
    kept = proposal.exception
    assert kept is not None, "a proposal has its particulars"
    copied = ("regulation", "ground", "first_day", "last_day", "evidence", "reason")
    approved = NewEvent(
        kind="exception_recorded",
        on=today,
        adviser_id=proposal.adviser_id,
        exception={name: getattr(kept, name) for name in copied} | {"approver_recorded": True},
        brings=_step(proposal_id, ""),
    )
    events.record(actor, today, case_id, [approved])
    db.session.commit()


def refuse(
    *, actor: Actor, today: date, case_id: int, version: int, proposal_id: int, reason: str
) -> None:
    """Say that a proposal is not approved, and why, and commit. Raises as `approve` does, and
    Refused for a protected detail in the reason."""
    refuse_protected(actor, case_id, {"reason": reason})
    events.claim(case_id, version)
    _waiting(actor, case_id, proposal_id)
    if not reason:
        raise _refused("reason", "Enter why it is not approved")
    refused = NewEvent(kind="exception_refused", on=today, brings=_step(proposal_id, reason))
    events.record(actor, today, case_id, [refused])
    db.session.commit()


def told_event(proposal_id: int, on: date, words: str) -> NewEvent:
    """Return the event that the family was told of an approved exception, on a day, in words.

    For whoever enters it with something else, as a letter. Entering it raises Refused where the
    exception is not approved on that case, or was approved only later.
    """
    return NewEvent(
        kind="exception_told", on=on, brings=_step(proposal_id, words, _refuse_unapproved)
    )


def tell(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    proposal_id: int,
    on: date,
    words: str,
) -> None:
    """Record that the family was told of an approved exception, and commit.

    Raises Refused where it is not approved, or they were told already, and for a protected detail
    in the words; ChangedMeanwhile.
    """
    refuse_protected(actor, case_id, {"words": words})
    events.claim(case_id, version)
    if "exception_told" in _steps(proposal_id):
        raise _refused("on", "The family was told already. Open the case again to see when")
    events.record(actor, today, case_id, [told_event(proposal_id, on, words)])
    db.session.commit()


def end(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    proposal_id: int,
    on: date,
    reason: str,
) -> None:
    """Record the day on which what was exceptional ended, and commit.

    Raises Refused where it is not approved, has ended already, or ended before it began, and for a
    protected detail in the reason; ChangedMeanwhile.
    """
    refuse_protected(actor, case_id, {"reason": reason})
    events.claim(case_id, version)
    if "exception_ended" in _steps(proposal_id):
        raise _refused("on", "It has ended already. Open the case again to see when")
    ended = NewEvent(
        kind="exception_ended", on=on, brings=_step(proposal_id, reason, _refuse_no_end)
    )
    events.record(actor, today, case_id, [ended])
    db.session.commit()


Check = Callable[[CaseEvent, CaseEvent], None]


def _step(
    proposal_id: int, words: str, check: Check | None = None
) -> Callable[[int], Iterable[Model]]:
    """The row that ties a step to its proposal; `check` is given the step and the approval."""

    def brings(event_id: int) -> Iterable[Model]:
        if check:
            step = db.session.get_one(CaseEvent, event_id)
            approved = _steps(proposal_id).get("exception_recorded")
            if approved is None or approved.case_id != step.case_id:
                raise _refused("on", "This exception is not approved, or not any more")
            check(step, approved)
        return [ExceptionStep(event_id=event_id, proposal_id=proposal_id, words=words)]

    return brings


def _refuse_unapproved(told: CaseEvent, approved: CaseEvent) -> None:
    if told.happened_on < approved.happened_on:
        day = spoken(approved.happened_on)
        raise _refused("on", f"This is before the exception was approved, on {day}")


def _refuse_no_end(ended: CaseEvent, approved: CaseEvent) -> None:
    first = approved.exception.first_day if approved.exception else None
    if first and ended.happened_on < first:
        raise _refused("on", f"This is before its first day, {spoken(first)}")


def _waiting(actor: Actor, case_id: int, proposal_id: int) -> CaseEvent:
    """The proposal that waits, for somebody else to decide on."""
    statement = select(CaseEvent).where(
        CaseEvent.id == proposal_id,
        CaseEvent.case_id == case_id,
        CaseEvent.kind == "exception_proposed",
        stands(CaseEvent),
    )
    proposal = db.session.scalar(statement)
    if proposal is None:
        raise _refused("decision", "This proposal was struck out. There is nothing to decide")
    if {"exception_recorded", "exception_refused"} & _steps(proposal_id).keys():
        raise _refused("decision", "This proposal was decided already. Open the case again")
    if proposal.entered_by_id == actor.user_id:
        raise _refused("decision", SECOND_PERSON)
    return proposal


def _steps(proposal_id: int) -> dict[str, CaseEvent]:
    """The steps of an exception that stand, by kind."""
    statement = (
        select(CaseEvent)
        .join(ExceptionStep, ExceptionStep.event_id == CaseEvent.id)
        .where(ExceptionStep.proposal_id == proposal_id, stands(CaseEvent))
    )
    return {event.kind: event for event in db.session.scalars(statement)}


def _held(case_id: int) -> set[tuple[str, str | None, int | None]]:
    """The regulation, ground and adviser of each exception of a case that is recorded, and of each
    proposal that was not refused."""
    refused = (
        select(ExceptionStep.proposal_id)
        .join(CaseEvent, CaseEvent.id == ExceptionStep.event_id)
        .where(CaseEvent.kind == "exception_refused", stands(CaseEvent))
    )
    statement = (
        select(CaseEventException.regulation, CaseEventException.ground, CaseEvent.adviser_id)
        .join(CaseEvent, CaseEvent.id == CaseEventException.event_id)
        .where(CaseEvent.case_id == case_id, stands(CaseEvent), CaseEvent.id.not_in(refused))
    )
    return {(row[0], row[1], row[2]) for row in db.session.execute(statement)}


def _refused(field: str, words: str) -> Refused:
    """Undo the open transaction, and say why at a field."""
    db.session.rollback()
    return Refused({field: words})
