"""Both lists as a CSV file, in cells that no spreadsheet runs as a formula."""

import csv
import io
from collections.abc import Iterable, Mapping

from casework.csv_safety import spreadsheet_safe
from casework.queries.at_risk import Side
from casework.queries.at_risk_lines import RiskLine

HEADINGS = (
    "List",
    "Reference",
    "Surname",
    "Forenames",
    "Stage",
    "Case officer",
    "Started",
    "Weeks",
    "Limit",
    "Days left",
    "Exception",
    "Prospect",
    "Likely",
    "Chance in 100",
    "Do next",
    "Next step",
    "Next step by",
    "Late advice",
    "Last action",
)
#: What each list is called.
TITLES: Mapping[Side, str] = {Side.IN_TIME: "Can still make it", Side.LATE: "Already late"}


def written(lists: Mapping[Side, Iterable[RiskLine]]) -> bytes:
    """Return the lists as CSV in UTF-8, marked as such for Excel; days as 2026-03-02."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for side, lines in lists.items():
        for line in lines:
            writer.writerow(
                [spreadsheet_safe(cell) for cell in (TITLES[side], *_cells(line, side))]
            )
    return text.getvalue().encode("utf-8-sig")


def _cells(line: RiskLine, side: Side) -> tuple[object, ...]:
    step, told = line.steps[0], line.foreseen.told if line.foreseen else None
    return (
        *(line.reference, line.surname, line.forenames, line.stage_words, line.officer),
        *(line.started_on, line.weeks, line.due_on, line.days_left),
        "Yes" if line.is_lifted else "",
        line.prospect.words if side is Side.IN_TIME else "",
        *((told.likely_on, told.chance) if told else ("", "")),
        *(line.action, step.words, step.act_by or step.by),
        "; ".join(words for words, _ in line.late_advice),
        line.last_on,
    )
