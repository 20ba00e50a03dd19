"""What an agenda says of each case, on both databases. Every child is invented."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from casework.access import Seat, Viewer, seat_of
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Adviser, Case, Interest, PanelMeeting, PanelView
from casework.queries import agenda, meetings
from casework.queries.agenda import AgendaLine
from casework.rules.agendas import Need
from casework.rules.panels import window
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    circulate,
    decide,
    log,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    sign,
)
from tests.fixtures.statements import counted

MEETS = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def meeting() -> PanelMeeting:
    return make_meeting(make_panel(), MEETS)


@pytest.fixture
def clerk() -> Seat:
    days = window(TODAY, england_and_wales(), opens_days=10, closes_days=5)
    user = make_user("panel-clerk", email="clerk@example.org")
    return seat_of(Viewer(user_id=user.id, name=user.name, role=user.role), days)


def child(name: str, started_on: date = TODAY - timedelta(14)) -> Case:
    return make_case(started_on, person={"surname": name})


def lines(seat: Seat, meeting: PanelMeeting) -> list[AgendaLine]:
    db.session.commit()
    view = meetings.find(seat, meeting.public_id)
    assert view
    return agenda.lines(seat, view, TODAY)


def test_a_line_says_who_the_case_is_about_and_by_when_without_a_name(
    clerk: Seat, meeting: PanelMeeting
) -> None:
    case = child("Hidden", date(2026, 10, 19))
    put_on_agenda(meeting, case)
    [line] = lines(clerk, meeting)
    assert line.case.reference == case.reference
    assert line.case.age_words(TODAY) == "8, Year 4"
    assert line.owed
    assert (line.owed.due_on, line.days_left) == (date(2026, 11, 30), 7)
    assert line.need is Need.MUST_DECIDE
    assert line.limits.not_asked == ["Health", "Social care"]
    assert "Hidden" not in repr(line.case)


def test_advice_is_in_missing_or_not_asked_by_service(clerk: Seat, meeting: PanelMeeting) -> None:
    case = child("Assessing", date(2026, 8, 24))
    services = ("speech_and_language", "educational_psychology")
    log(
        case,
        NewEvent(kind="told_will_assess", on=date(2026, 9, 16)),
        *(NewEvent(kind="advice_requested", on=date(2026, 9, 21), service=s) for s in services),
    )
    adviser = db.session.query(Adviser).filter_by(case_id=case.id, service=services[0]).one()
    came = NewEvent(kind="advice_received", on=TODAY, adviser_id=adviser.id, outcome="advice")
    log(case, came)
    put_on_agenda(meeting, case, "issue")
    [line] = lines(clerk, meeting)
    assert [one.words for one in line.limits.received] == ["Speech and language therapy"]
    assert [one.words for one in line.limits.missing] == ["Educational psychology"]
    assert line.limits.not_asked == ["Social care"]
    assert line.objections == ["Advice is outstanding: Educational psychology"]


def test_a_service_asked_again_is_missing_until_it_answers_again(
    clerk: Seat, meeting: PanelMeeting
) -> None:
    case = child("Twice", date(2026, 8, 24))
    log(
        case,
        NewEvent(kind="told_will_assess", on=date(2026, 9, 16)),
        NewEvent(kind="advice_requested", on=date(2026, 9, 21), service="social_care"),
    )
    adviser = db.session.query(Adviser).filter_by(case_id=case.id).one()
    days = {"advice_received": date(2026, 10, 1), "advice_requested": date(2026, 11, 2)}
    for kind, day in days.items():
        outcome = "advice" if kind == "advice_received" else None
        log(case, NewEvent(kind=kind, on=day, adviser_id=adviser.id, outcome=outcome))
    put_on_agenda(meeting, case, "issue")
    [line] = lines(clerk, meeting)
    assert line.limits.received == []
    assert [one.words for one in line.limits.missing] == ["Social care"]


def test_earlier_panels_are_told_with_what_became_of_each(
    clerk: Seat, meeting: PanelMeeting
) -> None:
    panel, case = meeting.panel, child("Often")
    days = [date(2026, 11, 18) - timedelta(weeks=n) for n in range(4)]
    deferred, unsigned, cancelled, removed = (make_meeting(panel, day) for day in days)
    sign(deferred, decide(put_on_agenda(deferred, case), None, handled="deferred"))
    decide(put_on_agenda(unsigned, case))
    put_on_agenda(cancelled, case)
    cancelled.cancelled_at = now()
    put_on_agenda(removed, case, removed_at=now())
    put_on_agenda(meeting, case)
    [line] = lines(clerk, meeting)
    assert [(one.on_day, one.became) for one in line.earlier] == [
        (days[0], "Deferred"),
        (days[1], "Not signed yet"),
        (days[2], "Meeting cancelled"),
        (days[3], "Taken off the agenda"),
    ]


def test_a_number_is_everyone_s_whatever_is_hidden_from_whom(
    clerk: Seat, meeting: PanelMeeting
) -> None:
    items = [put_on_agenda(meeting, child(name)) for name in ("One", "Two", "Three")]
    kin = Interest(case_id=items[0].case_id, user_id=clerk.user_id, nature="x", declared_at=now())
    db.session.add(kin)
    assert [(line.number, line.item.id) for line in lines(clerk, meeting)] == [
        (2, items[1].id),
        (3, items[2].id),
    ]


def test_views_interests_and_lateness_stand_beside_each_case(
    clerk: Seat, meeting: PanelMeeting
) -> None:
    first = put_on_agenda(meeting, child("First"))
    circulate(meeting)
    second = put_on_agenda(meeting, child("Second"), added_at=now())
    other = make_user("dco", name="Dora Kin", email="dora@example.org")
    for user_id in (clerk.user_id, clerk.user_id, other.id):
        said = PanelView(item_id=first.id, user_id=user_id, words="Yes", entered_at=now())
        db.session.add(said)
    db.session.add(
        Interest(case_id=second.case_id, user_id=other.id, nature="Kin", declared_at=now())
    )
    made = decide(first)
    one, two = lines(clerk, meeting)
    assert (one.views, one.has_own_view, one.is_late) == (2, True, False)
    assert one.recorded
    assert one.recorded.recorded_words == "Assess"
    assert (two.views, two.has_own_view, two.is_late) == (0, False, True)
    assert (two.interests, two.recorded) == (["Dora Kin"], None)
    assert made.item_id == first.id


def test_a_case_taken_off_is_told_apart_with_who_did_it(clerk: Seat, meeting: PanelMeeting) -> None:
    item = put_on_agenda(meeting, child("Gone"))
    item.removed_at, item.removed_by_id, item.removed_why = now(), clerk.user_id, "Withdrawn"
    assert lines(clerk, meeting) == []
    [off] = agenda.taken_off(clerk, meeting.id)
    assert (off.item.removed_why, off.by) == ("Withdrawn", "Oona Officer")


def test_an_agenda_takes_the_same_statements_for_three_cases_and_for_thirty(
    app: Flask, clerk: Seat, meeting: PanelMeeting
) -> None:
    numbers = []
    for more in (3, 27):
        for n in range(more):
            put_on_agenda(meeting, child(f"Child {n}"))
        view = meetings.find(clerk, meeting.public_id)
        assert view
        assert view.meeting.on_day == MEETS
        with counted(app) as sent:
            agenda.lines(clerk, view, TODAY)
        numbers.append(len(sent))
    assert numbers == [8, 8]
