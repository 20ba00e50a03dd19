"""Meetings of panels, set ahead week by week as the panel's terms say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, select

from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, Panel, PanelCirculation, PanelMeeting
from casework.rules.civil_dates import spoken_date
from casework.rules.errors import BeyondCalendar
from casework.rules.meetings import Slot, due_before, planned, week_of
from casework.services import audit_trail
from casework.services.audit_trail import SCHEDULER, Actor
from casework.services.errors import Absent, Refused

#: How far ahead the nightly job keeps the meetings set.
AHEAD = timedelta(weeks=26)
MEETS_NO_MORE = "The panel meets no more"
_ANOTHER = "Another meeting of the panel is held that day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How many meetings to come follow new terms, and how many of those that differ stay.

    One stays that has been touched: it has cases, was circulated, moved or cancelled by hand.
    """

    followed: int
    stayed: int


def generate(*, actor: Actor, panel_id: int, first: date, until: date) -> int:
    """Set the panel's regular meetings from one day to another, and commit.

    Returns how many were added, those cancelled for a bank holiday included. Only what is missing
    is added: run again, it adds nothing; a meeting that was moved or cancelled is not made anew.
    Raises Absent, and Refused for a day past the known bank holidays.
    """
    panel = locked(panel_id)
    slots = _missing(panel, first, until)
    for slot in slots:
        meeting = PanelMeeting(panel_id=panel.id, week=slot.week, on_day=slot.on_day)
        db.session.add(_as_planned(meeting, panel, slot))
    db.session.flush()
    if slots:
        days = f"{len(slots)}, from {slots[0].on_day} to {slots[-1].on_day}"
        audit_trail.record(
            actor,
            "generated meetings",
            subject=panel_subject(panel.id),
            changes={"meetings": (None, days)},
        )
    db.session.commit()
    return len(slots)


def generate_ahead(today: date) -> str:
    """Keep every panel's meetings set 26 weeks ahead. Returns words for the log.

    Past the known bank holidays nothing is set; the job that watches their list says so in time.
    """
    until = min(today + AHEAD, england_and_wales().last)
    open_panels = select(Panel.id).where(Panel.closed_on.is_(None) | (Panel.closed_on > today))
    ids = db.session.scalars(open_panels.order_by(Panel.id)).all()
    db.session.rollback()
    added = sum(generate(actor=SCHEDULER, panel_id=i, first=today, until=until) for i in ids)
    return f"{added} meetings added for {len(ids)} panels, to {spoken_date(until)}"


def follow(*, panel: Panel, today: date) -> Followed:
    """Let the meetings of later weeks follow the panel's terms, in the open transaction.

    Only those that nobody has touched. Commits nothing. Raises Refused past the bank holidays.
    """
    this_week = week_of(today)
    later = db.session.scalars(
        select(PanelMeeting).where(
            PanelMeeting.panel_id == panel.id,
            PanelMeeting.week > this_week,
        )
    ).all()
    untouched = _untouched(later)
    # A cancelled meeting leaves its day free for another while all of them change places.
    for meeting in untouched:
        meeting.cancelled_at = now()
    db.session.flush()
    if untouched:
        _replan(panel, untouched)
    kept = [m for m in later if m not in untouched and m.cancelled_at is None]
    return Followed(
        followed=sum(1 for m in untouched if m.cancelled_at is None),
        stayed=sum(1 for m in kept if _differs(m, panel)),
    )


def locked(panel_id: int) -> Panel:
    """Return the panel, whose calendar nobody else changes until the commit. Raises Absent."""
    panel = db.session.get(Panel, panel_id, with_for_update=True)
    if panel is None:
        raise Absent
    return panel


def set_dues(meeting: PanelMeeting, panel: Panel) -> None:
    """Set when the meeting's papers are due and its agenda goes out. Raises BeyondCalendar."""
    calendar = england_and_wales()
    day = meeting.on_day
    meeting.papers_by = due_before(day, panel.papers_days, panel.papers_at, calendar)
    meeting.circulate_by = due_before(day, panel.circulate_days, panel.circulate_at, calendar)


