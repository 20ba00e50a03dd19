"""`/schools`: the settings that cases name, those that a tracker made for review first."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.codes import SettingType
from casework.queries import schools as queries
from casework.rules.exceptions import closure_window
from casework.services import schools
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.paging import numbered
from casework.web.schools.forms import ClosureForm, MergeForm, SettingForm

blueprint = Blueprint("schools", __name__, url_prefix="/schools")


@blueprint.get("")
@needs(Permission.MANAGE_SETTINGS)
def index() -> str:
    """List the settings, those to review first; narrowed to a name or number."""
    words = request.args.get("q", "")[:200]
    page = queries.page(words, request.args.get("page", 1, int))
    return render_template(
        "schools/index.html",
        page=page,
        words=words,
        kinds=dict(SettingType.choices()),
        pagination=numbered("schools.index", page.number, page.pages, {"q": words}),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SETTINGS)
def add() -> ResponseReturnValue:
    """Add a setting."""
    form = load(SettingForm)
    if form.validate_on_submit():
        try:
            made = schools.add_setting(actor=actor(), details=form.values())
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash("The setting is added.", "success")
            return redirect(url_for("schools.show", public_id=made), 303)
    return _form("schools/edit.html", form, setting=None)


@blueprint.get("/<public_id>")
@needs(Permission.MANAGE_SETTINGS)
def show(public_id: str) -> ResponseReturnValue:
    """Show one setting with its closures and how many cases name it."""
    setting = queries.find(public_id) or abort(404)
    return render_template(
        "schools/show.html",
        setting=setting,
        kinds=dict(SettingType.choices()),
        cases=queries.cases_at(setting.id),
        window=closure_window,
    )


@blueprint.route("/<public_id>/change", methods=["GET", "POST"])
@needs(Permission.MANAGE_SETTINGS)
def change(public_id: str) -> ResponseReturnValue:
    """Put a setting right; saving it takes it off the list to review."""
    setting = queries.find(public_id) or abort(404)
    form = load(SettingForm, data=SettingForm.held(setting))
    form.stamp(setting.version)
    if form.validate_on_submit():
        try:
            schools.change_setting(
                actor=actor(), public_id=public_id, version=form.seen, details=form.values()
            )
        except Refused as refused:
            explain(form, refused.reasons)
        except ChangedMeanwhile as changed:
            return _conflict(form, public_id, changed)
        else:
            flash("The setting is saved and reviewed.", "success")
            return redirect(url_for("schools.show", public_id=public_id), 303)
    return _form("schools/edit.html", form, setting=setting)


@blueprint.route("/<public_id>/merge", methods=["GET", "POST"])
@needs(Permission.MANAGE_SETTINGS)
def merge(public_id: str) -> ResponseReturnValue:
    """Merge a duplicate into the setting that it is the same as, after showing what will happen."""
    setting = queries.find(public_id) or abort(404)
    form = load(MergeForm)
    into = None
    if form.validate_on_submit():
        assert form.into.setting_id
        into = queries.by_id(form.into.setting_id)
        if into.id == setting.id:
            explain(form, {"into": "Choose another setting: this is the one to be merged"})
        elif request.form.get("confirmed") == into.public_id:  # and not one typed since
            try:
                return _merged(public_id, into.public_id)
            except Refused as refused:
                explain(form, refused.reasons)
    return _form(
        "schools/merge.html",
        form,
        setting=setting,
        into=None if form.errors else into,
        cases=queries.cases_at(setting.id),
    )


@blueprint.route("/<public_id>/closures/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SETTINGS)
def add_closure(public_id: str) -> ResponseReturnValue:
    """Record the days on which a setting is closed."""
    setting = queries.find(public_id) or abort(404)
    form = load(ClosureForm)
    if form.validate_on_submit():
        try:
            schools.add_closure(
                actor=actor(),
                public_id=public_id,
                first_day=form.first_day.data,
                last_day=form.last_day.data,
                reason=form.reason.data or "",
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash("The closure is recorded.", "success")
            return redirect(url_for("schools.show", public_id=public_id), 303)
    return _form("schools/closure.html", form, setting=setting)


@blueprint.post("/<public_id>/closures/<int:closure_id>/remove")
@needs(Permission.MANAGE_SETTINGS)
def remove_closure(public_id: str, closure_id: int) -> ResponseReturnValue:
    """Remove a closure that was recorded by mistake."""
    try:
        schools.remove_closure(actor=actor(), public_id=public_id, closure_id=closure_id)
    except Absent:
        abort(404)
    flash("The closure is removed.", "success")
    return redirect(url_for("schools.show", public_id=public_id), 303)


def _merged(public_id: str, into: str) -> ResponseReturnValue:
    moved = schools.merge(actor=actor(), public_id=public_id, into=into)
    flash(
        f"The settings are merged. {moved:,} {'case' if moved == 1 else 'cases'} moved.", "success"
    )
    return redirect(url_for("schools.show", public_id=into), 303)


def _form(template: str, form: object, **words: object) -> ResponseReturnValue:
    status = 422 if getattr(form, "errors", None) else 200
    return render_template(template, form=form, **words), status


def _conflict(form: SettingForm, public_id: str, changed: ChangedMeanwhile) -> ResponseReturnValue:
    setting = queries.find(public_id) or abort(404)
    theirs = SettingForm(formdata=None, data=SettingForm.held(setting))
    conflict = {
        "changes": changed.changes,
        "differences": form.merge(theirs, changed.version),
    }
    page = render_template("schools/edit.html", form=form, setting=setting, conflict=conflict)
    return page, 409
