"""The final plan of one case: signed here or not, who is to be sent it, and who was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.codes import PlaceKind, SettingType
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import FinalPlan, PlanEdition, Setting
from casework.queries import consultations, editions, plans
from casework.queries.cases import CaseView
from casework.queries.consultations import Consultations
from casework.queries.entries import EventLine
from casework.rules.book import duty as find_duty
from casework.rules.consultations import State
from casework.rules.deadlines import Due, due
from casework.rules.events import RECIPIENTS
from casework.rules.history import (
    Happened,
    answered_in_full,
    draft_with_the_family,
    standing_events,
)
from casework.rules.plan_checks import Finding
from casework.rules.since_the_draft import Changed, since_the_draft

_WINDOW = find_duty("reps_15d_min")
_REQUESTED = "the family asks for it"
_UNANSWERED = {State.CHOSEN: "it was not asked yet", State.ASKED: "it has not answered"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of those who must be sent a final plan (SEND Regulations 2014, reg 13(2))."""

    key: str
    words: str
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class Signed:
    """The final plan that stands: signed, and not replaced by a later one."""

    edition: PlanEdition
    final: FinalPlan

    @property
    def names(self) -> str:
        """Return section I in words: the setting and its type, or the type alone."""
        if self.final.setting is None:
            return f"Type only: {self.final.setting_type}"
        kind = self.final.place_kind
        place = "" if kind in (None, PlaceKind.SCHOOL) else f", {PlaceKind(kind).words.lower()}"
        return f"{self.final.setting.name} ({self.final.setting_type}){place}"

    @property
    def codes(self) -> str:
        """Return how the SEN2 return names the place: its URN, else its UKPRN."""
        setting = self.final.setting
        if setting and setting.urn:
            return f"URN {setting.urn}"
        return f"UKPRN {setting.ukprn}" if setting and setting.ukprn else ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A setting that section I may well name: what was said of it, and the part that was meant."""

    setting: Setting
    words: str
    place_kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What stands before a signature: what the plan will say, and what speaks against signing."""

    #: Which versions of the sections these are; empty where nothing is written here.
    seen: str
    #: The day of the draft that the family has, and its days on it; None where none was served.
    served_on: date | None
    window: Due | None
    has_answered: bool
    #: None where the draft that the family has was not made here, so nothing can be compared.
    changed: list[Changed] | None
    offered: list[Offered]
    #: The latest decision about the placement, by a panel or an officer.
    placement: EventLine | None
    #: What the check finds wanting in the plan: advice, which stops nobody.
    wanting: Sequence[Finding]
    #: Where another child's name may stand: the letter of the section, and the words.
    others_named: list[tuple[str, str]]

    @property
    def unasked(self) -> list[Changed]:
        """Return the sections that the authority changed of its own accord since the draft."""
        return [one for one in self.changed or () if one.is_unasked]

    def may_be_signed(self, today: date) -> bool:
        """Return whether the family's days are over, or it said that it has no more to say."""
        if not self.seen or self.window is None or self.window.earliest is None:
            return False
        return self.has_answered or today >= self.window.earliest


def type_words(setting: Setting) -> str:
    """Return the type of a setting that the register has, in words; empty where it has none."""
    if setting.kind is None or setting.kind == SettingType.OTHER:
        return ""
    return SettingType(setting.kind).words


def signed(case_id: int, entered: Sequence[Happened]) -> Signed | None:
    """Return the final plan that stands, or None. No statement where none was ever signed."""
    standing = [e.id for e in standing_events(entered) if e.kind == "plan_signed"]
    if not standing:
        return None
    row = db.session.execute(
        select(PlanEdition, FinalPlan)
        .join(FinalPlan, FinalPlan.edition_id == PlanEdition.id)
        .where(PlanEdition.case_id == case_id, FinalPlan.event_id.in_(standing))
        .options(
            joinedload(FinalPlan.setting),
            joinedload(PlanEdition.pdf),
            joinedload(PlanEdition.word),
        )
        .order_by(PlanEdition.number.desc())
        .limit(1)
    ).first()
    return Signed(row.PlanEdition, row.FinalPlan) if row else None


