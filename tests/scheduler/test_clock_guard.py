"""A clock is believed while all that it is held against agrees, and doubted when it jumps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock_guard import LONGEST_REST, TOLERANCE, Doubt, Reading, doubt

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOOT, OTHER_BOOT = "this start of the machine", "another"
A_SECOND = timedelta(seconds=1)

lengths = st.timedeltas(timedelta(), timedelta(days=3650))
jumps = st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000))
slips = st.timedeltas(-TOLERANCE, TOLERANCE)


def reading(
    wall: datetime = NOON, uptime: float = 1000, boot: str = BOOT, database: datetime | None = None
) -> Reading:
    return Reading(wall=wall, uptime=uptime, boot=boot, database=database)


@given(lengths, slips)
def test_time_that_passes_is_no_jump_however_long_nobody_looked(
    passed: timedelta, slip: timedelta
) -> None:
    later = reading(NOON + passed + slip * 0.99, 1000 + passed.total_seconds())
    assert doubt(later, reading()) is None


@given(lengths, jumps)
def test_a_jump_past_the_tolerance_is_found_and_measured_whenever_it_comes(
    passed: timedelta, jump: timedelta
) -> None:
    found = doubt(reading(NOON + passed + jump, 1000 + passed.total_seconds()), reading())
    if abs(jump) > TOLERANCE + A_SECOND:
        assert found is not None
        assert found.witness == "elapsed"
        assert abs(found.off - jump) < A_SECOND
    elif abs(jump) < TOLERANCE - A_SECOND:
        assert found is None


@given(lengths, jumps)
def test_a_jump_that_is_undone_leaves_nothing_to_doubt(passed: timedelta, jump: timedelta) -> None:
    trusted = reading()
    doubt(reading(NOON + passed + jump, 1000 + passed.total_seconds()), trusted)
    back = passed + timedelta(minutes=1)
    assert doubt(reading(NOON + back, 1000 + back.total_seconds()), trusted) is None


@given(st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000)))
def test_from_one_start_of_the_machine_to_another_only_what_no_rest_explains_is_doubted(
    rested: timedelta,
) -> None:
    found = doubt(reading(NOON + rested, 5, OTHER_BOOT), reading())
    assert (found is None) == (-TOLERANCE <= rested <= LONGEST_REST)
    assert found is None or found == Doubt("mark", rested)


@given(jumps, st.timedeltas(timedelta(hours=-3), timedelta(hours=3)))
def test_a_clock_that_is_not_the_databases_is_doubted_unless_that_much_was_agreed(
    off: timedelta, agreed: timedelta
) -> None:
    found = doubt(reading(NOON + off, database=NOON), None, agreed)
    assert (found is None) == (abs(off - agreed) <= TOLERANCE)


@pytest.mark.parametrize("year", [1970, 2038])
@pytest.mark.parametrize("boot", [BOOT, OTHER_BOOT])
def test_a_clock_that_lost_its_battery_is_doubted_whether_or_not_the_machine_went_off(
    year: int, boot: str
) -> None:
    assert doubt(reading(datetime(year, 1, 20, tzinfo=UTC), boot=boot), reading()) is not None


def test_a_clock_without_any_witness_is_believed() -> None:
    assert doubt(reading(), None) is None
