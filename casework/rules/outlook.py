"""What is said of the final plan of one open case: when it is likely, and what costs most.

Never the law's date: each sentence calls its day likely, and the limit stands beside it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import spoken_date
from casework.rules.forecast import STEPS, Ahead, is_of_service
from casework.rules.journeys import ADVICE, DECIDE

#: Between these chances of a hundred nobody should lean on "late" or "in time".
EVEN = range(40, 61)
#: Fewer days than this are "a few days", and no week.
_A_WEEK = 4

#: Services whose name does not stand in a sentence as it is.
_AS_SAID = {
    "family": "the family’s own views",
    "school": "advice from the school or setting",
    "hearing_teacher": "advice from the teacher of deaf children",
    "vision_teacher": "advice from the teacher of vision-impaired children",
    "youth_justice": "advice from the youth justice team",
    "adulthood": "advice on preparation for adulthood",
    "other_health": "advice from another health service",
    "other": "advice from someone else",
    "any": "advice from services of any kind",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The forecast of one case, as it is kept and told."""

    due_on: date
    likely_on: date
    early_on: date
    late_on: date
    #: Of a hundred such cases, how many would be in time.
    chance: int
    costs_most: str
    #: 0 where that step has lasted longer than history can tell (casework.models.Forecast).
    costs_days: int
    is_own_history: bool

    @property
    def is_beyond(self) -> bool:
        """Return whether the present step has lasted longer than history can tell."""
        return self.costs_days == 0

    @property
    def days_late(self) -> int:
        """Return by how many days the plan is likely late; below nought, how many are to spare."""
        return (self.likely_on - self.due_on).days


def outlook(ahead: Ahead, due_on: date, today: date) -> Outlook:
    """Return what lies ahead of a case, held against the limit of its final plan."""
    early, likely, late = (today + timedelta(days=ahead.days_until(s)) for s in (0.25, 0.5, 0.75))
    return Outlook(
        due_on=due_on,
        likely_on=likely,
        early_on=early,
        late_on=late,
        chance=round(100 * ahead.share_within((due_on - today).days)),
        costs_most=ahead.costs_most,
        costs_days=ahead.costs_days,
        is_own_history=ahead.is_own_history,
    )


def headline(told: Outlook, today: date, *, is_lifted: bool = False) -> str:
    """Return the forecast in a line: "Likely 3 weeks late: … usually takes 5 more weeks"."""
    return f"{_when(told, today, is_lifted=is_lifted)}: {costs_words(told)}"


def _when(told: Outlook, today: date, *, is_lifted: bool) -> str:
    if is_lifted:
        at = "Not likely before" if told.is_beyond else "Likely about"
        return f"{at} {spoken_date(told.likely_on)}, its limit lifted by an exception"
    late, more = in_weeks(told.days_late), " or more" if told.is_beyond else ""
    if told.due_on < today:
        already = in_weeks((today - told.due_on).days)
        then = "" if already == late else f", and likely {late}{more} in the end"
        return f"{already[:1].upper()}{already[1:]} late already{then}"
    if told.chance in EVEN and not told.is_beyond:
        return "Could go either way"
    if told.days_late > 0:
        return f"Likely {late} late{more}"
    if told.is_beyond:
        return "Hard to tell"
    if told.days_late == 0:
        return "Likely in time, with no day to spare"
    return f"Likely in time, with {_about(-told.days_late)} to spare"


def chance_words(told: Outlook) -> str:
    """Return the chance of being in time as a share of a hundred cases, in a sentence."""
    if told.is_beyond:
        return "How likely it is to be in time cannot be said."
    told_by = "" if told.is_own_history else ", as far as little history can tell"
    many = {0: "almost none", 100: "almost all"}.get(told.chance, f"about {told.chance}")
    return f"Of 100 cases at this point, {many} would be in time{told_by}."


def costs_words(told: Outlook) -> str:
    """Return the step that costs most, with the days that it usually still takes, in a clause."""
    step = step_words(told.costs_most)
    if not told.is_own_history:
        return _with_little_history(told, step)
    if told.is_beyond:
        return f"{step} has taken longer than almost any before"
    if is_of_service(told.costs_most) or told.costs_most == DECIDE:
        return f"{step} usually takes {in_weeks(told.costs_days, more='more ')}"
    return f"{step} needs {_about(told.costs_days)}"


def _with_little_history(told: Outlook, step: str) -> str:
    """The same where a step rests on the law's time for it: nothing there was seen to be usual."""
    if told.is_beyond:
        return f"there is too little history to say how long {step} still takes"
    return f"{step} is taken to need {_about(told.costs_days)}, for want of history"


def step_words(step: str) -> str:
    """Return a step as it stands in a sentence: "advice from educational psychology"."""
    if not is_of_service(step):
        return STEPS[step]
    service = step.removeprefix(f"{ADVICE}:")
    if service in _AS_SAID:
        return _AS_SAID[service]
    words = SERVICES[service].words if service in SERVICES else "another service"
    return f"advice from {lower(words)}"


def in_weeks(days: int, more: str = "") -> str:
    """Return a number of days as people plan by them: "a few days", "1 week", "5 more weeks"."""
    if days < _A_WEEK:
        return f"a few {more}days"
    weeks = max(1, (days + 3) // 7)
    return f"{weeks} {more}week{'' if weeks == 1 else 's'}"


def _about(days: int) -> str:
    return in_weeks(days) if days < _A_WEEK else f"about {in_weeks(days)}"


def lower(words: str) -> str:
    """Return the words with a small first letter."""
    return words[:1].lower() + words[1:]
