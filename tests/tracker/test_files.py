"""Files: what is no tracker is refused by name and with its reason; what is odd is read."""

import re
import time as clock
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from casework.tracker import packing, sheets
from casework.tracker.findings import Unreadable
from casework.tracker.reading import read_tracker
from casework.tracker.sheets import open_sheet
from tests.tracker.books import CHILD, HEADINGS, TODAY, book, read, read_text, repacked, saved

PLAIN = saved(book(HEADINGS, CHILD))
SHEET = "xl/worksheets/sheet1.xml"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT = "Ref;Surname;Request received\nE1;Okafor;2/3/26\n"


def refusal(content: bytes, name: str = "tracker.xlsx") -> str:
    """Return the words in which a file is refused."""
    with pytest.raises(Unreadable) as refused:
        read_tracker(content, name, today=TODAY)
    return str(refused.value)


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "tracker.xlsx", "The file is empty"),
        (b"", "tracker.csv", "The file is empty"),
        (PLAIN, "tracker.pdf", "name ends in .xlsx or .csv"),
        (PLAIN, "tracker", "name ends in .xlsx or .csv"),
        (PLAIN, "tracker.xls", "name ends in .xlsx or .csv"),
        (PLAIN, "tracker.csv", "an Excel workbook: give it a name that ends in .xlsx"),
        (PNG, "tracker.xlsx", "not an Excel workbook, although its name ends in .xlsx"),
        (PNG, "tracker.csv", "The file is a picture"),
        (b"%PDF-1.7 x", "tracker.csv", "The file is a PDF"),
        (TEXT.encode(), "tracker.xlsx", "not an Excel workbook"),
        (b"<html><table><tr><td>Surname", "tracker.csv", "not a CSV file"),
        (b"Surname\x00\x01\x02,", "tracker.csv", "not a CSV file"),
        (OLE + b"\x00" * 600, "tracker.xlsx", "old .xls format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "tracker.xlsx", "protected with a password"),
        (PLAIN[:-100], "tracker.xlsx", "damaged"),
        (b"PK\x03\x04" + b"x" * 50, "tracker.xlsx", "damaged"),
        (zipped(**{"word/document.xml": b"<a/>"}), "tracker.xlsx", "not an Excel workbook"),
        (zipped(**{"content.xml": b"<a/>"}), "tracker.xlsx", "OpenDocument"),
        (zipped(**{"xl/workbook.bin": b""}), "tracker.xlsx", "binary .xlsb"),
        (repacked(PLAIN, {"xl/vbaProject.bin": OLE}), "tracker.xlsm", "holds macros"),
        (repacked(PLAIN, {SHEET: b"<worksheet><row"}), "tracker.xlsx", "not a workbook that can"),
        (repacked(PLAIN, {SHEET: b"no XML at all"}), "tracker.xlsx", "damaged"),
        (repacked(PLAIN, {"xl/workbook.xml": b"<a/>"}), "tracker.xlsx", "No row of headings"),
        (b"\x81\x8d\x8f", "tracker.csv", "letters cannot be read"),
        (saved(book()), "tracker.xlsx", "No row of headings"),
        (b"\n\n", "tracker.csv", "No row of headings"),
    ],
)  # fmt: skip
def test_what_is_no_tracker_is_refused_by_name_and_reason(
    content: bytes, name: str, said: str
) -> None:
    assert said in refusal(content, name)


def test_a_file_too_large_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "larger than 20 MB" in refusal(b"x" * 20_000_001)
    assert "larger than 20 MB" in refusal(b"x" * 20_000_001, "a.csv")


def test_a_sheet_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    rows = "".join(f"E{n},Okafor,2/3/26\n" for n in range(4))
    assert "more than 3 rows" in refusal(f"Ref,Surname,Request received\n{rows}".encode(), "a.csv")


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = repacked(PLAIN, {SHEET: b"<worksheet>" + b"\x00" * 200_000_000})
    started = clock.monotonic()
    assert "zip bomb" in refusal(bomb)
    assert clock.monotonic() - started < 1


def test_a_file_that_unpacks_to_too_much_or_too_many_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = repacked(PLAIN, {f"xl/media/{n}": b"" for n in range(packing.MOST_PARTS)})
    assert "far more than a tracker" in refusal(many)
    monkeypatch.setattr(packing, "MOST_UNPACKED", 1000)
    assert "far more than a tracker" in refusal(PLAIN)


def test_a_size_that_a_zip_lies_about_is_not_believed() -> None:
    """The directory says a small size; what is unpacked stops there, and does not fit its sum."""
    content = bytearray(repacked(PLAIN, {SHEET: b"<worksheet>" + b"x" * 100_000}))
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET.encode()))
    content[place + 24 : place + 28] = (500).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(content))


