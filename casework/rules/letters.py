"""The letters that the law has an authority send: when, to whom, and what must be in each.

A part that the law demands is a field of its own (`Part`), whose words the system writes and the
Word document must hold. What an authority may change is everything round about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from casework.rules.sources import ACT, COP, OWN_TARGET, SENDR
from casework.rules.stages import OPEN_STAGES, Stage


class To(StrEnum):
    """Whom a kind of letter goes to."""

    FAMILY = "family"
    SETTING = "setting"
    ADVISER = "adviser"


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter must say, as the field that says it, and the law that demands it."""

    field: str
    words: str
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """One kind of letter.

    `notes` is the event that issuing it enters, if any; `stages` where it may be issued, which
    has a decision recorded first wherever the letter tells of one; `after` the events that must
    stand; `asks` what an officer types or chooses, besides the day.
    """

    key: str
    words: str
    to: To
    stages: tuple[Stage, ...]
    parts: tuple[Part, ...]
    notes: str | None = None
    #: The event, entered already, that the letter goes with: it enters none of its own.
    goes_with: str | None = None
    after: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    #: For a request for advice: the agency whose services it goes to.
    agency: str | None = None
    #: Whom the law has told of it besides, in words.
    also_tell: str = ""

    @property
    def fields(self) -> Mapping[str, str]:
        """Return every field that its Word document may use, with what each says."""
        return {**COMMON, **{part.field: part.words for part in self.parts}}


#: Fields that every letter may use.
COMMON: Mapping[str, str] = MappingProxyType(
    {
        "authority": "The authority’s name",
        "authority_address": "The authority’s address and telephone number",
        "reference": "The case’s reference",
        "letter_date": "The day of the letter",
        "to_name": "Whom this letter is for",
        "to_address": "Their address; empty where it is protected or not held",
        "child": "The child’s or young person’s full name",
        "born": "Their date of birth",
        "initials": "Their initials, for the top of each page",
        "birth_year": "The year in which they were born, for the top of each page",
        "officer": "Who signs the letter",
        "officer_post": "Their post",
        "next_steps": "What happens next and by when; may be empty",
        "more": "What the officer adds; may be empty",
    }
)
#: Without them on every page, letters about two children can be mixed.
MARKS = ("reference", "initials", "birth_year")


def _appeal(regulation: str, matters: str) -> tuple[Part, ...]:
    """What every notice that can be appealed must tell (regulation 32 for mediation)."""
    law = f"{SENDR}, reg {regulation}"
    return (
        Part("appeal_right", f"The right to appeal about {matters}", law),
        Part("appeal_time_limits", "The time limits for an appeal, with their dates", law),
        Part(
            "mediation",
            "Mediation: the right to it, the adviser, the certificate and the time limit",
            f"{law} and reg 32",
        ),
        Part("disagreement_resolution", "The disagreement resolution service", law),
        Part("information_service", "The information and advice service", law),
    )


_WINDOW = f"{ACT}, s.38(2) and {SENDR}, reg 13(1)"
_ADVICE = (
    Part("asked_for", "What advice is asked for, and why", f"{SENDR}, reg 6(1)"),
    Part("reply_by", "The day by which it must be answered", f"{SENDR}, reg 8(1)"),
)
_WITH_THE_ADVISERS = (Stage.ASSESS_AGREED, Stage.ASSESSING, Stage.DRAFTING)

