"""The demonstration's plans: written from advice, in several versions, some with gaps."""

import pytest
from sqlalchemy import func, select

from casework.access import EVERY_CASE
from casework.demonstration import load
from casework.extensions import db
from casework.models import Case, DraftServed, HealthAgreement, PlanEdition, PlanSectionVersion
from casework.queries import cases, final_plans, plans
from casework.queries.cases import CaseView
from casework.queries.plans import Plan
from casework.rules.plan_checks import findings
from casework.rules.plan_sections import WRITTEN_SECTIONS
from casework.services import document_checks
from tests.factories import TODAY


@pytest.fixture
def written(loaded: load.Loaded) -> list[Plan]:
    """Give the plans of what `casework demo` loads, in the application."""
    holding = select(PlanSectionVersion.case_id).distinct()
    found = db.session.scalars(select(Case.public_id).where(Case.id.in_(holding)))
    return [plan_of(public_id) for public_id in found.all()]


def plan_of(public_id: str) -> Plan:
    return plans.plan(view_of(public_id))


def view_of(public_id: str) -> CaseView:
    view = cases.view(EVERY_CASE, public_id, today=TODAY, soon_within=10)
    assert view is not None
    return view


@pytest.mark.embedded
def test_plans_in_every_way_of_being_written_are_there_to_see(written: list[Plan]) -> None:
    assert len(written) > 20
    versions = select(func.max(PlanSectionVersion.number))
    assert db.session.scalar(versions) == 3
    sections = set(db.session.scalars(select(PlanSectionVersion.section)))
    assert sections == {*WRITTEN_SECTIONS} - {"J"}
    saved = db.session.scalars(select(PlanSectionVersion.saved_at)).all()
    assert max(at.date() for at in saved) <= TODAY
    counts = [len(findings(plan.sections, plan.around)) for plan in written]
    assert min(counts) < 5 < 10 < max(counts), "some are nearly whole, and some full of gaps"
    assert not any(one.stops for p in written for one in findings(p.sections, p.around))


@pytest.mark.embedded
def test_health_agreed_some_as_they_stand_and_some_as_they_were(written: list[Plan]) -> None:
    agreed = [plan for plan in written if plan.agreements]
    assert len(agreed) == db.session.scalar(select(func.count()).select_from(HealthAgreement))
    assert {plan.around.is_health_agreed for plan in agreed} == {True, False}


@pytest.mark.embedded
def test_some_drafts_and_final_plans_were_made_here_and_are_at_each_step(
    written: list[Plan],
) -> None:
    drafts = db.session.scalars(select(DraftServed)).all()
    assert len(drafts) > 3
    assert all(one.edition and one.edition.pdf and one.edition.word for one in drafts)
    signed = db.session.scalars(select(PlanEdition).where(PlanEdition.is_final)).all()
    views = [view_of(db.session.get_one(Case, one.case_id).public_id) for one in signed]
    plans_signed = [final_plans.signed(view.case.id, view.entered) for view in views]
    sent = {
        final_plans.sent_words(final_plans.recipients(view.entered, plan))
        for view, plan in zip(views, plans_signed, strict=True)
    }
    assert {"Sent to 0 of 3", "Sent to all 3"} <= sent
    for view in views:
        prepared = final_plans.prepared(view)
        assert prepared.may_be_signed(TODAY), "no plan is signed while the family has its days"
    for one in signed:
        assert one.pdf is not None
        content = document_checks.store().read(one.pdf.stored_as, one.pdf.sha256)
        assert content.startswith(b"%PDF-")
