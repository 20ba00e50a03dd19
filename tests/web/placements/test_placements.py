"""Open cases that wait for a place. Every person and setting is invented."""

from datetime import date

import pytest
from flask import Flask

from casework.clock import set_today
from casework.extensions import db
from casework.models import AuditEntry, Case, Consultation, User
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case
from tests.fixtures.people import SignIn
from tests.fixtures.plans import make_consultation, make_setting
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

#: 20 weeks later is fewer than 35 days ahead, and more.
SHORT, LONG = date(2026, 7, 27), date(2026, 10, 5)


def drafting(surname: str, started_on: date, *answers: str | None, **details: object) -> Case:
    """A case of which a plan is written, with settings asked that answered so, or not at all."""
    case = make_case(started_on, person={"surname": surname, "primary_need": "ASD"}, **details)
    told = started_on.replace(day=28)
    for kind in ("told_will_assess", "decided_to_issue"):
        log(case, NewEvent(kind=kind, on=told))
    for answer in answers:
        asked = make_consultation(case, make_setting(f"School of {surname} {answer}"))
        whose = {"consultation_id": asked.id, "on": date(2026, 11, 2)}
        log(case, NewEvent(kind="consultation_sent", **whose))
        if answer:
            log(case, NewEvent(kind="consultation_replied", outcome=answer, **whose))
    return case


def test_only_what_waits_is_listed_the_first_due_first_and_counted_by_need_and_phase(
    app: Flask, sign_in: SignIn
) -> None:
    set_today(TODAY)
    officer = sign_in("case-officer")
    with app.app_context():
        drafting("Refused", LONG, "cannot_meet", "no_places")
        drafting("Shortly", SHORT, None)
        drafting("Unasked", SHORT)
        drafting("Waiting", LONG, "cannot_meet", None)
        drafting("Welcome", SHORT, "cannot_meet", "can_meet_with")
        agreed = drafting("Agreed", SHORT, "cannot_meet")
        log(agreed, NewEvent(kind="placement_agreed", on=TODAY))
        make_case(SHORT, person={"surname": "Undecided"})
    page = officer.get("/placements").text
    assert "3 cases, the first due first" in page
    assert page.index("Shortly,") < page.index("Unasked,") < page.index("Refused,")
    for absent in ("Waiting,", "Welcome,", "Agreed,", "Undecided,"):
        assert absent not in page
    assert "Every setting asked says no" in page
    row = page.split("Autistic spectrum disorder</th>")[1].split("</tr>")[0]
    assert row.count(">3<") == 2, "in their one phase, and in all"
    with app.app_context():
        what = "viewed list of cases that wait for a place"
        assert db.session.query(AuditEntry).filter_by(action=what).count() == 3


def test_a_place_struck_out_or_a_later_no_brings_the_wait_back(app: Flask, sign_in: SignIn) -> None:
    set_today(TODAY)
    officer = sign_in("case-officer")
    with app.app_context():
        case = drafting("Turned", LONG, "can_meet")
        assert "Turned," not in officer.get("/placements").text
        number = case.id
    with app.app_context():
        case = db.session.get_one(Case, number)
        asked = db.session.query(Consultation.id).scalar()
        no = {"consultation_id": asked, "on": TODAY, "outcome": "cannot_meet"}
        log(case, NewEvent(kind="consultation_replied", **no))
    assert "Turned," in officer.get("/placements").text


def test_an_officer_keeps_their_own_and_more_cases_take_no_more_statements(
    app: Flask, sign_in: SignIn
) -> None:
    set_today(TODAY)
    officer = sign_in("case-officer")
    with app.app_context():
        me = db.session.query(User).one().id
        drafting("Mine", SHORT, officer_id=me)
    officer.get("/placements")
    taken = []
    for names in ((), ("Other", "Another")):
        with app.app_context():
            for name in names:
                drafting(name, SHORT, "cannot_meet")
        with counted(app) as sent:
            officer.get("/placements")
        taken.append(len([one for one in sent if one.startswith("SELECT")]))
    assert taken[0] == taken[1]
    page = officer.get("/placements?whose=mine").text
    assert "Mine," in page
    assert "Other," not in page


def test_without_any_it_says_so(sign_in: SignIn) -> None:
    assert "No case waits for a place." in sign_in("manager").get("/placements").text
