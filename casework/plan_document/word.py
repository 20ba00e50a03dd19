"""The plan as a Word document: real headings, tables with header rows, British English."""

from datetime import datetime, time
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from casework.plan_document.content import MARKS, TITLE, Part, Plan, Row, parts
from casework.rules.civil_dates import spoken_date

_FONT: Final = "Arial"
_HEADS: Final = (
    *("No.", "What is provided", "Who provides it", "How often", "For how long", "Outcome"),
)
_WIDTHS: Final = (Mm(12), Mm(54), Mm(30), Mm(30), Mm(25), Mm(19))
_ACROSS: Final = Mm(170)
_GREY: Final = RGBColor(0x3C, 0x3C, 0x3C)
#: A row of more characters than this may go over a page.
_LONG_ROW: Final = 1500
_TABLE: Final = "Table Grid"


def word(plan: Plan) -> bytes:
    """Return the plan as a .docx; what it says of itself names no child."""
    document = Document()
    _set_up(document, plan)
    document.add_paragraph(plan.authority)
    document.add_heading(TITLE, level=1)
    if mark := MARKS[plan.standing]:
        document.add_paragraph().add_run(mark).bold = True
    for what, words in plan.facts:
        fact = document.add_paragraph()
        fact.paragraph_format.tab_stops.add_tab_stop(Mm(42))
        fact.paragraph_format.left_indent = Mm(42)
        fact.paragraph_format.first_line_indent = -Mm(42)
        fact.paragraph_format.space_after = Pt(3)
        fact.add_run(what).bold = True
        fact.add_run(f"\t{words}")
    for part in parts(plan):
        _write(document, part)
    if plan.signature:
        document.add_heading("Signature", level=2)
        lead = document.add_paragraph(f"Signed for {plan.authority} by the officer responsible:")
        who = document.add_paragraph()
        who.add_run(plan.signature.name_and_post).bold = True
        lead.paragraph_format.keep_with_next = who.paragraph_format.keep_with_next = True
        document.add_paragraph(spoken_date(plan.signature.on))
    return _packed(document)


def _packed(document: WordDocument) -> bytes:
    """Return the document as a file: of the same words on the same day the very same bytes."""
    saved, made = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as parts, ZipFile(made, "w", ZIP_DEFLATED) as packed:
        for name in parts.namelist():
            packed.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
    return made.getvalue()


def _set_up(document: WordDocument, plan: Plan) -> None:
    properties = document.core_properties
    properties.title = f"{TITLE}, {plan.reference}"
    properties.author = properties.last_modified_by = plan.authority[:255]
    properties.comments = ""
    properties.language = "en-GB"
    properties.created = properties.modified = datetime.combine(plan.dated, time())
    _set_styles(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(24), Mm(22)
    head = page.header.paragraphs[0]
    _tabbed(head, plan.running_head, "")
    head.add_run(MARKS[plan.standing]).bold = True
    foot = page.footer.paragraphs[0]
    _tabbed(foot, TITLE, "Page ")
    _add_field(foot, "PAGE")
    foot.add_run(" of ")
    _add_field(foot, "NUMPAGES")


def _set_styles(document: WordDocument) -> None:
    styles: Any = document.styles
    for name, size in (("Normal", 11.5), ("Heading 1", 22), ("Heading 2", 14)):
        style = styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:cs"), _FONT)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
            style.paragraph_format.space_before = Pt(18)
            style.paragraph_format.space_after = Pt(6)
    for name in ("Header", "Footer"):
        styles[name].font.size = Pt(8.5)
        styles[name].paragraph_format.tab_stops.clear_all()
        styles[name].font.color.rgb = _GREY
    defaults = styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    for script in ("val", "eastAsia"):
        defaults.set(qn(f"w:{script}"), "en-GB")


def _tabbed(paragraph: Paragraph, left: str, right: str) -> None:
    """Write words at both sides of a page's head or foot."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(_ACROSS, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{left}\t{right}")


def _add_field(paragraph: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = "1"  # until the program that opens it counts
    run.append(words)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 (the library has no other way)


def _write(document: WordDocument, part: Part) -> None:
    document.add_heading(part.heading, level=2)
    for words in part.paragraphs:
        document.add_paragraph(words)
    if part.is_provision and part.rows:
        _write_table(document, part)
    elif part.rows:
        for row in part.rows:
            _write_row(document, row)


def _write_row(document: WordDocument, row: Row) -> None:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.tab_stops.add_tab_stop(Mm(14))
    shape.left_indent, shape.first_line_indent = Mm(14), -Mm(14)
    paragraph.add_run(row.number).bold = True
    lines = row.text.splitlines() or [""]
    paragraph.add_run("\t" + lines[0])
    for line in lines[1:]:
        paragraph.add_run().add_break()
        paragraph.add_run(line)
    if row.serves:
        served = document.add_paragraph()
        served.paragraph_format.left_indent = Mm(14)
        run = served.add_run(f"For the needs: {row.serves}")
        run.font.size, run.font.color.rgb = Pt(9.5), _GREY


def _write_table(document: WordDocument, part: Part) -> None:
    table = document.add_table(rows=1, cols=len(_HEADS), style=_TABLE)
    table.autofit = False
    _fill(table, table.rows[0], _HEADS, bold=True)
    _mark_row(table.rows[0], "w:tblHeader")
    for cell in table.rows[0].cells:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "EBEBEB")
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001
    for row in part.rows:
        words = (row.number, row.text, row.by_whom, row.how_often, row.how_long, row.serves)
        added = table.add_row()
        _fill(table, added, tuple(one or "Not stated" for one in words))
        if len(row.text) < _LONG_ROW:
            _mark_row(added, "w:cantSplit")
    document.add_paragraph()


def _fill(table: Table, row: _Row, words: tuple[str, ...], *, bold: bool = False) -> None:
    for place, (text, width) in enumerate(zip(words, _WIDTHS, strict=True)):
        cell = row.cells[place]
        cell.width = table.columns[place].width = width
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = bold, Pt(9.5)
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)


def _mark_row(row: _Row, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))  # noqa: SLF001
