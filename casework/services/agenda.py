"""The agenda of a meeting: which cases come before it, and from where."""

from collections.abc import Sequence

from sqlalchemy import select, update

from casework.clock import now
from casework.extensions import db
from casework.models import AgendaItem, PanelMeeting, PanelRecord
from casework.queries import changes
from casework.rules.civil_dates import spoken
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused


def claim(meeting_id: int, version: int) -> None:
    """Claim the next version of a meeting, in the open transaction.

    Raises ChangedMeanwhile, saying what others did, where `version` is no longer the meeting's.
    """
    taken = db.session.execute(
        update(PanelMeeting)
        .where(PanelMeeting.id == meeting_id, PanelMeeting.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    held = db.session.scalar(select(PanelMeeting.version).where(PanelMeeting.id == meeting_id))
    if held is None:
        raise Absent
    done = changes.latest_about(subject_of(meeting_id), count=max(held - version, 1))
    db.session.rollback()
    raise ChangedMeanwhile(held, done)


def subject_of(meeting_id: int) -> str:
    """Return what entries of the audit trail about a meeting are told by: "meeting 7"."""
    return f"meeting {meeting_id}"


def open_to_cases(meeting_id: int) -> PanelMeeting:
    """Return the meeting, to which cases may still come.

    Raises Absent; Refused where it was cancelled or its record is signed.
    """
    meeting = db.session.get(PanelMeeting, meeting_id)
    if meeting is None:
        raise Absent
    if meeting.cancelled_at is not None:
        raise Refused({"meeting": f"The meeting of {spoken(meeting.on_day)} was cancelled"})
    signed = select(PanelRecord.id).where(PanelRecord.meeting_id == meeting_id).limit(1)
    if db.session.scalar(signed) is not None:
        words = f"The record of the meeting of {spoken(meeting.on_day)} is signed: choose another"
        raise Refused({"meeting": words})
    return meeting


def items_at(meeting_id: int) -> Sequence[AgendaItem]:
    """Return the items of a meeting that were not taken off, in their order."""
    return db.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None))
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()


def carry_over(
    *, actor: Actor, items: Sequence[AgendaItem], to_meeting_id: int, why: str
) -> list[AgendaItem]:
    """Put items of an earlier meeting on a later one's agenda, after those that are there.

    In the open transaction; commits nothing. Returns the new items in the order given; a case that
    is there already for the same question stays, and is the one returned. The earlier items are
    left as they are. Raises Absent; Refused where the later meeting can take no cases.
    """
    meeting = open_to_cases(to_meeting_id)
    _check_panel(meeting, items)
    there = {(item.case_id, item.question): item for item in items_at(to_meeting_id)}
    place = max((item.place for item in there.values()), default=0)
    came = []
    for earlier in items:
        found = there.get((earlier.case_id, earlier.question))
        if found is None:
            place += 1
            found = _copied(earlier, meeting.id, place, actor)
            db.session.add(found)
        elif found.carried_from_id is None:
            found.carried_from_id = earlier.id
        came.append(found)
    meeting.version += 1
    db.session.flush()
    audit_trail.record_all(actor, [_carried(*both, why) for both in zip(items, came, strict=True)])
    return came


def _check_panel(meeting: PanelMeeting, items: Sequence[AgendaItem]) -> None:
    beyond = {item.question for item in items} - set(meeting.panel.question_keys)
    if beyond:
        words = f"{meeting.panel.name} does not decide this: choose a meeting of a panel that does"
        raise Refused({"meeting": words})


def _copied(earlier: AgendaItem, meeting_id: int, place: int, actor: Actor) -> AgendaItem:
    return AgendaItem(
        meeting_id=meeting_id,
        case_id=earlier.case_id,
        question=earlier.question,
        place=place,
        minutes=earlier.minutes,
        note=earlier.note,
        added_at=now(),
        added_by_id=actor.user_id,
        carried_from_id=earlier.id,
    )


def _carried(earlier: AgendaItem, later: AgendaItem, why: str) -> Act:
    return Act(
        action="carried case over",
        case_id=later.case_id,
        subject=subject_of(later.meeting_id),
        changes={"meeting": (earlier.meeting_id, later.meeting_id), "why": (None, why)},
    )
