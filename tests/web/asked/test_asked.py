"""What a service sees and does: its own requests and no other's. Every child is invented."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from casework.access import Scope
from casework.clock import now
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceCheck,
    AdviceService,
    Adviser,
    AuditEntry,
    Case,
    Interest,
    User,
)
from casework.queries import asked_of
from casework.services.events import NewEvent
from tests.documents import files
from tests.factories import TODAY, add_document, event_id, log, make_case
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn, add_person, send_sign_in, token_in
from tests.fixtures.services import make_service, the_service
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

ASKED = date(2026, 10, 5)
BORN = "4/5/2018"
ROW = {
    "need_section_1": "B",
    "need_1": "Ida cannot follow two instructions at once.",
    "outcome_1": "By July she follows two in four of five lessons.",
    "provision_section_1": "F",
    "provision_1": "Therapy in small steps",
    "by_whom_1": "A therapist",
    "how_often_1": "30 minutes a week",
}


@pytest.fixture
def therapist(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a therapist is signed in."""
    return sign_in("service-member", service="speech_and_language", name="Tess Therapist")


def ask(case: Case, service: str = "speech_and_language", on: date = ASKED, **more: Any) -> None:
    log(case, NewEvent(kind="advice_requested", on=on, service=service, **more))


@pytest.fixture
def asked(app: Flask, therapist: FlaskClient) -> str:
    """Give the address of a request to the therapist's service."""
    with app.app_context():
        case = make_case(
            person={"forenames": "Ida Maud", "surname": "Invented", "nhs_number": "9876543210"}
        )
        log(case, NewEvent(kind="decided_to_assess", on=date(2026, 10, 1), note="A secret note"))
        ask(case, asks="How does Ida understand what is said in class?")
        ask(case, "camhs", asks="A canary for CAMHS alone")
        found = select(Adviser.public_id).where(Adviser.service == "speech_and_language")
        return f"/asked/{db.session.scalars(found).one()}"


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """Push the application's context."""
    with app.app_context():
        yield


def case() -> Case:
    return db.session.query(Case).one()


def adviser_id() -> int:
    found = select(Adviser.id).where(Adviser.service == "speech_and_language")
    return db.session.scalars(found).one()


def give(client: FlaskClient, asked: str, **typed: Any) -> TestResponse:
    return send_form(client, f"{asked}/return", **{"born": BORN} | ROW | typed)


def test_a_service_member_begins_at_what_is_asked_of_them(
    therapist: FlaskClient, asked: str
) -> None:
    page = therapist.get("/", follow_redirects=True)
    assert page.request.path == "/asked"
    assert "Ida I." in page.text
    for hidden in ("Invented<", "Ida Maud", "CAMHS", "2018", "987"):
        assert hidden not in page.text.split("<main", 1)[1], hidden
    assert "Overdue by 7 days" in page.text
    assert "Not marked as received" in page.text
    assert 'href="/cases"' not in page.text


