"""The list as a CSV file: what is shown, in cells that no spreadsheet runs as a formula."""

import csv
import io
from collections.abc import Iterable

from casework.csv_safety import spreadsheet_safe
from casework.queries.caseload import CaseLine

HEADINGS = (
    "Reference",
    "Surname",
    "Forenames",
    "Known as",
    "Stage",
    "Next to do",
    "Law",
    "Due",
    "Act by",
    "How it stands",
    "Waiting for",
    "Advice outstanding",
    "First advice due",
    "School or setting",
    "Case officer",
    "Started",
    "Ended",
)


def written(lines: Iterable[CaseLine]) -> bytes:
    """Return the lines as CSV in UTF-8, marked as such for Excel; days as 2026-03-02."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([spreadsheet_safe(cell) for cell in _cells(line)] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _cells(line: CaseLine) -> tuple[object, ...]:
    duty = line.duty
    return (
        *(line.reference, line.surname, line.forenames, line.known_as, line.stage_words),
        *((duty.label, duty.law) if duty else ("", "")),
        *(line.next_due_on, line.next_act_by),
        *(line.stand_words, line.waits_for, line.advice_outstanding, line.advice_due_on),
        *(line.setting, line.officer, line.started_on, line.ended_on),
    )