def test_a_row_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LONGEST_ROW", 100_000)
    row = b'<row r="1">' + b"".join(b'<c r="A%d"><v>%d</v></c>' % (n, n) for n in range(20_000))
    part = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    assert "row too long" in refusal(
        repacked(PLAIN, {SHEET: part + b"<sheetData>" + row + b"</row></sheetData></worksheet>"})
    )


def test_a_packing_that_excel_never_uses_is_refused() -> None:
    out = BytesIO()
    with ZipFile(BytesIO(PLAIN)) as old, ZipFile(out, "w", ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert "damaged" in refusal(out.getvalue())


def test_a_part_protected_with_a_password_is_refused() -> None:
    content = bytearray(PLAIN)
    content[content.find(b"PK\x01\x02") + 8] |= 1
    assert "protected with a password" in refusal(bytes(content))


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
        b"<!-- " + b"x" * 100_000 + b" --><!DOCTYPE x []>",
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "_rels/.rels", "xl/styles.xml"])
def test_a_part_that_declares_entities_is_refused(doctype: bytes, part: str) -> None:
    with ZipFile(BytesIO(PLAIN)) as package:
        xml = package.read(part)
    xml = xml[xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0 :]
    assert "XML entities" in refusal(repacked(PLAIN, {part: doctype + xml}))


def test_a_row_numbered_past_the_last_is_not_waited_for() -> None:
    with ZipFile(BytesIO(PLAIN)) as package:
        xml = package.read(SHEET).replace(b'<row r="2"', b'<row r="2000000000"')
    started = clock.monotonic()
    reading = read_tracker(repacked(PLAIN, {SHEET: xml}), "a.xlsx", today=TODAY)
    assert (reading.counted, clock.monotonic() - started < 10) == (0, True)


def test_a_sheet_that_lies_about_its_size_is_read_whole() -> None:
    with ZipFile(BytesIO(PLAIN)) as package:
        xml = package.read(SHEET).replace(b'ref="A1:E2"', b'ref="A1:A1"')
    assert b'ref="A1:A1"' in xml
    (row,) = read_tracker(repacked(PLAIN, {SHEET: xml}), "a.xlsx", today=TODAY).rows
    assert row.request_received == CHILD[4]


def test_serial_numbers_count_from_the_workbooks_own_epoch() -> None:
    workbook = book(HEADINGS, (*CHILD[:3], date(2016, 5, 5), 44621))
    workbook.epoch = CALENDAR_MAC_1904
    (row,) = read_tracker(saved(workbook), "a.xlsx", today=TODAY).rows
    assert (row.date_of_birth, row.request_received) == (date(2016, 5, 5), date(2026, 3, 2))


def test_the_visible_sheet_that_is_a_tracker_is_read() -> None:
    workbook = book(("Guidance",), ("Fill in every column", "please"), title="Read me")
    hidden = workbook.create_sheet("Old")
    hidden.sheet_state = "hidden"
    shown = workbook.create_sheet("2026")
    for sheet, child in ((hidden, CHILD), (shown, ("E9", *CHILD[1:]))):
        sheet.append(HEADINGS)
        sheet.append(child)
    workbook.create_chartsheet("Chart").add_chart(BarChart())
    reading = read_tracker(saved(workbook), "a.xlsx", today=TODAY)
    assert (reading.sheet_name, [row.reference for row in reading.rows]) == ("2026", ["E9"])
    assert reading.doubts == ()


def test_another_sheet_that_looks_like_a_tracker_is_named_and_can_be_asked_for() -> None:
    workbook = book(HEADINGS, CHILD, title="2025")
    other = workbook.create_sheet("2026")
    other.append(HEADINGS)
    content = saved(workbook)
    (doubt,) = read_tracker(content, "a.xlsx", today=TODAY).doubts
    assert (doubt.value, "“2025” is" in doubt.reason) == ("2026", True)
    assert open_sheet(content, "a.xlsx", sheet_name="2026").name == "2026"


def test_hidden_rows_and_columns_are_read_for_a_filter_hides_children() -> None:
    workbook = book(HEADINGS, CHILD, ("E2", *CHILD[1:]))
    workbook.worksheets[0].row_dimensions[3].hidden = True
    workbook.worksheets[0].column_dimensions["E"].hidden = True
    assert len(read_tracker(saved(workbook), "a.xlsx", today=TODAY).rows) == 2


def test_a_merged_cell_belongs_to_its_first_row() -> None:
    workbook = book(HEADINGS, CHILD, ("E2", "Okafor", "Bo", CHILD[3], None))
    workbook.worksheets[0].merge_cells("E2:E3")
    reading = read_tracker(saved(workbook), "a.xlsx", today=TODAY)
    assert [row.line for row in reading.rows] == [2]
    assert [refusal.line for refusal in reading.refused] == [3]


