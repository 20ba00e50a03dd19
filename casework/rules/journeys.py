"""The road of one case to its final plan, in the steps of which the forecast is made.

A step ends when the next begins, so that the days of the steps add up to those of the road. What a
tracker left out ends with the next step that it holds. Dates out of order count as no time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from casework.rules.book import duty as find_duty
from casework.rules.clocks import SEND_FINAL
from casework.rules.events import OVERTURNED
from casework.rules.history import Happened
from casework.rules.survival import Spell

#: Days that the family has on a draft, beginning with the day on which it was served.
FAMILY_DAYS = find_duty("reps_15d_min").amount
DECIDE, ASK, ADVICE, ISSUE = "decide", "ask", "advice", "issue"
DRAFT, FINAL, REST = "draft", "final", "rest"
#: The kinds of case that a forecast is made of: a first assessment, and a re-assessment once the
#: family was told of it. Transfers of statements are history.
FIRST = ("request", "attention", "moved_in")
KINDS = (*FIRST, "reassessment")

#: The limits of a final plan: the 20 weeks, and those that stand in for them.
FINALS = (
    *(*SEND_FINAL, "reassess_final_14w"),
    *(
        rule
        for rules in OVERTURNED.values()
        for rule in rules
        if "final_plan_sent" in find_duty(rule).discharged_by
    ),
)

_OVERTURNED = ("agreed_to_assess", "ordered_to_assess", "conceded_assessment")
_TO_MAKE_A_PLAN = ("decided_to_issue", "ordered_to_make_plan", "conceded_plan")
#: The kinds of event whose first day is a milestone of the road.
MILESTONES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "decided": (
            *("decided_to_assess", "told_will_assess"),
            *("decided_not_to_assess", "told_will_not_assess"),
        ),
        "agreed": ("decided_to_assess", "told_will_assess", *_OVERTURNED),
        "planned": (*_TO_MAKE_A_PLAN, "decided_not_to_issue", "no_plan_notice_sent"),
        "issued": _TO_MAKE_A_PLAN,
        "draft": ("draft_served",),
        "sent_first": ("final_plan_sent",),
    }
)


class Asked(NamedTuple):
    """One request for advice: to which kind of service, when, and how it ended, if it has."""

    service: str
    on: date
    answered: date | None = None
    #: The day from which nothing was owed, though it was never answered.
    closed: date | None = None

    @property
    def ended(self) -> date | None:
        """Return the day on which it was answered or let go, or None while it is owed."""
        return self.answered or self.closed


class Journey(NamedTuple):
    """The days of one case's milestones, None for those that have not come."""

    kind: str
    started: date
    decided: date | None = None
    agreed: date | None = None
    #: The decision whether to make a plan, and the decision to make one.
    planned: date | None = None
    issued: date | None = None
    draft: date | None = None
    #: The newest draft, where it was served again.
    last_draft: date | None = None
    sent_first: date | None = None
    #: The day on which the last who must have the final plan was sent it.
    sent: date | None = None
    #: The day on which the assessment ended without a final plan.
    stopped: date | None = None
    asked: tuple[Asked, ...] = ()

    def known_by(self, day: date) -> "Journey":
        """Return the journey as it was known on a day: nothing of what came after it."""
        days = (_by(getattr(self, name), day) for name in DAYS)
        asked = tuple(
            Asked(one.service, one.on, _by(one.answered, day), _by(one.closed, day))
            for one in self.asked
            if one.on <= day
        )
        return Journey._make((self.kind, self.started, *days, asked))

    def filled(self) -> "Journey":
        """Return the journey with each step that was left out on the day of the next."""
        draft = first_of(self.draft, self.sent_first, self.sent)
        issued = first_of(self.issued, draft)
        agreed = first_of(self.agreed, issued)
        return self._replace(
            decided=first_of(self.decided, agreed),
            agreed=agreed,
            planned=first_of(self.planned, issued),
            issued=issued,
            draft=draft,
            last_draft=self.last_draft or draft,
            sent_first=first_of(self.sent_first, self.sent),
        )


#: The names of the milestones of a journey.
DAYS = Journey._fields[2:-1]


def milestones(events: Iterable[Happened]) -> dict[str, date]:
    """Return the milestones of these events, which stand: the days that `Journey` names."""
    found: dict[str, date] = {}
    for event in events:
        for name, kinds in MILESTONES.items():
            if event.kind in kinds:
                found[name] = min(event.on, found.get(name, event.on))
        if event.kind == "draft_served":
            found["last_draft"] = max(event.on, found.get("last_draft", event.on))
    return found


def key_of(service: str) -> str:
    """Return the key of the step that waits for a kind of service: "advice:social_care"."""
    return f"{ADVICE}:{service}"


def spells(journey: Journey, since: date, until: date) -> Iterator[tuple[str, Spell]]:
    """Yield each step that began in the period, and how long it took or has taken by its end.

    A decision against an assessment or a plan is a decision, and ends its step. A case that was
    withdrawn or moved away says that its step took at least so long, and no more.
    """
    for step, began, ended, cut_short in _steps(journey.filled()):
        if not since <= began <= until:
            continue
        if ended is not None and ended <= until:
            yield step, Spell(max(0, (ended - began).days), True)
        else:
            last = min(until, cut_short or until)
            yield step, Spell(max(0, (last - began).days), False)


_Step = tuple[str, date, date | None, date | None]


def _steps(on: Journey) -> Iterator[_Step]:
    """Each step with the day it began, the day it ended and the day its watching was cut short."""
    if on.kind in FIRST:
        yield DECIDE, on.started, on.decided, on.stopped
    if on.agreed:
        yield from _assessment(on, on.agreed)
    if on.issued:
        yield DRAFT, on.issued, on.draft, on.stopped
    if on.draft:
        yield FINAL, on.draft, on.sent_first, on.stopped
    if on.sent_first:
        yield REST, on.sent_first, on.sent, on.stopped


def _assessment(on: Journey, agreed: date) -> Iterator[_Step]:
    """Asking, each service's advice and all of it, and the decision on a plan after it.

    A case waits for advice until it comes or the plan is decided on without it. Where nobody is
    recorded as asked, the steps between cannot be told apart, and say nothing.
    """
    asked = [one for one in on.asked if on.planned is None or one.on < on.planned]
    if not asked:
        if on.planned is None:
            yield ASK, agreed, None, on.stopped
        return
    first = max(agreed, min(one.on for one in asked))
    yield ASK, agreed, first, on.stopped
    for one in asked:
        yield key_of(one.service), one.on, first_of(one.answered, on.planned), one.closed
    ends = [None if one.closed and one.closed == on.stopped else one.ended for one in asked]
    in_full = None if None in ends else max(day for day in ends if day)
    all_in = first_of(in_full, on.planned)
    yield ADVICE, first, all_in, on.stopped
    if all_in:
        yield ISSUE, max(first, all_in), on.planned, on.stopped


def _by(value: date | None, day: date) -> date | None:
    return value if value is None or value <= day else None


def first_of(*days: date | None) -> date | None:
    """Return the first of the days that there are, or None."""
    return min((day for day in days if day), default=None)
