"""The exceptions on a case, and proposing one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries.cases import CaseView
from casework.queries.clock_lines import CLOSED
from casework.queries.exceptions import Course, approval
from casework.rules.closures import CLOSURE_GROUNDS
from casework.rules.deadlines import Standing
from casework.rules.exception_course import NOT_FOR_CONSULTATION, warnings
from casework.rules.exceptions import GROUNDS, REGULATIONS
from casework.rules.history import Happened
from casework.services import exceptions
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.exceptions import Particulars
from casework.web.cases.effects import effects
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.exceptions import blueprint as blueprint
from casework.web.exceptions import step_routes as step_routes
from casework.web.exceptions.forms import ProposeForm, proposals, propose_form
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import typed_fields

_INDEX = "exceptions.index"


@blueprint.get("")
@needs(Permission.SEE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show each exception with its ground, its steps, and what is still owed."""
    view = open_case(public_id)
    return show("exceptions/index.html", view, what="viewed exceptions", me=viewer().user_id)


@blueprint.route("/propose", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def propose(public_id: str) -> ResponseReturnValue:
    """Propose an exception to `limit` and others beside it: first its effect, then saved."""
    view = open_case(public_id)
    limit = view.limit(request.args.get("limit", ""))
    if limit is None or not limit.clock.duty.lifted_under:
        limits = [
            line
            for line in view.clocks
            if line.clock.duty.lifted_under and line.standing not in (Standing.MET, CLOSED)
        ]
        return show("exceptions/choose_limit.html", view, limits=limits)
    form = propose_form(view, limit)
    rests_on_closure = bool(set(CLOSURE_GROUNDS) & set(limit.clock.duty.lifted_by))
    words: dict[str, Any] = {
        "form": form,
        "limit": limit,
        "verdict": view.closure_verdict if rests_on_closure else None,
        "not_for_consultation": NOT_FOR_CONSULTATION,
    }
    if request.form.get("change") or not form.validate_on_submit():
        return show("exceptions/propose.html", view, status=422 if form.errors else 200, **words)
    made = proposals(form, view)
    if not request.form.get("checked"):
        return show("exceptions/check.html", view, **_to_check(view, form, made))
    try:
        exceptions.propose(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            proposals=made,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return show("exceptions/propose.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        entries = [one.event("exception_proposed", view.today) for one in made]
        return changed_meanwhile(
            public_id,
            changed,
            entries,
            is_done=lambda now: all(_is_proposed(one, now) for one in made),
            endpoint=_INDEX,
        )
    return saved(public_id, "Proposed. It lifts nothing until a manager approves it.", _INDEX)


def _to_check(view: CaseView, form: ProposeForm, made: Sequence[Particulars]) -> dict[str, Any]:
    one = made[0]
    verdict = view.closure_verdict if one.ground in CLOSURE_GROUNDS else None
    return {
        "form": form,
        "one": one,
        "ground": GROUNDS[one.ground].title,
        "citations": [REGULATIONS[each.regulation].cited(each.ground) for each in made],
        "effects": effects(view, *(_approval(each, view.today) for each in made)),
        "warnings": warnings(one.ground, verdict, one.first_day, one.evidence),
        "typed": typed_fields(),
    }


def _approval(one: Particulars, on: date) -> Happened:
    return approval(one.regulation, one.ground, one.adviser_id, on)


def _is_proposed(one: Particulars, view: CaseView) -> bool:
    """Whether this person has proposed the very same already."""
    return any(_particulars(course) == one for course in _own(view))


def _own(view: CaseView) -> list[Course]:
    return [course for course in view.exception_courses if course.is_by(viewer().user_id)]


def _particulars(course: Course) -> Particulars:
    kept = course.line.particulars
    return Particulars(
        regulation=kept.regulation,
        adviser_id=course.line.entry.event.adviser_id,
        ground=kept.ground or "",
        first_day=kept.first_day,
        last_day=kept.last_day,
        evidence=kept.evidence,
        reason=kept.reason,
    )
