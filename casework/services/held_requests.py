"""A request for advice held by whoever answers it, and what refuses an answer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import Adviser, Case
from casework.queries import history
from casework.rules.answering import STEP_OF
from casework.rules.civil_dates import spoken_date
from casework.rules.history import (
    Happened,
    advice_rounds,
    standing_events,
    standpoint,
    withdrawn_on,
)
from casework.services.errors import Absent, Refused


class AnsweredMeanwhile(Exception):
    """Somebody answered after the person opened the page. Nothing was saved."""


@dataclass(slots=True)
class Held:
    """A request with its case locked, and what stands of its newest round."""

    adviser: Adviser
    case: Case
    own: list[Happened]
    round: list[Happened]
    ended_on: date | None

    @property
    def withdrawn_on(self) -> date | None:
        """Return the day on which the request was withdrawn, or None."""
        return withdrawn_on(self.round)


def hold(adviser_id: int) -> Held:
    """Lock the case of a request, so that of two who act at once the second sees the first."""
    adviser = find(adviser_id)
    case = db.session.scalars(
        select(Case)
        .where(Case.id == adviser.case_id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one()
    standing = standing_events(history.entered_events([case.id])[case.id])
    rounds = advice_rounds(standing).get(adviser_id) or [[]]
    own = [event for of_round in rounds for event in of_round]
    return Held(adviser, case, own, rounds[-1], standpoint(standing).ended_on)


def find(adviser_id: int) -> Adviser:
    """Return the request. Raises Absent."""
    adviser = db.session.get(Adviser, adviser_id)
    if adviser is None:
        db.session.rollback()
        raise Absent
    return adviser


def last_answer(of_round: Sequence[Happened]) -> Happened | None:
    """Return the answer that a round has come to, or None where something else came after."""
    moving = [event for event in of_round if event.kind in STEP_OF]
    last = max(moving, key=lambda event: event.id, default=None)
    return last if last is not None and last.kind == "advice_received" else None


def refuse_over(held: Held) -> None:
    """Raise Refused where nothing is asked any more."""
    words = None
    if day := held.withdrawn_on:
        words = f"The request was withdrawn on {spoken_date(day)}, so nothing more is asked"
    elif day := held.ended_on:
        words = f"The assessment ended on {spoken_date(day)}, so nothing more is asked"
    if words:
        db.session.rollback()
        raise Refused({"request": words})


def refuse_answered(held: Held) -> None:
    """Raise Refused where the request was answered."""
    answered = next((e for e in held.round if e.kind == "advice_received"), None)
    if answered is not None:
        db.session.rollback()
        raise Refused(
            {"request": f"This request was answered on {spoken_date(answered.on)} already"}
        )


def refuse_unseen(held: Held, seen: int) -> None:
    """Raise AnsweredMeanwhile where an answer was entered after the entry `seen`.

    A correction is no new answer: it is entered for one that was seen.
    """
    unseen = (e for e in held.own if e.kind == "advice_received" and e.corrects_id is None)
    if any(event.id > seen for event in unseen):
        db.session.rollback()
        raise AnsweredMeanwhile


def too_late(held: Held) -> str | None:
    """Return the doubt (rules.events.DOUBTS) about an answer that comes now, or None."""
    if held.withdrawn_on:
        return "after_withdrawal"
    return "after_the_end" if held.ended_on else None
