"""What a row of the law is. A row that contradicts itself is refused at import."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, get_args

from casework.rules.errors import BadRow
from casework.rules.exceptions import REGULATIONS
from casework.rules.facts import FACTS
from casework.rules.sources import OWN_TARGET, SOURCES


class Count(StrEnum):
    """The ways in which the law counts (the conventions are in `casework.rules.counting`)."""

    WEEKS_AFTER = "weeks after"
    DAYS_AFTER = "days after"
    DAYS_BEGINNING_WITH = "days beginning with"
    MONTHS_AFTER = "months after"
    MONTHS_BEGINNING_WITH = "months beginning with"
    WORKING_DAYS_AFTER = "working days after"
    WORKING_DAYS_BEGINNING_WITH = "working days beginning with"
    WEEKS_BEFORE = "weeks before"
    MONTHS_BEFORE = "months before"
    WORKING_DAYS_BEFORE = "working days before"
    BEFORE_FIXED_DAY = "before a fixed day"
    AT_ONCE = "at once"
    LATER_OF = "the later of"


Per = Literal[
    "case",
    "adviser",
    "consultation",
    "review",
    "appeal",
    "mediation",
    "move",
    "plan",
    "transfer",
]
Kind = Literal["law", "guidance", "derived", "local"]
Confidence = Literal["P", "S", "M"]
Bound = Literal["no_later_than", "no_earlier_than", "before"]
Combine = Literal["earliest", "latest"]
Roll = Literal["none", "tribunal"]

_BACKWARDS = {
    Count.WEEKS_BEFORE,
    Count.MONTHS_BEFORE,
    Count.WORKING_DAYS_BEFORE,
    Count.BEFORE_FIXED_DAY,
}
_WITHOUT_AMOUNT = {None, Count.AT_ONCE, Count.BEFORE_FIXED_DAY, Count.LATER_OF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """One of the periods of a rule that takes the later of several."""

    starts: tuple[str, ...]
    count: Count
    amount: int
    #: Which start governs when more than one is given.
    combine: Combine = "earliest"
    #: The rule is answered without this limb where its start has not happened.
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duty:
    """One time limit, floor or bar: who owes what, counted from what, under which law."""

    id: str
    #: A short imperative, for lists: "Send the final plan".
    label: str
    chapter: str
    #: The duty in a sentence.
    duty: str
    owed_by: str
    #: What each clock belongs to: one per case, one per adviser asked, one per review …
    per: Per
    starts: tuple[str, ...] = ()
    #: Which start governs when more than one is given.
    combine: Combine = "earliest"
    #: The fact that discharges the duty; None for a bar and for rows without a date.
    ends: str | None = None
    #: Other facts that discharge it as well.
    or_ends: tuple[str, ...] = ()
    #: None: the row is in the book and is not computed.
    count: Count | None = None
    amount: int = 0
    limbs: tuple[Limb, ...] = ()
    bound: Bound = "no_later_than"
    #: Month and day of the fixed day, for "before 15 February".
    fixed: tuple[int, int] | None = None
    #: Its year; None takes the year of the start.
    fixed_year: int | None = None
    #: Only tribunal procedure rolls forward to a working day (rule 12).
    roll: Roll = "none"
    #: The provision whose grounds lift the limit, a key of `exceptions.REGULATIONS`.
    lifted_under: str | None = None
    #: Rows this one stands in for, where an order or an agreement swaps one limit for another.
    instead_of: tuple[str, ...] = ()
    kind: Kind = "law"
    law: str
    #: P read in the primary text, S in a source that quotes it, M from memory and unconfirmed.
    confidence: Confidence
    #: The row governs starts from this day …
    valid_from: date
    #: … to this day, or without end.
    valid_until: date | None = None
    #: The judgment that said what the law had always been, and its day.
    declared_in: str = ""
    declared_on: date | None = None
    note: str = ""
    #: Whether the row is a least period, that nothing may come before.
    is_floor: bool = field(init=False)
    #: The facts any of which ends the duty.
    discharged_by: tuple[str, ...] = field(init=False)

    @property
    def lifted_by(self) -> tuple[str, ...]:
        """Return the ids of the grounds that lift this limit: those its regulation lists."""
        return REGULATIONS[self.lifted_under].grounds if self.lifted_under else ()

    @property
    def is_computed(self) -> bool:
        """Return whether the row gives a date."""
        return self.count is not None

    def governs(self, day: date) -> bool:
        """Return whether the row was law for a period that started on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def __post_init__(self) -> None:
        """Say what follows from the row, and refuse one that contradicts itself."""
        object.__setattr__(self, "is_floor", self.bound == "no_earlier_than")
        ends = (self.ends, *self.or_ends) if self.ends else ()
        object.__setattr__(self, "discharged_by", ends)
        for wrong, why in (*self._wrong_words(), *self._wrong_facts(), *self._wrong_counting()):
            if wrong:
                raise BadRow(f"{self.id}: {why}")

    def _wrong_words(self) -> tuple[tuple[bool, str], ...]:
        return (
            (not re.fullmatch(r"[a-z][a-z0-9_]+", self.id), "an id is small letters and figures"),
            (not self.label or self.label.endswith("."), "needs a label with no full stop"),
            (not self.duty or not self.owed_by or not self.chapter, "says too little"),
            (not self.law.startswith(SOURCES), f"cites no known source: {self.law!r}"),
            ((self.kind == "local") != (self.law == OWN_TARGET), "local means an own target"),
            (self.kind not in get_args(Kind), f"has no such kind: {self.kind}"),
            (self.per not in get_args(Per), f"runs per nothing known: {self.per}"),
            (self.confidence not in get_args(Confidence), "confidence is P, S or M"),
            (
                self.valid_until is not None and self.valid_until < self.valid_from,
                "ends before it begins",
            ),
            (bool(self.declared_in) != (self.declared_on is not None), "declared where, and when?"),
        )

    def _wrong_facts(self) -> tuple[tuple[bool, str], ...]:
        facts = (*self.starts, *self.discharged_by)
        unknown = [fact for fact in facts if fact not in FACTS]
        limb_starts = {fact for limb in self.limbs for fact in limb.starts}
        return (
            (bool(unknown), f"names facts that do not exist: {unknown}"),
            (bool(self.limbs) and limb_starts != set(self.starts), "its limbs start elsewhere"),
            (
                self.lifted_under is not None and self.lifted_under not in REGULATIONS,
                f"is lifted under no known regulation: {self.lifted_under}",
            ),
        )

    def _wrong_counting(self) -> tuple[tuple[bool, str], ...]:
        return (
            (self.is_computed and not self.starts and not self.fixed_year, "never starts"),
            ((self.amount > 0) == (self.count in _WITHOUT_AMOUNT), "amount and count disagree"),
            (
                (self.count is Count.BEFORE_FIXED_DAY) != (self.fixed is not None),
                "a fixed day goes with counting before it",
            ),
            ((self.count in _BACKWARDS) != (self.bound == "before"), "count and bound disagree"),
            ((self.count is Count.LATER_OF) != bool(self.limbs), "the later of what?"),
            (bool(self.limbs) and self.combine != "latest", "limbs combine to the latest"),
        )
