"""What each officer holds, and cases handed over at once. Every child is invented."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from casework.extensions import db
from casework.models import AuditEntry, Case, OfficerAssignment, User
from casework.queries import caseload, officers
from tests.factories import TODAY, make_case, make_user
from tests.fixtures.forms import send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a manager is signed in."""
    return sign_in("manager", name="Mo Manager")


@pytest.fixture
def _team(app: Flask) -> None:
    """Hold Ada with three cases, one overdue and one complex, Ben with none, and one unheld."""
    with app.app_context():
        ada = make_user(name="Ada Able", email="ada@example.org", takes_complex_cases=True)
        make_user(name="Ben Brown", email="ben@example.org")
        make_case(date(2026, 9, 7), officer_id=ada.id)  # 6 weeks ended on 19 October
        make_case(date(2026, 11, 20), officer_id=ada.id, person={"surname": "Two"})
        make_case(
            date(2026, 11, 20), officer_id=ada.id, person={"surname": "Three"}, is_complex=True
        )
        make_case(date(2026, 11, 20), person={"surname": "Four"})
        closed = make_case(date(2026, 9, 7), officer_id=ada.id, person={"surname": "Five"})
        closed.ended_on = date(2026, 10, 1)
        db.session.commit()


def row(page: str, name: str) -> list[str]:
    """Return the figures in the line of the table that begins with a name."""
    line = page.split(name, 1)[1].split("</tr>", 1)[0]
    return re.findall(r"numeric\">(?:<strong>)?(\d+)", line)


@pytest.mark.usefixtures("_team")
def test_the_team_page_counts_open_overdue_soon_and_complex(manager: FlaskClient) -> None:
    page = manager.get("/team").text
    assert row(page, "Ada Able") == ["3", "1", "0", "1"]
    assert row(page, "Ben Brown") == ["0", "0", "0", "0"]
    assert row(page, "Nobody yet") == ["1", "0", "0", "0"]
    assert row(page, ">All<") == ["4", "1", "0", "1"]


@pytest.mark.usefixtures("_team")
def test_the_team_is_counted_in_one_statement(app: Flask) -> None:
    from casework.holidays import england_and_wales

    with app.app_context():
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        found = officers.workloads(caseload.day(TODAY, england_and_wales(), 10))
        assert [w.name for w in found] == ["Ada Able", "Ben Brown", None]
        assert (
            len([s for s in statements if s.lstrip().upper().startswith(("SELECT", "WITH"))]) == 1
        )


@pytest.mark.usefixtures("_team")
def test_an_account_that_is_closed_is_there_only_while_it_holds_cases(
    app: Flask, manager: FlaskClient
) -> None:
    with app.app_context():
        for user in db.session.scalars(select(User).where(User.role == "case-officer")):
            user.is_active = False
        db.session.commit()
    page = manager.get("/team").text
    assert "Ada Able" in page
    assert "Cannot sign in" in page
    assert "Ben Brown" not in page


def hand_over_path(app: Flask, name: str) -> str:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.name == name)).one()
        return f"/team/{user.public_id}/hand-over"


def id_of(app: Flask, name: str) -> str:
    with app.app_context():
        return db.session.scalars(select(User.public_id).where(User.name == name)).one()


@pytest.mark.usefixtures("_team")
def test_cases_are_handed_over_after_saying_how_many_will_go_and_complex_ones_stay(
    app: Flask, manager: FlaskClient
) -> None:
    path, ben = hand_over_path(app, "Ada Able"), id_of(app, "Ben Brown")
    page = send_form(manager, path, to=ben)
    assert "2 open cases will go to Ben Brown. 1 complex will stay" in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Case.officer_id == 3)) == 0
    answer = send_again(manager, page, path, confirmed=ben)
    assert answer.status_code == 303
    said = manager.get("/team").text
    assert "2 cases handed over from Ada Able to Ben Brown." in said
    assert "1 case stayed with Ada Able" in said
    with app.app_context():
        ada, ben_ = (
            db.session.scalars(select(User.id).where(User.name == name)).one()
            for name in ("Ada Able", "Ben Brown")
        )
        held = db.session.scalars(select(Case).where(Case.officer_id == ben_)).all()
        assert len(held) == 2
        told = db.session.scalars(
            select(AuditEntry.case_id).where(AuditEntry.action == "handed over case")
        ).all()
        assert sorted(told) == sorted(case.id for case in held)
        now = db.session.scalars(
            select(OfficerAssignment.officer_id).where(
                OfficerAssignment.case_id == held[0].id, OfficerAssignment.until_day.is_(None)
            )
        ).all()
        assert now == [ben_]
        ended = db.session.scalars(select(Case.officer_id).where(Case.ended_on.is_not(None))).all()
        assert ended == [ada]


@pytest.mark.usefixtures("_team")
def test_an_officer_chosen_after_the_warning_is_warned_about_first(
    app: Flask, manager: FlaskClient
) -> None:
    path, ben, mo = (
        hand_over_path(app, "Ada Able"),
        id_of(app, "Ben Brown"),
        id_of(app, "Mo Manager"),
    )
    page = send_form(manager, path, to=ben)
    again = send_again(manager, page, path, to=mo, confirmed=ben)
    assert again.status_code == 200
    assert "will go to Mo Manager" in again.text
    with app.app_context():
        assert not db.session.scalar(
            select(AuditEntry.id).where(AuditEntry.action == "handed over case")
        )


@pytest.mark.usefixtures("_team")
@pytest.mark.parametrize(
    ("to", "words"),
    [("", "Choose who takes them over"), ("nobody", "Choose an answer from the list")],
)
def test_nobody_is_handed_cases_who_was_not_chosen(
    app: Flask, manager: FlaskClient, to: str, words: str
) -> None:
    answer = send_form(manager, hand_over_path(app, "Ada Able"), to=to, confirmed=to)
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert not db.session.scalar(
            select(AuditEntry.id).where(AuditEntry.action == "handed over case")
        )


@pytest.mark.usefixtures("_team")
def test_one_with_no_open_case_has_nothing_to_hand_over(app: Flask, manager: FlaskClient) -> None:
    assert "holds no open case" in manager.get(hand_over_path(app, "Ben Brown")).text


@pytest.mark.parametrize("role", ["case-officer", "administrator", "auditor"])
def test_only_a_manager_opens_the_team(sign_in: SignIn, role: str) -> None:
    assert sign_in(role).get("/team").status_code == 403
