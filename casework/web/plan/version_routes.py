"""`/cases/<id>/plan/<section>/versions`: who wrote a section and when, any two side by side."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.database import reading
from casework.queries import plans
from casework.rules.plan_comparison import compared
from casework.rules.plan_content import labels
from casework.rules.plan_sections import ALL_SECTIONS
from casework.services import viewing
from casework.web.cases.page import open_case, show
from casework.web.guards import needs
from casework.web.plan import blueprint
from casework.web.plan.section_page import check_written


@blueprint.get("/<key>/versions")
@needs(Permission.WRITE_CASES)
def versions(public_id: str, key: str) -> ResponseReturnValue:
    """Show every version of a section, and two of them beside each other, what changed marked.

    Without a choice it is the newest beside the one before it.
    """
    check_written(key)
    with reading():
        view = open_case(public_id)
        held = plans.versions_of(view.case.id, key)
        plan = plans.as_sections(plans.newest_versions(view.case.id))
        viewing.let_go()
    newest = max(held, default=0)
    before, after = _chosen("before", newest - 1), _chosen("after", newest)
    if not {before, after} <= {0, *held}:
        abort(404)
    old, new = (plans.content(key, held.get(number)) for number in (before, after))
    return show(
        "plan/versions.html",
        view,
        what="viewed versions of plan",
        subject=f"section {key}",
        section=ALL_SECTIONS[key],
        versions=list(held.values()),
        before=max(before, 0),
        after=after,
        parts=compared(old, new, labels(plan.values())),
    )


def _chosen(name: str, otherwise: int) -> int:
    return max(request.args.get(name, otherwise, type=int), 0)
