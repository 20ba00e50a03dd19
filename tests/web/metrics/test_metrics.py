"""Numbers for the machines that watch, and for nobody else."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework import clock
from casework.config import Settings
from casework.services import heartbeat, job_runs, jobs
from casework.services.jobs import Announced
from tests.factories import make_case

TOKEN = "a token that only tests use, and no secret"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Give settings under which there are metrics."""
    return replace(settings, metrics_token=TOKEN)


def ask(client: FlaskClient, shown: str = f"Bearer {TOKEN}") -> tuple[int, str]:
    answer = client.get("/metrics", headers={"Authorization": shown} if shown else {})
    return answer.status_code, answer.text


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_without_its_token_there_is_no_such_page(client: FlaskClient, shown: str) -> None:
    assert ask(client, shown)[0] == 404


@pytest.mark.embedded
def test_where_no_token_is_set_there_is_no_such_page(app: Flask) -> None:
    app.extensions["casework.settings"] = replace(
        app.extensions["casework.settings"], metrics_token=""
    )
    assert ask(app.test_client(), "Bearer ")[0] == 404


def test_the_numbers_say_how_the_work_stands(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        heartbeat.begin()
        jobs.announce([Announced(id="a", why="Because.", rhythm="often", next_run_at=None)])
        job_runs.begin(job="a", for_date=date(2026, 11, 23))
        job_runs.finish(
            job="a",
            for_date=date(2026, 11, 23),
            outcome="ok",
            detail="done",
            next_run_at=clock.now() + timedelta(hours=1),
        )
        make_case(date(2026, 3, 2))
    code, text = ask(client)
    assert code == 200
    found = dict(re.findall(r"^(casework_\S+) (\S+)$", text, re.MULTILINE))
    assert float(found['casework_job_last_success_timestamp_seconds{job="a"}']) > 1.7e9
    assert float(found['casework_job_failing{job="a"}']) == 0
    assert 0 <= float(found["casework_heartbeat_age_seconds"]) < 60
    assert float(found["casework_cases_overdue"]) == 1
    for name in ("messages_waiting", "messages_failed", "mail_held", "alerts_untold"):
        assert float(found[f"casework_{name}"]) == 0
    names = re.findall(r"^# TYPE (\S+) gauge$", text, re.MULTILINE)
    assert len(names) == len(set(names)), "numbers of one name stand together"
