"""Open cases against the limit at the end of their road: those in time, and those past it.

That limit is the final plan's; for a case that is to have no plan, or no assessment, it is the one
by which the family must be told so. A 20-week rate rewards finishing the first while the others
age, so the weekly meeting looks at both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from casework.rules.book import BOOK
from casework.rules.clocks import case_duties
from casework.rules.duty import Duty
from casework.rules.events import CASE_KINDS, OVERTURNED, OVERTURNED_DETAINED
from casework.rules.stages import OPEN_STAGES, Stage

_DECIDE = ("assess_decision_sent", "reassessment_decision_sent")
_SAY_NO_PLAN = ("no_plan_notice_sent",)
_SEND = ("final_plan_sent", "transfer_completed")
#: A last day for all transfers together: each transfer has a limit of its own (article 21).
_OF_ALL = ("tr_all_2018",)


def _running() -> list[Duty]:
    """The authority's own limits in law that can run on a case."""
    found = [
        rule
        for kind in CASE_KINDS
        for detained in (False, True)
        for rule in case_duties(kind, detained=detained)
    ]
    for table in (OVERTURNED, OVERTURNED_DETAINED):
        found += [rule for rules in table.values() for rule in rules]
    rows = [BOOK[rule] for rule in dict.fromkeys(found) if rule not in _OF_ALL]
    return [duty for duty in rows if duty.kind == "law" and not duty.is_floor]


def _met_by(facts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(duty.id for duty in _running() if set(facts) & set(duty.discharged_by))


#: All of them.
OWN_LIMITS = tuple(duty.id for duty in _running())
#: The limits at the end of the road to a plan. The 14 weeks of a re-assessment begin only with
#: the decision that there will be one (regulation 27(2)): until then its limit stands for them.
SEND_PLAN = (*_met_by(_SEND), "reassess_decision_15d")
#: Those before which the draft and the setting's answer must come.
REACHED_BY_STEPS = tuple(
    rule for rule in SEND_PLAN if "final_plan_sent" in BOOK[rule].discharged_by
)
#: Where there will be no plan or no assessment: the limits by which the family is told.
TELL: Mapping[Stage, tuple[str, ...]] = MappingProxyType(
    {
        Stage.ASSESS_DECLINED: _met_by(_DECIDE),
        Stage.PLAN_DECLINED: (
            *_met_by(_SAY_NO_PLAN),
            "reassess_final_14w",
            *_met_by(("transfer_completed",)),
        ),
    }
)
#: The limits on the way to a plan, which a list names with their days.
ON_THE_WAY = tuple(rule for rule in _met_by(_DECIDE + _SAY_NO_PLAN) if rule not in SEND_PLAN)
#: The stages of cases that are on the road to a plan, and have its steps still to take.
TO_A_PLAN = tuple(
    stage for stage in OPEN_STAGES if stage not in TELL and stage is not Stage.PART_SENT
)


class Prospect(StrEnum):
    """How a case that is in time stands; first the one for which a meeting can do most."""

    SAVEABLE = "saveable"
    IN_HAND = "in_hand"
    TOO_LATE = "too_late"

    @property
    def words(self) -> str:
        """Return it as the heading of its part of the list."""
        return _PROSPECTS[self]


_PROSPECTS = {
    Prospect.SAVEABLE: "Likely to be late, and the steps still fit",
    Prospect.IN_HAND: "In time so far",
    Prospect.TOO_LATE: "The steps no longer fit before the limit",
}


@dataclass(frozen=True, slots=True)
class Band:
    """Open cases by whole weeks since the request: below a number of them; None for the last."""

    words: str
    below: int | None

    def after(self, today: date) -> date | None:
        """Return the day after which such a request came; None for the last band."""
        return None if self.below is None else today - timedelta(weeks=self.below)


#: Divided by the limits at 6, 16 and 20 weeks, and beyond them by half a year and a year.
BANDS = (
    Band("Under 6", 6),
    Band("6 to 12", 12),
    Band("12 to 16", 16),
    Band("16 to 20", 20),
    Band("20 to 26", 26),
    Band("26 to 52", 52),
    Band("52 and over", None),
)
