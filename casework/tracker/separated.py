"""CSV and other text files with separators: how they are encoded, how they are divided."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import chain, islice
from typing import Final

from casework.csv_safety import spreadsheet_raw
from casework.tracker.cells import Cells
from casework.tracker.findings import Doubt, Unreadable

SEPARATORS: Final = ",;\t|"
#: Files that people mistake for text by their name, and how each begins.
_BEGINNINGS: Final = (
    (b"PK\x03\x04", "an Excel workbook: give it a name that ends in .xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as CSV or .xlsx from Excel"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a packed file"),
    (b"{\\rtf", "a document"),
)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP: Final = re.compile(r"\s*<(!doctype|html|table|\?xml)", re.IGNORECASE)
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
_END: Final = "\x1eend of file"

csv.field_size_limit(1 << 30)  # a file's size bounds it; rows judge a cell too long by name


def decode(content: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """Return a text file's text, and a doubt where its encoding had to be judged.

    UTF-8 and UTF-16 are known for what they are. Anything else is read as Windows-1252, as
    Excel's plain "CSV" is on a British computer, and a person is asked to look at the names.
    Raises Unreadable for what is not text.
    """
    for beginning, words in _BEGINNINGS:
        if content.startswith(beginning):
            raise Unreadable(f"The file is {words}. A .csv file holds plain text")
    text, doubts = _decode_text(content)
    if _CONTROL.search(text[:100_000]) or _MARKUP.match(text):
        raise Unreadable("The file is not a CSV file, although its name ends as one does")
    return text, doubts


def _decode_text(content: bytes) -> tuple[str, tuple[Doubt, ...]]:
    try:
        return content.decode(_unicode_encoding(content)), ()
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "The file's letters cannot be read. In Excel choose File, Save as, "
            "CSV UTF-8 (comma delimited), and try that copy"
        ) from error
    line, word = _first_judged(text)
    reason = (
        "The file is not in UTF-8 and was read as Windows-1252: check names with marks and "
        "apostrophes. If they are wrong, save the sheet as CSV UTF-8 and bring that"
    )
    return text, (Doubt(line, "The whole file", word, reason),)


def _unicode_encoding(content: bytes) -> str:
    """Return the name of the Unicode encoding that the bytes must be in, if they are in any."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:2000]
    if head[1::2].count(0) > len(head) / 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) / 4:
        return "utf-16-be"
    return "utf-8-sig"


def _first_judged(text: str) -> tuple[int, str]:
    """Return the line and the word in which the first letter stands that is not ASCII."""
    place = next((place for place, letter in enumerate(text) if letter > "\x7f"), 0)
    before = re.split(r"[^\w'\u2019]", text[max(place - 30, 0) : place])[-1]
    after = re.split(r"[^\w'\u2019]", text[place + 1 : place + 30])[0]
    return text.count("\n", 0, place) + 1, before + text[place] + after


def records(text: str) -> Iterator[tuple[int, Cells]]:
    """Yield (line, cells) for each record; a record of several lines is one row, as in Excel.

    The separator is the one that divides the first rows most. Raises Unreadable where a
    quotation mark opens a cell and never closes.
    """
    declared = _SEP_LINE.match(text)
    if declared:
        text = text[declared.end() :]
    separator = declared[1] if declared else _separator(text)
    lines = chain(StringIO(text, newline=""), ["" if text.endswith(("\n", "\r")) else "\n", _END])
    started = 1
    for line, cells in enumerate(csv.reader(lines, delimiter=separator), 1):
        if cells == [_END]:
            return
        started = line
        yield line, tuple(spreadsheet_raw(cell) if cell else None for cell in cells)
    raise Unreadable(
        f"A quotation mark that opens a cell near row {started} is never closed: close it or "
        "take it out"
    )


def _separator(text: str) -> str:
    """Return the separator that gives the widest rows among the first thirty."""

    def width(separator: str) -> int:
        sample = csv.reader(StringIO(text[:200_000], newline=""), delimiter=separator)
        return max((len(cells) for cells in islice(sample, 30)), default=0)

    return max(SEPARATORS, key=width)
