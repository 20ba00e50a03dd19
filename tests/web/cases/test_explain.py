"""The explanation of a case: every date with its rule, its citation and how it was counted."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Case
from casework.services.events import NewEvent
from tests.factories import event_id
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded

Happen = Callable[..., None]


def explained(sign_in: SignIn, case: str) -> str:
    page = sign_in("manager", name="Mandeep Manager").get(f"/cases/{case}/explain")
    assert page.status_code == 200
    return " ".join(page.text.split())


def test_every_limit_has_its_rule_its_citation_and_its_arithmetic(
    sign_in: SignIn, case: str
) -> None:
    page = explained(sign_in, case)
    for rule, law in (
        ("assess_decision_6w", "SEND Regulations 2014, reg 5(1)"),
        ("no_plan_16w", "SEND Regulations 2014, reg 10(1)"),
        ("final_20w", "SEND Regulations 2014, reg 13(2)"),
    ):
        assert f"{law} (rule {rule})" in page
    assert (
        "Monday 25 January 2027: 20 weeks after the request was received on Monday 7 September "
        "2026; the day it was received is not counted." in page
    )


def test_lateness_is_said_in_days_and_in_weeks_and_days(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 11, 19)))
    page = explained(sign_in, case)
    assert "Thursday 19 November 2026: 31 days late (4 weeks and 3 days)" in page


def test_what_is_not_done_is_late_so_far(sign_in: SignIn, case: str) -> None:
    assert "35 days late (5 weeks) on 23 November 2026" in explained(sign_in, case)


def test_exceptions_are_told_with_their_grounds_and_doubts(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    ground = {"regulation": "5(4)", "ground": "X3", "reason": "The mother was in hospital"}
    happen(NewEvent(kind="exception_recorded", on=date(2026, 10, 20), exception=ground))
    page = explained(sign_in, case)
    assert "Exceptional personal circumstances, under SEND Regulations 2014, reg 5(4)" in page
    assert "The mother was in hospital" in page
    assert "No evidence is recorded" in page
    assert "Exception: still owed" in page


def test_a_correction_is_told_with_what_it_replaced(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    with app.app_context():
        old = event_id(db.session.query(Case).one(), "told_will_assess")
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 22), corrects_id=old))
    page = explained(sign_in, case)
    assert "<del>Family told we will assess</del> (corrected to 22 September 2026" in page


def test_it_says_when_and_by_whom_it_was_taken_and_is_audited(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    page = explained(sign_in, case)
    assert "by Mandeep Manager, as things stood on Monday 23 November 2026." in page
    with app.app_context():
        last = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
    assert last == "viewed explanation of case"


def test_the_days_run_in_order_from_the_request_to_the_last_limit(
    sign_in: SignIn, case: str
) -> None:
    days = explained(sign_in, case).split("Day by day", 1)[1]
    order = ["7 September 2026", "19 October 2026", "28 December 2026", "25 January 2027"]
    places = [days.index(f"{day}</th>") for day in order]
    assert places == sorted(places)
