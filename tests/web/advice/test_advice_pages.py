"""The pages of the advice on a case: what each shows, to whom, and what it takes. All invented."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import set_today
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceExpected,
    AdviceReuse,
    Adviser,
    AuditEntry,
    Case,
    CaseEvent,
)
from casework.services import events
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import TODAY, add_document, event_id, log, make_advice, make_case
from tests.fixtures.forms import send_again, send_form
from tests.fixtures.people import SignIn
from tests.fixtures.services import the_service
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

ASKED = date(2026, 9, 14)


@pytest.fixture(autouse=True)
def _on_a_day() -> None:
    set_today(TODAY)


def ask(case: Case, kind: str, **details: Any) -> int:
    """Ask a service and return its adviser's id."""
    service = the_service(kind)
    given = {"on": ASKED, "service": kind, "advice_service_id": service.id} | details
    log(case, NewEvent(kind="advice_requested", **given))
    return int(db.session.scalars(select(Adviser.id).order_by(Adviser.id.desc())).first() or 0)


@pytest.fixture
def held(app: Flask) -> dict[str, Any]:
    """Hold a case whose therapist returned advice twice, late; social care has not answered."""
    with app.app_context():
        case = make_case(date(2026, 9, 7))
        therapist = ask(case, "speech_and_language")
        social = ask(case, "social_care")
        answer = {"adviser_id": therapist, "outcome": "advice"}
        log(case, NewEvent(kind="advice_received", on=date(2026, 11, 2), **answer))
        adviser = db.session.get_one(Adviser, therapist)
        make_advice(adviser, event_id(case, "advice_received"), summary="weekly with a therapist")
        log(case, NewEvent(kind="advice_sent_back", on=date(2026, 11, 3), adviser_id=therapist))
        log(case, NewEvent(kind="advice_received", on=date(2026, 11, 9), **answer))
        paper = add_document(case, title="Report on her speech")
        make_advice(
            adviser,
            event_id(case, "advice_received"),
            version=2,
            summary="daily with a therapist",
            document_id=paper.id,
            entries=[],
        )
        log(case, NewEvent(kind="advice_chased", on=date(2026, 11, 20), adviser_id=social))
        log(
            case,
            NewEvent(
                kind="advice_expected",
                on=date(2026, 11, 20),
                adviser_id=social,
                outcome="capacity",
                brings=lambda n: [AdviceExpected(event_id=n, expected_on=date(2026, 12, 4))],
            ),
        )
        other = db.session.get_one(Adviser, social)
        return {
            "case": f"/cases/{case.public_id}/advice",
            "health": f"/cases/{case.public_id}/advice/{adviser.public_id}",
            "social": f"/cases/{case.public_id}/advice/{other.public_id}",
            "id": case.id,
        }


def test_an_officer_sees_every_request_and_the_one_thing_to_do_next(
    sign_in: SignIn, held: dict[str, Any]
) -> None:
    page = sign_in("case-officer").get(held["case"]).text
    for words in (
        "Speech and language team",
        "Invented NHS Trust",
        "regulation 6(1)(c)",
        "Last on 20 November 2026",
        "They expect to answer by <strong>4 December 2026</strong>: no capacity",
        "Version 2 on 9 November 2026",
        "To be checked",
        "Read and check",
        "Section B is fed by Speech and language team",
        "Section D waits for Social care team",
        "No one feeds section C",
    ):
        assert words in page, words


def test_a_service_sees_no_page_of_the_case(sign_in: SignIn, held: dict[str, Any]) -> None:
    therapist = sign_in("service-member", service="speech_and_language")
    case = held["case"].removesuffix("/advice")
    for page in (held["case"], held["social"], held["health"], case):
        shown = therapist.get(page)
        assert shown.status_code in (403, 404), page
        assert "with a therapist" not in shown.text


def test_a_lead_sees_that_the_other_was_asked_and_not_what_came(
    sign_in: SignIn, held: dict[str, Any]
) -> None:
    lead = sign_in("social-care-lead")
    page = lead.get(held["health"])
    assert page.status_code == 200
    assert "but not what it wrote" in page.text
    assert "with a therapist" not in page.text
    assert "Report on her speech" not in page.text
    for part in ("versions/2", "versions/2/file"):
        assert lead.get(f"{held['health']}/{part}").status_code == 404


