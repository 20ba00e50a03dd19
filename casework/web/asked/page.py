"""How a page about a request is opened and shown: theirs, told to the audit trail, then sent."""

from typing import Any

from flask import abort, render_template

from casework import clock, current
from casework.access import Role, reads_of
from casework.database import reading
from casework.queries import asked_of, asked_request
from casework.queries.asked_of import OwnService
from casework.queries.asked_request import RequestView
from casework.services import viewing
from casework.web.guards import actor, viewer


def open_request(public_id: str) -> RequestView:
    """Return the request as it stands today. Answers 404 alike for none and for one not theirs."""
    soon_within = current.settings().soon_within
    with reading():
        if _is_closed(own_service()):
            abort(404)
        view = asked_request.request(
            reads_of(viewer()), public_id, today=clock.today(), soon_within=soon_within
        )
        if view is None:
            abort(404)
        viewing.let_go()
    return view


def own_service() -> OwnService | None:
    """Return the service of the person's account, or None where their role has none."""
    if viewer().role != Role.SERVICE_MEMBER:
        return None
    return asked_of.own_service(viewer().service_id, clock.today())


def is_turned_away(service: OwnService | None) -> bool:
    """Return whether a service member has nothing to answer: their service is closed for good."""
    return viewer().role == Role.SERVICE_MEMBER and (service is None or _is_closed(service))


def show(
    template: str,
    view: RequestView,
    *,
    what: str = "viewed request for advice",
    status: int = 200,
    **words: Any,
) -> tuple[str, int]:
    """Return the page, after the audit trail was told of it; 503 where it could not be told."""
    viewing.case_viewed(actor=actor(), case_id=view.case.id, what=what)
    return render_template(template, view=view, **words), status


def _is_closed(service: OwnService | None) -> bool:
    return service is not None and service.closed_on is not None and service.successor is None
