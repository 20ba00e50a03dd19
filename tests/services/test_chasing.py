"""Services reminded of what they owe: one email each, of everything, once, and a trace of it.

Every person is invented.
"""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.access import EVERY_CASE, Scope
from casework.clock import now
from casework.config import Settings
from casework.extensions import db
from casework.models import (
    AdviceExpected,
    AdviceService,
    Adviser,
    AuditEntry,
    Case,
    CaseEvent,
    Interest,
    Message,
    ServiceContact,
)
from casework.queries import chasing as queries
from casework.queries.chasing import Owing
from casework.services import chasing, deadlines, events
from casework.services.audit_trail import COMMAND_LINE, verify
from casework.services.chasing import Chased
from casework.services.errors import Refused
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case, make_user
from tests.fixtures.mail import Post, with_mail
from tests.fixtures.services import SINCE, make_service
from tests.fixtures.statements import counted

CANARY = "Zebedee-Canary"
WEEK = timedelta(weeks=1)
HEALTH = Scope(agencies=frozenset({"health"}))


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture
def service(app: Flask) -> Iterator[AdviceService]:
    """Give a service of therapists with a mailbox and somebody who answers for it."""
    with app.app_context():
        yield make_service(name="Therapists")


def asked(service: AdviceService, on: date, **details: Any) -> Case:
    """Return a case on which the service was asked for advice on a day."""
    child = {"surname": CANARY, "forenames": f"{CANARY}-Ida"}
    case = make_case(on, person=child, **details)
    log(
        case,
        NewEvent(
            kind="advice_requested", on=on, service=service.kind, advice_service_id=service.id
        ),
    )
    return case


def due(service: AdviceService, days_late: int, **details: Any) -> Case:
    """Return a case on which the service is so many days late."""
    return asked(service, TODAY - 6 * WEEK - timedelta(days=days_late), **details)


def of(case: Case, kind: str, on: date = TODAY, **details: Any) -> None:
    """Log what happened to the one request on a case."""
    adviser = db.session.query(Adviser).filter_by(case_id=case.id).one()
    log(case, NewEvent(kind=kind, on=on, adviser_id=adviser.id, **details))


def chase(service: AdviceService, today: date = TODAY, **options: Any) -> Chased:
    return chasing.chase(
        **{"actor": COMMAND_LINE, "today": today, "service_ids": [service.id]} | options
    )


def contact(service: AdviceService, part: str, **details: Any) -> ServiceContact:
    given = {"email": f"{part}@example.org", "from_day": SINCE} | details
    added = ServiceContact(service_id=service.id, part=part, **given)
    db.session.add(added)
    db.session.commit()
    return added


def sent() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def only(scope: Scope = EVERY_CASE, today: date = TODAY) -> Owing:
    (one,) = chasing.owed(today, scope)
    return one


def test_one_email_lists_all_that_a_service_owes_and_nothing_of_a_child(
    service: AdviceService,
) -> None:
    late, soon = due(service, 11), asked(service, TODAY - 5 * WEEK)
    new = asked(service, TODAY)
    done = chase(service)
    assert (done.services, done.requests, done.emails) == (["Therapists"], 2, 2)
    mailbox, higher = sent()
    assert [mailbox.to_address, higher.to_address] == [
        *("therapists@example.org", "lead.therapists@example.org"),
    ]
    assert mailbox.body == higher.body
    for case in (late, soon, new):
        assert mailbox.body.count(case.reference) == 1
    assert "asked 1 October 2026, due 12 November 2026, 11 days late" in mailbox.body
    assert "due in 7 days" in mailbox.body
    assert CANARY not in mailbox.subject + mailbox.body
    assert mailbox.subject == "Reminder: 3 requests for advice not yet answered, 1 late"


def test_each_case_reminded_of_is_told_with_the_number_and_the_audit_trail_with_who(
    service: AdviceService,
) -> None:
    late, new = due(service, 11), asked(service, TODAY)
    versions = {case.id: case.version for case in (late, new)}
    chase(service)
    (event,) = db.session.query(CaseEvent).filter_by(kind="advice_chased")
    assert (event.case_id, event.happened_on) == (late.id, TODAY)
    assert event.note == (
        "Reminder 1, by email to the team mailbox and to Edna Lead (7 days after the due day)"
    )
    db.session.refresh(late)
    db.session.refresh(new)
    assert (late.version, new.version) == (versions[late.id] + 1, versions[new.id])
    acts = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert [(one.action, one.case_id) for one in acts] == [
        ("logged event", late.id),
        ("reminded service", None),
    ]
    assert not verify().faults
    assert deadlines.rebuild(mend=False).differed == 0


def test_the_number_counts_the_reminders_of_this_request_alone(service: AdviceService) -> None:
    case = due(service, 8)
    chase(service)
    chase(service, TODAY + WEEK)
    notes = [e.note for e in db.session.query(CaseEvent).filter_by(kind="advice_chased")]
    assert [note.split(",")[0] for note in notes if note] == ["Reminder 1", "Reminder 2"]
    first, _, second, _ = sent()
    assert "days late\n" in first.body
    assert "days late (reminder 2)\n" in second.body
    of(case, "advice_received", TODAY, outcome="advice")
    assert chasing.owed(TODAY) == []


