"""One case before a panel, as each of those around the table may know of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from casework import clock
from casework.extensions import db
from casework.models import AuditEntry, PanelView
from casework.services.events import NewEvent
from tests.fixtures.forms import send_form
from tests.fixtures.hearing import MEETS, Hearing
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded


@pytest.fixture
def hearing(app: Flask) -> Hearing:
    return Hearing(app)


@pytest.fixture
def member(sign_in: SignIn, hearing: Hearing) -> FlaskClient:
    return sign_in(email="member@example.org")


@pytest.fixture
def clerk(sign_in: SignIn, hearing: Hearing) -> FlaskClient:
    return sign_in(email="clerk@example.org")


def press(client: FlaskClient, address: str, **typed: str):
    token = token_in(client.get("/account"))
    return client.post(address, data={"csrf_token": token, **typed})


def actions(hearing: Hearing) -> list[str]:
    return [one.action for one in hearing.rows(AuditEntry) if one.case_id == hearing.cases[0]]


def test_a_member_reads_the_question_the_test_and_the_day_in_law(
    hearing: Hearing, member: FlaskClient
) -> None:
    page = member.get(hearing.pages[0])
    assert page.status_code == 200
    for words in (
        "Whether to assess",
        "Children and Families Act 2014, s.36(8)",
        "Monday 7 December 2026",
        "Due in 14 days",
        "Because it is",
        "EHC-000001",
        "Year 4",
        "Health: <strong>not asked</strong>",
        "Social care: <strong>not asked</strong>",
        "Case 1 of 3",
    ):
        assert words in page.text, words
    assert "viewed case before a panel" in actions(hearing)


def test_the_page_names_the_child_by_the_first_name_alone(
    hearing: Hearing, member: FlaskClient
) -> None:
    page = member.get(hearing.pages[0])
    assert "<strong>Ida</strong>" in page.text
    assert "Zoe" not in page.text
    assert "Invented</" not in page.text
    assert "Ida" not in page.text.split("<title>")[1].split("</title>")[0]


def test_the_full_name_is_shown_once_at_the_press_of_a_button_and_told(
    hearing: Hearing, member: FlaskClient
) -> None:
    page = press(member, hearing.pages[0] + "/name")
    assert "<strong>Ida Zoe Invented</strong>" in page.text
    assert actions(hearing)[-1] == "viewed full name"
    assert "Zoe" not in member.get(hearing.pages[0]).text


def test_a_shared_screen_shows_initials_and_no_views(
    hearing: Hearing, clerk: FlaskClient, member: FlaskClient
) -> None:
    own = {"leans_to": "assess", "words": "Both limbs, I think."}
    send_form(member, hearing.pages[0] + "/view", **own)
    page = hearing.pages[0] + "/decision"
    assert "Both limbs, I think." in clerk.get(page).text
    assert press(clerk, hearing.pages[0] + "/display").status_code == 303
    text = clerk.get(page).text
    assert "<strong>I. Z. I.</strong>" in text
    assert "Both limbs, I think." not in text
    assert "Show the full name" not in text
    press(clerk, hearing.pages[0] + "/display")
    assert "Both limbs, I think." in clerk.get(page).text


def test_advice_is_named_with_how_it_stands(hearing: Hearing, member: FlaskClient) -> None:
    for service in ("camhs", "educational_psychology"):
        hearing.log(0, NewEvent(kind="advice_requested", on=MEETS, service=service))
    page = member.get(hearing.pages[0]).text
    assert "Child and adolescent mental health (CAMHS): <strong>outstanding</strong>" in page
    assert "Health: <strong>not asked</strong>" not in page
    assert "Social care: <strong>not asked</strong>" in page


def test_other_times_at_a_panel_are_told_with_what_became_of_them(
    hearing: Hearing, member: FlaskClient
) -> None:
    hearing.refused_before(0)
    page = member.get(hearing.pages[0]).text
    assert "16 November 2026</span>, Invented panel: whether to assess. Do not assess</li>" in page


def test_a_member_gives_a_view_and_then_reads_the_others(
    hearing: Hearing, member: FlaskClient, sign_in: SignIn
) -> None:
    dco = sign_in(email="dco@example.org")
    hearing.change_meeting(on_day=MEETS.replace(day=24))
    send_form(dco, hearing.pages[0] + "/view", leans_to="not_assess", words="Not from health.")
    assert "Not from health." not in member.get(hearing.pages[0]).text
    answer = send_form(member, hearing.pages[0] + "/view", leans_to="assess", words="Yes.")
    assert answer.status_code == 303
    page = member.get(hearing.pages[0]).text
    assert "Your view on case 1 of 3 is saved." in page
    assert "Not from health." in page
    assert len(hearing.rows(PanelView)) == 2


def test_a_view_without_a_word_is_refused_and_says_what_to_do(
    hearing: Hearing, member: FlaskClient
) -> None:
    answer = send_form(member, hearing.pages[0] + "/view")
    assert answer.status_code == 422
    assert "Say which way you lean, or write a line" in answer.text


def test_an_officer_who_does_not_sit_reads_no_view_and_gives_none(
    hearing: Hearing, member: FlaskClient, sign_in: SignIn
) -> None:
    send_form(member, hearing.pages[0] + "/view", words="Between ourselves.")
    officer = sign_in("case-officer")
    page = officer.get(hearing.pages[0]).text
    assert "Whether to assess" in page
    assert "Between ourselves." not in page
    assert "Your view" not in page
    assert officer.get(hearing.pages[0] + "/view").status_code == 404


def test_what_was_decided_is_read_by_officers_once_it_is_signed(
    hearing: Hearing, member: FlaskClient, sign_in: SignIn
) -> None:
    hearing.decide(0, reasons="Said at the table.")
    officer = sign_in("case-officer")
    assert "Said at the table." not in officer.get(hearing.pages[0]).text
    assert "Said at the table." in member.get(hearing.pages[0]).text
    hearing.sign()
    assert "Said at the table." in officer.get(hearing.pages[0]).text


@pytest.mark.parametrize("who", ["member", "dco", "clerk", "chair"])
def test_an_item_of_another_meeting_is_not_there(
    hearing: Hearing, sign_in: SignIn, who: str
) -> None:
    other = hearing.add_meeting(MEETS.replace(day=24))
    client = sign_in(email=f"{who}@example.org")
    item = hearing.pages[0].rpartition("/")[2]
    assert client.get(f"{other}/cases/{item}").status_code == 404
    assert client.get(f"{hearing.address}/cases/none").status_code == 404


def test_an_item_closes_for_members_when_the_meeting_is_cancelled(
    hearing: Hearing, member: FlaskClient, clerk: FlaskClient
) -> None:
    hearing.change_meeting(cancelled_at=clock.now())
    assert member.get(hearing.pages[0]).status_code == 404
    assert clerk.get(hearing.pages[0]).status_code == 200
    assert clerk.get(hearing.pages[0] + "/decision").status_code == 404


def test_a_case_takes_as_many_statements_on_a_long_agenda_as_on_a_short_one(
    app: Flask, hearing: Hearing, clerk: FlaskClient, member: FlaskClient
) -> None:
    def statements() -> list[int]:
        found = []
        for client, page in ((clerk, "/decision"), (member, "")):
            with counted(app) as sent:
                assert client.get(hearing.pages[0] + page).status_code == 200
            found.append(len(sent))
        return found

    statements()
    short = statements()
    for number in range(3, 30):
        hearing.add_case()
        hearing.decide(number)
    assert statements() == short
    assert max(short) <= 38


def test_a_view_that_the_audit_trail_cannot_be_told_of_is_not_kept(
    app: Flask, hearing: Hearing, member: FlaskClient
) -> None:
    token = token_in(member.get("/account"))
    with app.app_context():
        refuse = "BEGIN SELECT RAISE(ABORT, 'x'); END"
        db.session.execute(text(f"CREATE TRIGGER full BEFORE INSERT ON audit_entry {refuse}"))
        db.session.commit()
    typed = {"csrf_token": token, "words": "Yes."}
    assert member.post(hearing.pages[0] + "/view", data=typed).status_code == 503
    assert hearing.rows(PanelView) == []
