"""The audit trail, read: acts and references, never a child's name."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import AuditEntry
from casework.services import audit_trail
from casework.services.audit_trail import COMMAND_LINE, Act
from tests import factories
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def auditor(sign_in: SignIn) -> FlaskClient:
    return sign_in("auditor", name="Anna Auditor")


def body(client: FlaskClient, query: str = "") -> str:
    page = client.get(f"/audit-trail{query}")
    assert page.status_code == 200
    return page.text.split("<tbody", 1)[1].split("</tbody")[0] if "<tbody" in page.text else ""


def test_acts_are_shown_newest_first_with_references_and_no_childs_name(
    app: Flask, auditor: FlaskClient
) -> None:
    with app.app_context():
        child = {"surname": "Canary", "forenames": "Zelda"}
        reference = factories.make_case(person=child).reference
    page = body(auditor)
    assert reference in page
    assert "opened case" in page
    assert "Command line" in page
    assert page.index("read audit trail") < page.index("opened case")
    assert "Canary" not in page
    assert "Zelda" not in page


def test_reading_the_trail_is_on_the_trail(app: Flask, auditor: FlaskClient) -> None:
    auditor.get("/audit-trail")
    with app.app_context():
        entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry
        assert (entry.action, entry.address) == ("read audit trail", "127.0.0.1")


def test_it_is_narrowed_by_person_case_act_and_day(app: Flask, auditor: FlaskClient) -> None:
    with app.app_context():
        reference = factories.make_case().reference
        person = db.session.query(AuditEntry.actor_id).filter_by(action="signed in").scalar()
        day = db.session.query(AuditEntry.at).filter_by(action="opened case").scalar()
    for query, has_case, has_sign_in in [
        (f"?reference={reference.lower()}", True, False),
        ("?reference=EHC-999999", False, False),
        (f"?person={person}", False, True),
        ("?action=signed+in", False, True),
        (f"?from_day={day:%d/%m/%Y}&to_day={day:%d/%m/%Y}", True, True),
        ("?to_day=1/1/2020", False, False),
    ]:
        text = body(auditor, query)
        assert ("opened case" in text) is has_case, query
        assert ("signed in" in text) is has_sign_in, query


@pytest.mark.parametrize(
    "query", ["?from_day=31/2/2026", "?person=abc", "?person=999999", "?action=nonsense"]
)
def test_what_cannot_be_asked_for_is_said_and_kept(auditor: FlaskClient, query: str) -> None:
    page = auditor.get(f"/audit-trail{query}")
    assert page.status_code == 422
    assert "There is a problem" in page.text


def test_a_number_that_is_none_asks_for_the_newest(auditor: FlaskClient) -> None:
    assert "signed in" in body(auditor, "?before=abc")


def test_older_entries_are_on_the_next_page_and_none_is_lost(
    app: Flask, auditor: FlaskClient
) -> None:
    with app.app_context():
        acts = [Act(action=f"did thing {n:03}") for n in range(120)]
        audit_trail.record_all(COMMAND_LINE, acts)
        db.session.commit()
    seen, address = "", "/audit-trail"
    for _ in range(5):
        page = auditor.get(address).text
        seen += page.split("<tbody", 1)[-1]
        if 'rel="next"' not in page:
            break
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert all(seen.count(f"did thing {n:03}") >= 1 for n in range(120))


def test_an_account_acted_on_is_named(app: Flask, auditor: FlaskClient) -> None:
    assert "the account of Anna Auditor" in body(auditor)


def test_a_refusal_is_shown_to_the_person_and_left_on_the_trail(
    app: Flask, auditor: FlaskClient, sign_in: SignIn
) -> None:
    page = sign_in("board-reader").get("/audit-trail")
    assert page.status_code == 403
    assert "quote rule A11" in page.text
    assert "ask the data protection officer" in page.text
    assert "rule A11: audit.index" in body(auditor)


def test_a_refusal_that_cannot_be_recorded_shows_nothing(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("board-reader")

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit_trail, "record", fail)
    page = client.get("/audit-trail")
    assert page.status_code == 500
    assert "signed in" not in page.text.split("<main", 1)[1]


def test_the_trail_is_not_shown_when_reading_it_cannot_be_recorded(
    auditor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit_trail, "record", fail)
    page = auditor.get("/audit-trail")
    assert page.status_code == 500
    assert "<table" not in page.text


@pytest.mark.parametrize("before", ["99999999999999999999", "2147483648", "-1", "x", "٣", ""])
def test_an_entry_that_cannot_be_is_no_place_to_begin(sign_in: SignIn, before: str) -> None:
    assert sign_in("auditor").get(f"/audit-trail?before={before}").status_code == 200
