"""Letters of one case: those issued, those that may be issued now, and what each can say."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from casework.extensions import db
from casework.models import Letter, User
from casework.queries import decisions_of_case
from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.queries.exceptions import Course
from casework.queries.letter_recipients import to_choose, wait_for_final_plan
from casework.rules.civil_dates import spoken
from casework.rules.events import EVENTS
from casework.rules.history import standing_events
from casework.rules.letters import LETTERS, LetterKind

#: A letter that was issued, for pages, which name no tables.
Issued: TypeAlias = Letter

#: What is said of the next steps in each kind of letter: the limit's id, and the words.
_NEXT = {
    "considering": (
        ("assess_decision_6w", "We will tell you by {day} whether we will assess."),
        ("reassess_decision_15d", "We will tell you by {day} whether we will assess again."),
        ("det_decision_6w", "We will tell you by {day} whether we will assess."),
    ),
    "will_assess": (
        ("no_plan_16w", "If no plan is needed, we will tell you so by {day}."),
        ("final_20w", "If a plan is needed, you will have the final plan by {day}."),
        ("reassess_final_14w", "You will have the final plan by {day}."),
        ("det_final_20w", "If a plan is needed, you will have the final plan by {day}."),
    ),
    "draft": (
        ("final_20w", "You will have the final plan by {day}."),
        ("reassess_final_14w", "You will have the final plan by {day}."),
        ("det_final_20w", "You will have the final plan by {day}."),
    ),
}
#: The question whose recorded decision has the reasons of a kind of letter.
_QUESTIONS = {"will_not_assess": ("assess", "reassess"), "no_plan": ("issue",)}

_NOBODY_ASKED = "Nobody of this kind is asked for advice and still owes it. Ask for advice first."
#: What is said where there is nothing that a letter could be about.
_NOTHING = {
    "consultation": "No setting is chosen that was not consulted yet.",
    "health_request": _NOBODY_ASKED,
    "social_care_request": _NOBODY_ASKED,
    "psychology_request": _NOBODY_ASKED,
}


def issued(case_id: int) -> Sequence[Letter]:
    """Return the letters issued on a case, the newest first. Two statements."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.case_id == case_id)
        .options(
            joinedload(Letter.document),
            joinedload(Letter.template),
            joinedload(Letter.issued_by).load_only(User.name),
            selectinload(Letter.recipients),
        )
        .order_by(Letter.issued_at.desc(), Letter.id.desc())
    ).all()


def is_issued(case_id: int, public_id: str) -> bool:
    """Return whether a letter with this identifier was issued on the case."""
    found = select(Letter.id).where(Letter.case_id == case_id, Letter.public_id == public_id)
    return db.session.scalar(found) is not None


def may_be_issued(view: CaseView) -> list[LetterKind]:
    """Return the kinds of letter that may be issued on the case now, in the order of the road."""
    return [kind for kind in LETTERS.values() if not why_not(view, kind)]


def why_not(view: CaseView, kind: LetterKind) -> str:
    """Return why a kind of letter may not be issued now, in words; nothing where it may."""
    happened = {event.kind for event in standing_events(view.entered)}
    if view.stands.stage not in kind.stages:
        return f"The case is at “{view.stage_words}”, where this letter is not sent."
    if missing := [one for one in kind.after if one not in happened]:
        step = EVENTS[missing[0]].words
        return f"It follows another step, which is not recorded yet: {step[0].lower()}{step[1:]}."
    if kind.key == "final" and all(one.key != "family" for one in wait_for_final_plan(view)):
        return "The family was sent the final plan already."
    if kind.key == "exception" and not exceptions_to_tell(view):
        return "No exception is approved that the family has not been told of."
    if kind.key in _NOTHING and not to_choose(view, kind):
        return _NOTHING[kind.key]
    return ""


def reasons_recorded(view: CaseView, kind: LetterKind) -> str:
    """Return the reasons of the decision that the letter tells of, as they were recorded."""
    if kind.key not in _QUESTIONS:
        return ""
    panels = decisions_of_case.of_case(view)
    found = (panels.latest(question) for question in _QUESTIONS[kind.key])
    return next((one.decision.reasons for one in found if one), "")


def next_steps(view: CaseView, kind: LetterKind) -> str:
    """Return what happens next and by when, in words for a letter."""
    owed = {line.clock.duty.id: line.clock for line in view.own_clocks if line.clock.is_owed}
    said = [
        words.format(day=spoken(owed[rule].due.on))
        for rule, words in _NEXT.get(kind.key, ())
        if rule in owed and owed[rule].due.on >= view.today and not owed[rule].lifted_by
    ]
    return " ".join(said)


def exceptions_to_tell(view: CaseView) -> list[Course]:
    """Return the approved exceptions of which the family has not been told, the newest first.

    Only those whose ground and limits can be said.
    """
    return [
        one
        for one in view.exception_courses
        if one.is_to_be_told and one.limits and one.line.particulars.ground
    ]


def exception_to_tell(view: CaseView, proposal: str) -> Course | None:
    """Return the one with this proposal, by its id as a form has it, or None."""
    return next((one for one in exceptions_to_tell(view) if str(one.id) == proposal), None)


def limits_owed(view: CaseView) -> list[ClockLine]:
    """Return the case’s own limits that are still owed, for a letter that one will be missed."""
    return [
        line
        for line in view.own_clocks
        if line.clock.is_owed and not line.clock.duty.is_floor and not line.is_target
    ]
