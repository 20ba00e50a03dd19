"""The table of the night's work."""

import inspect
from datetime import UTC, date, datetime, time, timedelta

import pytest

from casework.rules.civil_dates import LONDON
from scheduler import running
from scheduler.__main__ import timetable
from scheduler.jobs import EVERY, JOBS, Every, Job
from scheduler.lock import FileLock


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
        Job("x", at, "casework.services.calendar:check_horizon", "Because.")


def test_a_job_is_due_for_yesterday_until_its_time_today() -> None:
    job = Job("x", time(2, 30), "m:f", "Because.")
    monday = date(2026, 11, 23)
    assert job.last_due(datetime(2026, 11, 23, 2, 29, tzinfo=LONDON)) == monday - timedelta(days=1)
    assert job.last_due(datetime(2026, 11, 23, 2, 30, tzinfo=LONDON)) == monday


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.id)
def test_a_job_fires_once_a_day_when_the_clocks_change(
    job: Job, change: date, tmp_path: object
) -> None:
    keeper = timetable(None, FileLock(tmp_path / "lock"))  # type: ignore[arg-type, operator]
    trigger = next(j.trigger for j in keeper.get_jobs() if j.id == job.id)
    start = datetime.combine(change - timedelta(days=1), time(0), LONDON).astimezone(UTC)
    minutes = (start + timedelta(minutes=m) for m in range(72 * 60))
    fired, last = [], None
    for now in minutes:
        due = trigger.get_next_fire_time(last, last or start)
        if due and due.astimezone(UTC) <= now:
            fired.append(due.astimezone(LONDON))
            last = due
    assert [f.date() for f in fired] == [change + timedelta(days=d) for d in (-1, 0, 1)]
    assert {f.time() for f in fired} == {job.at}


@pytest.mark.parametrize("work", EVERY, ids=lambda work: work.id)
def test_work_of_every_few_minutes_keeps_its_pace_when_the_clocks_change(work: Every) -> None:
    trigger = next(j.trigger for j in timetable(None, None).get_jobs() if j.id == work.id)  # type: ignore[arg-type]
    fired = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for _ in range(90 // work.minutes):
        following = trigger.get_next_fire_time(fired, fired)
        assert following.astimezone(UTC) - fired == timedelta(minutes=work.minutes)
        fired = following.astimezone(UTC)


def test_nothing_set_for_a_time_of_day_fires_in_the_hour_that_comes_twice() -> None:
    noon_before = datetime(2026, 10, 24, 12, tzinfo=LONDON)
    all_day = {work.id for work in EVERY}
    for job in timetable(None, None).get_jobs():  # type: ignore[arg-type]
        if job.id in all_day:
            continue
        fired, end = noon_before, noon_before + timedelta(days=2)
        while fired < end:
            fired = job.trigger.get_next_fire_time(fired, fired + timedelta(seconds=1))
            local = fired.astimezone(LONDON).time()
            assert not time(0, 59) <= local <= time(2, 1), f"{job.id} at {local}"


def test_a_late_job_still_runs_and_a_pile_of_them_runs_once() -> None:
    keeper = timetable(None, None)  # type: ignore[arg-type]
    defaults = keeper._job_defaults
    assert defaults == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    assert str(keeper.timezone) == "Europe/London"
