"""Who is told in a person's place: for some days while they are away, or for good."""

from datetime import date

from casework.clock import now
from casework.extensions import db
from casework.filters import day as spoken
from casework.models import Absence, User
from casework.queries import absences
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused


def set_cover(
    *,
    actor: Actor,
    today: date,
    user_id: int,
    cover_id: int,
    from_day: date,
    until_day: date | None,
) -> Absence:
    """Record who is told in a person's place, and commit; return it. No last day is for good.

    The same once more is recorded once. A cover is there: who is away on any of the days is
    refused, since the person who asks can name another, and whoever goes away later names a cover
    of their own, who is then told of both. Raises Refused.
    """
    # Two presses at once take turns here, so that one absence is recorded.
    person = db.session.get(User, user_id, with_for_update=True)
    if person is None:
        raise Absent
    held = absences.overlapping(user_id, from_day, until_day)
    if held and (held.cover_id, held.from_day, held.until_day) == (cover_id, from_day, until_day):
        db.session.rollback()
        return held
    if reasons := _objections(user_id, cover_id, from_day, until_day, today, held):
        db.session.rollback()
        raise Refused(reasons)
    made = Absence(
        user_id=user_id,
        cover_id=cover_id,
        from_day=from_day,
        until_day=until_day,
        entered_at=now(),
        entered_by_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    said = {"person": user_id, "cover": cover_id, "from": from_day, "until": until_day}
    audit_trail.record(
        actor,
        "set cover",
        subject=f"absence {made.id}",
        changes={name: (None, value) for name, value in said.items()},
    )
    db.session.commit()
    return made


def take_back(*, actor: Actor, absence_id: int) -> None:
    """End an absence that is in force or to come, and commit. Raises Absent."""
    held = db.session.get(Absence, absence_id, with_for_update=True)
    if held is None:
        raise Absent
    if held.ended_at is not None:
        db.session.rollback()
        return
    held.ended_at = now()
    db.session.flush()
    changes = {"person": (held.user_id, held.user_id), "cover": (held.cover_id, None)}
    audit_trail.record(actor, "took back cover", subject=f"absence {held.id}", changes=changes)
    db.session.commit()


def _objections(
    user_id: int,
    cover_id: int,
    from_day: date,
    until_day: date | None,
    today: date,
    held: Absence | None,
) -> dict[str, str]:
    reasons: dict[str, str] = {}
    if from_day < today:
        reasons["from_day"] = "The first day must be today or later"
    if until_day is not None and until_day < from_day:
        reasons["until_day"] = "The last day must be the first day or later"
    if cover_id not in {one.id for one in absences.able_to_cover()} - {user_id}:
        reasons["cover"] = "Choose somebody else who is told of cases"
    elif away := absences.overlapping(cover_id, from_day, until_day):
        reasons["cover"] = f"{away.user.name} is away {_days(away)}: choose somebody else"
    if held is not None and not reasons:
        words = f"{held.cover.name} stands in already {_days(held)}: take that back first"
        reasons["from_day"] = words
    return reasons


def _days(of: Absence) -> str:
    if of.until_day is None:
        return f"from {spoken(of.from_day)} on"
    return f"from {spoken(of.from_day)} to {spoken(of.until_day)}"
