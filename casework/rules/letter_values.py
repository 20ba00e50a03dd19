"""What a letter says in the parts that the law demands: from the facts of a case, in plain words.

A value is text: `PARAGRAPH` begins another paragraph and a line end another line. Every date in it
is worked out by the rules that the case's own pages use, and `Dated` says why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.rules.book import duty
from casework.rules.civil_dates import spoken, spoken_date
from casework.rules.deadlines import Due, due
from casework.rules.workdays import WorkingDays

#: As the tool that fills Word documents reads it.
PARAGRAPH = "\a"
_MATTERS = {
    "will_not_assess": "our decision not to carry out {assessment}",
    "no_plan": "our decision not to make an EHC plan",
    "final": "what the plan says of special educational needs (section B), of the special "
    "educational provision (section F), and of the school, other institution or type of it "
    "(section I), or that none is named",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Whom a family may turn to, with how they are reached, as the authority set them."""

    mediation_adviser: str
    disagreement_service: str
    information_service: str
    local_offer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a letter is made from, whoever it goes to."""

    kind: str
    authority: str
    authority_address: str
    services: Services
    calendar: WorkingDays
    reference: str
    forenames: str
    surname: str
    born: date | None
    is_young_person: bool
    day: date
    #: As a sentence names it: a child who has a plan is assessed again.
    assessment: str = "an EHC needs assessment"
    officer: str = ""
    officer_post: str = ""
    reasons: str = ""
    more: str = ""
    #: By when the case's own next step is owed, for what happens next.
    next_due: str = ""
    #: For a draft: the day on which it counts as served.
    served_on: date | None = None
    #: For what a limit is about: its words and its day.
    limit: str = ""
    limit_on: date | None = None
    expected_on: date | None = None
    #: The grounds of an exception, in words.
    grounds: str = ""
    #: The provision that lists the ground.
    lifted_under: str = ""
    #: For a consultation: whether the family asked for it, and what is asked besides.
    is_family_request: bool = False
    #: Whether section 38(3) lists it, so that the test of section 39(4) applies.
    is_listed: bool = False
    #: What is asked of a setting or an adviser, in words.
    asks: str = ""
    #: For a request for advice: by when, and why then.
    reply_by: date | None = None

    @property
    def child(self) -> str:
        """Return the child's name as given."""
        return f"{self.forenames} {self.surname}".strip()

    @property
    def you(self) -> str:
        """Return whose assessment it is, to the one who is written to."""
        return "you" if self.is_young_person else self.child


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Whom one copy of a letter goes to, as it names them."""

    name: str
    #: Empty where it is protected or not held: it is then written by hand on the envelope.
    address: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that a letter gives, why it is that day, and under which law."""

    words: str
    on: date
    because: str
    law: str


def values(facts: Facts, to: Addressed) -> dict[str, str]:
    """Return the value of every field of a kind of letter; those the law demands are never empty.

    Raises Unanswerable where a date cannot be worked out.
    """
    return {
        "authority": facts.authority,
        "authority_address": "\n".join(_lines(facts.authority_address)),
        "reference": facts.reference,
        "letter_date": spoken_date(facts.day),
        "to_name": to.name,
        "to_address": "\n".join(_lines(to.address)),
        "child": facts.child,
        "born": spoken_date(facts.born) if facts.born else "Not recorded",
        "initials": initials(facts.forenames, facts.surname),
        "birth_year": str(facts.born.year) if facts.born else "year not recorded",
        "officer": facts.officer,
        "officer_post": facts.officer_post,
        "next_steps": facts.next_due,
        "more": paragraphs(facts.more),
    } | {name: write(facts) for name, write in _BLOCKS[facts.kind].items()}


def dates(facts: Facts) -> list[Dated]:
    """Return the days that the letter gives, each with its reason. Raises as `values` does."""
    found: list[Dated] = []
    if facts.kind in _MATTERS:
        appeal, adviser = (
            _from_notice("appeal_window", facts),
            _from_notice("med_contact_2m", facts),
        )
        found = [
            _dated("Last day for the tribunal to receive an appeal", "appeal_window", appeal),
            _dated("Last day to contact the mediation adviser", "med_contact_2m", adviser),
        ]
    if facts.kind == "draft":
        window = _window(facts)
        found = [_dated("Last day for comments", "reps_15d_min", window)]
    return found


def initials(forenames: str, surname: str) -> str:
    """Return the first letter of each name, without points: "I I"."""
    return "".join(word[0].upper() for word in f"{forenames} {surname}".split())


def paragraphs(text: str) -> str:
    """Return typed text with each of its lines a paragraph."""
    return PARAGRAPH.join(line.strip() for line in text.splitlines() if line.strip())


def _lines(text: str) -> list[str]:
    """An address as lines, whether it was typed in lines or with commas."""
    parts = text.splitlines() if "\n" in text.strip() else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _dated(words: str, rule: str, answer: Due) -> Dated:
    return Dated(words, answer.on, answer.because, duty(rule).law)


