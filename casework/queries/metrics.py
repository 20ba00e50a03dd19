"""What machines that watch the service are told, in numbers: none of them is of one person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from casework.extensions import db
from casework.models import Alert, Case, MailPlace, Message
from casework.models.alert import UNTOLD
from casework.queries import heartbeat, job_runs, messages
from casework.queries.caseload import Day, stands
from casework.rules.deadlines import Standing


@dataclass(frozen=True, slots=True)
class Metric:
    """One number, with its name, what it means and what it is of."""

    name: str
    meaning: str
    value: float
    #: The job that it is of; empty where it is of none.
    job: str = ""


def metrics(now: datetime, when: Day) -> Iterator[Metric]:
    """Yield every number, those of one name together. Read within `casework.database.reading`."""
    yield from _of_the_heartbeat(now)
    yield from _of_jobs(now, when)
    yield from _of_messages(now)
    untold = select(func.count()).select_from(Alert).where(UNTOLD)
    yield Metric("alerts_untold", "Alerts queued and not yet told.", _number(untold))
    is_overdue = Case.ended_on.is_(None), stands(Standing.OVERDUE, when)
    overdue = select(func.count()).select_from(Case).where(*is_overdue)
    yield Metric("cases_overdue", "Open cases past a limit of the authority’s.", _number(overdue))


def _of_the_heartbeat(now: datetime) -> Iterator[Metric]:
    pulse = heartbeat.pulse()
    if pulse:
        age = (now - pulse.at).total_seconds()
        yield Metric("heartbeat_age_seconds", "Seconds since the scheduler’s newest mark.", age)
        meaning = "1 while the scheduler does nothing because its clock is doubted."
        yield Metric("clock_doubted", meaning, bool(pulse.doubt))


def _of_jobs(now: datetime, when: Day) -> Iterator[Metric]:
    lines = job_runs.lines(now, when.today)
    for one in lines:
        if one.succeeded_at:
            at = one.succeeded_at.timestamp()
            meaning = "When a job last went well, in seconds since 1970."
            yield Metric("job_last_success_timestamp_seconds", meaning, at, one.id)
    for one in lines:
        if one.took is not None:
            took = one.took.total_seconds()
            yield Metric("job_duration_seconds", "How long its newest run took.", took, one.id)
    for one in lines:
        is_failing = one.state in (job_runs.State.FAILED, job_runs.State.OVERDUE)
        yield Metric("job_failing", "1 where a job failed or is overdue.", is_failing, one.id)


def _of_messages(now: datetime) -> Iterator[Metric]:
    count = select(func.count()).select_from(Message)
    yield Metric(
        "messages_waiting", "Email that waits to be sent.", _number(count.where(messages.waiting()))
    )
    oldest = messages.waiting_since()
    age = (now - oldest).total_seconds() if oldest else 0
    yield Metric("messages_oldest_waiting_seconds", "How long the oldest of it has waited.", age)
    held = select(func.count()).select_from(MailPlace).where(MailPlace.held_at.is_not(None))
    meaning = "1 while email is held after a restore, until somebody releases it."
    yield Metric("mail_held", meaning, _number(held))
    failed = count.where(Message.failed_at.is_not(None), Message.failed_at > now - job_runs.LATELY)
    yield Metric("messages_failed", "Email that failed in the last 30 days.", _number(failed))


def _number(statement: Select[int]) -> float:
    return db.session.scalar(statement) or 0
