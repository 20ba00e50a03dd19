"""No hidden number can be worked out: by subtracting in a row or a column, nor by any means."""

from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.rules.small_numbers import Sum, hidden, worked_out
from casework.rules.suppression import SMALL


def two_way(rows: list[list[int]]) -> tuple[dict[str, int], list[Sum]]:
    """Return a table with its totals: cells "r:c", row totals "r:t", and "t:c", "t:t"."""
    wide, high = len(rows[0]), len(rows)
    full = [[*row, sum(row)] for row in rows]
    full.append([sum(row[at] for row in full) for at in range(wide + 1)])
    names = [
        [f"{'t' if r == high else r}:{'t' if c == wide else c}" for c in range(wide + 1)]
        for r in range(high + 1)
    ]
    numbers = {names[r][c]: full[r][c] for r, c in product(range(high + 1), range(wide + 1))}
    across = [Sum(row[-1], tuple(row[:-1])) for row in names]
    down = [Sum(column[-1], tuple(column[:-1])) for column in zip(*names, strict=True)]
    return numbers, across + down


tables = st.integers(2, 4).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 25), min_size=wide, max_size=wide), min_size=2, max_size=5
    )
)


@given(tables)
def test_no_hidden_number_is_found_by_subtracting_in_a_row_or_a_column(
    rows: list[list[int]],
) -> None:
    numbers, sums = two_way(rows)
    unknown = set(hidden(numbers, sums))
    assert {cell for cell, number in numbers.items() if number in SMALL} <= unknown
    while True:
        alone = [
            left[0] for one in sums if len(left := [c for c in one.cells if c in unknown]) == 1
        ]
        if not alone:
            break
        unknown -= set(alone)
    assert not [cell for cell in numbers if numbers[cell] in SMALL and cell not in unknown]


@given(tables)
def test_nought_is_shown_since_it_is_nobody(rows: list[list[int]]) -> None:
    numbers, sums = two_way(rows)
    assert all(numbers[cell] for cell in hidden(numbers, sums))


@cache
def every_small_table() -> list[dict[str, int]]:
    """Return every table of two by two with numbers up to 11, and its totals."""
    flat = product(range(12), repeat=4)
    return [two_way([[a, b], [c, d]])[0] for a, b, c, d in flat]


@given(st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2))
@settings(max_examples=30)
def test_a_hidden_small_number_could_always_be_another(rows: list[list[int]]) -> None:
    """Every table that an outsider could think of is tried: what is hidden is not nought."""
    numbers, sums = two_way(rows)
    kept = hidden(numbers, sums)
    could_be: dict[str, set[int]] = {cell: set() for cell in kept}
    for other in every_small_table():
        fits = all(
            other[cell] >= 1 if cell in kept else other[cell] == numbers[cell] for cell in numbers
        )
        if fits:
            for cell in kept:
                could_be[cell].add(other[cell])
    for cell in kept:
        if numbers[cell] in SMALL:
            assert len(could_be[cell]) > 1, (rows, sorted(kept))


def test_a_table_with_one_small_number_hides_three_more_for_its_sake() -> None:
    numbers, sums = two_way([[3, 20], [30, 40]])
    assert hidden(numbers, sums) == {"0:0", "0:1", "1:0", "1:1"}


def test_what_nobody_prints_is_kept_from_being_worked_out_as_well() -> None:
    numbers = {"due": 20, "back": 18, "not_back": 2}
    sums = [Sum("due", ("back", "not_back"))]
    assert hidden(numbers, sums, {"not_back"}) == {"back"}
    enough = {"due": 20, "back": 10, "not_back": 10}
    assert hidden(enough, sums, {"not_back"}) == frozenset()


def test_two_hidden_together_are_not_forced_to_one_each() -> None:
    numbers = {"a": 1, "b": 1, "c": 30, "total": 32}
    assert hidden(numbers, [Sum("total", ("a", "b", "c"))]) == {"a", "b", "c"}


def test_an_elimination_finds_what_no_single_sum_gives_away() -> None:
    sums = [Sum("t", ("a", "b")), Sum("u", ("b", "c")), Sum("v", ("a", "c"))]
    assert worked_out(sums, {"a", "b", "c"}) == {"a", "b", "c"}
    assert worked_out(sums[:2], {"a", "b", "c"}) == frozenset()
