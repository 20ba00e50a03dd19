"""Panels: the questions they decide, the tests in law, who must be there, when papers are open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.codes import Code
from casework.rules.clocks import DECIDE_TO_ASSESS, SAY_NO_PLAN, SEND_FINAL
from casework.rules.stages import STAGES, Stage
from casework.rules.workdays import WorkingDays


class PanelAgency(Code):
    """Whom a member of a panel speaks for."""

    EDUCATION = "education", "Education"
    PSYCHOLOGY = "psychology", "Educational psychology"
    HEALTH = "health", "Health"
    SOCIAL_CARE = "social_care", "Social care"
    SCHOOLS = "schools", "Schools and colleges"
    EARLY_YEARS = "early_years", "Early years"
    PARENT_CARERS = "parent_carers", "Parent carer forum"
    VOLUNTARY = "voluntary", "Voluntary sector"
    OTHER = "other", "Other"


class Position(Code):
    """What a member does on a panel. A deputy does all that the chair may, in the chair's place."""

    CHAIR = "chair", "Chair"
    DEPUTY = "deputy", "Deputy chair"
    MEMBER = "member", "Member"


#: The positions that may run a meeting and sign its record.
CHAIRS = (Position.CHAIR, Position.DEPUTY)


class Attended(Code):
    """Whether a person came to a meeting."""

    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Sent apologies"
    ABSENT = "absent", "Absent"


class Handled(Code):
    """What became of an item at the meeting."""

    DECIDED = "decided", "Decided"
    DEFERRED = "deferred", "Deferred"
    NOT_HEARD = "not_heard", "Not heard"


class Capacity(Code):
    """In which capacity a decision was taken for the authority."""

    PANEL = "panel", "At a panel"
    OFFICER = "officer", "By an officer, outside a panel"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer to a question: the event it makes of the case, and whether it is a refusal."""

    key: str
    words: str
    event: str
    is_refusal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One kind of decision that a panel may take.

    `test` is the test in law, limb by limb; `ready_at` the stages at which the case waits for the
    answer, `again_at` those at which it has one already and may be looked at a second time;
    `limits` the rules (casework.rules.book) whose day the decision must leave time for.
    """

    key: str
    words: str
    asks: str
    test: tuple[str, ...]
    law: str
    outcomes: tuple[Outcome, ...]
    ready_at: frozenset[Stage]
    again_at: frozenset[Stage] = frozenset()
    limits: tuple[str, ...] = ()
    #: Whether it can be decided only on advice: what is outstanding then speaks against it.
    rests_on_advice: bool = False

    def outcome(self, key: str) -> Outcome:
        """Return the outcome with this key. Raises KeyError."""
        return next((one for one in self.outcomes if one.key == key), None) or _unknown(key)


def _unknown(key: str) -> Outcome:
    raise KeyError(key)


_AFTER_ASSESSING = frozenset({Stage.DRAFTING, Stage.DRAFT_OUT})
_ASSESS_OUTCOMES = (
    Outcome("assess", "Assess", "decided_to_assess"),
    Outcome("not_assess", "Do not assess", "decided_not_to_assess", is_refusal=True),
)
_BEFORE_ASSESSING = frozenset({Stage.RECEIVED, Stage.CONSIDERING})
_ASSESS_AGAIN = frozenset({Stage.ASSESS_AGREED, Stage.ASSESS_DECLINED, Stage.REFUSED})

