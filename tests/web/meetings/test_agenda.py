"""The agenda built, read and circulated in pages, on both databases. Every child is invented."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.clock import now
from casework.extensions import db
from casework.models import AgendaItem, Case, Interest, PanelMeeting, PanelView, User
from casework.services import agenda
from tests.factories import (
    TODAY,
    circulate,
    decide,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn, add_person
from tests.fixtures.statements import counted

MEETS, NEXT = date(2026, 11, 25), date(2026, 12, 2)
#: Started on this day, a request must be answered on 30 November, before the next meeting.
PRESSING = date(2026, 10, 19)


def child(name: str, started_on: date = TODAY - timedelta(14), **details: Any) -> Case:
    given = {"forenames": "Secretname", "surname": name}
    return make_case(started_on, person=given, **details)


@pytest.fixture
def meeting(app: Flask) -> str:
    """Give a meeting on 25 November with room for three cases; the next is a week later."""
    with app.app_context():
        panel = make_panel(minutes_per_case=10)
        make_meeting(panel, NEXT)
        return f"/meetings/{make_meeting(panel, MEETS, minutes=30).public_id}"


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in("panel-clerk")


@pytest.fixture
def member(app: Flask, sign_in: SignIn) -> Callable[..., FlaskClient]:
    """Give a function that signs in a member of the panel, in a position."""

    def member(position: str = "member") -> FlaskClient:
        with app.app_context():
            add_person("panel-member", f"{position}@example.org", name=f"Mia {position}")
            user = db.session.query(User).filter_by(email=f"{position}@example.org").one()
            panel = db.session.query(PanelMeeting).filter_by(on_day=MEETS).one().panel
            seat_member(panel, user, position=position)
        return sign_in(email=f"{position}@example.org")

    return member


def placed(app: Flask, *names: str) -> list[str]:
    """Put new cases on the agenda of the meeting on 25 November; return their items' ids."""
    with app.app_context():
        meeting = db.session.query(PanelMeeting).filter_by(on_day=MEETS).one()
        return [put_on_agenda(meeting, child(name)).public_id for name in names]


def order(app: Flask) -> list[str]:
    """Return the surnames of those on the agenda of 25 November, in order."""
    with app.app_context():
        meeting = db.session.query(PanelMeeting).filter_by(on_day=MEETS).one()
        items = agenda.items_at(meeting.id)
        return [db.session.get_one(Case, item.case_id).person.surname for item in items]


