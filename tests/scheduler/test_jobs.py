"""The table of the night's work."""

import inspect
from datetime import UTC, date, datetime, time, timedelta

import pytest
from apscheduler.schedulers.blocking import BlockingScheduler
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.civil_dates import LONDON
from scheduler import running
from scheduler.__main__ import timetable
from scheduler.days import MONTH_ENDS, WORKING_DAYS, these
from scheduler.jobs import EVERY, JOBS, Every, Job
from scheduler.running import Runner


def job_at(at: time, **more: object) -> Job:
    return Job(id="x", at=at, service="m:f", why="Because.", **more)  # type: ignore[arg-type]


def keeper() -> BlockingScheduler:
    return timetable(Runner(None, None), JOBS, EVERY)  # type: ignore[arg-type]


@pytest.mark.parametrize("job", JOBS + EVERY, ids=lambda job: job.id)
def test_every_job_names_a_service_that_takes_the_day(job: Job | Every) -> None:
    service = running.service(job)
    assert len(inspect.signature(service).parameters) == 1
    assert job.why.endswith(".")


def test_no_two_jobs_share_a_name() -> None:
    assert len({job.id for job in JOBS + EVERY}) == len(JOBS + EVERY)


@pytest.mark.parametrize("at", [time(0, 59), time(1, 30), time(2, 1)])
def test_a_job_in_the_hour_that_comes_twice_is_refused(at: time) -> None:
    with pytest.raises(ValueError, match="twice or never"):
        job_at(at)


def test_a_job_is_due_for_yesterday_until_its_time_today() -> None:
    job = job_at(time(2, 30))
    monday = date(2026, 11, 23)
    assert job.last_due(datetime(2026, 11, 23, 2, 29, tzinfo=LONDON)) == monday - timedelta(days=1)
    assert job.last_due(datetime(2026, 11, 23, 2, 30, tzinfo=LONDON)) == monday


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.id)
def test_a_job_fires_once_on_every_day_of_a_year_through_both_changes_of_the_clocks(
    job: Job,
) -> None:
    trigger = next(j.trigger for j in keeper().get_jobs() if j.id == job.id)
    start, end = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2027, 4, 30, 12, tzinfo=UTC)
    fired = [trigger.get_next_fire_time(None, start)]
    while fired[-1] < end:
        fired.append(trigger.get_next_fire_time(fired[-1], fired[-1]))
    local = [one.astimezone(LONDON) for one in fired]
    assert [one.date() for one in local] == [
        local[0].date() + timedelta(days=n) for n in range(len(local))
    ]
    assert {one.time() for one in local} == {job.at}


def due_by_the_minute(job: Job, now: datetime, end: datetime) -> list[date]:
    """Ask as `running` does at each minute: which day is the newest that is due?"""
    done: list[date] = []
    while now < end:
        local = now.astimezone(LONDON)
        day = job.last_due(local)
        assert day is not None
        if not done or day != done[-1]:
            assert not done or local.time() == job.at, "a run at another minute than its own"
            done.append(day)
        now += timedelta(minutes=1)
    return done


def days_between(job: Job, first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if job.days.includes(day)]


def test_stepped_by_the_minute_a_job_is_due_once_for_each_of_its_days_of_a_year() -> None:
    job = job_at(time(2, 2), days=WORKING_DAYS)
    end = datetime(2027, 3, 30, 12, tzinfo=UTC)
    done = due_by_the_minute(job, datetime(2026, 3, 28, 12, tzinfo=UTC), end)
    assert done == days_between(job, done[0], date(2027, 3, 30))


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.id)
def test_stepped_by_the_minute_a_job_is_due_once_a_day_when_the_clocks_change(
    job: Job, change: date
) -> None:
    noon = datetime(change.year, change.month, change.day, 12, tzinfo=UTC)
    done = due_by_the_minute(job, noon - timedelta(days=3), noon + timedelta(days=3))
    assert done == days_between(job, done[0], change + timedelta(days=3))
    assert len(done) >= 3


