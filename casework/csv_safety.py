"""Cells for files that a spreadsheet will open: text never becomes a formula.

A cell that begins with = + - @, a tab or a line break is run as a formula by a spreadsheet that
opens a CSV file; the full-width forms are too, in some. Every cell that we write passes through
`spreadsheet_safe`, and a file of ours that comes back through `spreadsheet_raw`, so that nothing
is altered by the journey. Source: OWASP, CSV Injection.
"""

import re
from typing import Final, TypeVar

T = TypeVar("T")

#: Spaces before the sign are skipped by some programs. A cell that looks guarded already gets
#: one more quote, so that taking one away always gives back what was there.
_RUNS: Final = re.compile(r"'*[ \u00a0]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def spreadsheet_safe(value: T) -> T | str:
    """Return `value` as it may stand in a CSV or XLSX cell: text that a spreadsheet would run
    gets an apostrophe before it, which spreadsheets read as "this is text". Numbers, dates and
    other text come back unchanged."""
    if isinstance(value, str) and _RUNS.match(value):
        return f"'{value}"
    return value


def spreadsheet_raw(text: str) -> str:
    """Return the text that `spreadsheet_safe` was given."""
    if text.startswith("'") and _RUNS.match(text):
        return text[1:]
    return text