def _from_notice(rule: str, facts: Facts) -> Due:
    return due(duty(rule), {"decision_notice_sent": facts.day}, facts.calendar)


def _window(facts: Facts) -> Due:
    assert facts.served_on is not None, "a draft has its day of service"
    return due(duty("reps_15d_min"), {"draft_served": facts.served_on}, facts.calendar)


def _say(*said: str) -> str:
    return PARAGRAPH.join(said)


def _appeal_right(facts: Facts) -> str:
    matters = _MATTERS[facts.kind].format(assessment=facts.assessment)
    return (
        "You have the right to appeal to the First-tier Tribunal (Special Educational Needs and "
        f"Disability) about {matters}. The tribunal is independent of us."
    )


def _appeal_time_limits(facts: Facts) -> str:
    last = _from_notice("appeal_window", facts)
    return _say(
        "The tribunal must receive your appeal within two months of the day on which this letter "
        "was sent, or within one month of the date on your mediation certificate, whichever is "
        f"later. This letter was sent on {spoken(facts.day)}, so the first of these two limits "
        f"ends at 5pm on {spoken(last.on)}.",
        "If you have a mediation certificate, count one month from its own date. If that day is "
        "later, you have until then.",
    )


def _mediation(facts: Facts) -> str:
    last = _from_notice("med_contact_2m", facts)
    no_need = (
        "You need no certificate if your appeal is only about the school, other institution or "
        "type of it that the plan names, or that it names none. "
        if facts.kind == "final"
        else ""
    )
    return _say(
        "You have the right to mediation, in which an independent person helps you and us to "
        "agree. It is free. You need not take part in it to appeal. Before you appeal you must "
        "speak to a mediation adviser, who tells you about mediation and gives you a certificate, "
        f"which the tribunal asks for. {no_need}".strip(),
        f"Contact the mediation adviser within two months of the day on which this letter was "
        f"sent: by {spoken(last.on)}. The mediation adviser is "
        f"{facts.services.mediation_adviser}.",
        "If you want mediation, tell the adviser so, and what it should be about. The adviser "
        "then tells us, and we must arrange it and take part in it. If you do not want it, the "
        "adviser gives you the certificate within three working days of your saying so. After "
        "mediation you get it within three working days of its end.",
    )


def _disagreement(facts: Facts) -> str:
    return (
        "At any time you may also use the disagreement resolution service, which is independent "
        f"of us and free: {facts.services.disagreement_service}. Using it does not stop or extend "
        "the time for an appeal."
    )


def _information(facts: Facts) -> str:
    return (
        "You can have free, impartial and confidential information, advice and support about "
        f"special educational needs from {facts.services.information_service}."
    )


def _reasons(facts: Facts) -> str:
    return paragraphs(facts.reasons)


_APPEAL: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        "appeal_right": _appeal_right,
        "appeal_time_limits": _appeal_time_limits,
        "mediation": _mediation,
        "disagreement_resolution": _disagreement,
        "information_service": _information,
    }
)


def _considering(facts: Facts) -> str:
    return (
        f"We are considering whether {facts.you} may need {facts.assessment}: an assessment of "
        "education, health and care (EHC) needs. Nothing is decided yet."
    )


def _views(facts: Facts) -> str:
    whose = "you" if facts.is_young_person else f"you and {facts.forenames or facts.child}"
    return (
        f"You have the right to tell us the views of {whose} and to send us evidence, in writing "
        "or by speaking to us. Please do so as soon as you can, so that we have it before we "
        "decide. You may send reports that you have, and tell us whom we should ask."
    )


def _will_assess(facts: Facts) -> str:
    return f"We have decided to carry out {facts.assessment} of {facts.you}."


def _will_not_assess(facts: Facts) -> str:
    return f"We have decided not to carry out {facts.assessment} of {facts.you}."


def _no_plan(facts: Facts) -> str:
    return (
        f"We have assessed the education, health and care needs of {facts.you}, and have decided "
        "that we will not make an EHC plan."
    )


def _last_day(facts: Facts) -> str:
    window = _window(facts)
    assert facts.served_on is not None, "the window begins with it"
    return (
        "You have at least 15 days to tell us what you think of the draft plan. They begin with "
        f"the day on which it counts as served, {spoken(facts.served_on)}, which is the first of "
        f"them. The last day for comments is {spoken(window.on)}. If you need longer, tell us "
        "before then."
    )


def _ask_for_school(facts: Facts) -> str:
    return (
        f"By {spoken(_window(facts).on)} you may ask us to name in the plan a particular school "
        "or other institution. The draft names none, and no type of one, because the law asks "
        "for your wish first. You may ask for a maintained school or nursery school, an academy, "
        "a further education college, a non-maintained special school, or an independent school "
        "or college approved under section 41. You may also ask for another independent school: "
        "we will then consider it."
    )


def _ask_for_meeting(facts: Facts) -> str:
    return (
        f"By {spoken(_window(facts).on)} you may also ask for a meeting with an officer of the "
        "authority about the draft. We will arrange it."
    )


