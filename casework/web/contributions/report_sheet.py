"""An issued report as CSV, small numbers hidden as they are on its page."""

from collections.abc import Iterator
from typing import Any

from casework.queries.contribution_reports import Issued
from casework.rules import contribution_report
from casework.web.contributions.sheets import written as csv_written

HIDDEN = "hidden"
_LINE = ("percent", "percent_without_nil", "median", "longest")


def written(held: Issued, target: int | None) -> bytes:
    """Return the report's tables under one another, the name of the table first."""
    headings = ("Table", "Line", "Provider", *contribution_report.COLUMNS, *_LINE)
    return csv_written(headings, list(_rows(held, target)))


def _rows(held: Issued, target: int | None) -> Iterator[tuple[object, ...]]:
    shown = held.shown
    for one in (*shown["services"], shown["total"]):
        numbers = [_cell(one["numbers"][name]) for name in contribution_report.COLUMNS]
        rest = [_cell(one[name], one["numbers"]["fell_due"]) for name in _LINE]
        yield ("Services", one["name"], one["provider"] or "", *numbers, *rest)
    for name, number in shown["plans"].items():
        yield ("Plans issued", name, "", _cell(number))
    for side in shown["causes"]:
        yield ("Whose delay", side["words"], "", _cell(side["count"]), _cell(side["weeks"]))
    for month in shown["trend"]:
        yield ("Percentage on time", month["month"], "", _cell(month["percent"]))
    for name in contribution_report.CRITERIA if shown["quality"] else ():
        marks = shown["quality"][name]
        yield ("Quality", name, "", *(_cell(marks[mark]) for mark in ("yes", "partly", "no")))
    yield ("Target", "percent", "", target if target is not None else "none set")
    yield ("Period", shown["from"], shown["to"])
    yield ("Version", held.version, held.restated_why or "")
    yield ("Commentary", held.commentary)


def _cell(number: Any, of: Any = None) -> Any:
    """A number that is hidden says so; a percentage of nothing is empty."""
    if number is None:
        return "" if of == 0 else HIDDEN
    return number
