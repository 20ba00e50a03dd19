"""`/cases/<id>/plan/<section>/autosave`: what is typed is kept whenever typing pauses."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries.cases import CaseView
from casework.queries.plans import SectionLine
from casework.rules.civil_dates import LONDON, spoken_time
from casework.services import kept_forms
from casework.services import plans as writing
from casework.services.errors import Refused
from casework.services.plans import SectionChanged
from casework.web.guards import actor, needs, viewer
from casework.web.plan import blueprint
from casework.web.plan.details import doubts
from casework.web.plan.forms import SectionForm
from casework.web.plan.page import open_plan
from casework.web.plan.section_page import (
    check_written,
    found_in,
    kept_details,
    typed_in_section,
)


@blueprint.post("/<key>/autosave")
@needs(Permission.WRITE_CASES)
def autosave(public_id: str, key: str) -> ResponseReturnValue:
    """Keep what is typed so far for this person; as a version where the page asks for one.

    The page asks as it is left, and now and then while it is typed in for long. What cannot be a
    version is kept all the same, and comes back when the section is opened again.
    """
    check_written(key)
    view, plan = open_plan(public_id)
    line = plan.lines[key]
    form = SectionForm()
    place = url_for("plan.edit", public_id=public_id, key=key)
    kept_forms.keep(user_id=viewer().user_id, path=place, fields=typed_in_section())
    made = None
    at = spoken_time(clock.now().astimezone(LONDON).time())
    words = f"Kept for you at {at}. It is saved for others as you save or leave."
    if "make" in request.form and form.validate():
        made, words = _make_version(view, line, form)
    if made:
        kept_forms.forget(user_id=viewer().user_id, path=place)
        words = f"Saved at {at} as version {made}."
    found = found_in(plan, form.section(key))
    return {
        "words": words,
        "is_version": made is not None,
        "number": made or form.seen(),
        "check": render_template("plan/_check.html", found=found, key=key),
    }


def _make_version(view: CaseView, line: SectionLine, form: SectionForm) -> tuple[int | None, str]:
    """Save what is typed; return the number of the version, or None with why there is none."""
    section = form.section(line.key)
    if doubts(view.case.id, [(line.content, section)], kept_details()):
        return (
            None,
            "Kept for you: it may hold somebody’s details. Save it to look at them.",
        )
    try:
        made = writing.save(actor=actor(), case_id=view.case.id, sections=[(section, form.seen())])
    except SectionChanged:
        return None, "Someone else saved this section. Yours is kept: save it to see both."
    except Refused as refused:
        return None, f"{next(iter(refused.reasons.values()))}."
    return made[line.key], ""
