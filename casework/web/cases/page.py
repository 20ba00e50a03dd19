"""How a page about a case is opened and shown: in scope, told to the audit trail, then sent."""

from typing import Any

from flask import abort, render_template

from casework import clock, current
from casework.access import Permission, Role
from casework.database import reading
from casework.queries import cases
from casework.queries.cases import CaseView
from casework.services import viewing
from casework.web.guards import actor, scope, viewer


def open_case(public_id: str) -> CaseView:
    """Return the case as it stands today. Answers 404 alike for none and for one out of scope."""
    soon_within = current.settings().soon_within
    with reading():
        view = cases.view(scope(), public_id, today=clock.today(), soon_within=soon_within)
        if view is None:
            abort(404)
        viewing.let_go()
    return view


def show(
    template: str,
    view: CaseView,
    *,
    what: str = "viewed case",
    subject: str | None = None,
    status: int = 200,
    **words: Any,
) -> tuple[str, int]:
    """Return the page, after the audit trail was told of it; 503 where it could not be told.

    `subject` names the one thing of the case that is looked at: "adviser 7".
    """
    viewing.case_viewed(actor=actor(), case_id=view.case.id, what=what, subject=subject)
    may = {permission.name.lower(): viewer().may(permission) for permission in Permission}
    return render_template(template, view=view, may=may, **words), status


def may_hand_over(view: CaseView) -> bool:
    """Return whether the person may give the case away: a manager, or the officer who holds it.

    A case that nobody holds may be taken by anyone who may write to cases.
    """
    holder = view.case.officer_id
    mine = holder is None or holder == viewer().user_id
    return viewer().may(Permission.WRITE_CASES) and (viewer().role == Role.MANAGER or mine)
