"""The sweep of any day equals what the pure rules say of the events dated up to it."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from casework import current
from casework.demonstration import load
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Alert, Case
from casework.queries import history
from casework.rules import alerts
from casework.rules.clocks import Clock, clocks
from casework.rules.deadlines import Standing, standing
from casework.rules.history import standing_events, standpoint
from casework.services import sweep
from tests.factories import TODAY

CALENDAR = england_and_wales()
#: Years of invented cases: refusals that were dropped, exceptions, corrections, drafts in the post.
CASES = 120
_DRAW = random.Random(6)
DAYS = [TODAY, *(TODAY + timedelta(days=_DRAW.randint(-900, 120)) for _ in range(9))]

Found = list[tuple[int, Clock]]


@pytest.fixture(autouse=True)
def _demonstration(app: Flask) -> Iterator[None]:
    with app.app_context():
        load.load(today=TODAY, cases=CASES, seed=42)
        yield


def clocks_on(day: date) -> Found:
    """Return the clocks of the cases that were open on a day, by the events dated up to it."""
    cases = db.session.query(Case).all()
    told = history.entered([case.id for case in cases])
    found = []
    for case in cases:
        events = [e for e in standing_events(told[case.id].events) if e.on <= day]
        if standpoint(events).ended_on is None:
            running = clocks(
                kind=case.kind,
                detained=case.youth_accommodation,
                advisers=told[case.id].advisers,
                events=events,
                calendar=CALENDAR,
            )
            found += [(case.id, clock) for clock in running]
    return found


def standing_of(clock: Clock, day: date) -> Standing:
    lifted = bool(clock.lifted_by)
    ended_on = clock.met_on or clock.closed_on
    how = {"ended_on": ended_on, "lifted": lifted, "today": day, "calendar": CALENDAR}
    return standing(clock.duty, clock.due, **how).standing  # type: ignore[arg-type]


def come(found: Found, day: date) -> set[tuple[object, ...]]:
    """Return each limit of the authority's own that has come to a rung, by the pure rules."""
    plan = current.settings().alert_plan
    rows = set()
    for case_id, clock in found:
        runs = clock.is_owed and not clock.lifted_by
        if clock.key == alerts.CLOCK and clock.duty.id in alerts.ALERTED and runs:
            due = clock.due
            highest = alerts.highest(
                plan.rungs(clock.duty),
                act_by=due.act_by,
                due_on=due.on,
                day=day,
                calendar=CALENDAR,
            )
            if highest:
                rows.add((case_id, clock.duty.id, due.on, highest[0].key, highest[1]))
    return rows


def come_and_met_later(day: date) -> set[tuple[object, ...]]:
    """Return the same of the limits that a fact dated after the day is known to meet."""
    owed = {(case_id, c.duty.id) for case_id, c in clocks_on(date.max) if c.is_owed}
    return {row for row in come(clocks_on(day), day) if row[:2] not in owed}


def test_a_sweep_of_any_day_finds_what_the_rules_find_in_the_facts_dated_up_to_it() -> None:
    overdue_ever = 0
    for day in DAYS:
        found = clocks_on(day)
        stands = Counter(standing_of(clock, day) for _, clock in found)
        db.session.query(Alert).delete()
        db.session.commit()
        swept = sweep.sweep(day)
        assert not swept.failed
        assert (swept.overdue, swept.due_soon) == (
            stands[Standing.OVERDUE],
            stands[Standing.SOON],
        ), day
        queued = {
            (a.case_id, a.duty, a.due_on, a.rung, a.reached_on) for a in db.session.query(Alert)
        }
        expected = come(found, day)
        if day >= TODAY:  # what is met by a draft in the post is not told
            expected -= come_and_met_later(day)
        assert queued == expected, day
        assert sweep.sweep(day).queued == 0
        overdue_ever += swept.overdue
    assert overdue_ever > 100
