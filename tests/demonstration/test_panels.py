"""The demonstration's panels: everything that can become of a case or a meeting is there to see."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from casework.access import Viewer, seat_of
from casework.codes import DocumentKind, DocumentState
from casework.demonstration import agenda, load
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    Advice,
    AgendaItem,
    Attendance,
    Case,
    CaseEvent,
    DecisionCondition,
    DecisionEvidence,
    Document,
    Interest,
    Panel,
    PanelCirculation,
    PanelDecision,
    PanelMeeting,
    PanelMember,
    PanelPhrase,
    PanelRecord,
    PanelRecordDecision,
    PanelView,
    Paper,
    User,
)
from casework.queries import attendance, meetings
from casework.queries.indicators import figures
from casework.queries.papers import of_meeting as papers_of_meeting
from casework.rules.attendance import Guest, read
from casework.rules.civil_dates import london_date
from casework.rules.events import OVERTURNED
from casework.rules.indicators import Period
from casework.rules.panels import (
    QUESTIONS,
    Attended,
    Capacity,
    Handled,
    PanelAgency,
    Position,
    window,
)
from casework.services import deadlines, document_checks
from tests.factories import TODAY

HALF_A_YEAR = timedelta(weeks=26)


def column(attribute: object) -> set[object]:
    return set(db.session.scalars(select(attribute)))  # type: ignore[call-overload]


def ready_meeting() -> PanelMeeting:
    return db.session.scalars(select(PanelMeeting).where(PanelMeeting.on_day == TODAY)).one()


@pytest.mark.usefixtures("loaded")
def test_everything_that_can_become_of_a_case_at_a_panel_is_there_to_see() -> None:
    outcomes = {(q.key, outcome.key) for q in QUESTIONS.values() for outcome in q.outcomes}
    found = db.session.execute(select(PanelDecision.question, PanelDecision.decision)).all()
    decided = {(question, decision) for question, decision in found if decision}
    assert decided >= outcomes - {("reassess", "not_assess")}
    assert column(PanelDecision.handled) == {one.value for one in Handled}
    assert column(PanelDecision.capacity) == {one.value for one in Capacity}
    assert len(column(PanelDecision.question)) == len(QUESTIONS)
    for shown in (
        PanelDecision.advice != PanelDecision.decision,
        PanelDecision.replaces_id.is_not(None),
        PanelDecision.reconsiders_id.is_not(None),
        PanelDecision.missing.is_not(None),
        PanelDecision.differing_views.is_not(None),
        PanelDecision.cost_discussed.is_not(None),
        PanelDecision.carried_to_id.is_not(None),
        PanelDecision.item_id.is_(None),
        AgendaItem.carried_from_id.is_not(None),
        AgendaItem.note.is_not(None),
        DecisionCondition.due_on.is_not(None),
    ):
        assert db.session.scalar(select(func.count()).where(shown)), shown
    of_evidence = select(func.count(DecisionEvidence.decision_id.distinct()))
    with_outcome = select(func.count()).where(PanelDecision.decision.is_not(None))
    assert db.session.scalar(of_evidence) == db.session.scalar(with_outcome)


@pytest.mark.usefixtures("loaded")
def test_everything_that_can_become_of_a_meeting_is_there_to_see() -> None:
    assert column(Attendance.attended) == {one.value for one in Attended}
    positions = {one.value for one in Position} | {one.value for one in Guest}
    assert column(Attendance.position) == positions
    assert column(PanelMember.agency) == {one.value for one in PanelAgency}
    assert column(PanelMember.until_day) > {None}, "one left in mid-term"
    assert column(PanelRecord.is_quorate) == {True, False}
    assert column(PanelRecord.version) == {1, 2}
    assert column(PanelCirculation.kind) == {"agenda", "decisions"}
    cancelled = db.session.scalars(
        select(PanelMeeting).where(
            PanelMeeting.cancelled_at.is_not(None), PanelMeeting.on_day < TODAY
        )
    ).all()
    assert [one.on_day for one in cancelled] == [date(2026, 8, 31)]
    assert "bank holiday" in (cancelled[0].cancelled_why or "")
    assert db.session.scalar(select(func.count()).where(PanelMeeting.moved_from.is_not(None)))
    for panel in db.session.scalars(select(Panel)):
        of_panel = select(PanelMeeting.on_day).where(PanelMeeting.panel_id == panel.id)
        days = sorted(db.session.scalars(of_panel.where(PanelMeeting.cancelled_at.is_(None))))
        assert len([day for day in days if day < TODAY]) >= 25
        assert days[-1] > TODAY + HALF_A_YEAR - timedelta(days=8)
        assert all(england_and_wales().is_working_day(day) for day in days)
        for question in panel.question_keys:
            offered = select(PanelPhrase.outcome).where(
                PanelPhrase.panel_id == panel.id, PanelPhrase.question == question
            )
            keys = {outcome.key for outcome in QUESTIONS[question].outcomes}
            assert set(db.session.scalars(offered)) == keys


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_every_decision_is_a_fact_of_its_case_on_the_day_it_was_taken() -> None:
    replaced = aliased(PanelDecision)
    rows = db.session.execute(
        select(PanelDecision, CaseEvent)
        .outerjoin(CaseEvent, CaseEvent.decision_id == PanelDecision.id)
        .where(PanelDecision.handled == "decided")
    ).all()
    assert len(rows) > 120
    for decision, event in rows:
        assert event is not None, decision.id
        outcome = QUESTIONS[decision.question].outcome(decision.decision)
        assert (event.case_id, event.kind) == (decision.case_id, outcome.event)
        assert event.happened_on == decision.decided_on
        assert event.entered_by_id == decision.decided_by_id
    changed = select(PanelDecision.decision, replaced.decision).join(
        replaced, replaced.id == PanelDecision.replaces_id
    )
    assert all(new == old for new, old in db.session.execute(changed))
    assert deadlines.rebuild(mend=False).differing == ()


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_since_there_are_panels_nothing_was_decided_beside_them() -> None:
    first = db.session.scalar(select(func.min(PanelMeeting.on_day)))
    events = {outcome.event for q in QUESTIONS.values() for outcome in q.outcomes}
    beside = select(CaseEvent).where(
        CaseEvent.kind.in_(events),
        CaseEvent.happened_on >= first,
        CaseEvent.decision_id.is_(None),
        CaseEvent.doubt.is_(None),
    )
    assert db.session.scalars(beside).all() == []
    days = select(PanelMeeting.on_day, PanelDecision.decided_on).select_from(PanelDecision)
    at_meetings = days.join(AgendaItem).join(PanelMeeting)
    assert all(met == decided for met, decided in db.session.execute(at_meetings))


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_each_record_holds_every_case_of_its_meeting_and_the_quorum_it_says() -> None:
    for record in db.session.scalars(
        select(PanelRecord).where(PanelRecord.meeting_id.is_not(None))
    ):
        meeting = db.session.get_one(PanelMeeting, record.meeting_id)
        held = select(PanelDecision.item_id).join(
            PanelRecordDecision, PanelRecordDecision.decision_id == PanelDecision.id
        )
        items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)
        of_record = held.where(PanelRecordDecision.record_id == record.id)
        assert sorted(db.session.scalars(of_record)) == sorted(db.session.scalars(items))
        roll = attendance.roll(meeting, meetings.members_on(meeting.panel_id, meeting.on_day))
        assert {p.name for p in read(record.attendance).present} == {p.name for p in roll.present}
        assert read(record.attendance).quorum().is_met is record.is_quorate is roll.quorum().is_met
        signer = next(p for p in roll.present if p.user_id == record.signed_by_id)
        assert signer.position in ("chair", "deputy")
        assert london_date(record.signed_at) >= meeting.on_day


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_what_no_quorum_could_decide_went_to_the_next_meeting_or_to_an_officer() -> None:
    inquorate = select(PanelRecord.meeting_id).where(PanelRecord.is_quorate.is_(False))
    rows = db.session.execute(
        select(PanelDecision.handled, PanelDecision.capacity)
        .join(AgendaItem, AgendaItem.id == PanelDecision.item_id)
        .where(AgendaItem.meeting_id.in_(inquorate))
    ).all()
    assert ("deferred", "panel") in rows
    assert ("decided", "panel") not in rows


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_a_refusal_was_overturned_by_the_tribunal_and_another_by_a_second_look() -> None:
    refused = select(CaseEvent.case_id).join(
        PanelDecision, PanelDecision.id == CaseEvent.decision_id
    )
    by_panel = refused.where(PanelDecision.decision == "not_assess")
    undone = select(func.count()).where(
        CaseEvent.kind.in_(OVERTURNED), CaseEvent.case_id.in_(by_panel)
    )
    assert db.session.scalar(undone)
    earlier = aliased(PanelDecision)
    second_looks = db.session.execute(
        select(earlier.decision, PanelDecision.decision).join(
            earlier, earlier.id == PanelDecision.reconsiders_id
        )
    ).all()
    assert ("not_assess", "assess") in second_looks


@pytest.mark.usefixtures("loaded")
def test_a_meeting_waits_to_be_run_today_with_thirty_cases_read_by_some() -> None:
    meeting = ready_meeting()
    assert meeting.panel.name == "Assessment panel"
    items = db.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)).all()
    assert sorted(item.place for item in items) == list(range(1, 31))
    assert {item.question for item in items} <= set(meeting.panel.question_keys)
    assert any(item.carried_from_id for item in items)
    ids = [item.id for item in items]
    decided = select(func.count()).where(PanelDecision.item_id.in_(ids))
    assert db.session.scalar(decided) == 0
    assert db.session.scalar(select(func.count()).where(PanelView.item_id.in_(ids))) == 5
    interest = db.session.scalars(select(Interest)).one()
    assert interest.case_id in {item.case_id for item in items}
    head = db.session.scalars(select(User).where(User.email == "panel-member@example.org")).one()
    days = window(TODAY, england_and_wales(), opens_days=10, closes_days=5)
    db.session.rollback()
    seat = seat_of(Viewer(user_id=head.id, name=head.name, role=head.role), days)
    seen = [item for item in items if meetings.item(seat, meeting.id, item.public_id)]
    assert len(seen) == 29, "the pack is open to its members, but for the case of an interest"
    assert interest.user_id == head.id


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_each_case_on_its_agenda_has_papers_that_say_that_they_are_invented() -> None:
    on_agenda = select(AgendaItem.case_id).where(AgendaItem.meeting_id == ready_meeting().id)
    returned = select(Advice.document_id).where(Advice.document_id.is_not(None))
    plans = (DocumentKind.DRAFT_PLAN, DocumentKind.FINAL_PLAN)
    of_panel = select(Document).where(Document.id.not_in(returned), Document.kind.not_in(plans))
    papers = db.session.scalars(of_panel).all()
    of_case = Counter(paper.case_id for paper in papers)
    assert set(of_case) == set(db.session.scalars(on_agenda))
    assert min(of_case.values()) >= 1
    assert max(of_case.values()) == 5
    chosen = db.session.execute(
        select(AgendaItem.case_id, Paper.document_id)
        .join(Paper, Paper.item_id == AgendaItem.id)
        .where(AgendaItem.meeting_id == ready_meeting().id)
    )
    assert sorted(tuple(row) for row in chosen) == sorted(
        (paper.case_id, paper.id) for paper in papers
    )
    store = document_checks.store()
    contents = {store.read(paper.stored_as, paper.sha256) for paper in papers}
    for content in contents:
        (page,) = PdfReader(BytesIO(content)).pages
        assert "Invented for a demonstration. Nobody in it is real." in page.extract_text()
    assert {paper.state for paper in papers} == {DocumentState.CLEAN.value}
    assert all(paper.received_on <= london_date(paper.added_at) <= TODAY for paper in papers)


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_the_pack_of_the_meeting_that_waits_is_whole_and_one_paper_came_late() -> None:
    days = window(TODAY, england_and_wales(), opens_days=10, closes_days=5)
    clerk = seat_of(Viewer(user_id=0, name="Clerk", role="panel-clerk"), days)
    view = meetings.find(clerk, ready_meeting().public_id)
    assert view is not None
    items = papers_of_meeting(clerk, view)
    assert len(items) == 30
    assert all(line.may_be_read for item in items for line in item.papers)
    assert min(len(item.papers) for item in items) >= 1
    assert sum(line.is_late for item in items for line in item.papers) == 1


@pytest.mark.embedded
def test_a_load_that_fails_leaves_no_file_behind(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_given: object) -> None:
        assert any(file.is_file() for file in (tmp_path / "documents").rglob("*"))
        raise RuntimeError("half-way")

    monkeypatch.setattr(agenda, "_keep_views", fail)
    with app.app_context():
        with pytest.raises(RuntimeError, match="half-way"):
            load.load(today=TODAY, cases=1, seed=1)
        db.session.remove()
        assert not any(file.is_file() for file in (tmp_path / "documents").rglob("*"))


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_the_meeting_after_it_is_empty_and_cases_wait_for_it() -> None:
    following = meetings.following(ready_meeting().panel_id, TODAY)
    assert following is not None
    of_next = select(func.count()).where(AgendaItem.meeting_id == following.id)
    assert db.session.scalar(of_next) == 0
    sent = select(func.count()).where(PanelCirculation.meeting_id == following.id)
    assert db.session.scalar(sent) == 0
    on_agenda = select(AgendaItem.case_id).where(AgendaItem.meeting_id == ready_meeting().id)
    waiting = select(func.count()).where(
        Case.stage.in_(["received", "considering"]), Case.id.not_in(on_agenda)
    )
    assert db.session.scalar(waiting)
    assert db.session.scalar(select(func.count()).where(Case.stage == "assessing"))


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_the_figures_of_panels_say_something() -> None:
    db.session.rollback()
    found = figures(Period(TODAY - HALF_A_YEAR, TODAY))
    held, sent, came = (
        found[f"panel_{name}"].as_json() for name in ("held", "circulated", "attendance")
    )
    assert held["count"] >= 50
    assert held["cases_decided"] > 100
    assert held["deferred"] > 3
    assert 60 < sent["percent"] < 100
    assert 75 < came["percent"] < 100
    assert came["quorate"]["denominator"] - came["quorate"]["numerator"] == 1
    assert set(came["by_agency"]) == {one.value for one in PanelAgency}


@pytest.mark.embedded
@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2026, 11, 28), date(2027, 1, 1)])
def test_the_meeting_that_waits_is_on_the_last_working_day_whatever_the_day(
    app: Flask, today: date
) -> None:
    with app.app_context():
        load.load(today=today, cases=1, seed=1)
        ready = england_and_wales().on_or_before(today)
        items = select(func.count()).select_from(AgendaItem).join(PanelMeeting)
        assert db.session.scalar(items.where(PanelMeeting.on_day == ready)) == 30
