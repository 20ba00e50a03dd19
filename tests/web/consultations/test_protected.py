"""A protected detail is in none of the words about a setting: a setting may be sent them."""

from datetime import date

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import (
    AuditEntry,
    Case,
    Consultation,
    ConsultationReply,
    Contact,
    PlacementRequest,
)
from tests.fixtures.people import SignIn
from tests.fixtures.plans import make_setting
from tests.web.cases.conftest import send
from tests.web.consultations.test_consultations import a_case, of

HIDDEN = "12 Larch Lane, Maidenhead, SL6 1RF"
TYPED = "They live at 12 larch lane now"


@pytest.mark.parametrize("page", ["request", "choose", "reply"])
def test_a_protected_detail_is_refused_in_what_is_said_of_a_setting(
    app: Flask, sign_in: SignIn, page: str
) -> None:
    place = a_case(app, "Ashfield", sent_on=date(2026, 11, 9))
    with app.app_context():
        make_setting("Elm Park", kind="primary")
        db.session.add(
            Contact(
                person_id=db.session.query(Case.person_id).scalar(),
                name="Ines Marsh",
                relationship_to_child="Mother",
                address=HIDDEN,
                address_is_protected=True,
            )
        )
        db.session.commit()
    client, typed = (
        sign_in(),
        {
            "request": {"setting": "elm park", "on": "t", "words": TYPED},
            "choose": {"setting_1": "elm park", "asks": TYPED},
            "reply": {"outcome": "can_meet", "on": "t", "words": TYPED},
        },
    )
    at = f"{place}/{of(app, 'Ashfield')}/reply" if page == "reply" else f"{place}/{page}"
    answer = send(client, at, **typed[page])
    assert answer.status_code == 422
    assert "contact details that are protected" in answer.text
    assert TYPED in answer.text, "what was typed stays"
    with app.app_context():
        for model in (PlacementRequest, ConsultationReply):
            assert db.session.query(model).count() == 0
        assert db.session.query(Consultation).count() == 1
        assert db.session.query(AuditEntry).filter_by(action="was refused").count() == 1
