"""How a page about one case of a meeting is opened and shown: in its window, told, then sent."""

from typing import Any

from flask import abort, render_template, session

from casework import clock, current
from casework.access import Permission
from casework.database import reading
from casework.queries import panel_cases, panel_views
from casework.queries.meetings import MeetingView
from casework.queries.panel_cases import PanelCase
from casework.rules.civil_dates import LONDON
from casework.services import viewing
from casework.web.guards import NotAllowed, actor, seat, viewer
from casework.web.meetings.page import may_run, open_item, open_meeting

#: Kept in the session: a shared screen shows initials; single keys may be turned off.
DISPLAY = "display"
KEYS_OFF = "single_keys_off"


def open_panel_case(public_id: str, item_id: str) -> tuple[MeetingView, PanelCase]:
    """Return the meeting and its case. Answers 404 alike for none and for one not theirs to see."""
    with reading():
        meeting = open_meeting(public_id)
        item = open_item(meeting, item_id)
        case = panel_cases.view(
            seat(),
            meeting,
            item,
            today=clock.today(),
            soon_within=current.settings().soon_within,
        )
        viewing.let_go()
    return meeting, case


def may_record(meeting: MeetingView, case: PanelCase) -> bool:
    """Return whether the person may record what became of the case: they run it, and it is on."""
    is_on = not meeting.is_cancelled and case.item.item.removed_at is None
    return is_on and may_run(meeting) and clock.today() >= meeting.meeting.on_day


def check_may_record(meeting: MeetingView, case: PanelCase) -> None:
    """Answer 404 where nothing can be recorded. Raises NotAllowed for who does not run it."""
    if not may_run(meeting):
        raise NotAllowed(Permission.PREPARE_MEETINGS)
    if not may_record(meeting, case):
        abort(404)


def may_give_view(meeting: MeetingView, case: PanelCase) -> bool:
    """Return whether the person may say before the meeting what they think of the case."""
    sits = meeting.member(viewer().user_id) is not None
    is_open = clock.today() <= meeting.meeting.on_day and case.item.item.removed_at is None
    return sits and is_open and not case.versions and not meeting.is_cancelled


def has_begun(meeting: MeetingView) -> bool:
    """Return whether the meeting's hour has come."""
    today, day = clock.today(), meeting.meeting.on_day
    at = clock.now().astimezone(LONDON).time()
    return today > day or (today == day and at >= meeting.meeting.starts_at)


def show(
    template: str,
    meeting: MeetingView,
    case: PanelCase,
    *,
    what: str = "viewed case before a panel",
    status: int = 200,
    **words: Any,
) -> tuple[str, int]:
    """Return the page, after the audit trail was told of it; 503 where it could not be told."""
    viewing.case_viewed(actor=actor(), case_id=case.view.case.id, what=what)
    user_id, is_display = viewer().user_id, bool(session.get(DISPLAY))
    is_run, sits = may_run(meeting), meeting.member(user_id) is not None
    who = {"runs": is_run, "sits": sits}
    views = panel_views.shown_to(user_id, case.views, **who, has_begun=has_begun(meeting))
    page = render_template(
        template,
        view=meeting,
        case=case,
        **who,
        is_display=is_display,
        single_keys=not session.get(KEYS_OFF),
        views=[] if is_display else views,
        may_record=may_record(meeting, case),
        may_see_decision=case.is_signed or is_run or sits,
        **words,
    )
    return page, status
