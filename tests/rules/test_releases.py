"""Until when a request for a release is answered, and how it stands."""

from datetime import date

from casework.holidays import england_and_wales
from casework.rules.releases import Stands, answer_by, stands

FRI_18_DEC = date(2026, 12, 18)


def test_five_working_days_skip_weekends_and_bank_holidays() -> None:
    # 21, 22, 23, 24 December; the 25th and the 28th are bank holidays; the 29th is the fifth.
    assert answer_by(FRI_18_DEC, england_and_wales(), 5) == date(2026, 12, 29)


def on(day: date, *, granted: bool | None = None, until: date | None = None) -> Stands:
    return stands(is_granted=granted, until_day=until, last_day=date(2026, 12, 29), today=day)


def test_a_request_waits_until_its_last_day_and_is_then_refused_by_default() -> None:
    assert on(date(2026, 12, 29)) is Stands.WAITING
    assert on(date(2026, 12, 30)) is Stands.UNANSWERED


def test_a_release_ends_by_itself() -> None:
    assert on(date(2027, 1, 20), granted=True, until=date(2027, 1, 20)) is Stands.OPEN
    assert on(date(2027, 1, 21), granted=True, until=date(2027, 1, 20)) is Stands.ENDED
    assert on(date(2027, 1, 21), granted=False) is Stands.REFUSED
