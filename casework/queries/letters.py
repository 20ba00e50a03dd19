"""Letters of one case: those issued, those that may be issued now, and whom each goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from casework.extensions import db
from casework.models import Contact, Letter, User
from casework.queries import decisions_of_case
from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.rules.advisers import SERVICES
from casework.rules.ages import is_young_person
from casework.rules.civil_dates import spoken
from casework.rules.history import standing_events
from casework.rules.letters import LETTERS, LetterKind, To

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
    "final": "The final plan is not ready to be sent.",
    "exception": "No exception is approved that the family has not been told of.",
    "health_request": _NOBODY_ASKED,
    "social_care_request": _NOBODY_ASKED,
    "psychology_request": _NOBODY_ASKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One who a letter goes to, as the check screen shows them."""

    key: str
    name: str
    #: What they are to the child, in words.
    role: str
    #: Empty where it is not held; never one that is protected.
    address: str = ""
    is_protected: bool = False
    is_parental: bool = False
    #: Whether the law has the letter sent to them.
    is_due: bool = True
    contact_id: int | None = None
    setting_id: int | None = None
    adviser_id: int | None = None

    @property
    def lacks_address(self) -> bool:
        """Return whether they are a person and no address of theirs is held."""
        of_person = self.contact_id is not None or self.key == "self"
        return of_person and not self.address and not self.is_protected


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One of several things that a kind of letter may be about: an adviser, a setting asked."""

    key: str
    words: str


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
        return f"It follows another step, which is not recorded: {missing[0].replace('_', ' ')}."
    if kind.key in _NOTHING and not subjects(view, kind):
        return _NOTHING[kind.key]
    return ""


def subjects(view: CaseView, kind: LetterKind) -> list[Subject]:
    """Return what the letter may be about, of which one or more are chosen; empty for most."""
    if kind.to is To.ADVISER:
        return [
            Subject(key=line.adviser.public_id, words=line.words)
            for line in view.advice
            if line.is_outstanding and SERVICES[line.adviser.service].agency == kind.agency
        ]
    return []


def recipients(view: CaseView, kind: LetterKind, chosen: Sequence[str]) -> list[Recipient]:
    """Return those a letter goes to; `chosen` are the keys of what it is about."""
    if kind.to is To.ADVISER:
        return [
            Recipient(
                key=line.adviser.public_id,
                name=line.words,
                role="Asked for advice",
                adviser_id=line.adviser.id,
            )
            for line in view.advice
            if line.adviser.public_id in chosen and line.is_outstanding
        ]
    return family(view)


def family(view: CaseView) -> list[Recipient]:
    """Return the family as the law has it told: parents, or the young person over school age.

    A young person’s parents may be told too, and are not by themselves.
    """
    born, parents = view.person.date_of_birth, _parents(view)
    if born is None or not is_young_person(born, view.today):
        return [_contact(one, is_due=True) for one in parents]
    own = Recipient(key="self", name=view.name, role="Young person, in their own right")
    return [own, *(_contact(one, is_due=False) for one in parents)]


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


def limits_owed(view: CaseView) -> list[ClockLine]:
    """Return the case’s own limits that are still owed, for a letter that one will be missed."""
    return [
        line
        for line in view.own_clocks
        if line.clock.is_owed and not line.clock.duty.is_floor and not line.is_target
    ]


def _parents(view: CaseView) -> list[Contact]:
    return [
        one
        for one in view.person.contacts
        if one.has_parental_responsibility and one.ended_on is None
    ]


def _contact(one: Contact, *, is_due: bool) -> Recipient:
    return Recipient(
        key=one.public_id,
        name=one.name,
        role=one.relationship_to_child,
        address="" if one.address_is_protected else one.address or "",
        is_protected=one.address_is_protected,
        is_parental=one.has_parental_responsibility,
        is_due=is_due,
        contact_id=one.id,
    )
