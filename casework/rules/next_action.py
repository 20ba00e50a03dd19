"""The one thing to do now on a case, as an email says it: one imperative, the first that fits.

What a decision asks for is in `next_steps`, whole and with its law; here is only what moves the
case on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import spoken_date
from casework.rules.next_steps import ASKED_AT, STEPS
from casework.rules.stages import Stage

#: How a service is reminded, where its own name does not follow "Remind".
_REMIND: Mapping[str, str] = MappingProxyType(
    {"family": "Ask the family for its own views", "school": "Remind the school or setting"}
)
#: Who a final plan goes to, as an imperative names them.
_TO: Mapping[str, str] = MappingProxyType(
    {"family": "the family", "institution": "the setting", "health_body": "health"}
)
#: Once a refusal is overturned the family is told of the assessment before anything else.
_TELL_FIRST = (
    *("agreed_assess_notify_2w", "order_assess_notify_2w", "unopposed_assess_notify_2w"),
)
_DECIDE_WHETHER = "Decide whether to assess, and tell the family"
#: What a stage asks for where no decision asks for anything else.
_AT: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.RECEIVED: _DECIDE_WHETHER,
        Stage.CONSIDERING: _DECIDE_WHETHER,
        Stage.ASSESS_AGREED: STEPS["decided_to_assess"].words,
        Stage.ASSESS_DECLINED: STEPS["decided_not_to_assess"].words,
        Stage.DRAFTING: STEPS["decided_to_issue"].words,
        Stage.PLAN_DECLINED: STEPS["decided_not_to_issue"].words,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of an open case on a day."""

    today: date
    stage: Stage
    #: The rule whose limit is due next.
    due: str | None = None
    #: The latest event that decided how it goes on, among `next_steps.DECIDING`.
    decided: str | None = None
    #: Whether an exception waits for whoever reads this to approve it.
    may_approve: bool = False
    #: Services by key: whose advice is late, and whose is owed and not late, the first due first.
    late: Sequence[str] = ()
    awaited: Sequence[str] = ()
    #: Whether anybody was asked for advice.
    was_asked: bool = False
    #: The last day that the family has for the draft.
    family_until: date | None = None
    #: How many settings were asked about a place, and the day each is to answer that has not.
    consulted: int = 0
    unanswered: Sequence[date] = ()
    #: The last day for the final plan, where a limit binds.
    final_by: date | None = None
    is_signed: bool = False
    #: Who is still to be sent the final plan, as keys of `events.RECIPIENTS`.
    unsent: Sequence[str] = ()


def next_action(now: Situation) -> str:
    """Return the one thing to do, in the imperative and with no full stop."""
    if now.may_approve:
        return "Approve or refuse the exception proposed"
    if now.stage is Stage.ASSESSING:
        return _assessing(now)
    if now.decided in ASKED_AT.get(now.stage, ()):
        return STEPS[now.decided].words
    if now.stage is Stage.DRAFT_OUT:
        return _draft_out(now)
    if now.stage is Stage.PART_SENT:
        return f"Send the final plan to {listed([_TO[one] for one in now.unsent])}"
    return _AT[now.stage]


def _assessing(now: Situation) -> str:
    if now.due in _TELL_FIRST:
        return STEPS["decided_to_assess"].words
    if not now.was_asked:
        return "Ask for advice"
    if now.late:
        return _remind(now.late)
    if now.awaited:
        return f"Ask by which day the advice will come: {_named(now.awaited)}"
    return "Decide whether to issue a plan"


def _draft_out(now: Situation) -> str:
    if now.consulted == 0:
        return "Ask the settings that the plan may name"
    if any(day < now.today for day in now.unanswered):
        return "Remind the setting that has not answered about a place"
    if now.family_until and now.today <= now.family_until:
        return f"Wait for the family, which has the draft until {spoken_date(now.family_until)}"
    if now.unanswered and not now.is_signed:
        return _setting(min(now.unanswered), now)
    return "Send the final plan" if now.is_signed else "Sign the final plan and send it"


def _setting(until: date, now: Situation) -> str:
    """To wait for an answer that may come after the plan was to be sent would make it late."""
    if now.final_by is None or until < now.final_by:
        return f"Wait for the setting, which has until {spoken_date(until)}"
    if now.final_by <= now.today:
        return "Ask the setting to answer at once"
    return f"Ask the setting to answer before {spoken_date(now.final_by)}"


def _remind(late: Sequence[str]) -> str:
    first, more = late[0], len(late) - 1
    words = _REMIND.get(first, f"Remind {service_words(first)}")
    return words + (f" (and {more} more who {'is' if more == 1 else 'are'} late)" if more else "")


def _named(services: Sequence[str]) -> str:
    return listed([service_words(one) for one in services])


def listed(words: Sequence[str]) -> str:
    """Return words in a row: "school, social care and physiotherapy"."""
    *first, last = words or ("everyone who must have it",)
    return f"{', '.join(first)} and {last}" if first else last


def service_words(service: str) -> str:
    """Return a service as it stands within a sentence."""
    words = SERVICES[service].words
    return words[:1].lower() + words[1:]
