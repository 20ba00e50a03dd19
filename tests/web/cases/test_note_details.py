"""Contact details in a note: asked about once; a protected one refused, and never repeated."""

from collections.abc import Callable

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import Adviser, AuditEntry, Case, CaseEvent, Contact
from casework.services import events
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Refused
from casework.services.events import NewEvent
from tests.factories import TODAY
from tests.fixtures.forms import send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded

#: Nobody's: no such street is in the demonstration.
HIDDEN = "12 Larch Lane, Maidenhead, SL6 1RF"
Protect = Callable[[], None]


@pytest.fixture
def protect(app: Flask, case: str) -> Protect:
    """Give a function that puts a contact with a protected address around the child."""

    def protect() -> None:
        with app.app_context():
            child = db.session.query(Case).filter_by(public_id=case).one().person_id
            db.session.add(
                Contact(
                    person_id=child,
                    name="Ines Marsh",
                    relationship_to_child="Mother",
                    address=HIDDEN,
                    phone="01632 960 001",
                    address_is_protected=True,
                )
            )
            db.session.commit()

    return protect


def notes(app: Flask) -> list[str]:
    with app.app_context():
        return [note for (note,) in db.session.query(CaseEvent.note) if note]


def test_a_note_that_looks_like_a_contact_detail_is_asked_about_once(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client, path = sign_in(), f"/cases/{case}/events/new?kind=considering_notified"
    typed = "Rang the school on 01632 960 555"
    asked = send_form(client, path, on="t", note=typed, keep_in_note=None)
    assert asked.status_code == 422
    assert "This looks like a telephone number. It belongs in Contacts" in asked.text
    assert f'href="/cases/{case}/contacts"' in asked.text
    assert typed in asked.text
    assert notes(app) == []
    assert send_again(client, asked, path, keep_in_note="y").status_code == 303
    assert notes(app) == [typed]


def test_a_plain_note_is_never_asked_about(app: Flask, sign_in: SignIn, case: str) -> None:
    client, path = sign_in(), f"/cases/{case}/events/new?kind=considering_notified"
    assert "keep_in_note" not in client.get(path).text
    assert send_form(client, path, on="t", note="15 days from 4 May 2026").status_code == 303


@pytest.mark.parametrize("typed", ["sl61rf", "12, LARCH LN", "(01632) 960001"])
def test_a_protected_detail_is_refused_even_when_ticked_and_to_everyone(
    app: Flask, sign_in: SignIn, case: str, protect: Protect, typed: str
) -> None:
    protect()
    client, path = sign_in("manager"), f"/cases/{case}/events/new?kind=considering_notified"
    refused = send_form(client, path, on="t", note=f"Seen: {typed}", keep_in_note="y")
    assert refused.status_code == 422
    assert "This case has contact details that are protected" in refused.text
    summary = refused.text.split("govuk-error-summary", 1)[1].split("<form", 1)[0]
    assert typed not in summary, "the words that refuse do not repeat it"
    assert notes(app) == []
    with app.app_context():
        last = db.session.query(AuditEntry).filter_by(action="was refused").one()
        assert last.subject == "protected detail in text"


def test_a_correction_and_a_striking_out_are_held_to_the_same(
    app: Flask, sign_in: SignIn, case: str, protect: Protect
) -> None:
    protect()
    client = sign_in()
    send_form(client, f"/cases/{case}/events/new?kind=considering_notified", on="t")
    with app.app_context():
        number = db.session.query(CaseEvent.id).order_by(CaseEvent.id.desc()).first()[0]
    for act in ("correct", "strike-out"):
        path = f"/cases/{case}/events/{number}/{act}"
        typed = {"note": "At 12 Larch Lane", "checked": "1"}
        assert "belongs in Contacts" in send_form(client, path, **typed).text
        assert "are protected" in send_form(client, path, keep_in_note="y", **typed).text
    assert notes(app) == []


def test_what_a_service_is_asked_holds_no_protected_detail_either(
    app: Flask, sign_in: SignIn, case: str, protect: Protect
) -> None:
    protect()
    with app.app_context():
        found = db.session.query(Case).filter_by(public_id=case).one()
        ask = NewEvent(
            kind="advice_requested", on=TODAY, service="camhs", asks="Please visit 12 Larch Lane"
        )
        with pytest.raises(Refused, match="protected"):
            events.record(COMMAND_LINE, TODAY, found.id, [ask])
        assert db.session.query(Adviser).count() == 0
