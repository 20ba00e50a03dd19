"""A meeting that several people prepare: each change is made to the state that its maker saw."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select, update

from casework.extensions import db
from casework.models import PanelCirculation, PanelMeeting, PanelRecord
from casework.queries import changes
from casework.rules.civil_dates import spoken
from casework.services.errors import Absent, ChangedMeanwhile, Refused


@contextmanager
def changing(meeting_id: int, version: int | None) -> Iterator[PanelMeeting]:
    """Give the meeting, claimed, to change its agenda; commit, or undo all that was refused.

    With no `version` the meeting is taken as it now is, whatever the person has seen of it.
    Raises ChangedMeanwhile, Absent; Refused where it can take no change.
    """
    try:
        bump(meeting_id) if version is None else claim(meeting_id, version)
        yield open_to_cases(meeting_id)
    except (Refused, Absent):
        db.session.rollback()
        raise
    db.session.commit()


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


def bump(meeting_id: int) -> None:
    """Raise the meeting's version in the open transaction, which holds it from now on."""
    db.session.execute(
        update(PanelMeeting)
        .where(PanelMeeting.id == meeting_id)
        .values(version=PanelMeeting.version + 1)
        .execution_options(synchronize_session="fetch")
    )


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


def circulated_at(meeting_id: int) -> datetime | None:
    """Return when the meeting's agenda was first sent round; None while it was not."""
    return db.session.scalar(
        select(func.min(PanelCirculation.circulated_at)).where(
            PanelCirculation.meeting_id == meeting_id, PanelCirculation.kind == "agenda"
        )
    )


def subject_of(meeting_id: int) -> str:
    """Return what entries of the audit trail about a meeting are told by: "meeting 7"."""
    return f"meeting {meeting_id}"
