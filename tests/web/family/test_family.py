"""The family's page: off unless it is wanted, opened by the right hands alone, one child's only."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.config import Settings
from casework.demonstration import family as demonstration
from casework.extensions import db
from casework.models import (
    AuditEntry,
    Case,
    CaseEvent,
    Contact,
    ExceptionStep,
    FamilyCode,
    FamilyLink,
    FamilyVisit,
)
from casework.services.events import NewEvent
from tests.factories import log, make_case, make_user
from tests.fixtures.forms import send_again
from tests.fixtures.people import Later, SignIn, token_in
from tests.fixtures.statements import counted
from tests.guards.test_unrecorded import refuse_entries

WRONG = "That did not work"
#: Planted wherever the page must not look.
CANARY = "Quetzalcoatl"
Open = Callable[..., FlaskClient]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Give the settings of an authority that wants family pages."""
    return replace(settings, family_pages=True, team_phone="01632 960 100")


def a_case(app: Flask, started_on: date = date(2026, 9, 7), **details: Any) -> str:
    """Return a case with a mother who has parental responsibility."""
    with app.app_context():
        child = {"forenames": "Wren Ada", "surname": "Marsh"} | details.pop("person", {})
        case = make_case(started_on, person=child, **details)
        db.session.add(
            Contact(
                person_id=case.person_id,
                name="Ines Marsh",
                relationship_to_child="Mother",
                has_parental_responsibility=True,
            )
        )
        db.session.commit()
        return case.public_id


def happen(app: Flask, case: str, *events: NewEvent) -> None:
    with app.app_context():
        log(db.session.query(Case).filter_by(public_id=case).one(), *events)


def press(client: FlaskClient, case: str, path: str, **typed: str) -> TestResponse:
    page = client.get(f"/cases/{case}/family-page")
    data = {"csrf_token": token_in(page)} | typed
    return client.post(f"/cases/{case}/family-page/{path}", data=data)


def one_time(page: TestResponse) -> str:
    assert page.status_code == 200, page.text
    return re.search(r'casework-one-time">([^<]+)<', page.text)[1]  # type: ignore[index]


def make_link(app: Flask, officer: FlaskClient, case: str) -> str:
    """Return the path of a new link for the case's first contact."""
    with app.app_context():
        found = db.session.query(Case).filter_by(public_id=case).one()
        contact = db.session.query(Contact).filter_by(person_id=found.person_id).first()
    address = one_time(press(officer, case, "links", contact=contact.public_id))
    return address.removeprefix("http://localhost")


def give_code(app: Flask, officer: FlaskClient, case: str) -> str:
    with app.app_context():
        link = db.session.query(FamilyLink).order_by(FamilyLink.id.desc()).first()
    return one_time(press(officer, case, f"links/{link.public_id}/codes"))


def try_code(client: FlaskClient, path: str, code: str) -> TestResponse:
    return send_again(client, client.get(path), path, code=code)


@pytest.fixture
def opened(app: Flask, sign_in: SignIn) -> Callable[[str], FlaskClient]:
    """Give a function that returns a family's browser in which a case's page is open."""

    def opened(case: str) -> FlaskClient:
        officer, family = sign_in(), app.test_client()
        path = make_link(app, officer, case)
        answer = try_code(family, path, give_code(app, officer, case))
        assert (answer.status_code, answer.location) == (303, "/family")
        return family

    return opened


def test_a_link_and_a_code_open_the_page_and_each_look_is_recorded(
    app: Flask, opened: Open
) -> None:
    case = a_case(app)
    family = opened(case)
    page = family.get("/family")
    assert page.status_code == 200
    assert "Now: we have the request" in page.text
    assert "Monday 19 October 2026" in page.text, "six weeks"
    assert "Monday 25 January 2027" in page.text, "20 weeks"
    assert "01632 960 100" in page.text
    assert "Marsh" not in page.text, "no child’s surname, no contact"
    with app.app_context():
        looks = db.session.query(AuditEntry).filter_by(origin="family page").all()
        assert [one.action for one in looks] == ["family used its code", "family read its page"]
        assert {(one.actor_id, one.subject) for one in looks} == {(None, "family link 1")}
        assert all(one.case_id for one in looks)


