"""A form made ready for one kind of event on one case, and the events that it describes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from casework.queries.cases import CaseView
from casework.queries.entries import EventLine
from casework.rules.civil_dates import spoken_date
from casework.rules.events import RECIPIENTS
from casework.rules.exceptions import GROUNDS, REGULATIONS
from casework.services.events import NewEvent
from casework.web.cases.forms import (
    FORMS,
    NO_INSTITUTION,
    SENT_TO,
    AdviceReceivedForm,
    AdviserForm,
    DraftServedForm,
    EventForm,
    ExceptionForm,
    FinalPlanForm,
)
from casework.web.fields import offer
from casework.web.kept_forms import load

Choices = list[tuple[str, str]]
#: The law says on which day it counts as done, which may lie ahead.
DEEMED = ("draft_served",)


def new_form(kind: str, view: CaseView) -> EventForm:
    """Return the form for an event of this kind, offering what this case offers."""
    form = load(FORMS.get(kind, EventForm), data={"version": view.case.version})
    if isinstance(form, AdviserForm):
        is_of_owed = kind in ("advice_received", "advice_chased")
        chosen = form.adviser.data if is_of_owed else None
        advisers = _advisers(view, outstanding=is_of_owed, chosen=chosen)
        form.adviser.choices = offer(advisers)
        if len(advisers) == 1 and form.adviser.data is None:
            form.adviser.data = advisers[0][0]
    elif isinstance(form, FinalPlanForm):
        form.recipients.choices = offer(_recipients(view, form.recipients.data or ()))
    return form


def correcting_form(entry: EventLine, view: CaseView, *, may_lift: bool) -> EventForm:
    """Return the form that corrects an entry, filled with what it says now.

    Only with `may_lift` is the ground of an exception, by which a limit is lifted, one to choose.
    """
    event, kept = entry.event, entry.exception
    now = {"on": event.happened_on, "note": event.note, "version": view.case.version}
    if event.kind == "advice_received":
        answered = load(AdviceReceivedForm, data={**now, "outcome": event.outcome})
        del answered.adviser  # whose answer it was stays as it is
        return answered
    if event.kind == "exception_recorded" and kept:
        columns = ("ground", "first_day", "last_day", "evidence", "reason")
        form = load(ExceptionForm, data=now | {name: getattr(kept, name) for name in columns})
        form.ground.choices = offer(
            one for one in grounds(kept.regulation) if may_lift or one[0] == kept.ground
        )
        if not form.ground.choices:
            del form.ground
        return form
    return load(DraftServedForm if event.kind in DEEMED else EventForm, data=now)


def described(form: EventForm, kind: str, view: CaseView) -> list[NewEvent]:
    """Return the events that a valid form describes."""
    base = NewEvent(kind=kind, on=form.day, note=form.note.data, oddity=form.oddity.data)
    if isinstance(form, AdviserForm):
        outcome = form.outcome.data if isinstance(form, AdviceReceivedForm) else None
        chosen = next(a for a in view.advisers.values() if a.public_id == form.adviser.data)
        return [replace(base, adviser_id=chosen.id, outcome=outcome)]
    if isinstance(form, FinalPlanForm):
        return [_sent(base, recipient) for recipient in form.recipients.data]
    return [base]


def corrected(form: EventForm, entry: EventLine) -> NewEvent:
    """Return the event that puts an entry right, as a valid form describes it."""
    event, kept = entry.event, entry.exception
    particulars: dict[str, Any] = {}
    if kept:
        same = {"regulation": kept.regulation, "approver_recorded": kept.approver_recorded}
        columns = ("ground", "first_day", "last_day", "evidence", "reason")
        now = {name: getattr(kept, name) for name in columns}
        particulars = same | now | (_particulars(form) if isinstance(form, ExceptionForm) else {})
    return NewEvent(
        kind=event.kind,
        on=form.day,
        adviser_id=event.adviser_id,
        consultation_id=event.consultation_id,
        recipient=event.recipient,
        outcome=form.outcome.data if isinstance(form, AdviceReceivedForm) else event.outcome,
        note=form.note.data,
        oddity=form.oddity.data or event.oddity,
        corrects_id=event.id,
        is_deemed=event.kind in DEEMED,
        exception=particulars,
    )


def grounds(regulation: str | None, listed: Iterable[str] | None = None) -> Choices:
    """Return the grounds that a regulation lists, as choices, each with its paragraph.

    `listed` leaves only those of them that can lift the limit in hand.
    """
    letters = REGULATIONS[regulation or ""].letters
    return [
        (
            ground,
            f"{GROUNDS[ground].title}, {regulation}({letter})" if letter else GROUNDS[ground].title,
        )
        for ground, letter in letters.items()
        if listed is None or ground in listed
    ]


def _advisers(view: CaseView, *, outstanding: bool, chosen: str | None = None) -> Choices:
    """Those asked, or of them the outstanding; and one chosen before another officer logged it."""
    return [
        (line.adviser.public_id, f"{line.words}, asked {spoken_date(line.asked_on)}")
        for line in view.advice
        if line.asked_on
        and (line.is_outstanding or not outstanding or line.adviser.public_id == chosen)
    ]


def _recipients(view: CaseView, chosen: Iterable[str]) -> Choices:
    """Those who still wait for the plan, or all where none does; and any already `chosen`, since
    another officer may have logged them meanwhile, which the conflict's own page shows."""
    standing = [line.event for line in view.history if line.stands]
    done = {event.recipient for event in standing if event.kind == "final_plan_sent"}
    named_none = any(event.kind == "no_institution_named" for event in standing)
    done |= {"institution", NO_INSTITUTION} if named_none else set()
    done |= {NO_INSTITUTION} if "institution" in done else set()
    waiting = [choice for choice in SENT_TO if choice[0] not in done.difference(chosen)]
    return waiting or list(RECIPIENTS.items())


def _sent(base: NewEvent, recipient: str) -> NewEvent:
    if recipient == NO_INSTITUTION:
        return replace(base, kind="no_institution_named")
    return replace(base, recipient=recipient)


def _particulars(form: ExceptionForm) -> dict[str, Any]:
    named = ("ground", "first_day", "last_day", "evidence", "reason")
    return {name: form[name].data for name in named if name in form}
