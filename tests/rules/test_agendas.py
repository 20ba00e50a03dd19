"""What the law's clock asks of a meeting, and how its cases are put in order."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from casework.rules.agendas import (
    Need,
    Sittings,
    Typed,
    among_hidden,
    arranged,
    in_time_before,
    law_key,
    moved,
    need,
    suggested,
)

TODAY, HERE, NEXT = date(2026, 11, 23), date(2026, 11, 25), date(2026, 12, 2)
SITTINGS = Sittings(today=TODAY, here=HERE, next=NEXT)


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        (None, Need.CAN_WAIT),
        (TODAY - timedelta(1), Need.OVERDUE),
        (TODAY, Need.TOO_LATE),
        (HERE - timedelta(1), Need.TOO_LATE),
        (HERE, Need.MUST_DECIDE),
        (NEXT - timedelta(1), Need.MUST_DECIDE),
        (NEXT, Need.CAN_WAIT),
    ],
)
def test_what_a_case_needs_follows_from_its_last_day(last_day: date, expected: Need) -> None:
    assert need(last_day, SITTINGS) is expected


def test_with_no_later_meeting_every_case_with_a_limit_must_be_decided() -> None:
    alone = Sittings(today=TODAY, here=HERE, next=None)
    assert need(date(2027, 6, 1), alone) is Need.MUST_DECIDE


def test_an_earlier_meeting_helps_only_when_it_is_in_time() -> None:
    sooner = Sittings(today=TODAY, here=NEXT, next=None, earlier=HERE)
    assert in_time_before(HERE, sooner) == HERE
    assert in_time_before(HERE - timedelta(1), sooner) is None
    assert in_time_before(None, sooner) is None


@dataclass
class Case:
    name: str
    need: Need
    is_ready: bool


def names(waiting: list[Case], minutes_left: int) -> list[str]:
    return [one.name for one in suggested(waiting, minutes_left, 10)]


def test_all_that_must_be_decided_is_suggested_and_of_the_others_what_fits() -> None:
    waiting = [
        Case("late", Need.TOO_LATE, is_ready=True),
        Case("over", Need.OVERDUE, is_ready=True),
        Case("over, no advice", Need.OVERDUE, is_ready=False),
        Case("must", Need.MUST_DECIDE, is_ready=True),
        Case("must, no advice", Need.MUST_DECIDE, is_ready=False),
        Case("first", Need.CAN_WAIT, is_ready=True),
        Case("no advice", Need.CAN_WAIT, is_ready=False),
        Case("second", Need.CAN_WAIT, is_ready=True),
    ]
    assert names(waiting, 40) == ["over", "must", "must, no advice", "first"]
    assert names(waiting, 0) == ["must", "must, no advice"]
    assert names(waiting, 1000) == ["over", "must", "must, no advice", "first", "second"]


def test_a_typed_place_puts_an_item_before_or_after_the_one_that_has_it() -> None:
    held = {key: Typed(n, n) for n, key in enumerate((11, 12, 13, 14), start=1)}
    assert arranged(held) == [11, 12, 13, 14]
    assert arranged(held | {14: Typed(4, 2)}) == [11, 14, 12, 13]
    assert arranged(held | {11: Typed(1, 3)}) == [12, 13, 11, 14]
    assert arranged(held | {11: Typed(1, 99), 14: Typed(4, 1)}) == [14, 12, 13, 11]


def test_an_item_moves_by_one_and_no_further_than_the_ends() -> None:
    assert moved([1, 2, 3], 3, -1) == [1, 3, 2]
    assert moved([1, 2, 3], 1, 1) == [2, 1, 3]
    assert moved([1, 2, 3], 1, -1) == [1, 2, 3]
    assert moved([1, 2, 3], 3, 1) == [1, 2, 3]


def test_what_is_hidden_stays_where_it_was() -> None:
    assert among_hidden([3, 1], [1, 2, 3]) == [3, 2, 1]
    assert among_hidden([], [1, 2]) == [1, 2]


def test_the_law_s_order_is_the_day_then_the_lifted_then_the_rest() -> None:
    days = [(None, False), (TODAY, True), (NEXT, False), (HERE, False)]
    ordered = sorted(days, key=lambda one: law_key(one[0], is_lifted=one[1]))
    assert ordered == [(HERE, False), (NEXT, False), (TODAY, True), (None, False)]
