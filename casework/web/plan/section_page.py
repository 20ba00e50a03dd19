"""The page on which one section is written: what it holds, what is wanting, what can be added."""

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from casework.queries.cases import CaseView
from casework.queries.plan_advice import Sources
from casework.queries.plans import Plan
from casework.rules.plan_checks import Finding, findings
from casework.rules.plan_content import Section, labels
from casework.rules.plan_from_advice import rows as advised_rows
from casework.rules.plan_sections import ALL_SECTIONS, ROW_SECTIONS, WRITTEN_SECTIONS
from casework.web.cases.page import show
from casework.web.kept_forms import typed_fields
from casework.web.plan.forms import SectionForm
from casework.web.plan.page import may_be_served, open_with_advice
from casework.web.plan.rows import ROWS

#: What is in the form that is sent, and not in the section: what its buttons say.
_OF_BUTTONS = ("do", "newest", "make", "bring")


def open_section(public_id: str, key: str) -> tuple[CaseView, Plan, Sources]:
    """Return the case, its plan and the advice for it; 404 for what is no section to be written."""
    check_written(key)
    return open_with_advice(public_id)


def check_written(key: str) -> None:
    """Answer 404 for what is no section that is written before the final plan."""
    if key not in WRITTEN_SECTIONS:
        abort(404)


def section_page(
    view: CaseView,
    plan: Plan,
    key: str,
    form: SectionForm,
    sources: Sources,
    *,
    status: int = 200,
    **words: Any,
) -> ResponseReturnValue:
    """Return the page with the form as it stands; `words` are for the template besides."""
    section = Section(key=key, words=form.words.data or "", items=form.rows.data)
    there = {item.id for item in form.rows.data}
    offered = [
        (source, entry, item)
        for source in sources.accepted
        for entry in source.entries
        if (item := advised_rows(entry).get(key)) is not None
    ]
    boxes = [{"text": e.words, "href": f"#{e.box}"} for e in form.rows.box_errors]
    boxes += [{"text": words, "href": "#words"} for words in form.words.errors]
    return show(
        "plan/edit.html",
        view,
        what="viewed section of plan",
        subject=f"section {key}",
        status=status,
        section=ALL_SECTIONS[key],
        line=plan.lines[key],
        form=form,
        rows=section.items,
        has_rows=key in ROW_SECTIONS,
        summary=boxes,
        has_room=len(section.items) < ROWS,
        named=labels([section]),
        served=may_be_served(plan, key),
        found=found_in(plan, section),
        key=key,
        offered=[one for one in offered if one[2].id not in there],
        sources=sources,
        after=next_after(key),
        kept=kept_details(),
        **words,
    )


def found_in(plan: Plan, section: Section) -> list[Finding]:
    """Return what is wanting in a section as it is typed."""
    typed = plan.sections | {section.key: section}
    return [one for one in findings(typed, plan.around) if one.section == section.key]


def next_after(key: str) -> str | None:
    """Return the letter of the section that is written after this one, or None. J is rare."""
    after = WRITTEN_SECTIONS[WRITTEN_SECTIONS.index(key) + 1 :]
    return next((one for one in after if one != "J"), None)


def typed_in_section() -> list[tuple[str, str]]:
    """Return what is in the form that was sent, without what its buttons say."""
    return [(name, value) for name, value in typed_fields() if name not in _OF_BUTTONS]


def kept_details() -> list[str]:
    """Return the details that the person ticked to stand in the plan."""
    return list(dict.fromkeys(request.form.getlist("keep")))
