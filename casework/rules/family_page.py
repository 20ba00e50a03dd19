"""What a family's page says, in words for a reader of about ten.

A decision whose letter has not gone is not on it. That a plan will be made has no letter in law but
the draft itself, so it is said as soon as the draft is being written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.rules.advisers import SERVICES
from casework.rules.because import span
from casework.rules.book import duty as find_duty
from casework.rules.civil_dates import spoken_date
from casework.rules.clocks import Clock
from casework.rules.deadlines import due
from casework.rules.errors import Unanswerable
from casework.rules.history import Happened
from casework.rules.stages import Stage
from casework.rules.workdays import WorkingDays

#: Where the case stands as far as the family has been told.
_AS_TOLD: Mapping[Stage, Stage] = MappingProxyType(
    {
        Stage.ASSESS_AGREED: Stage.CONSIDERING,
        Stage.ASSESS_DECLINED: Stage.CONSIDERING,
        Stage.PLAN_DECLINED: Stage.ASSESSING,
    }
)
#: The heading and the words of each stage; {name} is the child's first name.
_WHERE: Mapping[Stage, tuple[str, str]] = MappingProxyType(
    {
        Stage.RECEIVED: (
            "We have the request",
            "We were asked to look at what help {name} needs to learn. We are thinking about "
            "whether to do an assessment. An assessment is a careful look at what {name} needs.",
        ),
        Stage.CONSIDERING: (
            "We are deciding whether to do an assessment",
            "An assessment is a careful look at what help {name} needs to learn. You can send us "
            "anything that you want us to read.",
        ),
        Stage.ASSESSING: (
            "We are finding out what {name} needs",
            "We ask people who know about {name}’s needs to write to us. When we have read what "
            "they say, we decide if {name} needs an EHC plan. An EHC plan is a legal paper. It "
            "says what help must be given.",
        ),
        Stage.REFUSED: (
            "We decided not to do an assessment",
            "We wrote to you to say why. You can ask for help with what to do next.",
        ),
        Stage.DRAFTING: (
            "We are writing the draft plan",
            "We decided to make an EHC plan for {name}. We are writing the first version. It is "
            "called the draft. We will send it to you and ask what you think.",
        ),
        Stage.NO_PLAN: (
            "We decided not to make a plan",
            "We wrote to you to say why. You can ask for help with what to do next.",
        ),
        Stage.DRAFT_OUT: (
            "You have the draft plan",
            "Please read it. Tell us what is right, what is wrong and what is missing. Tell us "
            "which school or college you would like. You can ask to meet us.",
        ),
        Stage.PART_SENT: (
            "We are sending out the final plan",
            "The plan for {name} is finished. We are sending it to everyone who must have it.",
        ),
        Stage.FINAL: (
            "The plan is finished",
            "We have sent out the final plan. The help that it sets out for {name} must now be "
            "given.",
        ),
    }
)
_DRAFT_IS_COMING = (
    "We have sent you the draft plan",
    "It is on its way to you. When it comes, please read it. Tell us what is right, what is wrong "
    "and what is missing. Tell us which school or college you would like. You can ask to meet us.",
)
_DRAFT_IS_BACK = (
    "We are finishing the plan",
    "The time to comment on the draft is over. We are looking at what was said, and at which "
    "school or college to name. You can still talk to us.",
)
#: What we must do next, to follow "we must", by the fact that ends the limit.
_WE_MUST: Mapping[str, str] = MappingProxyType(
    {
        "assess_decision_sent": "tell you if we will do an assessment",
        "reassessment_decision_sent": "tell you if we will do another assessment",
        "no_plan_notice_sent": "tell you if we decide not to make a plan, and say why",
        "draft_served": "send you the draft plan",
        "final_plan_sent": "send you the final plan, if we make one",
    }
)
_LATE = "That day has passed, so we are late. We must still do it as soon as we can."
#: A plan that is made after all was never late by this limit.
_LATE_IF = "That day has passed. If that is what we decide now, we tell you late."
_PLAN_IS_CERTAIN = (Stage.DRAFTING, Stage.DRAFT_OUT, Stage.PART_SENT)
#: Kinds of advice, where the words for an officer would puzzle a family.
_ADVICE_FROM: Mapping[str, str] = MappingProxyType(
    {
        "family": "What you want to tell us",
        "other_health": "Another health service",
        "family_choice": "Someone you asked us to ask",
        "other": "Someone else who knows about the needs",
    }
)
#: The notices that can be appealed.
_APPEALABLE = {
    Stage.REFUSED: "told_will_not_assess",
    Stage.NO_PLAN: "no_plan_notice_sent",
    Stage.PART_SENT: "final_plan_sent",
    Stage.FINAL: "final_plan_sent",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that we must do next: in words that follow "we must", by which day, and why."""

    words: str
    by: date
    #: What is said once the day has passed; nothing until then.
    late: str
    #: How long the law gives, in a sentence.
    gives: str
    because: str


