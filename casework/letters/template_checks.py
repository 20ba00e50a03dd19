"""What a Word document must be to be a template of a letter: harmless, known, and whole in law.

It runs in a process of its own (casework.apart), since the file comes from outside.
"""

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from docx.opc.oxml import serialize_part_xml
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from casework.documents import word_files
from casework.documents.refusals import Unacceptable

#: What a template may be made of: words, fields, and parts that are there only if a field says so.
_ALLOWED: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name),
    *(nodes.If, nodes.Not, nodes.And, nodes.Or),
)
#: What Word reads besides the body: notes, headers, footers.
_PART: Final = re.compile(r"word/\w+\.xml", re.IGNORECASE)
_WORD_NAMES: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: The names of Word's own elements, called otherwise than below.
_CALLED_OTHERWISE: Final = re.compile(rf'xmlns(?!:w=)(?::\w+)?="{re.escape(_WORD_NAMES)}"')
_ANEW: Final = "The Word document cannot be read as a template. Save it anew in Word"
_PIECE: Final = re.compile(r"<w:instrText[^>]*>([^<]*)</w:instrText>")
_SIMPLE: Final = re.compile(r"w:instr\s*=\s*[\"']([^\"']*)")
_INSTRUCTIONS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_UNFIT: Final[Mapping[str, str]] = {
    r"<w:(ins|del|moveFrom|moveTo)\s": "tracked changes. Accept or reject them all",
    r"<w:comment(Reference|RangeStart)\b": "comments. Delete them",
    r"<w:vanish\s*/>|<w:vanish w:val=\"(1|true|on)\"": "hidden text. Delete it or show it",
    r"<w:(altChunk|object|control|subDoc)\b": "an embedded object. Delete it",
}


def check(given: dict[str, Any]) -> dict[str, Any]:
    """Return the `fields` that the document at `file` uses, or why it is `refused`.

    `known` are those that it may use, `demanded` those that must be in its body whatever happens,
    each with what is said where it is not; `marks` those that must be at the top of each page.
    """
    looked = word_files.look({"file": given["file"]})
    if "refused" in looked:
        return {"refused": looked["refused"]}
    try:
        _refuse_outside(given["file"])
        _refuse_unfit(given["file"])
        template = DocxTemplate(given["file"])
        template.init_docx()
        body = _of_body(template)
        tops = list(_of_parts(template, DocxTemplate.HEADER_URI))
        feet = list(_of_parts(template, DocxTemplate.FOOTER_URI))
        used = {name for part in (body, *tops, *feet) for name in _names(part, given["known"])}
        _demand(body, given["demanded"])
        _demand_marks(tops, given["marks"])
    except Unacceptable as refused:
        return {"refused": str(refused)}
    except Exception:  # whatever breaks the library in a process apart: the file is at fault
        return {"refused": _ANEW}
    return {"fields": sorted(used)}


def environment() -> SandboxedEnvironment:
    """Return what templates are read with: nothing in it can reach anything but their fields."""
    made = SandboxedEnvironment(autoescape=True)
    for table in (made.globals, made.filters, made.tests):
        table.clear()
    return made


def _refuse_outside(file: str) -> None:
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            if not name.lower().endswith(".rels"):
                continue
            relations: Any = parse_xml(packed.read(name))
            if any(one.get("TargetMode", "").lower() == "external" for one in relations.iter("*")):
                raise Unacceptable(
                    "The Word document has a link to somewhere outside of it. Remove the link and "
                    "type the address as words"
                )


def _refuse_unfit(file: str) -> None:
    """Read as Word reads it: whatever its letters are written as, in each of its parts."""
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            if not _PART.fullmatch(name):
                continue
            xml = serialize_part_xml(parse_xml(packed.read(name))).decode()
            if _CALLED_OTHERWISE.search(xml):
                raise Unacceptable(_ANEW)
            for pattern, words in _UNFIT.items():
                if re.search(pattern, xml):
                    raise Unacceptable(f"The Word document holds {words}, and save it again")
            for asked in _instructions(xml):
                if asked not in _INSTRUCTIONS:
                    raise Unacceptable(
                        f"The Word document has a field of Word’s own, {asked[:20]}. Only page "
                        "numbers are taken: put words in its place"
                    )


def _of_body(template: Any) -> nodes.Template:
    return _read(template, template.get_xml())


def _of_parts(template: Any, uri: str) -> Iterator[nodes.Template]:
    for _, part in template.get_headers_footers(uri):
        yield _read(template, template.get_part_xml(part))


def _read(template: Any, xml: str) -> nodes.Template:
    try:
        return environment().parse(template.patch_xml(xml))
    except TemplateError as fault:
        raise Unacceptable(
            "Something between {{ and }}, or between {% and %}, cannot be read: "
            f"{str(fault.message)[:120]}. Type it again"
        ) from None


def _instructions(xml: str) -> Iterator[str]:
    """The first word of each of Word's own fields, however its runs were cut up."""
    written = [*_SIMPLE.findall(xml)]
    for begun in xml.split('fldCharType="begin"')[1:]:
        until = begun.split("fldCharType=")[0]
        written.append("".join(_PIECE.findall(until)))
    return (words[0].upper() for one in written if (words := one.split()))


def _names(part: nodes.Template, known: Collection[str]) -> Iterator[str]:
    for node in _all(part):
        if not isinstance(node, _ALLOWED):
            raise Unacceptable(
                "A template holds only fields, as {{ child }}, and parts shown only where a field "
                "is filled, as {% if more %} … {% endif %}. It has something else between such "
                "marks. Take it out"
            )
        if isinstance(node, nodes.Name):
            if node.name not in known:
                raise Unacceptable(
                    f"There is no field “{node.name[:40]}” for this letter. Look at the list of "
                    "its fields and correct the name"
                )
            yield node.name


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _always(part: nodes.Template) -> set[str]:
    """The fields that are shown whatever the case: in no part that depends on another."""
    outputs = (node for node in part.body if isinstance(node, nodes.Output))
    return {one.name for node in outputs for one in node.nodes if isinstance(one, nodes.Name)}


def _demand(body: nodes.Template, demanded: Mapping[str, str]) -> None:
    there = _always(body)
    mentioned = {node.name for node in _all(body) if isinstance(node, nodes.Name)}
    for name, words in demanded.items():
        if name in there:
            continue
        where = "is only there under a condition" if name in mentioned else "is missing"
        raise Unacceptable(
            f"The field {{{{ {name} }}}} {where}. The letter must have it: {words}. Put it in the "
            "body of the letter, outside of any {% if %}"
        )


def _demand_marks(tops: list[nodes.Template], marks: Collection[str]) -> None:
    if not tops or any(not set(marks) <= _always(top) for top in tops):
        named = ", ".join(f"{{{{ {name} }}}}" for name in marks)
        raise Unacceptable(
            f"The top of each page must have {named}, so that no two children’s letters are mixed. "
            "Put them in the header, outside of any {% if %}"
        )
