"""Schools and other settings, kept clean: reviewed, put right, merged, their closures recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm.exc import StaleDataError

from casework.extensions import db
from casework.models import (
    AdviceService,
    Case,
    Consultation,
    FinalPlan,
    LetterRecipient,
    PlacementRequest,
    Setting,
    SettingClosure,
)
from casework.queries.people import folded
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor, Changes
from casework.services.errors import Absent, ChangedMeanwhile, Refused

#: No school closes for longer and opens again as the same school.
LONGEST_CLOSURE = 366
_NUMBERS = {"urn": "URN", "ukprn": "UKPRN"}
#: What names a setting and is never changed.
_LASTING = (Consultation, FinalPlan, LetterRecipient, PlacementRequest)


def add_setting(*, actor: Actor, details: Mapping[str, Any]) -> str:
    """Add a setting, and commit. Returns its public id.

    `details` are columns of Setting. Raises Refused for a number that another setting has.
    """
    _refuse_taken(None, details)
    setting = Setting(**details, name_key=folded(details["name"]), needs_review=False)
    db.session.add(setting)
    db.session.flush()
    made = setting.public_id
    _record(actor, "added setting", setting.id, {k: (None, v) for k, v in details.items() if v})
    db.session.commit()
    return made


def change_setting(
    *, actor: Actor, public_id: str, version: int, details: Mapping[str, Any]
) -> None:
    """Put a setting's name, kind and numbers right, which reviews it, and commit.

    Raises Absent, ChangedMeanwhile, and Refused for a number that another setting has.
    """
    setting = _find(public_id)
    if setting.version != version:
        raise ChangedMeanwhile(setting.version, ())
    _refuse_taken(setting.id, details)
    wanted = {**details, "name_key": folded(details["name"]), "needs_review": False}
    changes = {k: (getattr(setting, k), v) for k, v in wanted.items() if getattr(setting, k) != v}
    for column, (_, new) in changes.items():
        setattr(setting, column, new)
    try:
        db.session.flush()
    except StaleDataError:
        db.session.rollback()
        raise ChangedMeanwhile(_find(public_id).version, ()) from None
    changes.pop("name_key", None)
    if changes:
        _record(actor, "changed setting", setting.id, changes)
    db.session.commit()


def merge(*, actor: Actor, public_id: str, into: str) -> int:
    """Move every case and closure of a setting to another and remove it, all or nothing; commit.

    The other takes over the numbers that it lacks. Each case moved is told to the audit trail.
    Returns how many cases moved. Raises Absent, and Refused for a setting merged into itself or
    named in what is never changed: a consultation, a family's request, a plan, a letter.
    """
    gone, stays = _find(public_id), _find(into)
    if gone.id == stays.id:
        raise Refused({"into": "Choose another setting to merge it into"})
    if any(db.session.scalar(exists().where(of.setting_id == gone.id).select()) for of in _LASTING):
        raise Refused(
            {
                "into": f"{gone.name} was consulted, asked for by a family or named in a plan or "
                f"letter, and that is never changed. Merge {stays.name} into it, or say that it is "
                "closed"
            }
        )
    cases = db.session.scalars(
        select(Case).where(Case.setting_id == gone.id).order_by(Case.id)
    ).all()
    for case in cases:
        case.setting_id = stays.id
        case.version += 1
    _take_closures(gone, stays)
    _take_service(gone, stays)
    numbers = {n: getattr(gone, n) for n in _NUMBERS if not getattr(stays, n)}
    words: Changes = {n: (getattr(gone, n), None) for n in ("name", *_NUMBERS)}
    db.session.flush()
    db.session.delete(gone)
    db.session.flush()  # its numbers are free only now
    for column, number in numbers.items():
        setattr(stays, column, number)
    db.session.flush()
    moved = {"setting": (gone.id, stays.id)}
    acts = [Act(action="changed case", case_id=case.id, changes=moved) for case in cases]
    acts.append(
        Act(
            action=f"merged setting into setting {stays.id}",
            subject=f"setting {gone.id}",
            changes=words,
        )
    )
    audit_trail.record_all(actor, acts)
    db.session.commit()
    return len(cases)


def add_closure(
    *, actor: Actor, public_id: str, first_day: date, last_day: date, reason: str
) -> None:
    """Record that a setting is closed from one day to another, both included; commit.

    Raises Absent, and Refused for a closure that ends before it begins, is longer than a year,
    or overlaps another.
    """
    setting = _find(public_id)
    if last_day < first_day:
        raise Refused({"last_day": "The last day must be the first day or after it"})
    if (last_day - first_day).days >= LONGEST_CLOSURE:
        raise Refused({"last_day": "A closure is at most a year: check both days"})
    overlapping = select(SettingClosure.id).where(
        SettingClosure.setting_id == setting.id,
        SettingClosure.first_day <= last_day,
        SettingClosure.last_day >= first_day,
    )
    if db.session.scalars(overlapping).first() is not None:
        raise Refused({"first_day": "Another closure covers some of these days. Remove it first"})
    db.session.add(
        SettingClosure(setting_id=setting.id, first_day=first_day, last_day=last_day, reason=reason)
    )
    days = {"first day": (None, first_day), "last day": (None, last_day)}
    _record(actor, "added closure", setting.id, days)
    db.session.commit()


def remove_closure(*, actor: Actor, public_id: str, closure_id: int) -> None:
    """Remove a closure that was recorded by mistake, and commit. Raises Absent."""
    setting = _find(public_id)
    closure = db.session.get(SettingClosure, closure_id)
    if closure is None or closure.setting_id != setting.id:
        raise Absent
    days = {"first day": (closure.first_day, None), "last day": (closure.last_day, None)}
    db.session.delete(closure)
    db.session.flush()
    _record(actor, "removed closure", setting.id, days)
    db.session.commit()


def _find(public_id: str) -> Setting:
    setting = db.session.scalar(select(Setting).where(Setting.public_id == public_id))
    if setting is None:
        raise Absent
    return setting


def _refuse_taken(setting_id: int | None, details: Mapping[str, Any]) -> None:
    for column, words in _NUMBERS.items():
        if not details.get(column):
            continue
        owner = db.session.scalar(
            select(Setting).where(getattr(Setting, column) == details[column])
        )
        if owner is not None and owner.id != setting_id:
            raise Refused(
                {
                    column: f"{owner.name} has this {words}. Check it, or merge the two "
                    "if they are the same setting"
                }
            )


def _take_closures(gone: Setting, stays: Setting) -> None:
    """Move the closures that the other does not have yet; the rest go with their setting."""
    held = {(c.first_day, c.last_day) for c in stays.closures}
    for closure in list(gone.closures):
        if (closure.first_day, closure.last_day) in held:
            db.session.delete(closure)
        else:
            closure.setting_id = stays.id
    db.session.flush()
    db.session.expire(gone, ["closures"])


def _take_service(gone: Setting, stays: Setting) -> None:
    """Let the service that gives the school's own advice go with its pupils; where both have one,
    that of the other stays and takes over."""
    of = AdviceService.setting_id
    own, theirs = (
        db.session.scalar(select(AdviceService).where(of == s.id)) for s in (gone, stays)
    )
    if own is not None:
        own.setting_id = None if theirs else stays.id
        own.replaced_by_id = theirs.id if theirs else own.replaced_by_id
        db.session.flush()


def _record(actor: Actor, action: str, setting_id: int, changes: Changes) -> None:
    audit_trail.record(actor, action, subject=f"setting {setting_id}", changes=changes)