def test_run_twice_it_sends_nothing_twice(service: AdviceService) -> None:
    due(service, 11)
    chase(service)
    again = chase(service)
    assert (again.services, again.emails) == ([], 0)
    assert len(sent()) == 2
    assert db.session.query(CaseEvent).filter_by(kind="advice_chased").count() == 1


def test_two_people_at_once_send_once(app: Flask, service: AdviceService) -> None:
    for late in (8, 9, 10):
        due(service, late)
    service_id = service.id
    db.session.remove()
    start, done = threading.Barrier(2), []

    def press() -> None:
        with app.app_context():
            start.wait()
            done.append(
                chasing.chase(actor=COMMAND_LINE, today=TODAY, service_ids=[service_id]).requests
            )

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(done) == [0, 3]
    assert len(sent()) == 2
    assert db.session.query(CaseEvent).filter_by(kind="advice_chased").count() == 3


def test_before_the_due_day_only_the_mailbox_is_told(service: AdviceService) -> None:
    asked(service, TODAY - 5 * WEEK)
    chase(service)
    assert [one.to_address for one in sent()] == ["therapists@example.org"]


def test_whoever_stands_in_is_told_in_place_of_the_escalation_contact(
    service: AdviceService,
) -> None:
    due(service, 8)
    contact(service, "cover", name="Con Cover", until_day=TODAY)
    assert [to.email for to in chasing.reminders(today=TODAY, service_ids=[service.id])[0].to] == [
        *("therapists@example.org", "cover@example.org"),
    ]
    assert only(today=TODAY + WEEK).higher is not None
    assert only(today=TODAY + WEEK).higher.name == "Edna Lead"  # type: ignore[union-attr]


def test_an_excused_request_is_listed_and_goes_no_higher(service: AdviceService) -> None:
    lifted, promised = due(service, 8), due(service, 9)
    exception = {"regulation": "8(2)", "ground": "X3", "reason": "Ill", "approver_recorded": True}
    of(lifted, "exception_recorded", TODAY - WEEK, exception=exception)
    of(promised, "advice_expected", TODAY - WEEK, outcome="capacity")
    said = AdviceExpected(event_id=event_id(promised, "advice_expected"), expected_on=TODAY + WEEK)
    db.session.add(said)
    db.session.commit()
    chase(service)
    (mailbox,) = sent()
    assert "an exception lifts the limit" in mailbox.body
    assert "expected by 30 November 2026" in mailbox.body
    assert only(today=TODAY + 2 * WEEK).late[0].reference == promised.reference


def test_what_was_answered_withdrawn_or_ended_is_not_owed(service: AdviceService) -> None:
    answered, withdrawn, ended = due(service, 8), due(service, 9), due(service, 10)
    of(answered, "advice_received", outcome="not_known")
    of(withdrawn, "advice_request_withdrawn")
    log(ended, NewEvent(kind="withdrawn", on=TODAY))
    assert chasing.owed(TODAY) == []
    assert chase(service).services == []
    assert sent() == []


def test_a_service_without_a_mailbox_is_named_and_nothing_says_it_was_reminded(
    service: AdviceService,
) -> None:
    due(service, 8)
    for one in service.contacts:
        if one.part == "mailbox":
            one.until_day = TODAY - timedelta(days=1)
    db.session.commit()
    assert chasing.obstacle(only()) == chasing.NO_MAILBOX
    assert chase(service).services == []
    assert chasing.chase_all(TODAY) == (
        "0 services reminded of 0 requests; 1 service cannot be reminded"
    )
    assert sent() == []
    assert db.session.query(CaseEvent).filter_by(kind="advice_chased").count() == 0


def test_a_mailbox_that_email_may_not_go_to_is_an_obstacle(service: AdviceService) -> None:
    due(service, 8)
    service.contacts[0].email = "therapists@elsewhere.example"
    db.session.commit()
    assert "domain" in chasing.obstacle(only())
    assert chase(service).services == []


def test_a_request_of_no_recorded_service_is_listed_under_its_kind(app: Flask) -> None:
    with app.app_context():
        case = make_case(TODAY - 7 * WEEK)
        on = TODAY - 7 * WEEK
        log(case, NewEvent(kind="advice_requested", on=on, service="physiotherapy"))
        one = only()
        assert (one.name, one.service) == ("Physiotherapy", None)
        assert chasing.obstacle(one) == chasing.NO_SERVICE


def test_what_a_closed_service_owes_is_asked_of_the_one_that_answers_for_it(
    service: AdviceService,
) -> None:
    due(service, 8)
    heir = make_service(name="New therapists")
    service.until_day, service.replaced_by_id = TODAY, heir.id
    db.session.commit()
    assert [one.name for one in queries.by_public_id([service.public_id])] == ["New therapists"]
    assert chase(service).services == []
    assert chase(heir).services == ["New therapists"]
    assert sent()[0].to_address == "new.therapists@example.org"


