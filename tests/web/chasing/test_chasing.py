"""The pages by which services are reminded: who sees which, and what one press does.

Every person is invented.
"""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.clock import now
from casework.extensions import db
from casework.models import Adviser, Case, CaseEvent, Interest, Message, ServiceContact, User
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case
from tests.fixtures.forms import boxes, send_form
from tests.fixtures.people import SignIn
from tests.fixtures.services import make_service
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

#: The identifier of each service by its name, with the reference of the case on which it owes.
Owing = dict[str, tuple[str, str]]
CANARY = "Zebedee-Canary"
LATE = TODAY - timedelta(weeks=7, days=1)


def owes(kind: str, name: str, asked_on: date = LATE) -> tuple[str, str]:
    """Return the identifier of a service that owes advice, and the case's reference."""
    service = make_service(kind, name=name)
    case = make_case(asked_on, person={"surname": CANARY})
    log(case, NewEvent(kind="advice_requested", on=asked_on, service=kind))
    return service.public_id, case.reference


@pytest.fixture
def owing(app: Flask) -> Owing:
    """Give services that owe: of health and of social care, one late and one new."""
    with app.app_context():
        return {
            "Therapists": owes("speech_and_language", "Therapists"),
            "Social workers": owes("social_care", "Social workers"),
            "Nurses": owes("community_nursing", "Nurses", TODAY - timedelta(days=3)),
        }


