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
from casework.services import job_runs, outbox
from tests.factories import make_user


def test_the_process_lives(client: FlaskClient) -> None:
    answer = client.get("/health/live")
    assert answer.status_code == 200
    assert answer.json == {"status": "live"}


def test_it_is_ready_when_every_part_works(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        job_runs.begin(job="check-deadlines", for_date=date(2026, 11, 23))
        job_runs.finish(
            job="check-deadlines", for_date=date(2026, 11, 23), outcome="ok", detail="done"
        )
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "checks": dict.fromkeys(
            ("database", "migration", "scheduler", "email", "bank_holidays"), "ok"
        ),
    }


def test_a_scheduler_that_never_ran_is_a_warning(client: FlaskClient) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json
    assert answer.json["checks"]["scheduler"] == "warning"


def test_a_scheduler_silent_for_a_quarter_of_an_hour_is_a_warning(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        job_runs.begin(job="a", for_date=date(2026, 11, 23))
        job_runs.finish(job="a", for_date=date(2026, 11, 23), outcome="ok", detail="")
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = client.get("/health/ready").json
    assert answer
    assert answer["checks"]["scheduler"] == "warning"


def test_a_job_that_failed_is_a_warning_until_it_succeeds(app: Flask, client: FlaskClient) -> None:
    for outcome, expected in (("failed", "warning"), ("ok", "ok")):
        with app.app_context():
            assert job_runs.begin(job="a", for_date=date(2026, 11, 23))
            job_runs.finish(job="a", for_date=date(2026, 11, 23), outcome=outcome, detail="")
        answer = client.get("/health/ready").json
        assert answer
        assert answer["checks"]["scheduler"] == expected


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
