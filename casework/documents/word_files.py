"""Opening a Word document: whole, of a size that can be, and nothing in it that acts.

It runs in a process of its own (casework.apart). Nothing is taken out of it but its words.
"""

import re
import zipfile
import zlib
from typing import Any, Final

from casework.documents.refusals import Unacceptable

#: Bytes that the document may unpack to, and how many times its size.
LARGEST: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 100
#: Below this many bytes unpacked no ratio is too high: much of a document is the same few words.
SMALL: Final = 10 * 1024 * 1024
MOST_PARTS: Final = 5_000
_CHUNK: Final = 1024 * 1024
_PDF: Final = "Save it as a PDF and send that"

_MAIN: Final = b"wordprocessingml.document.main+xml"
_ACTIVE: Final = re.compile(r"(?i)vbaproject|activex|embeddings/[^/]*\.(bin|exe|js|vbs|scr|lnk)$")
_TEMPLATE_ELSEWHERE: Final = re.compile(
    rb"<Relationship\b(?=[^>]*attachedTemplate)(?=[^>]*TargetMode\s*=\s*[\"']External)"
)
_FRAME_ELSEWHERE: Final = re.compile(
    rb"<Relationship\b(?=[^>]*/(oleObject|frame|subDocument)[\"'])"
    rb"(?=[^>]*TargetMode\s*=\s*[\"']External)"
)
_TEXT: Final = re.compile(rb"<w:t(?:\s[^>]*)?>([^<]*)</w:t>|(</w:p>)")
MOST_TEXT: Final = 20_000


def look(given: dict[str, Any]) -> dict[str, Any]:
    """Return the first words of the document at `file`, or why it is `refused`."""
    try:
        with zipfile.ZipFile(given["file"]) as packed:
            parts = _unpacked(packed)
        _refuse_no_document(parts)
        _refuse_active(parts)
        return {"pages": None, "text": _words(parts["word/document.xml"])}
    except Unacceptable as refused:
        return {"refused": str(refused)}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        return {"refused": f"The Word document is damaged or not whole. {_PDF}"}
    except RuntimeError:
        return {"refused": "The Word document is locked with a password. Take it off and send that"}


def _unpacked(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the parts that are read here; every other is unpacked too, to see that it can be."""
    listed = packed.infolist()
    if len(listed) > MOST_PARTS:
        raise Unacceptable(f"The Word document has too many parts. {_PDF}")
    size = sum(part.compress_size for part in listed) or 1
    most = min(LARGEST, max(SMALL, size * MOST_RATIO))
    kept: dict[str, bytes] = {}
    total = 0
    for part in listed:
        is_read = part.filename.endswith((".rels", "[Content_Types].xml", "word/document.xml"))
        content = []
        with packed.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)  # what its directory says of the size may be a lie
                if total > most:
                    raise Unacceptable(f"The Word document unpacks to far too much. {_PDF}")
                if is_read:
                    content.append(chunk)
        kept[part.filename] = b"".join(content)
    return kept


def _refuse_no_document(parts: dict[str, bytes]) -> None:
    is_word = "word/document.xml" in parts and _MAIN in parts.get("[Content_Types].xml", b"")
    if not is_word:
        raise Unacceptable(
            "The file’s name ends in .docx but it is no Word document, or it can hold macros. "
            f"{_PDF}"
        )


def _refuse_active(parts: dict[str, bytes]) -> None:
    if (
        any(_ACTIVE.search(name) for name in parts)
        or b"macroEnabled" in parts["[Content_Types].xml"]
    ):
        raise Unacceptable(f"The Word document holds a macro or another program. {_PDF}")
    relations = [content for name, content in parts.items() if name.endswith(".rels")]
    if any(_TEMPLATE_ELSEWHERE.search(r) or _FRAME_ELSEWHERE.search(r) for r in relations):
        raise Unacceptable(f"The Word document loads a part of itself from elsewhere. {_PDF}")


def _words(document: bytes) -> str:
    pieces = (b"\n" if end else text for text, end in _TEXT.findall(document[: 8 * _CHUNK]))
    return b"".join(pieces).decode("utf-8", "replace")[:MOST_TEXT]