def test_the_officer_sees_the_link_its_code_and_its_visits(
    app: Flask, sign_in: SignIn, opened: Open
) -> None:
    case = a_case(app)
    opened(case)
    manager = sign_in("manager")
    page = manager.get(f"/cases/{case}/family-page").text
    assert "Link for Ines Marsh" in page
    assert ", used " in page
    assert "Never" not in page
    assert "The family page" in manager.get(f"/cases/{case}/views").text


def test_nothing_secret_is_kept_and_the_cookie_and_headers_keep_it_close(
    app: Flask, sign_in: SignIn
) -> None:
    officer, case = sign_in(), a_case(app)
    path, family = make_link(app, officer, case), app.test_client()
    code, asked = give_code(app, officer, case), family.get(path)
    answer = send_again(family, asked, path, code=code)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "casework-family" in c)
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/family;"))
    for page in (asked, answer, family.get("/family")):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "strict-origin"
    secret = path.rsplit("/", 1)[1]
    assert len(secret.replace("-", "")) * 4.95 >= 128, "bits: one of 31 signs has 4.95"
    assert secret == secret.lower()
    with app.app_context():
        link, kept = db.session.query(FamilyLink).one(), db.session.query(FamilyCode).one()
        visit = db.session.query(FamilyVisit).one()
        rows = f"{vars(link)} {vars(kept)} {vars(visit)}"
    assert secret not in rows
    assert code.replace(" ", "") not in rows
    assert visit.token_sha256 not in cookie


def test_a_code_works_once_and_in_its_time_and_the_newest_alone(
    app: Flask, sign_in: SignIn, later: Later
) -> None:
    officer, case = sign_in(), a_case(app)
    path, family = make_link(app, officer, case), app.test_client()
    first = give_code(app, officer, case)
    second = give_code(app, officer, case)
    assert WRONG in try_code(family, path, first).text
    assert try_code(family, path, second.replace(" ", "")).status_code == 303
    assert WRONG in try_code(app.test_client(), path, second).text
    third = give_code(app, sign_in(email="case-officer@example.org"), case)
    later(days=15)
    assert WRONG in try_code(app.test_client(), path, third).text


def test_a_wrong_link_and_a_wrong_code_are_told_alike(app: Flask, sign_in: SignIn) -> None:
    officer, case, family = sign_in(), a_case(app), app.test_client()
    path = make_link(app, officer, case)
    give_code(app, officer, case)
    answers = [try_code(family, p, "0000 0000") for p in (path, "/family/no-such-link")]
    bare = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert bare[0] == bare[1]
    assert {answer.status_code for answer in answers} == {422}


def test_ten_wrong_codes_in_a_row_close_the_link(app: Flask, sign_in: SignIn) -> None:
    officer, case, family = sign_in(), a_case(app), app.test_client()
    path = make_link(app, officer, case)
    code = give_code(app, officer, case)
    wrong = "1111 1111" if code != "1111 1111" else "2222 2222"
    for _ in range(9):
        try_code(family, path, wrong)
    assert try_code(family, path, code).status_code == 303, "the tenth may be right"
    code = give_code(app, officer, case)
    for _ in range(10):
        try_code(family, path, wrong)
    assert WRONG in try_code(app.test_client(), path, code).text
    assert "too many wrong codes" in officer.get(f"/cases/{case}/family-page").text


def test_many_tries_from_one_address_wait_a_quarter_of_an_hour(app: Flask, later: Later) -> None:
    family = app.test_client()
    answers = [try_code(family, f"/family/{n}", "12345678").status_code for n in range(21)]
    assert answers == [422] * 20 + [429]
    later(minutes=16)
    assert try_code(family, "/family/x", "12345678").status_code == 422