def test_the_request_tells_what_the_service_needs_and_nothing_else(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    page = therapist.get(asked).text
    for words in ("Ida Maud Invented", "4 May 2018", "987 654 3210", "How does Ida understand"):
        assert words in page, words
    for hidden in ("A secret note", "CAMHS"):
        assert hidden not in page, hidden
    with app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (last.action, last.case_id) == ("viewed request for advice", case().id)


def test_another_services_request_and_none_at_all_are_one_answer(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    with app.app_context():
        other = db.session.scalars(
            select(Adviser.public_id).where(Adviser.service == "camhs")
        ).one()
    for part in ("", "/return", "/answer", "/late", "/versions/1", "/versions/1/file"):
        theirs, absent = therapist.get(f"/asked/{other}{part}"), therapist.get(f"/asked/none{part}")
        assert theirs.status_code == absent.status_code == 404
    typed = {"csrf_token": token_in(therapist.get("/account")), "day": "today"}
    for part in ("received", "return", "answer", "late", "return/keep"):
        assert therapist.post(f"/asked/{other}/{part}", data=typed).status_code == 404


def test_a_declared_interest_hides_the_request(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    with app.app_context():
        user = db.session.scalars(select(User.id).where(User.name == "Tess Therapist")).one()
        made = Interest(case_id=case().id, user_id=user, nature="Kin", declared_at=now())
        db.session.add(made)
        db.session.commit()
    assert therapist.get(asked).status_code == 404
    assert asked not in therapist.get("/asked?view=all").text


def test_received_is_one_press_and_starts_the_bodys_own_clock(
    therapist: FlaskClient, asked: str
) -> None:
    typed = {"csrf_token": token_in(therapist.get(asked)), "day": "today"}
    page = therapist.post(f"{asked}/received", data=typed, follow_redirects=True).text
    assert "That it reached you on 23 November 2026 is recorded." in page
    assert "Monday 4 January 2027" in page
    page = therapist.post(f"{asked}/received", data=typed, follow_redirects=True).text
    assert "was recorded already" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("4/10/2026", "This is before “Advice asked for” on Monday 5 October 2026"),
        ("24/11/2026", "must be today or in the past"),
        ("", "Enter the day it reached you"),
    ],
)
def test_a_day_out_of_order_is_refused_and_stays_in_its_box(
    therapist: FlaskClient, asked: str, day: str, words: str
) -> None:
    answer = send_again(therapist, therapist.get(asked), f"{asked}/received", on=day, day=None)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{day}"' in answer.text


def test_advice_is_returned_by_its_form_and_shown_again(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    page = therapist.get(f"{asked}/return").text
    assert page.count('<details class="govuk-details casework-advice-row"') == 6
    answer = give(therapist, asked)
    assert answer.status_code == 303, answer.text
    page = therapist.get(f"{asked}/versions/1").text
    assert "Therapy in small steps" in page
    assert "For sections B, E, F of the plan" in page
    with app.app_context():
        row = db.session.scalars(select(Advice)).one()
        assert (row.author, row.version, row.written_on) == ("Tess Therapist", 1, TODAY)
    assert "Nothing waits for your answer" in therapist.get("/asked").text
    assert "Done 7 days late" in therapist.get("/asked?view=answered").text


def test_a_refused_form_keeps_everything_and_a_row_may_be_added(
    therapist: FlaskClient, asked: str
) -> None:
    answer = give(therapist, asked, born="", need_5="Another need", more="1")
    assert answer.status_code == 200
    assert "Need 7" in answer.text
    answer = send_again(therapist, answer, f"{asked}/return", more=None, need_7="A seventh")
    assert answer.status_code == 422
    for words in (ROW["need_1"], "Another need", "A seventh", "Need 5: choose the kind of need"):
        assert words in answer.text, words
    assert "Enter the child’s date of birth" in answer.text


def test_a_wrong_birthday_is_refused_without_saying_what_is_held(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    answer = give(therapist, asked, born="5/4/2018")
    assert answer.status_code == 422
    assert "This is not what is recorded for the child" in answer.text
    for held in ("4 May 2018", "4/5/2018", "987 654 3210", "9876543210"):
        assert held not in answer.text, held
    assert ROW["need_1"] in answer.text
    with app.app_context():
        assert db.session.scalars(select(Advice)).all() == []


def test_a_document_is_checked_kept_and_given_back(therapist: FlaskClient, asked: str) -> None:
    blank = dict.fromkeys(ROW, "")
    answer = give(therapist, asked, **blank)
    assert "Write at least one need, or choose the document" in answer.text
    answer = give(therapist, asked, **blank, file=(BytesIO(b"MZ no"), "advice.exe"))
    assert "This kind of file is not taken" in answer.text
    content = files.pdf()
    answer = give(therapist, asked, **blank, file=(BytesIO(content), "advice.pdf"))
    assert answer.status_code == 303, answer.text
    saved = therapist.get(f"{asked}/versions/1/file")
    assert saved.data == content
    assert "For sections B, C, E, F, G" in therapist.get(f"{asked}/versions/1").text
    again = give(therapist, asked, **blank, file=(BytesIO(content), "copy.pdf"))
    page = therapist.get(again.location).text
    assert "This is what you returned on 23 November 2026, as version 1" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("NHS number: 943 476 5919. Ida Invented. ", "another NHS number"),
        ("Date of birth: 1/2/2015. Ida Invented. ", "another date of birth"),
        ("Odo Other likes to draw. ", "does not have this child’s name"),
    ],
)
def test_a_document_about_another_child_is_asked_about_first(
    therapist: FlaskClient, asked: str, said: str, words: str
) -> None:
    content = files.pdf(f"{said} A long report with many words in it about a child. " * 6)
    sent = {"file": (BytesIO(content), "advice.pdf")}
    answer = give(therapist, asked, **sent)
    assert answer.status_code == 422
    assert words in answer.text
    sent = {"file": (BytesIO(content), "advice.pdf"), "is_theirs": "y"}
    assert give(therapist, asked, **sent).status_code == 303


def test_a_colleague_who_answered_meanwhile_is_shown_and_ones_own_words_stay(
    app: Flask, therapist: FlaskClient, sign_in: SignIn, asked: str
) -> None:
    with app.app_context():
        add_person("service-member", "colleague@example.org", service="speech_and_language")
    colleague = sign_in(email="colleague@example.org")
    opened = therapist.get(f"{asked}/return")
    assert give(colleague, asked, need_1="A colleague’s need").status_code == 303
    answer = send_again(therapist, opened, f"{asked}/return", born=BORN, **ROW)
    assert answer.status_code == 409
    assert "A colleague’s need" in answer.text
    assert ROW["need_1"] in answer.text
    answer = send_again(therapist, answer, f"{asked}/return")
    assert "version 2" in therapist.get(answer.location).text


def test_what_is_sent_back_says_why_and_a_second_version_follows(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    give(therapist, asked)
    with app.app_context():
        version = db.session.scalars(select(Advice.id)).one()
        back = NewEvent(
            kind="advice_sent_back",
            on=TODAY,
            adviser_id=adviser_id(),
            brings=lambda key: [
                AdviceCheck(event_id=key, advice_id=version, reasons="Say who does it")
            ],
        )
        log(case(), back)
    assert "Sent back" in therapist.get("/asked").text
    assert "Say who does it" in therapist.get(asked).text
    assert "Say who does it" in therapist.get(f"{asked}/return").text
    give(therapist, asked, by_whom_1="A therapist of band 6")
    page = therapist.get(asked).text
    assert "Version 2" in page
    assert "Nothing waits for your answer" in therapist.get("/asked").text


def test_a_version_struck_out_as_on_the_wrong_child_is_not_shown_again(
    app: Flask, sign_in: SignIn, therapist: FlaskClient, asked: str
) -> None:
    give(therapist, asked)
    with app.app_context():
        entry = {"on": TODAY, "note": "x", "corrects_id": event_id(case(), "advice_received")}
        log(case(), NewEvent(kind="struck_out", **entry))
    for reader in (therapist, sign_in("dco")):
        page = reader.get(asked).text
        assert "Struck out by the case officer" in page
        assert f"{asked}/versions/1" not in page
        assert reader.get(f"{asked}/versions/1").status_code == 404
        assert reader.get(f"{asked}/versions/1/file").status_code == 404


def test_why_it_was_sent_back_is_still_told_when_the_day_of_that_was_put_right(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    give(therapist, asked)
    with app.app_context():
        advice = db.session.scalars(select(Advice.id)).one()
        back = {"kind": "advice_sent_back", "on": TODAY, "adviser_id": adviser_id()}
        says = {"advice_id": advice, "reasons": "No outcomes"}
        log(case(), NewEvent(**back, brings=lambda n: [AdviceCheck(event_id=n, **says)]))
        log(case(), NewEvent(**back, corrects_id=event_id(case(), "advice_sent_back")))
    assert "No outcomes" in therapist.get(asked).text


def test_after_a_withdrawal_only_advice_is_taken_and_its_note_is_plain(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    opened = therapist.get(f"{asked}/return")
    with app.app_context():
        gone = NewEvent(
            kind="advice_request_withdrawn", on=date(2026, 11, 20), adviser_id=adviser_id()
        )
        log(case(), gone)
    page = therapist.get(asked).text
    assert "The request was withdrawn on 20 November 2026" in page
    for shown in (page, therapist.get("/asked?view=all").text):
        assert not [words for words in ("Ida", "Invented", "4 May 2018", "987") if words in shown]
    answer = send_again(therapist, opened, f"{asked}/return", born=BORN, **ROW)
    page = therapist.get(answer.location).text
    assert "It came after the request was withdrawn, and counts for nothing" in page
    answer = send_form(therapist, f"{asked}/answer", outcome="not_known")
    assert answer.status_code == 422
    assert "nothing more is asked" in answer.text


def test_a_nil_return_and_a_day_that_cannot_be_kept_are_answers(
    therapist: FlaskClient, asked: str
) -> None:
    late = f"{asked}/late"
    answer = send_form(therapist, late, cause="school_closed", expected_on="14/12/2026")
    page = therapist.get(answer.location).text
    assert "A closed school does not lift your limit" in page
    assert "you expect to answer by 14 December 2026" in page
    answer = send_form(therapist, late, cause="appointment_missed", expected_on="15/12/2026")
    assert "is for them to decide" in therapist.get(answer.location).text
    answer = send_form(therapist, late, cause="capacity", expected_on="1/11/2026")
    assert "or later" in answer.text
    opened = therapist.get(f"{asked}/answer")
    answer = send_again(therapist, opened, f"{asked}/answer", outcome="not_known")
    assert "Your answer is recorded" in therapist.get(answer.location).text
    again = send_again(therapist, opened, f"{asked}/answer", outcome="not_known")
    assert "sent twice and recorded once" in therapist.get(again.location).text


def test_what_is_typed_is_kept_and_given_back(therapist: FlaskClient, asked: str) -> None:
    opened = therapist.get(f"{asked}/return")
    kept = send_again(therapist, opened, f"{asked}/return/keep", need_3="Half a thought")
    assert kept.status_code == 204
    page = therapist.get(f"{asked}/return").text
    assert "Half a thought" in page
    assert "This is what you had typed here before" in page
    give(therapist, asked, need_3="")
    assert "Half a thought" not in therapist.get(f"{asked}/return").text


def test_a_session_that_ended_loses_nothing(
    therapist: FlaskClient, asked: str, later: Callable[..., None]
) -> None:
    opened = therapist.get(f"{asked}/return")
    later(hours=2)
    typed = boxes(opened) | {"born": BORN} | ROW
    ours = {"Sec-Fetch-Site": "same-origin"}
    answer = therapist.post(f"{asked}/return", data=typed, headers=ours)
    assert answer.location.startswith("/sign-in")
    send_sign_in(therapist, "service-member@example.org", path=answer.location)
    assert ROW["need_1"] in therapist.get(f"{asked}/return").text


def test_a_service_that_took_over_sees_and_answers_what_the_old_one_was_asked(
    app: Flask, sign_in: SignIn, therapist: FlaskClient, asked: str
) -> None:
    with app.app_context():
        old = the_service("speech_and_language")
        new = make_service("speech_and_language", name="Talking Well")
        old.until_day, old.replaced_by_id = date(2026, 11, 1), new.id
        db.session.commit()
        opened = add_person("service-member", "new@example.org", service="speech_and_language")
        db.session.execute(
            update(User).where(User.public_id == opened.public_id).values(advice_service_id=new.id)
        )
        db.session.commit()
    successor = sign_in(email="new@example.org")
    assert asked in successor.get("/asked").text
    assert give(successor, asked).status_code == 303
    assert "Talking Well answers for it now" in therapist.get("/asked").text


def test_a_service_closed_for_good_gets_a_plain_page(
    app: Flask, therapist: FlaskClient, asked: str
) -> None:
    with app.app_context():
        the_service("speech_and_language").until_day = date(2026, 11, 1)
        db.session.commit()
    page = therapist.get("/asked")
    assert page.status_code == 200
    assert "Nothing is asked of you" in page.text
    assert therapist.get(asked).status_code == 404


def test_a_lead_sees_the_agencys_requests_and_narrows_them_to_a_service(
    app: Flask, sign_in: SignIn, asked: str
) -> None:
    with app.app_context():
        ask(case(), "social_care")
        camhs = the_service("camhs").public_id
        db.session.execute(
            update(Adviser)
            .where(Adviser.service == "camhs")
            .values(advice_service_id=the_service("camhs").id)
        )
        db.session.commit()
    lead = sign_in("dco")
    page = lead.get("/asked").text
    assert page.count("EHC-") == 2
    assert "Social care" not in page.split("<main", 1)[1]
    assert lead.get(f"/asked?service={camhs}").text.count("EHC-") == 1


def test_an_officer_files_a_reply_with_a_document_that_is_there(
    app: Flask, sign_in: SignIn, asked: str
) -> None:
    with app.app_context():
        document = add_document(case()).public_id
        path = f"/cases/{case().public_id}/advice/{asked.rpartition('/')[2]}/reply"
    officer = sign_in()
    answer = send_form(officer, path, outcome="advice", on="9/11/2026")
    assert answer.status_code == 422
    assert "Enter who wrote it" in answer.text
    typed = {"outcome": "advice", "on": "9/11/2026", "author": "Tess", "document": document}
    answer = send_form(officer, path, **typed)
    assert answer.status_code == 303, answer.text
    assert "9 November 2026" in officer.get(answer.location).text
    with app.app_context():
        row = db.session.scalars(select(Advice)).one()
        assert (row.route, row.document.public_id) == ("email", document)
        entry = event_id(case(), "advice_received")
        struck = f"/cases/{case().public_id}/events/{entry}/strike-out"
    assert send_form(officer, struck, note="A slip").status_code == 303


def test_a_reply_before_the_request_is_for_a_manager_to_record(
    app: Flask, sign_in: SignIn, asked: str
) -> None:
    with app.app_context():
        path = f"/cases/{case().public_id}/advice/{asked.rpartition('/')[2]}/reply"
    typed = {"outcome": "not_known", "on": "1/10/2026"}
    answer = send_form(sign_in(), path, **typed)
    assert "ask a manager to record it" in answer.text
    manager = sign_in("manager")
    answer = send_form(manager, path, **typed)
    assert "Why this is true all the same" in answer.text
    assert send_again(manager, answer, path, oddity="Sent early").status_code == 303


def test_an_officers_words_stay_where_others_changed_the_case(
    app: Flask, sign_in: SignIn, asked: str
) -> None:
    with app.app_context():
        path = f"/cases/{case().public_id}/advice/{asked.rpartition('/')[2]}/reply"
    officer = sign_in()
    opened = officer.get(path)
    with app.app_context():
        log(case(), NewEvent(kind="considering_notified", on=TODAY))
    answer = send_again(officer, opened, path, outcome="not_known", on="t", note="By post")
    assert answer.status_code == 409
    assert "By post" in answer.text
    assert send_again(officer, answer, path).status_code == 303


KINDS = ("speech_and_language", "camhs", "social_care")


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    asks=st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=6),
    heirs=st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=6, max_size=6),
    mine=st.integers(0, 5),
)
def test_a_service_sees_exactly_its_own_requests_and_those_of_whom_it_replaced(
    context: None, asks: list[tuple[int, bool]], heirs: list[int | None], mine: int
) -> None:
    """Six services, some replaced by a later one, so that nobody is their own heir."""
    number = db.session.query(AdviceService).count()
    services = [make_service(KINDS[n % 3], name=f"Service {number + n}").id for n in range(6)]
    for n, heir in enumerate(heirs):
        if heir is not None and heir > n:
            db.session.get_one(AdviceService, services[n]).replaced_by_id = services[heir]
    db.session.commit()
    held = make_case()
    for n, is_struck in asks:
        ask(held, KINDS[n % 3], advice_service_id=services[n])
        if is_struck:
            entry = event_id(held, "advice_requested")
            log(held, NewEvent(kind="struck_out", on=TODAY, note="x", corrects_id=entry))
    answers_for = {mine}
    for n in reversed(range(6)):
        heir = heirs[n]
        if heir is not None and heir > n and heir in answers_for:
            answers_for.add(n)
    page = asked_of.page(
        Scope(services=frozenset({services[mine]})),
        view="all",
        service_id=None,
        today=TODAY,
        soon_within=5,
        number=1,
    )
    wanted = sum(1 for n, is_struck in asks if n in answers_for and not is_struck)
    assert page.total == len(page.lines) == wanted


def test_the_list_is_one_statement_however_long(app: Flask, asked: str) -> None:
    with app.app_context():
        for _ in range(3):
            ask(make_case(), on=date(2026, 11, 2))
        mine = Scope(services=frozenset({the_service().id}))
        with counted(app) as statements:
            page = asked_of.page(
                mine, view="all", service_id=None, today=TODAY, soon_within=5, number=1
            )
        assert [line.due_on for line in page.lines] == sorted(line.due_on for line in page.lines)
        assert len(page.lines) == 4
        assert len(statements) == 1
