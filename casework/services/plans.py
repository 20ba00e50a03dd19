"""A plan as it is written: each section saved whole as a new version, over nobody's head."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from casework import clock
from casework.extensions import db
from casework.models import Case, PlanSectionVersion
from casework.queries import history
from casework.rules.checking import closed_because
from casework.rules.history import standing_events
from casework.rules.plan_content import Section, written
from casework.rules.plan_sections import WRITTEN_SECTIONS
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused
from casework.services.protected_text import refuse_protected

#: Where a section was never saved.
NONE_YET = 0
Saving = tuple[Section, int]


class SectionChanged(Exception):
    """Somebody saved a section first. Nothing was saved; `section` is its letter."""

    def __init__(self, section: str) -> None:
        super().__init__("the section was saved meanwhile")
        self.section = section


def save(*, actor: Actor, case_id: int, sections: Sequence[Saving]) -> dict[str, int]:
    """Save sections of a case's plan, all or none, and commit; return the number each has now.

    With each goes the number of the version that the person had before them. The version of the
    case is not claimed: two authors of two sections never meet, and of one section the second is
    told. A section that says what is saved already is not saved again. Raises SectionChanged,
    Absent, and Refused where the section is not written before the final plan, the case is over,
    or a protected detail of the child's contacts stands in it: by "words" or "text_" with the id
    of the row.
    """
    if why := _refusal(case_id, sections):
        db.session.rollback()
        raise Refused({"words": why})
    for section, _ in sections:
        refuse_protected(actor, case_id, _texts(section))
    held = {section.key: _newest(case_id, section.key) for section, _ in sections}
    new = [one for one in sections if not _says(held[one[0].key], one[0])]
    for section, seen in new:
        if _number(held[section.key]) != seen:
            db.session.rollback()
            raise SectionChanged(section.key)
    for section, seen in new:
        _add(actor, case_id, section, seen + 1)
    audit_trail.record_all(actor, [_act(case_id, *one) for one in new])
    db.session.commit()
    changed = {section.key: seen + 1 for section, seen in new}
    return {key: _number(version) for key, version in held.items()} | changed


def _refusal(case_id: int, sections: Sequence[Saving]) -> str | None:
    if db.session.get(Case, case_id) is None:
        db.session.rollback()
        raise Absent
    if any(section.key not in WRITTEN_SECTIONS for section, _ in sections):
        return "Section I is named only in the final plan"
    if closed_because(standing_events(history.entered_events([case_id])[case_id])):
        return "This plan is no longer written here: it is final, or the case has ended"
    return None


def _texts(section: Section) -> dict[str, str]:
    """What is typed, by the box of the form that it is typed in; a row is told of as a whole."""
    rows = {
        f"text_{item.id}": "\n".join((item.text, item.by_whom, item.how_often, item.how_long))
        for item in section.items
    }
    return {"words": section.words} | rows


def _newest(case_id: int, key: str) -> PlanSectionVersion | None:
    of = PlanSectionVersion
    last = select(func.max(of.number)).where(of.case_id == case_id, of.section == key)
    return db.session.scalar(
        select(of).where(
            of.case_id == case_id, of.section == key, of.number == last.scalar_subquery()
        )
    )


def _number(version: PlanSectionVersion | None) -> int:
    return version.number if version else NONE_YET


def _says(version: PlanSectionVersion | None, section: Section) -> bool:
    """Whether it is saved in these words: nothing written is what a section begins with."""
    return version.content == written(section) if version else section.is_empty


def _add(actor: Actor, case_id: int, section: Section, number: int) -> None:
    db.session.add(
        PlanSectionVersion(
            case_id=case_id,
            section=section.key,
            number=number,
            content=written(section),
            saved_at=clock.now(),
            saved_by_id=actor.user_id,
        )
    )
    try:
        db.session.flush()
    except IntegrityError:  # on PostgreSQL two may have looked before either saved
        db.session.rollback()
        raise SectionChanged(section.key) from None


def _act(case_id: int, section: Section, seen: int) -> Act:
    """What the trail is told: never the words, which the version itself keeps."""
    return Act(
        action="saved section of plan",
        case_id=case_id,
        subject=f"section {section.key}",
        changes={"version": (seen or None, seen + 1)},
    )
