"""The indicators: what each counts, of what, and by which date an item falls in a period.

Ids, measures and the actions they feed are those of the local area's plan, theme 6 and the rows of
other themes that the same casework feeds. What the facts recorded cannot answer yet stands here
all the same, and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """What kind of figure an indicator gives (casework.rules.figures)."""

    RATE = "rate"
    COUNT = "count"
    SPREAD = "spread"
    AGEING = "ageing"


class Accountability(StrEnum):
    """The question of outcomes-based accountability that a measure answers."""

    HOW_MUCH = "How much did we do?"
    HOW_WELL = "How well did we do it?"
    BETTER_OFF = "Is anyone better off?"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, first and last included. Raises ValueError where it ends before it begins."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.last < self.first:
            raise ValueError("The last day must be the same as or after the first day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One measure. `counts` completes "Counts …", `of` completes "out of …"."""

    id: str
    #: The actions of the plan that it feeds.
    feeds: tuple[str, ...]
    title: str
    counts: str
    of: str = ""
    #: The date that places an item in a period.
    placed_by: str
    unit: Unit = Unit.RATE
    #: Whether meetings stand behind it rather than cases.
    of_meetings: bool = False
    question: Accountability = Accountability.HOW_WELL
    #: In a hundred, where the plan names one.
    target: int | None = None
    #: None where neither more nor less is better.
    higher_is_better: bool | None = True
    note: str = ""
    is_collected: bool = True


_WEEKS = "Weeks are calendar weeks, and the due day itself is in time."
_ASKED = (
    "Where the day the body received its request is not known, the day it was asked is taken. "
    "A nil return (“not known to us”) is an answer."
)
_GUIDANCE = f"For bodies that section 31 does not bind the six weeks are guidance. {_ASKED}"
_PLANS = (
    "First final plans from assessments under sections 24 and 36: re-assessments and statement "
    f"transfers are out. {_WEEKS}"
)
_SIGNED = (
    "A decision counts once its record is signed; what an officer decided outside a panel, or "
    "because it had no quorum, does not."
)
_UP_TO_THE_DAY = "Uses the facts dated up to that day, whenever they were entered."


def _advice(agency: str, words: str, note: str) -> Indicator:
    return Indicator(
        id=f"{agency}_advice_6w",
        feeds=("6.3b",),
        title=f"{words} advice returned in 6 weeks",
        counts=f"{words.lower() if words != 'EP' else words} advice returned within 42 days",
        of="what fell due",
        placed_by="the day it fell due",
        note=note,
    )


def _plans_with(agency: str, words: str, sections: str) -> Indicator:
    return Indicator(
        id=f"plans_with_{agency}",
        feeds=("6.3",),
        title=f"Plans with a {words.lower()} contribution",
        counts=f"plans that had {words.lower()} advice for section {sections} when they were sent",
        of="all new final plans",
        placed_by="the day the final plan was sent to the last recipient",
        note=(
            "Where nobody recorded which sections advice feeds, all advice of the agency counts. "
            "Existing advice that was used counts, and a nil return does not. The plans are those "
            "of “New plans in 20 weeks”."
        ),
    )


def _later(name: str, feeds: str, title: str, placed_by: str, unit: Unit = Unit.RATE) -> Indicator:
    """A row of the plan that a later part of the system will collect."""
    return Indicator(
        id=name,
        feeds=tuple(feeds.split()),
        title=title,
        counts=title[0].lower() + title[1:],
        placed_by=placed_by,
        unit=unit,
        is_collected=False,
    )


