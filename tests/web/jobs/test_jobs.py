"""The scheduler's page, asking for a job, and what managers are told on every page."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework import clock
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AuditEntry, JobRequest
from casework.services import heartbeat, job_runs, jobs
from casework.services.jobs import Announced
from casework.web import alarms
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded

DAY = date(2026, 11, 23)
Later = Callable[..., None]


@pytest.fixture(autouse=True)
def _ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no page remember the heartbeat of the page before."""
    monkeypatch.setattr(alarms, "ASK_AGAIN", 0)
    monkeypatch.setattr(alarms, "ASK_AGAIN_SOON", 0)


def announce(next_run_in: timedelta = timedelta(hours=1)) -> None:
    next_run_at = clock.now() + next_run_in
    given = {"why": "Because.", "rhythm": "every day at 5:45am", "next_run_at": next_run_at}
    jobs.announce([Announced(id="send-mail", **given), Announced(id="verify-audit", **given)])  # type: ignore[arg-type]


def end(outcome: str, detail: str = "3 sent") -> None:
    assert job_runs.begin(job="send-mail", for_date=DAY)
    job_runs.finish(
        job="send-mail",
        for_date=DAY,
        outcome=outcome,
        detail=detail,
        next_run_at=clock.now() + timedelta(hours=1),
    )


def beat(doubt: str | None = None, off: timedelta = timedelta(days=3)) -> None:
    heartbeat.begin()
    heartbeat.beat(trusted=None, doubt=doubt, off=off)


def row_of(client: FlaskClient, name: str) -> str:
    rows = client.get("/jobs").text.split("<tbody")[1].split("</tr>")
    return next(row for row in rows if name in row)


def test_where_no_scheduler_ever_worked_the_page_says_how_one_is_started(sign_in: SignIn) -> None:
    page = sign_in("administrator").get("/jobs").text
    assert "No scheduler has been at work here." in page
    assert "Alerts have" not in page, "at a desk nobody misses it"


def test_each_job_shows_what_for_how_it_went_and_when_it_is_next(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        beat()
        announce()
        end("failed", "no mail server")
        end("ok")
    client = sign_in("administrator")
    row = row_of(client, "Send mail")
    for words in ("Because.", "Every day at 5:45am", "Next: ", ">Done<", "3 sent", "1 time"):
        assert words in row
    assert "Not yet run" in row_of(client, "Verify audit")


def test_a_job_that_failed_says_why_and_when_it_last_went_well(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        beat()
        announce()
        end("ok")
        job_runs.begin(job="send-mail", for_date=DAY, again=True)
        job_runs.finish(
            job="send-mail",
            for_date=DAY,
            outcome="failed",
            detail="no mail server",
            next_run_at=None,
        )
    row = row_of(sign_in("administrator"), "Send mail")
    assert ">Failed<" in row
    assert "no mail server" in row
    assert "last went well" in row


def test_a_job_long_past_its_next_run_is_overdue(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        announce(next_run_in=timedelta(minutes=-16))
    assert ">Overdue<" in row_of(sign_in("administrator"), "Send mail")


def test_an_administrator_asks_for_a_job_once_however_often_they_press(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        beat()
        announce()
    client = sign_in("administrator")
    token = token_in(client.get("/jobs"))
    for _ in range(2):
        answer = client.post("/jobs/send-mail/run", data={"csrf_token": token})
        assert answer.status_code == 303
    assert "Asked for by Ada Example" in row_of(client, "Send mail")
    with app.app_context():
        assert [one.job for one in db.session.scalars(select(JobRequest))] == ["send-mail"]
        acts = db.session.scalars(select(AuditEntry.subject).filter_by(action="asked for job"))
        assert acts.all() == ["job send-mail"]
        assert jobs.take_requests() == ["send-mail"]
        assert jobs.take_requests() == []
    assert client.post("/jobs/no-such/run", data={"csrf_token": token}).status_code == 404


def test_a_manager_reads_the_page_and_may_run_nothing(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        beat()
        announce()
    client = sign_in("manager")
    page = client.get("/jobs")
    assert page.status_code == 200
    assert "Run now" not in page.text
    assert client.get("/team").text.count("Important") == 0


@pytest.mark.parametrize("role", ["manager", "administrator", "case-officer", "auditor"])
def test_once_the_scheduler_is_silent_whoever_answers_for_limits_reads_so_on_every_page(
    app: Flask, sign_in: SignIn, later: Later, role: str
) -> None:
    with app.app_context():
        beat()
    client = sign_in(role)
    assert "Alerts have stopped." not in client.get("/law").text
    later(minutes=16)
    is_told = role in ("manager", "administrator")
    page = client.get("/law").text
    assert ("Alerts have stopped." in page) is is_told
    assert ("Tell an administrator of this service." in page) is (role == "manager")


def test_the_heartbeat_is_not_asked_after_by_every_page(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "ASK_AGAIN", 30)
    with app.app_context():
        beat()
    asked: list[object] = []
    pulse = heartbeats().pulse
    monkeypatch.setattr(heartbeats(), "pulse", lambda: asked.append(1) or pulse())
    client = sign_in("manager")
    for _ in range(3):
        client.get("/law")
    assert len(asked) == 1


def heartbeats() -> object:
    from casework.queries import heartbeat as queries

    return queries


def test_a_clock_that_is_doubted_is_told_and_an_administrator_says_that_it_is_right(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        beat("elapsed")
    client = sign_in("administrator")
    page = client.get("/jobs")
    assert "Alerts are paused." in page.text
    assert "3 days ahead of the time that has passed since it was last right" in page.text
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    typed = {"csrf_token": token_in(page), "seen": seen}
    with app.app_context():
        assert not heartbeat.is_said_right()
    client.post("/jobs/clock", data=typed)
    with app.app_context():
        assert heartbeat.is_said_right()
        acts = db.session.scalars(select(AuditEntry.action))
        assert "said the clock is right" in set(acts)


def test_what_was_said_of_another_doubt_is_not_heard(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        beat("elapsed")
    client = sign_in("administrator")
    page = client.get("/jobs")
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    with app.app_context():
        beat("elapsed", off=timedelta(days=300))
    client.post("/jobs/clock", data={"csrf_token": token_in(page), "seen": seen})
    with app.app_context():
        assert not heartbeat.is_said_right()
    assert "has changed since" in client.get("/jobs").text


def test_a_list_of_bank_holidays_that_is_running_out_is_told_sixty_days_ahead(
    sign_in: SignIn,
) -> None:
    client = sign_in("manager")
    last = england_and_wales().last
    clock.set_today(last - timedelta(days=61))
    assert "running out" not in client.get("/law").text
    clock.set_today(last - timedelta(days=60))
    assert "The list of bank holidays is running out." in client.get("/law").text
