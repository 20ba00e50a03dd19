"""When cases were before a panel, and what became of each time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from casework.extensions import db
from casework.models import AgendaItem, Panel, PanelDecision, PanelMeeting
from casework.queries.decisions import in_force, is_signed
from casework.rules.panels import QUESTIONS, Handled, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDate:
    """One time that a case stood on an agenda."""

    item_id: int
    case_id: int
    meeting_id: int
    on_day: date
    panel: str
    question_key: str
    removed_at: datetime | None
    cancelled_at: datetime | None
    #: What was recorded: a key of Handled, and the outcome; None where nothing is.
    handled: str | None
    outcome: str | None
    is_signed: bool

    @property
    def question(self) -> Question:
        """Return the question that was before the panel."""
        return QUESTIONS[self.question_key]

    @property
    def became(self) -> str:
        """Return what became of it, in words. What nobody has signed yet is not told."""
        if self.is_signed:
            return self.recorded_words
        if self.removed_at:
            return "Taken off the agenda"
        if self.cancelled_at:
            return "Meeting cancelled"
        return "Not signed yet" if self.handled else "Not recorded yet"

    @property
    def recorded_words(self) -> str:
        """Return what was recorded, signed or not; nothing where nothing is."""
        if self.handled is None:
            return ""
        if self.handled != Handled.DECIDED or self.outcome is None:
            return Handled(self.handled).words
        return self.question.outcome(self.outcome).words


def panel_dates(case_ids: Collection[int], *, until: date) -> Mapping[int, Sequence[PanelDate]]:
    """Return when each case was before a panel up to a day, the latest first. One statement.

    The outcome is the authority's decision, or the panel's advice where it only advises.
    """
    found: dict[int, list[PanelDate]] = {case_id: [] for case_id in case_ids}
    recorded = and_(PanelDecision.item_id == AgendaItem.id, in_force())
    statement = (
        select(
            *(AgendaItem.id, AgendaItem.case_id, AgendaItem.meeting_id, PanelMeeting.on_day),
            *(Panel.name, AgendaItem.question, AgendaItem.removed_at, PanelMeeting.cancelled_at),
            *(PanelDecision.handled, PanelDecision.decision, PanelDecision.advice, is_signed()),
        )
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .join(Panel, Panel.id == PanelMeeting.panel_id)
        .outerjoin(PanelDecision, recorded)
        .where(AgendaItem.case_id.in_(case_ids), PanelMeeting.on_day <= until)
        .order_by(PanelMeeting.on_day.desc(), AgendaItem.id.desc())
    )
    for *about, handled, decision, advice, signed in db.session.execute(statement):
        item_id, case_id, meeting_id, on_day, panel, question, removed_at, cancelled_at = about
        found[case_id].append(
            PanelDate(
                item_id=item_id,
                case_id=case_id,
                meeting_id=meeting_id,
                on_day=on_day,
                panel=panel,
                question_key=question,
                removed_at=removed_at,
                cancelled_at=cancelled_at,
                handled=handled,
                outcome=decision or advice,
                is_signed=bool(signed),
            )
        )
    return found