@dataclass(frozen=True, slots=True)
class Rights:
    """How long there is to disagree with a decision that was sent on a day."""

    decided_on: date
    mediation_by: date
    appeal_by: date


def as_told(stage: Stage) -> Stage:
    """Return the stage as far as the family has been told of it."""
    return _AS_TOLD.get(stage, stage)


def where(
    stage: Stage, name: str, *, comments_are_over: bool, is_coming: bool = False
) -> tuple[str, str]:
    """Return the heading and the words that say where a case stands; for stages that have any.

    `is_coming` says that the draft is in the post.
    """
    told = as_told(stage)
    heading, words = _WHERE[told]
    if told is Stage.DRAFT_OUT and (comments_are_over or is_coming):
        heading, words = _DRAFT_IS_COMING if is_coming else _DRAFT_IS_BACK
    return heading.format(name=name), words.format(name=name)


def promises(stage: Stage, clocks: Iterable[Clock], today: date) -> list[Promise]:
    """Return what the law says we must do next, the first day first.

    Only the case's own limits in law that are still owed. A limit of saying that there will be no
    plan is left out once there is to be one.
    """
    is_certain = as_told(stage) in _PLAN_IS_CERTAIN
    found = [
        Promise(
            words=_words(clock, is_certain=is_certain),
            by=clock.due.on,
            late=_late(clock, today),
            gives=_gives(clock),
            because=clock.due.because,
        )
        for clock in clocks
        if clock.adviser_id is None
        and clock.is_owed
        and clock.duty.kind == "law"
        and not clock.duty.is_floor
        and clock.duty.ends in _WE_MUST
        and not (is_certain and clock.duty.ends == "no_plan_notice_sent")
    ]
    return sorted(found, key=lambda promise: promise.by)


def rights(stage: Stage, events: Sequence[Happened], calendar: WorkingDays) -> Rights | None:
    """Return how long the family has to disagree with the decision it was sent; None without one.

    `events` are those that stand, in order of day. A final plan counts from the day on which it
    was sent to the family (Tribunal Procedure Rules 2008, rule 20(1)(c); SEND Regulations 2014,
    regulation 33).
    """
    kind = _APPEALABLE.get(stage)
    sent = [e.on for e in events if e.kind == kind and e.recipient in (None, "family")]
    if not sent:
        return None
    given = {"decision_notice_sent": sent[-1]}
    try:
        mediation = due(find_duty("med_contact_2m"), given, calendar).on
        appeal = due(find_duty("appeal_2m"), given, calendar).on
    except Unanswerable:
        return None
    return Rights(decided_on=sent[-1], mediation_by=mediation, appeal_by=appeal)


def advice_from(service: str) -> str:
    """Return the kind of advice that is waited for, as a family says it."""
    return _ADVICE_FROM.get(service, SERVICES[service].words)


def _words(clock: Clock, *, is_certain: bool) -> str:
    words = _WE_MUST[clock.duty.ends or ""]
    return words.removesuffix(", if we make one") if is_certain else words


def _late(clock: Clock, today: date) -> str:
    if today <= clock.due.on:
        return ""
    return _LATE_IF if clock.duty.ends == "no_plan_notice_sent" else _LATE


def _gives(clock: Clock) -> str:
    started = clock.due.started_on
    if started is None or clock.duty.count is None:
        return ""
    length = span(clock.duty.count, clock.duty.amount)
    return f"The law gives us {length} from {spoken_date(started)}."
