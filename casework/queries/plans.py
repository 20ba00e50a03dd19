"""The plan of one case as it stands: the newest version of each of its sections."""

from collections.abc import Mapping

from sqlalchemy import func, select

from casework.extensions import db
from casework.models import PlanSectionVersion
from casework.rules.plan_content import Section, read
from casework.rules.plan_sections import ALL_SECTIONS


def newest_versions(case_id: int) -> dict[str, PlanSectionVersion]:
    """Return the newest version of each section that was ever saved, in the plan's order.

    One statement.
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
    )
    held = {version.section: version for version in found}
    return {key: held[key] for key in ALL_SECTIONS if key in held}


def as_sections(versions: Mapping[str, PlanSectionVersion]) -> dict[str, Section]:
    """Return what the versions hold, by the letters of their sections."""
    return {key: read(key, version.content) for key, version in versions.items()}
