"""What an entry would move, shown before it is saved."""

from datetime import date

from casework.rules.clocks import Clock, clocks
from casework.rules.effects import moved
from casework.rules.history import Happened
from casework.rules.workdays import WorkingDays

CALENDAR = WorkingDays(holidays=frozenset(), first=date(2014, 1, 1), last=date(2030, 12, 31))
ASKED = Happened(id=1, kind="request_received", on=date(2026, 9, 7))
ASKED_LATER = Happened(id=1, kind="request_received", on=date(2026, 9, 14))


def counted(*events: Happened) -> list[Clock]:
    return clocks(kind="request", detained=False, advisers={}, events=events, calendar=CALENDAR)


def test_nothing_moves_where_nothing_changes() -> None:
    assert moved(counted(ASKED), counted(ASKED)) == []


def test_a_later_request_moves_every_limit_that_it_starts() -> None:
    before, after = counted(ASKED), counted(ASKED_LATER)
    pairs = moved(before, after)
    assert len(pairs) == len(before)
    assert all(p.before and p.after and p.before.due.on < p.after.due.on for p in pairs)


def test_a_notice_moves_only_the_limit_that_it_meets() -> None:
    told = Happened(id=2, kind="told_will_assess", on=date(2026, 10, 1))
    (pair,) = moved(counted(ASKED), counted(ASKED, told))
    assert pair.either.duty.id == "assess_decision_6w"
    assert pair.after
    assert pair.after.met_on == date(2026, 10, 1)


def test_a_limit_that_starts_or_goes_is_told_with_one_side_empty() -> None:
    drafted = Happened(id=2, kind="draft_served", on=date(2026, 10, 1))
    started = {p.either.duty.id: p for p in moved(counted(ASKED), counted(ASKED, drafted))}
    gone = {p.either.duty.id: p for p in moved(counted(ASKED, drafted), counted(ASKED))}
    assert started["reps_15d_min"].before is None
    assert gone["reps_15d_min"].after is None
