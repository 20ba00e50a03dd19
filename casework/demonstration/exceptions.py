"""Exceptions: proposed by one person and decided by another, since the system keeps them so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from casework.demonstration.draw import Draw
from casework.demonstration.roads import Road, Step, working_day
from casework.demonstration.rows import Row, put
from casework.demonstration.words import words
from casework.models import CaseEventException, ExceptionStep

#: Since how long ago an exception has taken two people; how often it is not approved, the family
#: is told of it, its end is recorded.
_BY_TWO = timedelta(days=540)
_NOT_APPROVED, _TOLD, _CLOSED = 0.12, 0.8, 0.75
#: What was proposed in these last days may still wait for a manager, and how often it does.
_LATELY, _WAITS = timedelta(days=30), 0.6


class Approver:
    """Has the exceptions of one case after another proposed and decided on, and what follows."""

    def __init__(self, draw: Draw, today: date) -> None:
        self._draw = draw
        self._today = today

    def follow(self, road: Road) -> None:
        """Let what one person recorded of late have been proposed, and add what came of it."""
        for place, step in enumerate(road.steps[:]):
            is_alone = step.kind == "exception_recorded" and step.proposal is None
            if is_alone and step.doubt is None and step.on >= self._today - _BY_TWO:
                road.steps[place] = proposed(step)
                last = (step.exception or {}).get("last_day")
                for kind, on, said in self._decided(step.on, last):
                    if not add(road, place, kind, on, said):
                        break

    def _decided(self, on: date, last: date | None) -> Iterator[tuple[str, date, str]]:
        """What followed a proposal, each step with its day and words."""
        draw = self._draw
        if on > self._today - _LATELY and draw.happens(_WAITS):
            return
        decided = working_day(on + draw.between(1, 6))
        if draw.happens(_NOT_APPROVED):
            yield "exception_refused", decided, draw.choice(words()["not_approved"])
            return
        yield "exception_recorded", decided, ""
        if draw.happens(_TOLD):
            yield "exception_told", working_day(decided + draw.between(0, 4)), "By letter"
        if last and last > on and draw.happens(_CLOSED):
            yield "exception_ended", working_day(max(last, decided)), draw.choice(words()["ended"])


class Exceptions:
    """The particulars of exceptions and their steps, kept as rows many at a time."""

    def __init__(self) -> None:
        self._particulars: list[Row] = []
        self._steps: list[Row] = []

    def answer(self, event: Row, step: Step, own: Sequence[Row]) -> None:
        """Take what an event brings with it; `own` are the events of its case, in their places."""
        if step.exception:
            self._particulars.append(_particulars(event["id"], step.exception))
        if step.proposal is not None:
            proposal_id = own[step.proposal]["id"]
            row = {"event_id": event["id"], "proposal_id": proposal_id, "words": step.words}
            self._steps.append(row)

    def write(self) -> None:
        """Keep what was taken, once its events are kept."""
        put(CaseEventException, self._particulars)
        put(ExceptionStep, self._steps)
        self._particulars, self._steps = [], []


def proposed(step: Step) -> Step:
    """Return an exception as it is proposed, in place of one that was recorded."""
    particulars = {**(step.exception or {}), "approver_recorded": False}
    return replace(step, kind="exception_proposed", exception=particulars)


def add(road: Road, proposal: int, kind: str, on: date, said: str) -> bool:
    """Add to a road a step of the exception proposed at a place; return whether it was added."""
    of = road.steps[proposal]
    more: dict[str, Any] = {"proposal": proposal, "words": said, "keyed_on": on}
    if kind == "exception_recorded":
        particulars = {**(of.exception or {}), "approver_recorded": True}
        more |= {"exception": particulars, "service": of.service}
    by_manager = kind in ("exception_recorded", "exception_refused")
    return road.add(kind, on, by_manager=by_manager, **more)


def _particulars(number: int, given: Mapping[str, Any]) -> Row:
    blank = {"first_day": None, "last_day": None, "evidence": None}
    return {**blank, **given, "event_id": number}