def _find_schools(facts: Facts) -> str:
    return (
        "You can find out about the schools and colleges that there are in our local offer: "
        f"{facts.services.local_offer}."
    )


def _question(facts: Facts) -> str:
    besides = [paragraphs(facts.asks)] if facts.asks else []
    return _say(
        f"We are making an EHC plan for {facts.child} and consult you, as the law asks, on "
        "whether the plan should name you. The draft plan is sent with this letter. Please tell "
        "us whether you can make the provision in section F, and if you cannot, why.",
        *besides,
    )


def _test(facts: Facts) -> str:
    if not facts.is_family_request:
        return (
            "The family has not asked for you by name. Please say whether you could meet the "
            f"needs of {facts.child}, whether there is a place, and what it would take."
        )
    if not facts.is_listed:
        return (
            "The family has asked for you. You are not of a type that section 38(3) of the "
            "Children and Families Act 2014 lists, so the test of its section 39(4) does not "
            "apply: we consider the family’s wish with everything else. Please say whether you "
            f"would admit {facts.child}, whether you could meet their needs, and what it would "
            "take."
        )
    return (
        "The family has asked for you. We must name you unless you would be unsuitable for the "
        f"age, ability, aptitude or special educational needs of {facts.child}, or the attendance "
        "there would be incompatible with the efficient education of others or with the efficient "
        "use of resources. If you rely on one of these, please say which, with your evidence. "
        "Being full is not by itself a reason."
    )


def _setting_reply(_facts: Facts) -> str:
    return (
        "Please answer within 15 days of the day on which this letter reaches you. Weekends and "
        "school holidays count. We decide without your answer if there is none by then."
    )


def _final(facts: Facts) -> str:
    return (
        f"The EHC plan of {facts.child} is made, and is sent with this letter. It has effect from "
        "now on."
    )


def _limits_missed(facts: Facts) -> str:
    return (
        f"We will not meet this time limit: {facts.limit}. The law allows this where it is "
        f"impractical to meet it because {facts.grounds} ({facts.lifted_under}). That is so here."
    )


def _still_owed(_facts: Facts) -> str:
    return (
        "The exception does not stop our work. We go on as soon as practicable, and every other "
        "time limit stays as it is. We will tell you when the exception ends."
    )


def _limit_missed(facts: Facts) -> str:
    by = f", which is {spoken(facts.limit_on)}" if facts.limit_on else ""
    return f"We are sorry that we will miss a time limit: {facts.limit}{by}."


def _expected(facts: Facts) -> str:
    assert facts.expected_on is not None, "a holding letter says by when"
    return (
        f"We expect to have done it by {spoken(facts.expected_on)}. The time limit in law stays "
        "as it was, and so do your rights."
    )


def _asked_for(facts: Facts) -> str:
    besides = [paragraphs(facts.asks)] if facts.asks else []
    return _say(
        f"We are carrying out an EHC needs assessment of {facts.child} and ask for your advice "
        "about their needs, the outcomes that you would seek, and the provision that would meet "
        "them. Please be specific: who, what, how often and for how long.",
        *besides,
    )


def _advice_reply(facts: Facts) -> str:
    by = (
        f" We asked you before, so your answer is owed by {spoken(facts.reply_by)}."
        if facts.reply_by
        else ""
    )
    return f"Please answer within six weeks of the day on which our request reached you.{by}"


_ADVICE = {"asked_for": _asked_for, "reply_by": _advice_reply}
#: The parts that the law demands of each kind of letter, and who writes them.
_BLOCKS: Mapping[str, Mapping[str, Callable[[Facts], str]]] = MappingProxyType(
    {
        "considering": {"considering": _considering, "views_and_evidence": _views},
        "will_assess": {"decision": _will_assess},
        "will_not_assess": {"decision": _will_not_assess, "reasons": _reasons, **_APPEAL},
        "no_plan": {"decision": _no_plan, "reasons": _reasons, **_APPEAL},
        "draft": {
            "last_day_for_comments": _last_day,
            "ask_for_school": _ask_for_school,
            "ask_for_meeting": _ask_for_meeting,
            "find_schools": _find_schools,
        },
        "consultation": {"question": _question, "test": _test, "reply_by": _setting_reply},
        "final": {"decision": _final, **_APPEAL},
        "exception": {
            "limits_missed": _limits_missed,
            "reasons": _reasons,
            "still_owed": _still_owed,
        },
        "holding": {
            "limit_missed": _limit_missed,
            "reasons": _reasons,
            "expected": _expected,
            "information_service": _information,
        },
        "health_request": _ADVICE,
        "social_care_request": _ADVICE,
        "psychology_request": _ADVICE,
    }
)


def empty_parts(kind_parts: Sequence[str], filled: Mapping[str, str]) -> list[str]:
    """Return the demanded fields that say nothing."""
    return [name for name in kind_parts if not filled.get(name, "").strip()]
