"""Workbooks and zips made for a test, of invented children."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from casework.tracker.reading import Reading, read_tracker

TODAY = date(2026, 11, 23)
HEADINGS = ("Ref", "Surname", "Forename", "DOB", "Request rec'd")
CHILD = ("E1", "Okafor", "Ada", date(2016, 5, 5), date(2026, 3, 2))


def book(*rows: Sequence[Any], title: str = "Tracker") -> Workbook:
    """Return a workbook of one sheet with these rows."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return workbook


def saved(workbook: Workbook) -> bytes:
    """Return a workbook as the bytes of its file."""
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def repacked(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a zip with some parts put in, or put in the place of those of the same name."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def read(*rows: Sequence[Any], headings: Iterable[str] = HEADINGS, **options: Any) -> Reading:
    """Return rows under headings, read from an .xlsx file of them."""
    return read_tracker(saved(book(list(headings), *rows)), "tracker.xlsx", today=TODAY, **options)


def read_one(**cells: Any) -> Reading:
    """Return the reading of one child's row with these fields in place of the ordinary ones."""
    row = dict(zip(("reference", "surname", "forename", "date_of_birth", "request_received"), CHILD,
                   strict=True)) | cells  # fmt: skip
    return read(list(row.values()), headings=[name.replace("_", " ") for name in row])


def read_text(text: str | bytes, name: str = "tracker.csv", **options: Any) -> Reading:
    """Return a text file read."""
    content = text.encode() if isinstance(text, str) else text
    return read_tracker(content, name, today=TODAY, **options)
