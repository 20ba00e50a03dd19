"""What is typed is set as it was typed, and a template that fails tells nobody's name."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader

from casework import typesetting
from casework.typesetting import NotTypeset
from tests.documents import files

TEMPLATE = """#let data = json("data.json")
#set document(title: data.title)
#heading[#data.title]
#for file in data.files { image(file.name, page: file.page, alt: data.title) }
"""
NASTY = '#panic("x") *bold* <b> \\ $x$ Zoë Łukasz Иван "quoted"'


@pytest.fixture(autouse=True)
def _own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "page.typ").write_text(TEMPLATE)
    (tmp_path / "papers" / "broken.typ").write_text('#panic(json("data.json").title)')
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)


def words_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_what_a_person_typed_is_words_and_never_markup() -> None:
    made = typesetting.pdf("papers/page.typ", {"title": NASTY, "files": []})
    words = " ".join(words_of(made).split())
    for part in ("#panic", "*bold*", "<b>", "$x$", "Zoë Łukasz Иван"):
        assert part in words


def test_a_document_without_files_is_accessible() -> None:
    made = typesetting.pdf("papers/page.typ", {"title": "Agenda", "files": []})
    reader = PdfReader(io.BytesIO(made))
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in reader.root_object
    assert b"pdfuaid" in (reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else b"")


def test_a_name_in_letters_that_no_font_has_stops_no_document() -> None:
    made = typesetting.pdf("papers/page.typ", {"title": "Zoë 李小龙", "files": []})
    assert "Zoë" in words_of(made)


def test_pages_of_a_file_are_placed_with_their_words() -> None:
    placed = [{"name": "1.pdf", "page": number} for number in (1, 3)]
    made = typesetting.pdf(
        "papers/page.typ", {"title": "Pack", "files": placed}, [("1.pdf", files.pdf(pages=3))]
    )
    words = words_of(made)
    assert "Page 1." in words
    assert "Page 3." in words
    assert "Page 2." not in words


def test_a_page_becomes_a_picture_and_a_telephones_picture_stands_upright() -> None:
    turned = files.picture("JPEG", (60, 40), turned=6)
    (made,) = typesetting.pictures(
        "papers/page.typ",
        {"title": "", "files": [{"name": "1.jpg", "page": 1}]},
        [("1.jpg", turned)],
        ppi=72,
    )
    with Image.open(io.BytesIO(made)) as picture:
        box = ImageOps.invert(picture.convert("L")).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert bottom - top > right - left


@pytest.mark.parametrize("placed", [None, [("1.pdf", files.pdf())]])
def test_a_template_that_fails_says_where_and_names_nobody(
    placed: list[tuple[str, bytes]] | None,
) -> None:
    with pytest.raises(NotTypeset, match=r"main\.typ") as failed:
        typesetting.pdf("papers/broken.typ", {"title": "Ida Invented", "files": []}, placed)
    assert "Ida" not in str(failed.value)


def test_a_file_that_cannot_be_placed_is_an_error_of_its_own() -> None:
    with pytest.raises(NotTypeset):
        typesetting.pdf(
            "papers/page.typ",
            {"title": "x", "files": [{"name": "1.pdf", "page": 1}]},
            [("1.pdf", b"%PDF-1.7 no such thing")],
        )
