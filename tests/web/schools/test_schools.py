"""Settings are reviewed, put right, merged, and their closures recorded. All are invented."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Case, Setting, SettingClosure
from tests.factories import make_case
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a manager is signed in."""
    return sign_in("manager", name="Mo Manager")


def hold(app: Flask, name: str, **details: object) -> str:
    """Hold a setting; give the address of its page."""
    with app.app_context():
        setting = Setting(name=name, name_key=name.lower().replace("’", ""), **details)
        db.session.add(setting)
        db.session.commit()
        return f"/schools/{setting.public_id}"


def settings() -> list[Setting]:
    return list(db.session.scalars(select(Setting).order_by(Setting.id)))


def last_action() -> str | None:
    return db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()


def test_those_to_review_come_first_with_how_many_cases_name_them(
    app: Flask, manager: FlaskClient
) -> None:
    hold(app, "Ashfield School", urn="109890")
    hold(app, "Zetland Nursery", needs_review=True)
    with app.app_context():
        make_case(setting_id=2)
    page = manager.get("/schools").text
    assert page.index("Zetland Nursery") < page.index("Ashfield School")
    assert "1 to review" in page
    assert "2 settings" in page


@pytest.mark.parametrize(("words", "found"), [("ash", True), ("109890", True), ("zet", False)])
def test_the_list_is_narrowed_by_a_word_or_a_number(
    app: Flask, manager: FlaskClient, words: str, found: bool
) -> None:
    hold(app, "The Ashfield School", urn="109890")
    assert ("The Ashfield School" in manager.get(f"/schools?q={words}").text) is found


def test_a_setting_is_added_and_audited(app: Flask, manager: FlaskClient) -> None:
    answer = send_form(manager, "/schools/new", name="Ashfield", kind="primary", urn="109890")
    assert answer.status_code == 303
    with app.app_context():
        [setting] = settings()
        assert answer.location == f"/schools/{setting.public_id}"
        assert (setting.kind, setting.needs_review) == ("primary", False)
        assert last_action() == "added setting"


