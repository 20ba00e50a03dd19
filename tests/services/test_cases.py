"""Cases are opened and handed over, and every act is on the trail."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.extensions import db
from casework.models import AuditEntry, Case
from casework.services import cases
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Refused
from tests.factories import TODAY, make_case, make_user

mon_7_sep = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    with app.app_context():
        yield


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_case_opened_says_what_is_due_next_and_is_audited() -> None:
    case = make_case(mon_7_sep)
    assert case.reference == "EHC-000001"
    assert (case.stage, case.next_duty) == ("received", "assess_decision_6w")
    assert case.next_due_on == date(2026, 10, 19)
    assert db.session.scalars(select(AuditEntry.action)).all() == ["opened case"]


def test_a_request_in_the_future_opens_no_case() -> None:
    with pytest.raises(Refused):
        make_case(date(2026, 11, 24))
    assert count(Case) == 0


def test_a_case_handed_over_keeps_who_had_it() -> None:
    one, two = make_user(email="one@example.org"), make_user(email="two@example.org")
    case = make_case(mon_7_sep, officer_id=one.id)
    cases.hand_over(actor=COMMAND_LINE, today=TODAY, case_id=case.id, officer_id=two.id)
    held = db.session.execute(
        db.text("SELECT officer_id, until_day IS NULL FROM officer_assignment ORDER BY id")
    ).all()
    assert [(officer, bool(now)) for officer, now in held] == [(one.id, False), (two.id, True)]