@pytest.fixture
def officer(owing: Owing, sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer")


def count(app: Flask) -> int:
    """Return how many emails were written down."""
    with app.app_context():
        return db.session.query(Message).count()


def address(owing: Owing, *names: str) -> str:
    return "/chasing/preview?" + "&".join(f"service={owing[name][0]}" for name in names)


def test_those_to_be_reminded_now_stand_first_and_are_ticked(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    page = officer.get("/chasing")
    assert set(boxes(page)["service"]) == {
        owing[one][0] for one in ("Therapists", "Social workers")
    }
    assert page.text.index("Nurses") > page.text.index("Therapists")
    assert "1 request: 7 days after the due day" in page.text
    assert "week 3, week 5, 1 day before the due day, then every 7 days" in page.text
    assert CANARY not in page.text


def test_the_email_shown_is_the_email_sent_and_the_case_is_told(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    path = address(owing, "Therapists")
    page = officer.get(path)
    assert "therapists@example.org, lead.therapists@example.org (Edna Lead)" in page.text
    answer = send_form(officer, path)
    assert (answer.status_code, answer.location) == (303, "/chasing")
    with app.app_context():
        sent = [message.body for message in db.session.query(Message).order_by(Message.id)]
        event = db.session.query(CaseEvent).filter_by(kind="advice_chased").one()
        assert event.entered_by_id is not None
    assert len(sent) == 2
    assert sent[0].strip() in page.text
    assert "1 service is reminded of 1 request." in officer.get("/chasing").text
    assert "1 email so far" in officer.get("/chasing").text


def test_a_second_press_sends_nothing_and_says_so(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    path = address(owing, "Therapists")
    open_page = boxes(officer.get(path))
    assert officer.post(path, data=open_page).status_code == 303
    assert officer.post(path, data=open_page).status_code == 303
    assert "Nothing was sent: they were reminded today already" in officer.get("/chasing").text
    assert count(app) == 2
    page = officer.get(path)
    assert "Therapists. It was reminded of everything today." in page.text
    assert "Nobody is to be reminded." in page.text


def test_what_changed_since_it_was_shown_is_shown_again_and_not_sent(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    path = address(owing, "Therapists")
    typed = boxes(officer.get(path))
    with app.app_context():
        case = make_case(LATE)
        log(case, NewEvent(kind="advice_requested", on=LATE, service="speech_and_language"))
        another = case.reference
    answer = officer.post(path, data=typed)
    assert answer.status_code == 409
    assert "What is owed has changed since" in answer.text
    assert another in answer.text
    assert count(app) == 0
    assert officer.post(path, data=boxes(answer)).status_code == 303
    assert count(app) == 2


def test_without_a_tick_there_is_nothing_to_preview(officer: FlaskClient) -> None:
    assert officer.get("/chasing/preview").location == "/chasing"
    assert "Choose the services to remind." in officer.get("/chasing").text
    none = officer.get("/chasing/preview?service=nobody&service=%00")
    assert none.status_code in (200, 404)


@pytest.mark.parametrize(
    ("role", "sees", "not_theirs"),
    [("dco", "Therapists", "Social workers"), ("social-care-lead", "Social workers", "Therapists")],
)
def test_a_lead_sees_and_reminds_only_their_own_services(
    app: Flask, owing: Owing, sign_in: SignIn, role: str, sees: str, not_theirs: str
) -> None:
    lead = sign_in(role)
    page = lead.get("/chasing").text
    assert sees in page
    assert not_theirs not in page
    other = lead.get(address(owing, not_theirs))
    assert owing[not_theirs][1] not in other.text
    assert f"{not_theirs}. It owes nothing." in other.text
    lead.post(address(owing, not_theirs), data=boxes(other))
    assert count(app) == 0
    assert send_form(lead, address(owing, sees)).status_code == 303
    assert count(app) == 2


def test_a_case_of_ones_own_interest_is_not_shown(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    with app.app_context():
        person = db.session.query(User).filter_by(role="case-officer").one()
        case = db.session.query(Case).filter_by(reference=owing["Therapists"][1]).one()
        declared = Interest(case_id=case.id, user_id=person.id, nature="Kin", declared_at=now())
        db.session.add(declared)
        db.session.commit()
    assert "Therapists" not in officer.get("/chasing").text
    assert owing["Therapists"][1] not in officer.get(address(owing, "Therapists")).text


def test_a_service_without_a_mailbox_is_listed_apart_with_its_requests(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    with app.app_context():
        box = db.session.query(ServiceContact).filter_by(email="therapists@example.org").one()
        box.until_day = TODAY - timedelta(days=1)
        db.session.commit()
    apart = officer.get("/chasing").text.split("Cannot be reminded", 1)[1]
    assert "No mailbox is recorded for today." in apart
    assert owing["Therapists"][1] in apart
    assert "No mailbox is recorded" in officer.get(address(owing, "Therapists")).text


def test_email_that_failed_is_said_beside_the_service(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    send_form(officer, address(owing, "Therapists"))
    with app.app_context():
        for message in db.session.query(Message):
            message.failed_at, message.failure = now(), "refused 550"
        db.session.commit()
    assert "Failed. The mail server refused it (550)." in officer.get("/chasing").text


def test_a_call_is_noted_through_the_form_of_events(
    app: Flask, officer: FlaskClient, owing: Owing
) -> None:
    with app.app_context():
        case = db.session.query(Case).filter_by(reference=owing["Therapists"][1]).one()
        adviser = db.session.query(Adviser).filter_by(case_id=case.id).one()
        path, asked = f"/cases/{case.public_id}/events/new?kind=advice_chased", adviser.public_id
    answer = send_form(officer, path, on="t", note="Telephoned", adviser=asked)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        noted = db.session.query(CaseEvent).filter_by(kind="advice_chased").one()
        assert noted.note == "Telephoned"
    assert "1 request: 7 days after the due day" in officer.get("/chasing").text  # social care


def test_the_page_takes_as_many_statements_for_many_services_as_for_few(
    app: Flask, officer: FlaskClient
) -> None:
    officer.get("/chasing")
    with counted(app) as few:
        officer.get("/chasing")
    for kind in ("camhs", "physiotherapy", "occupational_therapy"):
        with app.app_context():
            owes(kind, f"{kind} team")
    with counted(app) as many:
        officer.get("/chasing")
    assert len(many) == len(few)
