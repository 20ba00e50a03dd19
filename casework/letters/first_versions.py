"""The templates that come with the system, as Word documents: the first version of each letter.

They are written here and not kept as files, so that a change in them can be read. An authority
takes one out, changes it in Word and puts it back as its own second version.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

_FONT: Final = "Arial"
#: To whom a letter says Dear, where it goes to an office and not to a person by name.
_DEAR: Final = MappingProxyType({"consultation": "headteacher or principal"}) | dict.fromkeys(
    ("health_request", "social_care_request", "psychology_request"), "colleague"
)
#: A heading begins so; what begins otherwise is a paragraph.
_H: Final = "# "
_APPEAL: Final = (
    "# Your right to appeal",
    *("{{ appeal_right }}", "# The time you have", "{{ appeal_time_limits }}", "# Mediation"),
    *("{{ mediation }}", "# Settling a disagreement", "{{ disagreement_resolution }}"),
    *("# Information, advice and support", "{{ information_service }}"),
)
_REASONS: Final = ("# Why", "{{ reasons }}")
_REQUEST: Final = (
    "{{ asked_for }}",
    "# By when",
    "{{ reply_by }}",
    "If you do not know {{ child }}, or think that no advice is needed from you, please tell us "
    "that: it is an answer.",
)

#: Of each kind of letter: its heading, and what stands between greeting and signature.
_TEXTS: Final[Mapping[str, tuple[str, Sequence[str]]]] = MappingProxyType(
    {
        "considering": (
            "We are considering an EHC needs assessment",
            (
                *("{{ considering }}", "# What you can do now", "{{ views_and_evidence }}"),
                "# What happens next",
                "{{ next_steps }}",
            ),
        ),
        "will_assess": (
            "We will carry out an EHC needs assessment",
            (
                "{{ decision }}",
                "# What happens next",
                "We now ask those who know {{ child }} for advice, and you for your views. If "
                "there is somebody whom you would like us to ask, please tell us soon.",
                "{{ next_steps }}",
            ),
        ),
        "will_not_assess": (
            "We will not carry out an EHC needs assessment",
            ("{{ decision }}", *_REASONS, *_APPEAL),
        ),
        "no_plan": ("We will not make an EHC plan", ("{{ decision }}", *_REASONS, *_APPEAL)),
        "draft": (
            "The draft EHC plan",
            (
                "The draft of the EHC plan of {{ child }} is sent with this letter. Please read "
                "it, and tell us what you think of it.",
                *("# Your comments", "{{ last_day_for_comments }}"),
                *("# Asking for a school or college", "{{ ask_for_school }}", "{{ find_schools }}"),
                *("# Meeting us", "{{ ask_for_meeting }}", "# What happens next"),
                "{{ next_steps }}",
            ),
        ),
        "consultation": (
            "Consultation: should an EHC plan name you?",
            ("{{ question }}", "# The test in law", "{{ test }}", "# By when", "{{ reply_by }}"),
        ),
        "final": ("The final EHC plan", ("{{ decision }}", *_APPEAL)),
        "exception": (
            "A time limit that we will not meet",
            ("{{ limits_missed }}", *_REASONS, "# What does not change", "{{ still_owed }}"),
        ),
        "holding": (
            "We are late, and when to expect us",
            (
                *("{{ limit_missed }}", *_REASONS, "# By when now", "{{ expected }}"),
                *("# Information, advice and support", "{{ information_service }}"),
            ),
        ),
        "health_request": ("Request for health advice", _REQUEST),
        "social_care_request": ("Request for social care advice", _REQUEST),
        "psychology_request": ("Request for an educational psychologist’s advice", _REQUEST),
    }
)


def first_version(kind: str) -> bytes:
    """Return the Word document that comes with the system for a kind of letter."""
    heading, texts = _TEXTS[kind]
    document = Document()
    _prepare(document)
    _top(document.sections[0])
    _letterhead(document, _DEAR.get(kind, "{{ to_name }}"), heading)
    for text in texts:
        _text(document, text)
    _end(document)
    about = document.core_properties
    about.title, about.author, about.comments, about.language = heading, "", "", "en-GB"
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _prepare(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    for name, size, before, after in (
        *(("Normal", 12, 0, 6), ("Heading 1", 18, 10, 6), ("Heading 2", 14, 10, 3)),
        ("Header", 9, 0, 0),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        # Headings take the typeface of a theme unless each alphabet is told another.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), _FONT)
        fonts.set(qn("w:cs"), _FONT)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
    document.styles["Normal"].paragraph_format.line_spacing = 1.08
    document.styles["Normal"].paragraph_format.widow_control = True
    document.styles["Header"].paragraph_format.tab_stops.clear_all()
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _top(section: Any) -> None:
    """Whose letter it is and which page, at the top of each: sheets that fall apart are found."""
    line = section.header.paragraphs[0]
    width = section.page_width - section.left_margin - section.right_margin
    line.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    line.add_run("{{ reference }} · {{ initials }}, born {{ birth_year }}\tPage ")
    _number(line, "PAGE")
    line.add_run(" of ")
    _number(line, "NUMPAGES")


def _number(paragraph: Any, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001


def _letterhead(document: Any, dear: str, heading: str) -> None:
    name = document.add_paragraph()
    name.add_run("{{ authority }}").bold = True
    name.runs[0].font.size = Pt(18)
    name.paragraph_format.space_after = Pt(2)
    address = document.add_paragraph("{{ authority_address }}")
    address.paragraph_format.space_after = Pt(14)
    to = document.add_paragraph("{{ to_name }}")
    to.paragraph_format.space_after = Pt(0)
    document.add_paragraph("{{ to_address }}").paragraph_format.space_after = Pt(14)
    about = partial(_labelled, document)
    about("Date", "{{ letter_date }}")
    about("Our reference", "{{ reference }}")
    about("About", "{{ child }}, born {{ born }}").paragraph_format.space_after = Pt(14)
    document.add_paragraph(f"Dear {dear}")
    document.add_heading(heading, level=1)


def _labelled(document: Any, label: str, text: str) -> Any:
    line = document.add_paragraph()
    line.add_run(f"{label}: ").bold = True
    line.add_run(text)
    line.paragraph_format.space_after = Pt(0)
    return line


def _text(document: Any, text: str) -> None:
    if text.startswith(_H):
        document.add_heading(text.removeprefix(_H), level=2).paragraph_format.keep_with_next = True
    elif text == "{{ next_steps }}":
        _if_filled(document, "next_steps")
    else:
        document.add_paragraph(text)


def _if_filled(document: Any, field: str) -> None:
    document.add_paragraph(f"{{%p if {field} %}}")
    document.add_paragraph(f"{{{{ {field} }}}}").paragraph_format.keep_with_next = True
    document.add_paragraph("{%p endif %}")


def _end(document: Any) -> None:
    # A signature alone on a page could be put under anything: the last words go with it.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _if_filled(document, "more")
    sincerely = document.add_paragraph("Yours sincerely")
    sincerely.paragraph_format.space_before = Pt(14)
    sincerely.paragraph_format.space_after = Pt(34)  # room to sign
    sincerely.paragraph_format.keep_with_next = True
    signed = document.add_paragraph("{{ officer }}")
    signed.paragraph_format.space_after = Pt(0)
    signed.paragraph_format.keep_with_next = True
    document.add_paragraph("{{ officer_post }}").paragraph_format.space_after = Pt(0)
    last = document.add_paragraph("For {{ authority }}")
    last.alignment = WD_ALIGN_PARAGRAPH.LEFT
