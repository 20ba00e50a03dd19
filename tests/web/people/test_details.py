"""What a case is about is put right; its clocks follow. Every child is invented."""

from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Case, Deadline, Setting
from tests.factories import make_case
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer")


@pytest.fixture
def path(app: Flask) -> str:
    """Open a case; give the address of its details."""
    with app.app_context():
        db.session.add(Setting(name="St Mary’s", name_key="st marys", urn="109890"))
        db.session.commit()
        return f"/cases/{make_case(graduated_approach=True).public_id}/details"


def only_case() -> Case:
    return db.session.scalars(select(Case)).one()


def test_details_are_saved_and_audited(app: Flask, officer: FlaskClient, path: str) -> None:
    answer = send_form(
        officer, path, setting="109890", asks="More help.\r\nNow.", received_time="9.15am",
        route="post", source="2", requested_by="Mo Head", graduated_approach="no", is_complex="y",
    )  # fmt: skip
    assert answer.status_code == 303
    with app.app_context():
        case = only_case()
        assert case.setting
        assert (case.setting.urn, case.asks) == ("109890", "More help.\nNow.")
        assert (case.received_time, case.route, case.source) == (time(9, 15), "post", "2")
        assert (case.graduated_approach, case.is_complex) == (False, True)
        assert case.started_on == date(2026, 9, 7)
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert actions[-1] == "changed case"


def test_what_is_held_comes_back_as_it_is_held(app: Flask, officer: FlaskClient, path: str) -> None:
    send_form(officer, path, setting="st marys", received_time="14:30")
    page = boxes(officer.get(path))
    assert page["setting"] == ["St Mary’s (URN 109890)"]
    assert page["received_time"] == ["14:30"]
    assert page["graduated_approach"] == ["yes"]
    assert send_form(officer, path).status_code == 303
    with app.app_context():
        setting = only_case().setting
        assert setting
        assert setting.name == "St Mary’s"


def test_youth_accommodation_brings_its_own_time_limits(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    def duties() -> set[str]:
        with app.app_context():
            return set(db.session.scalars(select(Deadline.duty)))

    before = duties()
    send_form(officer, path, youth_accommodation="y")
    assert duties() != before
    send_form(officer, path, youth_accommodation=None)
    assert duties() == before


def test_a_setting_that_is_not_held_is_added_for_review(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    assert send_form(officer, path, setting="New Academy").status_code == 422
    send_form(officer, path, setting="New Academy", setting_is_new="y")
    with app.app_context():
        setting = only_case().setting
        assert setting
        assert (setting.name, setting.needs_review) == ("New Academy", True)


def test_two_who_change_one_case_are_shown_both(
    app: Flask, officer: FlaskClient, sign_in: SignIn, path: str
) -> None:
    page = officer.get(path)
    send_form(sign_in("manager", name="Mo Manager"), path, asks="Theirs")
    conflict = send_again(officer, page, path, asks="Mine", requested_by="Amal")
    assert conflict.status_code == 409
    assert "Theirs" in conflict.text
    assert boxes(conflict)["asks"] == ["Mine"]
    with app.app_context():
        assert only_case().asks == "Theirs"
    send_again(officer, conflict, path)
    with app.app_context():
        assert (only_case().asks, only_case().requested_by) == ("Mine", "Amal")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"asks": "x" * 4001}, "4,000 characters or fewer"),
        ({"received_time": "noon"}, "Enter a time like 14:30"),
        ({"route": "owl"}, "Choose an answer from the list"),
        ({"setting": "Nowhere"}, "No setting is called"),
        ({"requested_by": "a\u202eb"}, "changes the reading order"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(
    app: Flask, officer: FlaskClient, path: str, typed: dict[str, str], words: str
) -> None:
    answer = send_form(officer, path, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert only_case().version == 1