def test_saving_a_setting_reviews_it(app: Flask, manager: FlaskClient) -> None:
    path = hold(app, "ashfeild", needs_review=True)
    send_form(manager, f"{path}/change", name="Ashfield", ukprn="10012345")
    with app.app_context():
        [setting] = settings()
        assert (setting.name, setting.name_key, setting.ukprn) == (
            *("Ashfield", "ashfield", "10012345"),
        )
        assert not setting.needs_review
        assert last_action() == "changed setting"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Enter the setting’s name"),
        ({"name": "x" * 201}, "200 characters or fewer"),
        ({"urn": "12345"}, "Enter a URN as 6 numbers"),
        ({"ukprn": "20012345"}, "Enter a UKPRN as 8 numbers"),
        ({"kind": "castle"}, "Choose an answer from the list"),
        ({"urn": "109890"}, "Other School has this URN"),
    ],
)
def test_bad_input_is_refused_kept_and_changes_nothing(
    app: Flask, manager: FlaskClient, typed: dict[str, str], words: str
) -> None:
    hold(app, "Other School", urn="109890")
    path = hold(app, "Ashfield", needs_review=True)
    answer = send_form(manager, f"{path}/change", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    if "kind" not in typed:
        [(name, value)] = typed.items()
        assert boxes(answer)[name] == [value]
    with app.app_context():
        assert settings()[1].needs_review


def test_two_who_change_one_setting_are_shown_both(
    app: Flask, manager: FlaskClient, sign_in: SignIn
) -> None:
    path = hold(app, "Ashfield") + "/change"
    page = manager.get(path)
    send_form(sign_in("administrator"), path, name="Ashfield Academy")
    conflict = send_again(manager, page, path, name="Ashfield Primary", urn="109890")
    assert conflict.status_code == 409
    assert "Ashfield Academy" in conflict.text
    send_again(manager, conflict, path)
    with app.app_context():
        assert (settings()[0].name, settings()[0].urn) == ("Ashfield Primary", "109890")


def test_a_duplicate_is_merged_after_saying_what_will_happen(
    app: Flask, manager: FlaskClient
) -> None:
    stays = hold(app, "St Mary’s Primary School", urn="109890")
    path = hold(app, "St Marys", needs_review=True, ukprn="10012345")
    with app.app_context():
        case = make_case(setting_id=2)
        db.session.add(
            SettingClosure(
                setting_id=2, first_day=date(2026, 7, 22), last_day=date(2026, 9, 1), reason=""
            )
        )
        db.session.commit()
        version = case.version
    page = send_form(manager, f"{path}/merge", into="St Mary’s Primary School (URN 109890)")
    assert "Every case at St Marys moves to St Mary’s Primary School (URN 109890)" in page.text
    with app.app_context():
        assert len(settings()) == 2
    answer = send_again(manager, page, f"{path}/merge", confirmed=stays.rpartition("/")[2])
    assert answer.status_code == 303
    with app.app_context():
        [setting] = settings()
        assert (setting.name, setting.urn, setting.ukprn) == (
            *("St Mary’s Primary School", "109890", "10012345"),
        )
        assert [c.last_day for c in setting.closures] == [date(2026, 9, 1)]
        case = db.session.scalars(select(Case)).one()
        assert (case.setting_id, case.version) == (setting.id, version + 1)
        told = db.session.execute(select(AuditEntry.action, AuditEntry.case_id)).all()
        assert ("changed case", case.id) in [tuple(row) for row in told]
        assert last_action() == "merged setting into setting 1"
    assert manager.get(path).status_code == 404


def test_a_setting_typed_after_the_warning_is_warned_about_first(
    app: Flask, manager: FlaskClient
) -> None:
    first = hold(app, "Ashfield")
    hold(app, "Birchfield")
    path = hold(app, "Ash Field")
    page = send_form(manager, f"{path}/merge", into="Ashfield")
    confirmed = first.rpartition("/")[2]
    again = send_again(manager, page, f"{path}/merge", into="Birchfield", confirmed=confirmed)
    assert "moves to Birchfield" in again.text
    with app.app_context():
        assert len(settings()) == 3


def test_a_setting_is_not_merged_into_itself_or_into_none(app: Flask, manager: FlaskClient) -> None:
    path = hold(app, "Ashfield")
    for into, words in (("Ashfield", "this is the one to be merged"), ("Nowhere", "No setting is")):
        answer = send_form(manager, f"{path}/merge", into=into, confirmed=path.rpartition("/")[2])
        assert answer.status_code == 422
        assert words in answer.text
    with app.app_context():
        assert len(settings()) == 1


def test_a_closure_of_4_weeks_says_what_it_may_excuse(app: Flask, manager: FlaskClient) -> None:
    path = hold(app, "Ashfield")
    send_form(manager, f"{path}/closures/new", first_day="22/7/2026", last_day="1/9/2026")
    send_form(manager, f"{path}/closures/new", first_day="26/10/2026", last_day="30/10/2026")
    page = manager.get(path).text
    assert "4 weeks or more" in page
    assert "Advice asked from 15 July 2026 to 26 August 2026" in page
    assert "Nothing: shorter than 4 weeks" in page
    with app.app_context():
        assert last_action() == "added closure"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("1/9/2026", "22/7/2026", "The last day must be the first day or after it"),
        ("1/9/2026", "1/9/2028", "A closure is at most a year"),
        ("20/7/2026", "25/7/2026", "Another closure covers some of these days"),
        ("", "1/9/2026", "Enter the first day it is closed"),
        ("31/6/2026", "1/9/2026", "is not a day that exists"),
    ],
)
def test_a_closure_that_cannot_be_is_refused(
    app: Flask, manager: FlaskClient, first: str, last: str, words: str
) -> None:
    path = hold(app, "Ashfield")
    send_form(manager, f"{path}/closures/new", first_day="22/7/2026", last_day="1/8/2026")
    answer = send_form(manager, f"{path}/closures/new", first_day=first, last_day=last)
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(SettingClosure)).all()) == 1


def test_a_closure_is_removed_only_from_its_own_setting(app: Flask, manager: FlaskClient) -> None:
    path, other = hold(app, "Ashfield"), hold(app, "Other")
    send_form(manager, f"{path}/closures/new", first_day="22/7/2026", last_day="1/8/2026")
    token = {"csrf_token": boxes(manager.get(path))["csrf_token"][0]}
    assert manager.post(f"{other}/closures/1/remove", data=token).status_code == 404
    assert manager.post(f"{path}/closures/1/remove", data=token).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(SettingClosure)).all() == []
        assert last_action() == "removed closure"


def test_an_administrator_manages_settings_and_sees_no_case(app: Flask, sign_in: SignIn) -> None:
    path = hold(app, "Ashfield")
    with app.app_context():
        make_case(setting_id=1)
    page = sign_in("administrator").get(path)
    assert page.status_code == 200
    assert "EHC-" not in page.text
    assert "Invented" not in page.text.replace("every child here is invented", "")


@pytest.mark.parametrize("role", ["case-officer", "panel-clerk", "dco", "board-reader"])
def test_nobody_else_manages_settings(sign_in: SignIn, role: str) -> None:
    assert sign_in(role).get("/schools").status_code == 403


def test_an_address_and_what_a_setting_offers_are_kept_and_it_can_be_closed(
    app: Flask, manager: FlaskClient
) -> None:
    path = hold(app, "Ashfield")
    typed = {"address": "1 Nowhere Lane\r\nFelpersham", "postcode": "zz11zz", "has_unit": "y"}
    answer = send_form(manager, f"{path}/change", is_closed="y", **typed)
    assert answer.status_code == 303
    page = manager.get(path).text
    assert "1 Nowhere Lane, Felpersham, ZZ1 1ZZ" in page
    assert "A special unit" in page
    assert "It has closed for good" in page
