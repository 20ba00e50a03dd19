"""What the family asks for, and choosing the settings that are asked."""

from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries import schools
from casework.rules.consultations import State
from casework.services import consultations
from casework.services.consultations import Chosen
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.cases.meanwhile import saved
from casework.web.cases.page import show
from casework.web.consultations import blueprint as blueprint
from casework.web.consultations import step_routes as step_routes
from casework.web.consultations.forms import ROWS, ChooseForm, RequestForm
from casework.web.consultations.page import (
    INDEX,
    Opened,
    explain_refused,
    form_page,
    open_consultations,
    over_theirs,
)
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

TWICE = "Saved. It was sent twice and recorded once."


@blueprint.get("")
@needs(Permission.SEE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show what the family asks for, and each setting that is asked with what it answered."""
    opened = open_consultations(public_id)
    return show(
        "consultations/index.html", opened.view, what="viewed consultations", found=opened.found
    )


@blueprint.route("/request", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def request_setting(public_id: str) -> ResponseReturnValue:
    """Record that the family asks the plan to name a setting."""
    opened = open_consultations(public_id)
    form = load(RequestForm, data={"version": opened.view.case.version})
    if not form.validate_on_submit():
        return form_page("consultations/request.html", opened, form)
    try:
        consultations.request_setting(
            actor=actor(),
            today=clock.today(),
            case_id=opened.view.case.id,
            version=form.version.data or 0,
            on=form.on.data,
            setting=form.chosen,
            is_listed=form.is_listed.answer,
            words=form.words.data or "",
        )
    except Refused as refused:
        explain_refused(form, refused.reasons, {})
        return form_page("consultations/request.html", opened, form)
    except ChangedMeanwhile as changed:
        opened, words = over_theirs(form, changed, public_id)
        if _is_requested(opened, form):
            return saved(public_id, TWICE, INDEX)
        return form_page("consultations/request.html", opened, form, **words)
    return saved(public_id, f"Saved: the family asks for {form.setting.data}.", INDEX)


@blueprint.route("/choose", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def choose(public_id: str) -> ResponseReturnValue:
    """Choose settings to be asked, several at once, and say when they were where they were."""
    opened = open_consultations(public_id)
    form = load(ChooseForm, data={"version": opened.view.case.version, **_family_first(opened)})
    if not form.validate_on_submit():
        return form_page("consultations/choose.html", opened, form, found=opened.found)
    wanted = {line.request.setting_id for line in opened.found.requests}
    boxes, chosen = [], []
    for box, one in form.chosen(wanted):
        boxes.append(box)
        chosen.append(one)
    try:
        _choose(opened, form, chosen)
    except Refused as refused:
        places = {str(place): box for place, box in enumerate(boxes)}
        explain_refused(form, refused.reasons, places | {"on": "sent_on"})
        return form_page("consultations/choose.html", opened, form, found=opened.found)
    except ChangedMeanwhile as changed:
        opened, words = over_theirs(form, changed, public_id)
        if _is_done(opened, form, chosen):
            return saved(public_id, TWICE, INDEX)
        return form_page("consultations/choose.html", opened, form, found=opened.found, **words)
    said = "Recorded as asked" if form.sent_on.data else "Chosen"
    return saved(public_id, f"{said}: {len(chosen)} setting{'s' * (len(chosen) > 1)}.", INDEX)


def _choose(opened: Opened, form: ChooseForm, chosen: list[Chosen]) -> None:
    """Raises Refused, also where nothing is chosen."""
    if not chosen:
        raise Refused({"setting_1": "Enter a setting to be asked"})
    consultations.choose(
        actor=actor(),
        today=clock.today(),
        case_id=opened.view.case.id,
        version=form.version.data or 0,
        chosen=chosen,
        asks=form.asks.data or "",
        sent_on=form.sent_on.data,
    )


def _family_first(opened: Opened) -> dict[str, str]:
    """The settings that the family asks for, in the first boxes: those that can be asked now."""
    asked = [line.request.setting for line in opened.found.requests if line.may_be_asked]
    return {
        f"setting_{number}": schools.label_of(setting)
        for number, setting in enumerate(asked[:ROWS], start=1)
    }


def _is_done(opened: Opened, form: ChooseForm, chosen: list[Chosen]) -> bool:
    """Whether this person has chosen the very same already."""
    state = State.ASKED if form.sent_on.data else State.CHOSEN
    mine = [
        line
        for line in opened.found.lines
        if line.state is state and line.consultation.made_by_id == viewer().user_id
    ]
    return all(
        any(
            one.means(line.setting.id, line.setting.name)
            and one.place_kind == line.consultation.place_kind
            for line in mine
        )
        for one in chosen
    )


def _is_requested(opened: Opened, form: RequestForm) -> bool:
    """Whether the very same request is recorded already."""
    return any(
        line.on == form.on.data
        and form.chosen.means(line.request.setting_id, line.request.setting.name)
        for line in opened.found.requests
    )
