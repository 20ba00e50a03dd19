"""`/cases/<id>/plan/<section>/edit`: one section, kept as it is typed and saved as a version."""

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.database import reading
from casework.queries import plans
from casework.queries.cases import CaseView
from casework.queries.plan_advice import Sources
from casework.queries.plans import Plan, SectionLine
from casework.rules.plan_comparison import compared
from casework.rules.plan_content import Section, labels
from casework.rules.plan_merge import merged
from casework.rules.plan_sections import ALL_SECTIONS
from casework.services import kept_forms, viewing
from casework.services import plans as writing
from casework.services.errors import Refused
from casework.services.plans import SectionChanged
from casework.web.cases.page import show
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.plan import blueprint
from casework.web.plan.details import doubts
from casework.web.plan.forms import SectionForm, filled
from casework.web.plan.section_page import (
    kept_details,
    next_after,
    open_section,
    section_page,
    typed_in_section,
)

CLOSED = "This plan is no longer written here: it is final, or the case has ended."


@blueprint.route("/<key>/edit", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def edit(public_id: str, key: str) -> ResponseReturnValue:
    """Write one section: its words, its rows and what each serves, or bring rows from advice."""
    view, plan, sources = open_section(public_id, key)
    line = plan.lines[key]
    if not view.is_open and request.method == "GET":
        flash(CLOSED, "refused")
        return redirect(url_for("plan.index", public_id=public_id), 303)
    form = load(SectionForm, data=filled(line, _brought_back(view, line)))
    if request.method == "GET":
        if g.get("form_was_kept") and form.section(key) == line.content:
            _forget(view, line, form)
        return section_page(view, plan, key, form, sources)
    if request.form.get("do") == "theirs":
        return _to_plan(public_id, key, f"Section {key} is left as it was saved.")
    if request.form.get("do") == "merge":
        return _merge(view, plan, key, form, sources)
    if done := form.do(key, sources):
        return section_page(view, plan, key, form, sources, done=done)
    if not form.validate():
        return section_page(view, plan, key, form, sources, status=422)
    return _save(view, plan, key, form, sources)


def _brought_back(view: CaseView, line: SectionLine) -> Section:
    """What the form is opened with: the section as it stands, or an earlier version asked for."""
    number = request.args.get("from", line.number, type=int)
    if number == line.number:
        return line.content
    with reading():
        versions = plans.versions_of(view.case.id, line.key)
        viewing.let_go()
    return plans.content(line.key, versions.get(number) or abort(404))


def _forget(view: CaseView, line: SectionLine, form: SectionForm) -> None:
    """Let go of what was kept: it came to be saved as the page was left."""
    place = url_for("plan.edit", public_id=view.case.public_id, key=line.key)
    kept_forms.forget(user_id=viewer().user_id, path=place)
    form.number.data, form.number.raw_data = line.number, None
    g.form_was_kept = False


def _save(
    view: CaseView, plan: Plan, key: str, form: SectionForm, sources: Sources
) -> ResponseReturnValue:
    line = plan.lines[key]
    asked = doubts(view.case.id, [(line.content, form.section(key))], kept_details())
    if asked:
        form.explain((one.box, one.question) for one in asked)
        return section_page(view, plan, key, form, sources, status=422, doubts=asked)
    seen = form.seen()
    if request.form.get("do") == "mine":
        seen = int(request.form.get("newest", type=int) or 0)
    try:
        made = writing.save(
            actor=actor(), case_id=view.case.id, sections=[(form.section(key), seen)]
        )
    except SectionChanged:
        return _conflict(view, key, form)
    except Refused as refused:
        form.explain(refused.reasons.items())
        return section_page(view, plan, key, form, sources, status=422)
    words = f"Section {key} saved: version {made[key]}."
    if request.form.get("do") == "next" and (after := next_after(key)):
        flash(words, "success")
        return redirect(url_for("plan.edit", public_id=view.case.public_id, key=after), 303)
    return _to_plan(view.case.public_id, key, words)


def _conflict(view: CaseView, key: str, form: SectionForm) -> ResponseReturnValue:
    """Show what was saved meanwhile beside what this person typed, and let them choose."""
    with reading():
        newest = plans.newest_versions(view.case.id).get(key) or abort(400)
        viewing.let_go()
    theirs = plans.content(key, newest)
    place = url_for("plan.edit", public_id=view.case.public_id, key=key)
    kept_forms.keep(user_id=viewer().user_id, path=place, fields=typed_in_section())
    return show(
        "plan/conflict.html",
        view,
        what="viewed conflict in plan",
        status=409,
        section=ALL_SECTIONS[key],
        newest=newest,
        parts=compared(theirs, form.section(key)),
        typed=typed_in_section(),
    )


def _merge(
    view: CaseView, plan: Plan, key: str, form: SectionForm, sources: Sources
) -> ResponseReturnValue:
    """Put both versions into the form, to be looked at and saved over the newest."""
    with reading():
        versions = plans.versions_of(view.case.id, key)
        viewing.let_go()
    newest = max(versions, default=0)
    was, theirs = (plans.content(key, versions.get(number)) for number in (form.seen(), newest))
    both = merged(was, theirs, form.section(key))
    form.words.data, form.words.raw_data = both.section.words, None
    form.rows.data = both.section.items
    form.number.data, form.number.raw_data = newest, None
    named = labels([both.section])
    clashes = [named[one] for one in both.both if one in named]
    return section_page(view, plan, key, form, sources, merged=both, clashes=clashes, theirs=theirs)


def _to_plan(public_id: str, key: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    place = url_for("plan.index", public_id=public_id, _anchor=f"section-{key}")
    return redirect(place, 303)
