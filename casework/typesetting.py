"""Documents set in type: a template of Typst, what it is given, and the PDF or picture it makes.

What a template is given is data: it is never pasted into the template's own words, so nothing that
a person typed can act there. Files to be placed come from outside, so a document that has any is
made in a process of its own (casework.apart).
"""

import json
import logging
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from casework import apart

log = logging.getLogger(__name__)

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates"
#: For a document with files in it: a pack of thirty cases is made in a few seconds.
SECONDS: Final = 120
MEMORY: Final = 4 * 1024 * 1024 * 1024
#: What a PDF must hold to be read aloud (ISO 14289-1). Pages of other PDFs cannot be placed in one.
ACCESSIBLE: Final = "ua-1"

#: A file to be placed, under the name by which the template calls it.
Attached = tuple[str, bytes]


class NotTypeset(Exception):
    """The document could not be made. The words name nobody: they say where the template fails."""


def pdf(template: str, data: Mapping[str, Any], files: Iterable[Attached] | None = None) -> bytes:
    """Return a document as a PDF: `template` is a path below `templates/`, `data` what JSON holds.

    Without files it is accessible (PDF/UA-1), unless something in it cannot be: a name in letters
    that no font of this machine has stops no document. Raises NotTypeset.
    """
    return _made(template, data, files, {"format": "pdf"})[0]


def pictures(
    template: str, data: Mapping[str, Any], files: Iterable[Attached] | None = None, *, ppi: int
) -> list[bytes]:
    """Return each page of a document as a PNG of `ppi` dots an inch. Raises NotTypeset."""
    return _made(template, data, files, {"format": "png", "ppi": ppi})


def place_pages(file: str, pages: int) -> None:
    """Place every page of the PDF at `file` in a document, to see that it can be.

    For a process that is apart already. Raises NotTypeset.
    """
    source = "\n".join(
        f'#image("{Path(file).name}", page: {number}, width: 10cm)'
        for number in range(1, pages + 1)
    )
    _compile(source.encode(), root=str(Path(file).parent))


def make(given: dict[str, Any]) -> dict[str, Any]:
    """Make the document whose template is in `folder`, and write its pages there.

    For a process that is apart.
    """
    folder = Path(given["folder"])
    try:
        pages = _compile(str(folder / "main.typ"), root=str(folder), **given["how"])
    except NotTypeset as error:
        return {"fault": str(error)}
    for number, page in enumerate(pages):
        (folder / f"made-{number}").write_bytes(page)
    return {"pages": len(pages)}


def _made(
    template: str,
    data: Mapping[str, Any],
    files: Iterable[Attached] | None,
    how: dict[str, Any],
) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="casework-") as name:
        folder = Path(name)
        _lay_out(folder, template, data)
        if files is None:
            return _made_here(folder, how)
        for called, content in files:
            (folder / called).write_bytes(content)
        return _made_apart(folder, how)


def _made_here(folder: Path, how: dict[str, Any]) -> list[bytes]:
    main = str(folder / "main.typ")
    if how["format"] == "pdf":
        try:
            return _compile(main, root=str(folder), pdf_standards=ACCESSIBLE, **how)
        except NotTypeset as fault:  # such as a name in letters that no font here has
            log.warning("a document is not accessible", extra={"values": {"why": str(fault)}})
    return _compile(main, root=str(folder), **how)


def _made_apart(folder: Path, how: dict[str, Any]) -> list[bytes]:
    given = {"folder": str(folder), "how": how}
    try:
        answer = apart.call("casework.typesetting:make", given, seconds=SECONDS, memory=MEMORY)
    except apart.Failed as error:
        raise NotTypeset(str(error)) from None
    if "fault" in answer:
        raise NotTypeset(answer["fault"])
    return [(folder / f"made-{number}").read_bytes() for number in range(answer["pages"])]


def _lay_out(folder: Path, template: str, data: Mapping[str, Any]) -> None:
    """Copy the template, and what it shares with others, beside what it is given."""
    source = TEMPLATES / template
    for file in source.parent.glob("*.typ"):
        shutil.copyfile(file, folder / file.name)
    (folder / source.name).rename(folder / "main.typ")
    (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _compile(source: str | bytes, **how: Any) -> list[bytes]:
    import typst  # 80 MB: read only by a process that sets something in type

    try:
        made = typst.compile(source, **how)
    except typst.TypstError as error:
        raise NotTypeset(_where(error)) from None
    except BaseException as error:  # a panic of the library is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise NotTypeset(type(error).__name__) from None
    assert made is not None
    return made if isinstance(made, list) else [made]


def _where(error: Any) -> str:
    """Return where the template fails, without its words: they may be a child's."""
    places = [line for line in str(error.diagnostic).splitlines() if ".typ:" in line]
    return places[0].strip(" ┌─│") if places else "no place given"
