"""The estimate of Kaplan and Meier, against published figures and against plain counting."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.survival import Spell, estimate

#: Weeks in remission of 21 leukaemia patients given 6-mercaptopurine, and of 21 given a placebo
#: (Freireich and others, Blood 21, 1963; Gehan, Biometrika 52, 1965). A plus: still in remission.
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
#: As tables of survival analysis give the share left after each time.
SIX_MP_LEFT = [
    *((6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627)),
    *((22, 0.538), (23, 0.448)),
]
PLACEBO_LEFT = [
    *((1, 0.905), (2, 0.810), (3, 0.762), (4, 0.667), (5, 0.571), (8, 0.381)),
    *((11, 0.286), (12, 0.190), (15, 0.143), (17, 0.095), (22, 0.048), (23, 0.0)),
]

spells = st.lists(st.builds(Spell, st.integers(0, 60), st.booleans()), min_size=1, max_size=60)


def read(words: str) -> list[Spell]:
    return [Spell(int(word.rstrip("+")), not word.endswith("+")) for word in words.split()]


@pytest.mark.parametrize(
    ("words", "left", "median"), [(SIX_MP, SIX_MP_LEFT, 23), (PLACEBO, PLACEBO_LEFT, 8)]
)
def test_the_published_remissions_come_out(
    words: str, left: Sequence[tuple[int, float]], median: int
) -> None:
    curve = estimate(read(words))
    assert [(day, round(share, 3)) for day, share in curve.points] == left
    assert curve.done_by(0.5) == median
    assert curve.begun == 21


def test_of_what_was_never_all_done_no_day_is_given_for_the_whole() -> None:
    curve = estimate(read(SIX_MP))
    assert curve.done_by(0.9) is None
    assert (curve.done, curve.longest) == (9, 35)


def test_what_has_lasted_a_while_is_told_from_those_that_lasted_as_long() -> None:
    curve = estimate(read(SIX_MP))
    ahead = curve.still_to_go(10)
    # After 10 weeks 0.753 were left, after 13 weeks 0.690.
    assert ahead[:3] == pytest.approx([0, 0, 0])
    assert ahead[3] == pytest.approx(1 - 0.6902 / 0.7529, abs=1e-3)
    assert len(ahead) == 35 - 10 + 1
    assert ahead[-1] == 1.0


def test_what_has_lasted_longer_than_any_is_known_to_be_beyond() -> None:
    curve = estimate(read(PLACEBO))
    assert curve.is_beyond(23, fewest=1)
    assert not curve.is_beyond(22, fewest=1)
    assert curve.is_beyond(17, fewest=3)  # two of 21 lasted longer
    assert curve.still_to_go(40) == [1.0]


def test_without_anything_that_began_there_is_no_curve() -> None:
    with pytest.raises(ValueError, match="needs spells"):
        estimate([])


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_where_all_are_done_it_is_the_share_counted(days: list[int]) -> None:
    curve = estimate(Spell(day, True) for day in days)
    for day in range(62):
        longer = sum(one > day for one in days)
        assert curve.left_after(day) == pytest.approx(longer / len(days))


@given(spells)
def test_a_curve_only_falls_and_what_is_ahead_only_rises_to_the_whole(given: list[Spell]) -> None:
    curve = estimate(given)
    shares = [curve.left_after(day) for day in range(-1, 62)]
    assert shares[0] == 1.0
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    for elapsed in range(curve.longest + 2):
        ahead = list(curve.still_to_go(elapsed))
        assert ahead == sorted(ahead)
        assert ahead[-1] == 1.0


@given(spells, st.integers(0, 60))
def test_the_share_ahead_is_what_is_left_then_of_what_is_left_now(
    given: list[Spell], elapsed: int
) -> None:
    curve = estimate(given)
    for more, share in enumerate(list(curve.still_to_go(elapsed))[:-1]):
        left = curve.left_after(elapsed) * (1 - share)
        assert left == pytest.approx(curve.left_after(elapsed + more))


@given(spells)
def test_saying_that_some_are_not_over_never_makes_it_look_quicker(given: list[Spell]) -> None:
    curve, hasty = estimate(given), estimate(Spell(one.days, True) for one in given)
    assert all(curve.left_after(day) >= hasty.left_after(day) - 1e-9 for day in range(62))
