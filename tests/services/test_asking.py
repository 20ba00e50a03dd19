"""Asking for advice: everyone at once or nobody, each service told, nobody asked twice unseen.

Every child, service and address is invented.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.config import Settings
from casework.extensions import db
from casework.models import AdviceReuse, AdviceService, Adviser, Case, CaseEvent, Deadline, Message
from casework.services import asking, outbox, reuse
from casework.services.asking import NewRequest
from casework.services.audit_trail import COMMAND_LINE, verify
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.services.reuse import Existing
from tests.factories import TODAY, add_document, log, make_case
from tests.fixtures.mail import Post, with_mail
from tests.fixtures.services import make_service
from tests.fixtures.statements import counted

ON = date(2026, 11, 3)
KINDS = ("community_paediatrics", "camhs", "speech_and_language", "educational_psychology")
CANARY = "Zebedee-Canary"


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def case() -> Case:
    """Give a case of an invented child in which an assessment is agreed."""
    made = make_case(person={"surname": CANARY, "forenames": CANARY})
    log(made, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
    return made


def of(service: AdviceService, **details: Any) -> NewRequest:
    given = {"field": f"ask_{service.kind}"} | details
    return NewRequest(kind=service.kind, advice_service_id=service.id, **given)


def ask(case: Case, *requests: NewRequest, **details: Any) -> None:
    db.session.refresh(case)
    about = {"actor": COMMAND_LINE, "today": TODAY, "on": ON, "version": case.version} | details
    asking.ask(case_id=case.id, requests=requests, **about)
    db.session.refresh(case)


def advisers() -> list[Adviser]:
    return list(db.session.scalars(select(Adviser).order_by(Adviser.id)))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_everyone_is_asked_at_once_each_with_a_limit_of_its_own(case: Case) -> None:
    services = [make_service(kind) for kind in KINDS]
    ask(case, *(of(one, asks="Her hearing") for one in services), NewRequest(kind="family"))
    assert [one.service for one in advisers()] == [*KINDS, "family"]
    assert [one.advice_service_id for one in advisers()] == [one.id for one in services] + [None]
    assert {one.asks for one in advisers()[:4]} == {"Her hearing"}
    limits = db.session.scalars(select(Deadline).where(Deadline.adviser_id.is_not(None))).all()
    assert [one.due_on for one in limits] == [date(2026, 12, 15)] * 5
    assert {one.duty for one in limits} == {"advice_partner_6w", "advice_all_6w"}
    assert (case.advice_outstanding, case.advice_due_on) == (5, date(2026, 12, 15))
    assert verify().faults == ()


def test_each_service_is_told_by_email_that_names_no_child(post: Post, case: Case) -> None:
    paediatrics, psychology = (
        make_service("community_paediatrics"),
        make_service("educational_psychology"),
    )
    ask(case, of(paediatrics, asks=f"Ask {CANARY}"), of(psychology), NewRequest(kind="family"))
    assert outbox.send_waiting().sent == 2
    told = dict(zip(post.recipients, post.messages, strict=True))
    assert set(told) == {one.contacts[0].email for one in (paediatrics, psychology)}
    health = told[paediatrics.contacts[0].email]
    assert health["Subject"] == f"Request for advice: {case.reference}, due 15 December 2026"
    assert "regulation 8(1)" in health.get_content()
    assert "Asked: Tuesday 3 November 2026" in health.get_content()
    school = told[psychology.contacts[0].email].get_content()
    assert "guidance" in school
    assert "8(1)" not in school
    for _, raw in post.given:
        assert CANARY.encode() not in raw
    link = f"https://ehc.example.org/asked/{advisers()[0].public_id}"
    assert link in health.get_content()


def test_a_service_without_a_mailbox_is_asked_and_nothing_fails(post: Post, case: Case) -> None:
    closed, none = make_service("camhs"), make_service("physiotherapy")
    closed.contacts[0].until_day = date(2026, 11, 1)
    none.contacts[0].from_day = date(2026, 11, 24)
    db.session.commit()
    ask(case, of(closed), of(none))
    assert len(advisers()) == 2
    assert count(Message) == 0


def test_an_email_to_a_domain_that_is_not_allowed_is_seen_and_stops_nobody(case: Case) -> None:
    outside, inside = make_service("camhs"), make_service("physiotherapy")
    outside.contacts[0].email = "camhs@elsewhere.example"
    db.session.commit()
    ask(case, of(outside), of(inside))
    failures = set(db.session.scalars(select(Message.failure)))
    assert failures == {"domain not allowed", None}


#: SQLite, in this process, gives the numbers of new rows one at a time; PostgreSQL all at once.
ONE_BY_ONE = ("INSERT INTO adviser ", "INSERT INTO case_event ")


def test_as_many_statements_ask_one_as_ask_twelve(app: Flask, case: Case) -> None:
    other = make_case()
    kinds = (*KINDS, "physiotherapy", "occupational_therapy", "social_care", "community_nursing")
    services = [make_service(kind) for kind in kinds]
    names = [NewRequest(kind="other", name=f"Person {n}", field=f"named_{n}") for n in range(4)]
    one = [of(services[0])]
    for_each = {}
    for asked_of, requests in ((other, one), (case, [of(one) for one in services] + names)):
        about = {"actor": COMMAND_LINE, "today": TODAY, "on": ON, "version": asked_of.version}
        case_id = asked_of.id
        db.session.commit()
        with counted(app) as sent:
            asking.ask(case_id=case_id, requests=requests, **about)
        if db.session.get_bind().dialect.name == "sqlite":
            sent = [one for one in sent if not one.startswith(ONE_BY_ONE)]
        for_each[len(requests)] = len(sent)
    assert for_each[12] == for_each[1] <= 21, for_each


def refused(case: Case, *requests: NewRequest, **details: Any) -> dict[str, str]:
    before = count(Adviser), count(CaseEvent), count(Message), count(Deadline)
    with pytest.raises(Refused) as refusal:
        ask(case, *requests, **details)
    assert (count(Adviser), count(CaseEvent), count(Message), count(Deadline)) == before
    return refusal.value.reasons


def test_who_has_not_answered_yet_is_not_asked_twice_and_nobody_with_them(case: Case) -> None:
    camhs, therapy = make_service("camhs"), make_service("physiotherapy")
    ask(case, of(camhs), NewRequest(kind="other", name="Mrs Invented"))
    again = NewRequest(kind="other", name="mrs invented", field="named_1")
    words = refused(case, of(therapy), of(camhs), again)
    assert set(words) == {"ask_camhs", "named_1"}
    assert "was asked on 3 November 2026 and has not answered" in words["ask_camhs"]


def test_another_service_of_the_same_kind_is_asked_beside_the_first(case: Case) -> None:
    ask(case, of(make_service("camhs")))
    ask(case, of(make_service("camhs", name="CAMHS of the next area")))
    assert case.advice_outstanding == 2


def test_one_service_twice_in_one_asking_is_refused(case: Case) -> None:
    camhs = make_service("camhs")
    assert "twice" in refused(case, of(camhs), of(camhs))["ask_camhs"]


def test_asked_again_after_an_answer_is_a_new_request_with_its_own_six_weeks(case: Case) -> None:
    camhs = make_service("camhs")
    ask(case, of(camhs, asks="First"), on=date(2026, 10, 13))
    answer = {"adviser_id": advisers()[0].id, "outcome": "not_known"}
    log(case, NewEvent(kind="advice_received", on=ON, **answer))
    ask(case, of(camhs, asks="Second"))
    assert [(one.service, one.asks) for one in advisers()] == [
        ("camhs", "First"),
        ("camhs", "Second"),
    ]
    due = db.session.scalars(select(Deadline.due_on).where(Deadline.adviser_id.is_not(None)))
    assert sorted(due) == [date(2026, 11, 24), date(2026, 12, 15)]
    assert case.advice_outstanding == 1


def test_a_service_that_is_closed_of_another_kind_or_unknown_is_refused(case: Case) -> None:
    closed = make_service("camhs", until_day=date(2026, 11, 2))
    assert "does not take requests on 3 November 2026" in refused(case, of(closed))["ask_camhs"]
    opened = make_service("physiotherapy", from_day=date(2026, 11, 4))
    assert "does not take requests" in refused(case, of(opened))["ask_physiotherapy"]
    wrong = NewRequest(kind="camhs", advice_service_id=make_service("social_care").id)
    assert "from the list" in refused(case, wrong)["on"]
    assert "from the list" in refused(case, NewRequest(kind="camhs", advice_service_id=999))["on"]


def test_somebody_named_is_never_taken_for_the_only_service_of_the_kind(case: Case) -> None:
    make_service("other")
    ask(case, NewRequest(kind="other", name="A riding instructor"))
    assert advisers()[0].advice_service_id is None


def test_a_day_ahead_or_before_the_request_and_nobody_at_all_are_refused(case: Case) -> None:
    camhs = of(make_service("camhs"))
    assert "today" in refused(case, camhs, on=date(2026, 11, 24))["on"]
    assert "before" in refused(case, camhs, on=date(2026, 9, 6))["on"]
    assert "at least one" in refused(case)["on"]


def test_nobody_is_asked_once_the_assessment_has_ended(case: Case) -> None:
    log(case, NewEvent(kind="withdrawn", on=date(2026, 11, 2)))
    assert "has ended" in refused(case, of(make_service("camhs")))["on"]


def test_a_page_opened_before_somebody_else_saved_asks_nobody(case: Case) -> None:
    seen = case.version
    camhs = make_service("camhs")
    log(case, NewEvent(kind="exception_recorded", on=ON))
    with pytest.raises(ChangedMeanwhile):
        ask(case, of(camhs), version=seen)
    assert (count(Adviser), count(Message)) == (0, 0)


def withdraw(case: Case, adviser: Adviser, reason: str = "Wrong team") -> None:
    db.session.refresh(case)
    about = {"case_id": case.id, "version": case.version, "adviser_id": adviser.id}
    asking.withdraw(actor=COMMAND_LINE, today=TODAY, reason=reason, **about)
    db.session.refresh(case)


def test_a_request_taken_back_is_owed_no_more_and_the_service_is_told(
    post: Post, case: Case
) -> None:
    camhs = make_service("camhs")
    ask(case, of(camhs))
    withdraw(case, advisers()[0], reason=f"{CANARY} is not theirs")
    assert case.advice_outstanding == 0
    outbox.send_waiting()
    subjects = [message["Subject"] for message in post.messages]
    assert subjects[1] == f"No advice needed any more: {case.reference}"
    assert CANARY.encode() not in post.given[1][1]
    ask(case, of(camhs))
    assert case.advice_outstanding == 1


def test_what_was_answered_or_withdrawn_already_is_not_withdrawn(case: Case) -> None:
    ask(case, of(make_service("camhs")), of(make_service("social_care")))
    first, second = advisers()
    answer = {"adviser_id": first.id, "outcome": "advice"}
    log(case, NewEvent(kind="advice_received", on=date(2026, 11, 9), **answer))
    withdraw(case, second)
    for adviser, words in ((first, "answered on 9 November"), (second, "withdrawn on 23 November")):
        with pytest.raises(Refused, match=words):
            withdraw(case, adviser)
    with pytest.raises(Absent):
        withdraw(make_case(), first)


def existing(**details: Any) -> Existing:
    agreed = dict.fromkeys(
        ("author_agreed_on", "authority_agreed_on", "family_agreed_on"), date(2026, 11, 10)
    )
    given = {
        "kind": "educational_psychology",
        "advice_service_id": None,
        "author": "Dr Invented",
        "described": "Report of 12 May 2026",
        "document": None,
        "sections": ["F", "B"],
        "agreed": agreed,
    }
    return Existing(**given | details)


def use(case: Case, advice: Existing) -> None:
    db.session.refresh(case)
    about = {"case_id": case.id, "version": case.version}
    reuse.reuse(actor=COMMAND_LINE, today=TODAY, existing=advice, **about)


def test_existing_advice_is_used_on_the_day_of_the_last_agreement_and_asks_nobody(
    case: Case,
) -> None:
    document = add_document(case, is_theirs=True)
    last = existing().agreed | {"family_agreed_on": date(2026, 11, 12)}
    use(case, existing(agreed=last, document=document.public_id, described=""))
    kept = db.session.scalars(select(AdviceReuse)).one()
    assert (kept.document_id, kept.sections) == (document.id, "B F")
    event = db.session.get_one(CaseEvent, kept.event_id)
    assert (event.kind, event.happened_on) == ("advice_reused", date(2026, 11, 12))
    assert advisers()[0].name == "Dr Invented"
    assert (case.advice_outstanding, count(Message)) == (0, 0)


@pytest.mark.parametrize("name", ["author_agreed_on", "authority_agreed_on", "family_agreed_on"])
@pytest.mark.parametrize("day", [None, date(2026, 11, 24)], ids=["missing", "ahead"])
def test_without_all_three_agreements_existing_advice_is_not_used(
    case: Case, name: str, day: date | None
) -> None:
    with pytest.raises(Refused) as refusal:
        use(case, existing(agreed=existing().agreed | {name: day}))
    assert list(refusal.value.reasons) == [name]
    words = refusal.value.reasons[name]
    assert ("ask for the advice instead" in words) is (day is None)
    assert count(AdviceReuse) == count(Adviser) == 0


def test_what_the_advice_is_and_feeds_must_be_said_and_a_document_be_the_cases(case: Case) -> None:
    elsewhere = add_document(make_case()).public_id
    for wrong, field in (
        ({"described": ""}, "described"),
        ({"sections": ["Z"]}, "sections"),
        ({"kind": "family"}, "kind"),
        ({"document": elsewhere}, "document"),
    ):
        with pytest.raises(Refused) as refusal:
            use(case, existing(**wrong))
        assert list(refusal.value.reasons) == [field]
    assert count(AdviceReuse) == 0


def test_advice_of_a_service_that_is_being_asked_is_not_reused_beside_it(case: Case) -> None:
    service = make_service("educational_psychology")
    ask(case, of(service))
    with pytest.raises(Refused, match="Withdraw that request first"):
        use(case, existing(advice_service_id=service.id))


def test_the_service_that_took_over_is_told_of_a_withdrawal(post: Post, case: Case) -> None:
    old = make_service("camhs", name="Old CAMHS")
    ask(case, of(old))
    heir = make_service("camhs", name="New CAMHS")
    old.replaced_by_id, old.until_day = heir.id, TODAY
    db.session.commit()
    withdraw(case, advisers()[0])
    told = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert told
    assert told.to_address == "new.camhs@example.org"
