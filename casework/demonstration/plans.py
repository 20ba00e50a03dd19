"""Plans as they are being written: from the advice that was accepted, better version by version.

Some are left with gaps and with words that promise nothing, so that the check has much to find.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from casework.demonstration.cases import office_hour
from casework.demonstration.draw import Draw
from casework.demonstration.plan_contents import changed, first_draft, put_right
from casework.demonstration.returned import About, Kept
from casework.demonstration.roads import working_day
from casework.demonstration.rows import Row, put
from casework.demonstration.rows import keep as keep_rows
from casework.demonstration.words import plan_words
from casework.extensions import db
from casework.models import AdviceEntry, Case, CaseEvent, HealthAgreement, PlanSectionVersion
from casework.rules.plan_content import Section, written
from casework.rules.plan_from_advice import Advised

#: Plans have been written here for so long.
_KEPT = timedelta(days=300)
_ENDS = ("withdrawn", "moved_out", "no_plan_notice_sent")
_WRITTEN, _PUT_RIGHT, _CHANGED, _AGREED, _OF_EARLIER = 0.85, 0.7, 0.4, 0.6, 0.3


@dataclass(slots=True)
class _Plan:
    """One plan as it grows: what each section says now, and the rows of all its versions."""

    case_id: int
    officer_id: int | None
    sections: dict[str, Section]
    versions: list[Row]

    def save(self, draw: Draw, on: date, sections: Mapping[str, Section]) -> None:
        """Add a version of each of these sections."""
        for key, section in sections.items():
            number = sum(row["section"] == key for row in self.versions) + 1
            self.sections[key] = section
            self.versions.append(
                {
                    "case_id": self.case_id,
                    "section": key,
                    "number": number,
                    "content": written(section),
                    "saved_at": office_hour(draw, on),
                    "saved_by_id": self.officer_id,
                }
            )


@dataclass(frozen=True, slots=True)
class _Agreed:
    """An event about to be kept, and the version of section G that was agreed."""

    event: Row
    version_id: int
    agreed_by: str


def keep(draw: Draw, returned: Sequence[Kept], today: date) -> int:
    """Keep the plans of the cases in which one was decided on of late, and health's agreements.

    Returns how many events that made.
    """
    abouts = {one.asked.about.case_id: one.asked.about for one in returned}
    chosen = [about for about in abouts.values() if _decided(about, today)]
    officers = _officers(list(abouts))
    advice = _accepted(returned, {about.case_id for about in chosen})
    entries = _entries([one.id for found in advice.values() for one in found])
    agreed: list[_Agreed] = []
    for about in chosen:
        if draw.happens(_WRITTEN):
            plan = _Plan(about.case_id, officers[about.case_id], {}, [])
            days = list(_days(draw, about, today))
            _write(draw, plan, advice.get(about.case_id, []), entries, days)
            ids = keep_rows(PlanSectionVersion, plan.versions)
            agreed += _agreements(draw, plan, ids, today)
    _keep_agreements(agreed)
    return len(agreed)


def _decided(about: About, today: date) -> date | None:
    days = [step.on for step in about.steps if step.kind == "decided_to_issue"]
    is_over = any(step.kind in _ENDS for step in about.steps)
    return max(days) if days and not is_over and max(days) > today - _KEPT else None


def _officers(case_ids: Sequence[int]) -> dict[int, int | None]:
    held = select(Case.id, Case.officer_id).where(Case.id.in_(case_ids))
    return {row[0]: row[1] for row in db.session.execute(held)}


def _accepted(returned: Sequence[Kept], case_ids: set[int]) -> dict[int, list[Kept]]:
    """The newest advice of each adviser that was accepted, by case, the first that came first."""
    newest = {one.asked.id: one for one in sorted(returned, key=lambda one: (one.on, one.id))}
    found: dict[int, list[Kept]] = {}
    for one in sorted(newest.values(), key=lambda one: (one.on, one.id)):
        about = one.asked.about
        accepted = {s.service for s in about.steps if s.kind == "advice_accepted"}
        if about.case_id in case_ids and one.asked.kind in accepted:
            found.setdefault(about.case_id, []).append(one)
    return found


def _entries(advice_ids: Sequence[int]) -> dict[int, list[Advised]]:
    found: dict[int, list[Advised]] = {}
    asked = select(AdviceEntry).where(AdviceEntry.advice_id.in_(advice_ids))
    for entry in db.session.scalars(asked.order_by(AdviceEntry.advice_id, AdviceEntry.place)):
        found.setdefault(entry.advice_id, []).append(
            Advised(
                number=entry.id,
                need_section=entry.need_section,
                need=entry.need,
                outcome=entry.outcome,
                provision_section=entry.provision_section,
                provision=entry.provision,
                by_whom=entry.by_whom,
                how_often=entry.how_often,
            )
        )
    return found


def _days(draw: Draw, about: About, today: date) -> Iterator[date]:
    """The days on which the plan was written: first drafted, put right, changed after the draft."""
    decided = _decided(about, today)
    assert decided is not None, "only plans that were decided on are written"
    on = decided
    for least, most, chance in ((0, 2, 1.0), (1, 4, _PUT_RIGHT), (8, 20, _CHANGED)):
        on = working_day(on + draw.between(least, most))
        if on > today or not draw.happens(chance):
            return
        yield on


def _write(
    draw: Draw,
    plan: _Plan,
    advice: Sequence[Kept],
    entries: Mapping[int, list[Advised]],
    days: Sequence[date],
) -> None:
    advised = [entry for one in advice for entry in entries.get(one.id, [])]
    for number, on in enumerate(days):
        if number == 0:
            plan.save(draw, on, first_draft(draw, advice, advised))
        elif number == 1:
            plan.save(draw, on, put_right(draw, plan.sections))
        else:
            plan.save(draw, on, changed(draw, plan.sections))


def _agreements(draw: Draw, plan: _Plan, ids: Sequence[int], today: date) -> Iterator[_Agreed]:
    """That health agreed section G: as it stands, or a version that is to be agreed anew."""
    of_health = [
        (number, row)
        for number, row in zip(ids, plan.versions, strict=True)
        if row["section"] == "G"
    ]
    if not of_health or not draw.happens(_AGREED):
        return
    is_earlier = len(of_health) > 1 and draw.happens(_OF_EARLIER)
    version_id, row = of_health[-2 if is_earlier else -1]
    on = row["saved_at"].date()
    on = on if is_earlier else working_day(on + draw.between(1, 6))
    if on <= today:
        event = {
            "case_id": plan.case_id,
            "kind": "health_provision_agreed",
            "happened_on": on,
            "entered_at": office_hour(draw, on),
            "entered_by_id": plan.officer_id,
        }
        yield _Agreed(event, version_id, draw.choice(plan_words()["agreed_by"]))


def _keep_agreements(agreed: Sequence[_Agreed]) -> None:
    ids = keep_rows(CaseEvent, [one.event for one in agreed])
    rows = [
        {
            "event_id": number,
            "case_id": one.event["case_id"],
            "version_id": one.version_id,
            "agreed_by": one.agreed_by,
        }
        for number, one in zip(ids, agreed, strict=True)
    ]
    put(HealthAgreement, rows)
    cases = [row["case_id"] for row in rows]
    db.session.execute(update(Case).where(Case.id.in_(cases)).values(version=Case.version + 1))
