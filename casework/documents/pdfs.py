"""Opening a PDF: whole, open to all who have it, and nothing but pages.

These functions run in a process of their own (casework.apart), since a PDF may be made to break
whatever opens it.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from casework.documents.refusals import Unacceptable
from casework.typesetting import NotTypeset, place_pages

MOST_PAGES: Final = 400
#: Pages read for words by which to know whose document it is.
READ: Final = 5
MOST_TEXT: Final = 20_000
#: Bytes after the end of a PDF that some programs leave; more is another file behind it.
MOST_AFTER: Final = 1024
_PRINT: Final = "Open it, print it to PDF, and send that"

#: What an action of a PDF may do that a page on paper never would.
_ACTS: Final = {
    "/JavaScript": "a script",
    "/Launch": "a command that starts a program",
    "/ImportData": "a command that loads data",
    "/SubmitForm": "a button that sends data away",
    "/GoToE": "a file inside it",
    "/Rendition": "a recording",
}
_HOLDS: Final = {
    "/EmbeddedFile": "a file inside it",
    "/FileAttachment": "a file inside it",
    "/RichMedia": "a recording",
    "/Movie": "a recording",
    "/Sound": "a recording",
    "/Screen": "a recording",
}


def look(given: dict[str, Any]) -> dict[str, Any]:
    """Return the pages and the first words of the PDF at `file`, or why it is `refused`."""
    try:
        with open(given["file"], "rb") as file:
            _refuse_more_behind(file.read())
        reader = PdfReader(given["file"], strict=False)
        _refuse_locked(reader)
        pages = _counted(reader)
        _refuse_active(reader)
        _refuse_unplaceable(given["file"], pages)
        return {"pages": pages, "text": _first_words(reader)}
    except Unacceptable as refused:
        return {"refused": str(refused)}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        return {"refused": f"The PDF is damaged or not whole. {_PRINT}"}
    except (RecursionError, MemoryError):
        return {"refused": f"The PDF cannot be read: it is too tangled. {_PRINT}"}


def texts(given: dict[str, Any]) -> dict[str, Any]:
    """Return the `texts` of the pages of the PDF at `file`, empty for one that cannot be read."""
    return {"texts": [_text_of(page) for page in PdfReader(given["file"]).pages]}


def _text_of(page: PageObject) -> str:
    try:
        return page.extract_text()[:MOST_TEXT]
    except Exception:
        return ""  # the picture of the page is still shown


def _refuse_more_behind(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Unacceptable(f"The PDF is not whole: its end is missing. {_PRINT}")
    if len(content[end + 5 :].strip(b"\0\r\n\t ")) > MOST_AFTER:
        raise Unacceptable(f"There is something else behind the PDF in the same file. {_PRINT}")


def _refuse_locked(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise Unacceptable(
            "The PDF is locked, with a password or against copying. Open it with the password, "
            "print it to PDF, and send that"
        )


def _counted(reader: PdfReader) -> int:
    pages = len(reader.pages)
    if pages == 0:
        raise Unacceptable("The PDF has no pages. Check it and choose it again")
    if pages > MOST_PAGES:
        raise Unacceptable(
            f"The PDF has {pages:,} pages and up to {MOST_PAGES} are taken. Divide it, and send "
            "each part as a document of its own"
        )
    return pages


def _refuse_active(reader: PdfReader) -> None:
    for held in _dictionaries(reader):
        if words := _active(held):
            raise Unacceptable(f"The PDF holds {words}, which is not taken. {_PRINT}")


def _active(held: Mapping[str, Any]) -> str | None:
    if "/XFA" in held:
        return "a form that only one program can open"
    if "/JS" in held:
        return "a script"
    if "/EF" in held:
        return "a file inside it"
    if act := _ACTS.get(str(held.get("/S", ""))):
        return act
    return _HOLDS.get(str(held.get("/Type", ""))) or _HOLDS.get(str(held.get("/Subtype", "")))


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary that can be reached, each once, however they refer to each other."""
    waiting: list[PdfObject | None] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if (found.idnum, found.generation) in seen:
                continue
            seen.add((found.idnum, found.generation))
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            waiting.extend(found.raw_get(key) for key in found)
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))


def _refuse_unplaceable(file: str, pages: int) -> None:
    """Place each page as a pack of papers would: a PDF that cannot be is found now, not then."""
    try:
        place_pages(file, pages)
    except NotTypeset:
        raise Unacceptable(
            f"The PDF cannot be read by the program that makes packs of papers. {_PRINT}"
        ) from None


def _first_words(reader: PdfReader) -> str:
    texts = (page.extract_text() for page in islice(reader.pages, READ))
    try:
        return "\n".join(texts)[:MOST_TEXT]
    except Exception:
        return ""  # only asked whose document it is; a person is asked instead
