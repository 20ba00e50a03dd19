"""What only grows refuses every other change, from any connection, not only ours."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import inspect, text

from casework.clock import now
from casework.extensions import db
from casework.models import (
    AdviceCheck,
    AdviceExpected,
    AdviceReuse,
    AdviceSample,
    AdviceScore,
    Adviser,
    Case,
    ConditionDone,
    ConsultationReply,
    ContributionReport,
    DecisionCondition,
    DecisionEvidence,
    DraftServed,
    ExceptionStep,
    FinalPlan,
    HealthAgreement,
    Informed,
    LetterRecipient,
    PanelView,
    PlacementRequest,
    Representation,
    RepresentationAnswer,
)
from casework.models.append_only import APPEND_ONLY
from casework.rules.plan_content import Section
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    add_document,
    circulate,
    decide,
    event_id,
    log,
    make_advice,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    sign,
)
from tests.fixtures.databases import Once
from tests.fixtures.plans import (
    make_consultation,
    make_edition,
    make_letter,
    make_section,
    make_setting,
)
from tests.fixtures.services import the_service

Attempt = Callable[[str], str]

#: What tells a row of each table from the others, where it is not its id.
KEY = {
    "case_event_exception": "event_id",
    "panel_record_decision": "record_id, decision_id",
    "advice_check": "event_id",
    "advice_expected": "event_id",
    "advice_reuse": "event_id",
    "plan_edition_section": "edition_id, version_id",
    "final_plan": "edition_id",
    "draft_served": "event_id",
    "representation": "event_id",
    "representation_answer": "event_id",
    "health_agreement": "event_id",
    "consultation_reply": "event_id",
    "placement_request": "event_id",
    "exception_step": "event_id",
    "letter_recipient": "letter_id, place",
}
CHANGE = {
    "case_event": "happened_on = '2020-01-01'",
    "case_event_exception": "reason = 'another'",
    "audit_entry": "action = 'another'",
    "panel_view": "words = 'another'",
    "panel_decision": "reasons = 'another'",
    "decision_evidence": "words = 'another'",
    "decision_condition": "words = 'another'",
    "panel_circulation": "kind = 'another'",
    "panel_record": "attendance = 'another'",
    "panel_record_decision": "record_id = 99",
    "condition_done": "done_on = NULL",
    "advice": "summary = 'another'",
    "advice_entry": "need = 'another'",
    "advice_check": "reasons = 'another'",
    "advice_expected": "words = 'another'",
    "advice_reuse": "described = 'another'",
    "advice_score": "words = 'another'",
    "contribution_report": "figures = 'another'",
    "plan_section_version": "content = 'another'",
    "plan_edition": "is_final = NULL",
    "plan_edition_section": "version_id = 99",
    "final_plan": "setting_type = 'another'",
    "draft_served": "route = 'another'",
    "representation": "words = 'another'",
    "representation_answer": "words = 'another'",
    "health_agreement": "agreed_by = 'another'",
    "informed": "how = 'another'",
    "consultation": "asks = 'another'",
    "consultation_reply": "words = 'another'",
    "placement_request": "words = 'another'",
    "exception_step": "words = 'another'",
    "letter_template": "note = 'another'",
    "letter": "kind = 'another'",
    "letter_recipient": "words = 'another'",
}


@pytest.fixture
def recorded(app: Flask, once: Once) -> Flask:
    """Give the application with a case that has a row in each table that only grows."""
    once("recorded", record)
    return app


def record() -> None:
    """Record a case."""
    case = make_case()
    log(case, exception(), today=TODAY)
    hold_a_meeting(case)
    return_advice(case)
    make_a_plan(case)


def hold_a_meeting(case: Case) -> None:
    """Have a panel decide the case: a row in each table that a meeting adds to."""
    meeting = make_meeting(make_panel())
    item = put_on_agenda(meeting, case)
    circulate(meeting)
    decision = decide(item)
    sign(meeting, decision)
    member = make_user("panel-member")
    condition = DecisionCondition(decision_id=decision.id, words="A report", owner="Health")
    db.session.add(condition)
    db.session.flush()
    db.session.add_all(
        [
            PanelView(item_id=item.id, user_id=member.id, words="A view", entered_at=now()),
            DecisionEvidence(decision_id=decision.id, words="A report, version 1"),
            ConditionDone(condition_id=condition.id, done_on=TODAY, recorded_at=now()),
        ]
    )
    db.session.commit()


def return_advice(case: Case) -> None:
    """Have a service answer: a row in each table that advice adds to."""
    service = the_service()
    asked, kind = {"on": TODAY, "service": service.kind}, "advice_requested"
    log(case, NewEvent(kind=kind, **asked))
    adviser = db.session.query(Adviser).filter_by(case_id=case.id).one()
    for step in ("advice_received", "advice_accepted", "advice_expected", "advice_reused"):
        log(case, NewEvent(kind=step, on=TODAY, adviser_id=adviser.id))
    event = {step: event_id(case, f"advice_{step}") for step in ("received", "accepted")}
    advice = make_advice(adviser, event["received"])
    days = dict.fromkeys(("author_agreed_on", "authority_agreed_on", "family_agreed_on"), TODAY)
    expected, reused = event_id(case, "advice_expected"), event_id(case, "advice_reused")
    sample = AdviceSample(
        service_id=service.id, month=TODAY.replace(day=1), advice_id=advice.id, drawn_at=now()
    )
    db.session.add(sample)
    db.session.flush()
    found = dict.fromkeys(
        ("needs_found", "outcomes_smart", "provision_specific", "child_voice"), "yes"
    )
    db.session.add_all(
        [
            AdviceCheck(event_id=event["accepted"], advice_id=advice.id),
            AdviceExpected(event_id=expected, expected_on=TODAY),
            AdviceReuse(event_id=reused, described="A report", sections="B", **days),
            AdviceScore(sample_id=sample.id, scored_on=TODAY, scored_at=now(), **found),
            ContributionReport(
                agency="health", month=TODAY, version=1, figures="{}", issued_at=now()
            ),
        ]
    )
    db.session.commit()


def make_a_plan(case: Case) -> None:
    """Take a case to its final plan: a row in each table that a plan adds to."""
    setting, manager = make_setting(), make_user("manager", email="manager.of.plans@example.org")
    version = make_section(case, Section(key="G", words="Nothing"))
    edition, consultation = make_edition(case, version), make_consultation(case, setting)
    document = add_document(case, pages=2)
    letter = make_letter(case, document)
    for kind in ("told_will_assess", "draft_served", "representation_made"):
        log(case, NewEvent(kind=kind, on=TODAY))
    rest = ("representation_answered", "health_provision_agreed", "setting_requested")
    answered = "family_answered_in_full"
    for kind in (*rest, answered, "plan_signed", "exception_proposed", "exception_refused"):
        log(case, NewEvent(kind=kind, on=TODAY))
    for kind in ("consultation_sent", "consultation_replied"):
        log(case, NewEvent(kind=kind, on=TODAY, consultation_id=consultation.id))
    row: dict[str, Any] = {
        kind: {"event_id": event_id(case, kind), "case_id": case.id}
        for kind in ("draft_served", "representation_made", "setting_requested")
    }
    agreed = event_id(case, "health_provision_agreed")
    made = Representation(**row["representation_made"], words="More time")
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        [
            DraftServed(**row["draft_served"], route="post", sent_at=now()),
            RepresentationAnswer(
                event_id=event_id(case, "representation_answered"),
                representation_id=made.event_id,
                accepted="yes",
                words="It was changed",
            ),
            HealthAgreement(
                event_id=agreed, case_id=case.id, version_id=version.id, agreed_by="A body"
            ),
            FinalPlan(
                edition_id=edition.id,
                event_id=event_id(case, "plan_signed"),
                setting_type="Primary school",
                signed_on=TODAY,
                signed_by_id=manager.id,
                signed_by_words="Mina Manager",
            ),
            Informed(
                case_id=case.id,
                event_id=agreed,
                party="family",
                told_on=TODAY,
                how="letter",
                entered_at=now(),
            ),
            ConsultationReply(
                event_id=event_id(case, "consultation_replied"),
                consultation_id=consultation.id,
                outcome="yes",
            ),
            PlacementRequest(**row["setting_requested"], setting_id=setting.id, is_listed=True),
            ExceptionStep(
                event_id=event_id(case, "exception_refused"),
                proposal_id=event_id(case, "exception_proposed"),
            ),
            LetterRecipient(letter_id=letter.id, place=1, words="The family"),
        ]
    )
    db.session.commit()


def exception() -> NewEvent:
    particulars = {"regulation": "13(3)", "ground": "X3", "reason": "A bereavement"}
    return NewEvent(kind="exception_recorded", on=TODAY, exception=particulars)


@pytest.fixture
def attempt(recorded: Flask, database_url: str) -> Attempt:
    """Give a way to run SQL from a bare connection of the driver; it returns the refusal."""
    if database_url.startswith("sqlite"):
        return lambda sql: _with_bare_sqlite(Path(database_url.removeprefix("sqlite:///")), sql)
    return lambda sql: _with_bare_psycopg(database_url.replace("+psycopg", ""), sql)


def _with_bare_sqlite(file: Path, sql: str) -> str:
    connection = sqlite3.connect(file)  # its own defaults: none of our settings
    try:
        connection.executescript(sql)
    except sqlite3.DatabaseError as refusal:
        return str(refusal)
    finally:
        connection.close()
    return ""


def _with_bare_psycopg(url: str, sql: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            connection.execute(sql)
        except psycopg.Error as refusal:
            return str(refusal)
    return ""


def all_rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]
            for table in APPEND_ONLY
        }


def columns(app: Flask, table: str) -> list[str]:
    with app.app_context():
        return [column["name"] for column in inspect(db.engine).get_columns(table)]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_update_and_delete_are_refused(recorded: Flask, attempt: Attempt, table: str) -> None:
    before = all_rows(recorded)
    assert before[table], "there must be a row to try it on"
    for sql in (
        f"UPDATE {table} SET {CHANGE[table]}",
        f"DELETE FROM {table} WHERE {KEY.get(table, 'id').split(',')[0]} > 0",
        f"DELETE FROM {table}",
    ):
        assert f"{table} is append-only" in attempt(sql), sql
    assert all_rows(recorded) == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_is_not_replaced_by_an_insert(
    recorded: Flask, attempt: Attempt, table: str, database_url: str
) -> None:
    before = all_rows(recorded)
    names = columns(recorded, table)
    key = names[0]
    copy = f"INTO {table} ({', '.join(names)}) SELECT {', '.join(names)} FROM {table} WHERE true"
    unique = KEY.get(table, "id")
    upsert = f"INSERT {copy} ON CONFLICT ({unique}) DO UPDATE SET {CHANGE[table]}"
    tried = [upsert]
    if database_url.startswith("sqlite"):
        tried += [f"INSERT OR REPLACE {copy}", f"REPLACE {copy}"]
        tried += [f"UPDATE OR REPLACE {table} SET {key} = {key} + 1"]
        tried += [f"PRAGMA recursive_triggers = OFF; INSERT OR REPLACE {copy}"]
    for sql in tried:
        assert f"{table} is append-only" in attempt(sql), sql
    assert all_rows(recorded) == before


def test_a_correction_is_not_replaced_by_another(recorded: Flask, attempt: Attempt) -> None:
    """The unique column is one more way to name the row that a REPLACE takes away."""
    with recorded.app_context():
        case = make_case(person={"surname": "Corrected"})
        log(case, NewEvent(kind="considering_notified", on=TODAY))
        first = event_id(case, "considering_notified")
        log(case, NewEvent(kind="considering_notified", on=TODAY, corrects_id=first))
        is_sqlite = db.engine.dialect.name == "sqlite"
        db.session.remove()
    before = all_rows(recorded)
    verb = "INSERT OR REPLACE" if is_sqlite else "INSERT"
    refused = attempt(
        f"{verb} INTO case_event (case_id, kind, happened_on, corrects_id, entered_at) "
        f"VALUES (2, 'withdrawn', '2026-11-23', {first}, '2026-11-23 09:00:00')"
    )
    assert ("append-only" if is_sqlite else "uq_case_event_corrects_id") in refused
    assert all_rows(recorded) == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_truncate_is_refused_on_postgresql(
    recorded: Flask, attempt: Attempt, table: str, database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        assert 'near "TRUNCATE": syntax error' in attempt(f"TRUNCATE {table}")
        return
    before = all_rows(recorded)
    assert f"{table} is append-only" in attempt(f"TRUNCATE {table} CASCADE")
    as_replica = f"SET session_replication_role = replica; DELETE FROM {table}"
    assert f"{table} is append-only" in attempt(as_replica)
    assert all_rows(recorded) == before


def test_a_new_row_is_taken(recorded: Flask, attempt: Attempt) -> None:
    before = len(all_rows(recorded)["case_event"])
    assert not attempt(
        "INSERT INTO case_event (case_id, kind, happened_on, entered_at) "
        "VALUES (1, 'withdrawn', '2026-11-23', '2026-11-23 09:00:00')"
    )
    assert len(all_rows(recorded)["case_event"]) == before + 1
