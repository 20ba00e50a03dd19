"""The way to templates from a process that has something to lose: each is worked on apart."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from casework import apart
from casework.documents.kinds import WORD
from casework.documents.names import ending_of
from casework.documents.refusals import Unacceptable
from casework.rules.letters import MARKS, LetterKind

SECONDS: Final = 30
#: The largest template, in bytes: a letterhead with a crest is a tenth of it.
LARGEST: Final = 2 * 1024 * 1024

#: The words of a letter as they read: pairs of a kind ("top", "h1", "h2", "p") and text.
Words = Sequence[tuple[str, str]]


class NotMade(Exception):
    """The letter could not be made from its template. The words name nobody."""


@dataclass(frozen=True, slots=True)
class Made:
    """One copy of a letter: its Word document and its words."""

    content: bytes
    words: Words


def check(content: bytes, file_name: str, kind: LetterKind) -> list[str]:
    """Return the fields that a template uses. Raises Unacceptable, naming the field or the law."""
    if ending_of(file_name) not in WORD.endings or not content.startswith(WORD.begins):
        raise Unacceptable("A template is a Word document whose name ends in .docx. Choose one")
    if len(content) > LARGEST:
        raise Unacceptable("The Word document is larger than 2MB. Make the pictures in it smaller")
    demanded = {
        part.field: f"{part.words[0].lower()}{part.words[1:]} ({part.law})" for part in kind.parts
    }
    given = {"known": list(kind.fields), "demanded": demanded, "marks": list(MARKS)}
    with tempfile.TemporaryDirectory(prefix="casework-") as folder:
        file = Path(folder, "template")
        file.write_bytes(content)
        try:
            answer = apart.call(
                "casework.letters.template_checks:check",
                {**given, "file": str(file)},
                seconds=SECONDS,
            )
        except apart.Failed:
            raise Unacceptable(
                "The Word document cannot be opened: it is damaged, or takes too long to read. "
                "Save it anew in Word"
            ) from None
    if "refused" in answer:
        raise Unacceptable(answer["refused"])
    return list(answer["fields"])


def make(
    template: bytes, values: Sequence[Mapping[str, str]], *, title: str, author: str
) -> list[Made]:
    """Return a copy of the letter for each set of values. Raises NotMade."""
    with tempfile.TemporaryDirectory(prefix="casework-") as name:
        folder = Path(name)
        (folder / "template").write_bytes(template)
        given = {"folder": name, "values": list(values), "title": title, "author": author}
        try:
            answer = apart.call("casework.letters.filling:make", given, seconds=SECONDS)
        except apart.Failed as failed:
            raise NotMade(str(failed)) from None
        return [
            Made((folder / f"made-{number}").read_bytes(), [(kind, text) for kind, text in words])
            for number, words in enumerate(answer["words"])
        ]


def read(letter: bytes) -> str:
    """Return the words of a letter that was made here. Raises NotMade where it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="casework-") as folder:
        file = Path(folder, "letter")
        file.write_bytes(letter)
        try:
            answer = apart.call("casework.letters.filling:read", {"file": str(file)})
        except apart.Failed as failed:
            raise NotMade(str(failed)) from None
    return "\n".join(text for _, text in answer["words"])
