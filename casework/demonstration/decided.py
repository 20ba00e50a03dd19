"""Which of a case's decisions were taken at which meeting, and which by an officer between two.

A decision ends no limit, so that its day can be moved to the day of a meeting between the steps
before and after it without any limit being met sooner or later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from casework.demonstration.draw import Draw
from casework.demonstration.roads import DAY, Road, Step, standing
from casework.demonstration.sittings import PLAN, Sitting, Sittings, State
from casework.rules.events import EXCEPTION_STEPS
from casework.rules.panels import QUESTIONS, SOUGHT

#: The question and outcome behind each kind of event that a decision makes.
DECIDED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        outcome.event: (question.key, outcome.key)
        for question in QUESTIONS.values()
        if question.key != "reassess"
        for outcome in question.outcomes
    }
)
#: How often a case was before an earlier meeting, and was not decided there.
_CARRIED = 0.12
#: A decision as old as this may be shown changed after it was signed.
_SETTLED = timedelta(days=14)
#: Working days ahead of a meeting that a request must be in.
_NOTICE = 7 * DAY


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision behind a step: by whom it was taken, and how it came there."""

    question: str
    outcome: str
    #: The number of its meeting; None for an officer's decision.
    sitting: int | None = None
    is_officers: bool = False
    #: The number of an earlier meeting at which the case was not decided, and how it was handled.
    carried_from: int | None = None
    carried_how: str = "deferred"
    #: Whether it is the second version, that takes the place of the first.
    is_change: bool = False
    #: Whether the case had its answer already, and was looked at again.
    is_second_look: bool = False


class Decider:
    """Puts the decisions of one case after another before the panels."""

    def __init__(self, draw: Draw, sittings: Sittings, today: date) -> None:
        self._draw = draw
        self._sittings = sittings
        self._today = today
        self._has_change = False

    def decide(self, road: Road) -> None:
        """Say behind each decision of the road how it was taken, since there have been panels."""
        if road.kind == "transfer":
            return
        for place, step in enumerate(road.steps[:]):
            if step.kind in DECIDED and step.doubt is None and step.on >= self._sittings.first_day:
                road.steps[place] = self._taken(road, place)
        self._change(road)

    def _taken(self, road: Road, place: int) -> Step:
        step = road.steps[place]
        question, outcome = DECIDED[step.kind]
        if question == "assess" and road.kind == "reassessment":
            question = "reassess"
        asked = {s.decided.question for s in road.steps[:place] if s.decided}
        decided = Decided(question, outcome, is_second_look=question in asked)
        sitting = None if step.by_officer else self._sitting(road, place, question)
        if sitting is None:
            return replace(step, decided=replace(decided, is_officers=True), keyed_on=step.on)
        is_officers = sitting.state is State.INQUORATE
        decided = replace(decided, sitting=sitting.number, is_officers=is_officers)
        decided = self._carried(road, decided, sitting)
        return replace(step, on=sitting.on_day, keyed_on=sitting.on_day, decided=decided)

    def _sitting(self, road: Road, place: int, question: str) -> Sitting | None:
        """The meeting nearest to the day drawn, between the step before and the one after."""
        first, last = _between(road, place)
        own = road.steps[place].on
        panel = _panel_for(question)
        open_to_it = [s for s in self._sittings.of(panel) if first <= s.on_day <= last]
        quorate = [s for s in open_to_it if s.state is State.HELD]
        return min(
            quorate or open_to_it, key=lambda s: (abs(s.on_day - own), s.on_day), default=None
        )

    def _carried(self, road: Road, decided: Decided, sitting: Sitting) -> Decided:
        """Let a case have been before the meeting of the week before, now and then."""
        before = [s for s in self._sittings.of(sitting.panel) if s.on_day < sitting.on_day]
        if not before or decided.is_second_look:
            return decided
        earlier = before[-1]
        asked = road.first("advice_requested") or road.start
        since = (asked if decided.question == "issue" else road.start) + _NOTICE
        if earlier.on_day < since or decided.question not in SOUGHT:
            return decided
        if earlier.state is not State.INQUORATE and not self._draw.happens(_CARRIED):
            return decided
        how = "deferred"
        if earlier.state is State.HELD:
            how = self._draw.weighted({"deferred": 0.65, "not_heard": 0.35})
        return replace(decided, carried_from=earlier.number, carried_how=how)

    def _change(self, road: Road) -> None:
        """Let the first decision that can be have been changed after it was signed."""
        if self._has_change:
            return
        for place, step in enumerate(road.steps):
            decided = step.decided
            if decided and not decided.is_officers and step.on < self._today - _SETTLED:
                again = replace(decided, is_change=True, carried_from=None)
                signed = step.on + _NOTICE
                road.steps.append(
                    replace(step, corrects=place, decided=again, keyed_on=signed, note=None)
                )
                self._has_change = True
                return


def _panel_for(question: str) -> int:
    return PLAN if question in ("issue", "content", "placement", "cease") else 0


def _between(road: Road, place: int) -> tuple[date, date]:
    """The days between which a step may be moved: those of what stands before and after it."""
    before, after = [road.start], [road.until]
    for other, step in standing(road.steps):
        if step.kind in ("exception_recorded", "struck_out", *EXCEPTION_STEPS):
            continue
        if other < place:
            before.append(step.on)
        elif other > place:
            after.append(step.on)
    return max(before), min(after)
