"""`/requests/new`: a request keyed, checked against the children already held, and opened."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries.matches import NUMBERS, Match, matches
from casework.services import requests
from casework.services.errors import Absent, Refused
from casework.web import kept_forms
from casework.web.case_page import case_page
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.requests import check
from casework.web.requests.check import Choice
from casework.web.requests.forms import RequestForm

blueprint = Blueprint("requests", __name__, url_prefix="/requests")

#: What the check adds to what was typed; the rest is sent on unseen.
_DECIDING = ("csrf_token", "decision", "seen", "prefer_typed", "change")


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def new() -> ResponseReturnValue:
    """Key a request; where the child may be held already, ask before anything is made."""
    form = kept_forms.load(RequestForm, viewer=viewer())
    if request.method == "GET" or "change" in request.form:
        return _page(form)
    if not form.validate_on_submit():
        return _page(form), 422
    found = _matches(form)
    choice = _decided(found)
    if choice is None:
        return _check(form, found)
    if choice.case:
        flash("This is the case that was already open. What you typed was not saved.", "told")
        return redirect(case_page(choice.case), 303)
    return _open(form, choice)


def _open(form: RequestForm, choice: Choice) -> ResponseReturnValue:
    assert form.received_on.data
    try:
        opened = requests.take_in(
            actor=actor(),
            today=clock.today(),
            child_id=choice.child_id,
            prefer_typed=bool(request.form.get("prefer_typed")),
            person=form.person(),
            case=form.case(),
            started_on=form.received_on.data,
            officer_id=int(form.officer_id.data) if form.officer_id.data else None,
            contact=form.first_contact(),
            new_setting=form.setting.new_name,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _page(form), 422
    except Absent:
        return _check(form, _matches(form))
    flash(_opened_words(opened.reference, form), "success")
    return redirect(case_page(opened.public_id), 303)


def _matches(form: RequestForm) -> list[Match]:
    names = {name: form[name].data for name in ("surname", "known_as", "date_of_birth", *NUMBERS)}
    return matches(forenames=form.forenames.data or "", **names)


def _decided(found: Sequence[Match]) -> Choice | None:
    """Return what the person decided; None while there is something to ask.

    A decision counts only for the children and cases that it was made about.
    """
    if not found:
        return Choice(check.DIFFERENT, "")
    if request.form.get("seen") != check.fingerprint(found):
        return None
    decision = request.form.get("decision")
    return next((choice for choice in check.choices(found) if choice.value == decision), None)


def _check(form: RequestForm, found: Sequence[Match]) -> ResponseReturnValue:
    seen = check.fingerprint(found)
    asked_before = request.form.get("seen")
    requests.note_shown(actor=actor(), found=found)
    page = render_template(
        "requests/check.html",
        found=found,
        choices=check.choices(found),
        typed=form.person(),
        sent=[(n, v) for n, v in request.form.items(multi=True) if n not in _DECIDING],
        seen=seen,
        undecided=asked_before == seen,
        changed=bool(asked_before) and asked_before != seen,
        check=check,
    )
    return page, 422 if asked_before == seen else 200


def _page(form: RequestForm) -> str:
    return render_template("requests/new.html", form=form)


def _opened_words(reference: str, form: RequestForm) -> str:
    if form.kind_recorded == form.kind.data:
        return f"{reference} is open."
    return (
        f"{reference} is open, as a child brought to our attention. Only a parent, a young person "
        "or a school or college can request an assessment, so the time limits run from the day "
        "we became responsible."
    )