def recipients(entered: Sequence[Happened], plan: Signed | None) -> list[Recipient]:
    """Return who must be sent the plan that stands, each with the day on which it was.

    A plan signed again is sent again: what was sent before it was another. No institution where
    section I names a type only.
    """
    events = standing_events(entered)
    names_none = any(event.kind == "no_institution_named" for event in events)
    if plan:
        names_none = plan.final.setting_id is None
    sent: dict[str, date] = {}
    for event in events:
        if event.kind == "final_plan_sent" and event.recipient and _is_of(plan, event, entered):
            sent.setdefault(event.recipient, event.on)
    needed = [key for key in RECIPIENTS if key != "institution" or not names_none]
    named = plan.final.setting.name if plan and plan.final.setting else RECIPIENTS["institution"]
    words = RECIPIENTS | {"institution": named}
    return [Recipient(key, words[key], sent.get(key)) for key in needed]


def earlier(case_id: int, plan: Signed | None) -> list[PlanEdition]:
    """Return the final plans that were signed before the one that stands, the newest first."""
    if plan is None:
        return []
    return [one for one in editions.finals(case_id) if one.id != plan.edition.id]


def family_rights(recipients: Sequence[Recipient]) -> list[tuple[str, Due]]:
    """Return the family's days once it was sent the plan: to ask about mediation, to appeal."""
    sent_on = next((one.sent_on for one in recipients if one.key == "family"), None)
    if sent_on is None:
        return []
    facts, calendar = {"decision_notice_sent": sent_on}, england_and_wales()
    return [
        (row.label, due(row, facts, calendar))
        for row in (find_duty("med_contact_2m"), find_duty("appeal_2m"))
    ]


def sent_words(recipients: Sequence[Recipient]) -> str:
    """Return how far the sending is, in words: "Sent to 2 of 3"."""
    done = sum(one.sent_on is not None for one in recipients)
    return (
        f"Sent to all {done}" if done == len(recipients) else f"Sent to {done} of {len(recipients)}"
    )


def prepared(view: CaseView) -> Prepared:
    """Return what stands before a signature, in a fixed number of statements."""
    plan = plans.plan(view)
    found = consultations.consultations(view)
    events = standing_events(view.entered)
    served_on = draft_with_the_family(events, view.today)
    served = editions.draft_with_the_family(view)
    changed = None
    if served and served.edition_id:
        before = editions.sections_of(served.edition_id)
        accepted = editions.accepted(view)
        changed = since_the_draft(before, plan.sections, accepted)
    return Prepared(
        seen=editions.written(plan.versions),
        served_on=served_on,
        window=due(_WINDOW, {"draft_served": served_on}, england_and_wales())
        if served_on
        else None,
        has_answered=answered_in_full(events, view.today),
        changed=changed,
        offered=_offered(found),
        placement=found.placement,
        wanting=editions.wanting(plan),
        others_named=editions.others_named(view.case.id, plan),
    )


def _offered(found: Consultations) -> list[Offered]:
    """The settings that the family asks for, then the others that were consulted."""
    asked = [one.request.setting for one in found.requests]
    offers = {one.id: Offered(one, f"{one.name}: {_REQUESTED}", None) for one in asked}
    for line in found.lines:
        if line.state is State.WITHDRAWN:
            continue
        setting = line.setting
        said = line.replies[0].outcome_words if line.replies else _UNANSWERED[line.state]
        is_requested = line.consultation.is_family_request or setting.id in offers
        why = [_REQUESTED] if is_requested else []
        words = f"{line.words}: {', '.join([*why, f'{said[0].lower()}{said[1:]}'])}"
        offers[setting.id] = Offered(setting, words, line.consultation.place_kind)
    return list(offers.values())


def _is_of(plan: Signed | None, sent: Happened, entered: Sequence[Happened]) -> bool:
    """Whether a sending was of the plan that stands, and not of one signed before it."""
    if plan is None:
        return True
    signed = plan.final.event_id
    if not any(event.kind == "plan_signed" and event.id < signed for event in entered):
        return sent.on >= plan.final.signed_on
    corrects = {event.id: event.corrects_id for event in entered}
    first = sent.id
    while (before := corrects.get(first)) is not None:
        first = before
    return first > signed
