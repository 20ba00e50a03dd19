"""`/cases/<id>/plan/changes`: two editions of a plan beside each other, or one and what stands."""

from collections.abc import Mapping

from flask import abort, request
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.database import reading
from casework.queries import editions, plans
from casework.rules.differences import Compared
from casework.rules.plan_comparison import compared
from casework.rules.plan_content import Section, labels
from casework.rules.plan_sections import ALL_SECTIONS, PlanSection
from casework.services import viewing
from casework.web.cases.page import open_case, show
from casework.web.guards import needs
from casework.web.plan import blueprint

#: Stands for the plan as it is written now, among the numbers of editions.
NOW = 0
_Sections = Mapping[str, Section]


@blueprint.get("/changes")
@needs(Permission.WRITE_CASES)
def changes(public_id: str) -> ResponseReturnValue:
    """Show what changed between two editions; unasked, since the newest one."""
    with reading():
        view = open_case(public_id)
        held = editions.numbered(view.case.id)
        newest = max(held, default=NOW)
        before = request.args.get("before", newest, type=int)
        after = request.args.get("after", NOW, type=int)
        if not {before, after} <= {NOW, *held}:
            abort(404)
        now = plans.as_sections(plans.newest_versions(view.case.id))
        old, new = (
            editions.sections_of(held[number].id) if number in held else now
            for number in (before, after)
        )
        viewing.let_go()
    return show(
        "plan/changes.html",
        view,
        what="viewed changes of plan",
        editions=list(held.values()),
        before=before,
        after=after,
        changed=_changed(old, new),
    )


def _changed(old: _Sections, new: _Sections) -> list[tuple[PlanSection, list[Compared]]]:
    """The sections that differ, each with the parts of it that do."""
    named = labels(old.values()) | labels(new.values())
    found = []
    for key, section in ALL_SECTIONS.items():
        before, after = (sections.get(key, Section(key=key)) for sections in (old, new))
        parts = [part for part in compared(before, after, named) if part.is_changed]
        found.append((section, parts))
    return [(section, parts) for section, parts in found if parts]