# fmt: off
_ROWS = (
    LetterKind(
        key="considering", words="We are considering an assessment", to=To.FAMILY,
        notes="considering_notified", stages=(Stage.RECEIVED,),
        also_tell="the commissioning body, social care and the school or setting "
                  f"({SENDR}, reg 4(2))",
        parts=(
            Part("considering", "That the authority is considering whether to assess",
                 f"{ACT}, s.36(7)(a)"),
            Part("views_and_evidence", "The right to give views and send evidence",
                 f"{ACT}, s.36(7)(b)"),
        )),
    LetterKind(
        key="will_assess", words="We will assess", to=To.FAMILY, notes="told_will_assess",
        stages=(Stage.ASSESS_AGREED,),
        also_tell="the commissioning body, social care and the school or setting "
                  f"({SENDR}, reg 5(2))",
        parts=(Part("decision", "The decision to assess", f"{SENDR}, reg 5(1)"),)),
    LetterKind(
        key="will_not_assess", words="We will not assess", to=To.FAMILY,
        notes="told_will_not_assess", stages=(Stage.ASSESS_DECLINED,), asks=("reasons",),
        also_tell="the commissioning body, social care and the school or setting "
                  f"({SENDR}, reg 5(2))",
        parts=(
            Part("decision", "The decision not to assess", f"{SENDR}, reg 5(1)"),
            Part("reasons", "The reasons", f"{ACT}, s.36(5)"),
            *_appeal("5(3)", "the decision not to assess"),
        )),
    LetterKind(
        key="no_plan", words="We will not issue a plan", to=To.FAMILY,
        notes="no_plan_notice_sent", stages=(Stage.PLAN_DECLINED,), asks=("reasons",),
        also_tell=f"the commissioning body and the school or setting ({SENDR}, reg 10(1))",
        parts=(
            Part("decision", "The decision that there will be no plan", f"{SENDR}, reg 10(1)"),
            Part("reasons", "The reasons", f"{ACT}, s.36(9)"),
            *_appeal("10(3)", "the decision not to issue a plan"),
        )),
    LetterKind(
        key="draft", words="Draft plan, with the days to answer", to=To.FAMILY,
        goes_with="draft_served", stages=(Stage.DRAFT_OUT,),
        parts=(
            Part("last_day_for_comments", "The last day of the 15 for comments", _WINDOW),
            Part("ask_for_school", "The right to ask for a school or other institution",
                 f"{ACT}, s.38(2)(b)(ii)"),
            Part("ask_for_meeting", "The right to ask for a meeting",
                 f"{SENDR}, reg 13(1)(a)(ii)"),
            Part("find_schools", "Where to find out about schools and colleges",
                 f"{SENDR}, reg 13(1)(b)"),
        )),
    LetterKind(
        key="consultation", words="Consultation of a school or other setting", to=To.SETTING,
        notes="consultation_sent", stages=(Stage.DRAFTING, Stage.DRAFT_OUT), asks=("about",),
        parts=(
            Part("question", "What the setting is asked", f"{ACT}, s.39(2) and 40(3)"),
            Part("test", "The test by which a school that was asked for is named",
                 f"{ACT}, s.39(4)"),
            Part("reply_by", "The day by which it should answer", f"{COP}, para 9.83"),
        )),
    LetterKind(
        key="final", words="Final plan", to=To.FAMILY, notes="final_plan_sent",
        stages=(Stage.DRAFT_OUT, Stage.PART_SENT), after=("plan_signed",),
        parts=(
            Part("decision", "That the plan is made and is sent with the letter",
                 f"{SENDR}, reg 13(2)"),
            *_appeal("14(2)", "needs, provision and placement in the plan"),
        )),
    LetterKind(
        key="exception", words="An exception to a time limit", to=To.FAMILY,
        notes="exception_told", stages=OPEN_STAGES, after=("exception_recorded",),
        asks=("exception", "reasons"),
        parts=(
            Part("limits_missed", "Which limit is not kept, and which ground lets it go",
                 f"{COP}, paras 9.42 and 9.43"),
            Part("reasons", "Why, in words for the family", f"{COP}, para 9.42"),
            Part("still_owed", "That the work goes on as soon as practicable",
                 f"{SENDR}, regs 5(1), 10(1) and 13(2)"),
        )),
    LetterKind(
        key="holding", words="Holding letter: a date will be missed", to=To.FAMILY,
        notes="holding_letter_sent", stages=OPEN_STAGES,
        asks=("limit", "expected_on", "reasons"),
        parts=(
            Part("limit_missed", "Which limit will be missed, and its day", OWN_TARGET),
            Part("reasons", "Why", OWN_TARGET),
            Part("expected", "The day by which it is expected now", OWN_TARGET),
            Part("information_service", "The information and advice service", OWN_TARGET),
        )),
    LetterKind(
        key="health_request", words="Request for health advice", to=To.ADVISER, agency="health",
        stages=_WITH_THE_ADVISERS, asks=("about",), parts=_ADVICE),
    LetterKind(
        key="social_care_request", words="Request for social care advice", to=To.ADVISER,
        agency="social_care", stages=_WITH_THE_ADVISERS, asks=("about",), parts=_ADVICE),
    LetterKind(
        key="psychology_request", words="Request for psychological advice", to=To.ADVISER,
        agency="psychology", stages=_WITH_THE_ADVISERS, asks=("about",), parts=_ADVICE),
)
# fmt: on

LETTERS: Mapping[str, LetterKind] = MappingProxyType({row.key: row for row in _ROWS})
#: Letters that carry the right of appeal, whose time runs from the day that the letter is sent.
APPEALABLE = tuple(row.key for row in _ROWS if any(p.field == "appeal_right" for p in row.parts))
