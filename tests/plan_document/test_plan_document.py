"""The plan as PDF and Word: the same words in the same order, and whose it is on every page."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document as WordDocument
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from casework.plan_document.content import (
    NOTHING,
    Placement,
    Plan,
    Signature,
    Standing,
    parts,
)
from casework.plan_document.pdf import pdf
from casework.plan_document.word import word
from casework.rules.plan_content import Item, Section
from casework.rules.plan_sections import ALL_SECTIONS
from tests.fixtures.written_plans import OUTCOME, PROVISION, the_sections

DRAFT = Plan(
    authority="Borsetshire County Council",
    reference="EHC-000042",
    forenames="Zofia Łucja",
    surname="Żółć",
    known_as="Zosia",
    born=date(2018, 5, 4),
    sections=the_sections(),
    standing=Standing.DRAFT,
    dated=date(2026, 11, 23),
    comments_by=date(2026, 12, 7),
)
FINAL = replace(
    DRAFT,
    standing=Standing.FINAL,
    comments_by=None,
    placement=Placement(setting="Invented School", setting_type="Special school", place=None),
    signature=Signature(name_and_post="Mary Manager, Head of casework", on=date(2026, 12, 8)),
)


def pages(plan: Plan) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf(plan))).pages]


def opened(plan: Plan) -> Any:
    return WordDocument(BytesIO(word(plan)))


def test_every_section_stands_in_order_under_its_own_letter_and_heading() -> None:
    text = "\n".join(pages(DRAFT)).replace("\n", " ")
    places = [text.index(f"Section {key}: ") for key in ALL_SECTIONS]
    assert places == sorted(places)
    headings = [p.text for p in opened(DRAFT).paragraphs if p.style.name == "Heading 2"]
    assert [words.split(":")[0] for words in headings] == [f"Section {key}" for key in ALL_SECTIONS]


def test_provision_says_who_what_how_often_how_long_and_which_outcome_it_serves() -> None:
    table = opened(DRAFT).tables[0]
    assert [cell.text for cell in table.rows[1].cells] == [
        "F1",
        PROVISION.text,
        "Teaching assistant",
        "Twice a week, 30 minutes",
        "Two terms",
        "E1",
    ]
    text = " ".join(pages(DRAFT)).replace("\n", " ")
    assert "F1 A small group on listening. Teaching" in text
    assert "For the needs: B1" in text


def test_an_empty_section_says_only_that_nothing_is_recorded_in_it() -> None:
    empty = [part.heading[8] for part in parts(DRAFT) if list(part.paragraphs) == [NOTHING]]
    assert empty == ["C", "D", "G", "H", "H", "J", "K"]


def test_every_page_says_whose_it_is_and_that_it_is_a_draft() -> None:
    long = {"A": Section(key="A", words="\n".join(["Long words of a family. " * 20] * 60))}
    made = pages(replace(DRAFT, sections=long))
    assert len(made) > 3
    for number, page in enumerate(made, start=1):
        assert "EHC-000042, Z.Ł.Ż., born 2018" in page
        assert "DRAFT: not the final plan" in page
        assert f"Page {number} of {len(made)}" in page
    head = opened(DRAFT).sections[0].header.paragraphs[0].text
    assert head == "EHC-000042, Z.Ł.Ż., born 2018\tDRAFT: not the final plan"
    assert "DRAFT" not in "".join(pages(FINAL))
    assert "PREVIEW" in pages(replace(DRAFT, standing=Standing.PREVIEW))[0]


def test_the_pdf_can_be_read_aloud_and_neither_says_the_childs_name_of_itself() -> None:
    reader = PdfReader(BytesIO(pdf(FINAL)))
    assert reader.xmp_metadata is not None
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Education, health and care plan, EHC-000042"
    properties = opened(FINAL).core_properties
    assert (properties.title, properties.language) == (reader.metadata.title, "en-GB")
    assert (properties.author, properties.comments) == ("Borsetshire County Council", "")


def test_word_has_a_header_row_its_language_and_page_numbers() -> None:
    document = opened(DRAFT)
    assert document.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    language = document.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"
    fields = document.sections[0].footer._element.findall(f".//{qn('w:fldSimple')}")
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]


def test_a_final_plan_names_its_setting_and_who_signed_it_when() -> None:
    for text in ("\n".join(pages(FINAL)), "\n".join(p.text for p in opened(FINAL).paragraphs)):
        assert "Name: Invented School" in text
        assert "Type: Special school" in text
        assert "Mary Manager, Head of casework" in text
        assert "8 December 2026" in text


def test_the_same_words_on_the_same_day_make_the_same_files() -> None:
    assert pdf(FINAL) == pdf(FINAL)
    assert word(FINAL) == word(FINAL)


def test_a_type_alone_names_no_setting() -> None:
    typed = replace(FINAL, placement=Placement(setting_type="Special school"))
    assert "Type of school or other institution: Special school" in " ".join(pages(typed))


@pytest.mark.parametrize(
    "wrong",
    [
        {"sections": {"I": Section(key="I", words="Invented School")}},
        {"placement": FINAL.placement},
        {"standing": Standing.FINAL},
        {"standing": Standing.FINAL, "placement": FINAL.placement},
    ],
)
def test_no_draft_has_section_i_and_no_final_plan_lacks_it_or_its_signature(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(ValueError, match="final plan"):
        replace(DRAFT, **wrong)


NASTY = (
    "#panic() $x$ *b* _i_ `c` [a] <b> // \\ @ref \x07\x0b\ud800 زهراء 李小龙 "
    + "x" * 300
    + " https://example.org/"
    + "y" * 90
)


def test_whatever_was_typed_is_only_words() -> None:
    item = Item(id="n1", text=NASTY, by_whom=NASTY, how_often=NASTY, how_long=NASTY)
    sections = {
        key: Section(key=key, words=NASTY, items=(replace(item, id=key),))
        for key in ("A", "B", "E", "F", "K")
    }
    plan = replace(DRAFT, sections=sections, surname=NASTY[:40], known_as="\x00")
    assert "#panic() $x$ *b* _i_ `c` [a] <b>" in " ".join(pages(plan)).replace("\n", " ")
    assert "#panic() $x$ *b* _i_ `c` [a] <b>" in opened(plan).tables[0].rows[1].cells[1].text


def test_what_a_row_serves_is_said_by_number_and_what_is_gone_is_not() -> None:
    sections = the_sections() | {
        "E": Section(key="E", items=(replace(OUTCOME, serves=("n1", "gone")),))
    }
    outcomes = next(p for p in parts(replace(DRAFT, sections=sections)) if "Section E" in p.heading)
    assert outcomes.rows[0].serves == "B1"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_make_a_word_document(name: str, words: str) -> None:
    sections = {"A": Section(key="A", words=words), "F": Section(key="F", items=(PROVISION,))}
    plan = replace(DRAFT, forenames=name, surname=words, sections=sections)
    assert plan.running_head.startswith("EHC-000042, ")
    assert opened(plan).paragraphs
