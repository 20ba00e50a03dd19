"""The sweep: what is overdue and due soon, who is told of what, and that it is told once."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from casework import database
from casework.clock import now
from casework.emails.messages import Email
from casework.extensions import db
from casework.models import (
    Absence,
    Alert,
    AuditEntry,
    Case,
    Deadline,
    Interest,
    Message,
    Team,
    User,
)
from casework.services import digests, outbox, sweep
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case, make_user

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
#: A case whose 6 weeks end tomorrow, a Tuesday.
ENDS_TOMORROW = TODAY + DAY - 6 * WEEK


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def manager() -> User:
    """Give a manager of no team, who answers for every case."""
    return make_user("manager")


def swept(day: date = TODAY) -> tuple[int, int, int]:
    found = sweep.sweep(day)
    assert not found.faults
    return found.overdue, found.due_soon, found.queued


def alerts(**of: Any) -> list[Alert]:
    return db.session.query(Alert).filter_by(**of).order_by(Alert.id).all()


def rungs(**of: Any) -> list[str]:
    return [alert.rung for alert in alerts(**of)]


def told(*those: Alert) -> None:
    """Let these alerts, or all that wait, be told by one email."""
    waiting = those or alerts(message_id=None)
    email = Email("late_paper", "Three limits", "Look at them\n")
    about = f"alerts {waiting[0].id}"
    outbox.put(about=about, to_user_id=waiting[0].reader_id, email=email)
    message = db.session.query(Message).filter_by(about=about).one()
    for alert in waiting:
        alert.message_id = message.id
    db.session.commit()


def decided(case: Case, on: date = TODAY) -> None:
    log(case, NewEvent(kind="told_will_assess", on=on))


def away(person: User, cover: User, **details: Any) -> Absence:
    given = {"from_day": TODAY - WEEK, "until_day": TODAY + WEEK, "entered_at": now()}
    absence = Absence(user_id=person.id, cover_id=cover.id, **given | details)
    db.session.add(absence)
    db.session.commit()
    return absence


def test_a_limit_is_told_on_the_working_day_before_it_and_once(manager: User) -> None:
    make_case(ENDS_TOMORROW)
    assert swept() == (0, 1, 1)
    assert swept() == (0, 1, 0)
    (alert,) = alerts()
    assert (alert.duty, alert.rung, alert.way) == ("assess_decision_6w", "eve", "single")
    assert (alert.reached_on, alert.queued_on, alert.reader_id) == (TODAY, TODAY, manager.id)


def test_a_missed_week_is_told_late_at_the_highest_rung_alone(manager: User) -> None:
    make_case(TODAY - 7 * WEEK)
    assert swept() == (1, 0, 1)
    (alert,) = alerts()
    assert (alert.rung, alert.way) == ("breached", "single")
    assert (alert.reached_on, alert.queued_on) == (TODAY - WEEK + DAY, TODAY)
    assert swept(TODAY - 2 * WEEK) == (0, 1, 0)


def test_a_breach_of_long_ago_is_no_news_and_gets_no_email_of_its_own(manager: User) -> None:
    make_case(TODAY - 9 * WEEK)
    swept()
    assert [(a.rung, a.way) for a in alerts()] == [("breached", "digest")]


def test_each_rung_is_told_as_a_limit_comes_to_it(manager: User) -> None:
    began = date(2026, 9, 28)
    make_case(began)
    due_on = began + 6 * WEEK
    days = (began + n * DAY for n in range(80))
    queued = [(day, swept(day)[2]) for day in days]
    of = alerts(duty="assess_decision_6w")
    assert [(a.rung, a.way) for a in of] == [
        ("soon_10", "digest"),
        ("soon_5", "digest"),
        ("eve", "single"),
        ("breached", "single"),
        ("over_4w", "digest"),
    ]
    assert all(a.reached_on == a.queued_on for a in of)
    assert [(a.reached_on - due_on).days for a in of] == [-14, -7, -3, 1, 28]
    assert sum(number for _, number in queued) == len(alerts())


def test_a_day_to_come_that_was_rehearsed_holds_back_no_alert_before_it(manager: User) -> None:
    make_case(ENDS_TOMORROW)
    assert swept(TODAY + WEEK) == (1, 0, 1)
    assert swept(TODAY + WEEK)[2] == 0
    assert swept() == (0, 1, 1)
    assert rungs() == ["breached", "eve"]


def test_the_officer_and_the_managers_of_the_team_and_of_none_are_told(manager: User) -> None:
    teams = [Team(name="North"), Team(name="South")]
    db.session.add_all(teams)
    db.session.flush()
    north, _ = (
        make_user("manager", email=f"{team.name}@example.org", team_id=team.id) for team in teams
    )
    officer = make_user(team_id=teams[0].id)
    make_user(email="another@example.org", team_id=teams[0].id)
    make_case(ENDS_TOMORROW, officer_id=officer.id)
    assert swept() == (0, 1, 3)
    assert {a.reader_id for a in alerts()} == {manager.id, north.id, officer.id}


def test_what_nobody_holds_is_for_managers_of_no_team_and_failing_those_for_all() -> None:
    team = Team(name="North")
    db.session.add(team)
    db.session.flush()
    of_team = make_user("manager", email="north@example.org", team_id=team.id)
    make_case(ENDS_TOMORROW)
    swept()
    assert [a.reader_id for a in alerts()] == [of_team.id]
    of_none = make_user("manager")
    make_case(ENDS_TOMORROW)
    assert swept()[2] == 2
    assert alerts()[-1].reader_id == of_none.id


@pytest.mark.parametrize(
    "details", [{"is_active": False}, {"email": None}, {"role": "dco"}, {"role": "unheard-of"}]
)
def test_an_officer_who_may_not_see_the_case_is_not_told(
    manager: User, details: dict[str, Any]
) -> None:
    officer = make_user(**{"role": "case-officer"} | details)
    make_case(ENDS_TOMORROW, officer_id=officer.id)
    assert swept() == (0, 1, 1)
    assert [a.reader_id for a in alerts()] == [manager.id]


def test_while_a_person_is_away_their_cover_is_told_in_their_place(manager: User) -> None:
    officer, cover = make_user(), make_user(email="cover@example.org")
    away(officer, cover)
    make_case(ENDS_TOMORROW, officer_id=officer.id)
    swept()
    found = {(a.reader_id, a.in_place_of_id) for a in alerts()}
    assert found == {(manager.id, None), (cover.id, officer.id)}
    swept(TODAY + 2 * WEEK)
    assert rungs(reader_id=officer.id) == ["breached"], "back, and told what it has come to"


def test_a_manager_who_covers_for_an_officer_is_told_once_and_as_a_manager(manager: User) -> None:
    officer = make_user()
    away(officer, manager, until_day=None)
    make_case(ENDS_TOMORROW, officer_id=officer.id)
    assert swept()[2] == 1
    assert [(a.reader_id, a.in_place_of_id) for a in alerts()] == [(manager.id, None)]


@pytest.mark.parametrize(
    "details",
    [{"from_day": TODAY + DAY}, {"until_day": TODAY - DAY}, {"ended_at": now()}],
)
def test_an_absence_that_is_not_in_force_changes_nothing(
    manager: User, details: dict[str, Any]
) -> None:
    officer, cover = make_user(), make_user(email="cover@example.org")
    away(officer, cover, **details)
    make_case(ENDS_TOMORROW, officer_id=officer.id)
    swept()
    assert {a.reader_id for a in alerts()} == {manager.id, officer.id}


def test_a_declared_interest_hides_the_case_and_nobody_left_is_said_aloud(manager: User) -> None:
    case = make_case(ENDS_TOMORROW)
    interest = Interest(case_id=case.id, user_id=manager.id, nature="A cousin", declared_at=now())
    db.session.add(interest)
    db.session.commit()
    found = sweep.sweep(TODAY)
    assert (found.due_soon, found.queued, found.unheard) == (1, 0, (case.reference,))
    with pytest.raises(RuntimeError, match=f"Nobody can be told of {case.reference}: open an acc"):
        sweep.sweep_nightly(TODAY)
    interest.ended_at = now()
    db.session.commit()
    assert swept() == (0, 1, 1)


def test_a_case_handed_on_is_told_to_its_new_officer_in_the_digest_alone(manager: User) -> None:
    first, second = make_user(), make_user(email="second@example.org")
    case = make_case(TODAY - 7 * WEEK, officer_id=first.id)
    assert swept()[2] == 2
    told(*alerts(reader_id=first.id))
    case.officer_id = second.id
    db.session.commit()
    assert swept(TODAY + DAY)[2] == 1
    assert [(a.rung, a.way) for a in alerts(reader_id=second.id)] == [("breached", "digest")]


def test_what_a_tracker_brought_in_is_summed_but_for_what_comes_after(manager: User) -> None:
    case = make_case(TODAY - 7 * WEEK, tracker_reference="SEN/7")
    case.keyed_at = datetime.combine(TODAY, now().timetz())
    db.session.commit()
    swept(TODAY + DAY)
    assert [(a.rung, a.way) for a in alerts()] == [("breached", "summed")]
    case.keyed_at = datetime.combine(TODAY - 2 * WEEK, now().timetz())
    db.session.query(Alert).delete()
    db.session.commit()
    swept(TODAY + DAY)
    assert [(a.rung, a.way) for a in alerts()] == [("breached", "single")]


def test_a_limit_is_cleared_for_those_who_were_told_of_it(manager: User) -> None:
    case = make_case(TODAY - 7 * WEEK)
    another = make_case(TODAY - 7 * WEEK)
    swept()
    told(*alerts(case_id=case.id))
    for each in (case, another):
        decided(each, TODAY - DAY)
    assert swept() == (0, 0, 1)
    (alert,) = alerts(rung="met")
    assert (alert.case_id, alert.reached_on, alert.way) == (case.id, TODAY - DAY, "digest")
    assert swept()[2] == 0


def test_a_limit_that_is_closed_and_one_that_is_lifted_are_cleared_too(manager: User) -> None:
    closed, lifted = make_case(TODAY - 7 * WEEK), make_case(TODAY - 7 * WEEK)
    swept()
    told()
    log(closed, NewEvent(kind="withdrawn", on=TODAY))
    db.session.query(Deadline).filter_by(case_id=lifted.id, duty="assess_decision_6w").update(
        {"lifted_by": "X1"}
    )
    db.session.commit()
    assert swept() == (0, 0, 2)
    assert (rungs(case_id=closed.id), rungs(case_id=lifted.id)) == (
        ["breached", "closed"],
        ["breached", "lifted"],
    )


def test_a_limit_that_is_owed_again_after_it_was_cleared_is_told_again(manager: User) -> None:
    case = make_case(TODAY - 7 * WEEK)
    swept()
    told()
    decided(case)
    swept()
    told()
    log(case, NewEvent(kind="struck_out", on=TODAY, corrects_id=event_id(case, "told_will_assess")))
    assert swept() == (1, 0, 1)
    assert rungs() == ["breached", "met", "again"]
    assert swept()[2] == 0


def test_an_alert_dropped_because_it_was_met_is_queued_anew_when_it_is_owed(manager: User) -> None:
    make_case(TODAY - 7 * WEEK)
    swept()
    (alert,) = alerts()
    for why, queued in (("met", 1), ("quiet", 0)):
        alert.dropped_because = why
        db.session.commit()
        assert swept(TODAY - DAY)[2] == 0, "of a past day nothing is queued anew"
        assert swept()[2] == queued
        db.session.refresh(alert)
    assert len(alerts()) == 1


def test_a_limit_that_was_met_later_was_still_owed_on_the_day(manager: User) -> None:
    case = make_case(TODAY - 7 * WEEK)
    assert swept()[:2] == (1, 0)
    decided(case, TODAY - 2 * DAY)
    assert swept()[:2] == (0, 0)
    assert swept(TODAY - 3 * DAY)[:2] == (1, 0)
    assert swept(TODAY - 2 * WEEK)[:2] == (0, 1)
    assert swept(TODAY - 8 * WEEK)[:2] == (0, 0)


def test_a_poisoned_case_is_named_and_the_others_are_told(
    manager: User, caplog: pytest.LogCaptureFixture
) -> None:
    unknown, no_day, sound = (make_case(ENDS_TOMORROW) for _ in range(3))
    for case, values in ((unknown, {"duty": "no_such_rule"}), (no_day, {"act_by": None})):
        row = db.session.query(Deadline).filter_by(case_id=case.id, duty="assess_decision_6w")
        row.update(values)
    db.session.commit()
    found = sweep.sweep(TODAY)
    assert (found.due_soon, found.queued) == (2, 2)
    assert found.failed == (unknown.reference,)
    assert {a.case_id for a in alerts()} == {no_day.id, sound.id}
    (said,) = [record for record in caplog.records if record.name == sweep.__name__]
    assert said.values == {"cases": [unknown.reference]}  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match=f"Could not be read: {unknown.reference}"):
        sweep.sweep_nightly(TODAY)


def test_an_event_that_no_rule_knows_stops_no_other_case(manager: User) -> None:
    bad, sound = make_case(TODAY - 7 * WEEK), make_case(TODAY - 7 * WEEK)
    for case in (bad, sound):
        decided(case)
    assert not sweep.sweep(TODAY).failed
    db.session.execute(
        text(
            "INSERT INTO case_event (case_id, kind, happened_on, entered_at)"
            " VALUES (:case, 'unheard_of', :day, :at)"
        ),
        {"case": bad.id, "day": TODAY.isoformat(), "at": "2026-11-23 09:00:00"},
    )
    db.session.commit()
    found = sweep.sweep(TODAY - DAY)
    assert (found.overdue, found.failed) == (1, (bad.reference,))
    assert {a.case_id for a in alerts()} == {sound.id}


def test_a_sweep_is_one_entry_of_counts_in_the_audit_trail(manager: User) -> None:
    make_case(ENDS_TOMORROW)
    before = db.session.query(AuditEntry).count()
    swept()
    (entry,) = db.session.query(AuditEntry).order_by(AuditEntry.id)[before:]
    assert (entry.origin, entry.action, entry.case_id) == ("scheduler", "swept limits", None)


def test_the_nightly_words_are_counts(manager: User) -> None:
    make_case(ENDS_TOMORROW)
    assert sweep.sweep_nightly(TODAY) == "0 limits overdue, 1 due soon; 1 alert queued"


def sweeping(app: Flask, answers: list[sweep.Swept]) -> threading.Thread:
    """Return a thread that sweeps, started."""

    def run() -> None:
        with app.app_context():
            answers.append(sweep.sweep(TODAY))
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_sweep_waits_for_the_one_that_is_running_and_answers_in_full(
    app: Flask, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case(ENDS_TOMORROW)
    db.session.remove()
    begun, go_on, really = threading.Event(), threading.Event(), sweep._sweep

    def slowly(day: date) -> sweep.Swept:
        begun.set()
        assert go_on.wait(60)
        return really(day)

    answers: list[sweep.Swept] = []
    monkeypatch.setattr(sweep, "_sweep", slowly)
    first = sweeping(app, answers)
    assert begun.wait(60)
    monkeypatch.setattr(sweep, "_sweep", really)
    second = sweeping(app, answers)
    second.join(1)
    assert second.is_alive(), "it did not wait"
    go_on.set()
    for thread in (first, second):
        thread.join(60)
    assert [(a.overdue, a.due_soon, a.queued) for a in answers] == [(0, 1, 1), (0, 1, 0)]


@pytest.mark.embedded
def test_on_sqlite_it_outwaits_whoever_writes_for_longer_than_a_writer_waits(
    app: Flask, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case(ENDS_TOMORROW)
    db.session.remove()
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 50)
    monkeypatch.setattr(database, "SQLITE_PRAGMAS", ("busy_timeout = 50",))
    db.engine.dispose()
    other = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answers: list[sweep.Swept] = []
    thread = sweeping(app, answers)
    thread.join(0.5)
    assert thread.is_alive(), "it did not wait"
    other.execute("ROLLBACK")
    thread.join(60)
    assert [a.queued for a in answers] == [1]


def test_what_was_rehearsed_is_told_when_its_day_has_come_and_not_before(manager: User) -> None:
    make_case(TODAY - 6 * WEEK + 2 * DAY)
    swept(TODAY + 3 * DAY)
    for day in (TODAY, TODAY + DAY):
        digests.send_due(day)
        assert not db.session.query(Message).filter_by(kind="alert").count()
    digests.send_due(TODAY + 3 * DAY)
    assert db.session.query(Message).filter_by(kind="alert").count() == 1


def test_who_stands_in_from_monday_gets_the_breach_of_saturday_by_itself(manager: User) -> None:
    friday, saturday, monday = TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY
    officer, cover = make_user(), make_user(email="cover@example.org")
    away(officer, cover, from_day=monday)
    make_case(friday - 6 * WEEK, officer_id=officer.id)
    swept(saturday)
    assert [(a.rung, a.way) for a in alerts(reader_id=officer.id)] == [("breached", "single")]
    swept(monday)
    assert [(a.rung, a.way) for a in alerts(reader_id=cover.id)] == [("breached", "single")]


def test_a_draft_in_the_post_is_still_owed_and_nobody_is_told_to_send_it(manager: User) -> None:
    case = make_case(TODAY - 16 * WEEK + 3 * DAY)
    decided(case, TODAY - 11 * WEEK)
    swept()
    assert [a.rung for a in alerts(duty="draft_by_week16")] == ["soon_5"]
    db.session.query(Alert).delete()
    db.session.commit()
    log(case, NewEvent(kind="draft_served", on=TODAY + 2 * DAY, is_deemed=True))
    assert swept() == (0, 3, 1), "as the facts dated up to today have it"
    assert [(a.duty, a.rung) for a in alerts()] == [("final_20w", "soon_30")]
