"""What of a month's report leaves the team: nothing small, and nothing that gives it away."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.rules.contribution_report import (
    COLUMNS,
    CRITERIA,
    differences,
    month,
    table,
    to_leave,
)
from casework.rules.contributions import Line, Tally
from casework.rules.figures import percent
from casework.rules.small_numbers import worked_out
from casework.rules.suppression import SMALL


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    """Return the numbers of a service as they can be."""
    some = st.integers(0, 14)
    on_time_nil, late_nil, on_time_advice, late_advice = (draw(some) for _ in range(4))
    outstanding, stopped = draw(some), draw(some)
    nil = on_time_nil + late_nil
    known = draw(st.integers(0, nil))
    due = nil + on_time_advice + late_advice + outstanding + stopped
    return {
        "asked": draw(st.integers(0, 30)),
        "fell_due": due,
        "on_time": on_time_nil + on_time_advice,
        "late": late_nil + late_advice,
        "outstanding": outstanding,
        "stopped": stopped,
        "not_known": known,
        "no_advice_needed": nil - known,
        "sent_back": draw(st.integers(0, due)),
        "asked_late": draw(st.integers(0, due)),
        "with_advice": due - nil,
        "on_time_with_advice": on_time_advice,
    }


def whole(numbers: list[dict[str, int]], counts: list[int], marks: list[int]) -> dict[str, Any]:
    """Return the figures of a month from its services' numbers."""
    total = {name: sum(one[name] for one in numbers) for name in COLUMNS}
    quality = {name: dict(zip(("yes", "partly", "no"), marks, strict=True)) for name in CRITERIA}
    return {
        "services": [line(f"Service {at}", one) for at, one in enumerate(numbers)],
        "total": line("All services", total),
        "causes": [{"words": str(at), "count": n, "weeks": n / 2} for at, n in enumerate(counts)],
        "plans": {"issued": 20, "any": 12, "asked": 14, "every": 8},
        "trend": [{"month": "May 2026", "percent": 50.0, "leaves": False}],
        "quality": quality | {"scored": sum(marks)},
    }


def line(name: str, numbers: dict[str, int]) -> dict[str, Any]:
    """Return a line as the report holds it."""
    return {
        "name": name,
        "provider": "Trust",
        "numbers": numbers,
        "percent": percent(numbers["on_time"], numbers["fell_due"]),
        "percent_without_nil": percent(numbers["on_time_with_advice"], numbers["with_advice"]),
        "median": 30.0,
        "longest": 90,
    }


months = st.builds(
    whole,
    st.lists(lines(), min_size=1, max_size=5),
    st.lists(st.integers(0, 12), min_size=5, max_size=5),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
)


@given(months)
@settings(max_examples=40)
def test_no_small_number_leaves_nor_can_be_worked_out_from_what_does(
    figures: dict[str, Any],
) -> None:
    left = to_leave(figures)
    cells, sums, implied = table(figures)
    shown = set()
    rows = [*enumerate(left["services"]), ("total", left["total"])]
    for row, one in rows:
        shown |= {f"{row}:{name}" for name, n in one["numbers"].items() if n is not None}
        numbers = one["numbers"]
        if one["percent"] is not None:
            assert numbers["on_time"] is not None
            assert numbers["fell_due"] is not None
        if one["percent_without_nil"] is not None:
            assert numbers["on_time_with_advice"] is not None
    shown |= {f"cause:{at}" for at, one in enumerate(left["causes"]) if one["count"] is not None}
    shown |= {f"plans:{name}" for name, n in left["plans"].items() if n is not None}
    for name in CRITERIA:
        marks = left["quality"][name]
        shown |= {f"quality:{name}:{mark}" for mark, n in marks.items() if n is not None}
        if left["quality"]["scored"] is not None:
            shown.add(f"quality:{name}:scored")
    assert not [cell for cell in shown if cells[cell] in SMALL]
    known = worked_out(sums, cells.keys() - shown)
    assert not [cell for cell in known if cells[cell] in SMALL]
    assert left["trend"] == [{"month": "May 2026", "percent": None, "leaves": False}]
    assert {f"{row}:{name}" for row, _ in rows for name in COLUMNS} <= cells.keys() - implied


@given(st.lists(lines(), min_size=1, max_size=5))
@settings(max_examples=40)
def test_a_months_percentage_leaves_only_where_its_own_report_shows_it(
    numbers: list[dict[str, int]],
) -> None:
    tallies = [
        Line(
            key=str(at),
            name=f"Service {at}",
            provider_key="none",
            provider=None,
            tally=Tally(**{name: one[name] for name in COLUMNS if name != "with_advice"}),
        )
        for at, one in enumerate(numbers)
    ]
    total = to_leave(whole(numbers, [0] * 5, [0] * 3))["total"]
    found = month("May 2026", tallies)
    assert found["leaves"] is (
        total["numbers"]["on_time"] is not None and total["numbers"]["fell_due"] is not None
    )
    assert month("May 2026", tallies, has_left=False)["leaves"] is False


def test_large_numbers_leave_as_they_are() -> None:
    big = dict.fromkeys(COLUMNS, 0) | {"asked": 40, "fell_due": 60, "on_time": 40, "late": 20}
    big |= {"with_advice": 60, "on_time_with_advice": 40, "sent_back": 10, "asked_late": 20}
    figures = whole([big, dict(big)], [20, 20, 0, 0, 0], [9, 9, 9]) | {"trend": []}
    assert to_leave(figures) == figures


def test_a_number_that_was_put_right_since_is_named_with_what_it_was() -> None:
    before = whole([dict.fromkeys(COLUMNS, 10)], [0] * 5, [0, 0, 0])
    after = whole([dict.fromkeys(COLUMNS, 10) | {"late": 11}], [0] * 5, [0, 0, 0])
    assert differences(before, before) == []
    assert differences(before, after) == [
        ("Service 0", "late", 10, 11),
        ("All services", "late", 10, 11),
    ]
