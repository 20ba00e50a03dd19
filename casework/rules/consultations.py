"""Asking settings whether the plan should name them: which tests apply, and how one stands.

The authority must consult by law (Children and Families Act 2014, s.39(2) and 40(3)); the 15 days
to answer are guidance, and it decides without an answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from types import MappingProxyType

from casework.codes import SettingType
from casework.rules.history import Happened

#: What a setting answers.
REPLIES = MappingProxyType(
    {
        "can_meet": "Can meet the needs and has a place",
        "can_meet_with": "Can meet them, if the plan or its funding changes",
        "cannot_meet": "Says that it cannot meet the needs",
        "no_places": "Says that it has no place",
        "no_view": "Gives no view",
    }
)
#: The answers with which a setting does not want to be named.
AGAINST = ("cannot_meet", "no_places")
IN_FAVOUR = ("can_meet", "can_meet_with")

#: On what it relies: the limbs of section 39(4), and what is none of them.
REASONS = MappingProxyType(
    {
        "unsuitable": "Unsuitable for the child’s age, ability, aptitude or needs (s.39(4)(a))",
        "others": "Would not fit the efficient education of others (s.39(4)(b)(i))",
        "resources": "Would not fit the efficient use of resources (s.39(4)(b)(ii))",
        "no_place": "It is full: by itself this is no ground under section 39(4)",
        "not_said": "It gives no reason",
    }
)

MUST_NAME = (
    "The family asked for this setting, and section 38(3) lists its type. The plan must name it, "
    "unless it is unsuitable for the child’s age, ability, aptitude or special educational needs, "
    "or the child’s being there would not fit the efficient education of others or the efficient "
    "use of resources (Children and Families Act 2014, s.39(3) and (4))."
)
ONLY_CONSIDERED = (
    "The family asked for this setting, and section 38(3) does not list its type. The authority "
    "considers the request; the test of section 39(4) does not apply (Children and Families Act "
    "2014)."
)

#: Section 38(3): a maintained school or nursery school, an Academy, an institution within the
#: further education sector, a non-maintained special school, one approved under section 41.
_LISTED = frozenset(
    {
        SettingType.NURSERY_SCHOOL,
        SettingType.PRIMARY,
        SettingType.SECONDARY,
        SettingType.ALL_THROUGH,
        SettingType.SPECIAL,
        SettingType.NON_MAINTAINED_SPECIAL,
        SettingType.SECTION_41,
        SettingType.FURTHER_EDUCATION,
    }
)
_NOT_LISTED = frozenset(
    {SettingType.EARLY_YEARS, SettingType.INDEPENDENT, SettingType.SPECIAL_POST_16}
)


def is_listed(kind: str | None, *, is_section_41: bool) -> bool | None:
    """Return whether section 38(3) lists a setting of this kind, a code of SettingType.

    None where the kind does not say: alternative provision may be an Academy, which is listed, or
    a pupil referral unit, which is not.
    """
    if is_section_41 or kind in _LISTED:
        return True
    return False if kind in _NOT_LISTED else None


def words_of_test(*, is_listed: bool) -> str:
    """Return the test for a setting that the family asked for."""
    return MUST_NAME if is_listed else ONLY_CONSIDERED


class State(StrEnum):
    """Where one consultation is."""

    CHOSEN = auto()
    ASKED = auto()
    REPLIED = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What has happened to one consultation."""

    sent_on: date | None = None
    #: The day on which it reached the setting; None where that is not known.
    received_on: date | None = None
    chased_on: tuple[date, ...] = ()
    #: The days of its answers: the first ends the 15 days, the last is what it says now.
    replied_on: tuple[date, ...] = ()
    withdrawn_on: date | None = None

    @property
    def state(self) -> State:
        """Return where it is."""
        if self.withdrawn_on:
            return State.WITHDRAWN
        if self.replied_on:
            return State.REPLIED
        return State.ASKED if self.sent_on else State.CHOSEN

    @property
    def counts_from(self) -> date | None:
        """Return the day from which the 15 days are counted: of sending, where that of receipt
        is not known."""
        return self.received_on or self.sent_on


