"""`/panels/<id>/members`: who sits on a panel, for whom, and until when."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission, role_words
from casework.database import reading
from casework.queries import panels
from casework.rules.panels import PanelAgency, Position
from casework.services import panel_members, viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.fields import offer
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.panels import blueprint
from casework.web.panels.forms import MemberForm, NewMemberForm
from casework.web.panels.page import conflict_page, form_page, open_panel


@blueprint.get("/<public_id>/members")
@needs(Permission.SEE_PANELS)
def members(public_id: str) -> ResponseReturnValue:
    """List who sits on a panel, and who has left it."""
    panel = open_panel(public_id)
    with reading():
        found = panels.members(panel.id, clock.today())
        viewing.let_go()
    return render_template(
        "panels/members.html",
        panel=panel,
        members=found,
        agency_words=dict(PanelAgency.choices()),
        position_words=dict(Position.choices()),
        may_sit=panel_members.may_sit,
        today=clock.today(),
    )


@blueprint.route("/<public_id>/members/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_PANELS)
def add_member(public_id: str) -> ResponseReturnValue:
    """Give a person a place on a panel."""
    panel = open_panel(public_id)
    form = load(NewMemberForm, data={"position": Position.MEMBER.value})
    form.user.choices = offer(
        (user.public_id, f"{user.name}, {role_words(user.role).lower()} ({user.email})")
        for user in panels.may_sit()
    )
    if form.validate_on_submit():
        try:
            panel_members.add_member(
                actor=actor(), panel_id=panel.id, user=form.user.data, details=form.values()
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash("The member is added.", "success")
            return redirect(url_for("panels.members", public_id=public_id), 303)
    return form_page("panels/member.html", form, panel=panel, member=None)


@blueprint.route("/<public_id>/members/<member_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_PANELS)
def change_member(public_id: str, member_id: str) -> ResponseReturnValue:
    """Put a place right, or end it."""
    panel = open_panel(public_id)
    member = _member(panel.id, member_id)
    form = load(MemberForm, data=MemberForm.held(member))
    form.stamp(panel.version)
    if not form.validate_on_submit():
        return form_page("panels/member.html", form, panel=panel, member=member)
    try:
        panel_members.change_member(
            actor=actor(),
            today=clock.today(),
            panel_id=panel.id,
            member_id=member.id,
            version=form.seen,
            details=form.values(),
            without_chair=form.without_chair.data,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        member = _member(panel.id, member_id)
        return form_page("panels/member.html", form, panel=panel, member=member)
    except ChangedMeanwhile as changed:
        panel, member = open_panel(public_id), _member(panel.id, member_id)
        theirs = MemberForm(formdata=None, data=MemberForm.held(member))
        words = {"panel": panel, "member": member}
        return conflict_page("panels/member.html", form, theirs, changed, **words)
    flash("The place is saved.", "success")
    return redirect(url_for("panels.members", public_id=public_id), 303)


def _member(panel_id: int, public_id: str) -> Any:
    return panels.member(panel_id, public_id) or abort(404)