@pytest.mark.parametrize("what", ["closed", "ended", "responsibility", "withdrawn", "half an hour"])
def test_the_page_stops_at_once_when_it_is_no_longer_theirs(
    app: Flask, sign_in: SignIn, opened: Open, later: Later, what: str
) -> None:
    case = a_case(app)
    family = opened(case)
    assert family.get("/family").status_code == 200
    if what == "closed":
        with app.app_context():
            link = db.session.query(FamilyLink).one().public_id
        press(sign_in(email="case-officer@example.org"), case, f"links/{link}/close")
    elif what == "withdrawn":
        happen(app, case, NewEvent(kind="withdrawn", on=date(2026, 11, 20)))
    elif what == "half an hour":
        later(minutes=31)
    else:
        with app.app_context():
            contact = db.session.query(Contact).one()
            contact.ended_on = date(2026, 11, 1) if what == "ended" else None
            contact.has_parental_responsibility = what == "ended"
            db.session.commit()
    over = family.get("/family")
    assert over.status_code == 403
    assert "Wren" not in over.text


def test_who_leaves_the_page_leaves_nothing_that_opens_it(app: Flask, opened: Open) -> None:
    family = opened(a_case(app))
    kept = family.get_cookie("casework-family", path="/family")
    assert kept
    left = send_again(family, family.get("/family"), "/family/leave")
    assert left.status_code == 303
    family.set_cookie("casework-family", kept.value, path="/family")
    assert family.get("/family").status_code == 403


def test_nothing_of_another_child_or_of_what_was_written_is_ever_shown(
    app: Flask, opened: Open
) -> None:
    officer = {"name": "Oona Officer", "email": "oona@example.org"}
    with app.app_context():
        holder = make_user(**officer).id
    case = a_case(app, officer_id=holder, asks=CANARY, requested_by=CANARY)
    with app.app_context():
        child = db.session.query(Case).filter_by(public_id=case).one().person_id
        hidden = {"name": CANARY, "address": CANARY, "phone": "01632 960 999", "email": CANARY}
        db.session.add(
            Contact(
                person_id=child,
                relationship_to_child="Father",
                address_is_protected=True,
                has_parental_responsibility=True,
                contact_notes=CANARY,
                **hidden,
            )
        )
        make_case(person={"forenames": CANARY, "surname": "Marsh"})
        db.session.commit()
    asked = NewEvent(
        kind="advice_requested",
        on=date(2026, 10, 13),
        service="social_care",
        adviser_name=CANARY,
        asks=CANARY,
        note=CANARY,
    )
    proposed = {"regulation": "10(4)", "ground": "X3", "evidence": CANARY, "reason": CANARY}
    told = NewEvent(
        kind="exception_told",
        on=date(2026, 11, 20),
        brings=lambda event_id: [
            ExceptionStep(event_id=event_id, proposal_id=proposal(), words=CANARY)
        ],
    )

    def proposal() -> int:
        found = db.session.query(CaseEvent.id).filter_by(kind="exception_proposed")
        return int(found.one()[0])

    for one in (
        NewEvent(kind="told_will_assess", on=date(2026, 10, 12), note=CANARY),
        asked,
        NewEvent(kind="exception_proposed", on=date(2026, 11, 18), exception=proposed),
        NewEvent(kind="exception_recorded", on=date(2026, 11, 19), exception=proposed),
        told,
    ):
        happen(app, case, one)
    page = opened(case).get("/family").text
    assert CANARY not in page
    assert "01632 960 999" not in page
    assert "Social care, asked on 13 October 2026" in page
    assert "exceptional personal circumstances" in page
    assert "Oona Officer" in page


def test_a_refusal_is_shown_once_its_letter_has_gone_and_says_how_to_appeal(
    app: Flask, opened: Open
) -> None:
    case = a_case(app)
    family = opened(case)
    happen(app, case, NewEvent(kind="decided_not_to_assess", on=date(2026, 10, 5)))
    page = family.get("/family").text
    assert "we are deciding whether to do an assessment" in page
    happen(app, case, NewEvent(kind="told_will_not_assess", on=date(2026, 10, 7)))
    page = family.get("/family").text
    assert "we decided not to do an assessment" in page
    assert "Monday 7 December 2026" in page, "two months"
    assert "https://www.gov.uk/appeal-ehc-plan-decision" in page


def test_the_days_of_a_draft_and_how_to_comment_are_shown(app: Flask, opened: Open) -> None:
    case = a_case(app)
    happen(
        app,
        case,
        NewEvent(kind="told_will_assess", on=date(2026, 10, 12)),
    )
    happen(app, case, NewEvent(kind="draft_served", on=date(2026, 11, 16)))
    page = opened(case).get("/family").text
    assert "The last day to comment is <strong>Monday 30 November 2026</strong>" in page
    assert "By <strong>Monday 25 January 2027</strong> we must send you the final plan." in page
    assert "The law gives us 20 weeks from 7 September 2026." in page
    assert "not to make a plan" not in page


