"""Panels and their terms of reference: set up, changed, closed. Their meetings follow."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, Panel, PanelAgencyNeeded, PanelMeeting
from casework.queries import changes as changes_made
from casework.rules.panels import QUESTIONS
from casework.services import audit_trail, meetings
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.meetings import Followed, panel_subject

#: The terms that the meetings to come follow.
OF_MEETINGS = frozenset(
    {
        *("weekday", "starts_at", "minutes", "place", "on_bank_holiday"),
        *("papers_days", "papers_at", "circulate_days", "circulate_at", "closed_on"),
    }
)


def add_panel(
    *, actor: Actor, today: date, details: Mapping[str, Any], agencies: Collection[str]
) -> str:
    """Set up a panel with its meetings half a year ahead, and commit. Returns its public id.

    `details` are columns of Panel, `agencies` those without which there is no quorum. Raises
    Refused for a name that another panel has.
    """
    _refuse_taken(None, details["name"])
    panel = Panel(**details)
    panel.agencies = [PanelAgencyNeeded(agency=agency) for agency in sorted(agencies)]
    db.session.add(panel)
    db.session.flush()
    made = panel.public_id
    told = {name: (None, value) for name, value in details.items() if value not in (None, "")}
    told["agencies"] = (None, " ".join(sorted(agencies)))
    audit_trail.record(actor, "added panel", subject=panel_subject(panel.id), changes=told)
    until = min(today + meetings.AHEAD, england_and_wales().last)
    meetings.generate(actor=actor, panel_id=panel.id, first=today, until=until)
    return made


def change_panel(
    *,
    actor: Actor,
    today: date,
    panel_id: int,
    version: int,
    details: Mapping[str, Any],
    agencies: Collection[str],
) -> Followed | None:
    """Change a panel's terms, and commit. Returns what its meetings did, None where it is nothing
    to them.

    Meetings of later weeks that nobody has touched follow; the others stay as they are. Raises
    Absent, ChangedMeanwhile, and Refused for a name that another panel has or for a question that
    an agenda to come still asks.
    """
    panel = meetings.locked(panel_id)
    _refuse_taken(panel.id, details["name"])
    _refuse_asked(panel, details["questions"].split(), today)
    claim(panel.id, version)
    changes = {k: (getattr(panel, k), v) for k, v in details.items() if getattr(panel, k) != v}
    for name, (_, new) in changes.items():
        setattr(panel, name, new)
    changes |= _change_agencies(panel, frozenset(agencies))
    follows = OF_MEETINGS & changes.keys()
    followed = meetings.follow(panel=panel, today=today) if follows else None
    db.session.flush()
    if changes:
        audit_trail.record(actor, "changed panel", subject=panel_subject(panel.id), changes=changes)
    db.session.commit()
    return followed


def claim(panel_id: int, version: int) -> None:
    """Claim the next version of a panel, in the open transaction.

    Raises ChangedMeanwhile, saying what others did, where `version` is no longer the panel's.
    """
    taken = db.session.execute(
        update(Panel)
        .where(Panel.id == panel_id, Panel.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    held = db.session.scalar(select(Panel.version).where(Panel.id == panel_id))
    if held is None:
        raise Absent
    done = changes_made.latest_about(panel_subject(panel_id), count=max(held - version, 1))
    db.session.rollback()
    raise ChangedMeanwhile(held, done)


def _change_agencies(panel: Panel, wanted: frozenset[str]) -> dict[str, tuple[str, str]]:
    held = frozenset(panel.agencies_needed)
    if held == wanted:
        return {}
    panel.agencies = [row for row in panel.agencies if row.agency in wanted] + [
        PanelAgencyNeeded(agency=agency) for agency in sorted(wanted - held)
    ]
    return {"agencies": (" ".join(sorted(held)), " ".join(sorted(wanted)))}


def _refuse_taken(panel_id: int | None, name: str) -> None:
    same = select(Panel.id).where(func.lower(Panel.name) == name.lower())
    if any(owner != panel_id for owner in db.session.scalars(same)):
        raise Refused(
            {"name": f"Another panel is called “{name}”. Give this one a name of its own"}
        )


def _refuse_asked(panel: Panel, questions: Collection[str], today: date) -> None:
    """A question leaves the terms only when no agenda to come asks it of the panel."""
    dropped = set(panel.question_keys) - set(questions)
    asked = db.session.execute(
        select(AgendaItem.question, func.count())
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .where(
            PanelMeeting.panel_id == panel.id,
            PanelMeeting.on_day >= today,
            PanelMeeting.cancelled_at.is_(None),
            AgendaItem.removed_at.is_(None),
            AgendaItem.question.in_(dropped),
        )
        .group_by(AgendaItem.question)
    ).all()
    if asked:
        words = " and ".join(f"“{QUESTIONS[key].words}” of {count}" for key, count in asked)
        raise Refused(
            {
                "questions": f"Agendas to come ask {words} of their cases. Take those off, or "
                "leave the question in"
            }
        )
