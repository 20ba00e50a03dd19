"""The forecast of one case, as its page shows it: worked out from the case as it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import Case
from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.queries.forecasts import forecaster
from casework.rules.behind import Behind, behind
from casework.rules.clocks import ANY_ADVICE
from casework.rules.history import standing_events
from casework.rules.journeys import FINALS, KINDS, Asked, Journey, milestones
from casework.rules.outlook import Outlook, chance_words, headline, outlook
from casework.rules.places import place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseForecast:
    """When the final plan of a case is likely, beside the limit that it is held against."""

    today: date
    limit: ClockLine
    told: Outlook
    #: The steps that remain, with the numbers of each.
    behind: Sequence[Behind]

    @property
    def words(self) -> str:
        """Return the forecast in a line."""
        return headline(self.told, self.today, is_lifted=self.is_lifted)

    @property
    def is_lifted(self) -> bool:
        """Return whether an exception lifts the limit."""
        return bool(self.limit.clock.lifted_by)

    @property
    def chance(self) -> str:
        """Return the chance of being in time in a sentence; nothing where the limit is past."""
        return "" if self.told.due_on < self.today else chance_words(self.told)


def of_case(view: CaseView) -> CaseForecast | None:
    """Return the forecast of the case, or None where no final plan lies ahead. One statement."""
    finals = [line for line in view.own_clocks if line.clock.duty.id in FINALS]
    owed = [line for line in finals if line.clock.is_owed]
    if not (owed and view.is_open and view.case.kind in KINDS and view.case.started_on):
        return None
    place = place_of(journey_of(view, finals), view.today)
    if place is None:
        return None
    known = forecaster()
    limit = min(owed, key=lambda line: (bool(line.clock.lifted_by), line.clock.due.on))
    return CaseForecast(
        today=view.today,
        limit=limit,
        told=outlook(known.ahead(place), limit.clock.due.on, view.today),
        behind=tuple(behind(place, known)),
    )


def public_id_of(reference: str) -> str | None:
    """Return what addresses call the case of a reference, or None where there is none."""
    wanted = select(Case.public_id).where(Case.reference == reference.strip().upper())
    return db.session.scalar(wanted)


def journey_of(view: CaseView, finals: Sequence[ClockLine]) -> Journey:
    """Return the case's road, as `casework.queries.forecasts.roads` reads it of all cases."""
    sent = min((line.clock.met_on for line in finals if line.clock.met_on), default=None)
    assert view.case.started_on is not None
    return Journey(
        view.case.kind,
        view.case.started_on,
        **milestones(standing_events(view.entered)),
        sent=sent,
        stopped=None if sent else view.stands.ended_on,
        asked=tuple(_asked(view)),
    )


def _asked(view: CaseView) -> list[Asked]:
    found = []
    for line in view.clocks:
        clock = line.clock
        if clock.adviser_id is None or clock.duty.id not in ANY_ADVICE:
            continue
        on = (clock.request and clock.request.asked_on) or clock.due.started_on
        service = view.advisers[clock.adviser_id].service
        if on:
            found.append(Asked(service, on, clock.met_on, clock.closed_on))
    return found