def test_a_link_is_for_parental_responsibility_or_the_young_person_of_sixteen(
    app: Flask, sign_in: SignIn
) -> None:
    officer, case = sign_in(), a_case(app, person={"date_of_birth": date(2009, 1, 1)})
    with app.app_context():
        child = db.session.query(Case).filter_by(public_id=case).one().person_id
        for name, tie in (("Wren Marsh", "Young person"), ("Gran Marsh", "Grandmother")):
            db.session.add(Contact(person_id=child, name=name, relationship_to_child=tie))
        db.session.commit()
        gran = db.session.query(Contact).filter_by(name="Gran Marsh").one().public_id
        mother = db.session.query(Contact).filter_by(name="Ines Marsh").one().public_id
    page = officer.get(f"/cases/{case}/family-page").text
    assert "Wren Marsh, Young person" in page
    assert "Gran Marsh" not in page
    assert press(officer, case, "links", contact=gran).status_code == 422
    press(officer, case, "links", contact=mother)
    again = press(officer, case, "links", contact=mother)
    assert again.status_code == 422
    assert "Close it before you make another" in again.text


def test_a_link_is_reached_from_its_own_case_alone(app: Flask, sign_in: SignIn) -> None:
    officer, one, other = sign_in(), a_case(app), a_case(app)
    make_link(app, officer, one)
    with app.app_context():
        link = db.session.query(FamilyLink).one().public_id
    for act in ("codes", "close"):
        assert press(officer, other, f"links/{link}/{act}").status_code == 404


def test_the_page_takes_few_statements_however_many_are_asked(app: Flask, opened: Open) -> None:
    case = a_case(app)
    family, taken = opened(case), []
    happen(app, case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
    for services in (("camhs",), ("school", "physiotherapy", "social_care")):
        happen(
            app,
            case,
            *[
                NewEvent(kind="advice_requested", on=date(2026, 10, 13), service=s)
                for s in services
            ],
        )
        with counted(app) as sent:
            assert family.get("/family").status_code == 200
        taken.append(len(sent))
    assert taken[0] == taken[1] <= 13


@pytest.mark.embedded
def test_what_cannot_be_recorded_is_neither_opened_nor_shown(
    app: Flask, sign_in: SignIn, opened: Open
) -> None:
    case = a_case(app)
    family, officer = opened(case), sign_in("manager")
    page = officer.get(f"/cases/{case}/family-page")
    button = re.search(r'action="([^"]+/codes)"', page.text)
    assert button
    with app.app_context():
        refuse_entries()
    shown = family.get("/family")
    assert shown.status_code == 503
    assert "Wren" not in shown.text
    assert officer.post(button[1], data={"csrf_token": token_in(page)}).status_code == 503
    with app.app_context():
        assert db.session.query(FamilyCode).count() == 1


def test_the_demonstration_gives_one_familys_page_to_open(app: Flask) -> None:
    with app.app_context():
        holder = make_user().id
    case = a_case(app, officer_id=holder)
    for kind in ("told_will_assess", "draft_served"):
        happen(app, case, NewEvent(kind=kind, on=date(2026, 11, 16)))
    with app.app_context():
        path, code = (
            demonstration.keep(date(2026, 11, 23)).removesuffix(", once").split(" with the code ")
        )
    assert try_code(app.test_client(), path, code).status_code == 303


def test_a_draft_in_the_post_is_not_said_to_have_come(app: Flask, opened: Open) -> None:
    case = a_case(app)
    happen(app, case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
    happen(app, case, NewEvent(kind="draft_served", on=date(2026, 11, 25), is_deemed=True))
    page = opened(case).get("/family").text
    assert "Now: we have sent you the draft plan" in page
    assert "Your time starts on Wednesday 25 November 2026" in page
    assert "You have had the draft plan" not in page
    assert "The last day to comment is <strong>Wednesday 9 December 2026" in page
