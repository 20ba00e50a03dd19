"""`/team`: what each officer holds, and an officer's cases handed over at once."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.holidays import england_and_wales
from casework.queries import caseload, officers
from casework.queries.officers import Workload
from casework.services import cases
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.team.forms import HandOverForm

blueprint = Blueprint("team", __name__, url_prefix="/team")


@blueprint.get("")
@needs(Permission.MANAGE_TEAM)
def index() -> str:
    """Show how many cases each officer holds, and how many are overdue, soon due and complex."""
    return render_template("team/index.html", workloads=_workloads())


@blueprint.route("/<public_id>/hand-over", methods=["GET", "POST"])
@needs(Permission.MANAGE_TEAM)
def hand_over(public_id: str) -> ResponseReturnValue:
    """Hand all of an officer's open cases to another, after saying how many will go."""
    giver = officers.by_public_id(public_id) or abort(404)
    form = load(HandOverForm, giver=giver)
    held = next((w for w in _workloads() if w.officer_id == giver.id), None)
    taker = form.takers[form.to.data] if form.validate_on_submit() else None
    # What was confirmed is the officer who was named, not one chosen since.
    if taker and request.form.get("confirmed") == taker.public_id:
        name, taken_by = giver.name, taker.name
        went, stayed = cases.hand_over_all(
            actor=actor(), today=clock.today(), from_id=giver.id, to_id=taker.id
        )
        flash(_done(name, taken_by, went, stayed), "success")
        return redirect(url_for("team.index"), 303)
    page = render_template("team/hand_over.html", form=form, giver=giver, taker=taker, held=held)
    return page, 422 if form.errors else 200


def _workloads() -> list[Workload]:
    soon_within = current.settings().soon_within
    return officers.workloads(caseload.day(clock.today(), england_and_wales(), soon_within))


def _done(giver: str, taker: str, went: int, stayed: int) -> str:
    words = f"{_cases(went)} handed over from {giver} to {taker}."
    if stayed:
        words += f" {_cases(stayed)} stayed with {giver}, since {taker} takes no complex cases."
    return words


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"
