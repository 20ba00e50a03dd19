"""The words on each page of a document, for those who have it read aloud."""

import tempfile
from functools import lru_cache
from pathlib import Path

from casework import apart
from casework.documents.kinds import PDF
from casework.names import without_hidden


def texts(content: bytes, media_type: str) -> tuple[str, ...]:
    """Return the text of each page, empty where it has none that can be read; never raises."""
    return _texts(content) if media_type == PDF.media_type else ("",)


@lru_cache(maxsize=16)  # a panel's members open the same paper one after another
def _texts(content: bytes) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix="casework-") as folder:
        file = Path(folder, "paper")
        file.write_bytes(content)
        try:
            answer = apart.call("casework.documents.pdfs:texts", {"file": str(file)})
        except apart.Failed:
            return ()
    return tuple(map(_shown, answer["texts"]))


def _shown(text: str) -> str:
    return "\n".join(line for line in map(without_hidden, text.splitlines()) if line)
