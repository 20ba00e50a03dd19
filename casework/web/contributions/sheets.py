"""The dashboard and the cases behind it as CSV: references and days, and never a name of a child.

Every cell is one that no spreadsheet runs as a formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from flask import Response

from casework.csv_safety import spreadsheet_safe
from casework.queries.contribution_cases import PlanLine, RequestLine
from casework.rules.contributions import COLUMNS, Line, Tally
from casework.web.contributions.words import answer_words, cause_words, service_words

_REQUESTS = (
    *("Reference", "Service", "Provider", "Asked", "Due", "Answered", "Answer", "How it stands"),
    *("Days waited", "Days past due", "Sent back", "Limit lifted by", "Cause", "Case officer"),
)
_PLANS = ("Reference", "Plan sent", "Any advice", "Asked for any", "Every answer", "Case officer")


def table(services: Iterable[Line], providers: Iterable[Line], total: Tally) -> bytes:
    """Return the table of services, of providers and their total."""
    numbers = [column.number for column in COLUMNS.values()]
    rows = [
        *(("Service", line.name, line.provider or "", line.tally) for line in services),
        *(("Provider", line.name, "", line.tally) for line in providers),
        ("Total", "", "", total),
    ]
    headings = ("Line", "Name", "Provider", *(column.heading for column in COLUMNS.values()))
    return written(headings, [(*row[:3], *(number(row[3]) for number in numbers)) for row in rows])


def requests(lines: Iterable[RequestLine], day: date) -> bytes:
    """Return the requests behind a figure as they stood on a day."""
    return written(_REQUESTS, [_cells(line, day) for line in lines])


def plans(lines: Iterable[PlanLine]) -> bytes:
    """Return the plans behind a figure."""
    rows = [
        (
            *(line.reference, line.placed_on),
            *("Yes" if is_so else "No" for is_so in (line.has_any, line.was_asked, line.has_every)),
            line.officer,
        )
        for line in lines
    ]
    return written(_PLANS, rows)


def written(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8, marked as such for Excel; days as 2026-03-02."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([spreadsheet_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def sent(content: bytes, name: str) -> Response:
    """Return the answer that saves a CSV file under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _cells(line: RequestLine, day: date) -> tuple[object, ...]:
    return (
        *(line.reference, service_words(line.service), line.provider),
        *(line.asked_on, line.due_on, line.met_on, answer_words(line)),
        *(line.stands(day), line.wait, line.days_lost, line.sent_back_on),
        *(line.lifted_by, cause_words(line.late_cause), line.officer),
    )
