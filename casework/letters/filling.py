"""A template filled for one or more recipients: the Word documents, and their words as they read.

`make` runs in a process of its own (casework.apart): the template comes from outside.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined

from casework.letters.template_checks import environment

_HEADING: Final = re.compile(r"(?i)heading ?(\d)")
#: Kept in a value: a new line, and what begins a new paragraph.
_KEPT: Final = "\n\a"


def make(given: dict[str, Any]) -> dict[str, Any]:
    """Fill the template at `folder`/template for each of `values`, and write what is made there.

    Answers the `words` of each, in pairs of a kind ("h1", "h2" or "p") and text.
    """
    folder = Path(given["folder"])
    words = []
    for number, values in enumerate(given["values"]):
        made = folder / f"made-{number}"
        _fill(str(folder / "template"), values, given["title"], given["author"], str(made))
        words.append(list(_words(str(made))))
    return {"words": words}


def read(given: dict[str, Any]) -> dict[str, Any]:
    """Answer the `words` of the letter at `file`, in pairs as `make` does."""
    return {"words": list(_words(given["file"]))}


def _fill(template: str, values: Mapping[str, str], title: str, author: str, to: str) -> None:
    document = DocxTemplate(template)
    document.init_docx()
    read = environment()
    read.undefined = StrictUndefined
    document.render({name: _safe(text) for name, text in values.items()}, read, autoescape=True)
    about = document.docx.core_properties
    # Nothing of whoever wrote the template, and nothing of the child: only what the letter is.
    about.title, about.author, about.last_modified_by = title, author, author
    about.subject = about.keywords = about.comments = about.category = ""
    about.identifier, about.language = "", "en-GB"
    document.save(to)


def _safe(text: str) -> str:
    """Return a value without what XML cannot hold or Word would act on."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cs"))


def _words(file: str) -> Iterator[tuple[str, str]]:
    document = Document(file)
    for section in document.sections[:1]:
        yield from (("top", text) for text in _texts(section.header.paragraphs) if text)
    styles = {style.style_id: style.name or "" for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        text = "".join(_pieces(paragraph)).strip()
        if text:
            yield _kind(paragraph, styles), text


def _texts(paragraphs: Iterable[Any]) -> Iterator[str]:
    return ("".join(_pieces(paragraph._p)).strip() for paragraph in paragraphs)  # noqa: SLF001


def _pieces(paragraph: Any) -> Iterator[str]:
    text, line = qn("w:t"), qn("w:br")
    for node in paragraph.iter(text, line, qn("w:tab")):
        if node.tag == text:
            yield node.text or ""
        else:
            yield "\n" if node.tag == line else " "


def _kind(paragraph: Any, styles: Mapping[str, str]) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    name = styles.get(style.get(qn("w:val")), "") if style is not None else ""
    found = _HEADING.fullmatch(name)
    if found:
        return "h1" if found[1] == "1" else "h2"
    return "h1" if name == "Title" else "p"
