"""What a service answers, on both databases: its own clock, versions, and nothing lost. All are
invented."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.clock import now
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceCheck,
    AdviceEntry,
    AdviceExpected,
    Adviser,
    AuditEntry,
    Case,
    CaseEvent,
    Deadline,
    Document,
)
from casework.models.base import public_id
from casework.services import deadlines, returning
from casework.services.advice_versions import NewAdvice, NewEntry
from casework.services.audit_trail import COMMAND_LINE, Actor
from casework.services.documents import Sent
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.services.held_requests import AnsweredMeanwhile
from casework.services.identity import BRAKED, DIFFERS, MOST, Told
from casework.services.returning import Recorded
from tests.documents import files
from tests.factories import TODAY, add_document, event_id, log, make_case
from tests.fixtures.services import the_service

BORN = date(2018, 5, 4)
IDA = Told(BORN, None)
NHS, OTHER_NHS = "9434765919", "9876543210"
ASKED = date(2026, 10, 5)
ENTRY = NewEntry(
    need_section="B",
    need="Ida finds it hard to follow two instructions at once.",
    outcome="By July she follows two in four of five lessons.",
    provision_section="F",
    provision="Therapy in small steps",
    by_whom="A speech and language therapist",
    how_often="30 minutes a week for a term",
)


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    """Give a case on which speech and language therapy was asked on 5 October 2026."""
    with app.app_context():
        the_service("speech_and_language")
        case = make_case(person={"nhs_number": NHS})
        log(
            case,
            NewEvent(kind="decided_to_assess", on=date(2026, 10, 1)),
            NewEvent(kind="advice_requested", on=ASKED, service="speech_and_language"),
        )
        yield case


def adviser_id() -> int:
    return db.session.scalars(select(Adviser.id)).one()


def seen() -> int:
    return db.session.scalar(select(func.max(CaseEvent.id))) or 0


def advice(**said: Any) -> NewAdvice:
    given = {"public_id": public_id(), "author": "Tess Therapist", "entries": (ENTRY,)}
    return NewAdvice(**given | {"sections": ("B", "E", "F")} | said)


def give(new: NewAdvice | None = None, *, told: Told = IDA, at: int | None = None) -> Recorded:
    return returning.return_advice(
        actor=COMMAND_LINE,
        today=TODAY,
        adviser_id=adviser_id(),
        advice=new or advice(),
        told=told,
        seen=seen() if at is None else at,
    )


def receive(on: date = TODAY) -> Recorded:
    return returning.receive(actor=COMMAND_LINE, today=TODAY, adviser_id=adviser_id(), on=on)


def nil(outcome: str = "not_known", at: int | None = None) -> Recorded:
    return returning.answer(
        actor=COMMAND_LINE,
        today=TODAY,
        adviser_id=adviser_id(),
        outcome=outcome,
        words=None,
        seen=seen() if at is None else at,
    )


def expect(cause: str = "capacity", on: date = date(2026, 12, 14)) -> Recorded:
    return returning.expect(
        actor=COMMAND_LINE,
        today=TODAY,
        adviser_id=adviser_id(),
        cause=cause,
        expected_on=on,
        words="A post is empty",
    )


def sent(content: bytes | None = None, **said: Any) -> Sent:
    given = {"public_id": public_id(), "kind": "health-advice", "title": "", "received_on": TODAY}
    return Sent(**given | {"file_name": "a.pdf", "content": content or files.pdf(pages=1)} | said)


def limit() -> Deadline:
    db.session.expire_all()
    return db.session.scalars(
        select(Deadline).where(Deadline.adviser_id.is_not(None)).order_by(Deadline.id.desc())
    ).first()


def counted(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def event(case: Case, kind: str = "advice_received") -> CaseEvent:
    return db.session.get_one(CaseEvent, event_id(case, kind))


def test_a_bodys_own_clock_runs_from_the_day_the_request_reached_it(case: Case) -> None:
    assert limit().due_on == date(2026, 11, 16)
    receive(date(2026, 10, 12))
    assert (limit().started_on, limit().due_on) == (date(2026, 10, 12), date(2026, 11, 23))


def test_received_pressed_twice_is_recorded_once(case: Case) -> None:
    assert not receive(date(2026, 10, 12)).was_there
    again = receive(TODAY)
    assert again == Recorded(date(2026, 10, 12), was_there=True)
    assert counted(CaseEvent) == 4


def test_a_request_cannot_have_reached_anyone_before_it_was_asked_nor_tomorrow(case: Case) -> None:
    with pytest.raises(Refused, match="This is before “Advice asked for” on Monday 5 October"):
        receive(date(2026, 10, 4))
    with pytest.raises(Refused, match="today"):
        receive(date(2026, 11, 24))
    assert counted(CaseEvent) == 3


def test_advice_its_rows_and_its_event_come_together_and_the_case_goes_on(case: Case) -> None:
    version = case.version
    done = give()
    assert (done.on, done.version, done.doubt) == (TODAY, 1, None)
    row = db.session.scalars(select(Advice)).one()
    assert (row.event_id, row.sections, row.route) == (event(case).id, "B E F", "form")
    assert [(e.need_section, e.provision_section, e.how_often) for e in row.entries] == [
        ("B", "F", "30 minutes a week for a term")
    ]
    db.session.refresh(case)
    assert (case.version, case.advice_outstanding) == (version + 1, 0)
    assert limit().met_on == TODAY


def test_a_service_is_not_stopped_by_what_an_officer_logs_meanwhile(case: Case) -> None:
    newest = seen()
    log(case, NewEvent(kind="considering_notified", on=TODAY))
    assert give(at=newest).version == 1


def test_nothing_of_advice_stays_where_its_event_cannot_be_entered(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_ids: list[int]) -> None:
        raise RuntimeError("the database is full")

    monkeypatch.setattr(deadlines, "refresh", fails)
    with pytest.raises(RuntimeError):
        give()
    assert (counted(Advice), counted(AdviceEntry), counted(CaseEvent)) == (0, 0, 3)


@pytest.mark.parametrize(
    "told",
    [
        Told(date(2018, 4, 5), None),
        Told(date(2018, 5, 4), OTHER_NHS),
        Told(date(2018, 4, 5), OTHER_NHS),
        Told(None, NHS),
    ],
)
def test_advice_for_another_child_is_refused_changes_nothing_and_is_told_to_the_trail(
    case: Case, told: Told
) -> None:
    with pytest.raises(Refused) as refused:
        give(told=told)
    assert refused.value.reasons == {"born": DIFFERS}
    assert not any(held in DIFFERS for held in ("2018", "May", NHS[:3]))
    assert (counted(Advice), counted(CaseEvent)) == (0, 3)
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.action, last.case_id) == ("was refused: not this child", case.id)


def test_after_five_wrong_tries_even_the_right_day_waits_an_hour(case: Case, later: Any) -> None:
    for _ in range(MOST):
        with pytest.raises(Refused, match="not what is recorded"):
            give(told=Told(date(2018, 4, 5), None))
    with pytest.raises(Refused) as refused:
        give()
    assert refused.value.reasons == {"born": BRAKED}
    later(minutes=61)
    assert give().version == 1


def test_where_nothing_is_recorded_to_compare_with_it_is_taken_with_a_doubt(case: Case) -> None:
    case.person.date_of_birth = case.person.nhs_number = None
    db.session.commit()
    assert give(told=Told(date(2011, 1, 1), None)).doubt == "born_not_recorded"
    assert event(case).doubt == "born_not_recorded"


def test_an_nhs_number_that_matches_is_proof_where_no_birthday_is_recorded(case: Case) -> None:
    case.person.date_of_birth = None
    db.session.commit()
    assert give(told=Told(date(2011, 1, 1), NHS)).doubt is None


def test_an_nhs_number_that_is_not_on_record_leaves_a_doubt(case: Case) -> None:
    case.person.nhs_number = None
    db.session.commit()
    assert give(told=Told(BORN, NHS)).doubt == "nhs_not_recorded"


def test_the_same_form_sent_twice_is_one_version(case: Case) -> None:
    new, newest = advice(), seen()
    give(new, at=newest)
    assert give(new, at=newest) == Recorded(TODAY, 1, was_there=True)
    assert (counted(Advice), counted(CaseEvent)) == (1, 4)


def test_the_same_words_on_a_new_form_are_what_was_returned_before(case: Case) -> None:
    give()
    assert give(advice()).was_there
    assert give(advice(summary="More")).version == 2


def test_the_same_document_is_kept_once_and_is_what_was_returned_before(case: Case) -> None:
    give(advice(entries=(), sent=sent()))
    assert give(advice(entries=(), sent=sent())) == Recorded(TODAY, 1, was_there=True)
    assert counted(Document) == 1
    assert give(advice(sent=sent())).version == 2, "with rows it says more"
    assert counted(Document) == 1


def test_a_document_that_an_officer_had_added_is_that_document(case: Case) -> None:
    held = add_document(case)
    give(advice(entries=(), sent=sent()))
    assert db.session.scalars(select(Advice.document_id)).one() == held.id


def test_a_service_is_not_told_on_which_other_case_the_same_file_is(case: Case) -> None:
    add_document(make_case(person={"surname": "Else"}))
    with pytest.raises(Refused) as refused:
        give(advice(entries=(), sent=sent()))
    assert "EHC-" not in refused.value.reasons["is_theirs"]
    assert give(advice(entries=(), sent=sent(is_theirs=True))).version == 1


def test_advice_with_nothing_in_it_is_refused(case: Case) -> None:
    with pytest.raises(Refused, match="at least one need"):
        give(advice(entries=()))


def test_a_colleagues_answer_is_shown_and_a_later_version_may_be_added(case: Case) -> None:
    newest = seen()
    give(advice(summary="Theirs"), at=newest)
    with pytest.raises(AnsweredMeanwhile):
        give(advice(summary="Mine"), at=newest)
    with pytest.raises(AnsweredMeanwhile):
        nil(at=newest)
    assert counted(Advice) == 1
    assert give(advice(summary="Mine")).version == 2


def test_a_corrected_day_of_an_answer_is_no_new_answer(case: Case) -> None:
    give()
    newest = seen()
    fixed = NewEvent(
        kind="advice_received",
        on=date(2026, 11, 20),
        adviser_id=adviser_id(),
        outcome="advice",
        corrects_id=event_id(case, "advice_received"),
    )
    log(case, fixed)
    assert give(advice(summary="More"), at=newest).version == 2


def test_advice_after_a_withdrawal_is_kept_and_counts_for_nothing(case: Case) -> None:
    log(
        case,
        NewEvent(kind="advice_request_withdrawn", on=date(2026, 11, 20), adviser_id=adviser_id()),
    )
    done = give()
    assert (done.version, done.doubt) == (1, "after_withdrawal")
    assert (limit().met_on, limit().closed_on) == (None, date(2026, 11, 20))


def test_advice_after_the_assessment_ended_is_kept_with_that_doubt(case: Case) -> None:
    log(case, NewEvent(kind="withdrawn", on=date(2026, 11, 20)))
    assert give().doubt == "after_the_end"


def test_nothing_else_is_answered_once_nothing_is_asked(case: Case) -> None:
    log(case, NewEvent(kind="withdrawn", on=date(2026, 11, 20)))
    for act in (receive, nil, expect):
        with pytest.raises(Refused, match="The assessment ended on 20 November 2026"):
            act()


def test_a_version_sent_back_is_followed_by_another_and_the_first_keeps_its_time(
    case: Case,
) -> None:
    give()
    first = db.session.scalars(select(Advice)).one()
    back = NewEvent(
        kind="advice_sent_back",
        on=TODAY,
        adviser_id=adviser_id(),
        brings=lambda key: [AdviceCheck(event_id=key, advice_id=first.id, reasons="How often?")],
    )
    log(case, back)
    assert give(advice(summary="More")).version == 2
    assert (limit().met_on, limit().sent_back_on) == (TODAY, TODAY)


@pytest.mark.parametrize("outcome", ["not_known", "no_advice_needed"])
def test_a_nil_return_is_an_answer_and_said_twice_is_one(case: Case, outcome: str) -> None:
    newest = seen()
    assert not nil(outcome, at=newest).was_there
    assert nil(outcome, at=newest).was_there
    assert (limit().met_on, limit().met_as) == (TODAY, outcome)
    assert counted(CaseEvent) == 4


def test_cannot_be_in_time_has_a_reason_and_a_day_and_moves_no_limit(case: Case) -> None:
    due = limit().due_on
    assert not expect().was_there
    assert expect().was_there
    assert event(case, "advice_expected").outcome == "capacity"
    row = db.session.scalars(select(AdviceExpected)).one()
    assert (row.expected_on, row.words) == (date(2026, 12, 14), "A post is empty")
    assert (limit().due_on, limit().lifted_by) == (due, None)


@pytest.mark.parametrize("cause", ["appointment_missed", "family_away", "school_closed"])
def test_no_reason_lifts_a_limit_by_itself(case: Case, cause: str) -> None:
    expect(cause)
    assert limit().lifted_by is None


def test_the_authoritys_own_delay_is_no_reason_of_a_service(case: Case) -> None:
    with pytest.raises(Refused, match="Choose the reason"):
        expect("asked_late")
    with pytest.raises(Refused, match="or later"):
        expect(on=date(2026, 11, 22))


def file(case: Case, version: int, **said: Any) -> Recorded:
    given = {"on": date(2026, 11, 9), "outcome": "advice", "route": "email"}
    return returning.file_reply(
        actor=Actor(None, "web"),
        today=TODAY,
        case_id=case.id,
        version=version,
        adviser_id=adviser_id(),
        **given | said,
    )


def test_an_officer_files_a_reply_on_the_day_it_came(case: Case) -> None:
    new = advice(entries=(), sent=sent())
    done = file(case, case.version, advice=new)
    assert (done.version, limit().met_on) == (1, date(2026, 11, 9))
    row = db.session.scalars(select(Advice)).one()
    assert (row.route, row.author_id, row.document.title) == ("email", None, "Health advice")


def test_a_reply_filed_twice_is_one(case: Case) -> None:
    version, new = case.version, advice(summary="Said by letter", entries=())
    file(case, version, advice=new)
    assert file(case, version, advice=new).was_there
    version = case.version
    assert not file(case, version, outcome="not_known", on=TODAY).was_there
    assert file(case, version, outcome="not_known", on=TODAY).was_there


def test_an_officers_reply_is_stopped_by_what_others_changed(case: Case) -> None:
    version = case.version
    log(case, NewEvent(kind="considering_notified", on=TODAY))
    with pytest.raises(ChangedMeanwhile):
        file(case, version, outcome="not_known")
    assert counted(CaseEvent) == 4


def test_that_a_request_reached_a_body_is_filed_too(case: Case) -> None:
    file(case, case.version, outcome="reached", on=date(2026, 10, 12))
    assert limit().started_on == date(2026, 10, 12)


def test_advice_struck_out_may_be_returned_again(case: Case) -> None:
    give()
    log(
        case,
        NewEvent(
            kind="struck_out", on=TODAY, note="x", corrects_id=event_id(case, "advice_received")
        ),
    )
    assert give(advice()).version == 2


def test_a_form_keeps_its_row_apart_from_another_of_the_same_words(case: Case) -> None:
    other = replace(ENTRY, how_often="Once a week")
    give(advice(entries=(ENTRY, other)))
    places = db.session.scalars(select(AdviceEntry.place).order_by(AdviceEntry.place)).all()
    assert places == [1, 2]
    assert now() >= db.session.scalars(select(Advice.entered_at)).one()
