"""What passed between the authority and its advisers besides the asking and the answering.

Each request is followed from the day it was made: it reaches them, they are reminded, say that they
need longer, are sent back to, are accepted; somebody writes down why they were late.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from casework.demonstration import advice, journeys
from casework.demonstration.draw import Draw
from casework.demonstration.roads import DAY, Road, Step, standing, working_day
from casework.demonstration.words import advice_words
from casework.holidays import england_and_wales
from casework.rules.advisers import SERVICES
from casework.rules.book import duty
from casework.rules.deadlines import due
from casework.rules.lateness import CANNOT_IN_TIME
from casework.rules.plan_sections import USUALLY_FEEDS

#: The system has kept advice itself, and reminded by rule, for so long.
_KEPT, _REMINDED = timedelta(days=730), timedelta(days=540)
#: After what a request is not followed any more.
_ENDS = ("withdrawn", "moved_out", "no_plan_notice_sent", "final_plan_sent")
_SIX_WEEKS = timedelta(weeks=6)
#: Days after asking; then each week after the due day, so many times.
_POINTS, _WEEKLY = (21, 35), 8
#: What of the last days is still to be done: there is work to find on the chasing page.
_TO_DO = 4 * DAY
_REACHED, _REACHED_OTHERS = 0.92, 0.35
_CHASED, _WARNED, _SENT_BACK, _ACCEPTED, _NIL_ACCEPTED = 0.85, 0.35, 0.08, 0.93, 0.6
_EXPLAINED, _EXPLAINED_EARLY, _WITHDRAWN, _REUSED, _AGAIN = 0.85, 0.5, 0.6, 0.05, 0.03
ROUTES = {"form": 0.8, "email": 0.17, "phone": 0.03}
CAUSES = {
    "asked_late": 0.13, "wrong_service": 0.02, "papers_missing": 0.04, "consent_missing": 0.03,
    "capacity": 0.2, "waiting_list": 0.17, "staff_absence": 0.12, "not_passed_on": 0.04,
    "appointment_moved": 0.05, "appointment_missed": 0.07, "family_request": 0.04,
    "family_away": 0.02, "school_closed": 0.02, "other_service": 0.02, "other": 0.02,
    "circumstances": 0.03,
}  # fmt: skip
#: The same where a service has had trouble of late.
_CAUSES_OF_LATE = CAUSES | {"staff_absence": 0.4, "asked_late": 0.25}
_REUSABLE = ("speech_and_language", "occupational_therapy", "camhs", "community_paediatrics")


@dataclass(slots=True)
class Request:
    """One request of one service, with its answers, each with its place in the road."""

    service: str
    on: date
    answers: list[tuple[int, Step]] = field(default_factory=list)
    reached: date | None = None
    #: From when it is not followed any more; None while it is.
    over: date | None = None
    cause: str | None = None

    @property
    def answered(self) -> date | None:
        """Return the day of its first answer, or None."""
        return self.answers[0][1].on if self.answers else None

    @property
    def ended(self) -> date:
        """Return the day from which nobody waits for it: far ahead where that is not yet."""
        return min(day for day in (self.answered, self.over, date.max) if day)


class Correspondence:
    """Follows the requests of one case after another."""

    def __init__(self, draw: Draw, today: date) -> None:
        self._draw = draw
        self._today = today

    def follow(self, road: Road) -> None:
        """Add to the road of a case what passed about each request for advice, until today."""
        if road.first("advice_requested") is None:
            return
        self._ask_again(road)
        for request in requests(road):
            self._reach(road, request)
            self._keep(road, request)
            self._withdraw(road, request)
            limit = _limit(road, request)
            self._warn(road, request, limit)
            self._remind(road, request, limit)
            self._check(road, request)
            self._explain(road, request, limit)
        self._reuse(road)

    def _add(self, road: Road, request: Request, kind: str, on: date, **more: Any) -> bool:
        keyed = more.pop("keyed_on", on)
        keyed = min(self._today, keyed)
        return road.add(kind, on, service=request.service, keyed_on=keyed, **more)

    def _ask_again(self, road: Road) -> None:
        """Let a few that have answered be asked anew, for what has changed."""
        for request in list(requests(road)):
            if not request.answered or not self._draw.happens(_AGAIN):
                continue
            on = working_day(request.answered + self._draw.between(12, 40))
            answer = working_day(on + self._draw.between(14, 48))
            if on < (request.over or date.max):
                self._add(road, request, "advice_requested", on, note="What has changed since then")
                if answer < (request.over or date.max):
                    self._add(road, request, "advice_received", answer, outcome="advice")

    def _reach(self, road: Road, request: Request) -> None:
        is_bound = SERVICES[request.service].is_bound
        reached = working_day(request.on + self._draw.between(0, 3))
        if not self._draw.happens(_REACHED if is_bound else _REACHED_OTHERS):
            return
        if reached < request.ended and self._add(
            *(road, request, "advice_request_received", reached),
            by_service=reached > self._today - _KEPT,
        ):
            request.reached = reached

    def _keep(self, road: Road, request: Request) -> None:
        """Say what each piece of advice holds, since the system has kept them."""
        for place, answer in request.answers:
            if answer.outcome == "advice" and answer.on > self._today - _KEPT:
                held = self._written(request.service)
                step = road.steps[place]
                keyed = step.on if held["route"] == "form" else step.keyed_on
                road.steps[place] = replace(step, brings=held, keyed_on=keyed)

    def _written(self, service: str, *, again: bool = False) -> dict[str, Any]:
        route = self._draw.weighted(ROUTES)
        return advice.write(self._draw, service, again=again) | {"route": route}

    def _withdraw(self, road: Road, request: Request) -> None:
        """Let what was never answered be withdrawn, often, once the plan is decided on."""
        decided = [s.on for s in road.steps if s.kind == "decided_to_issue" and s.on > request.on]
        if request.answers or not decided or not self._draw.happens(_WITHDRAWN):
            return
        why = self._draw.choice(advice_words()["withdrawn"])
        if self._add(road, request, "advice_request_withdrawn", min(decided), note=why):
            request.over = min(decided)

    def _warn(self, road: Road, request: Request, limit: date) -> None:
        """Let some that will be late say so, with a cause and the day they expect to answer."""
        on = working_day(limit - self._draw.between(1, 12))
        if request.ended <= limit or not self._draw.happens(_WARNED):
            return
        cause = self._cause(road, request)
        brings = {
            "expected_on": working_day(limit + self._draw.between(7, 30)),
            "words": self._draw.choice(advice_words()["expected"]),
        }
        if cause in CANNOT_IN_TIME and on > (request.reached or request.on):
            self._add(
                *(road, request, "advice_expected", on),
                outcome=cause,
                brings=brings,
                by_service=True,
            )

    def _remind(self, road: Road, request: Request, limit: date) -> None:
        start = request.reached or request.on
        points = [start + days * DAY for days in _POINTS]
        points += [limit - DAY, *(limit + 7 * n * DAY for n in range(1, _WEEKLY + 1))]
        for point in points:
            on = working_day(point)
            is_kept = self._today - _REMINDED < on <= self._today - _TO_DO
            if is_kept and on < request.ended and self._draw.happens(_CHASED):
                self._add(road, request, "advice_chased", on)

    def _check(self, road: Road, request: Request) -> None:
        """Let the officer accept an answer, or send it back, and then take the second version."""
        for _, answer in request.answers[:1]:
            is_advice = answer.outcome == "advice"
            is_back = is_advice and self._draw.happens(_SENT_BACK)
            last = self._send_back(road, request, answer) if is_back else answer
            if last and self._draw.happens(_ACCEPTED if is_advice else _NIL_ACCEPTED):
                self._accept(road, request, last)

    def _send_back(self, road: Road, request: Request, answer: Step) -> Step | None:
        """Return the second version, or None while it is out; the first where it is too late."""
        on = working_day(_keyed(answer) + self._draw.between(2, 7))
        returned = working_day(on + self._draw.between(5, 18))
        end = request.over or date.max
        if on >= end:
            return answer
        reasons = {"reasons": self._draw.choice(advice_words()["missing"])}
        if not self._add(road, request, "advice_sent_back", on, brings=reasons):
            return None
        if returned >= end:
            return None
        kept = returned > self._today - _KEPT
        brings = self._written(request.service, again=True) if kept else None
        back = {"outcome": "advice", "brings": brings}
        return (
            road.steps[-1]
            if self._add(road, request, "advice_received", returned, **back)
            else None
        )

    def _accept(self, road: Road, request: Request, answer: Step) -> None:
        keyed = _keyed(answer)
        on = working_day(keyed + self._draw.between(1, 6))
        if request.over:
            on = max(answer.on, min(on, request.over))
        words = {"reasons": self._draw.choice(advice_words()["accepted"])}
        self._add(
            *(road, request, "advice_accepted", on),
            brings=words,
            keyed_on=max(on, keyed + DAY),
        )

    def _explain(self, road: Road, request: Request, limit: date) -> None:
        """Let somebody write down why it was late, mostly once it has come."""
        answered = request.answered
        if answered and answered > limit and self._draw.happens(_EXPLAINED):
            on = working_day(answered + self._draw.between(1, 12))
        elif not answered and request.ended > limit + 7 * DAY:
            if not self._draw.happens(_EXPLAINED_EARLY):
                return
            on = working_day(limit + self._draw.between(8, 20))
        else:
            return
        self._add(road, request, "advice_late_because", on, outcome=self._cause(road, request))

    def _cause(self, road: Road, request: Request) -> str:
        """Return why it is late: the same whenever it is said."""
        if request.cause is None:
            missed = any(
                s.exception and s.exception["ground"] == "X5" and s.service == request.service
                for s in road.steps
            )
            late = request.on > self._today - journeys.OF_LATE
            causes = _CAUSES_OF_LATE if late and request.service in journeys.SLOWER else CAUSES
            drawn = self._draw.weighted(causes)
            request.cause = "appointment_missed" if missed else drawn
        return request.cause

    def _reuse(self, road: Road) -> None:
        """Let existing advice be used now and then, with the three agreements."""
        asked = {step.service for step in road.steps}
        on = road.first("advice_requested")
        free = [service for service in _REUSABLE if service not in asked]
        if on is None or not free or not self._draw.happens(_REUSED):
            return
        service = self._draw.choice(free)
        described, sections = self._draw.choice(advice_words()["reused"])
        usual = USUALLY_FEEDS[SERVICES[service].agency]
        brings = {
            "described": described,
            "sections": " ".join(one for one in sections.split() if one in usual),
            "author_agreed_on": working_day(on - self._draw.between(3, 9)),
            "family_agreed_on": on - self._draw.between(0, 2),
            "authority_agreed_on": on,
        }
        brings["author_agreed_on"] = min(on, brings["author_agreed_on"])
        self._add(road, Request(service, on), "advice_reused", on, brings=brings)


def requests(road: Road) -> Iterator[Request]:
    """Yield the requests that stand, each service's in order, with their answers."""
    stands = sorted(standing(road.steps), key=lambda one: (one[1].on, one[0]))
    ends = [step.on for _, step in stands if step.kind in _ENDS]
    for service in dict.fromkeys(step.service for _, step in stands if step.service):
        found: list[Request] = []
        for place, step in stands:
            if step.service != service:
                continue
            if step.kind == "advice_requested" and (not found or found[-1].answers):
                over = min((day for day in ends if day > step.on), default=None)
                if found:
                    found[-1].over = step.on
                found.append(Request(service, step.on, over=over))
            elif step.kind == "advice_request_received" and found:
                found[-1].reached = step.on
            elif step.kind == "advice_received" and found:
                found[-1].answers.append((place, step))
        yield from found


def _limit(road: Road, request: Request) -> date:
    """The last day in time: of the law for those bound, of guidance for others.

    Before there was either, six weeks.
    """
    rule = duty(SERVICES[request.service].duty(road.kind, detained=False))
    start = request.reached or request.on
    if not rule.governs(start):
        return start + _SIX_WEEKS
    days = {"advice_requested": request.on, "advice_request_received": start}
    return due(rule, days, england_and_wales()).on


def _keyed(step: Step) -> date:
    return step.keyed_on or step.on
