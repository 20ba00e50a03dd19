"""The final plan: signed for the authority, then sent to each of those who must have it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from casework.codes import PlaceKind
from casework.extensions import db
from casework.models import FinalPlan, Setting
from casework.plan_document.content import Placement, Signature, Standing
from casework.queries import final_plans, history
from casework.rules.civil_dates import spoken
from casework.rules.history import Happened, final_complete_on, standing_events, standpoint
from casework.rules.stages import STAGES, Stage
from casework.services import editions, events
from casework.services.audit_trail import Actor
from casework.services.editions import Standings
from casework.services.errors import Refused
from casework.services.events import NewEvent
from casework.services.protected_text import refuse_protected

_AMENDED = (
    "The plan that was sent names a type only. To name a school or other institution now is to "
    "amend the plan (SEND Regulations 2014, reg 28), which begins with a notice to the family"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What section I is to say; `setting_id` is None for a type only, which has its reason."""

    setting_id: int | None
    setting_type: str
    place_kind: str | None = None
    why_type_only: str = ""


def sign(
    *,
    actor: Actor,
    signer_id: int,
    today: date,
    case_id: int,
    version: int,
    seen: str,
    naming: Naming,
    signed_by: str,
    because: str = "",
) -> None:
    """Sign the plan as it stands, with section I, and keep its documents; commit.

    It is signed on `today`, since signing is what this does. `seen` is which plan the signer
    looked at, `signed_by` their name and post. A plan that was signed before is signed again for
    the reason in `because`; the one before stays. Raises Refused, with the field at fault, while
    the family has its days on the draft (SEND Regulations 2014, reg 13(1)) among others; and
    ChangedMeanwhile.
    """
    entered = history.entered_events([case_id])[case_id]
    _refuse(case_id, entered, naming, because)
    typed = {"because": because, "why_type_only": naming.why_type_only, "post": signed_by}
    refuse_protected(actor, case_id, typed | {"setting_type": naming.setting_type})
    what = Standings(
        standing=Standing.FINAL,
        placement=placement(naming),
        signature=Signature(name_and_post=signed_by, on=today),
    )
    db.session.rollback()
    frozen = editions.frozen(actor, case_id, version=version, seen=seen, what=what)
    with frozen as edition:
        final = FinalPlan(
            edition_id=edition.id,
            setting_id=naming.setting_id,
            setting_type=naming.setting_type,
            place_kind=naming.place_kind,
            signed_on=today,
            signed_by_id=signer_id,
            signed_by_words=signed_by,
        )
        new = _signing(entered, today, naming, final, because)
        events.record(actor, today, case_id, new)
        db.session.commit()


def placement(naming: Naming) -> Placement:
    """Return section I as the document says it."""
    setting = db.session.get_one(Setting, naming.setting_id) if naming.setting_id else None
    kind = naming.place_kind
    return Placement(
        setting=setting.name if setting else None,
        setting_type=naming.setting_type,
        place=None if kind in (None, PlaceKind.SCHOOL) else PlaceKind(kind).words,
    )


def send(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    on: date,
    to: Collection[str],
    family_note: str = "",
) -> None:
    """Record that the signed plan was sent to some of its recipients on a day, and commit.

    `to` are keys of casework.rules.events.RECIPIENTS; `family_note` says to whom of the family.
    Raises Refused where none is signed, for a day before that, and for whom it was sent already;
    and ChangedMeanwhile.
    """
    waiting = sent_events(case_id, on)
    chosen = [
        NewEvent(
            kind=event.kind,
            on=on,
            recipient=event.recipient,
            note=(family_note or None) if event.recipient == "family" else None,
        )
        for event in waiting
        if event.recipient in to
    ]
    if not chosen:
        raise Refused({"to": "Each of those chosen was sent the plan already"})
    events.log_events(actor=actor, today=today, case_id=case_id, version=version, events=chosen)


def sent_events(case_id: int, on: date) -> list[NewEvent]:
    """Return the sending on a day of the plan that stands, to each who still waits for it.

    Raises Refused, with the key "on", where no plan is signed or it was signed after that day.
    """
    entered = history.entered_events([case_id])[case_id]
    plan = final_plans.signed(case_id, entered)
    if plan is None:
        raise Refused({"on": "No final plan is signed. Sign it first, then send it"})
    if on < plan.final.signed_on:
        signed_on = spoken(plan.final.signed_on)
        raise Refused({"on": f"The day must be {signed_on}, when the plan was signed, or later"})
    return [
        NewEvent(kind="final_plan_sent", on=on, recipient=one.key)
        for one in final_plans.recipients(entered, plan)
        if one.sent_on is None
    ]


def _refuse(case_id: int, entered: Sequence[Happened], naming: Naming, because: str) -> None:
    standing = standing_events(entered)
    stage = standpoint(standing).stage
    if STAGES[stage].ends and stage is not Stage.FINAL:
        raise Refused({"seen": f"This case has ended: {STAGES[stage].words}"})
    if all(event.kind != "draft_served" for event in standing):
        raise Refused({"seen": "No draft was served on the family, so no final plan can be signed"})
    if final_plans.signed(case_id, entered) and not because:
        raise Refused({"because": "Enter why the plan is signed again"})
    if not naming.setting_type:
        raise Refused({"setting_type": "Enter the type of school or other institution"})
    if naming.setting_id is None and not naming.why_type_only:
        raise Refused({"why_type_only": "Enter why no school or other institution is named"})
    if naming.setting_id and _none_is_named(standing) and final_complete_on(standing):
        raise Refused({"names": _AMENDED})


def _signing(
    entered: Sequence[Happened], today: date, naming: Naming, final: FinalPlan, because: str
) -> list[NewEvent]:
    """The signing, and that nobody is to be sent the plan as an institution, or is after all."""

    def brings(event_id: int) -> list[FinalPlan]:
        final.event_id = event_id
        return [final]

    made = [NewEvent(kind="plan_signed", on=today, note=because or None, brings=brings)]
    none_named = _none_is_named(standing_events(entered))
    if naming.setting_id is None and none_named is None:
        note = naming.why_type_only
        made.append(NewEvent(kind="no_institution_named", on=today, note=note))
    if naming.setting_id and none_named:
        note = "The plan signed today names a school or other institution"
        made.append(NewEvent(kind="struck_out", on=today, note=note, corrects_id=none_named.id))
    return made


def _none_is_named(standing: Sequence[Happened]) -> Happened | None:
    return next((e for e in standing if e.kind == "no_institution_named"), None)
