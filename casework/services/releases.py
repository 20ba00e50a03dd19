"""One lead asks to read the other's advice on one case; the other grants it, or refuses."""

from datetime import date, timedelta

from casework import clock, current
from casework.access import Role, Scope
from casework.emails import links, messages
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AdviceRelease, Case
from casework.queries import releases
from casework.queries.releases import AGENCY_OF, Release
from casework.rules.advisers import Agency
from casework.rules.releases import OTHER, Stands, answer_by
from casework.services import audit_trail, outbox
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused

OVER = "Nobody answered in time, so this request counts as refused. They can ask again"
OWN = "You asked for this yourself, so somebody else answers it"


def ask(*, actor: Actor, today: date, case_id: int, role: str, reason: str) -> None:
    """Ask to read the other agency's advice on a case, tell its leads, and commit.

    `role` is the lead's own. Raises Refused where no reason is given, nobody of that agency was
    asked, or a request waits or holds already; Absent.
    """
    agency = OTHER[AGENCY_OF[Role(role)]]
    if not reason.strip():
        raise Refused({"reason": "Enter why you need to read it"})
    # Two presses at once take turns here, so that one request is made.
    if db.session.get(Case, case_id, with_for_update=True) is None:
        raise Absent
    _refuse_twice(actor, today, case_id, agency)
    row = AdviceRelease(
        case_id=case_id,
        agency=agency,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        reason=reason,
    )
    db.session.add(row)
    db.session.flush()
    _tell(row, agency, today)
    audit_trail.record(
        actor,
        f"asked to read {agency.words} advice",
        case_id=case_id,
        subject=f"release {row.id}",
        changes={"reason": (None, reason)},
    )
    db.session.commit()


def grant(*, actor: Actor, today: date, scope: Scope, role: str, public_id: str) -> None:
    """Let the other lead read it for as many days as the setting says, today being the first;
    commit.

    Raises Absent, and Refused where it was answered already, too late or by who asked.
    """
    row = _to_answer(actor, today, scope, role, public_id).row
    row.until_day = today + timedelta(days=current.settings().release_days - 1)
    _answer(actor, row, is_granted=True, why=None)


def refuse(*, actor: Actor, today: date, scope: Scope, role: str, public_id: str, why: str) -> None:
    """Refuse it, with the reason, and commit. Raises as `grant` does."""
    if not why.strip():
        raise Refused({"why": "Enter why you refuse it. Whoever asked reads this"})
    row = _to_answer(actor, today, scope, role, public_id).row
    _answer(actor, row, is_granted=False, why=why)


def _refuse_twice(actor: Actor, today: date, case_id: int, agency: Agency) -> None:
    words = None
    if actor.user_id is None or not releases.was_asked(case_id, agency):
        words = f"No service of {agency.words} was asked for advice on this case"
    else:
        held = releases.of_case(case_id, actor.user_id, today, _days())
        states = {one.stands for one in held}
        if Stands.WAITING in states:
            words = "You have asked for this already, and the answer is still to come"
        elif Stands.OPEN in states:
            words = "You may read it already"
    if words:
        db.session.rollback()
        raise Refused({"reason": words})


def _to_answer(actor: Actor, today: date, scope: Scope, role: str, public_id: str) -> Release:
    """The request, held until this transaction ends, if this person may answer it now."""
    held = releases.find(scope, public_id, today, _days())
    if held is None or AGENCY_OF.get(role) != held.row.agency:
        raise Absent
    # Of this row alone: PostgreSQL holds no outer side of a join.
    db.session.refresh(held.row, with_for_update={"of": AdviceRelease})
    words = None
    if held.row.asked_by_id == actor.user_id:
        words = OWN
    elif held.row.decided_at is not None:
        words = "It was answered already"
    elif held.stands is not Stands.WAITING:
        words = OVER
    if words:
        db.session.rollback()
        raise Refused({"answer": words})
    return held


def _answer(actor: Actor, row: AdviceRelease, *, is_granted: bool, why: str | None) -> None:
    row.decided_by_id, row.decided_at = actor.user_id, clock.now()
    row.is_granted, row.why = is_granted, why
    audit_trail.record(
        actor,
        "released advice" if is_granted else "refused to release advice",
        case_id=row.case_id,
        subject=f"release {row.id}",
        changes={"granted": (None, is_granted), "until": (None, row.until_day), "why": (None, why)},
    )
    db.session.commit()


def _tell(row: AdviceRelease, agency: Agency, today: date) -> None:
    last_day = answer_by(today, england_and_wales(), _days())
    email = messages.release_asked(answer_by=last_day, link=links.to("releases.index"))
    for person in releases.leads(agency):
        outbox.put(about=f"release {row.id} asked", to_user_id=person.id, email=email)


def _days() -> int:
    return current.settings().release_answer_days
