"""Keeping everyone informed: who is told what after each change of stage, and in which words.

The plan's action 6.1b: during an assessment, consistent feedback to everyone involved with the
child. Some of it is law besides (SEND Regulations 2014, regs 4(2), 5(2), 10(2), 13(2)). No text
says anything of another person, and none names the child to anyone but the family: whose case it
is goes by its reference, or by a secure way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.rules.civil_dates import spoken_date
from casework.rules.errors import BeyondCalendar
from casework.rules.events import EVENTS
from casework.rules.history import Happened
from casework.rules.stages import Stage
from casework.rules.workdays import WorkingDays

#: Who is involved, besides each adviser that was asked.
PARTIES: Mapping[str, str] = MappingProxyType(
    {
        "family": "The parents or young person",
        "setting": "The school or setting attended",
        "health_body": "The responsible commissioning body",
        "social_care": "Social care",
    }
)
#: Before an adviser's id, in the key of a party.
ADVISER = "adviser:"
#: Working days within which everyone is told, unless the authority chose another number. A local
#: target: no law sets one.
WITHIN = 5
#: After so many days a change that nobody was told of counts as not told, and is off the lists.
WORTH_TELLING_DAYS = 84

#: Events by which the family itself is told: nobody has to tell it again.
TELLS_FAMILY = (
    *("considering_notified", "told_will_assess", "told_will_not_assess", "no_plan_notice_sent"),
    *("draft_served", "final_plan_sent"),
)
#: The final plan is out, for the others, once the family has it.
FINAL_SENT, FINAL_TO = "final_plan_sent", "family"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a change, in sentences; one that lacks what it tells of is left out.

    `advisers` are those asked for advice before the change; None where none is told.
    """

    family: tuple[str, ...]
    involved: tuple[str, ...] | None
    advisers: tuple[str, ...] | None


_CASE = "This is about {reference}."
_FINAL_BY = "If there is to be a plan, it will be sent by {final_by}."
_OFFICER = "Your case officer is {officer}."
_ASK_US = "Please ask {officer} if anything is not clear."
_NO_MORE_ADVICE = "You need not send any advice that you still owe."

