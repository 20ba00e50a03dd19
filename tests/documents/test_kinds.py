"""A file is what its name, its first bytes and its contents agree on, or it is not taken."""

from collections.abc import Callable

import pytest

from casework.documents import kinds
from casework.documents.kinds import Checked, check
from casework.documents.pdfs import MOST_PAGES
from casework.documents.refusals import Unacceptable
from tests.documents import files

MACROS = (
    "<Types>application/vnd.ms-word.document.macroEnabled.main+xml "
    "wordprocessingml.document.main+xml</Types>"
)
ELSEWHERE = (
    b'<Relationships><Relationship Id="r1" Target="https://example.org/x.dotm" '
    b'Type="x/attachedTemplate" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("content", "name", "kind", "pages"),
    [
        (files.pdf(pages=3), "report.PDF", kinds.PDF, 3),
        (files.scan(), "scan.pdf", kinds.PDF, 1),
        (files.picture("PNG"), "drawing.png", kinds.PNG, 1),
        (files.picture("JPEG"), "photo.jpeg", kinds.JPEG, 1),
        (files.picture("JPEG", turned=6), "telephone.jpg", kinds.JPEG, 1),
        (files.word(), "advice.docx", kinds.WORD, None),
    ],
)
def test_what_people_send_is_taken(
    content: bytes, name: str, kind: kinds.Kind, pages: int | None
) -> None:
    found = check(content, name)
    assert (found.kind, found.pages) == (kind, pages)


def test_the_words_of_a_document_are_read_and_a_scan_has_none() -> None:
    assert "Ida Invented is eight" in check(files.pdf(), "a.pdf").text
    assert "Ida Invented is eight" in check(files.word(), "a.docx").text
    assert check(files.scan(), "a.pdf").text.strip() == ""


REFUSED: list[tuple[str, bytes | Callable[[], bytes], str, str]] = [
    ("nothing in it", b"", "a.pdf", "empty"),
    ("another ending", files.picture("PNG"), "a.pdf", "it is no PDF"),
    ("a program", b"MZ\x90\0", "setup.exe", "This kind of file is not taken"),
    ("a program called a PDF", b"MZ\x90\0", "report.pdf", "it is no PDF"),
    ("two endings", b"MZ\x90\0", "report.pdf.exe", "This kind of file is not taken"),
    ("no ending", files.pdf(), "report", "This kind of file is not taken"),
    ("HTML", b"<!doctype html><script>1</script>", "a.html", "Print the page to PDF"),
    ("HTML called a picture", b"<script>alert(1)</script>", "a.png", "it is no PNG picture"),
    ("SVG", b"<svg onload='x'/>", "a.svg", "This kind of file is not taken"),
    ("SVG called a picture", b"<svg onload='x'/>", "a.png", "it is no PNG picture"),
    ("an old Word document", b"\xd0\xcf\x11\xe0", "a.doc", "save it as .docx or as a PDF"),
    ("a message", b"From: x", "a.msg", "Print the message to PDF"),
    ("a PDF cut short", lambda: files.pdf()[:-2000], "a.pdf", "its end is missing"),
    ("the head of a PDF alone", b"%PDF-1.7\n%%EOF", "a.pdf", "damaged or not whole"),
    ("a PDF's middle gone", lambda: _hollow(files.pdf()), "a.pdf", "damaged or not whole"),
    ("a locked PDF", files.locked_pdf, "a.pdf", "The PDF is locked"),
    ("no pages", files.pdf_without_pages, "a.pdf", "has no pages"),
    ("too many pages", lambda: files.pdf_of_many_pages(MOST_PAGES + 1), "a.pdf", "401 pages"),
    ("a script", files.pdf_with_script, "a.pdf", "holds a script"),
    ("a file inside", files.pdf_with_file, "a.pdf", "holds a file inside it"),
    ("a launch", lambda: files.pdf_with_action("/Launch"), "a.pdf", "starts a program"),
    ("a button that sends", lambda: files.pdf_with_action("/SubmitForm"), "a.pdf", "sends data"),
    ("a form of one program", files.pdf_form_of_one_program, "a.pdf", "only one program"),
    ("a ring of pages", files.pdf_that_goes_round, "a.pdf", "PDF"),
    ("a PDF and more", lambda: files.pdf() + files.word() * 5, "a.pdf", "something else behind"),
    ("a picture cut short", lambda: files.picture("PNG", (900, 900))[:-60], "a.png", "damaged"),
    (
        "a picture too large to hold",
        files.picture_of_ten_thousand_million_points,
        "a.png",
        "too large",
    ),
    ("a zip that is no document", lambda: files.word(types="<Types/>"), "a.docx", "no Word"),
    ("a document with macros", lambda: files.word(types=MACROS), "a.docx", "macro"),
    ("macros beside it", lambda: files.word(word_of_vbaProject__bin=b"x"), "a.docx", "macro"),
    (
        "a program inside",
        lambda: files.word(word_of_embeddings_of_oleObject1__bin=b"x"),
        "a.docx",
        "another program",
    ),
    (
        "a template elsewhere",
        lambda: files.word(word_of__rels_of_settings__xml__rels=ELSEWHERE),
        "a.docx",
        "from elsewhere",
    ),
    ("a zip bomb", files.zip_bomb, "a.docx", "unpacks to far too much"),
    ("a document cut short", lambda: files.word()[:-30], "a.docx", "damaged"),
]


@pytest.mark.parametrize(
    ("content", "name", "words"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_what_may_do_harm_is_refused_with_words_that_say_what_to_do(
    content: bytes | Callable[[], bytes], name: str, words: str
) -> None:
    given = content if isinstance(content, bytes) else content()
    with pytest.raises(Unacceptable, match=words.replace(".", r"\.")) as refused:
        check(given, name)
    assert "Invented" not in str(refused.value)


def test_a_picture_as_large_as_a_page_is_taken() -> None:
    checked: Checked = check(files.picture("JPEG", (4960, 7016)), "a4-at-600.jpg")
    assert checked.pages == 1


def _hollow(content: bytes) -> bytes:
    return content[: len(content) // 3] + content[-60:]
