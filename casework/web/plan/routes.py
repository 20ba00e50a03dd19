"""`/cases/<id>/plan`: the whole plan with what is wanting in it, and the ways to each section."""

from flask import url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.rules.plan_sections import ALL_SECTIONS
from casework.services import kept_forms
from casework.web.cases.page import show
from casework.web.guards import needs, viewer
from casework.web.plan import advice_routes as advice_routes
from casework.web.plan import agreement_routes as agreement_routes
from casework.web.plan import autosave_routes as autosave_routes
from casework.web.plan import blueprint as blueprint
from casework.web.plan import edition_routes as edition_routes
from casework.web.plan import section_routes as section_routes
from casework.web.plan import version_routes as version_routes
from casework.web.plan.page import open_plan, shown


@blueprint.get("")
@needs(Permission.WRITE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show the plan as it stands, section by section, with the live check beside it."""
    view, plan = open_plan(public_id)
    sections = shown(plan)
    here = url_for("plan.index", public_id=public_id)
    kept = kept_forms.places(user_id=viewer().user_id, under=f"{here}/")
    return show(
        "plan/index.html",
        view,
        what="viewed plan",
        plan=plan,
        sections=sections,
        stops=[one for shown in sections for one in shown.findings if one.stops],
        wanting=sum(len(shown.findings) for shown in sections),
        unsaved=[key for key in plan.lines if _place(public_id, key) in kept],
        all_sections=ALL_SECTIONS,
    )


def _place(public_id: str, key: str) -> str:
    return url_for("plan.edit", public_id=public_id, key=key)