def test_every_reading_of_advice_is_recorded_as_such(
    app: Flask, sign_in: SignIn, held: dict[str, Any]
) -> None:
    dco = sign_in("dco")
    for part in ("", "/versions/2", "/versions/2/file"):
        assert dco.get(held["health"] + part).status_code == 200
    dco.get(held["social"])
    with app.app_context():
        told = db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.case_id == held["id"], AuditEntry.origin == "web")
            .order_by(AuditEntry.id)
        ).all()
    assert told == ["read advice", "read advice", "opened advice", "viewed request for advice"]


def test_versions_are_compared_word_by_word(sign_in: SignIn, held: dict[str, Any]) -> None:
    page = sign_in("case-officer").get(f"{held['health']}/versions/2").text
    assert "weekly" in page.split("<del>", 1)[1].split("</del>", 1)[0]
    assert "daily" in page.split("<ins>", 1)[1].split("</ins>", 1)[0]
    first = sign_in("manager").get(f"{held['health']}/versions/1")
    assert first.status_code == 404, "there is none before it"


def test_a_version_struck_out_as_on_the_wrong_child_is_read_by_nobody_any_more(
    app: Flask, sign_in: SignIn, held: dict[str, Any]
) -> None:
    with app.app_context():
        case = db.session.get_one(Case, held["id"])
        first = db.session.scalars(select(Advice.event_id).where(Advice.version == 1)).one()
        answer = {"adviser_id": db.session.scalars(select(Advice.adviser_id)).first()}
        log(case, NewEvent(kind="advice_received", on=TODAY, outcome="advice", **answer))
        adviser = db.session.get_one(Adviser, answer["adviser_id"])
        make_advice(adviser, event_id(case, "advice_received"), version=3, summary="by the hour")
        second = db.session.scalars(select(Advice.event_id).where(Advice.version == 2)).one()
        for number in (event_id(case, "advice_sent_back"), first, second):
            db.session.refresh(case)
            events.strike_out(
                actor=COMMAND_LINE,
                today=TODAY,
                case_id=case.id,
                version=case.version,
                event_id=number,
                reason="It was about another child",
            )
    for role in ("dco", "case-officer"):
        reader = sign_in(role)
        page = reader.get(held["health"])
        assert "by the hour" in page.text
        assert "Compare version" not in page.text, "there is none left to compare it with"
        for part in ("versions/3", "versions/2", "versions/2/file"):
            answered = reader.get(f"{held['health']}/{part}")
            assert answered.status_code == 404, part
            assert "with a therapist" not in answered.text


def test_versions_are_compared_with_the_last_before_them_that_stands(
    app: Flask, sign_in: SignIn, held: dict[str, Any]
) -> None:
    with app.app_context():
        case = db.session.get_one(Case, held["id"])
        adviser = db.session.scalars(select(Adviser).join(Advice, Advice.adviser_id == Adviser.id))
        adviser = adviser.first()
        answer = {"adviser_id": adviser.id, "outcome": "advice"}
        wrong = event_id(case, "advice_received")
        log(case, NewEvent(kind="advice_received", on=TODAY, **answer))
        make_advice(adviser, event_id(case, "advice_received"), version=3, summary="by the hour")
        db.session.refresh(case)
        events.strike_out(
            actor=COMMAND_LINE,
            today=TODAY,
            case_id=case.id,
            version=case.version,
            event_id=wrong,
            reason="It was about another child",
        )
    officer = sign_in("case-officer")
    assert "Compare version 3 with version 1" in officer.get(held["health"]).text
    page = officer.get(f"{held['health']}/versions/3").text
    assert "Version 1 beside version 3" in page
    assert "weekly" in page
    assert "daily" not in page


