"""Health, as the machines that watch the system ask after it."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from casework import clock, readiness
from casework.app import create_app
from casework.config import Settings
from casework.emails import messages
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.services import heartbeat, job_runs, jobs, outbox
from casework.services.jobs import Announced
from tests.factories import make_user


def test_the_process_lives(client: FlaskClient) -> None:
    answer = client.get("/health/live")
    assert answer.status_code == 200
    assert answer.json == {"status": "live"}


def beat(*, doubt: str | None = None) -> None:
    heartbeat.begin()
    heartbeat.beat(trusted=None, doubt=doubt, off=timedelta(days=1))


def scheduler_of(client: FlaskClient) -> tuple[int, str]:
    answer = client.get("/health/ready")
    assert answer.json
    return answer.status_code, answer.json["checks"]["scheduler"]


def test_it_is_ready_when_every_part_works(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        beat()
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "checks": dict.fromkeys(
            ("database", "migration", "scheduler", "email", "bank_holidays"), "ok"
        ),
    }


def test_at_a_desk_a_scheduler_that_never_ran_is_a_warning(client: FlaskClient) -> None:
    assert scheduler_of(client) == (200, "warning")


def test_in_production_it_is_not_ready_where_no_scheduler_ever_ran(settings: Settings) -> None:
    app = create_app(replace(settings, environment="production", today=None))
    assert scheduler_of(app.test_client()) == (503, "failed")


def test_it_is_not_ready_once_the_scheduler_is_silent_for_a_quarter_of_an_hour(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        beat()
    later = clock.now() + timedelta(minutes=14)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert scheduler_of(client) == (200, "ok")
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=2))
    assert scheduler_of(client) == (503, "failed")


def test_it_is_not_ready_while_the_schedulers_clock_is_doubted(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        beat(doubt="elapsed")
    assert scheduler_of(client) == (503, "failed")


def test_a_job_that_failed_is_a_warning_until_it_succeeds(app: Flask, client: FlaskClient) -> None:
    day = date(2026, 11, 23)
    with app.app_context():
        beat()
        jobs.announce([Announced(id="a", why="Because.", rhythm="often", next_run_at=None)])
    for outcome, expected in (("failed", "warning"), ("ok", "ok")):
        with app.app_context():
            assert job_runs.begin(job="a", for_date=day)
            job_runs.finish(job="a", for_date=day, outcome=outcome, detail="", next_run_at=None)
        assert scheduler_of(client) == (200, expected)


@pytest.mark.parametrize(("left", "code", "word"), [(61, 200, "warning"), (60, 503, "failed")])
@pytest.mark.embedded
def test_bank_holidays_that_run_out_within_sixty_days_are_a_failure(
    client: FlaskClient, left: int, code: int, word: str
) -> None:
    clock.set_today(england_and_wales().last - timedelta(days=left))
    answer = client.get("/health/ready")
    assert answer.json
    assert (answer.status_code, answer.json["checks"]["bank_holidays"]) == (code, word)


def test_email_that_is_stuck_is_a_warning_where_it_is_meant_to_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(replace(settings, smtp_host="127.0.0.1", mail_from="ehc@example.org"))
    with app.app_context():
        email = messages.meeting_cancelled(
            panel="North panel", on=date(2026, 12, 1), at=time(9, 30), link="https://x.example.org"
        )
        outbox.put(about="a", to_user_id=make_user().id, email=email)
        db.session.commit()
        assert readiness.checks()["email"] == "ok"
        db.session.rollback()
        later = clock.now() + timedelta(minutes=16)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert readiness.checks()["email"] == "warning"


def test_it_is_not_ready_on_a_database_at_another_migration(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '001_accounts'"))
        db.session.commit()
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["checks"]["migration"] == "failed"
    assert answer.json["checks"]["database"] == "ok"


@pytest.mark.embedded
def test_it_is_not_ready_without_its_database(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import create_engine

    nowhere = create_engine("sqlite:////nowhere/at/all.sqlite3")
    with app.app_context():
        monkeypatch.setitem(db.engines, None, nowhere)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["checks"]["database"] == "failed"
