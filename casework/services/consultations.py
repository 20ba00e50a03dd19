"""Settings asked whether the plan should name them: chosen, asked, reminded, answered, let off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.clock import now
from casework.codes import PlaceKind
from casework.extensions import db
from casework.models import Consultation, ConsultationReply, Document, PlacementRequest, Setting
from casework.models.base import Model
from casework.queries import history
from casework.rules import consultations as rules
from casework.rules.consultations import (
    REASONS,
    REPLIES,
    Story,
    cannot_choose,
    cannot_record,
    of_each,
    story,
)
from casework.rules.history import standing_events
from casework.services import audit_trail, events, people
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent
from casework.services.protected_text import refuse_protected


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A setting to be asked: one that is held, or a name to be held for review."""

    setting_id: int | None = None
    new_name: str | None = None
    #: A casework.codes.PlaceKind; None where it is left open.
    place_kind: str | None = None
    is_family_request: bool = False

    def means(self, setting_id: int, name: str) -> bool:
        """Return whether it is the setting with this id and name."""
        return setting_id == self.setting_id or name == self.new_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a setting answered: keys of REPLIES and REASONS, its words, a document on the case."""

    outcome: str
    reason: str | None = None
    words: str = ""
    #: The document's public id.
    document: str | None = None


def request_setting(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    on: date,
    setting: Chosen,
    is_listed: bool | None,
    words: str,
) -> None:
    """Record that the family asked the plan to name a setting, and commit.

    `is_listed` says whether section 38(3) lists its type; None leaves it to what is held of the
    setting. Raises Refused, with the field at fault, also for a protected detail in the words; and
    ChangedMeanwhile.
    """
    refuse_protected(actor, case_id, {"words": words})
    events.claim(case_id, version)
    held = _setting(setting)
    if is_listed is None:
        is_listed = rules.is_listed(held.kind, is_section_41=held.is_section_41)
    if is_listed is None:
        db.session.rollback()
        raise Refused({"is_listed": "Say whether section 38(3) lists it: its type does not tell"})
    asked = {"setting_id": held.id, "is_listed": is_listed, "words": words}

    def brings(event_id: int) -> Iterable[Model]:
        return [PlacementRequest(event_id=event_id, case_id=case_id, **asked)]

    made = NewEvent(kind="setting_requested", on=on, brings=brings)
    events.record(actor, today, case_id, [made])
    db.session.commit()


def choose(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    chosen: Sequence[Chosen],
    asks: str = "",
    sent_on: date | None = None,
) -> None:
    """Choose settings to be asked, all or none; with `sent_on` they were asked on that day; commit.

    `asks` is what they are asked besides. A setting that answered is asked anew, in another round.
    Raises Refused, by the place of the setting at fault: {"0": why}, or {"on": why}, or {"asks":
    why} for a protected detail; and ChangedMeanwhile.
    """
    refuse_protected(actor, case_id, {"asks": asks})
    events.claim(case_id, version)
    rounds = _rounds(case_id)
    ids = [_setting(one).id for one in chosen]
    reasons = {
        str(place): why
        for place, number in enumerate(ids)
        if (why := cannot_choose(rounds.get(number, ())))
        or (why := "It is in the list twice" if number in ids[:place] else None)
    }
    if reasons:
        db.session.rollback()
        raise Refused(reasons)
    made = [
        Consultation(
            case_id=case_id,
            setting_id=number,
            round=len(rounds.get(number, ())) + 1,
            is_family_request=one.is_family_request,
            place_kind=PlaceKind(one.place_kind).value if one.place_kind else None,
            asks=asks,
            made_at=now(),
            made_by_id=actor.user_id,
        )
        for one, number in zip(chosen, ids, strict=True)
    ]
    db.session.add_all(made)
    db.session.flush()
    if sent_on:
        sent = [sent_event(one.id, sent_on) for one in made]
        events.record(actor, today, case_id, sent)
    audit_trail.record_all(actor, [_told(one) for one in made])
    db.session.commit()


def sent_event(consultation_id: int, on: date) -> NewEvent:
    """Return the event by which a chosen setting was asked, for whoever sends the letter."""
    return NewEvent(kind="consultation_sent", on=on, consultation_id=consultation_id)


def record_steps(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    kind: str,
    consultation_ids: Sequence[int],
    on: date,
    note: str | None = None,
) -> None:
    """Record one kind of step of some consultations, all or none, and commit.

    `kind` is consultation_sent, _received, _chased or _withdrawn. Raises Refused, with the field
    at fault; Absent where a consultation is not of the case; and ChangedMeanwhile.
    """
    events.claim(case_id, version)
    for number in consultation_ids:
        _refuse(kind, case_id, number)
    made = [
        NewEvent(kind=kind, on=on, consultation_id=number, note=note) for number in consultation_ids
    ]
    events.record(actor, today, case_id, made)
    db.session.commit()


def reply(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    consultation_id: int,
    on: date,
    given: Reply,
) -> None:
    """Record what a setting answered, and commit.

    The first answer ends its 15 days; a later one is what it says now. Raises Refused, with the
    field at fault: nothing is saved for a setting that was not asked or was let off, nor with a
    protected detail in its words; Absent; and ChangedMeanwhile.
    """
    refuse_protected(actor, case_id, {"words": given.words})
    events.claim(case_id, version)
    _refuse("consultation_replied", case_id, consultation_id)
    document_id = _document(case_id, given.document)

    def brings(event_id: int) -> Iterable[Model]:
        return [
            ConsultationReply(
                event_id=event_id,
                consultation_id=consultation_id,
                outcome=given.outcome,
                reason=given.reason,
                words=given.words,
                document_id=document_id,
            )
        ]

    _refuse_unknown(given)
    replied = NewEvent(
        kind="consultation_replied",
        on=on,
        consultation_id=consultation_id,
        outcome=given.outcome,
        brings=brings,
    )
    events.record(actor, today, case_id, [replied])
    db.session.commit()


def _stories(case_id: int) -> dict[int, Story]:
    entered = history.entered_events([case_id])[case_id]
    told = of_each(standing_events(entered))
    return {number: story(happened) for number, happened in told.items()}


def _rounds(case_id: int) -> dict[int, list[Story]]:
    """The stories of the consultations of each setting, by its id, the first first."""
    stories, found = _stories(case_id), dict[int, list[Story]]()
    of = Consultation
    rows = select(of.id, of.setting_id).where(of.case_id == case_id).order_by(of.round)
    for number, setting_id in db.session.execute(rows):
        found.setdefault(setting_id, []).append(stories.get(number, Story()))
    return found


def _refuse(kind: str, case_id: int, consultation_id: int) -> None:
    """Raise Refused where the step cannot be, Absent where there is no such consultation."""
    consultation = db.session.get(Consultation, consultation_id)
    if consultation is None or consultation.case_id != case_id:
        db.session.rollback()
        raise Absent
    why = cannot_record(kind, _stories(case_id).get(consultation_id, Story()))
    if why:
        name = consultation.setting.name
        db.session.rollback()
        raise Refused({"on": f"{name}: {why[0].lower()}{why[1:]}"})


def _refuse_unknown(given: Reply) -> None:
    wrong = {}
    if given.outcome not in REPLIES:
        wrong["outcome"] = "Choose what the setting answered"
    if given.reason is not None and given.reason not in REASONS:
        wrong["reason"] = "Choose its reason from the list"
    if wrong:
        db.session.rollback()
        raise Refused(wrong)


def _document(case_id: int, public_id: str | None) -> int | None:
    if public_id is None:
        return None
    document = db.session.scalar(
        select(Document).where(Document.case_id == case_id, Document.public_id == public_id)
    )
    if document is None or document.withdrawn_at is not None:
        db.session.rollback()
        raise Refused({"document": "Choose a document that is on this case"})
    return document.id


def _setting(chosen: Chosen) -> Setting:
    if chosen.setting_id is None:
        return people.setting_named(chosen.new_name or "")
    setting = db.session.get(Setting, chosen.setting_id)
    if setting is None:
        db.session.rollback()
        raise Absent
    return setting


def _told(made: Consultation) -> Act:
    return Act(
        action="chose setting",
        case_id=made.case_id,
        subject=f"consultation {made.id}",
        changes={"setting": (None, made.setting_id), "round": (None, made.round)},
    )