def test_what_came_with_an_entry_is_still_there_when_its_day_was_put_right(
    app: Flask, sign_in: SignIn, held: dict[str, Any]
) -> None:
    officer = sign_in("case-officer")
    reasons = {"verdict": "send_back", "reasons": "No outcomes"}
    assert send_form(officer, f"{held['health']}/check", **reasons).status_code == 303
    with app.app_context():
        case = db.session.get_one(Case, held["id"])
        agreed = dict.fromkeys(
            ("author_agreed_on", "authority_agreed_on", "family_agreed_on"), date(2026, 11, 2)
        )
        words = {"described": "Her report of May", "sections": "B"}
        used = NewEvent(
            kind="advice_reused",
            on=date(2026, 11, 2),
            service="physiotherapy",
            brings=lambda n: [AdviceReuse(event_id=n, **words, **agreed)],
        )
        log(case, used)
        for kind in ("advice_sent_back", "advice_expected", "advice_reused"):
            wrong = db.session.get_one(CaseEvent, event_id(case, kind))
            right = {"kind": kind, "adviser_id": wrong.adviser_id, "outcome": wrong.outcome}
            log(case, NewEvent(on=date(2026, 11, 21), corrects_id=wrong.id, **right))
    assert "No outcomes" in officer.get(held["health"]).text
    assert "4 December 2026" in officer.get(held["social"]).text
    assert "Her report of May" in officer.get(held["case"]).text


def test_an_officer_sends_advice_back_and_says_why_it_was_late_on_one_page(
    app: Flask, sign_in: SignIn, held: dict[str, Any]
) -> None:
    officer, path = sign_in("case-officer"), f"{held['health']}/check"
    answer = send_form(officer, path, verdict="send_back", cause="capacity")
    assert answer.status_code == 422
    assert "Enter what is missing" in answer.text
    answer = send_form(officer, path, verdict="send_back", cause="capacity", reasons="No outcomes")
    assert answer.status_code == 303
    page = officer.get(held["health"]).text
    assert "No outcomes" in page
    assert "no capacity in the service (the service)" in page


def test_a_double_press_is_recorded_once(app: Flask, sign_in: SignIn, held: dict[str, Any]) -> None:
    officer, path = sign_in("case-officer"), f"{held['health']}/check"
    page = officer.get(path)
    for _ in range(2):
        assert send_again(officer, page, path, verdict="accept").status_code == 303
    assert "sent twice and recorded once" in officer.get(held["case"]).text
    with app.app_context():
        assert db.session.query(CaseEvent).filter_by(kind="advice_accepted").count() == 1


def test_a_check_over_anothers_entry_is_shown_both_and_can_be_saved(
    app: Flask, sign_in: SignIn, held: dict[str, Any]
) -> None:
    officer, path = sign_in("case-officer"), f"{held['health']}/check"
    page = officer.get(path)
    with app.app_context():
        log(db.session.get_one(Case, held["id"]), NewEvent(kind="considering_notified", on=TODAY))
    answer = send_again(officer, page, path, verdict="accept")
    assert answer.status_code == 409
    assert "Advice accepted" in answer.text
    assert send_again(officer, answer, path).status_code == 303


def test_the_cause_of_lateness_is_changed_on_a_page_of_its_own(
    sign_in: SignIn, held: dict[str, Any]
) -> None:
    officer, path = sign_in("case-officer"), f"{held['health']}/late"
    assert send_form(officer, path).status_code == 422
    assert send_form(officer, path, cause="asked_late", words="Sat in a tray").status_code == 303
    assert "Sat in a tray" in officer.get(held["health"]).text
    assert "Sat in a tray" not in sign_in("dco").get(held["health"]).text
    assert send_form(officer, path, cause="capacity").status_code == 303


@pytest.mark.parametrize("page", ["case", "health"])
def test_the_number_of_statements_does_not_grow_with_advisers_or_versions(
    app: Flask, sign_in: SignIn, held: dict[str, Any], page: str
) -> None:
    officer = sign_in("case-officer")

    def statements() -> int:
        officer.get(held[page])
        with counted(app) as sent:
            assert officer.get(held[page]).status_code == 200
        return len(sent)

    before = statements()
    with app.app_context():
        case = db.session.get_one(Case, held["id"])
        adviser = db.session.scalars(select(Adviser).order_by(Adviser.id)).first()
        assert adviser
        more = [
            NewEvent(kind="advice_requested", on=ASKED, service="other_health") for _ in range(50)
        ]
        log(case, *more)
        for number in range(3, 50):
            answer = {"adviser_id": adviser.id, "outcome": "advice"}
            log(case, NewEvent(kind="advice_received", on=TODAY, **answer))
            make_advice(adviser, event_id(case, "advice_received"), version=number)
    assert statements() == before
