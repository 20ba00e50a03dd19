"""What the document of a plan says, in order: the same for the PDF and for Word.

Built from the values of one case and from nothing else. It holds no address and nobody's name but
the child's, the signer's and what the sections themselves say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Final

from casework.rules.civil_dates import spoken, spoken_date
from casework.rules.plan_content import Item, Section, labels
from casework.rules.plan_sections import ALL_SECTIONS, PROVISION_SECTIONS

TITLE: Final = "Education, health and care plan"
NOTHING: Final = "Nothing is recorded in this section."
NO_PLACEMENT_YET: Final = (
    "A draft names no school or other institution and no type of one (Children and Families Act "
    "2014, section 38(5)). The final plan does."
)
#: The sections as the regulation names what each holds (SEND Regulations 2014, reg 12(1)).
HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A": "Views, interests and aspirations",
        "B": "Special educational needs",
        "C": "Health care needs which relate to special educational needs",
        "D": "Social care needs which relate to special educational needs or to a disability",
        "E": "Outcomes sought",
        "F": "Special educational provision",
        "G": "Health care provision",
        "H1": "Social care provision under section 2 of the Chronically Sick and Disabled Persons "
        "Act 1970",
        "H2": "Any other social care provision",
        "I": "Name and type of school or other institution",
        "J": "Needs and outcomes to be met by direct payments",
        "K": "Advice and information",
    }
)
#: What nobody can see and a document cannot hold.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class Standing(StrEnum):
    """What the document is."""

    PREVIEW = auto()
    DRAFT = auto()
    FINAL = auto()


#: What each page says of it, in words.
MARKS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.PREVIEW: "PREVIEW: not a plan, and not to be sent",
        Standing.DRAFT: "DRAFT: not the final plan",
        Standing.FINAL: "",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Section I: a setting and its type, or the type alone (section 40(2))."""

    setting_type: str
    setting: str | None = None
    #: Where in the setting, in words: its special unit or its resourced provision.
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed the plan for the authority, as they sign, and on which day."""

    name_and_post: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan about to be made into a document.

    Raises ValueError for a draft with section I, and for a final plan without it or unsigned.
    """

    authority: str
    reference: str
    forenames: str
    surname: str
    known_as: str | None
    born: date | None
    sections: Mapping[str, Section]
    standing: Standing
    #: The day on which the document is made.
    dated: date
    #: For a draft: the last day for the family's comments.
    comments_by: date | None = None
    placement: Placement | None = None
    signature: Signature | None = None

    def __post_init__(self) -> None:
        """Refuse what the law does."""
        if "I" in self.sections or (self.standing is Standing.DRAFT and self.placement):
            raise ValueError("Section I is in a final plan only, and has a place of its own.")
        if self.standing is Standing.FINAL and not (self.placement and self.signature):
            raise ValueError("A final plan has section I and is signed.")

    @property
    def name(self) -> str:
        """Return the child's name as given."""
        return clean(f"{self.forenames} {self.surname}".strip())

    @property
    def running_head(self) -> str:
        """Return what every page says of whose it is: reference, initials and year of birth."""
        letters = "".join(f"{word[0]}." for word in self.name.split())
        born = f"born {self.born.year}" if self.born else "birth date not recorded"
        return f"{self.reference}, {letters}, {born}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return what stands under the title, as (what, words)."""
        found = [
            ("Name", self.name),
            ("Known as", clean(self.known_as or "")),
            ("Date of birth", spoken_date(self.born) if self.born else "Not recorded"),
            ("Reference", self.reference),
            ("Local authority", self.authority),
            ("Comments by", f"The end of {spoken(self.comments_by)}" if self.comments_by else ""),
            ("Date of this plan", spoken_date(self.signature.on) if self.signature else ""),
        ]
        return [(what, words) for what, words in found if words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One need, outcome or provision with its number, and the numbers of what it serves."""

    number: str
    text: str
    by_whom: str
    how_often: str
    how_long: str
    serves: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the document."""

    heading: str
    paragraphs: Sequence[str]
    rows: Sequence[Row]
    #: Whether its rows are provision, which stands in a table.
    is_provision: bool


def parts(plan: Plan) -> list[Part]:
    """Return every section of the plan in order, each separately identified, empty ones too."""
    numbers = labels(plan.sections.values())
    return [_part(key, plan, numbers) for key in ALL_SECTIONS]


def clean(words: str) -> str:
    """Return the words without the characters that no document can hold."""
    return _CONTROLS.sub("", words)


def _part(key: str, plan: Plan, numbers: Mapping[str, str]) -> Part:
    heading = f"Section {key}: {HEADINGS[key]}"
    if key == "I":
        return Part(heading, _placement(plan), (), is_provision=False)
    section = plan.sections.get(key, Section(key=key))
    paragraphs = [line.strip() for line in clean(section.words).splitlines() if line.strip()]
    if section.is_empty:
        paragraphs = [NOTHING]
    rows = [_row(item, numbers) for item in section.items]
    return Part(heading, paragraphs, rows, is_provision=key in PROVISION_SECTIONS)


def _placement(plan: Plan) -> list[str]:
    placement = plan.placement
    if placement is None:
        return [NO_PLACEMENT_YET]
    if placement.setting is None:
        return [f"Type of school or other institution: {clean(placement.setting_type)}"]
    place = [f"The place is in: {placement.place}"] if placement.place else []
    return [
        f"Name: {clean(placement.setting)}",
        f"Type: {clean(placement.setting_type)}",
        *place,
    ]


def _row(item: Item, numbers: Mapping[str, str]) -> Row:
    served = [numbers[one] for one in item.serves if one in numbers]
    return Row(
        number=numbers[item.id],
        text=clean(item.text),
        by_whom=clean(item.by_whom),
        how_often=clean(item.how_often),
        how_long=clean(item.how_long),
        serves=", ".join(served),
    )