#: What is said, by the stage that a case came to. Those that are not here last only until the
#: family is told, which is the next one.
SAID: Mapping[Stage, Said] = MappingProxyType(
    {
        Stage.RECEIVED: Said(
            (
                "On {on} we received the request for an education, health and care needs "
                "assessment of {child}.",
                "We will tell you by {decision_by} whether we will assess.",
                _OFFICER,
            ),
            None,
            None,
        ),
        Stage.CONSIDERING: Said(
            (
                "We are considering whether {child} may need an education, health and care needs "
                "assessment.",
                "You may send us your views and any evidence.",
                "We will tell you by {decision_by} whether we will assess.",
            ),
            (
                _CASE,
                "Since {on} we are considering whether an education, health and care needs "
                "assessment may be needed.",
                "We will decide by {decision_by}, and tell you what we decided.",
            ),
            None,
        ),
        Stage.ASSESSING: Said(
            (
                "Since {on} we are assessing the education, health and care needs of {child}.",
                "We will ask the school and the services for their advice.",
                _FINAL_BY,
                _OFFICER,
            ),
            (
                _CASE,
                "On {on} it was settled that we will carry out an education, health and care "
                "needs assessment.",
                "If we need your advice, we will ask you for it separately.",
                _FINAL_BY,
            ),
            (_CASE, "Since {on} the assessment goes on.", _FINAL_BY),
        ),
        Stage.REFUSED: Said(
            (
                "On {on} we told you that we will not assess {child}.",
                "Our letter says why, and how you can appeal or ask for mediation.",
            ),
            (
                _CASE,
                "On {on} we told the family that we will not carry out an education, health and "
                "care needs assessment.",
                "The support that the child or young person has now goes on.",
            ),
            (_CASE, "On {on} we decided not to assess.", _NO_MORE_ADVICE),
        ),
        Stage.DRAFTING: Said(
            (
                "On {on} it was settled that we will make an education, health and care plan for "
                "{child}.",
                "We are writing a draft, and will send it to you for your comments.",
                "The final plan will be sent by {final_by}.",
            ),
            (
                _CASE,
                "On {on} it was settled that we will make an education, health and care plan.",
                "We are writing the draft.",
                "The final plan will be sent by {final_by}.",
            ),
            (
                _CASE,
                "On {on} it was settled that we will make an education, health and care plan, and "
                "your advice is part of what it is made from.",
                "The final plan will be sent by {final_by}.",
            ),
        ),
        Stage.NO_PLAN: Said(
            (
                "On {on} we told you that we will not make a plan for {child}.",
                "Our letter says why, and how you can appeal or ask for mediation.",
            ),
            (
                _CASE,
                "On {on} we told the family that after the assessment there will be no education, "
                "health and care plan.",
                "What the advice recommends can still be put in place by those who support the "
                "child or young person.",
            ),
            (
                _CASE,
                "On {on} we told the family that after the assessment there will be no plan.",
                _NO_MORE_ADVICE,
            ),
        ),
        Stage.DRAFT_OUT: Said(
            (
                "The draft plan for {child} counts as served on {on}.",
                "You can send us your comments, ask for a school and ask to meet us until "
                "{comments_by}.",
            ),
            (
                _CASE,
                "The draft plan counts as served on the family on {on}.",
                "The family has until {comments_by} to comment.",
                "The final plan will be sent by {final_by}.",
            ),
            (
                _CASE,
                "The draft plan counts as served on the family on {on}.",
                "The final plan will be sent by {final_by}.",
            ),
        ),
        Stage.FINAL: Said(
            (
                "On {on} we sent you the final education, health and care plan for {child}.",
                "Our letter says how you can appeal or ask for mediation.",
            ),
            (_CASE, "On {on} we sent the final education, health and care plan to the family."),
            (
                _CASE,
                "On {on} we sent the final education, health and care plan to the family.",
                "Thank you for your part in it.",
            ),
        ),
        Stage.WITHDRAWN: Said(
            (
                "On {on} the request about {child} was withdrawn, and we have stopped.",
                "You can ask us again at any time.",
                _ASK_US,
            ),
            (_CASE, "On {on} the request was withdrawn, and we have stopped."),
            (_CASE, "On {on} the request was withdrawn, and we have stopped.", _NO_MORE_ADVICE),
        ),
        Stage.MOVED_OUT: Said(
            (
                "Since {on} another authority is responsible for {child}, as you have moved.",
                "Our work on the case has ended.",
                _ASK_US,
            ),
            (_CASE, "Since {on} another authority is responsible. Our work on it has ended."),
            (
                _CASE,
                "Since {on} another authority is responsible. Our work on it has ended.",
                _NO_MORE_ADVICE,
            ),
        ),
        Stage.CEASED: Said(
            ("The plan for {child} ceased on {on}.", _ASK_US),
            (_CASE, "The plan ceased on {on}."),
            (_CASE, "The plan ceased on {on}."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of stage that people are told of, by the event that made it."""

    stage: Stage
    event: Happened


def stage_of(kind: str, recipient: str | None) -> Stage | None:
    """Return the stage that such an event brings a case to, where people are told of that."""
    if kind == FINAL_SENT:
        return Stage.FINAL if recipient == FINAL_TO else None
    to = EVENTS[kind].to
    return to if to in SAID else None


#: The kinds of event that bring a case to a stage of which people are told, and to which.
CHANGES: Mapping[str, Stage] = MappingProxyType(
    {kind: to for kind in EVENTS if (to := stage_of(kind, FINAL_TO))}
)


def changes(standing: Iterable[Happened]) -> list[Change]:
    """Return the changes of stage that people are told of, by day: the first to each stage.

    A draft that was changed, or a plan sent again, is no new stage.
    """
    found: dict[Stage, Happened] = {}
    for event in sorted(standing, key=lambda e: (e.on, e.id)):
        stage = stage_of(event.kind, event.recipient)
        if stage is not None:
            found.setdefault(stage, event)
    return [Change(stage, event) for stage, event in found.items()]


def involved(
    change: Change, standing: Sequence[Happened], advisers: Mapping[int, str], *, has_setting: bool
) -> list[str]:
    """Return the keys of those to be told of a change, the family first.

    `advisers` are the services of those asked, by id. One is involved from the day on which they
    were asked, unless the request was withdrawn by the day of the change. The school that advises
    is told as the setting, and social care once.
    """
    said, on = SAID[change.stage], change.event.on
    found = ["family"]
    asked = {e.adviser_id for e in standing if e.kind == "advice_requested" and e.on <= on}
    gone = {e.adviser_id for e in standing if e.kind == "advice_request_withdrawn" and e.on <= on}
    own = {n: s for n, s in advisers.items() if n in asked - gone and s != "family"}
    if said.involved:
        found += ["setting"] if has_setting else []
        found += ["health_body"]
        found += [] if said.advisers and "social_care" in own.values() else ["social_care"]
    if said.advisers:
        found += [f"{ADVISER}{n}" for n, s in own.items() if not (s == "school" and has_setting)]
    return found


def is_told_by_event(change: Change) -> bool:
    """Return whether the family was told by the very event that made the change."""
    return change.event.kind in TELLS_FAMILY


def text(change: Change, party: str, *, given: Mapping[str, str | date | None]) -> str:
    """Return what a party is told of a change, ready to be copied.

    `given` is what of the case is told: child, reference, officer; decision_by, final_by and
    comments_by as days. A sentence that lacks what it tells of is left out.
    """
    said = SAID[change.stage]
    sentences = said.family if party == "family" else said.involved
    if party.startswith(ADVISER):
        sentences = said.advisers
    told = {name: _spoken(value) for name, value in (*given.items(), ("on", change.event.on))}
    return " ".join(
        sentence.format_map(told)
        for sentence in sentences or ()
        if all(told.get(name) for name in _fields(sentence))
    )


def _spoken(value: str | date | None) -> str:
    return spoken_date(value) if isinstance(value, date) else value or ""


def _fields(sentence: str) -> list[str]:
    return [part.split("}", 1)[0] for part in sentence.split("{")[1:]]


def tell_by(on: date, within: int, calendar: WorkingDays) -> date | None:
    """Return the last day on which everyone is told in time, `within` working days after a change.

    None where the working days of that year are not known.
    """
    try:
        return calendar.after(on, within)
    except BeyondCalendar:
        return None
