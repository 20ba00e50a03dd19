"""Meetings set ahead for a panel's weekly slot, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Panel, PanelMeeting
from casework.services import meetings
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, Refused
from tests.factories import TODAY, make_meeting, make_panel

AHEAD = {"actor": COMMAND_LINE, "first": TODAY, "until": TODAY + timedelta(weeks=26)}
CHRISTMAS = {"first": date(2026, 12, 21), "until": date(2026, 12, 31)}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def panel() -> Panel:
    return make_panel(place="Committee room 2", minutes=150)


def held() -> list[PanelMeeting]:
    return list(db.session.scalars(select(PanelMeeting).order_by(PanelMeeting.on_day)))


def days() -> list[date]:
    return [meeting.on_day for meeting in held() if meeting.cancelled_at is None]


def test_a_half_year_of_meetings_is_set_as_the_terms_say(panel: Panel) -> None:
    assert meetings.generate(panel_id=panel.id, **AHEAD) == 26
    first = held()[0]
    assert (first.on_day, first.week) == (date(2026, 11, 25), date(2026, 11, 23))
    assert (first.starts_at, first.minutes, first.place) == (time(9, 30), 150, "Committee room 2")
    assert first.papers_by == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert first.circulate_by == datetime(2026, 11, 20, 12, tzinfo=UTC)
    told = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
    assert told == "generated meetings"


def test_run_again_it_adds_only_what_is_missing(panel: Panel) -> None:
    meetings.generate(panel_id=panel.id, **AHEAD)
    told = len(db.session.scalars(select(AuditEntry.id)).all())
    assert meetings.generate(panel_id=panel.id, **AHEAD) == 0
    assert len(db.session.scalars(select(AuditEntry.id)).all()) == told
    later = AHEAD | {"until": TODAY + timedelta(weeks=27)}
    assert meetings.generate(panel_id=panel.id, **later) == 1


def test_a_meeting_that_was_cancelled_or_moved_is_not_made_anew(panel: Panel) -> None:
    meetings.generate(panel_id=panel.id, **AHEAD)
    cancelled, moved = held()[:2]
    cancelled.cancelled_at = datetime(2026, 11, 23, tzinfo=UTC)
    moved.moved_from, moved.on_day = moved.on_day, moved.on_day + timedelta(1)
    db.session.commit()
    assert meetings.generate(panel_id=panel.id, **AHEAD) == 0


def test_a_meeting_added_by_hand_on_the_day_of_the_slot_stands_for_it(panel: Panel) -> None:
    make_meeting(panel, date(2026, 12, 2))
    assert meetings.generate(panel_id=panel.id, **AHEAD) == 25


def test_a_meeting_on_a_bank_holiday_moves_with_its_reason(panel: Panel) -> None:
    panel.weekday = 0  # Boxing Day is a Saturday in 2026, so Monday 28 December is off too
    db.session.commit()
    meetings.generate(actor=COMMAND_LINE, panel_id=panel.id, **CHRISTMAS)
    moved = held()[1]
    assert (moved.on_day, moved.moved_from) == (date(2026, 12, 29), date(2026, 12, 28))
    assert moved.moved_why == "Monday 28 December 2026 is a bank holiday"
    assert moved.papers_by == datetime(2026, 12, 21, 17, tzinfo=UTC)


def test_a_meeting_on_a_bank_holiday_is_cancelled_with_its_reason(panel: Panel) -> None:
    panel.weekday, panel.on_bank_holiday = 0, "cancel"
    db.session.commit()
    meetings.generate(actor=COMMAND_LINE, panel_id=panel.id, **CHRISTMAS)
    assert days() == [date(2026, 12, 21)]
    assert held()[1].cancelled_why == "Monday 28 December 2026 is a bank holiday"
    assert meetings.generate(actor=COMMAND_LINE, panel_id=panel.id, **CHRISTMAS) == 0


def test_past_the_known_bank_holidays_nothing_is_set_and_it_says_so(panel: Panel) -> None:
    with pytest.raises(Refused) as refused:
        meetings.generate(panel_id=panel.id, **AHEAD | {"until": date(2029, 1, 10)})
    assert "31 December 2028" in refused.value.reasons["until"]
    db.session.rollback()
    assert held() == []
    with pytest.raises(Absent):
        meetings.generate(panel_id=panel.id + 1, **AHEAD)


def test_every_night_each_panel_is_set_ahead_but_one_that_meets_no_more(panel: Panel) -> None:
    make_panel(name="Another panel", weekday=3, closed_on=date(2026, 12, 10))
    make_panel(name="Closed panel", closed_on=TODAY)
    assert meetings.generate_ahead(TODAY) == "28 meetings added for 2 panels, to 24 May 2027"
    assert meetings.generate_ahead(TODAY).startswith("0 meetings")
    assert meetings.generate_ahead(TODAY + timedelta(7)).startswith("1 meetings")


def test_meetings_that_nobody_touched_follow_new_terms_and_the_others_stay(panel: Panel) -> None:
    meetings.generate(panel_id=panel.id, **AHEAD)
    this_week, second, third = held()[:3]
    third.version = 2
    panel.weekday, panel.starts_at, panel.papers_days = 4, time(13), 5
    done = meetings.follow(panel=panel, today=TODAY)
    db.session.commit()
    assert (done.followed, done.stayed) == (24, 1)
    assert this_week.on_day == date(2026, 11, 25)
    assert (second.on_day, second.starts_at) == (date(2026, 12, 4), time(13))
    assert second.papers_by == datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert third.on_day == date(2026, 12, 9)
    # Good Friday moves to where a Tuesday's meeting might have been.
    assert date(2027, 3, 30) in days()
    panel.weekday = 1
    meetings.follow(panel=panel, today=TODAY)
    panel.weekday = 4
    meetings.follow(panel=panel, today=TODAY)
    db.session.commit()
    assert len(days()) == len(set(days())) == 26


def test_a_closed_panels_empty_meetings_are_cancelled_and_come_back_with_it(panel: Panel) -> None:
    meetings.generate(panel_id=panel.id, **AHEAD)
    panel.closed_on = date(2026, 12, 10)
    meetings.follow(panel=panel, today=TODAY)
    db.session.commit()
    assert days()[-1] == date(2026, 12, 9)
    assert held()[-1].cancelled_why == "The panel meets no more"
    panel.closed_on = None
    meetings.follow(panel=panel, today=TODAY)
    db.session.commit()
    assert len(days()) == 26


def test_two_who_set_the_meetings_at_once_set_each_week_once(app: Flask, panel: Panel) -> None:
    panel_id = panel.id
    db.session.remove()

    def generate(_who: int) -> int:
        with app.app_context():
            return meetings.generate(panel_id=panel_id, **AHEAD)

    with ThreadPoolExecutor(4) as several:
        assert sorted(several.map(generate, range(4))) == [0, 0, 0, 26]
    assert len(days()) == 26