_ROWS = (
    Indicator(
        id="requests_received",
        feeds=("6.3b", "6.1e"),
        title="Requests received",
        counts="requests for an assessment, and children brought to our attention",
        placed_by="the day the request was received",
        unit=Unit.COUNT,
        question=Accountability.HOW_MUCH,
        higher_is_better=None,
        note="Both start the clock.",
    ),
    Indicator(
        id="decision_6w",
        feeds=("6.1b", "6.2c"),
        title="Told within 6 weeks whether we will assess",
        counts="families told within 42 days of the request",
        of="all families told, yes or no",
        placed_by="the day the notice was sent",
        note=f"A refusal later overturned keeps its first decision. {_WEEKS}",
    ),
    Indicator(
        id="no_plan_16w",
        feeds=("6.2c",),
        title="Told within 16 weeks that there will be no plan",
        counts="families told within 112 days of the request",
        of="all families told that there will be no plan",
        placed_by="the day the notice was sent",
        note=_WEEKS,
    ),
    Indicator(
        id="plans_20w_inc",
        feeds=("6.2c",),
        title="New plans in 20 weeks, all",
        counts="final plans sent within 140 days of the request",
        of="all new final plans",
        placed_by="the day the final plan was sent to the last recipient",
        note=_PLANS,
    ),
    Indicator(
        id="plans_20w_exc",
        feeds=("6.2c",),
        title="New plans in 20 weeks, without exceptions",
        counts="final plans sent within 140 days of the request",
        of="all new final plans with no exception to the 20 weeks recorded",
        placed_by="the day the final plan was sent to the last recipient",
        note=_PLANS,
    ),
    Indicator(
        id="exceptions_share",
        feeds=("6.2c",),
        title="Plans marked as exceptions",
        counts="new final plans with an exception to the 20 weeks recorded",
        of="all new final plans",
        placed_by="the day the final plan was sent to the last recipient",
        higher_is_better=False,
        note="The mark counts as it was recorded, whether or not its ground was checked.",
    ),
    Indicator(
        id="weeks_to_plan",
        feeds=("6.2c",),
        title="Weeks to the final plan",
        counts="the mean and median weeks from request to final plan, and plans over 52 weeks",
        placed_by="the day the final plan was sent to the last recipient",
        unit=Unit.SPREAD,
        higher_is_better=False,
        note=_PLANS,
    ),
    Indicator(
        id="open_over_20w",
        feeds=("6.2c",),
        title="Open assessments past 20 weeks",
        counts="assessments with no end by the period’s last day, and the weeks of the oldest",
        placed_by="the period’s last day",
        unit=Unit.AGEING,
        higher_is_better=False,
        note=_UP_TO_THE_DAY,
    ),
    Indicator(
        id="transfers",
        feeds=("6.2c",),
        title="Statements transferred in time",
        counts="statements transferred within the limit then in force",
        of="all statements transferred",
        placed_by="the day the transfer was completed",
        note="Transfers of statements to plans ended in 2018.",
    ),
    Indicator(
        id="panel_held",
        feeds=("6.2c",),
        title="Panels held",
        counts="meetings of panels that sat, the cases they decided and the cases they deferred",
        placed_by="the day of the meeting",
        unit=Unit.COUNT,
        of_meetings=True,
        question=Accountability.HOW_MUCH,
        higher_is_better=None,
        note=f"A meeting sat where somebody was present or its record is signed. {_SIGNED}",
    ),
    Indicator(
        id="panel_circulated",
        feeds=("6.2c",),
        title="Panel decisions circulated within 2 working days",
        counts="decisions of panels sent round within 2 working days of the meeting",
        of="all decisions of panels",
        placed_by="the day of the meeting",
        note=f"{_SIGNED} One that was changed keeps the day on which it was first sent round.",
    ),
    Indicator(
        id="panel_attendance",
        feeds=("6.2c",),
        title="Attendance at panel",
        counts="members’ places that were taken, by the member or by somebody in their place",
        of="all places of members at the meetings that sat",
        placed_by="the day of the meeting",
        of_meetings=True,
    ),
    Indicator(
        id="kept_informed",
        feeds=("6.1b",),
        title="Everyone told of each stage in time",
        counts="changes of stage after which everyone involved was told in time",
        of="all changes of stage of which people are told",
        placed_by="the day of the change",
        note=(
            "In time is within 5 working days, or the number that the authority has set: a local "
            "target, that no law sets. A step that tells the family itself counts as telling it. "
            "A stage to which a case comes again is not counted again, and a change of the last "
            "days counts as not told until everyone is."
        ),
    ),
    _later(
        "complex_cases",
        "6.1d",
        "Complex cases with a complex-case officer",
        "the period’s last day",
    ),
    Indicator(
        id="graduated_approach",
        feeds=("1.3b",),
        title="School requests that show a graduated approach",
        counts="schools’ requests that show a graduated approach",
        of="all requests from schools",
        placed_by="the day the request was received",
        target=80,
        note="A request on which this was not recorded does not count as showing it.",
    ),
    _advice("health", "Health", _ASKED),
    _advice("social_care", "Social care", _GUIDANCE),
    _advice("ep", "EP", _GUIDANCE),
    _advice("education", "Education", _GUIDANCE),
    Indicator(
        id="advice_outstanding",
        feeds=("6.3b",),
        title="Advice overdue and not returned",
        counts="requests for advice past their six weeks, and the weeks of the longest wait",
        placed_by="the period’s last day",
        unit=Unit.AGEING,
        higher_is_better=False,
        note=_UP_TO_THE_DAY,
    ),
    _plans_with("health", "Health", "C or G"),
    _plans_with("social_care", "Social care", "D, H1 or H2"),
    Indicator(
        id="advice_quality",
        feeds=("6.3b",),
        title="Quality of advice",
        counts=(
            "sampled advice that finds the needs that affect education, has SMART outcomes and "
            "has the child’s voice"
        ),
        of="all sampled advice that was scored",
        placed_by="the day of the score",
        note=(
            "A part found only partly does not count. Where advice was scored again, its newest "
            "score counts."
        ),
    ),
    _later("audits", "6.2d 6.3b", "Plans audited and judged good", "the day of the audit"),
    _later("feedback", "6.1c 6.2b 7.3d", "Positive feedback", "the day of the response"),
    _later("personal_budgets", "6.3c", "Plans with a personal budget", "the period’s last day"),
    _later(
        "review_decision_4w",
        "2.3b",
        "Review decisions within 4 weeks of the meeting",
        "the day the notice was sent",
    ),
    _later(
        "review_final_12w",
        "2.3b",
        "Amended plans within 12 weeks of the meeting",
        "the day the final plan was sent",
    ),
    _later("outcomes_met", "OBA", "Outcomes met at review", "the day of the review"),
)

#: Every indicator by its id, in the plan's order.
INDICATORS: Mapping[str, Indicator] = MappingProxyType({row.id: row for row in _ROWS})

#: Those that nothing can be said of before there is a panel.
OF_PANELS = frozenset({"panel_held", "panel_circulated", "panel_attendance"})

#: Those that nothing can be said of before any advice has been scored.
OF_SAMPLES = frozenset({"advice_quality"})

#: Those that nothing can be said of before anybody recorded whom they told.
OF_INFORMING = frozenset({"kept_informed"})

#: The agency whose advice each of these times (casework.rules.advisers).
ADVICE_OF: Mapping[str, str] = MappingProxyType(
    {
        "health_advice_6w": "health",
        "social_care_advice_6w": "social_care",
        "ep_advice_6w": "psychology",
        "education_advice_6w": "education",
    }
)
