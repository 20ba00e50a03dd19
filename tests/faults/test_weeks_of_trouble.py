"""Five weeks of an authority's mornings with everything going wrong: what was due was told, once.

The mail server is away, refuses, puts off and hangs up; the scheduler is dead for days; cases
change hands, people are away, limits are met. Who is owed what is worked out here once more, from
the facts of each case by the pure rules, and held against what the mail server was given. All is
invented.
"""

import random
import re
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework import clock
from casework.config import Settings
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Absence, Alert, Case, Message, Team, User
from casework.queries import history
from casework.rules.alerts import ALERTED, RUNGS
from casework.rules.clocks import clocks
from casework.rules.history import standing_events
from casework.services import cases, digests, outbox
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from casework.services.sweep import sweep
from tests.factories import log, make_case, make_user
from tests.fixtures.ledger import assert_reconciled
from tests.fixtures.mail import Post, with_mail

#: A Monday, after which Easter falls, and the change of the clocks.
FIRST = date(2026, 3, 9)
DAYS = 35
DAY = timedelta(days=1)
#: Days of the run, counted from 0, on which no scheduler is at work.
DEAD = {4, *range(16, 25)}
#: Days on which the mail server puts everybody off, closes down, or takes a text without a word.
PUT_OFF, CLOSING, HANGS_UP = {7, 8}, {9, 10, 28}, {1, 2, 14}
#: Somebody whose address is refused for good.
REFUSED = "refused@example.org"
REFERENCE = re.compile(r"EHC-\d+")


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it seven in the morning of the fixed day, and a second later at each look."""
    looks = iter(range(10**9))

    def now() -> datetime:
        # So that email that was put off comes due on a later day, and not in a real hour.
        passed = timedelta(seconds=next(looks))
        return datetime.combine(clock.today(), time(7), UTC) + passed

    monkeypatch.setattr(clock, "now", now)


class Authority:
    """An invented authority: two teams, their people and their cases, and what happens to them."""

    def __init__(self, post: Post) -> None:
        self.post, self.lots = post, random.Random(20140901)
        north, south = Team(name="North"), Team(name="South")
        db.session.add_all([north, south])
        db.session.commit()
        self.officers = [
            self._person("north1", team_id=north.id),
            self._person("north2", team_id=north.id),
            self._person("south1", team_id=south.id),
            self._person("refused", team_id=south.id),
        ]
        self.managers = [
            self._person("of-north", "manager", team_id=north.id),
            self._person("of-all", "manager"),
        ]
        self.cases = [self._case(n) for n in range(12)]
        self.answers = {REFUSED: "550 5.1.1 no such mailbox"}
        self.addresses = list(db.session.scalars(select(User.email)))

    def _person(self, name: str, role: str = "case-officer", **details: int) -> int:
        email = f"{name}@example.org"
        return int(make_user(role, name=name.title(), email=email, **details).id)

    def _case(self, n: int) -> int:
        started = FIRST - timedelta(days=40) + timedelta(days=3 * n)
        officer = self.officers[n % 5] if n % 5 < 4 else None  # some belong to nobody yet
        made = make_case(started, today=max(FIRST, started), officer_id=officer)
        return int(made.id)

    def someone_is_away(self) -> None:
        """North's first officer is away for two weeks of the run, and the second stands in."""
        away = Absence(
            user_id=self.officers[0],
            cover_id=self.officers[1],
            from_day=FIRST + 5 * DAY,
            until_day=FIRST + 19 * DAY,
            entered_at=clock.now(),
        )
        db.session.add(away)
        db.session.commit()

    def live_through(self, today: date) -> None:
        """Let what may happen on a day happen."""
        for number in self.cases:
            one = db.session.get_one(Case, number)
            if self.lots.random() < 0.05 and one.ended_on is None and one.started_on:
                self._step(one, today)
            if self.lots.random() < 0.03 and one.ended_on is None:
                self._hand_over(one, today)

    def _step(self, one: Case, today: date) -> None:
        kind = "told_will_assess" if one.stage == "received" else "no_plan_notice_sent"
        if one.started_on and one.started_on < today:
            log(one, NewEvent(kind=kind, on=today), today=today)

    def _hand_over(self, one: Case, today: date) -> None:
        others = [number for number in self.officers if number != one.officer_id]
        cases.hand_over(
            actor=COMMAND_LINE,
            today=today,
            case_id=one.id,
            officer_id=self.lots.choice(others),
        )

    def reader_of(self, number: int, today: date) -> int:
        """Return who is told in the place of a person on a day."""
        is_away = FIRST + 5 * DAY <= today <= FIRST + 19 * DAY
        return self.officers[1] if number == self.officers[0] and is_away else number

    def readers(self, one: Case, today: date) -> set[int]:
        """Return who must be told of a case: the officer, the managers, whoever stands in."""
        told = {self.managers[1]}
        if one.officer_id is not None:
            told |= {one.officer_id}
            told |= {self.managers[0]} if one.officer_id in self.officers[:2] else set()
        return {self.reader_of(number, today) for number in told}

    def past_their_day(self, today: date) -> dict[int, set[str]]:
        """Return the limits past their day on a day, by case, from the facts and the pure rules."""
        entered = history.entered(self.cases)
        found: dict[int, set[str]] = {}
        for number in self.cases:
            one = db.session.get_one(Case, number)
            running = clocks(
                kind=one.kind,
                detained=False,
                advisers=entered[number].advisers,
                events=standing_events(entered[number].events),
                calendar=england_and_wales(),
            )
            found[number] = {
                of_it.duty.id
                for of_it in running
                if of_it.is_owed and of_it.key == "case" and of_it.due.on < today
            } & set(ALERTED)
        return found


