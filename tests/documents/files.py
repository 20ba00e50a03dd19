"""Files as people send them, and files made to do harm. Nobody in them is real."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache

import typst
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

WORDS = "Ida Invented is eight and likes to draw. " * 12


@cache
def pdf(words: str = WORDS, pages: int = 1) -> bytes:
    """Return a PDF of some pages, each with the words on it."""
    source = "#pagebreak()\n".join(f"Page {n + 1}. {words}\n" for n in range(pages))
    made = typst.compile(source.encode())
    assert isinstance(made, bytes)
    return made


@cache
def scan(colour: str = "white") -> bytes:
    """Return a PDF that is a picture of a page: it has no words."""
    made = io.BytesIO()
    Image.new("RGB", (400, 560), colour).save(made, "PDF")
    return made.getvalue()


@cache
def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), turned: int = 0) -> bytes:
    """Return a picture; `turned` is the EXIF orientation that a telephone writes."""
    made = io.BytesIO()
    image = Image.new("RGB", size, "navy")
    exif = image.getexif()
    if turned:
        exif[0x0112] = turned
    image.save(made, kind, exif=exif)
    return made.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def word(words: str = WORDS, *, types: str = _TYPES, **more: bytes) -> bytes:
    """Return a Word document; `more` are parts of it, their names with a dot as `__`."""
    parts: Mapping[str, bytes] = {
        "[Content_Types].xml": types.encode(),
        "word/document.xml": f"<w:document><w:p><w:t>{words}</w:t></w:p></w:document>".encode(),
    } | {name.replace("__", ".").replace("_of_", "/"): content for name, content in more.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def _written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _copied() -> PdfWriter:
    return PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))


def locked_pdf() -> bytes:
    """Return a PDF that opens without a password but may not be copied."""
    writer = _copied()
    writer.encrypt(user_password="", owner_password="secret", algorithm="RC4-128")
    return _written(writer)


def pdf_with_script() -> bytes:
    """Return a PDF that runs a script when it is opened."""
    writer = _copied()
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")}
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)
    return _written(writer)


def pdf_with_file() -> bytes:
    """Return a PDF with another file inside it."""
    writer = _copied()
    writer.add_attachment("run.exe", b"MZ")
    return _written(writer)


def pdf_with_action(act: str) -> bytes:
    """Return a PDF whose first page has a place that does something when it is pressed."""
    writer = _copied()
    action = DictionaryObject(
        {NameObject("/S"): NameObject(act), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    place = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (0, 0, 90, 90)]),
            NameObject("/A"): action,
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(place)])
    return _written(writer)


def pdf_form_of_one_program() -> bytes:
    """Return a PDF whose form is XFA, which shows only "please wait" elsewhere."""
    writer = _copied()
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer.root_object[NameObject("/AcroForm")] = form
    return _written(writer)


def pdf_without_pages() -> bytes:
    """Return a PDF of no pages at all."""
    return _written(PdfWriter())


def pdf_of_many_pages(number: int) -> bytes:
    """Return a PDF of so many empty pages."""
    writer = PdfWriter()
    for _ in range(number):
        writer.add_blank_page(100, 100)
    return _written(writer)


def picture_of_ten_thousand_million_points() -> bytes:
    """Return a PNG of a few bytes that says it is 100,000 points wide and as high."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack("!L", len(content)) + checked + struct.pack("!L", zlib.crc32(checked))

    head = chunk(b"IHDR", struct.pack("!LLBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 300_001))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def pdf_that_goes_round() -> bytes:
    """Return a PDF whose pages refer to each other without end."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )


def zip_bomb() -> bytes:
    """Return a small Word document that unpacks to forty million bytes."""
    return word(word_of_media_of_x__xml=b"0" * 40_000_000)
