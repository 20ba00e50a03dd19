"""The sweep: what is overdue and due soon, and who is told of what, once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import Alert, Team, User
from casework.services import sweep
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case, make_user

WEEK = timedelta(weeks=1)
#: A case whose 6 weeks end tomorrow, a Tuesday.
ENDS_TOMORROW = TODAY + timedelta(days=1) - 6 * WEEK


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
    assert not found.failed
    return found.overdue, found.due_soon, found.queued


def alerts(**of: Any) -> list[Alert]:
    return db.session.query(Alert).filter_by(**of).order_by(Alert.id).all()


def test_a_limit_is_told_on_the_working_day_before_it_and_once(manager: User) -> None:
    make_case(ENDS_TOMORROW)
    assert swept() == (0, 1, 1)
    assert swept() == (0, 1, 0)
    (alert,) = alerts()
    assert (alert.duty, alert.rung, alert.way) == ("assess_decision_6w", "eve", "single")
    assert (alert.reached_on, alert.queued_on, alert.reader_id) == (TODAY, TODAY, manager.id)


def test_a_missed_week_is_told_late_at_the_highest_rung_alone(manager: User) -> None:
    make_case(ENDS_TOMORROW)
    assert swept(TODAY + WEEK) == (1, 0, 1)
    (alert,) = alerts()
    assert (alert.rung, alert.reached_on) == ("breached", TODAY + timedelta(days=2))
    assert swept(TODAY) == (0, 1, 0)


def test_the_officer_and_the_managers_of_the_team_and_of_none_are_told(manager: User) -> None:
    teams = [Team(name="North"), Team(name="South")]
    db.session.add_all(teams)
    db.session.flush()
    of_team = {
        name: make_user("manager", email=f"{name}@example.org", team_id=team.id).id
        for name, team in zip(("north", "south"), teams, strict=True)
    }
    officer = make_user(team_id=teams[0].id)
    make_case(ENDS_TOMORROW, officer_id=officer.id)
    assert swept() == (0, 1, 3)
    assert {a.reader_id for a in alerts()} == {manager.id, of_team["north"], officer.id}


def test_a_limit_that_was_met_later_was_still_owed_on_the_day() -> None:
    make_user("manager")
    case = make_case(TODAY - 7 * WEEK)
    assert swept()[:2] == (1, 0)
    log(case, NewEvent(kind="told_will_assess", on=TODAY - timedelta(days=2)))
    assert swept()[:2] == (0, 0)
    assert swept(TODAY - timedelta(days=3))[:2] == (1, 0)
    assert swept(TODAY - 2 * WEEK)[:2] == (0, 1)
    assert swept(TODAY - 8 * WEEK)[:2] == (0, 0)
