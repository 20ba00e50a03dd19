"""What is to be done once a decision is taken: one row for each outcome, and by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.rules.civil_dates import spoken_date
from casework.rules.clocks import DECIDE_TO_ASSESS, SAY_NO_PLAN, SEND_FINAL, Clock
from casework.rules.decided import CARRIED_OUT_BY
from casework.rules.events import OVERTURNED, OVERTURNED_DETAINED
from casework.rules.history import Happened
from casework.rules.overturning import overturned_by
from casework.rules.stages import Stage

_TELL_WHETHER = (*DECIDE_TO_ASSESS, "reassess_decision_15d")
_OF_PLAN = (*SEND_FINAL, "reassess_final_14w")
_APPEAL = (
    "how to appeal and by when, how to get mediation and help with a disagreement, and who gives "
    "independent information and advice"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The step that a decision asks for, in the imperative, and what belongs to it.

    `limits` are the rules (casework.rules.book) by whose day it is due.
    """

    words: str
    then: tuple[str, ...] = ()
    law: str = ""
    limits: tuple[str, ...] = ()


_TELL_NO_PLAN = (*SAY_NO_PLAN, "reassess_final_14w")
_NAME = "Name it in the final plan, and send the plan to the family, the setting and health"
#: Limits that an order, an agreement or a concession puts in the place of the first ones.
_AFTER_ALL = tuple(
    rule
    for table in (OVERTURNED, OVERTURNED_DETAINED)
    for rules in table.values()
    for rule in rules
)

#: What follows a decision, by its event. A decision that asks for nothing has no row.
STEPS: Mapping[str, NextStep] = MappingProxyType(
    {
        "decided_to_assess": NextStep(
            words="Tell the family that we will assess",
            then=(
                "Ask for advice from everyone the law names: the family, the school, health, "
                "educational psychology, social care and others the family asks for",
            ),
            law="SEND Regulations 2014, reg 5(1) and 6(1)",
            limits=_TELL_WHETHER,
        ),
        "decided_not_to_assess": NextStep(
            words="Tell the family that we will not assess",
            then=("Give the reasons", f"Say {_APPEAL}"),
            law="SEND Regulations 2014, reg 5(1), 5(3) and 32",
            limits=_TELL_WHETHER,
        ),
        "decided_to_issue": NextStep(
            words="Write the draft plan and serve it on the family",
            then=("Give the family at least 15 days for it, and offer a meeting",),
            law="Children and Families Act 2014, s.38; SEND Regulations 2014, reg 13(1)",
            limits=("draft_by_week16", *_OF_PLAN),
        ),
        "decided_not_to_issue": NextStep(
            words="Tell the family that there will be no plan",
            then=("Give the reasons", f"Say {_APPEAL}", "Tell the school and health as well"),
            law="SEND Regulations 2014, reg 10",
            limits=_TELL_NO_PLAN,
        ),
        "draft_content_agreed": NextStep(
            words="Serve the draft on the family",
            law="Children and Families Act 2014, s.38",
            limits=("draft_by_week16", *_OF_PLAN),
        ),
        "draft_content_to_change": NextStep(
            words="Change the draft as decided",
            limits=("draft_by_week16", *_OF_PLAN),
        ),
        "placement_agreed": NextStep(
            words="Name the setting asked for", then=(_NAME,), limits=_OF_PLAN
        ),
        "placement_not_agreed": NextStep(
            words="Tell the family which setting the plan will name, and why",
            then=(_NAME,),
            law="Children and Families Act 2014, s.39(4)",
            limits=_OF_PLAN,
        ),
        "placement_type_agreed": NextStep(
            words="Name the type of setting", then=("Say so in the final plan",), limits=_OF_PLAN
        ),
        "decided_to_cease": NextStep(
            words="Tell the family that the plan will cease",
            then=(
                "Give the reasons",
                f"Say {_APPEAL}",
                "Keep the plan going until the time to appeal has ended or the appeal is decided",
            ),
            law="Children and Families Act 2014, s.45(4); SEND Regulations 2014, reg 31",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that a decision asks for and nobody has taken yet."""

    step: NextStep
    decided_on: date
    #: The event of the decision.
    event: Happened
    #: The limit that it must be taken by; None where the law sets no day.
    limit: Clock | None

    @property
    def by(self) -> date | None:
        """Return the last day to act: the limit's, or the working day before it."""
        return (self.limit.due.act_by or self.limit.due.on) if self.limit else None


def steps_due(events: Sequence[Happened], clocks: Sequence[Clock]) -> list[Due]:
    """Return the steps that decisions ask for and that were not taken, in order of decision.

    `events` are those that stand, in order of day; `clocks` those of the case. A decision that
    was overturned, or whose latest repetition stands, asks for nothing.
    """
    found: dict[str, Due] = {}
    for n, event in enumerate(events):
        step = STEPS.get(event.kind)
        if step and not _is_done(event, events[n + 1 :]) and not overturned_by(event, events):
            found[event.kind] = Due(step, event.on, event, _limit(step, clocks))
    return list(found.values())


def _is_done(event: Happened, later: Sequence[Happened]) -> bool:
    if event.kind in ("draft_content_to_change", "draft_content_agreed"):
        changed = ("draft_content_to_change", "draft_content_agreed", "draft_served")
        return any(one.kind in changed for one in later)
    over = ("withdrawn", "moved_out", "ceased")
    return any(one.kind in (*CARRIED_OUT_BY[event.kind], *over) for one in later)


def _limit(step: NextStep, clocks: Sequence[Clock]) -> Clock | None:
    owed = [c for c in clocks if c.adviser_id is None and c.is_owed]
    after_all = [c for c in owed if c.duty.id in _AFTER_ALL]
    own = after_all or [c for c in owed if c.duty.id in step.limits]
    return min(own, key=lambda clock: clock.due.on, default=None) if step.limits else None


#: What decides, at last, how a case goes on: the events of which the latest says what is asked.
DECIDING = (*STEPS, *OVERTURNED)
_OF_DRAFT = tuple(kind for kind in STEPS if kind.startswith(("draft_content", "placement")))
#: The decisions that a case at a stage has still to carry out.
ASKED_AT: Mapping[Stage, tuple[str, ...]] = MappingProxyType(
    {
        Stage.ASSESS_AGREED: ("decided_to_assess",),
        Stage.ASSESS_DECLINED: ("decided_not_to_assess",),
        Stage.DRAFTING: ("decided_to_issue", *_OF_DRAFT),
        Stage.PLAN_DECLINED: ("decided_not_to_issue",),
        Stage.DRAFT_OUT: tuple(kind for kind in _OF_DRAFT if kind.startswith("placement")),
    }
)


def in_a_line(stage: Stage, kind: str | None, decided_on: date | None) -> str | None:
    """Return the step as a list says it: "Decided on 18 November 2026: tell the family …".

    `kind` is the latest of the case's events among DECIDING, and `decided_on` its day. None where
    it asks for nothing at this stage.
    """
    if kind is None or decided_on is None or kind not in ASKED_AT.get(stage, ()):
        return None
    words = STEPS[kind].words
    return f"Decided on {spoken_date(decided_on)}: {words[:1].lower()}{words[1:]}"
