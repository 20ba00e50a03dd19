"""The plan of one case: the newest version of each of its sections, and those before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import Case, PlanSectionVersion, User
from casework.queries import health_agreements, plan_contributions
from casework.queries.cases import CaseView
from casework.queries.health_agreements import Agreed
from casework.rules.advisers import Agency
from casework.rules.plan_checks import Around
from casework.rules.plan_content import Section, read
from casework.rules.plan_sections import (
    ALL_SECTIONS,
    HEALTH_SECTIONS,
    SOCIAL_CARE_SECTIONS,
    PlanSection,
)
from casework.rules.school_years import year_group


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLine:
    """One section as it stands, with who saved it last; an empty one where nobody has."""

    section: PlanSection
    version: PlanSectionVersion | None
    content: Section

    @property
    def key(self) -> str:
        """Return the section's letter."""
        return self.section.key

    @property
    def number(self) -> int:
        """Return the number of its newest version; 0 where it was never saved."""
        return self.version.number if self.version else 0

    @property
    def by(self) -> str:
        """Return who saved it last."""
        saved_by = self.version.saved_by if self.version else None
        return saved_by.name if saved_by else "the command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan as it stands, and what the live check needs to know besides."""

    #: Every section but I, by its letter, in the plan's order.
    lines: Mapping[str, SectionLine]
    around: Around
    #: The agreements of section G that stand, the newest first.
    agreements: Sequence[Agreed]

    @property
    def sections(self) -> dict[str, Section]:
        """Return what is written, by the letters of the sections."""
        return {key: line.content for key, line in self.lines.items()}

    @property
    def versions(self) -> dict[str, PlanSectionVersion]:
        """Return the newest version of each section that was ever saved."""
        return {key: line.version for key, line in self.lines.items() if line.version}

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is written in any section."""
        return all(line.content.is_empty for line in self.lines.values())


def plan(view: CaseView) -> Plan:
    """Return the plan of a case as it stands. Four statements."""
    versions = newest_versions(view.case.id)
    held = as_sections(versions)
    agreements = health_agreements.agreements(view)
    health = versions.get("G")
    is_agreed = health is not None and any(a.version_id == health.id for a in agreements)
    born = view.person.date_of_birth
    return Plan(
        lines={
            key: SectionLine(
                section=section,
                version=versions.get(key),
                content=held.get(key, Section(key=key)),
            )
            for key, section in ALL_SECTIONS.items()
            if key != "I"
        },
        around=Around(
            has_health=_gave(view.case.id, Agency.HEALTH, HEALTH_SECTIONS),
            has_social_care=_gave(view.case.id, Agency.SOCIAL_CARE, SOCIAL_CARE_SECTIONS),
            year=year_group(born, view.today) if born else None,
            is_health_agreed=is_agreed,
        ),
        agreements=agreements,
    )


def newest_versions(case_id: int) -> dict[str, PlanSectionVersion]:
    """Return the newest version of each section that was ever saved, in the plan's order.

    One statement; each has the name of who saved it.
    """
    of = PlanSectionVersion
    newest = (
        select(of.section, func.max(of.number).label("number"))
        .where(of.case_id == case_id)
        .group_by(of.section)
        .subquery()
    )
    found = db.session.scalars(
        select(of)
        .join(newest, (newest.c.section == of.section) & (newest.c.number == of.number))
        .where(of.case_id == case_id)
        .options(joinedload(of.saved_by).load_only(User.name))
    )
    held = {version.section: version for version in found}
    return {key: held[key] for key in ALL_SECTIONS if key in held}


def versions_of(case_id: int, section: str) -> dict[int, PlanSectionVersion]:
    """Return every version of one section by its number, the newest first. One statement."""
    of = PlanSectionVersion
    found = db.session.scalars(
        select(of)
        .where(of.case_id == case_id, of.section == section)
        .options(joinedload(of.saved_by).load_only(User.name))
        .order_by(of.number.desc())
    )
    return {version.number: version for version in found}


def as_sections(versions: Mapping[str, PlanSectionVersion]) -> dict[str, Section]:
    """Return what the versions hold, by the letters of their sections."""
    return {key: read(key, version.content) for key, version in versions.items()}


def content(key: str, version: PlanSectionVersion | None) -> Section:
    """Return what a version holds; an empty section for none."""
    return read(key, version.content) if version else Section(key=key)


def _gave(case_id: int, agency: Agency, sections: Sequence[str]) -> bool:
    of_case = select(Case.id).where(Case.id == case_id)
    given = plan_contributions.first_given(agency, sections, of_case)
    return db.session.scalar(select(given.c.given_on)) is not None
