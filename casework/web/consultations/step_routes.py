"""What happens to a consultation: asked, received, reminded, answered, withdrawn."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.codes import DocumentKind
from casework.queries import documents as held
from casework.queries.consultations import ConsultationLine
from casework.rules.civil_dates import spoken_date
from casework.rules.events import EVENTS
from casework.services import consultations
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.forms import VersionForm
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.consultations import blueprint
from casework.web.consultations.forms import (
    ReplyForm,
    SentForm,
    StepForm,
    WithdrawForm,
)
from casework.web.consultations.page import (
    INDEX,
    Opened,
    explain_refused,
    form_page,
    open_consultations,
)
from casework.web.fields import offer
from casework.web.guards import actor, needs
from casework.web.kept_forms import load

#: By the last part of the address: the kind of event, and the form.
STEPS: Mapping[str, tuple[str, type[StepForm] | type[WithdrawForm]]] = MappingProxyType(
    {
        "received": ("consultation_received", StepForm),
        "reminded": ("consultation_chased", StepForm),
        "withdrawn": ("consultation_withdrawn", WithdrawForm),
    }
)
#: The kinds of document that an answer comes as.
_ANSWERS = (DocumentKind.CONSULTATION, DocumentKind.LETTER, DocumentKind.OTHER)


@blueprint.route("/sent", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def sent(public_id: str) -> ResponseReturnValue:
    """Record that chosen settings were asked: all of them are ticked."""
    opened = open_consultations(public_id)
    waiting = [line.consultation.public_id for line in opened.found.chosen]
    form = load(SentForm, data={"version": opened.view.case.version, "settings": waiting})
    # One that was asked meanwhile is no mistake in the form: it is said below that it was.
    form.settings.choices = offer(_offered(opened.found.lines))
    if not form.validate_on_submit():
        return _sent_page(opened, form)
    ticked = [opened.line(key).consultation.id for key in form.settings.data]
    made = [consultations.sent_event(number, form.on.data) for number in ticked]
    try:
        _record(opened, form, "consultation_sent", ticked)
    except Refused as refused:
        explain_refused(form, refused.reasons, {})
        return _sent_page(opened, form)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, made, opened.names)
    count = f"{len(ticked)} setting{'s' * (len(ticked) > 1)}"
    return saved(public_id, f"Recorded as asked on {spoken_date(form.on.data)}: {count}.", INDEX)


@blueprint.route("/<consultation_id>/<step>", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def record_step(public_id: str, consultation_id: str, step: str) -> ResponseReturnValue:
    """Record that a consultation reached the setting, that it was reminded, or withdrawn."""
    if step not in STEPS:
        abort(404)
    opened = open_consultations(public_id)
    line = opened.line(consultation_id)
    kind, form_class = STEPS[step]
    form = load(form_class, data={"version": opened.view.case.version})
    words: dict[str, Any] = {"line": line, "kind": EVENTS[kind], "step": step}
    if not form.validate_on_submit():
        return form_page("consultations/step.html", opened, form, **words)
    number = line.consultation.id
    try:
        _record(opened, form, kind, [number], form.note.data)
    except Refused as refused:
        explain_refused(form, refused.reasons, {})
        return form_page("consultations/step.html", opened, form, **words)
    except ChangedMeanwhile as changed:
        made = NewEvent(kind=kind, on=form.on.data, consultation_id=number, note=form.note.data)
        return changed_meanwhile(public_id, changed, [made], opened.names)
    said = f"{EVENTS[kind].words}, {line.words}, {spoken_date(form.on.data)}"
    return saved(public_id, f"Saved: {said}.", INDEX)


@blueprint.route("/<consultation_id>/reply", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def reply(public_id: str, consultation_id: str) -> ResponseReturnValue:
    """Record what a setting answered."""
    opened = open_consultations(public_id)
    line = opened.line(consultation_id)
    form = load(ReplyForm, data={"version": opened.view.case.version})
    form.document.choices = offer(_documents(opened))
    if not form.validate_on_submit():
        return form_page("consultations/reply.html", opened, form, line=line)
    try:
        consultations.reply(
            actor=actor(),
            today=clock.today(),
            case_id=opened.view.case.id,
            version=form.version.data or 0,
            consultation_id=line.consultation.id,
            on=form.on.data,
            given=form.reply,
        )
    except Refused as refused:
        explain_refused(form, refused.reasons, {})
        return form_page("consultations/reply.html", opened, form, line=line)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [_replied(form, line)], opened.names)
    said = f"{line.words} answered on {spoken_date(form.on.data)}"
    return saved(public_id, f"Saved: {said}.", INDEX)


def _sent_page(opened: Opened, form: SentForm) -> ResponseReturnValue:
    form.settings.choices = offer(_offered(opened.found.chosen))
    return form_page("consultations/sent.html", opened, form)


def _offered(lines: Iterable[ConsultationLine]) -> list[tuple[str, str]]:
    return [(line.consultation.public_id, line.words) for line in lines]


def _record(
    opened: Opened, form: VersionForm, kind: str, numbers: list[int], note: str | None = None
) -> None:
    consultations.record_steps(
        actor=actor(),
        today=clock.today(),
        case_id=opened.view.case.id,
        version=form.version.data or 0,
        kind=kind,
        consultation_ids=numbers,
        on=form["on"].data,
        note=note,
    )


def _replied(form: ReplyForm, line: ConsultationLine) -> NewEvent:
    return NewEvent(
        kind="consultation_replied",
        on=form.on.data,
        consultation_id=line.consultation.id,
        outcome=form.outcome.data,
    )


def _documents(opened: Opened) -> list[tuple[str, str]]:
    """The letters and answers on the case, the latest first."""
    found = [one.current for one in held.of_case(opened.view.case.id)]
    usable = [one for one in found if not one.is_withdrawn and one.document.kind in _ANSWERS]
    usable.sort(key=lambda one: one.document.id, reverse=True)
    return [
        (
            one.document.public_id,
            f"{one.document.title}, received {spoken_date(one.document.received_on)}",
        )
        for one in usable
    ]
