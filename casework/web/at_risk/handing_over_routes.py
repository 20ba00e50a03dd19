"""`/at-risk/hand-over`: cases ticked on the lists are handed to one officer, after a check."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.filters import counted
from casework.holidays import england_and_wales
from casework.queries import caseload, handing_over, officers
from casework.queries.handing_over import Chosen
from casework.queries.officers import Workload
from casework.services import handing_over as services
from casework.services import viewing
from casework.services.handing_over import HandedOver, Seen
from casework.web.at_risk import asked, blueprint
from casework.web.at_risk.handing_over_forms import HandOverForm
from casework.web.guards import actor, needs, scope
from casework.web.kept_forms import load

#: How many cases are handed over at once: as many as both lists show.
MOST = 40


@blueprint.route("/hand-over", methods=["GET", "POST"])
@needs(Permission.MANAGE_TEAM)
def hand_over() -> ResponseReturnValue:
    """Ask who takes the ticked cases over, say which will go, and hand them over."""
    back = url_for("at_risk.index", **asked.filters_in(request.args))
    chosen = handing_over.chosen(scope(), request.args.getlist("case")[:MOST])
    if not chosen:
        flash("Tick the cases to hand over.", "refused")
        return redirect(back, 303)
    form = load(HandOverForm, workloads=_workloads())
    taker = form.takers[form.to.data] if form.validate_on_submit() else None
    # What was confirmed is the officer who was named, not one chosen since.
    if taker and request.form.get("confirmed") == taker.public_id:
        done = services.hand_over(
            actor=actor(), today=clock.today(), seen=_as_seen(chosen), to_id=_id(taker)
        )
        _say(done, taker)
        return redirect(back, 303)
    plan = services.would_hand_over(seen=_as_now(chosen), to_id=_id(taker)) if taker else None
    viewing.let_go()
    page = render_template(
        "at_risk/hand_over.html",
        form=form,
        chosen=chosen,
        taker=taker,
        plan=plan,
        staying=by_reason(plan) if plan else [],
        back=back,
    )
    return page, 422 if form.errors else 200


def _as_now(chosen: Sequence[Chosen]) -> list[Seen]:
    return [Seen(one.id, one.version, one.officer_id) for one in chosen]


def _as_seen(chosen: Sequence[Chosen]) -> list[Seen]:
    """The cases as the page showed them on which it was confirmed; one that it did not show, or
    showed otherwise, is of no version at all."""
    shown = request.form.get("seen", "").split()
    return [
        Seen(one.id, one.version if one.mark in shown else -1, one.officer_id) for one in chosen
    ]


def _id(taker: Workload) -> int:
    assert taker.officer_id is not None, "only people are offered"
    return taker.officer_id


def _say(done: HandedOver, taker: Workload) -> None:
    if done.going:
        words = f"{counted(len(done.going), 'case')} handed over to {taker.name}"
        flash(f"{words}: {', '.join(done.going)}.", "success")
    if done.staying:
        stayed = "; ".join(f"{', '.join(cases)}, since {why}" for why, cases in by_reason(done))
        flash(f"Not handed over: {stayed}.", "refused")


def by_reason(plan: HandedOver) -> list[tuple[str, list[str]]]:
    """Return the references of the cases that stay, under each reason why."""
    found: dict[str, list[str]] = {}
    for reference, why in plan.staying:
        found.setdefault(why, []).append(reference)
    return list(found.items())


def _workloads() -> list[Workload]:
    soon_within = current.settings().soon_within
    return officers.workloads(caseload.day(clock.today(), england_and_wales(), soon_within))
