"""Whom a letter about one case goes to: its family, a setting, an adviser, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.models import Contact, Setting
from casework.queries import final_plans
from casework.queries.cases import CaseView
from casework.queries.consultations import Consultations, consultations
from casework.rules.advisers import SERVICES
from casework.rules.ages import is_young_person
from casework.rules.letters import LetterKind, To


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one recipient is asked: a setting about a place, an adviser for advice."""

    words: str = ""
    #: By when an adviser owes the answer.
    reply_by: date | None = None
    consultation_id: int | None = None
    is_family_request: bool = False
    #: Whether section 38(3) lists a setting that the family asked for.
    is_listed: bool = False


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
    asked: Asked = Asked()

    @property
    def lacks_address(self) -> bool:
        """Return whether none is printed for want of one; an adviser gets letters by email."""
        return not self.address and not self.is_protected and self.adviser_id is None


def recipients(view: CaseView, kind: LetterKind, chosen: Sequence[str]) -> list[Recipient]:
    """Return those a letter goes to; `chosen` are the keys of those picked from `to_choose`."""
    if kind.to is To.FAMILY:
        return family(view)
    return [one for one in to_choose(view, kind) if one.key in chosen]


def to_choose(view: CaseView, kind: LetterKind) -> list[Recipient]:
    """Return those of whom a letter may go to some: advisers who owe an answer, settings chosen
    and not asked yet. None for a letter to the family.
    """
    if kind.to is To.ADVISER:
        return _advisers(view, kind)
    if kind.to is To.SETTING:
        return _settings(consultations(view))
    return []


def family(view: CaseView) -> list[Recipient]:
    """Return the family as the law has it told: parents, or the young person over school age.

    A young person’s parents may be told too, and are not by themselves.
    """
    born, parents = view.person.date_of_birth, _parents(view)
    if born is None or not is_young_person(born, view.today):
        return [_contact(one, is_due=True) for one in parents]
    own = Recipient(key="self", name=view.name, role="Young person, in their own right")
    return [own, *(_contact(one, is_due=False) for one in parents)]


def wait_for_final_plan(view: CaseView) -> list[final_plans.Recipient]:
    """Return those who must be sent the signed plan and were not yet; none where none is signed."""
    plan = final_plans.signed(view.case.id, view.entered)
    if plan is None:
        return []
    return [one for one in final_plans.recipients(view.entered, plan) if one.sent_on is None]


def setting_address(setting: Setting) -> str:
    """Return a setting’s address as a letter prints it."""
    return "\n".join(part for part in (setting.address, setting.postcode) if part)


def _advisers(view: CaseView, kind: LetterKind) -> list[Recipient]:
    return [
        Recipient(
            key=line.adviser.public_id,
            name=line.words,
            role="Asked for advice",
            adviser_id=line.adviser.id,
            asked=Asked(
                words=line.adviser.asks or "",
                reply_by=line.limit.clock.due.on if line.limit else None,
            ),
        )
        for line in view.advice
        if line.is_outstanding and SERVICES[line.adviser.service].agency == kind.agency
    ]


def _settings(found: Consultations) -> list[Recipient]:
    listed = {line.request.setting_id: line.request.is_listed for line in found.requests}
    return [
        Recipient(
            key=line.consultation.public_id,
            name=line.words,
            role="Asked for by the family" if line.consultation.is_family_request else "Consulted",
            address=setting_address(line.setting),
            setting_id=line.setting.id,
            asked=Asked(
                words=line.consultation.asks,
                consultation_id=line.consultation.id,
                is_family_request=line.consultation.is_family_request,
                is_listed=listed.get(line.setting.id, False),
            ),
        )
        for line in found.chosen
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