def test_a_formula_with_no_saved_result_is_refused_and_not_taken_as_empty() -> None:
    reading = read((*CHILD[:4], "=DATE(2026,3,2)"), ("=1&2", *CHILD[1:]))
    assert [(r.line, r.value) for r in reading.refused] == [(2, "=DATE(2026,3,2)")]
    assert [(row.line, row.reference) for row in reading.rows] == [(3, "")]
    assert [(d.line, d.column) for d in reading.doubts] == [(3, "Ref")]


def test_a_formula_with_its_result_is_its_result() -> None:
    content = saved(book(HEADINGS, (*CHILD[:4], "=DATE(2026,3,2)")))
    with ZipFile(BytesIO(content)) as package:
        xml = package.read(SHEET)
    # Each XML library writes an empty element in its own way.
    xml = re.sub(rb"<v(?: ?/>|></v>)", b"<v>46083</v>", xml)
    (row,) = read_tracker(repacked(content, {SHEET: xml}), "a.xlsx", today=TODAY).rows
    assert row.request_received == date(2026, 3, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_is_read_in_any_unicode_with_any_separator(
    encoding: str, separator: str, ending: str
) -> None:
    lines = ("Ref;Surname;Request received", "E1;Zając;2/3/26", "", "E2;O’Brien;2/3/26")
    text = ending.join(lines).replace(";", separator)
    reading = read_text(text.encode(encoding))
    assert [(row.line, row.surname) for row in reading.rows] == [(2, "Zając"), (4, "O’Brien")]
    assert reading.doubts == ()


def test_windows_1252_is_read_and_a_person_is_asked_to_look_at_the_names() -> None:
    reading = read_text(TEXT.replace("Okafor", "O’Neil Zoë").encode("windows-1252"))
    assert [row.surname for row in reading.rows] == ["O’Neil Zoë"]
    assert [(doubt.line, doubt.value) for doubt in reading.doubts] == [(2, "O’Neil")]
    assert "CSV UTF-8" in reading.doubts[0].reason


def test_a_separator_or_a_line_break_in_quotes_is_part_of_the_cell() -> None:
    reading = read_text(
        'Ref,Surname,Request received,Notes\nE1,"Okafor, Jr",2/3/26,"one\ntwo, ""three"""\n'
        'E2,O"Neil,2/3/26,\n'
    )
    one, two = reading.rows
    assert (one.surname, one.notes) == ("Okafor, Jr", 'one\ntwo, "three"')
    assert (two.line, two.surname) == (3, 'O"Neil')


def test_a_separator_declared_as_excel_does_is_believed() -> None:
    (row,) = read_text("sep=|\r\nRef|Surname|Request received\r\nE1|Okafor, A, B|2/3/26\r\n").rows
    assert (row.line, row.surname) == (2, "Okafor, A, B")


def test_a_quotation_mark_never_closed_is_refused_and_swallows_no_rows() -> None:
    said = refusal(b'Ref,Surname,Request received\nE1,"Okafor,2/3/26\nE2,Lee,2/3/26\n', "a.csv")
    assert "quotation mark that opens a cell near row" in said


def test_a_cell_larger_than_a_csv_reader_takes_is_a_refused_row_with_its_line() -> None:
    text = f"Ref,Surname,Request received\nE1,{'x' * 131_073},2/3/26\nE2,Lee,2/3/26\n"
    reading = read_text(text)
    assert [(r.line, r.column, len(r.value)) for r in reading.refused] == [(2, "Surname", 200)]
    assert "131,073 letters" in reading.refused[0].reason
    assert [row.reference for row in reading.rows] == ["E2"]


def test_a_long_word_of_an_old_encoding_takes_no_time() -> None:
    started = clock.monotonic()
    read_text(b"Surname,Request received\nLee,2/3/26\n" + b"a" * 3_000_000 + b"\x92,\n")
    assert clock.monotonic() - started < 5


def test_cells_that_look_like_formulas_come_in_as_they_stand() -> None:
    assert [row.surname for row in read_text("Surname,Request received\n=cmd|x,2/3/26\n").rows] == [
        "=cmd|x"
    ]


def test_a_workbook_with_any_byte_spoilt_is_read_or_refused_in_words() -> None:
    """Nothing else may be raised: a page shows the words of Unreadable and of nothing else."""
    refused = 0
    for place in range(0, len(PLAIN), 97):
        spoilt = PLAIN[:place] + bytes([PLAIN[place] ^ 0xFF]) + PLAIN[place + 1 :]
        try:
            read_tracker(spoilt, "a.xlsx", today=TODAY)
        except Unreadable:
            refused += 1
    assert refused > 20


def test_the_corpus_is_a_real_workbook() -> None:
    assert load_workbook(BytesIO(PLAIN)).sheetnames == ["Tracker"]
    assert len(read_tracker(PLAIN, "TRACKER.XLSX", today=TODAY).rows) == 1
