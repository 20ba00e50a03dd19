"""`/cases/<id>/plan/from-advice`: rows that accepted advice holds, brought into every section."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.queries.cases import CaseView
from casework.queries.plan_advice import Sources
from casework.queries.plans import Plan
from casework.rules.plan_from_advice import Advised, rows, with_rows
from casework.services import plans as writing
from casework.services.errors import Refused
from casework.services.plans import SectionChanged
from casework.web.cases.page import show
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.plan import blueprint
from casework.web.plan.details import Doubt, doubts
from casework.web.plan.forms import FromAdviceForm
from casework.web.plan.page import open_with_advice
from casework.web.plan.section_page import kept_details


@blueprint.route("/from-advice", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def from_advice(public_id: str) -> ResponseReturnValue:
    """Tick what accepted advice says, and have it in sections B to H2 with its links."""
    view, plan, sources = open_with_advice(public_id)
    form = load(FromAdviceForm)
    if request.method == "GET":
        # The first time all of it is wanted as a rule; later only what is chosen.
        offered = {key for key, _, _ in _offered(plan, sources)} if plan.is_empty else set()
        return _page(view, plan, sources, offered)
    ticked = set(form.rows.data or ())
    chosen = [one for one in _offered(plan, sources) if one[0] in ticked]
    if not chosen:
        return _page(view, plan, sources, ticked, "Tick what belongs in the plan")
    changed = with_rows(plan.sections, [(entry, section) for _, entry, section in chosen])
    before = [(plan.sections[key], section) for key, section in changed.items()]
    if asked := doubts(view.case.id, before, kept_details()):
        return _page(view, plan, sources, ticked, asked[0].question, asked=asked)
    saving = [(section, plan.lines[key].number) for key, section in changed.items()]
    try:
        writing.save(actor=actor(), case_id=view.case.id, sections=saving)
    except SectionChanged as changed_by_other:
        words = (
            f"Somebody else saved section {changed_by_other.section} just now, so nothing was "
            "added. Press the button again to add to what they saved"
        )
        return _page(view, plan, sources, ticked, words, status=409)
    except Refused as refused:
        return _page(view, plan, sources, ticked, next(iter(refused.reasons.values())))
    added = len(chosen)
    flash(f"{added} row{'s' if added != 1 else ''} added from advice.", "success")
    return redirect(url_for("plan.index", public_id=public_id), 303)


def _offered(plan: Plan, sources: Sources) -> list[tuple[str, Advised, str]]:
    """Every row that is not in the plan yet: what its tick is called, its entry, its section."""
    there = {item.id for section in plan.sections.values() for item in section.items}
    return [
        (item.id, entry, section)
        for source in sources.accepted
        for entry in source.entries
        for section, item in rows(entry).items()
        if item.id not in there
    ]


def _page(
    view: CaseView,
    plan: Plan,
    sources: Sources,
    ticked: set[str],
    error: str = "",
    status: int = 422,
    asked: Sequence[Doubt] = (),
) -> ResponseReturnValue:
    there = {item.id for section in plan.sections.values() for item in section.items}
    told = [
        (
            source,
            [(entry, [(k, item) for k, item in rows(entry).items()]) for entry in source.entries],
        )
        for source in sources.accepted
    ]
    return show(
        "plan/from_advice.html",
        view,
        what="viewed advice for plan",
        status=status if error else 200,
        sources=sources,
        told=[(source, entries) for source, entries in told if entries],
        is_left=bool(_offered(plan, sources)),
        there=there,
        ticked=ticked,
        error=error,
        doubts=asked,
        kept=kept_details(),
    )
