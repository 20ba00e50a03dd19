"""`/cases/<id>/put-before-panel`: an officer's own case put on the agenda of a meeting."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import meetings_ahead
from casework.queries.case_limits import limits_of
from casework.queries.cases import CaseView
from casework.queries.meetings_ahead import MeetingAhead
from casework.rules.civil_dates import spoken
from casework.rules.panels import QUESTIONS, Question, not_ready, question_for
from casework.rules.stages import Stage
from casework.services import agenda, viewing
from casework.services.errors import Refused
from casework.web.cases import blueprint
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.meetings.agenda_forms import ProposeForm

PAGE = "cases/put_before_panel.html"


@blueprint.route("/put-before-panel", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def put_before_panel(public_id: str) -> ResponseReturnValue:
    """Put the case on the agenda of a meeting that may decide what it waits for."""
    view = open_case(public_id)
    asked = _questions(view)
    question = _asked(view, asked)
    if question is None:
        return show(PAGE, view, question=None, form=None)
    last_day, offered = _meetings(view, question)
    # The first there is: if any is in time, it is.
    first = offered[0].meeting.public_id if offered else None
    form = load(ProposeForm, meetings=offered, data={"meeting": first})
    words: dict[str, Any] = {
        "form": form,
        "question": question,
        "questions": asked,
        "last_day": last_day,
    }
    if not form.validate_on_submit():
        return show(
            "cases/put_before_panel.html", view, status=422 if form.errors else 200, **words
        )
    chosen = form.meetings[form.meeting.data].meeting
    on_day = spoken(chosen.on_day)
    try:
        agenda.propose(
            actor=actor(), meeting_id=chosen.id, case_id=view.case.id, question=question.key
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return show(PAGE, view, status=422, **words)
    flash(f"The case is on the agenda of {on_day}.", "success")
    return redirect(url_for("cases.case", public_id=public_id), 303)


def _questions(view: CaseView) -> list[Question]:
    """The questions that a panel may be asked of the case where it stands."""
    stage = Stage(view.case.stage)
    return [one for one in QUESTIONS.values() if not _is_wrong(one, view.case.kind, stage)]


def _is_wrong(question: Question, kind: str, stage: Stage) -> bool:
    return bool(not_ready(question, kind, stage, ()))


def _asked(view: CaseView, asked: Sequence[Question]) -> Question | None:
    """The question in the address, or the one that the case waits for, or the first."""
    named = next((one for one in asked if one.key == request.args.get("question")), None)
    waits_for = question_for(view.case.kind, Stage(view.case.stage))
    return named or waits_for or next(iter(asked), None)


def _meetings(view: CaseView, question: Question) -> tuple[date | None, list[MeetingAhead]]:
    """The last day that the law leaves, and the meetings whose agenda is still being prepared."""
    with reading():
        owed = limits_of([view.case.id])[view.case.id].first(question.limits)
        found = meetings_ahead.ahead(question.key, clock.today())
        viewing.let_go()
    last_day = owed.due_on if owed and not owed.is_lifted else None
    return last_day, [one for one in found if not one.is_circulated]
