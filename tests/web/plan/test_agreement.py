"""Health’s agreement is of one version of section G, and a later version needs it anew."""

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import Case, HealthAgreement
from casework.rules.plan_content import Section
from casework.services.events import NewEvent
from tests.factories import event_id, log
from tests.fixtures.people import SignIn, token_in
from tests.web.plan.conftest import hold

NOT_AGREED = "The commissioning body has not agreed this version"
GIVEN = {"agreed_by": "Dr Ines Invented, ICB", "on": "t"}


def agree(client: FlaskClient, case: str, **typed: Any) -> TestResponse:
    page = client.get(f"/cases/{case}/plan/agreement")
    fields = {"csrf_token": token_in(page)}
    for name in ("version", "number"):
        fields[name] = page.text.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"')[0]
    return client.post(f"/cases/{case}/plan/agreement", data=fields | GIVEN | typed)


def test_an_agreement_is_of_the_version_that_stands_and_a_later_one_needs_it_anew(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="G", words="Physiotherapy each week."))
    assert NOT_AGREED in client.get(f"/cases/{case}/plan").text
    assert agree(client, case).status_code == 303
    page = client.get(f"/cases/{case}/plan").text
    assert NOT_AGREED not in page
    assert "Agreed by Dr Ines Invented, ICB" in page
    hold(app, case, Section(key="G", words="Physiotherapy each month."), number=2)
    page = client.get(f"/cases/{case}/plan").text
    assert NOT_AGREED in page
    assert "This is version 2: it must be agreed anew" in page


def test_an_empty_section_or_one_saved_since_is_not_agreed(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    assert "nothing to agree" in client.get(f"/cases/{case}/plan/agreement").text
    hold(app, case, Section(key="G", words="Weekly."))
    hold(app, case, Section(key="G", words="Monthly."), number=2)
    answer = agree(client, case, number="1")
    assert answer.status_code == 422
    assert "Section G was saved again while you had this page open" in answer.text
    assert "Monthly." in answer.text, "what stands now is there to be looked at"
    with app.app_context():
        assert db.session.query(HealthAgreement).count() == 0


def test_who_agreed_and_when_must_be_said_and_the_case_as_it_was_seen(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="G", words="Weekly."))
    assert "Enter who agreed it" in agree(client, case, agreed_by="").text
    assert "must be today or in the past" in agree(client, case, on="24/12/2026").text
    assert agree(client, case, version="0").status_code == 409


def test_an_agreement_whose_day_is_put_right_still_counts_and_one_struck_out_does_not(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="G", words="Weekly."))
    agree(client, case)
    for kind, is_agreed in (("health_provision_agreed", True), ("struck_out", False)):
        with app.app_context():
            found = db.session.query(Case).filter_by(public_id=case).one()
            last = event_id(found, "health_provision_agreed")
            again = NewEvent(kind=kind, on=date(2026, 11, 20), corrects_id=last, note="A slip")
            log(found, again)
        page = client.get(f"/cases/{case}/plan").text
        assert (NOT_AGREED not in page) is is_agreed
