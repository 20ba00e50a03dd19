"""What may be sent: by its ending, by its first bytes, and by opening it.

The three must agree. A file that only says that it is a PDF, or that is one and more besides, is
refused with words that say what to do.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from casework import apart
from casework.documents.names import cleaned, ending_of
from casework.documents.refusals import Unacceptable


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of file: how it is known, and what opens it."""

    media_type: str
    #: The first is the one that a download gets.
    endings: tuple[str, ...]
    begins: bytes
    #: As people call it, for "a …".
    words: str
    #: What opens it, apart from us: it answers its pages, and its text where it has any.
    opens: str

    @property
    def fits_a_pack(self) -> bool:
        """Return whether its pages can be placed in a pack of papers."""
        return self is not WORD


PDF: Final = Kind(
    media_type="application/pdf",
    endings=(".pdf",),
    begins=b"%PDF-",
    words="PDF",
    opens="casework.documents.pdfs:look",
)
PNG: Final = Kind(
    media_type="image/png",
    endings=(".png",),
    begins=b"\x89PNG\r\n\x1a\n",
    words="PNG picture",
    opens="casework.documents.images:look",
)
JPEG: Final = Kind(
    media_type="image/jpeg",
    endings=(".jpg", ".jpeg"),
    begins=b"\xff\xd8\xff",
    words="JPEG picture",
    opens="casework.documents.images:look",
)
WORD: Final = Kind(
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings=(".docx",),
    begins=b"PK\x03\x04",
    words="Word document (.docx)",
    opens="casework.documents.word_files:look",
)
KINDS: Final = (PDF, WORD, JPEG, PNG)
BY_MEDIA_TYPE: Final[Mapping[str, Kind]] = MappingProxyType({k.media_type: k for k in KINDS})
#: Every ending that a form offers.
ENDINGS: Final = tuple(ending for kind in KINDS for ending in kind.endings)
TAKEN: Final = "a PDF, a Word document (.docx), or a picture (.jpg or .png)"

_NOT_TAKEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".doc": "Open it in Word and save it as .docx or as a PDF",
        ".docm": "It can hold macros. Save it as .docx or as a PDF",
        ".rtf": "Open it in Word and save it as .docx or as a PDF",
        ".odt": "Save it as a PDF",
        ".pages": "Export it as a PDF",
        ".heic": "Save the picture as .jpg",
        ".tif": "Save it as a PDF",
        ".tiff": "Save it as a PDF",
        ".msg": "Print the message to PDF, and send what is attached to it by itself",
        ".eml": "Print the message to PDF, and send what is attached to it by itself",
        ".zip": "Take the files out of it, and send each by itself",
        ".html": "Print the page to PDF",
        ".htm": "Print the page to PDF",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file that is what it says it is."""

    kind: Kind
    #: What to call it when it is given out.
    file_name: str
    #: None for a Word document, whose pages depend on the machine that opens it.
    pages: int | None
    #: What can be read in its first pages; empty for a picture or a scan.
    text: str


def check(content: bytes, file_name: str) -> Checked:
    """Return what the file is. Raises Unacceptable."""
    kind = _kind_of(content, file_name)
    answer = _opened(kind, content)
    if words := answer.get("refused"):
        raise Unacceptable(words)
    return Checked(
        kind=kind,
        file_name=cleaned(file_name, kind.endings[0]),
        pages=answer.get("pages"),
        text=answer.get("text", ""),
    )


def _kind_of(content: bytes, file_name: str) -> Kind:
    ending = ending_of(file_name)
    if not content:
        raise Unacceptable("The file is empty. Check it and choose it again")
    kind = next((kind for kind in KINDS if ending in kind.endings), None)
    if kind is None:
        do = _NOT_TAKEN.get(ending, f"Send {TAKEN}")
        raise Unacceptable(f"This kind of file is not taken. {do}")
    if not content.startswith(kind.begins):
        raise Unacceptable(
            f"The file’s name ends in {ending} but it is no {kind.words}. Open it in the program "
            f"that made it, save it as {TAKEN}, and send that"
        )
    return kind


def _opened(kind: Kind, content: bytes) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="casework-") as folder:
        file = Path(folder, "sent")
        file.write_bytes(content)
        try:
            return apart.call(kind.opens, {"file": str(file), "media_type": kind.media_type})
        except apart.Failed:
            raise Unacceptable(
                "The file cannot be opened: it is damaged, or it is made in a way that takes too "
                "long to read. Open it yourself, print it to PDF, and send that"
            ) from None
