"""`/cases/<id>/advice` and `/<adviser>`: who was asked, and what came back."""

from io import BytesIO

from flask import Response, abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission, reads_of
from casework.database import reading
from casework.headers import sandboxed
from casework.queries import advice_versions
from casework.rules.feeding import matrix
from casework.rules.plan_sections import PLAN_SECTIONS
from casework.services import documents, viewing
from casework.services.errors import Absent
from casework.web.advice import ask_routes as ask_routes
from casework.web.advice import blueprint as blueprint
from casework.web.advice import check_routes as check_routes
from casework.web.advice import reply_routes as reply_routes
from casework.web.advice import reuse_routes as reuse_routes
from casework.web.advice.check_routes import check_form, show_story
from casework.web.advice.page import contributors, open_advice, open_story
from casework.web.cases.page import show
from casework.web.guards import actor, needs, viewer


@blueprint.get("")
@needs(Permission.READ_ADVICE)
def index(public_id: str) -> ResponseReturnValue:
    """Show who was asked for advice on the case, how each stands and which sections it feeds."""
    view, advice = open_advice(public_id)
    return show(
        "advice/index.html",
        view,
        what="viewed list of advice",
        advice=advice,
        contributors=contributors(advice),
        matrix=matrix(contributors(advice)),
        sections=PLAN_SECTIONS,
    )


@blueprint.get("/<adviser_id>")
@needs(Permission.READ_ADVICE)
def adviser(public_id: str, adviser_id: str) -> ResponseReturnValue:
    """Show the story of one request for advice with what was returned, the newest first."""
    view, story = open_story(public_id, adviser_id)
    form = None
    if viewer().may(Permission.WRITE_CASES) and story.may_be_checked:
        form = check_form(view, story)
    return show_story(view, story, form)


@blueprint.get("/<adviser_id>/versions/<int:number>")
@needs(Permission.READ_ADVICE)
def comparison(public_id: str, adviser_id: str, number: int) -> ResponseReturnValue:
    """Show one version of the advice beside the last before it that stands, what changed marked."""
    view, story = open_story(public_id, adviser_id)
    with reading():
        held = advice_versions.versions_of(
            view.case.id, story.adviser.id, reads_of(viewer()), viewer().user_id, view.today
        )
        viewing.let_go()
    before = story.version_before(number) or 0
    if not story.has_version(number) or number not in held or before not in held:
        abort(404)
    return show(
        "advice/comparison.html",
        view,
        what="read advice",
        subject=f"adviser {story.adviser.id}",
        story=story,
        number=number,
        before=before,
        rows=advice_versions.compared(held[before], held[number]),
    )


@blueprint.get("/<adviser_id>/versions/<int:number>/file")
@needs(Permission.READ_ADVICE)
@sandboxed
def file(public_id: str, adviser_id: str, number: int) -> Response:
    """Give out the document of one version, to be saved: never to be shown within this
    application."""
    view, story = open_story(public_id, adviser_id)
    with reading():
        held = advice_versions.versions_of(
            view.case.id, story.adviser.id, reads_of(viewer()), viewer().user_id, view.today
        )
        version = held.get(number) if story.has_version(number) else None
        document_id = version.document.public_id if version and version.document else None
        viewing.let_go()
    if document_id is None:
        abort(404)
    try:
        document, content = documents.opened(
            actor=actor(), case_id=view.case.id, public_id=document_id, what="opened advice"
        )
    except Absent:
        abort(404)
    except documents.Withheld as withheld:
        flash(f"{withheld}.", "refused")
        address = url_for("advice.adviser", public_id=public_id, adviser_id=adviser_id)
        return redirect(address, 303)  # type: ignore[return-value]
    return send_file(
        BytesIO(content),
        mimetype=document.media_type,
        as_attachment=True,
        download_name=document.file_name,
    )
