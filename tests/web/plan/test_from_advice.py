"""Accepted advice fills a plan: its rows with their links, and the list of it for section K."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import Advice, AdviceEntry, Case, PlanSectionVersion
from casework.rules.plan_content import Section, read
from casework.services.events import NewEvent
from tests.factories import TODAY, log
from tests.fixtures.advice import returned
from tests.fixtures.people import SignIn
from tests.fixtures.plans import make_section
from tests.web.plan.conftest import send, typed

NEED = "Finds it hard to follow spoken directions of more than two parts."


def accepted(app: Flask, *, is_accepted: bool = True) -> str:
    """Return a case with one piece of advice, accepted or waiting to be checked."""
    with app.app_context():
        advice = returned("speech_and_language", date(2026, 10, 5))
        case = db.session.get_one(Case, advice.case_id)
        if is_accepted:
            log(case, NewEvent(kind="advice_accepted", on=TODAY, adviser_id=advice.adviser_id))
        return case.public_id


@pytest.fixture
def case(app: Flask) -> str:
    """Give the identifier of a case with accepted advice."""
    return accepted(app)


def entry_id(app: Flask) -> int:
    with app.app_context():
        return int(db.session.query(AdviceEntry.id).scalar())


def plan(app: Flask) -> dict[str, Section]:
    with app.app_context():
        rows = db.session.query(PlanSectionVersion).order_by("number")
        return {row.section: read(row.section, row.content) for row in rows}


def add(client: FlaskClient, case: str, *rows: str) -> TestResponse:
    page = client.get(f"/cases/{case}/plan/from-advice")
    token = page.text.rsplit('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    return client.post(
        f"/cases/{case}/plan/from-advice", data={"csrf_token": token, "rows": list(rows)}
    )


def test_ticked_rows_fill_every_section_with_the_thread_whole(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client, number = sign_in(), entry_id(app)
    page = client.get(f"/cases/{case}/plan/from-advice").text
    assert page.count(" checked") == 3, "the first time all of it is wanted as a rule"
    rows = [f"{one}-{number}" for one in ("need", "outcome", "provision")]
    answer = add(client, case, *rows)
    assert answer.status_code == 303
    held = plan(app)
    assert list(held) == ["B", "E", "F"]
    assert held["B"].items[0].text == NEED
    assert held["E"].items[0].serves == (held["B"].items[0].id,)
    assert held["F"].items[0].serves == (held["E"].items[0].id,)
    assert held["F"].items[0].how_often.startswith("Twice a week, 30 minutes")
    again = client.get(f"/cases/{case}/plan/from-advice").text
    assert again.count("In the plan") == 3
    assert 'type="checkbox"' not in again, "nothing is brought in twice"


def test_nothing_ticked_or_what_is_not_there_is_refused_with_what_to_do(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    for rows in ((), ("need-999",), ("x",)):
        answer = add(client, case, *rows)
        assert answer.status_code == 422
        assert "Tick what belongs in the plan" in answer.text
    assert plan(app) == {}


def test_advice_that_was_not_accepted_is_not_offered_and_the_page_says_so(
    app: Flask, sign_in: SignIn
) -> None:
    case = accepted(app, is_accepted=False)
    client = sign_in()
    page = client.get(f"/cases/{case}/plan/from-advice").text
    assert NEED not in page
    assert "Waiting to be checked" in page
    assert NEED not in client.get(f"/cases/{case}/plan/B/edit").text


def test_a_section_takes_rows_of_advice_beside_what_is_typed(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    page = client.get(f"/cases/{case}/plan/B/edit").text
    assert "Add from the advice (1)" in page
    answer = send(client, case, "B", typed(words="Typed."), do="bring", bring=str(entry_id(app)))
    assert answer.status_code == 200
    assert f">{NEED}</textarea>" in answer.text.replace("\n", "")
    assert "Typed." in answer.text
    assert "Add from the advice" not in answer.text
    assert plan(app) == {}, "it is saved with the section"


def test_section_k_offers_the_list_of_advice_once(app: Flask, sign_in: SignIn, case: str) -> None:
    client = sign_in()
    line = "Thea Invented, received 5 October 2026"
    assert line in client.get(f"/cases/{case}/plan/K/edit").text
    answer = send(client, case, "K", typed(words="Attached:"), do="list")
    words = answer.text.split("<textarea", 1)[1].split("</textarea>", 1)[0]
    assert "Attached:" in words
    assert line in words
    again = send(client, case, "K", typed(words=words.split(">", 1)[1].strip()), do="list")
    words = again.text.split("<textarea", 1)[1].split("</textarea>", 1)[0]
    assert words.count(line) == 1


def test_the_newest_version_of_advice_alone_is_offered(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    """What was returned first was put right by its author."""
    with app.app_context():
        advice = db.session.query(Advice).one()
        found = db.session.get_one(Case, advice.case_id)
        given = {"adviser_id": advice.adviser_id, "outcome": "advice"}
        log(found, NewEvent(kind="advice_received", on=date(2026, 10, 12), **given))
        make_section(found, Section(key="A", words="Likes trains."))
    page = sign_in().get(f"/cases/{case}/plan/from-advice").text
    assert NEED not in page, "the newer return was not accepted"
