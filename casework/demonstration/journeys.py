"""A journey drawn by lot along the road to a plan, late about as often as in England."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from casework.codes import SettingType
from casework.demonstration import weights
from casework.demonstration.authority import Place
from casework.demonstration.decided import DECIDED
from casework.demonstration.draw import Draw
from casework.demonstration.roads import DAY, Road, Step, working_day
from casework.demonstration.words import words
from casework.rules.advisers import SERVICES, Agency
from casework.rules.exceptions import closure_window

#: How often each service is asked, and its days to answer: median and spread.
ADVICE = {
    "school": (1.0, 24, 0.45),
    "educational_psychology": (1.0, 47, 0.5),
    "community_paediatrics": (0.9, 31, 0.3),
    "social_care": (1.0, 26, 0.4),
    "speech_and_language": (0.5, 33, 0.35),
    "occupational_therapy": (0.35, 33, 0.3),
    "camhs": (0.12, 33, 0.3),
    "physiotherapy": (0.03, 33, 0.4),
    "community_nursing": (0.06, 28, 0.3),
    "hearing_teacher": (0.0, 28, 0.3),
    "vision_teacher": (0.0, 28, 0.3),
    "adulthood": (0.0, 30, 0.4),
    "youth_justice": (0.0, 30, 0.3),
    "family_choice": (0.03, 36, 0.4),
}
#: How often a service is asked about a child of such a need, where that is another share.
BY_NEED = {
    "speech_and_language": {"SLCN": 0.95, "ASD": 0.7, "HI": 0.6, "SEMH": 0.2},
    "occupational_therapy": {"PD": 0.9, "ASD": 0.65},
    "camhs": {"SEMH": 0.85, "ASD": 0.4},
    "physiotherapy": {"PD": 0.8, "PMLD": 0.9},
    "community_nursing": {"PMLD": 0.7, "PD": 0.2},
    "hearing_teacher": {"HI": 1.0, "MSI": 1.0},
    "vision_teacher": {"VI": 1.0, "MSI": 1.0},
}
#: Asked about the older ones: from the school year in which a child is 14 (regulation 6(1)(g)).
_OLDER, BY_AGE = 14, {"adulthood": 0.85, "youth_justice": 0.05}
#: The services that have had trouble of late, how much longer they take, and since how long ago.
SLOWER = {"community_paediatrics": 1.8, "camhs": 2.1, "occupational_therapy": 1.8}
OF_LATE = timedelta(days=160)
#: How often a service answers that it has nothing to say: not known, no advice needed.
NIL = {"social_care": (0.5, 0.1), "camhs": (0.15, 0.1), "community_paediatrics": (0.12, 0.05)}
#: How often a request is never answered.
_NEVER = 0.03

_ENDED_EARLY = {"withdrawn": weights.WITHDRAWN, "moved_out": 0.012}
#: A parent's share of refusals is the commonest; other kinds of case have none of their own.
_REFUSED_OTHERWISE = 0.12


@dataclass(frozen=True, slots=True)
class Traveller:
    """What of a case decides how it goes: who asked, where, about whom."""

    source: str | None
    place: Place
    need: str
    age: int

    def share(self, service: str) -> float:
        """Return how often a service is asked about such a child (0 to 1)."""
        if self.age >= _OLDER and service in BY_AGE:
            return BY_AGE[service]
        return BY_NEED.get(service, {}).get(self.need, ADVICE[service][0])


def travel(draw: Draw, road: Road, child: Traveller) -> None:
    """Draw what happened to a case since it began, until today or its end."""
    ending = next((kind for kind, share in _ENDED_EARLY.items() if draw.happens(share)), None)
    ends = working_day(road.start + draw.between(6, 120))
    if ending:
        road.until = min(road.today, ends - DAY)
    _assess(draw, road, child)
    road.until = road.today
    if ending and not road.first("told_will_not_assess"):
        road.add(ending, ends)
    _except(draw, road, child.place)
    _slip(draw, road)
    _key(draw, road)


def _assess(draw: Draw, road: Road, child: Traveller) -> None:
    told = _decide(draw, road, weights.REFUSED.get(child.source or "", _REFUSED_OTHERWISE))
    if told is None:
        return
    answered = _take_advice(draw, road, told, child)
    if answered is None:
        return
    served = _draft(draw, road, answered)
    if served is not None:
        _send(draw, road, served)


def _decide(draw: Draw, road: Road, refusal: float) -> date | None:
    """Return the day on which the family was told of an assessment, or None for no assessment."""
    if draw.happens(0.7):
        road.add("considering_notified", working_day(road.start + draw.between(1, 8)))
    refused = draw.happens(refusal)
    median = 13 if road.kind == "reassessment" else 33
    decided = working_day(road.start + draw.days(median, 0.2, 90))
    told = working_day(decided + draw.between(0, 4))
    road.add("decided_not_to_assess" if refused else "decided_to_assess", decided)
    going_on = road.add("told_will_not_assess" if refused else "told_will_assess", told)
    return told if going_on and not refused else None


def _take_advice(draw: Draw, road: Road, told: date, child: Traveller) -> date | None:
    """Return the day of the last answer waited for, or None if advice was never asked for."""
    asked = working_day(told + draw.between(0, 6))
    services = [service for service in ADVICE if draw.happens(child.share(service))]
    for service in services:
        road.add("advice_requested", asked, service=service)
    answers = [asked]
    for service in services:
        answer = _answer(draw, road, service, asked)
        if draw.happens(_NEVER):
            continue  # the plan is written without it
        road.add("advice_received", answer, service=service, outcome=_outcome(draw, service))
        answers.append(answer)
    return max(answers) if asked <= road.until else None


def _answer(draw: Draw, road: Road, service: str, asked: date) -> date:
    """Return the day on which a service answers: later of late, from some."""
    _, median, spread = ADVICE[service]
    if asked > road.today - OF_LATE:
        median = round(median * SLOWER.get(service, 1))
    return working_day(asked + draw.between(2, 4) + draw.days(median, spread, 180))


def _outcome(draw: Draw, service: str) -> str:
    unknown, unneeded = NIL.get(service, (0.0, 0.0))
    shares = {"not_known": unknown, "no_advice_needed": unneeded}
    return draw.weighted(shares | {"advice": 1 - unknown - unneeded})


def _draft(draw: Draw, road: Road, answered: date) -> date | None:
    """Return the day on which the draft that was kept was served, or None for no plan."""
    decided = working_day(answered + draw.between(1, 6))
    if draw.happens(weights.NOT_ISSUED):
        road.add("decided_not_to_issue", decided)
        road.add("no_plan_notice_sent", working_day(decided + draw.between(1, 6)))
        return None
    road.add("decided_to_issue", decided)
    served = working_day(decided + draw.days(7, 0.6, 60))
    road.add("draft_served", served)
    if draw.happens(0.1):
        served = working_day(served + draw.between(17, 30))
        road.add("draft_served", served, note="Second draft, after what the family said")
    return served


def _send(draw: Draw, road: Road, served: date) -> None:
    too_soon = draw.happens(0.02)
    wait = draw.between(7, 14) if too_soon else timedelta(days=16) + draw.days(6, 0.7, 90)
    sent = working_day(served + wait)
    if draw.happens(0.05):
        road.add("no_institution_named", sent)
    else:
        named = working_day(sent + (draw.between(1, 9) if draw.happens(0.15) else timedelta()))
        road.add("final_plan_sent", named, recipient="institution")
    for recipient in ("family", "health_body"):
        road.add("final_plan_sent", sent, recipient=recipient)
    if draw.happens(0.06):
        road.add("ceased", working_day(sent + draw.between(180, 700)))


def _except(draw: Draw, road: Road, place: Place) -> None:
    """Record exceptions: round a closure where there was one, else sometimes for the family."""
    asked = road.first("advice_requested")
    closed = _closure(place, asked) if asked else None
    if closed and draw.happens(0.6):
        ground = "X2" if place.type is SettingType.EARLY_YEARS else "X1"
        for regulation in ("10(4)", "13(3)"):
            _record(draw, road, regulation, ground, closed[:2])
    elif asked and draw.happens(0.03):
        # Claimed for a holiday that the dates do not bear out: the page shows the doubt.
        _record(draw, road, "13(3)", "X1", (asked, asked + timedelta(days=10)))
    if draw.happens(0.05):
        away = road.start + draw.between(20, 60)
        ground = draw.choice(["X3", "X4"])
        _record(
            draw, road, draw.choice(["5(4)", "10(4)", "13(3)"]), ground, (away, away + 34 * DAY)
        )
    for step in road.steps[:]:
        if step.kind == "advice_received" and _is_health(step) and draw.happens(0.03):
            missed = (step.on - 20 * DAY, step.on - 10 * DAY)
            _record(draw, road, "8(2)", "X5", missed, service=step.service)


def _is_health(step: Step) -> bool:
    return step.service is not None and SERVICES[step.service].agency is Agency.HEALTH


def _closure(place: Place, asked: date) -> tuple[date, date, str] | None:
    """Return the closure of at least four weeks around which advice was asked for, or None."""
    for closure in place.closures:
        window = closure_window(closure[0], closure[1])
        if window and window[0] <= asked <= window[1]:
            return closure
    return None


def _record(
    draw: Draw,
    road: Road,
    regulation: str,
    ground: str,
    days: Sequence[date],
    service: str | None = None,
) -> None:
    particulars: dict[str, Any] = {
        "regulation": regulation,
        "ground": ground,
        "first_day": days[0],
        "last_day": days[1],
        "evidence": draw.choice(words()["evidence"]) if draw.happens(0.8) else None,
        "reason": draw.choice(words()["exceptions"][ground]),
        "approver_recorded": draw.happens(0.7),
    }
    on = working_day(max(days[0] + 7 * DAY, road.start + 10 * DAY))
    road.add("exception_recorded", on, service=service, exception=particulars)


def _slip(draw: Draw, road: Road) -> None:
    """Let people make slips of the pen, and put them right."""
    place = draw.randrange(len(road.steps))
    step = road.steps[place]
    is_signed = step.kind in DECIDED  # a panel's record is changed by a new version of it
    if draw.happens(0.06) and step.kind != "exception_recorded" and not is_signed:
        latest = min(road.today, step.on + 9 * DAY)
        wrong = draw.day(max(road.start, step.on - 9 * DAY), latest)
        keyed = min(road.today, working_day(step.on + draw.between(2, 12)))
        if wrong != step.on:
            road.correct(place, wrong, draw.choice(words()["slips"]), keyed)
    if draw.happens(0.03):
        last = road.steps[-1].on
        if road.add("withdrawn", min(road.today, working_day(last + DAY)), note="By telephone"):
            why = draw.choice(words()["strikes"])
            road.strike_out(len(road.steps) - 1, why, min(road.today, last + 8 * DAY))


def _key(draw: Draw, road: Road) -> None:
    """Say when each step was keyed, and add a remark here and there."""
    for place, step in enumerate(road.steps):
        keyed = step.keyed_on or step.on + draw.between(0, 3)
        if step.corrects is not None:  # nobody puts right what is not entered yet
            keyed = max(keyed, road.steps[step.corrects].keyed_on or keyed)
        remark = draw.choice(words()["notes"]) if draw.happens(0.06) else None
        road.steps[place] = replace(
            step, keyed_on=min(road.today, working_day(keyed)), note=step.note or remark
        )
