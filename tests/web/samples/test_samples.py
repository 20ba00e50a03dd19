"""The pages by which advice is drawn and scored. Every person is invented."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.access import EVERY_CASE
from casework.extensions import db
from casework.models import (
    AdviceSample,
    AdviceScore,
    AuditEntry,
    Case,
    Person,
    User,
)
from casework.rules.sampling import QUESTIONS
from casework.services import events, samples
from casework.services.audit_trail import COMMAND_LINE
from tests.factories import TODAY
from tests.fixtures.advice import returned
from tests.fixtures.forms import send_form
from tests.fixtures.people import SignIn
from tests.fixtures.services import make_service
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

OCTOBER = "/samples?month=2026-10"
CANARY = "Zebedee-Canary"
YES = dict.fromkeys(QUESTIONS, "yes")


@pytest.fixture
def dco(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Give a browser of the DCO, and four pieces of health advice, one of social care's."""
    with app.app_context():
        make_service(name="Therapists")
        make_service("social_care", name="Social workers")
        for day in (5, 6, 7, 8):
            returned("speech_and_language", date(2026, 10, day), summary=f"Seen on {day}")
        returned("social_care", date(2026, 10, 9))
        db.session.query(Person).update({"surname": CANARY})
        db.session.commit()
    return sign_in("dco", name="Dee Dip")


def drawn(app: Flask) -> list[str]:
    with app.app_context():
        return [one.public_id for one in db.session.query(AdviceSample).order_by("id")]


def test_one_press_draws_and_the_next_says_that_the_sample_is_whole(
    app: Flask, dco: FlaskClient
) -> None:
    assert "Draw by lot" in dco.get(OCTOBER).text
    answer = send_form(dco, OCTOBER)
    assert (answer.status_code, answer.location) == (303, OCTOBER)
    page = dco.get(OCTOBER).text
    assert "3 pieces of advice drawn." in page
    assert page.count("To be scored") == 3
    assert "Social workers" not in page
    assert CANARY not in page
    send_form(dco, OCTOBER)
    assert "Nothing more to draw: the sample is whole." in dco.get(OCTOBER).text
    assert len(drawn(app)) == 3


def test_a_month_that_runs_is_not_drawn(app: Flask, dco: FlaskClient) -> None:
    page = dco.get("/samples?month=2026-11").text
    assert "November 2026 is not over." in page
    assert "Draw by lot" not in page
    send_form(dco, "/samples?month=2026-11")
    assert drawn(app) == []


def test_without_a_month_or_with_none_that_is_offered_it_is_the_last_whole_one(
    dco: FlaskClient,
) -> None:
    for path in ("/samples", "/samples?month=1066-10", "/samples?month=x"):
        assert "Samples of advice, October 2026" in dco.get(path).text


def test_advice_stands_beside_the_form_and_the_look_is_recorded(
    app: Flask, dco: FlaskClient
) -> None:
    send_form(dco, OCTOBER)
    path = f"/samples/{drawn(app)[0]}"
    page = dco.get(path).text
    assert "Twice a week, 30 minutes, for two terms" in page
    for question in QUESTIONS.values():
        assert question.words in page
        assert question.hint[:30] in page
    assert CANARY not in page
    with app.app_context():
        entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        assert entry.action == "viewed advice sample"
    answer = send_form(dco, path, **YES, words="Say who")
    assert (answer.status_code, answer.location) == (303, OCTOBER)
    month = dco.get(OCTOBER).text
    assert "Scored" in month
    assert "100.0%" in month
    assert "Say who" in dco.get(path).text


def test_an_unanswered_question_keeps_what_was_typed_and_changes_nothing(
    app: Flask, dco: FlaskClient
) -> None:
    send_form(dco, OCTOBER)
    answer = send_form(dco, f"/samples/{drawn(app)[0]}", needs_found="no", words="Say who")
    assert answer.status_code == 422
    assert answer.text.count("Choose yes, partly or no") >= 3
    assert "Say who" in answer.text
    with app.app_context():
        assert db.session.query(AdviceScore).count() == 0


def test_the_author_is_given_no_form_and_is_refused(app: Flask, dco: FlaskClient) -> None:
    with app.app_context():
        person = db.session.query(User).filter_by(role="dco").one()
        returned("speech_and_language", date(2026, 9, 25), author_id=person.id)
    send_form(dco, "/samples?month=2026-09")
    path = f"/samples/{drawn(app)[0]}"
    page = dco.get(path)
    assert "so somebody else scores it" in page.text
    assert "Keep the score" not in page.text
    assert send_form(dco, path, **YES).status_code in (400, 422)
    with app.app_context():
        assert db.session.query(AdviceScore).count() == 0


@pytest.mark.parametrize(
    ("role", "sees"), [("manager", 200), ("dco", 200), ("social-care-lead", 404)]
)
def test_only_who_may_read_the_advice_opens_its_sample_and_its_document(
    app: Flask, sign_in: SignIn, role: str, sees: int
) -> None:
    with app.app_context():
        make_service(name="Therapists")
        returned("speech_and_language", date(2026, 10, 5), as_document=True)
    browser = sign_in(role)
    with app.app_context():
        samples.draw(actor=COMMAND_LINE, today=TODAY, month=date(2026, 10, 1), scope=EVERY_CASE)
    (sample,) = drawn(app)
    assert browser.get(f"/samples/{sample}").status_code == sees
    file = browser.get(f"/samples/{sample}/document")
    assert file.status_code == sees
    with app.app_context():
        told = db.session.query(AuditEntry).filter_by(action="opened sampled advice").count()
    assert told == (sees == 200)
    assert (file.data[:4] == b"%PDF") is (sees == 200)


def test_advice_taken_back_is_read_by_nobody_any_more_and_a_lead_is_not_told_why(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        make_service(name="Therapists")
        details = {"as_document": True, "summary": "Wrong-Child-Words"}
        advice = returned("speech_and_language", date(2026, 10, 5), **details)
        samples.draw(actor=COMMAND_LINE, today=TODAY, month=date(2026, 10, 1), scope=EVERY_CASE)
        case = db.session.get_one(Case, advice.case_id, populate_existing=True)
        events.strike_out(
            actor=COMMAND_LINE,
            today=TODAY,
            case_id=case.id,
            version=case.version,
            event_id=advice.event_id,
            reason="It was of Zebedee",
        )
    (sample,) = drawn(app)
    for role in ("dco", "manager"):
        reader = sign_in(role)
        pages = [reader.get(f"/samples/{sample}"), reader.get(OCTOBER)]
        for page in pages:
            assert "The entry was struck out" in page.text
            assert "Wrong-Child-Words" not in page.text
            assert "Zebedee" not in page.text, "a note on a case is for its officers"
        assert reader.get(f"/samples/{sample}/document").status_code == 404


def test_the_page_takes_as_many_statements_for_many_as_for_few(
    app: Flask, dco: FlaskClient
) -> None:
    send_form(dco, OCTOBER)
    dco.get(OCTOBER)
    with counted(app) as few:
        dco.get(OCTOBER)
    with app.app_context():
        make_service("camhs")
        for day in (5, 6, 7):
            returned("camhs", date(2026, 10, day))
    send_form(dco, OCTOBER)
    dco.get(OCTOBER)
    with counted(app) as many:
        dco.get(OCTOBER)
    assert len(many) == len(few)