_ROWS = (
    Question(
        key="assess",
        words="Whether to assess",
        asks="Must the authority secure an EHC needs assessment?",
        test=(
            "The child or young person has or may have special educational needs.",
            "It may be necessary for special educational provision to be made for them through "
            "an EHC plan.",
        ),
        law="Children and Families Act 2014, s.36(8)",
        outcomes=_ASSESS_OUTCOMES,
        ready_at=_BEFORE_ASSESSING,
        again_at=_ASSESS_AGAIN,
        limits=(
            *DECIDE_TO_ASSESS,
            "order_assess_notify_2w",
            "unopposed_assess_notify_2w",
            "agreed_assess_notify_2w",
        ),
    ),
    Question(
        key="reassess",
        words="Whether to re-assess",
        asks="Must the authority secure a re-assessment?",
        test=(
            "A re-assessment was asked for by someone entitled to ask, or the authority thinks "
            "that one is needed.",
            "The last assessment was not made in the six months before the request, and a "
            "further one is necessary.",
        ),
        law="Children and Families Act 2014, s.44; SEND Regulations 2014, reg 24",
        outcomes=_ASSESS_OUTCOMES,
        ready_at=_BEFORE_ASSESSING,
        again_at=_ASSESS_AGAIN,
        limits=("reassess_decision_15d",),
    ),
    Question(
        key="issue",
        words="Whether to issue a plan",
        asks="Must the authority secure that an EHC plan is prepared?",
        test=(
            "In the light of the assessment, it is necessary for special educational provision "
            "to be made through an EHC plan.",
        ),
        law="Children and Families Act 2014, s.37(1)",
        outcomes=(
            Outcome("issue", "Issue a plan", "decided_to_issue"),
            Outcome("not_issue", "Do not issue a plan", "decided_not_to_issue", is_refusal=True),
        ),
        ready_at=frozenset({Stage.ASSESSING}),
        again_at=frozenset({Stage.DRAFTING, Stage.PLAN_DECLINED, Stage.NO_PLAN}),
        limits=(
            *SAY_NO_PLAN,
            "order_assess_noplan_10w",
            "unopposed_assess_noplan_10w",
            "agreed_assess_noplan_10w",
            "reassess_final_14w",
        ),
        rests_on_advice=True,
    ),
    Question(
        key="content",
        words="Content of a draft plan",
        asks="Does the draft say what the law asks of a plan?",
        test=(
            "Every need that the assessment found is in the plan.",
            "The provision for each need is specified, so that nobody is left in doubt what is "
            "to be given, by whom and how often.",
            "Outcomes, health provision and social care provision are set out.",
        ),
        law="Children and Families Act 2014, s.37(2); SEND Regulations 2014, reg 12",
        outcomes=(
            Outcome("agree_content", "Agree the draft", "draft_content_agreed"),
            Outcome("change_content", "Change the draft", "draft_content_to_change"),
        ),
        ready_at=_AFTER_ASSESSING,
        limits=("draft_by_week16", *SEND_FINAL),
        rests_on_advice=True,
    ),
    Question(
        key="placement",
        words="Placement",
        asks="Which school, college or other setting, or type of it, should the plan name?",
        test=(
            "The setting that the family asked for must be named unless it is unsuitable for the "
            "age, ability, aptitude or special educational needs of the child or young person,",
            "or unless their attendance would be incompatible with the efficient education of "
            "others or the efficient use of resources.",
        ),
        law="Children and Families Act 2014, s.39(4)",
        outcomes=(
            Outcome("agree_placement", "Name the setting asked for", "placement_agreed"),
            Outcome(
                "other_placement", "Name another setting", "placement_not_agreed", is_refusal=True
            ),
            Outcome("placement_type", "Name a type of setting", "placement_type_agreed"),
        ),
        ready_at=_AFTER_ASSESSING,
        limits=SEND_FINAL,
    ),
    Question(
        key="cease",
        words="Whether to cease a plan",
        asks="May the authority cease to maintain the plan?",
        test=(
            "The authority is no longer responsible for the child or young person,",
            "or it is no longer necessary for the plan to be maintained; for a young person over "
            "18, having regard to whether the outcomes in the plan have been achieved.",
        ),
        law="Children and Families Act 2014, s.45(1) to (3)",
        outcomes=(
            Outcome("keep", "Keep the plan", "decided_to_keep_plan"),
            Outcome("cease", "Cease the plan", "decided_to_cease", is_refusal=True),
        ),
        ready_at=frozenset({Stage.FINAL}),
    ),
)

#: Every question by its key, in the order of the road to a plan.
QUESTIONS: Mapping[str, Question] = MappingProxyType({row.key: row for row in _ROWS})

#: The questions with which the law's clock waits for a decision, so that an agenda finds them.
SOUGHT = ("assess", "reassess", "issue")


def question_for(kind: str, stage: Stage) -> Question | None:
    """Return the question that a case of this kind waits for at this stage; None for none."""
    asked = "reassess" if kind == "reassessment" else "assess"
    for key in (asked, "issue"):
        if stage in QUESTIONS[key].ready_at:
            return QUESTIONS[key]
    return None


def not_ready(question: Question, kind: str, stage: Stage, outstanding: Sequence[str]) -> list[str]:
    """Return what speaks against deciding the question now, in words; nothing where it is ready.

    `outstanding` names the services whose advice is still owed. The chair may decide all the
    same, with a recorded reason.
    """
    found = []
    if (question.key == "reassess") != (kind == "reassessment") and question.key in SOUGHT[:2]:
        found.append(f"“{question.words}” is not a question of this kind of case")
    elif stage not in question.ready_at | question.again_at:
        found.append(f"The case is at “{STAGES[stage].words}”")
    if question.rests_on_advice and outstanding:
        found.append(f"Advice is outstanding: {', '.join(outstanding)}")
    return found


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough were there, and in words what was missing."""

    missing: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing


def quorum(
    present: Iterable[tuple[str, str]], required: Iterable[str], least_present: int
) -> Quorum:
    """Return how the quorum stands; `present` are the agency and position of each person there.

    A quorum is a chair or deputy, somebody of every required agency, and the least number.
    """
    people = list(present)
    agencies = {agency for agency, _ in people}
    missing = [] if any(p in CHAIRS for _, p in people) else ["the chair or a deputy"]
    missing += [PanelAgency(a).words for a in PanelAgency if a in set(required) - agencies]
    if len(people) < least_present:
        short = least_present - len(people)
        missing.append("1 more person" if short == 1 else f"{short} more people")
    return Quorum(tuple(missing))


@dataclass(frozen=True, slots=True)
class Window:
    """Which meetings a member may look into on one day.

    A meeting is open from the day it is circulated, but not earlier than some working days before
    it; an item closes some working days after it was decided.
    """

    today: date
    #: The last meeting day whose papers may be open.
    meetings_to: date
    #: The first day of a decision whose item is still open.
    decided_since: date
    #: The first meeting day of which an item that was never decided is still open.
    met_since: date


def window(today: date, calendar: WorkingDays, *, opens_days: int, closes_days: int) -> Window:
    """Return the window as it stands today; the figures are settings, in working days."""
    return Window(
        today=today,
        meetings_to=calendar.after(today, opens_days),
        decided_since=calendar.before(today, closes_days),
        met_since=calendar.before(today, opens_days),
    )


def slots(first: date, last: date, weekday: int) -> list[date]:
    """Return each day from `first` to `last` on this weekday (Monday is 0)."""
    start = first.toordinal() + (weekday - first.weekday()) % 7
    return [date.fromordinal(day) for day in range(start, last.toordinal() + 1, 7)]
