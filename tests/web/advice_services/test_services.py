"""Services that give advice, and whom to write to there, kept with their dates. All invented."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AdviceService, AuditEntry, Setting
from tests.fixtures.forms import boxes, send_form
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.services import make_service

pytestmark = pytest.mark.embedded

TYPED = {
    "name": "Speech therapy, north",
    "kind": "speech_and_language",
    "provider": "Invented NHS Trust",
    "from_day": "1/9/2026",
}


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a manager is signed in."""
    return sign_in("manager", name="Mo Manager")


def held(app: Flask, **details: object) -> str:
    """Hold a service; give the address of its page."""
    with app.app_context():
        return f"/services/{make_service(**details).public_id}"


def service() -> AdviceService:
    return db.session.scalars(select(AdviceService).order_by(AdviceService.id)).one()


def last_action() -> str | None:
    return db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()


def test_a_service_is_added_with_its_provider_and_is_told_to_the_trail(
    app: Flask, manager: FlaskClient
) -> None:
    answer = send_form(manager, "/services/new", **TYPED)
    assert answer.status_code == 303
    page = manager.get(answer.location).text
    assert "Regulation 6(1)(c)" in page or "regulation 6(1)(c)" in page
    assert "It has no team mailbox, so no email reaches it" in page
    with app.app_context():
        assert service().provider.name == "Invented NHS Trust"
        assert last_action() == "added service"


def test_a_providers_name_in_other_capitals_is_the_same_provider(
    app: Flask, manager: FlaskClient
) -> None:
    held(app, kind="camhs", provider="Invented NHS Trust")
    send_form(manager, "/services/new", **TYPED | {"provider": "invented nhs trust"})
    with app.app_context():
        names = {one.provider.name for one in db.session.scalars(select(AdviceService))}
    assert names == {"Invented NHS Trust"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter the service’s name"),
        ({"kind": ""}, "Choose what kind of service it is"),
        ({"provider": ""}, "Enter the organisation that runs it"),
        ({"from_day": "31/2/2026"}, "day"),
        ({"name": "CAMHS TEAM"}, "Another service has this name"),
    ],
)
def test_bad_input_says_what_to_do_keeps_what_was_typed_and_adds_nothing(
    app: Flask, manager: FlaskClient, typed: dict[str, str], words: str
) -> None:
    held(app, kind="camhs", name="Camhs team")
    answer = send_form(manager, "/services/new", **TYPED | typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert (TYPED | typed)["provider"] in boxes(answer)["provider"]
    with app.app_context():
        assert service().kind == "camhs"


def test_two_people_changing_one_service_are_shown_both(app: Flask, manager: FlaskClient) -> None:
    path = held(app)
    mine = boxes(manager.get(f"{path}/change"))
    send_form(manager, f"{path}/change", name="Theirs")
    answer = manager.post(f"{path}/change", data=mine | {"name": "Mine"})
    assert answer.status_code == 409
    with app.app_context():
        assert service().name == "Theirs"


def test_a_new_mailbox_ends_the_one_before_on_the_day_before(
    app: Flask, manager: FlaskClient
) -> None:
    path = held(app)
    typed = {"part": "mailbox", "email": "new@example.org", "from_day": "1/12/2026"}
    assert send_form(manager, f"{path}/contacts/new", **typed).status_code == 303
    with app.app_context():
        spans = [
            (c.email, c.from_day, c.until_day) for c in service().contacts if c.part == "mailbox"
        ]
    assert spans[0][2] == date(2026, 11, 30)
    assert spans[1] == ("new@example.org", date(2026, 12, 1), None)


def test_a_mailbox_from_before_the_present_one_is_refused(app: Flask, manager: FlaskClient) -> None:
    path = held(app)
    typed = {"part": "mailbox", "email": "new@example.org", "from_day": "1/1/2014"}
    answer = send_form(manager, f"{path}/contacts/new", **typed)
    assert answer.status_code == 422
    assert "Enter a later day" in answer.text


def test_whom_to_tell_in_the_end_needs_a_name(app: Flask, manager: FlaskClient) -> None:
    path = held(app)
    typed = {"part": "escalation", "email": "new@example.org", "from_day": "1/12/2026"}
    answer = send_form(manager, f"{path}/contacts/new", **typed)
    assert answer.status_code == 422
    assert "Enter their name" in answer.text


def test_cover_stands_in_for_the_escalation_contact_until_it_ends(
    app: Flask, manager: FlaskClient
) -> None:
    path = held(app)
    typed = {"part": "cover", "name": "Cora Cover", "email": "cora@example.org"}
    send_form(manager, f"{path}/contacts/new", **typed | {"from_day": "t"})
    assert "Cora Cover" in manager.get("/services").text
    with app.app_context():
        cover = next(c.public_id for c in service().contacts if c.part == "cover")
    early = send_form(manager, f"{path}/contacts/{cover}/end", until_day="1/1/2020")
    assert early.status_code == 422
    with app.app_context():
        kept = next(c for c in service().contacts if c.part == "cover")
        kept.from_day = date(2026, 11, 2)
        db.session.commit()
    send_form(manager, f"{path}/contacts/{cover}/end", until_day="22/11/2026")
    assert "Edna Lead" in manager.get("/services").text


def test_a_service_is_closed_replaced_and_opened_again(app: Flask, manager: FlaskClient) -> None:
    path = held(app)
    heir = held(app, name="The new team").rpartition("/")[2]
    send_form(manager, f"{path}/close", until_day="20/11/2026", replaced_by=heir)
    page = manager.get(path).text
    assert "It was last asked on" in page
    assert "The new team" in page
    back = send_form(
        manager, f"/services/{heir}/close", until_day="t", replaced_by=path.rpartition("/")[2]
    )
    assert back.status_code == 422, "two services cannot replace each other"
    token = token_in(manager.get(path))
    assert manager.post(f"{path}/reopen", data={"csrf_token": token}).status_code == 303
    assert "It was last asked on" not in manager.get(path).text


def test_only_managers_change_services(app: Flask, sign_in: SignIn) -> None:
    path = held(app)
    page = sign_in("dco").get(path)
    assert page.status_code == 200
    assert "Change it" not in page.text


def test_a_school_gives_advice_about_its_own_pupils_once(app: Flask, manager: FlaskClient) -> None:
    with app.app_context():
        db.session.add(Setting(name="Ashfield School", name_key="ashfield school", urn="109890"))
        db.session.commit()
    school = {"kind": "school", "setting": "Ashfield School"}
    assert send_form(manager, "/services/new", **TYPED | school).status_code == 303
    again = send_form(manager, "/services/new", **TYPED | school | {"name": "Another"})
    assert again.status_code == 422
    assert "answers for this school or setting already" in again.text