@pytest.mark.parametrize("work", EVERY, ids=lambda work: work.id)
def test_work_of_every_few_minutes_keeps_its_pace_when_the_clocks_change(work: Every) -> None:
    trigger = next(j.trigger for j in keeper().get_jobs() if j.id == work.id)
    fired = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for _ in range(90 // work.minutes):
        following = trigger.get_next_fire_time(fired, fired)
        assert following.astimezone(UTC) - fired == timedelta(minutes=work.minutes)
        fired = following.astimezone(UTC)


def test_nothing_set_for_a_time_of_day_fires_in_the_hour_that_comes_twice() -> None:
    noon_before = datetime(2026, 10, 24, 12, tzinfo=LONDON)
    all_day = {work.id for work in EVERY}
    for job in keeper().get_jobs():
        if job.id in {*all_day, "beat", "requests"}:
            continue
        fired, end = noon_before, noon_before + timedelta(days=2)
        while fired < end:
            fired = job.trigger.get_next_fire_time(fired, fired + timedelta(seconds=1))
            local = fired.astimezone(LONDON).time()
            assert not time(0, 59) <= local <= time(2, 1), f"{job.id} at {local}"


def test_a_late_job_still_runs_and_a_pile_of_them_runs_once() -> None:
    defaults = keeper()._job_defaults
    assert defaults == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    assert str(keeper().timezone) == "Europe/London"


def test_what_is_done_after_another_stands_below_it_and_later() -> None:
    seen: dict[str, Job] = {}
    for job in JOBS:
        assert all(seen[one].at < job.at for one in job.after)
        seen[job.id] = job


def test_the_table_is_in_the_order_of_the_day() -> None:
    assert list(JOBS) == sorted(JOBS, key=lambda job: job.at)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.times(), st.times(), st.booleans())
def test_what_was_due_last_is_past_and_what_is_due_next_is_the_one_after_it(
    day: date, hour: time, at: time, is_working: bool
) -> None:
    if time(0, 59) <= at <= time(2, 1):
        return
    job = job_at(at, days=WORKING_DAYS) if is_working else job_at(at)
    now = datetime.combine(day, hour, LONDON)
    last, following = job.last_due(now), job.next_due(now)
    assert last is not None
    assert following is not None
    assert datetime.combine(last, at, LONDON) <= now < following
    between = (last + timedelta(days=n) for n in range(1, (following.date() - last).days))
    assert not any(job.days.includes(day) for day in between)


def test_the_days_of_a_month_end_and_days_that_are_named() -> None:
    assert MONTH_ENDS.newest(date(2028, 3, 1)) == date(2028, 2, 29)
    assert MONTH_ENDS.next(date(2026, 12, 31)) == date(2026, 12, 31)
    returns = these("on the days of a return", [date(2027, 1, 21)])
    assert returns.newest(date(2027, 5, 1)) == date(2027, 1, 21)
    assert returns.next(date(2027, 1, 22)) is None
    assert job_at(time(4), days=returns).last_due(datetime(2026, 12, 1, tzinfo=LONDON)) is None


def test_past_the_last_known_bank_holiday_every_weekday_counts_as_a_working_day() -> None:
    assert WORKING_DAYS.includes(date(2060, 12, 24))
    assert not WORKING_DAYS.includes(date(2060, 12, 25))  # a Saturday


def test_work_of_some_hours_is_due_in_them_on_its_days_alone() -> None:
    work = Every(
        id="x", minutes=60, service="m:f", why="Because.", days=WORKING_DAYS, hours=(8, 18)
    )
    friday = datetime(2026, 11, 27, 17, 30, tzinfo=LONDON)
    assert work.is_due(friday)
    assert not work.is_due(friday.replace(hour=18, minute=0))
    assert not work.is_due(friday.replace(day=28))
    assert work.next_due(friday) == datetime(2026, 11, 30, 8, tzinfo=LONDON)
    assert work.rhythm == "every hour from 8:00am to 6:00pm on working days"


def test_no_two_jobs_of_the_night_do_the_same_work() -> None:
    services = [job.service for job in JOBS]
    assert len(set(services)) == len(services)