def story(events: Iterable[Happened]) -> Story:
    """Return the story that the standing events of one consultation tell, given by day."""
    days: dict[str, list[date]] = {}
    for event in events:
        days.setdefault(event.kind, []).append(event.on)
    first = {kind: found[0] for kind, found in days.items()}
    return Story(
        sent_on=first.get("consultation_sent"),
        received_on=first.get("consultation_received"),
        chased_on=tuple(days.get("consultation_chased", ())),
        replied_on=tuple(days.get("consultation_replied", ())),
        withdrawn_on=first.get("consultation_withdrawn"),
    )


def first_asked(events: Iterable[Happened]) -> date | None:
    """Return the day on which a setting was first asked, given the standing events of a case by
    day. One whose consultation was withdrawn is asked no more."""
    told = list(events)
    let_off = {e.consultation_id for e in told if e.kind == "consultation_withdrawn"}
    asked = (
        e.on for e in told if e.kind == "consultation_sent" and e.consultation_id not in let_off
    )
    return min(asked, default=None)


def of_each(events: Iterable[Happened]) -> dict[int, list[Happened]]:
    """Return the events of each consultation, by its id, in the order given."""
    found: dict[int, list[Happened]] = {}
    for event in events:
        if event.consultation_id is not None:
            found.setdefault(event.consultation_id, []).append(event)
    return found


def facts(told: Story) -> dict[str, date]:
    """Return what a consultation gives to its clock."""
    days = {
        "consultation_received": told.counts_from,
        "consultation_replied": min(told.replied_on, default=None),
    }
    return {fact: day for fact, day in days.items() if day}


class Waits(StrEnum):
    """Why a case still waits for a place."""

    ALL_AGAINST = auto()
    TIME_IS_SHORT = auto()

    @property
    def words(self) -> str:
        """Return why, as a list says it."""
        return _WHY_IT_WAITS[self]


#: Days in which a setting can still be asked and answer before the final plan goes out.
SHORT = timedelta(days=35)
_WHY_IT_WAITS = {
    Waits.ALL_AGAINST: "Every setting asked says no",
    Waits.TIME_IS_SHORT: f"No setting agreed, and fewer than {SHORT.days} days to the final plan",
}
#: The events by which a panel or an officer decides about the placement.
PLACEMENT_DECIDED = ("placement_agreed", "placement_not_agreed", "placement_type_agreed")


def waits(events: Sequence[Happened], final_by: date | None, today: date) -> Waits | None:
    """Return why a case waits for a place, or None where it does not.

    `events` are those that stand, by day; `final_by` is the last day for the final plan, None
    where none is owed. What a setting said last counts; one let off counts for nothing. A decision
    about the placement, or a setting that can take the child, ends the wait.
    """
    if any(event.kind in PLACEMENT_DECIDED for event in events):
        return None
    asked = {
        number: _said_last(happened)
        for number, happened in of_each(events).items()
        if story(happened).state in (State.ASKED, State.REPLIED)
    }
    if any(answer in IN_FAVOUR for answer in asked.values()):
        return None
    if asked and all(answer in AGAINST for answer in asked.values()):
        return Waits.ALL_AGAINST
    return Waits.TIME_IS_SHORT if final_by and final_by - today < SHORT else None


def _said_last(happened: Sequence[Happened]) -> str | None:
    answers = [event.outcome for event in happened if event.kind == "consultation_replied"]
    return answers[-1] if answers else None


def cannot_choose(stories: Sequence[Story]) -> str | None:
    """Return why a setting cannot be asked once more, in words, or None.

    `stories` are those of its consultations on the case, the first first.
    """
    last = stories[-1].state if stories else None
    if last is State.CHOSEN:
        return "It is chosen already and not asked yet"
    if last is State.ASKED:
        return "It was asked and has not answered yet. Remind it, or withdraw that first"
    return None


def cannot_record(kind: str, told: Story) -> str | None:
    """Return why a step cannot be recorded of a consultation, in words, or None.

    `kind` is a key of casework.rules.events.EVENTS.
    """
    state = told.state
    if state is State.WITHDRAWN:
        return "This consultation was withdrawn. Choose the setting again to ask it anew"
    if kind == "consultation_sent":
        return None if state is State.CHOSEN else "It was asked already"
    if kind == "consultation_withdrawn":
        return "It has answered already" if state is State.REPLIED else None
    if state is State.CHOSEN:
        return "This setting was not asked yet. Record the day on which it was asked first"
    if kind == "consultation_received" and told.received_on:
        return "The day on which it reached the setting is recorded already"
    if kind == "consultation_chased" and state is State.REPLIED:
        return "It has answered already"
    return None
