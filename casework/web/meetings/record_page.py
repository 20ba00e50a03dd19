"""What a person may read of a meeting's record, and how it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template

from casework.access import Permission
from casework.database import reading
from casework.queries import meetings, papers, record_changes, records
from casework.queries.meetings import MeetingView
from casework.queries.papers import PaperLine
from casework.queries.record_changes import Changed
from casework.queries.records import Line, Record
from casework.services import viewing
from casework.services.decisions import COST
from casework.services.signer import Signer, signer_of
from casework.web.guards import actor, seat, viewer
from casework.web.meetings.page import may_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A record as far as one person may read it."""

    #: Whole, as it stands: what is signed is this, whatever the person sees of it.
    standing: Record
    #: What the person reads: as it stands, or a signed version; None where nothing is signed yet.
    record: Record | None
    #: What changed since the version before.
    changes: list[Changed]
    #: In how many of its cases the person has declared an interest.
    declared: int
    #: The meetings that cases were taken over to, by id.
    went_to: Mapping[int, Any]
    #: What the panel had before it, by the item's id; for a signed version, as it was by then.
    papers: Mapping[int, Sequence[PaperLine]]
    signer: Signer

    @property
    def own(self) -> list[Line]:
        """Return the cases that are the person's to sign, signed or not."""
        return [line for line in self.standing.lines if self.signer.may_sign(line)]

    @property
    def to_sign(self) -> list[Line]:
        """Return the cases of which the person has something to sign."""
        return [line for line in self.own if not line.is_signed]

    @property
    def may_sign(self) -> bool:
        """Return whether there is anything for this person to sign now."""
        if self.signer.cannot:
            return False
        changed = self.signer.is_chair and self.standing.is_attendance_changed
        return bool(self.to_sign) or changed or not self.standing.versions


def read_sheet(view: MeetingView, number: int | None = None) -> Sheet | None:
    """Return what the person who asks may read of the record, or None where there is none.

    `number` asks for one signed version. Those who run the meeting or sit in it read the record
    as it stands; others only what is signed: nothing is decided before.
    """
    with reading():
        own_seat = seat()
        standing = records.as_it_stands(view.meeting, view.members)
        record, earlier = _asked(view, standing, number)
        if number is not None and record is None:
            return None
        seen = records.visible(own_seat, view.meeting.id)
        record = _only(record, seen) if record else None
        sheet = Sheet(
            standing=standing,
            record=record,
            changes=record_changes.between(_only(earlier, seen), record)
            if record and earlier
            else [],
            declared=meetings.declared(own_seat, view.meeting.id),
            went_to=records.meetings_named(_gone(record)),
            papers=_papers(view, record),
            signer=_signer(view, standing),
        )
        viewing.let_go()
    return sheet


def show(template: str, view: MeetingView, sheet: Sheet, status: int = 200, **words: Any) -> Any:
    """Return the page, after the audit trail was told of each case on it."""
    lines = sheet.record.lines if sheet.record else ()
    if lines:
        ids = [line.case.id for line in lines]
        viewing.cases_viewed(actor=actor(), case_ids=ids, what="viewed record of meeting")
    page = render_template(
        template,
        view=view,
        sheet=sheet,
        record=sheet.record,
        may_run=may_run(view),
        said=record_changes.said,
        pending=record_changes.pending,
        cost=COST,
        **words,
    )
    return page, status


def _asked(
    view: MeetingView, standing: Record, number: int | None
) -> tuple[Record | None, Record | None]:
    """The record that is asked for, and the version before it."""
    if number is None:
        may_see_draft = may_run(view) or view.member(viewer().user_id) is not None
        if may_see_draft and not standing.is_whole:
            return standing, None
        if standing.last is None:
            return None, None
        number = standing.last.version
    found = records.as_signed(view.meeting, number)
    earlier = records.as_signed(view.meeting, number - 1) if found and number > 1 else None
    return found, earlier


def _only(record: Record, seen: frozenset[int]) -> Record:
    return replace(record, lines=tuple(line for line in record.lines if line.item.id in seen))


def _gone(record: Record | None) -> list[int | None]:
    lines = record.lines if record else ()
    return [line.decision.carried_to_id for line in lines if line.decision]


def _papers(view: MeetingView, record: Record | None) -> dict[int, list[PaperLine]]:
    if record is None:
        return {}
    found = papers.of_items([line.item.id for line in record.lines], view.agenda_circulated_at)
    by = record.version.signed_at if record.version else None
    return {
        item_id: [one for one in lines if by is None or one.paper.chosen_at <= by]
        for item_id, lines in found.items()
    }


def _signer(view: MeetingView, standing: Record) -> Signer:
    person = viewer()
    may_decide = person.may(Permission.DECIDE)
    return signer_of(person.user_id, view.members, standing, may_decide=may_decide)
