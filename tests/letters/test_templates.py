"""Templates of letters: what comes with the system is whole, and what will not do is named."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from casework.documents.refusals import Unacceptable
from casework.letters import documents, sample
from casework.letters.documents import NotMade
from casework.letters.first_versions import first_version
from casework.rules.letter_values import Services
from casework.rules.letters import LETTERS

SERVICES = Services(
    mediation_adviser="The adviser",
    disagreement_service="The other service",
    information_service="The third",
    local_offer="The offer",
)
KIND = LETTERS["no_plan"]


def example(content: bytes, kind: str = "no_plan") -> documents.Made:
    return sample.example(
        content, LETTERS[kind], "Anyshire & Co", "County Hall", SERVICES, date(2026, 11, 23)
    )


def changed(change: Callable[[Any], object]) -> bytes:
    """Return the first template of a letter without a plan, changed as in Word."""
    document = Document(BytesIO(first_version("no_plan")))
    change(document)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """Return the same template with its parts changed as no Word would."""
    held = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(first_version("no_plan"))) as old,
        zipfile.ZipFile(held, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return held.getvalue()


def line(document: Any, words: str) -> Any:
    return next(one for one in document.paragraphs if one.text == words)


@pytest.mark.parametrize("kind", LETTERS)
def test_what_comes_with_the_system_has_all_that_the_law_demands(kind: str) -> None:
    content = first_version(kind)
    used = documents.check(content, "letter.docx", LETTERS[kind])
    assert {part.field for part in LETTERS[kind].parts} <= set(used)
    made = example(content, kind)
    document = Document(BytesIO(made.content))
    assert document.core_properties.language == "en-GB"
    assert "Specimen" not in document.core_properties.title
    assert [how for how, _ in made.words].count("h1") == 1
    assert made.words[0] == ("top", "EHC-000000 · AS, born 2018 Page 1 of 1")
    assert not any("{{" in text or "{%" in text for _, text in made.words)


@pytest.mark.parametrize("field", [part.field for part in KIND.parts])
def test_each_part_that_is_missing_or_conditional_is_refused_with_its_law(field: str) -> None:
    def taken_out(document: Any) -> None:
        line(document, f"{{{{ {field} }}}}").clear()

    def conditional(document: Any) -> None:
        said = line(document, f"{{{{ {field} }}}}")
        said.insert_paragraph_before("{%p if more %}")
        said.insert_paragraph_before(said.text)
        said.clear().add_run("{%p endif %}")

    law = next(part.law for part in KIND.parts if part.field == field)
    for change, why in ((taken_out, "is missing"), (conditional, "under a condition")):
        with pytest.raises(Unacceptable) as refused:
            documents.check(changed(change), "letter.docx", KIND)
        assert why in str(refused.value)
        assert field in str(refused.value)
        assert law in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("{{ parent_address }}", "There is no field “parent_address”"),
        ("{{ child.__class__ }}", "something else"),
        ("{{ child|upper }}", "something else"),
        ("{% for a in child %}{{ a }}{% endfor %}", "something else"),
        ("{% include 'x' %}", "something else"),
        ("{{ child", "cannot be read"),
        ("{% if more %} never ended", "cannot be read"),
    ],
)
def test_what_is_no_field_of_the_letter_is_refused(typed: str, why: str) -> None:
    content = changed(lambda document: document.add_paragraph(typed))
    with pytest.raises(Unacceptable, match=why):
        documents.check(content, "letter.docx", KIND)


def _external(name: str, content: bytes) -> bytes:
    link = (
        b'<Relationship Id="rId99" TargetMode="External" Target="http://example.org/" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
    )
    if name != "word/_rels/document.xml.rels":
        return content
    return content.replace(b"</Relationships>", link + b"</Relationships>")


def _external_in_figures(name: str, content: bytes) -> bytes:
    return _external(name, content).replace(b'"External"', b'"&#69;xternal"')


def _called_otherwise(name: str, content: bytes) -> bytes:
    if name != "word/document.xml":
        return content
    names = b'xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    field = b"<x:p " + names + b'><x:fldSimple x:instr="INCLUDETEXT c:/x"/></x:p>'
    return content.replace(b"<w:body>", b"<w:body>" + field)


def _tracked(name: str, content: bytes) -> bytes:
    if name != "word/document.xml":
        return content
    return content.replace(b"<w:body>", b'<w:body><w:p><w:ins w:id="1" w:author="x"/></w:p>')


def _macro(name: str, content: bytes) -> bytes:
    if name != "[Content_Types].xml":
        return content
    return content.replace(
        b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_external, "link to somewhere"),
        (_external_in_figures, "link to somewhere"),
        (_called_otherwise, "Save it anew"),
        (_tracked, "tracked changes"),
        (_macro, "macros"),
    ],
)
def test_what_could_act_or_tell_more_than_it_shows_is_refused(
    change: Callable[[str, bytes], bytes], why: str
) -> None:
    with pytest.raises(Unacceptable, match=why):
        documents.check(repacked(change), "letter.docx", KIND)


def test_a_field_of_words_own_is_refused_but_for_page_numbers() -> None:
    def asks(document: Any) -> None:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "INCLUDETEXT secrets.docx")
        document.add_paragraph()._p.append(field)

    with pytest.raises(Unacceptable, match="INCLUDETEXT"):
        documents.check(changed(asks), "letter.docx", KIND)


def test_whose_letter_it_is_stands_at_the_top_of_every_page() -> None:
    def bare(document: Any) -> None:
        document.sections[0].header.paragraphs[0].clear()

    with pytest.raises(Unacceptable, match="top of each page"):
        documents.check(changed(bare), "letter.docx", KIND)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"PK\x03\x04 no document", "a.docx"), (b"%PDF-1.7", "a.docx"), (b"PK\x03\x04", "a.docm")],
)
def test_what_is_no_word_document_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(Unacceptable):
        documents.check(content, name, KIND)


def test_a_template_that_cannot_be_filled_makes_no_letter() -> None:
    broken = changed(lambda document: document.add_paragraph("{{ unknown }}"))
    with pytest.raises(NotMade):
        example(broken)
