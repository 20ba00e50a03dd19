"""The monthly report on an agency's advice: its figures, and what of them may leave the team.

Figures are kept as JSON: {"services": [line …], "total": line, "plans", "causes", "trend",
"quality"}, where a line is {"name", "provider", "numbers", "percent", …}. What leaves the team has
the same shape with None for every number that is hidden.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from casework.rules.contributions import Line, Lost, Tally, together
from casework.rules.figures import JsonObject
from casework.rules.small_numbers import Sum, hidden
from casework.rules.suppression import SMALL

#: The numbers of a line, by the keys of casework.rules.contributions.COLUMNS where it has them.
COLUMNS: Final = (
    *("asked", "fell_due", "on_time", "late", "outstanding", "stopped", "not_known"),
    *("no_advice_needed", "sent_back", "asked_late", "with_advice", "on_time_with_advice"),
)
#: Of each line: what it comes to, and of which numbers. A name that is no column is implied.
_WITHIN: Final = (
    ("fell_due", ("on_time", "late", "outstanding", "stopped")),
    ("fell_due", ("on_time", "not_on_time")),
    ("fell_due", ("not_known", "no_advice_needed", "with_advice")),
    ("fell_due", ("sent_back", "not_sent_back")),
    ("fell_due", ("asked_late", "not_asked_late")),
    ("with_advice", ("on_time_with_advice", "late_with_advice")),
    ("on_time", ("on_time_with_advice", "on_time_nil")),
)
_TOTAL: Final = "total"
CRITERIA: Final = ("needs_found", "outcomes_smart", "provision_specific", "child_voice")


def line(found: Line | None, tally: Tally) -> JsonObject:
    """Return a service's line of the report, or with no service the line of the total."""
    numbers = {name: getattr(tally, name) for name in COLUMNS}
    return {
        "name": found.name if found else "All services",
        "provider": found.provider if found else None,
        "numbers": numbers,
        "percent": tally.rate.percent,
        "percent_without_nil": tally.rate_without_nil.percent,
        "median": tally.median_days,
        "longest": tally.longest,
    }


def causes(found: Sequence[Lost]) -> list[JsonObject]:
    """Return whose delay it was, a line each."""
    return [{"words": s.words, "count": s.count, "weeks": s.weeks} for s in found]


def month(name: str, tallies: Sequence[Line], *, has_left: bool = True) -> JsonObject:
    """Return a month's percentage on time, and whether it may leave the team.

    It may where that month's own report shows it; `has_left` is False where one that was issued
    does not: its total beside this percentage would give the number away.
    """
    total = together(one.tally for one in tallies)
    lines = [line(one, one.tally) for one in tallies]
    cells, sums, implied = _table(lines, line(None, total))
    kept = hidden(cells, sums, implied)
    is_hidden = bool({"total:on_time", "total:fell_due"} & kept)
    return {"month": name, "percent": total.rate.percent, "leaves": has_left and not is_hidden}


def to_leave(figures: JsonObject) -> JsonObject:
    """Return the figures as they may leave the team: None for every number that is hidden."""
    cells, sums, implied = table(figures)
    kept = hidden(cells, sums, implied)
    lines = [_left(one, f"{at}", kept) for at, one in enumerate(figures["services"])]
    causes_ = [
        dict(one, count=None, weeks=None) if f"cause:{at}" in kept else one
        for at, one in enumerate(figures["causes"])
    ]
    plans = {
        name: None if f"plans:{name}" in kept else number
        for name, number in figures["plans"].items()
    }
    return {
        **figures,
        "services": lines,
        _TOTAL: _left(figures[_TOTAL], _TOTAL, kept),
        "causes": causes_,
        "plans": plans,
        "trend": [
            dict(one, percent=one["percent"] if one["leaves"] else None) for one in figures["trend"]
        ],
        "quality": _quality_left(figures["quality"], kept),
    }


def table(figures: JsonObject) -> tuple[dict[str, int], list[Sum], set[str]]:
    """Return every number of the report by its cell, how they add up, and the cells implied."""
    cells, sums, implied = _table(figures["services"], figures[_TOTAL])
    for part, total, parts, numbers in _asides(figures):
        cells |= {f"{part}:{name}": number for name, number in numbers.items()}
        sums.append(_sum(part, total, parts))
        implied |= {f"{part}:{name}" for name in numbers if str(name).startswith("not_")}
    return cells, sums, implied


