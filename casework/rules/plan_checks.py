"""What is wanting in a plan as it stands: gaps in the golden thread, and provision not quantified.

A finding that stops a draft from being served is one that the law forbids outright; every other is
advice to whoever writes the plan, who may know better.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework.rules.plan_content import Item, Section, labels
from casework.rules.plan_sections import (
    ALL_SECTIONS,
    HEALTH_SECTIONS,
    NEED_SECTIONS,
    PROVISION_SECTIONS,
    SERVES,
    SOCIAL_CARE_SECTIONS,
    WRITTEN_SECTIONS,
)

OWN = "Our own check"
#: The case law is not cited: none was confirmed.
QUANTIFIED = "Case law asks that section F be specific and quantified"
EACH_APART = "SEND Regulations 2014, reg 12(1)"
HEALTH_AGREES = "SEND Regulations 2014, reg 12(2)"
#: Not confirmed against the text of the regulations.
ADULTHOOD = "SEND Regulations 2014, reg 12(3)"
NO_PLACEMENT = "Children and Families Act 2014, s.38(5)"
#: The school year from which a plan prepares for adulthood.
ADULTHOOD_FROM = 9

#: Words that leave it open whether anything is given, and how much.
_VAGUE = re.compile(
    r"\b(access to|regular(?:ly)?"
    r"|(?:as|when|where|if) (?:appropriate|needed|necessary|required|possible)"
    r"|opportunit(?:y|ies) (?:for|to)|as and when|as clinically indicated|ongoing|some support"
    r"|up to|would benefit|to be considered)\b",
    re.IGNORECASE,
)
#: Words that say that a section has nothing in it.
_NONE = re.compile(r"\s*(none|nil|n/a|not applicable|no health)\b", re.IGNORECASE)
#: Words about how often that say how long as well: advice is asked for both in one box.
_LENGTH = re.compile(
    r"\b(minutes?|hours?|until|for (?:\w+ )?(?:weeks?|months?|terms?|years?))\b", re.IGNORECASE
)
_OF_ADULTHOOD = re.compile(
    r"\b(adult(?:hood)?|employ\w*|work (?:experience|placement)|job coach|apprentice\w*"
    r"|independen\w*|travel training|careers?|college|higher education|own home|money)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the check needs to know besides the words of the plan."""

    #: Whether health, and social care, gave advice that feeds their sections.
    has_health: bool = False
    has_social_care: bool = False
    #: The child's school year; None where the day of birth is not known.
    year: int | None = None
    #: Whether the commissioning body agreed section G as it stands now.
    is_health_agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wanting: where, what, and on whose authority we say so."""

    section: str
    words: str
    because: str = OWN
    #: The row, by its id and as people name it ("F2"); None for the section as a whole.
    item_id: str | None = None
    label: str = ""
    #: Whether a draft may not be served as it is.
    stops: bool = False


def findings(sections: Mapping[str, Section], around: Around) -> tuple[Finding, ...]:
    """Return what is wanting in a draft, in the plan's order; what stops it first of all.

    `sections` are those that were written, by their letters. Section I among them stops the draft.
    """
    plan = {key: sections.get(key, Section(key=key)) for key in ALL_SECTIONS}
    found = [*_placement(plan["I"]), *_of_plan(plan, around)]
    for section in plan.values():
        found += _of_section(section, plan)
    return tuple(sorted(found, key=_place))


def vague_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that leave open how much is given, each once, in lower case."""
    return tuple(dict.fromkeys(found.lower() for found in _VAGUE.findall(text)))


def _place(finding: Finding) -> tuple[bool, int]:
    return not finding.stops, list(ALL_SECTIONS).index(finding.section)


def _placement(section: Section) -> Iterator[Finding]:
    if not section.is_empty:
        yield Finding(
            section="I",
            words="A draft must not name a school or other institution, nor a type of one",
            because=NO_PLACEMENT,
            stops=True,
        )


def _of_plan(plan: Mapping[str, Section], around: Around) -> Iterator[Finding]:
    for sections, is_there, who in (
        (HEALTH_SECTIONS, around.has_health, "health"),
        (SOCIAL_CARE_SECTIONS, around.has_social_care, "social care"),
    ):
        written = [key for key in sections if plan[key].items]
        if written and not is_there:
            yield Finding(
                section=written[0],
                words=f"No advice from {who} feeds section {_listed(sections)}",
            )
    if _gives_any(plan["G"]) and not around.is_health_agreed:
        yield Finding(
            section="G",
            words="The commissioning body has not agreed this version of the health provision",
            because=HEALTH_AGREES,
        )
    if (around.year or 0) >= ADULTHOOD_FROM and not _prepares(plan):
        yield Finding(
            section="F",
            words=f"From Year {ADULTHOOD_FROM} provision to prepare for adulthood must be in F, G, "
            "H1 or H2. No row there speaks of work, college, travel or independent living",
            because=ADULTHOOD,
        )


def _gives_any(section: Section) -> bool:
    """Whether a section has anything in it but that there is nothing."""
    return bool(section.items) or not (section.is_empty or _NONE.match(section.words))


def _prepares(plan: Mapping[str, Section]) -> bool:
    rows = (item for key in PROVISION_SECTIONS for item in plan[key].items)
    return any(_OF_ADULTHOOD.search(item.text) for item in rows)


def _of_section(section: Section, plan: Mapping[str, Section]) -> Iterator[Finding]:
    key = section.key
    if section.is_empty:
        if key in WRITTEN_SECTIONS and key != "J":
            yield Finding(
                section=key,
                words="Nothing is written here. Where there is nothing to say, say so",
                because=EACH_APART,
            )
        return
    named = labels([section])
    for item in section.items:
        yield from (
            Finding(
                section=key,
                words=words,
                because=because,
                item_id=item.id,
                label=named[item.id],
            )
            for words, because in _of_item(key, item, plan)
        )


def _of_item(key: str, item: Item, plan: Mapping[str, Section]) -> Iterator[tuple[str, str]]:
    if not item.text.strip():
        yield "This row does not say what it is", OWN
    if key in NEED_SECTIONS and not _is_served(item, plan["E"]):
        yield "No outcome serves this need", OWN
    if key == "E":
        if not _serves_any(item, plan, SERVES["E"]):
            yield "This outcome serves no need", OWN
        if not any(_is_served(item, plan[one]) for one in PROVISION_SECTIONS):
            yield "No provision serves this outcome", OWN
    if key in PROVISION_SECTIONS:
        if not _serves_any(item, plan, SERVES[key]):
            yield "This provision serves no outcome", OWN
        yield from _quantified(key, item)


def _quantified(key: str, item: Item) -> Iterator[tuple[str, str]]:
    because = f"{OWN}. {QUANTIFIED}" if key == "F" else OWN
    boxes = (
        ("by whom", item.by_whom),
        ("how often", item.how_often),
        ("for how long", item.how_long or " ".join(_LENGTH.findall(item.how_often))),
    )
    missing = [words for words, said in boxes if not said.strip()]
    if missing:
        yield f"It does not say {_listed(missing)}", because
    said = " ".join((item.text, item.by_whom, item.how_often, item.how_long))
    if vague := vague_words(said):
        quoted = _listed([f"“{words}”" for words in vague], "and")
        yield f"It says {quoted}, which leaves open how much is given", because


def _is_served(item: Item, section: Section) -> bool:
    return any(item.id in other.serves for other in section.items)


def _serves_any(item: Item, plan: Mapping[str, Section], served: tuple[str, ...]) -> bool:
    return any(other.id in item.serves for key in served for other in plan[key].items)


def _listed(words: Sequence[str], last: str = "or") -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
