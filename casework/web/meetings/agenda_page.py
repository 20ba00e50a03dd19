"""What the agenda says to whoever reads it: to the clerk, a member, the chair, an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework import clock, current
from casework.access import Permission
from casework.database import reading
from casework.holidays import england_and_wales
from casework.queries import agenda, candidates, meetings
from casework.queries.agenda import AgendaLine, TakenOff
from casework.queries.candidates import Candidacy
from casework.queries.meetings import MeetingView
from casework.queries.prospects import Prospect
from casework.rules.agendas import Need, suggested
from casework.services import viewing
from casework.web.guards import scope, seat, viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPage:
    """An agenda as one person reads it."""

    view: MeetingView
    lines: Sequence[AgendaLine]
    #: How many of its cases this person does not see, having declared an interest.
    hidden: int
    #: Whether they prepare it, and whether it can still be changed.
    prepares: bool
    is_changeable: bool
    #: Whether they run the meeting, or are a member who reads it.
    chairs: bool
    is_member: bool
    #: For whoever prepares it: the cases that wait for this panel, and those that were taken off.
    waiting: Candidacy | None
    taken_off: Sequence[TakenOff]

    @property
    def minutes(self) -> int:
        """Return the minutes of all the cases together."""
        return sum(line.item.minutes for line in self.lines)

    @property
    def minutes_left(self) -> int:
        """Return the minutes of the meeting that no case has yet; below nought past its end."""
        return self.view.meeting.minutes - self.minutes

    @property
    def suggested(self) -> list[Prospect]:
        """Return the cases to add unless the clerk thinks otherwise."""
        if self.waiting is None:
            return []
        each = self.view.panel.minutes_per_case
        return suggested(self.waiting.listed, self.minutes_left, each)

    @property
    def pressing(self) -> int:
        """Return how many of the cases that wait must be decided at this meeting."""
        listed = self.waiting.listed if self.waiting else ()
        return sum(one.need is Need.MUST_DECIDE for one in listed)

    @property
    def without_view(self) -> Sequence[AgendaLine]:
        """Return the cases on which this person has not given a view."""
        return [line for line in self.lines if not line.has_own_view]

    @property
    def without_record(self) -> Sequence[AgendaLine]:
        """Return the cases for which nothing is recorded yet."""
        return [line for line in self.lines if line.recorded is None]

    @property
    def not_ready(self) -> Sequence[AgendaLine]:
        """Return the cases with nothing recorded yet that something speaks against deciding."""
        return [line for line in self.without_record if not line.is_ready]

    @property
    def without_papers(self) -> Sequence[AgendaLine]:
        """Return the cases for which no paper stands."""
        return [line for line in self.lines if not line.papers]

    @property
    def opens_on(self) -> date:
        """Return the first day on which members can read it, if it is circulated today."""
        opens = current.settings().panel_opens_days
        return max(clock.today(), england_and_wales().before(self.view.meeting.on_day, opens))


def read(view: MeetingView) -> AgendaPage:
    """Return the agenda as the person who asks may see it. At most fifteen statements."""
    today, place = clock.today(), seat()
    prepares = viewer().may(Permission.PREPARE_MEETINGS)
    is_changeable = prepares and not view.is_cancelled and view.record is None
    with reading():
        page = AgendaPage(
            view=view,
            lines=agenda.lines(place, view, today),
            hidden=meetings.declared(place, view.meeting.id),
            prepares=prepares,
            is_changeable=is_changeable,
            chairs=view.chairs(viewer().user_id),
            is_member=view.member(viewer().user_id) is not None,
            waiting=_waiting(view, today) if is_changeable else None,
            taken_off=agenda.taken_off(place, view.meeting.id) if prepares else (),
        )
        viewing.let_go()
    return page


def _waiting(view: MeetingView, today: date) -> Candidacy:
    return candidates.candidates(scope(), view.meeting, today)