def panel_subject(panel_id: int) -> str:
    """Return what entries of the audit trail about a panel are told by: "panel 3"."""
    return f"panel {panel_id}"


def _missing(panel: Panel, first: date, until: date) -> list[Slot]:
    """The slots that have no meeting yet, of the weeks in which the panel still meets."""
    held = db.session.scalars(
        select(PanelMeeting).where(
            PanelMeeting.panel_id == panel.id, PanelMeeting.on_day >= week_of(first) - AHEAD
        )
    ).all()
    settled = {meeting.week for meeting in held if meeting.week}
    return _planned(panel, first, until, settled, _live_days(held))


def _planned(
    panel: Panel, first: date, until: date, settled: Collection[date], taken: Collection[date]
) -> list[Slot]:
    if panel.closed_on:
        until = min(until, panel.closed_on - timedelta(days=1))
    try:
        return planned(
            first,
            until,
            weekday=panel.weekday,
            on_bank_holiday=panel.on_bank_holiday,
            calendar=england_and_wales(),
            settled=settled,
            taken=taken,
        )
    except BeyondCalendar as beyond:
        known = spoken_date(england_and_wales().last)
        raise Refused(
            {
                "until": f"Bank holidays are known only to {known}, so that no meeting can be set "
                "after it. Choose an earlier day"
            }
        ) from beyond


def _replan(panel: Panel, untouched: Sequence[PanelMeeting]) -> None:
    ours = {meeting.id for meeting in untouched}
    others = db.session.scalars(
        select(PanelMeeting).where(PanelMeeting.panel_id == panel.id, PanelMeeting.id.not_in(ours))
    ).all()
    weeks = sorted(meeting.week for meeting in untouched if meeting.week)
    settled = {meeting.week for meeting in others if meeting.week}
    until = weeks[-1] + timedelta(days=6)
    slots = {s.week: s for s in _planned(panel, weeks[0], until, settled, _live_days(others))}
    for meeting in sorted(untouched, key=lambda one: one.on_day):
        slot = slots.get(meeting.week) if meeting.week else None
        if slot:
            _as_planned(meeting, panel, slot)
        else:
            is_closed = panel.closed_on is not None and meeting.on_day >= panel.closed_on
            meeting.cancelled_why = MEETS_NO_MORE if is_closed else _ANOTHER
        db.session.flush()


def _as_planned(meeting: PanelMeeting, panel: Panel, slot: Slot) -> PanelMeeting:
    """The meeting of one week as the panel's terms have it."""
    meeting.on_day, meeting.moved_from = slot.on_day, slot.moved_from
    meeting.starts_at, meeting.minutes, meeting.place = panel.starts_at, panel.minutes, panel.place
    meeting.moved_why = slot.why if slot.moved_from else None
    meeting.cancelled_at = now() if slot.is_cancelled else None
    meeting.cancelled_why = slot.why if slot.is_cancelled else None
    set_dues(meeting, panel)
    return meeting


def _untouched(meetings: Sequence[PanelMeeting]) -> list[PanelMeeting]:
    """Those that are as they were made: no case was ever on them, and nothing was changed."""
    ids = [meeting.id for meeting in meetings if meeting.version == 1]
    with_cases = exists().where(AgendaItem.meeting_id == PanelMeeting.id)
    circulated = exists().where(PanelCirculation.meeting_id == PanelMeeting.id)
    found = db.session.scalars(
        select(PanelMeeting.id).where(PanelMeeting.id.in_(ids), ~with_cases, ~circulated)
    )
    plain = set(found)
    return [meeting for meeting in meetings if meeting.id in plain]


def _differs(meeting: PanelMeeting, panel: Panel) -> bool:
    """Whether a meeting is held on another day, at another time or place than the terms say."""
    if panel.closed_on and meeting.on_day >= panel.closed_on:
        return True
    terms = panel.weekday, panel.starts_at, panel.place
    return (meeting.on_day.weekday(), meeting.starts_at, meeting.place) != terms


def _live_days(meetings: Sequence[PanelMeeting]) -> set[date]:
    return {meeting.on_day for meeting in meetings if meeting.cancelled_at is None}
