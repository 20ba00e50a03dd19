"""How a page about a plan is opened, and a section as pages show it: its rows by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.access import reads_of
from casework.database import reading
from casework.queries import case_advice, plan_advice, plans
from casework.queries.cases import CaseView
from casework.queries.plan_advice import Sources
from casework.queries.plans import Plan, SectionLine
from casework.rules.plan_checks import Finding, findings
from casework.rules.plan_content import Item, Section, labels
from casework.rules.plan_sections import ALL_SECTIONS, SERVES, PlanSection
from casework.services import viewing
from casework.web.cases.page import open_case
from casework.web.guards import viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row with its name, the names of what it serves, and what is wanting in it."""

    item: Item
    label: str
    serves: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One section of a plan as a page shows it; section I has no line."""

    section: PlanSection
    line: SectionLine | None
    rows: tuple[Row, ...] = ()
    #: What is wanting in the section, its rows' included.
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Served:
    """Something that a row may be said to serve, to be ticked."""

    id: str
    label: str
    text: str


def open_plan(public_id: str) -> tuple[CaseView, Plan]:
    """Return the case and its plan as they stand; 404 where the person may not see the case."""
    with reading():
        view = open_case(public_id)
        plan = plans.plan(view)
        viewing.let_go()
    return view, plan


def open_with_advice(public_id: str) -> tuple[CaseView, Plan, Sources]:
    """Return the case, its plan, and what accepted advice can bring into it."""
    with reading():
        view = open_case(public_id)
        plan = plans.plan(view)
        advice = case_advice.of_case(view, reads_of(viewer()), viewer().user_id)
        sources = plan_advice.sources(advice)
        viewing.let_go()
    return view, plan, sources


def shown(plan: Plan) -> list[Shown]:
    """Return every section in the plan's order; J only where something is written in it."""
    found = findings(plan.sections, plan.around)
    named = labels(plan.sections.values())
    return [
        Shown(
            section=section,
            line=plan.lines.get(key),
            rows=tuple(rows(plan.sections[key], named, found)) if key in plan.lines else (),
            findings=tuple(one for one in found if one.section == key),
        )
        for key, section in ALL_SECTIONS.items()
        if key != "J" or not plan.sections[key].is_empty
    ]


def rows(section: Section, named: Mapping[str, str], found: Sequence[Finding] = ()) -> list[Row]:
    """Return a section's rows with their names; what a row serves that is gone has none."""
    own = labels([section])
    return [
        Row(
            item=item,
            label=own[item.id],
            serves=tuple(named[one] for one in item.serves if one in named),
            findings=tuple(one for one in found if one.item_id == item.id),
        )
        for item in section.items
    ]


def may_be_served(plan: Plan, key: str) -> list[Served]:
    """Return the rows of other sections that a row of this one may serve, in the plan's order."""
    named = labels(plan.sections.values())
    return [
        Served(item.id, named[item.id], item.text)
        for section in SERVES.get(key, ())
        for item in plan.sections[section].items
    ]
