"""A backtest knows on each day only what was known then, and counts what its rules called."""

from datetime import date, timedelta

import pytest

from casework.rules.backtest import WEEKS, Call, Trial, calls, looks_at
from casework.rules.backtest_figures import LEAST, figures
from casework.rules.journeys import Asked, Journey

FIRST = date(2024, 1, 1)
WEEK = timedelta(weeks=1)


def road(started: date, *, took: int, **ends: date) -> Journey:
    """Return a road on which psychology took so many days, and every other step as usual."""
    day = lambda n: started + timedelta(days=n)  # noqa: E731
    answered = 40 + took
    return Journey(
        *("request", started, day(35), day(35), day(answered + 5), day(answered + 5)),
        *(day(answered + 12), day(answered + 12), day(answered + 32), day(answered + 32)),
        asked=(Asked("educational_psychology", day(40), day(answered)),),
    )._replace(**ends)


def trial(journey: Journey) -> Trial:
    return Trial(journey, journey.started + timedelta(weeks=20), ())


#: One request each day for two years: of psychology's answers one takes 90 days, the next 40.
ROADS = [road(FIRST + timedelta(days=n), took=90 if n % 2 else 40) for n in range(730)]


def test_each_past_case_is_looked_at_until_it_is_over_once_there_is_a_year_of_history() -> None:
    trials = [trial(one) for one in ROADS[500:520]]
    found = list(calls(trials, ROADS))
    assert looks_at(trials) == 20 * len(WEEKS)
    # Those in time are sent on day 112, four weeks before the limit: two looks fewer.
    assert len(found) == 10 * len(WEEKS) + 10 * (len(WEEKS) - 2)
    assert {call.was_late for call in found} == {True, False}
    early = [trial(one) for one in ROADS[:20]]
    assert list(calls(early, ROADS)) == []


def test_what_only_the_future_tells_is_not_known() -> None:
    """Everything after a day is another world: what is called on that day must stay the same."""
    chosen = [trial(one) for one in ROADS[400:420]]
    before = {(c.weeks, c.due_on): c.risk for c in calls(chosen, ROADS)}
    last = max(one.due_on for one in chosen) - 2 * WEEK
    changed = [one.known_by(last) for one in ROADS] + [
        road(last + timedelta(days=n), took=300) for n in range(1, 40)
    ]
    after = {(c.weeks, c.due_on): c.risk for c in calls(chosen, changed)}
    assert before == after


def test_late_cases_are_told_from_those_in_time_as_soon_as_the_answers_tell() -> None:
    found = list(calls([trial(one) for one in ROADS[450:580]], ROADS))
    by_weeks = {weeks: [c for c in found if c.weeks == weeks] for weeks in WEEKS}
    assert all(0.3 < c.risk < 0.7 for c in by_weeks[16]), "nothing tells them apart yet"
    assert all(c.risk == pytest.approx(float(c.was_late), abs=1e-6) for c in by_weeks[6])


def test_a_case_that_ended_otherwise_by_its_limit_is_neither_late_nor_in_time() -> None:
    started = FIRST + timedelta(days=400)
    gone = Journey("request", started, stopped=started + timedelta(days=90))
    assert trial(gone).was_late is None
    refused = Journey("request", started, decided=started + timedelta(days=30))
    assert trial(refused).was_late is None
    assert trial(gone._replace(stopped=started + timedelta(days=141))).was_late is True
    assert trial(road(started, took=90)).was_late is True
    assert trial(road(started, took=40)).was_late is False


def test_a_limit_counts_as_overdue_while_it_was() -> None:
    one = ROADS[500]
    overdue = [(one.started + timedelta(days=42), one.started + timedelta(days=60))]
    found = calls([trial(one)._replace(overdue=overdue)], ROADS)
    assert {c.weeks for c in found if c.was_overdue} == {12}


def call(n: int, *, late: bool, risk: float, step: int = 2, overdue: bool = False) -> Call:
    return Call(4, FIRST + timedelta(days=n), late, risk, step, overdue)


def test_the_figures_are_of_the_later_half_at_a_threshold_of_the_earlier() -> None:
    earlier = [call(n, late=n % 2 == 0, risk=0.9 if n % 2 == 0 else n / 400) for n in range(100)]
    later = [call(n, late=n % 2 == 0, risk=0.6 if n % 4 < 2 else 0.1) for n in range(100, 200)]
    found = figures(earlier + later)
    (one,) = found.horizons
    assert (found.looks, one.weeks, one.cases, one.late) == (100, 4, 100, 50)
    # Of the risks of the 50 in time, a fifth lie above 79 in 400.
    assert one.threshold == pytest.approx(79 / 400)
    assert (one.forecast.recall, one.forecast.false_alarms) == (0.5, 0.5)
    assert (one.at_threshold.recall, one.at_threshold.false_alarms) == (0.5, 0.5)
    assert (one.overdue.recall, one.overdue.false_alarms) == (0, 0)
    assert one.brier == pytest.approx((0.4**2 + 0.9**2 + 0.6**2 + 0.1**2) / 4)
    assert one.brier_of_share == pytest.approx(0.25)
    assert [(t.cases, t.said, t.came) for t in found.calibration] == [
        (50, pytest.approx(0.1), 0.5),
        (50, pytest.approx(0.6), 0.5),
    ]


def test_the_naive_step_is_the_one_that_told_the_earlier_cases_best() -> None:
    told = [call(n, late=n % 2 == 0, risk=0.5, step=1 if n % 2 == 0 else 4) for n in range(200)]
    (one,) = figures(told).horizons
    assert one.step == "ask"
    assert (one.past_week.recall, one.past_week.false_alarms) == (1, 0)


def test_too_few_cases_say_nothing() -> None:
    few = [call(n, late=n % 2 == 0, risk=0.5) for n in range(4 * LEAST - 2)]
    assert figures(few).horizons == []
    assert figures([]).horizons == []
