"""The drafts of one case's plan: how each was served, and the days that the family has on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.codes import ServiceRoute
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Document, DraftServed, PlanEdition
from casework.queries.cases import CaseView
from casework.rules.book import duty as find_duty
from casework.rules.clocks import SEND_FINAL
from casework.rules.consultations import first_asked
from casework.rules.deadlines import Due, due
from casework.rules.history import draft_with_the_family, standing_events
from casework.rules.weeks_left import WeeksLeft, weeks_left

_WINDOW = find_duty("reps_15d_min")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft that was served: the day, the family's days on it, and what is known of the sending.

    `window.on` is the last day for comments, `window.earliest` the first on which a final plan may
    be sent. `served` is None for a draft recorded by its day alone. `said_by` is the last day for
    comments that the plan's own documents give the family, where these were made here.
    """

    on: date
    window: Due
    served: DraftServed | None
    said_by: date | None = None

    @property
    def route(self) -> str:
        """Return how it was sent, in words."""
        return ServiceRoute(self.served.route).words if self.served else "Not recorded"

    @property
    def says_another_day(self) -> bool:
        """Return whether the day of service was put right after its documents were made."""
        return self.said_by is not None and self.said_by != self.window.on

    @property
    def documents(self) -> list[Document]:
        """Return the documents that were sent, as far as they are kept here."""
        if self.served is None:
            return []
        edition = self.served.edition
        found = (edition.pdf, edition.word) if edition else (self.served.document,)
        return [document for document in found if document]


def drafts(view: CaseView) -> list[DraftLine]:
    """Return the drafts that stand, the newest first, in one statement."""
    events = [e for e in standing_events(view.entered) if e.kind == "draft_served"]
    # An entry put right keeps what came with the first: the chain leads back to it.
    first = {e.id: e.corrects_id for e in view.entered}
    edition = joinedload(DraftServed.edition)
    kept = (
        select(DraftServed)
        .where(DraftServed.case_id == view.case.id)
        .options(
            edition.joinedload(PlanEdition.pdf),
            edition.joinedload(PlanEdition.word),
            joinedload(DraftServed.document),
        )
    )
    known = {row.event_id: row for row in db.session.scalars(kept)}
    days = {e.id: e.on for e in view.entered}
    found = []
    for event in reversed(events):
        served = next((known[n] for n in chain(event.id, first) if n in known), None)
        line = DraftLine(on=event.on, window=_window(event.on), served=served)
        if served and served.edition:
            line = replace(line, said_by=_window(days[served.event_id]).on)
        found.append(line)
    return found


def _window(served_on: date) -> Due:
    return due(_WINDOW, {"draft_served": served_on}, england_and_wales())


def chain(event_id: int, corrects: Mapping[int, int | None]) -> Sequence[int]:
    """Return an entry with those that it put right, the newest first; `corrects` says which."""
    found, at = [event_id], corrects.get(event_id)
    while at is not None:
        found.append(at)
        at = corrects.get(at)
    return found


def plan_for_the_weeks_left(view: CaseView) -> WeeksLeft | None:
    """Return what is left of the road to the final plan; None where no 20 weeks run on the case."""
    final = next((line.clock for line in view.own_clocks if line.clock.duty.id in SEND_FINAL), None)
    if final is None or not final.is_owed or not view.is_open:
        return None
    events = standing_events(view.entered)
    return weeks_left(
        today=view.today,
        final_by=final.due.on,
        calendar=england_and_wales(),
        served_on=draft_with_the_family(events),
        consulted_on=first_asked(events),
    )