def _table(
    services: Sequence[JsonObject], total_line: JsonObject
) -> tuple[dict[str, int], list[Sum], set[str]]:
    """The cells of the table of services alone."""
    cells: dict[str, int] = {}
    sums: list[Sum] = []
    implied: set[str] = set()
    rows = [str(at) for at in range(len(services))]
    for row, one in zip((*rows, _TOTAL), (*services, total_line), strict=True):
        more = _implied(one["numbers"])
        cells |= {f"{row}:{name}": n for name, n in (one["numbers"] | more).items()}
        implied |= {f"{row}:{name}" for name in more}
        sums += [_sum(row, total, parts) for total, parts in _WITHIN]
    for name in (*COLUMNS, *_implied(total_line["numbers"])):
        sums.append(Sum(f"{_TOTAL}:{name}", tuple(f"{row}:{name}" for row in rows)))
    return cells, sums, implied


def differences(was: JsonObject, now: JsonObject) -> list[tuple[str, str, int, int]]:
    """Return (line, number, as issued, as it is now) for each number that has changed since."""
    before, after = (_by_name(figures) for figures in (was, now))
    found = []
    for name in {**before, **after}:
        for number in COLUMNS:
            pair = [lines.get(name, {}).get(number, 0) for lines in (before, after)]
            if pair[0] != pair[1]:
                found.append((name, number, pair[0], pair[1]))
    return found


def _by_name(figures: JsonObject) -> dict[str, dict[str, int]]:
    return {one["name"]: one["numbers"] for one in (*figures["services"], figures[_TOTAL])}


def _implied(numbers: Mapping[str, int]) -> dict[str, int]:
    """What nobody prints and anybody could work out from a line."""
    due = numbers["fell_due"]
    return {
        "not_on_time": due - numbers["on_time"],
        "not_sent_back": due - numbers["sent_back"],
        "not_asked_late": due - numbers["asked_late"],
        "late_with_advice": numbers["with_advice"] - numbers["on_time_with_advice"],
        "on_time_nil": numbers["on_time"] - numbers["on_time_with_advice"],
    }


def _asides(
    figures: JsonObject,
) -> Iterator[tuple[str, str, tuple[str, ...], dict[str, int]]]:
    """The report's other tables: (its name, its total, the parts, every number)."""
    counts = {str(at): one["count"] for at, one in enumerate(figures["causes"])}
    yield "cause", "not_all", tuple(counts), counts | {"not_all": sum(counts.values())}
    plans = dict(figures["plans"])
    for whole, part in (("issued", "any"), ("issued", "asked"), ("asked", "every")):
        other = f"not_{part}"
        yield "plans", whole, (part, other), plans | {other: plans[whole] - plans[part]}
    if figures["quality"]:
        for name in CRITERIA:
            marks = figures["quality"][name]
            scored = {"scored": sum(marks.values())}
            yield f"quality:{name}", "scored", tuple(marks), marks | scored


def _sum(row: str, total: str, parts: Sequence[str]) -> Sum:
    return Sum(f"{row}:{total}", tuple(f"{row}:{part}" for part in parts))


def _left(one: JsonObject, row: str, kept: frozenset[str]) -> JsonObject:
    numbers = {
        name: None if f"{row}:{name}" in kept else number for name, number in one["numbers"].items()
    }

    def are_shown(*names: str) -> bool:
        return all(numbers[name] is not None for name in names)

    exact = one["numbers"]
    answered = exact["on_time"] + exact["late"]
    return {
        **one,
        "numbers": numbers,
        "percent": one["percent"] if are_shown("on_time", "fell_due") else None,
        "percent_without_nil": one["percent_without_nil"]
        if are_shown("on_time_with_advice", "with_advice")
        else None,
        "median": None if answered in SMALL else one["median"],
        "longest": one["longest"] if are_shown("fell_due") else None,
    }


def _quality_left(quality: JsonObject | None, kept: frozenset[str]) -> JsonObject | None:
    if not quality:
        return None
    left: dict[str, Any] = {
        name: {
            mark: None if f"quality:{name}:{mark}" in kept else number
            for mark, number in quality[name].items()
        }
        for name in CRITERIA
    }
    is_small = any(f"quality:{name}:scored" in kept for name in CRITERIA)
    return left | {"scored": None if is_small else quality["scored"]}