def morning(authority: Authority, n: int, today: date) -> None:
    """Do a morning's work, as the scheduler does it, with the mail server in that day's mood."""
    post = authority.post
    post.to_recipient = dict(authority.answers)
    if n in PUT_OFF:
        post.to_recipient = dict.fromkeys(authority.addresses, "451 4.7.1 try later")
    post.to_sender = "421 closing" if n in CLOSING else ""
    post.hangs_up = n in HANGS_UP
    for _ in range(authority.lots.choice((1, 2))):  # a run that was killed begins again
        sweep(today)
        digests.send_due(today)
    outbox.send_waiting()
    post.hangs_up = False


def assert_the_overdue_is_told(authority: Authority, today: date) -> None:
    """Fail where somebody was not told that a limit is past its day."""
    past = [key for key, rung in RUNGS.items() if rung.order >= RUNGS["breached"].order]
    rows = select(Alert.case_id, Alert.duty, Alert.reader_id).where(
        Alert.message_id.is_not(None), Alert.rung.in_(past)
    )
    told = {tuple(row) for row in db.session.execute(rows)}
    for number, duties in authority.past_their_day(today).items():
        one = db.session.get_one(Case, number)
        for reader in authority.readers(one, today):
            for duty in duties:
                assert (number, duty, reader) in told, f"{one.reference} {duty} to {reader}"


def assert_nobody_is_told_of_others(authority: Authority, today: date, before: int) -> None:
    """Fail where an email of this day names a case that its reader does not answer for."""
    written = db.session.scalars(select(Message).where(Message.id > before)).all()
    for message in written:
        for reference in set(REFERENCE.findall(message.body + (message.html or ""))):
            one = db.session.scalars(select(Case).where(Case.reference == reference)).one()
            assert message.to_user_id in authority.readers(one, today), (message.about, reference)


def test_after_weeks_of_trouble_everything_due_was_told_once(
    app: Flask, post: Post, hour: None
) -> None:
    with app.app_context():
        clock.set_today(FIRST)
        authority = Authority(post)
        authority.someone_is_away()
        calendar = england_and_wales()
        for n in range(DAYS):
            today = FIRST + n * DAY
            clock.set_today(today)
            authority.live_through(today)
            if n in DEAD:
                continue
            before = db.session.scalar(select(Message.id).order_by(Message.id.desc())) or 0
            db.session.rollback()
            morning(authority, n, today)
            if calendar.is_working_day(today):
                assert_the_overdue_is_told(authority, today)
            assert_nobody_is_told_of_others(authority, today, before)
            db.session.rollback()
        settle(authority)
        assert_each_alert_is_accounted_for()
        assert_one_digest_a_morning()
        lines = assert_reconciled(post)
        assert any(line.is_marked for line in lines), "no answer was ever lost: nothing was tried"
        assert {line.to for line in lines if line.is_failed} == {REFUSED}


def settle(authority: Authority) -> None:
    """Let two quiet days pass with a mail server that is well."""
    for n in (DAYS, DAYS + 1):
        clock.set_today(FIRST + n * DAY)
        morning(authority, n, FIRST + n * DAY)
        outbox.send_waiting()


def assert_each_alert_is_accounted_for() -> None:
    """Fail where an alert was neither told nor dropped, or was told in nothing that was sent."""
    for alert in db.session.scalars(select(Alert)):
        assert alert.message or alert.dropped_because, (alert.case_id, alert.rung)
        if alert.message:
            assert alert.message.to_user_id == alert.reader_id
            assert alert.message.sent_at or alert.message.failed_at
    db.session.rollback()


def assert_one_digest_a_morning() -> None:
    """Fail where somebody got two digests on a day, or one on a day that is no working day."""
    found: dict[tuple[str, int | None], int] = defaultdict(int)
    calendar = england_and_wales()
    for message in db.session.scalars(select(Message).where(Message.about.like("digest of %"))):
        found[message.about, message.to_user_id] += 1
        assert calendar.is_working_day(date.fromisoformat(message.about.removeprefix("digest of ")))
    assert found
    assert set(found.values()) == {1}
    db.session.rollback()
