"""How much advice is drawn, of which month, and what its scores come to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.models import AdviceScore
from casework.rules.figures import Rate
from casework.rules.sampling import (
    QUESTIONS,
    is_over,
    is_own,
    month_before,
    month_of,
    next_month,
    shares,
    to_draw,
)

GOOD = dict.fromkeys(QUESTIONS, "yes")


@given(st.integers(0, 50), st.integers(0, 60), st.integers(0, 60))
def test_a_draw_tops_up_and_never_draws_more_than_there_is(
    wanted: int, drawn: int, left: int
) -> None:
    many = to_draw(wanted, drawn, left)
    assert 0 <= many <= left
    assert drawn + many == max(drawn, min(wanted, drawn + left))


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_months_follow_one_another(day: date) -> None:
    month = month_of(day)
    assert month <= day < next_month(month)
    assert month_before(next_month(month)) == month
    assert month_of(next_month(month) - timedelta(days=1)) == month


def test_a_month_is_over_on_the_first_day_of_the_next() -> None:
    assert not is_over(date(2026, 12, 1), date(2026, 12, 31))
    assert is_over(date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize(("user", "own"), [(1, True), (2, True), (3, False), (None, True)])
def test_whoever_wrote_it_or_brought_it_in_is_its_own_and_so_is_nobody(
    user: int | None, own: bool
) -> None:
    assert is_own(user, (1, 2)) is own


def test_only_a_yes_without_reserve_counts() -> None:
    found = shares([GOOD, GOOD | {"child_voice": "partly"}, GOOD | {"outcomes_smart": "no"}])
    assert found == {
        "needs_found": Rate(3, 3),
        "outcomes_smart": Rate(2, 3),
        "provision_specific": Rate(3, 3),
        "child_voice": Rate(2, 3),
    }
    assert found["child_voice"].percent == 66.7
    assert shares([])["child_voice"].percent is None


def test_every_question_has_its_column() -> None:
    assert set(QUESTIONS) <= set(AdviceScore.__table__.columns.keys())
