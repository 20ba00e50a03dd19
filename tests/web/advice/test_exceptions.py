"""An exception to one body's limit lifts that one, and no other, on the grounds its law lists."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import set_today
from casework.extensions import db
from casework.models import Adviser, Case, Deadline
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case
from tests.fixtures.exceptions import decide, entries, propose, propose_page
from tests.fixtures.forms import boxes, send_form
from tests.fixtures.people import SignIn, add_person

pytestmark = pytest.mark.embedded


@pytest.fixture
def held(app: Flask) -> dict[str, str]:
    """A case of which CAMHS and a school were asked; the address of each one's exception."""
    set_today(TODAY)
    with app.app_context():
        case = make_case(date(2026, 9, 7))
        for kind in ("camhs", "school"):
            log(case, NewEvent(kind="advice_requested", on=date(2026, 9, 14), service=kind))
        camhs, school = db.session.scalars(select(Adviser).order_by(Adviser.id))
        return {
            "case": case.public_id,
            "camhs": propose_page(case.public_id, f"adviser-{camhs.id}.advice_partner_6w"),
            "school": propose_page(case.public_id, f"adviser-{school.id}.advice_all_6w"),
            "own": propose_page(case.public_id),
        }


def lifted(app: Flask) -> dict[str, str]:
    """Return by duty the grounds that lift it, of those that any lifts."""
    with app.app_context():
        rows = db.session.scalars(select(Deadline).where(Deadline.lifted_by.is_not(None)))
        return {row.duty: row.lifted_by or "" for row in rows}


def record(app: Flask, sign_in: SignIn, held: dict[str, str], ground: str, **more: str) -> None:
    """Propose an exception to the limit of CAMHS, and have it approved."""
    limit = held["camhs"].partition("=")[2]
    assert propose(sign_in("case-officer"), held["case"], limit, ground, **more).status_code == 303
    with app.app_context():
        add_person("manager", "approver@example.org")
    approver = sign_in(email="approver@example.org")
    proposal = entries(app, "exception_proposed")[-1]
    assert decide(approver, held["case"], proposal).status_code == 303


def test_a_missed_appointment_lifts_the_limit_of_that_body_only(
    app: Flask, sign_in: SignIn, held: dict[str, str]
) -> None:
    record(app, sign_in, held, "X5")
    assert lifted(app) == {"advice_partner_6w": "X5"}


def test_nobody_is_asked_why_advice_came_late_whose_limit_is_lifted(
    app: Flask, sign_in: SignIn, held: dict[str, str]
) -> None:
    with app.app_context():
        camhs = db.session.scalars(select(Adviser).order_by(Adviser.id)).first()
        assert camhs
        case = db.session.get_one(Case, camhs.case_id)
        answer = {"adviser_id": camhs.id, "outcome": "not_known"}
        log(case, NewEvent(kind="advice_received", on=date(2026, 11, 9), **answer))
    page = f"/cases/{held['case']}/advice"
    manager = sign_in("manager")
    assert "Say why it was late" in manager.get(page).text
    record(app, sign_in, held, "X5")
    assert "Say why it was late" not in manager.get(page).text


@pytest.mark.parametrize("ground", ["X3", "X4"])
def test_absence_and_exceptional_circumstances_are_judged_for_each_limit_apart(
    app: Flask, sign_in: SignIn, held: dict[str, str], ground: str
) -> None:
    days = {"first_day": "1/9/2026", "last_day": "30/9/2026"}
    page = sign_in("manager").get(held["camhs"])
    offered = re.findall(r'name="limits"[^>]*value="([\w.-]+)"', page.text)
    assert {"case.final_20w", "case.no_plan_16w"} < set(offered)
    assert boxes(page)["limits"] == [held["camhs"].partition("=")[2]], "no other is ticked"
    record(app, sign_in, held, ground, **days)
    assert lifted(app) == {"advice_partner_6w": ground}


def test_a_missed_appointment_is_no_ground_for_the_authoritys_own_limits(
    sign_in: SignIn, held: dict[str, str]
) -> None:
    page = sign_in("case-officer").get(held["own"]).text
    assert 'value="X4"' in page
    assert 'value="X5"' not in page


def test_a_closure_never_lifts_the_limit_of_a_body_bound_by_section_31(
    app: Flask, sign_in: SignIn, held: dict[str, str]
) -> None:
    officer = sign_in("case-officer")
    page = officer.get(held["camhs"])
    assert 'value="X5"' in page.text
    assert 'value="X1"' not in page.text
    assert 'value="X2"' not in page.text
    assert "was closed" not in page.text
    typed = {"ground": "X1", "reason": "The school was closed"}
    assert send_form(officer, held["camhs"], **typed).status_code == 422
    assert lifted(app) == {}
    assert 'value="X1"' in officer.get(held["school"]).text, "guidance lists it for a school"
