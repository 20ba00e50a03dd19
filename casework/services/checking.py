"""Advice that was returned: accepted, or sent back with reasons; and why it came late."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from casework.emails import links, messages
from casework.extensions import db
from casework.models import Advice, AdviceCheck, Adviser, Case
from casework.queries import history
from casework.queries.clock_lines import clock_lines
from casework.rules.checking import Checked, State, checked, closed_because, is_late
from casework.rules.civil_dates import spoken_date
from casework.rules.history import Happened, standing_events
from casework.rules.lateness import CAUSES
from casework.services import events, outbox, request_emails
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent

NOTHING = "There is no advice from this service to check"


def accept(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    adviser_id: int,
    cause: str | None = None,
    words: str | None = None,
) -> None:
    """Accept an adviser's newest advice, and commit.

    Where it was late, `cause` (a key of lateness.CAUSES) with optional words says why. Raises
    Refused where there is nothing to accept, it is accepted already or the plan is final;
    ChangedMeanwhile; Absent.
    """
    entered = _held(case_id, version, adviser_id)
    state = checked(entered, adviser_id)
    _refuse_unless_checkable(entered, state.state)
    if state.state is State.ACCEPTED:
        _refuse("verdict", f"It was accepted already, on {_day_of(state.check)}")
    if state.state is State.SENT_BACK:
        _refuse("verdict", f"It was sent back on {_day_of(state.check)} and has not come again")
    made = [_check("advice_accepted", today, adviser_id, state, "")]
    if cause:
        made.append(_explanation(entered, case_id, adviser_id, today, cause, words))
    _log(actor, today, case_id, version, made)


def send_back(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    adviser_id: int,
    reasons: str,
    cause: str | None = None,
    words: str | None = None,
) -> None:
    """Send an adviser's newest advice back with reasons, tell its service's mailbox, and commit.

    Its first return still counts for timeliness. Advice that was accepted may be sent back until
    the plan is final. Raises Refused, ChangedMeanwhile and Absent.
    """
    entered = _held(case_id, version, adviser_id)
    state = checked(entered, adviser_id)
    _refuse_unless_checkable(entered, state.state)
    if state.state is State.SENT_BACK:
        _refuse("verdict", f"It was sent back already, on {_day_of(state.check)}")
    if not reasons.strip():
        _refuse("reasons", "Enter what is missing, in words that the service reads")
    made = [_check("advice_sent_back", today, adviser_id, state, reasons)]
    if cause:
        made.append(_explanation(entered, case_id, adviser_id, today, cause, words))
    _tell(case_id, adviser_id, today, version)
    _log(actor, today, case_id, version, made)


def explain_lateness(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    adviser_id: int,
    cause: str,
    words: str | None = None,
) -> None:
    """Say why advice is late and so whose delay it was, and commit; a later say replaces it.

    Raises Refused where it is not late or the cause is none; ChangedMeanwhile; Absent.
    """
    entered = _held(case_id, version, adviser_id)
    made = [_explanation(entered, case_id, adviser_id, today, cause, words)]
    _log(actor, today, case_id, version, made)


def _held(case_id: int, version: int, adviser_id: int) -> list[Happened]:
    """What was entered for the case, which nobody else changes until this transaction ends."""
    events.claim(case_id, version, by=0)
    adviser = db.session.get(Adviser, adviser_id)
    if adviser is None or adviser.case_id != case_id:
        db.session.rollback()
        raise Absent
    return history.entered_events([case_id])[case_id]


def _refuse_unless_checkable(entered: Sequence[Happened], state: State) -> None:
    if words := closed_because(standing_events(entered)):
        _refuse("verdict", words)
    if state is State.NOTHING:
        _refuse("verdict", NOTHING)


def _check(kind: str, today: date, adviser_id: int, found: Checked, reasons: str) -> NewEvent:
    newest = db.session.scalar(select(Advice.id).where(Advice.event_id == found.came_id))

    def brings(event_id: int) -> list[AdviceCheck]:
        return [AdviceCheck(event_id=event_id, advice_id=newest, reasons=reasons)]

    return NewEvent(kind=kind, on=today, adviser_id=adviser_id, brings=brings)


def _explanation(
    entered: Sequence[Happened],
    case_id: int,
    adviser_id: int,
    today: date,
    cause: str,
    words: str | None,
) -> NewEvent:
    if cause not in CAUSES:
        _refuse("cause", "Choose why it was late from the list")
    if not _is_late(entered, case_id, adviser_id, today):
        _refuse("cause", "This advice is not late, so there is nothing to explain")
    return NewEvent(
        kind="advice_late_because", on=today, adviser_id=adviser_id, outcome=cause, note=words
    )


def _is_late(entered: Sequence[Happened], case_id: int, adviser_id: int, today: date) -> bool:
    """Whether the newest request of the adviser was, or still is, answered after its day."""
    case = db.session.get_one(Case, case_id)
    advisers = {e.adviser_id for e in entered if e.adviser_id is not None}
    rows = db.session.scalars(select(Adviser).where(Adviser.id.in_(advisers)))
    lines = clock_lines(
        case,
        {row.id: row for row in rows},
        standing_events(entered),
        today=today,
        soon_within=0,
    )
    own = [line.clock for line in lines if line.clock.adviser_id == adviser_id]
    return bool(own) and is_late(own[-1].due.on, own[-1].met_on, own[-1].closed_on, today)


def _tell(case_id: int, adviser_id: int, today: date, version: int) -> None:
    """Write the service's mailbox that something was sent back; a service without one is not."""
    adviser = db.session.get_one(Adviser, adviser_id)
    contact = request_emails.mailbox_of(adviser, today)
    if contact is None:
        return
    reference = db.session.get_one(Case, case_id).reference
    link = links.to("asked.show_request", adviser_id=adviser.public_id)
    email = messages.advice_sent_back(reference=reference, link=link)
    about = f"advice of adviser {adviser_id} sent back, version {version}"
    outbox.put_to_contact(about=about, contact_id=contact.id, email=email)


def _log(actor: Actor, today: date, case_id: int, version: int, made: Sequence[NewEvent]) -> None:
    events.log_events(actor=actor, today=today, case_id=case_id, version=version, events=made)


def _day_of(check: Happened | None) -> str:
    assert check is not None, "what was checked has its check"
    return spoken_date(check.on)


def _refuse(field: str, words: str) -> None:
    db.session.rollback()
    raise Refused({field: words})
