"""What is said of a tracker that was read: as JSON, in words, and as a sheet to correct."""

import csv
from io import BytesIO, StringIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from casework.csv_safety import spreadsheet_safe
from casework.tracker.cells import LONGEST_CELL, Cell, shown
from casework.tracker.findings import Finding
from casework.tracker.headings import OUR_COLUMNS
from casework.tracker.reading import Reading

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report(reading: Reading, *, imported: int, already_held: int) -> dict[str, Any]:
    """Return what an import did or would do, in the shape of `casework import-cases --json`.

    `rows` counts every row of the sheet, refused ones too.
    """
    return {
        "rows": reading.counted,
        "imported": imported,
        "already_held": already_held,
        "refused": [finding.as_json() for finding in reading.refused],
        "warnings": [finding.as_json() for finding in reading.doubts],
    }


def sentence(finding: Finding) -> str:
    """Return a finding as a line of a report: where, what stands there, what to do."""
    value = f" ({finding.value})" if finding.value else ""
    return f"Row {finding.line}, {finding.column}{value}: {finding.reason}."


def in_words(reading: Reading, *, imported: int, already_held: int, dry_run: bool) -> list[str]:
    """Return the report as lines for a person: the counts, each refusal, each doubt."""
    refused = len(reading.refused_cells)
    lines = [
        f"{_counted(reading.counted, 'row')} found in “{reading.sheet_name}”.",
        f"{_counted(imported, 'case')} {'would be made' if dry_run else 'made'}.",
        f"{_counted(already_held, 'row')} already held.",
        f"{_counted(refused, 'row')} refused{' and left out' if refused else ''}.",
    ]
    if reading.refused:
        lines += ["", "Refused:", *map(sentence, reading.refused)]
    if reading.doubts:
        lines += ["", "To look at:", *map(sentence, reading.doubts)]
    return lines


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def refused_sheet(reading: Reading) -> bytes:
    """Return an .xlsx of the refused rows as they stood, with the reasons and the rows they were.

    Corrected, it can be brought back: the added columns are known and not read. Text is kept as
    text, so no cell of it can run as a formula.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Refused rows")
    for row in _refused_rows(reading):
        sheet.append(
            [_text_cell(sheet, value) if isinstance(value, str) else value for value in row]
        )
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def refused_csv(reading: Reading) -> bytes:
    """Return the same rows as CSV in UTF-8 with its mark, as Excel opens it, formula-safe."""
    content = StringIO(newline="")
    writer = csv.writer(content, quoting=csv.QUOTE_ALL)
    for row in _refused_rows(reading):
        writer.writerow([spreadsheet_safe(shown(value)) for value in row])
    return content.getvalue().encode("utf-8-sig")


def _refused_rows(reading: Reading) -> list[list[Cell]]:
    """Return the heading row and each refused row, our own columns last."""
    names = [name for name in reading.headings.names if name not in OUR_COLUMNS]
    places = [place for place, name in enumerate(reading.headings.names) if name in names]
    table: list[list[Cell]] = [[*names, *OUR_COLUMNS]]
    for line, cells in reading.refused_cells.items():
        reasons = [
            f"{finding.column}: {finding.reason}"
            for finding in reading.refused
            if finding.line == line
        ]
        kept = [cells[place] if place < len(cells) else None for place in places]
        table.append([*kept, ". ".join(reasons), line])
    return table


def _text_cell(sheet: Any, text: str) -> Any:
    """Return a cell that holds text as text: quoted, so that editing it never makes a formula."""
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:LONGEST_CELL]
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