def test_each_lead_reminds_only_their_own_services(service: AdviceService) -> None:
    due(service, 8)
    other = make_service("social_care", name="Social workers")
    due(other, 8)
    assert [one.name for one in chasing.owed(TODAY, HEALTH)] == ["Therapists"]
    assert chase(other, scope=HEALTH).services == []
    assert chase(other, scope=Scope(agencies=frozenset({"social_care"}))).services


def test_a_case_in_which_a_person_has_an_interest_is_neither_shown_nor_sent(
    service: AdviceService,
) -> None:
    hidden, seen = due(service, 8), due(service, 9)
    person = make_user()
    db.session.add(
        Interest(case_id=hidden.id, user_id=person.id, nature="A cousin", declared_at=now())
    )
    db.session.commit()
    scope = Scope(everything=True, hidden_from=person.id)
    assert [one.reference for one in only(scope).requests] == [seen.reference]
    chase(service, scope=scope)
    assert hidden.reference not in sent()[0].body


def test_a_reminder_sent_by_hand_is_of_what_presses_or_where_nothing_does_of_all(
    service: AdviceService,
) -> None:
    first, second = asked(service, TODAY - WEEK), asked(service, TODAY - 2 * WEEK)
    assert chasing.reminders(today=TODAY, service_ids=[service.id], only_due=True) == []
    (one,) = chasing.reminders(today=TODAY, service_ids=[service.id])
    assert {owed.case_id for owed in one.told} == {first.id, second.id}
    due(service, 8)
    adviser = db.session.query(Adviser).filter_by(case_id=first.id).one()
    (one,) = chasing.reminders(today=TODAY, service_ids=[service.id], also=[adviser.public_id])
    assert len(one.told) == 2
    assert first.id in {owed.case_id for owed in one.told}


def test_what_was_looked_at_is_what_is_sent(service: AdviceService) -> None:
    due(service, 8)
    seen = chasing.fingerprint(chasing.reminders(today=TODAY, service_ids=[service.id]))
    due(service, 9)
    with pytest.raises(Refused, match="changed since"):
        chase(service, seen=seen)
    assert sent() == []
    seen = chasing.fingerprint(chasing.reminders(today=TODAY, service_ids=[service.id]))
    assert chase(service, seen=seen).requests == 2


def test_a_reminder_struck_out_was_none(service: AdviceService) -> None:
    case = due(service, 8)
    of(case, "advice_chased", TODAY, note="Telephoned: they will look")
    assert only().requests[0].reminders == 1
    assert chase(service).services == []
    events.strike_out(
        actor=COMMAND_LINE,
        today=TODAY,
        case_id=case.id,
        version=case.version,
        event_id=event_id(case, "advice_chased"),
        reason="Another case",
    )
    assert only().requests[0].reminders == 0
    assert chase(service).services == ["Therapists"]


def test_every_service_with_a_point_reached_is_reminded_on_a_working_day(
    service: AdviceService,
) -> None:
    due(service, 7)
    quiet = make_service("camhs", name="Quiet service")
    asked(quiet, TODAY - WEEK)
    saturday = TODAY - timedelta(days=2)
    assert chasing.chase_all(saturday) == "not a working day: nobody reminded"
    assert chasing.chase_all(TODAY) == "1 service reminded of 1 request"
    assert chasing.chase_all(TODAY) == "0 services reminded of 0 requests"
    assert {one.to_address for one in sent()} == {
        *("therapists@example.org", "lead.therapists@example.org"),
    }


def test_the_statements_are_as_many_for_many_services_and_cases_as_for_one(
    app: Flask, service: AdviceService
) -> None:
    due(service, 8)
    db.session.expire_all()
    with counted(app) as of_one:
        chasing.owed(TODAY)
    for kind in ("camhs", "physiotherapy"):
        other = make_service(kind)
        for late in (8, 9):
            due(other, late)
    db.session.expunge_all()
    with counted(app) as of_many:
        chasing.owed(TODAY)
    assert len(of_many) == len(of_one) <= 6


def test_a_service_with_something_unforeseen_keeps_no_other_from_being_reminded(
    service: AdviceService, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(service, 8)
    other = make_service("camhs", name="Quiet service")
    due(other, 9)
    enter = chasing.events.enter

    def poisoned(case_id: int, *rest: Any) -> Any:
        if db.session.get_one(Case, case_id).reference == "EHC-000001":
            raise ValueError(CANARY)
        return enter(case_id, *rest)

    monkeypatch.setattr(chasing.events, "enter", poisoned)
    words = "1 service reminded of 1 request; 1 service left out by a fault of ours"
    with pytest.raises(RuntimeError, match=words):
        chasing.chase_all(TODAY)
    assert {one.to_contact.service.name for one in sent() if one.to_contact} == {"Quiet service"}
    monkeypatch.undo()
    assert chasing.chase_all(TODAY) == "1 service reminded of 1 request"
