"""What a service that gives advice is not shown, and when it is shown nothing. All are invented."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import Case
from casework.services.events import NewEvent
from tests.factories import event_id
from tests.fixtures.people import SignIn
from tests.fixtures.services import the_service
from tests.web.cases.conftest import send

pytestmark = pytest.mark.embedded

Happen = Callable[..., None]

ASKED = NewEvent(kind="advice_requested", on=date(2026, 10, 5), service="speech_and_language")
NOTE = "Mother is in hospital and asks that nobody is told"
EXCEPTION = {"regulation": "5(4)", "ground": "X3", "reason": "Bereaved", "evidence": "Ward letter"}


@pytest.fixture
def told(app: Flask, happen: Happen) -> None:
    """Ask a therapist, with a note; then record an exception with its reason and evidence."""
    happen(NewEvent(kind="decided_to_assess", on=date(2026, 10, 1), note=NOTE))
    happen(NewEvent(kind="told_will_assess", on=date(2026, 10, 2), oddity="Told by a neighbour"))
    with app.app_context():
        the_service("speech_and_language")
    happen(ASKED, NewEvent(kind="exception_recorded", on=date(2026, 10, 6), exception=EXCEPTION))


def entry_of(app: Flask, kind: str) -> int:
    with app.app_context():
        return event_id(db.session.query(Case).one(), kind)


WITHHELD = (NOTE, "Told by a neighbour", "Bereaved", "Ward letter")


@pytest.mark.parametrize("role", ["dco", "panel-clerk"])
@pytest.mark.parametrize("part", ["", "/explain"])
def test_notes_and_reasons_are_for_officers(
    sign_in: SignIn, case: str, told: None, role: str, part: str
) -> None:
    shown = sign_in(role).get(f"/cases/{case}{part}")
    assert shown.status_code == 200
    assert "O’Brien" in shown.text
    assert not [words for words in WITHHELD if words in shown.text]
    officers = sign_in("case-officer").get(f"/cases/{case}{part}").text
    assert not [words for words in WITHHELD if words not in officers]


def test_a_service_sees_no_case_and_nothing_of_the_record_but_its_request(
    sign_in: SignIn, case: str, told: None
) -> None:
    therapist = sign_in("service-member", service="speech_and_language")
    for path in ("/cases", f"/cases/{case}", f"/cases/{case}/explain", f"/cases/{case}/advice"):
        answer = therapist.get(path)
        assert answer.status_code in (403, 404), path
        assert "O’Brien" not in answer.text
    page = therapist.get(requests_of(therapist)[0])
    assert page.status_code == 200
    assert "O’Brien" in page.text
    assert not [words for words in WITHHELD if words in page.text]


def requests_of(client: FlaskClient) -> list[str]:
    """Return the addresses of the requests in a service member's list."""
    return re.findall(r'href="(/asked/[\w-]{22})"', client.get("/asked?view=all").text)


def test_a_service_asked_by_mistake_no_longer_sees_the_request(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    therapist = sign_in("service-member", service="speech_and_language")
    manager = sign_in("manager")
    happen(NewEvent(kind="decided_to_assess", on=date(2026, 10, 1)), ASKED)
    (request,) = requests_of(therapist)
    entry = entry_of(app, "advice_requested")
    assert send(manager, f"/cases/{case}/events/{entry}/correct", on="6/10/2026", checked="1")
    assert therapist.get(request).status_code == 200, "a corrected day is still a request"
    entry = entry_of(app, "advice_requested")
    path = f"/cases/{case}/events/{entry}/strike-out"
    assert send(manager, path, note="The wrong service").status_code == 303
    assert therapist.get(request).status_code == 404
    assert requests_of(therapist) == []