def test_a_clerk_adds_the_cases_that_are_ticked_beforehand(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        child("Pressing", PRESSING)
        for n in range(3):
            child(f"Waits {n}")
        child("Late", date(2026, 10, 12) + timedelta(1))  # due on 24 November
    page = clerk.get(f"{meeting}/add")
    assert page.text.count(" checked") == 3
    assert "Must decide at this meeting" in page.text
    assert "An officer decision is needed: the law’s clock does not wait for a panel" in page.text
    assert "Secretname" not in page.text
    answer = send_again(clerk, page, f"{meeting}/add")
    assert answer.status_code == 303
    assert order(app) == ["Pressing", "Waits 0", "Waits 1"]
    shown = clerk.get(meeting).text
    assert "3 cases, 30 minutes of 30." in shown
    assert "2 more cases wait for a decision that this panel takes" in shown
    assert "Secretname" not in shown
    assert "Pressing" not in shown


def test_nothing_ticked_is_said(app: Flask, clerk: FlaskClient, meeting: str) -> None:
    with app.app_context():
        child("One")
    answer = send_form(clerk, f"{meeting}/add", cases=None)
    assert answer.status_code == 422
    assert "Tick at least one case" in answer.text
    assert order(app) == []


def test_a_case_is_added_by_its_reference_and_a_wrong_stage_is_said_plainly(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        reference = child("Odd").reference
    path = f"{meeting}/add-case"
    nobody = send_form(clerk, path, cases="EHC-999999", question="assess")
    assert "There is no case with this reference" in nobody.text
    answer = send_form(clerk, path, cases=reference, question="issue")
    assert answer.status_code == 422
    assert "The case is at “Request received”" in answer.text
    despite = answer.text.split('name="despite"')[0].rsplit("value=", 1)[1].split('"')[1]
    done = send_again(clerk, answer, path, despite=despite)
    assert done.status_code == 303
    assert order(app) == ["Odd"]
    assert "Not ready:</b> the case is at" in clerk.get(meeting).text


def test_what_was_confirmed_is_not_another_case_typed_since(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        first, other = child("First"), child("Other")
        given = {
            "cases": other.reference,
            "question": "issue",
            "despite": f"{first.public_id}.issue",
        }
    assert send_form(clerk, f"{meeting}/add-case", **given).status_code == 422
    assert order(app) == []


def test_places_and_minutes_are_typed_and_saved(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    one, _, three = placed(app, "One", "Two", "Three")
    page = clerk.get(meeting)
    answer = send_again(
        clerk, page, f"{meeting}/order", **{f"place-{three}": "1", f"minutes-{one}": "25"}
    )
    assert answer.status_code == 303
    assert order(app) == ["Three", "One", "Two"]
    assert "The cases take 7 minutes more than the meeting has" in clerk.get(meeting).text


def test_a_case_is_moved_up_and_the_reader_finds_themselves_at_its_line(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    _, two = placed(app, "One", "Two")
    answer = send_again(clerk, clerk.get(meeting), f"{meeting}/order", up=two)
    assert answer.location.endswith(f"#item-{two}")
    assert order(app) == ["Two", "One"]
    send_again(clerk, clerk.get(meeting), f"{meeting}/order", down=two)
    assert order(app) == ["One", "Two"]


def test_the_order_of_the_law_puts_the_first_last_day_first(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    placed(app, "Waits")
    with app.app_context():
        held = db.session.query(PanelMeeting).filter_by(on_day=MEETS).one()
        put_on_agenda(held, child("Pressing", PRESSING))
    send_again(clerk, clerk.get(meeting), f"{meeting}/order", by_law="1")
    assert order(app) == ["Pressing", "Waits"]


@pytest.mark.parametrize("typed", ["0", "x", "-1", "1.5", "9" * 30, ""])
def test_minutes_that_are_none_are_refused_and_kept(
    app: Flask, clerk: FlaskClient, meeting: str, typed: str
) -> None:
    [one] = placed(app, "One")
    answer = send_again(clerk, clerk.get(meeting), f"{meeting}/order", **{f"minutes-{one}": typed})
    assert answer.status_code == 422
    assert boxes(answer)[f"minutes-{one}"] == [typed]


def test_two_clerks_cannot_overwrite_each_other(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    one, two = placed(app, "One", "Two")
    seen = clerk.get(meeting)
    send_again(clerk, clerk.get(meeting), f"{meeting}/order", up=two)
    answer = send_again(clerk, seen, f"{meeting}/order", **{f"minutes-{one}": "17"})
    assert answer.status_code == 409
    assert "Someone else saved first" in answer.text
    assert "arranged agenda" in answer.text
    assert boxes(answer)[f"minutes-{one}"] == ["17"]
    assert order(app) == ["Two", "One"]
    assert send_again(clerk, answer, f"{meeting}/order").status_code == 303


def test_a_second_clerk_adds_only_what_is_still_there_to_add(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        child("One")
    seen = clerk.get(f"{meeting}/add")
    assert send_again(clerk, seen, f"{meeting}/add").status_code == 303
    with app.app_context():
        two = child("Two").public_id
    answer = send_again(clerk, seen, f"{meeting}/add", cases=[f"{two}.assess"])
    assert answer.status_code == 409
    assert f'value="{two}.assess" checked' in answer.text
    assert order(app) == ["One"]


def test_a_case_is_deferred_or_taken_off_with_its_reason(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    one, two = placed(app, "One", "Two")
    path = f"{meeting}/cases/{one}/take-off"
    assert send_form(clerk, path, why="").status_code == 422
    with app.app_context():
        later = db.session.query(PanelMeeting).filter_by(on_day=NEXT).one().public_id
    assert send_form(clerk, path, why="The report is not in", to=later).status_code == 303
    send_form(clerk, f"{meeting}/cases/{two}/take-off", why="Withdrawn by the family")
    assert order(app) == []
    shown = clerk.get(meeting).text
    assert "Deferred to Wednesday 2 December 2026: The report is not in" in shown
    assert "Withdrawn by the family" in shown
    assert "Carried over from an earlier meeting" in clerk.get(f"/meetings/{later}").text
    assert clerk.get(path).status_code == 404


def test_a_note_to_the_panel_stands_on_the_agenda(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    [one] = placed(app, "One")
    send_form(clerk, f"{meeting}/cases/{one}/note", note="Two reports disagree")
    assert "Two reports disagree" in clerk.get(meeting).text


def test_members_see_nothing_until_the_agenda_is_circulated(
    app: Flask, clerk: FlaskClient, meeting: str, member: Callable[..., FlaskClient]
) -> None:
    placed(app, "One", "Two")
    reader = member()
    assert reader.get(meeting).status_code == 404
    check = clerk.get(f"{meeting}/circulate")
    assert "Mia member" in check.text
    assert "From Monday 23 November 2026" in check.text
    assert send_again(clerk, check, f"{meeting}/circulate").status_code == 303
    assert "2 cases, 12 minutes of 30" in reader.get(meeting).text
    again = send_again(clerk, check, f"{meeting}/circulate")
    assert again.status_code == 409
    assert clerk.get(f"{meeting}/circulate").location == f"{meeting}/circulation"
    assert "Waiting to be sent" in clerk.get(f"{meeting}/circulation").text


def test_an_agenda_without_cases_is_not_circulated(clerk: FlaskClient, meeting: str) -> None:
    answer = send_form(clerk, f"{meeting}/circulate")
    assert answer.status_code == 422
    assert "There is no case on the agenda: add cases first" in answer.text


def test_a_case_added_after_circulation_is_late_and_one_taken_off_closes_at_once(
    app: Flask, clerk: FlaskClient, meeting: str, member: Callable[..., FlaskClient]
) -> None:
    [one] = placed(app, "One")
    reader = member()
    send_form(clerk, f"{meeting}/circulate")
    with app.app_context():
        late = child("Late").reference
    answer = send_form(clerk, f"{meeting}/add-case", cases=late, question="assess")
    assert answer.status_code == 303
    assert "each is marked as late" in clerk.get(meeting).text
    assert "Late: " in reader.get(meeting).text
    send_form(clerk, f"{meeting}/cases/{one}/take-off", why="Withdrawn")
    shown = reader.get(meeting).text
    assert "1 case, 10 minutes" in shown
    assert late in shown


def test_a_member_reads_of_a_hidden_case_only_that_it_is_there(
    app: Flask, meeting: str, member: Callable[..., FlaskClient]
) -> None:
    one, two = placed(app, "One", "Two")
    reader = member()
    with app.app_context():
        user = db.session.query(User).filter_by(email="member@example.org").one()
        items = {item.public_id: item for item in db.session.query(AgendaItem)}
        hidden = db.session.get_one(Case, items[one].case_id).reference
        kin = {"nature": "Kin", "declared_at": now()}
        db.session.add(Interest(case_id=items[one].case_id, user_id=user.id, **kin))
        said = {"words": "Yes", "entered_at": now()}
        db.session.add(PanelView(item_id=items[two].id, user_id=user.id, **said))
        circulate(items[one].meeting)
    shown = reader.get(meeting).text
    assert "1 case is hidden: you have declared an interest in it" in shown
    assert hidden not in shown
    assert "You have given a view on 1 of 1" in shown
    assert "Kin" not in shown


def test_the_clerk_reads_who_declared_an_interest_and_a_member_only_how_many(
    app: Flask, clerk: FlaskClient, meeting: str, member: Callable[..., FlaskClient]
) -> None:
    [one] = placed(app, "One")
    reader = member()
    with app.app_context():
        item = db.session.query(AgendaItem).filter_by(public_id=one).one()
        add_person("dco", name="Dora Kin")
        kin = db.session.query(User).filter_by(role="dco").one()
        made = {"nature": "Neighbour", "declared_at": now()}
        db.session.add(Interest(case_id=item.case_id, user_id=kin.id, **made))
        circulate(item.meeting)
    assert "Interest declared:</b> Dora Kin" in clerk.get(meeting).text
    shown = reader.get(meeting).text
    assert "1 interest declared" in shown
    assert "Dora Kin" not in shown


def test_an_officer_reads_the_agenda_with_their_own_cases_marked_and_changes_nothing(
    app: Flask, sign_in: SignIn, meeting: str
) -> None:
    officer = sign_in("case-officer")
    with app.app_context():
        mine = db.session.query(User).filter_by(role="case-officer").one()
        held = db.session.query(PanelMeeting).filter_by(on_day=MEETS).one()
        put_on_agenda(held, child("Mine", officer_id=mine.id))
        put_on_agenda(held, child("Other"))
    shown = officer.get(meeting).text
    assert shown.count("Your case") == 1
    assert "Save order" not in shown
    assert officer.post(f"{meeting}/order").status_code in (400, 403)


def test_a_meeting_whose_record_is_signed_takes_no_change(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    [one] = placed(app, "One")
    seen = clerk.get(meeting)
    with app.app_context():
        item = db.session.query(AgendaItem).filter_by(public_id=one).one()
        sign(item.meeting, decide(item))
    assert "Save order" not in clerk.get(meeting).text
    send_again(clerk, seen, f"{meeting}/order", **{f"minutes-{one}": "9"})
    with app.app_context():
        assert db.session.query(AgendaItem.minutes).scalar() == 6


def test_a_case_that_the_meeting_decided_presses_nobody_any_more(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        held = db.session.query(PanelMeeting).filter_by(on_day=MEETS).one()
        for name in ("Decided", "Deferred"):
            put_on_agenda(held, child(name, TODAY - timedelta(80)))
    assert clerk.get(meeting).text.count("An officer decision is needed") == 2
    with app.app_context():
        decided, deferred = db.session.query(AgendaItem).order_by(AgendaItem.id)
        decide(decided)
        decide(deferred, None, handled="deferred", carried_why="More is needed")
    shown = clerk.get(meeting).text
    assert shown.count("An officer decision is needed") == 1
    assert shown.count("Overdue by") == 2


def test_the_page_takes_the_same_statements_for_three_cases_and_for_thirty(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    numbers = []
    for more in (3, 27):
        placed(app, *(f"Child {n}" for n in range(more)))
        with counted(app) as sent:
            assert clerk.get(meeting).status_code == 200
        numbers.append(len(sent))
    assert numbers[0] == numbers[1]


def test_an_officer_puts_a_case_before_the_next_meeting(
    app: Flask, sign_in: SignIn, meeting: str
) -> None:
    officer = sign_in("case-officer")
    with app.app_context():
        case = child("Mine", PRESSING).public_id
    page = officer.get(f"/cases/{case}/put-before-panel")
    assert "The law’s last day is Monday 30 November 2026" in page.text
    path = f"/cases/{case}/put-before-panel"
    chosen = page.text.split('name="meeting"')[1].split('value="')[1].split('"')[0]
    assert send_again(officer, page, path, meeting=chosen).status_code == 303
    assert order(app) == ["Mine"]
    again = send_form(officer, path, meeting=chosen)
    assert again.status_code == 422
    assert "is on an agenda already" in again.text


def test_no_meeting_in_time_is_said_with_what_to_do(
    app: Flask, sign_in: SignIn, meeting: str
) -> None:
    with app.app_context():
        case = child("Late", date(2026, 10, 13)).public_id
    page = sign_in("case-officer").get(f"/cases/{case}/put-before-panel")
    assert "An officer decision is needed: the law’s clock does not wait for a panel" in page.text
