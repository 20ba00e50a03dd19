"""The sections of an EHC plan, each separately identified (SEND Regulations 2014, reg 12(1))."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casework.rules.advisers import Agency


@dataclass(frozen=True, slots=True)
class PlanSection:
    """One section: its letter, what it holds, and the agency whose words it holds.

    `agency` is None for what is common to all: anyone who works on the case may read it.
    """

    key: str
    words: str
    agency: Agency | None = None


_ROWS = (
    PlanSection("B", "Special educational needs"),
    PlanSection("C", "Health needs", Agency.HEALTH),
    PlanSection("D", "Social care needs", Agency.SOCIAL_CARE),
    PlanSection("E", "Outcomes"),
    PlanSection("F", "Special educational provision"),
    PlanSection("G", "Health provision", Agency.HEALTH),
    PlanSection("H1", "Social care that must be made (1970 Act)", Agency.SOCIAL_CARE),
    PlanSection("H2", "Other social care", Agency.SOCIAL_CARE),
)

#: Every section, in the plan's order: those that advice feeds stand between the family's views and
#: what the authority adds. I is in a final plan only (Children and Families Act 2014, s.38(5)).
ALL_SECTIONS: Mapping[str, PlanSection] = MappingProxyType(
    {
        row.key: row
        for row in (
            PlanSection("A", "Views, interests and aspirations"),
            *_ROWS,
            PlanSection("I", "Placement"),
            PlanSection("J", "Direct payments"),
            PlanSection("K", "Advice and information"),
        )
    }
)
#: Those that advice can feed, by their letters, in the plan's order.
PLAN_SECTIONS: Mapping[str, PlanSection] = MappingProxyType({row.key: row for row in _ROWS})

#: Where a need stands, and where the provision for it does.
NEED_SECTIONS = ("B", "C", "D")
PROVISION_SECTIONS = ("F", "G", "H1", "H2")

#: What the rows of a section serve, by the sections they stand in: the golden thread.
SERVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"E": NEED_SECTIONS} | dict.fromkeys(PROVISION_SECTIONS, ("E",))
)
#: The sections that are written as rows; the others are free words.
ROW_SECTIONS = (*NEED_SECTIONS, "E", *PROVISION_SECTIONS)
#: What is written before the final plan: all but I (Children and Families Act 2014, s.38(5)).
WRITTEN_SECTIONS = tuple(key for key in ALL_SECTIONS if key != "I")

#: What the advice of an agency usually feeds; who returns it says what it does feed.
USUALLY_FEEDS: Mapping[Agency, tuple[str, ...]] = MappingProxyType(
    {
        Agency.FAMILY: ("B", "E"),
        Agency.EDUCATION: ("B", "E", "F"),
        Agency.HEALTH: ("B", "C", "E", "F", "G"),
        Agency.PSYCHOLOGY: ("B", "E", "F"),
        Agency.SOCIAL_CARE: ("D", "E", "H1", "H2"),
        Agency.OTHER: ("B", "E", "F"),
    }
)
#: A contribution of health or of social care to a plan is advice that feeds one of these.
HEALTH_SECTIONS = ("C", "G")
SOCIAL_CARE_SECTIONS = ("D", "H1", "H2")


def in_order(sections: Iterable[str]) -> tuple[str, ...]:
    """Return the letters in the plan's order, each once, without what is no section."""
    wanted = set(sections)
    return tuple(key for key in PLAN_SECTIONS if key in wanted)


def fed(
    ticked: Iterable[str], said: Iterable[tuple[str, str, str | None]], *, has_document: bool
) -> tuple[str, ...]:
    """Return the sections that advice feeds, in the plan's order.

    `said` are, for each row of a form, the section of its need, its outcome, and the section of
    its provision. Rows say it themselves; what is `ticked` speaks for a document, which nobody
    but a person can read, and for advice without rows.
    """
    rows = list(said)
    own = {key for need, _, provision in rows for key in (need, provision) if key}
    own |= {"E"} if any(outcome for _, outcome, _ in rows) else set()
    return in_order(own | set(ticked) if has_document or not rows else own)
