"""The demonstration's advice: everything that can become of a request is there to see."""

from collections import Counter
from datetime import date, timedelta
from itertools import groupby

import pytest
from sqlalchemy import func, select

from casework.access import Role
from casework.codes import AdviceRoute, ContactPart, DocumentState, Found
from casework.demonstration import load
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceCheck,
    AdviceEntry,
    AdviceExpected,
    AdviceRelease,
    AdviceReuse,
    AdviceSample,
    AdviceScore,
    AdviceService,
    Adviser,
    Case,
    CaseEvent,
    Deadline,
    Document,
    Provider,
    ServiceContact,
    User,
)
from casework.queries.history import entered_events
from casework.rules import plan_sections
from casework.rules.advisers import SERVICES, Agency, services_of
from casework.rules.civil_dates import london_date
from casework.rules.clocks import ANY_ADVICE
from casework.rules.events import EVENTS
from casework.rules.history import objections, standing_events
from casework.rules.xmr import Reading, chart
from casework.services import document_checks
from tests.factories import TODAY

HEALTH = services_of(Agency.HEALTH)


def column(attribute: object) -> set[object]:
    return set(db.session.scalars(select(attribute)))  # type: ignore[call-overload]


def pairs(key: object, value: object) -> dict[int, int | None]:
    rows = db.session.execute(select(key, value))  # type: ignore[call-overload]
    return dict(rows.all())


def share(part: int, whole: int) -> float:
    assert whole
    return part / whole


def of_kind(kind: str) -> int:
    return db.session.scalar(select(func.count()).where(CaseEvent.kind == kind)) or 0


@pytest.mark.usefixtures("loaded")
def test_every_way_of_asking_and_answering_is_there_to_see() -> None:
    assert column(Advice.route) == {one.value for one in AdviceRoute} - {"post"}
    assert column(Advice.version) >= {1, 2}
    assert column(ServiceContact.part) == {one.value for one in ContactPart}
    for attribute in (
        *(AdviceScore.needs_found, AdviceScore.outcomes_smart),
        *(AdviceScore.provision_specific, AdviceScore.child_voice),
    ):
        assert column(attribute) >= {Found.YES.value}
    assert column(AdviceScore.outcomes_smart) == {one.value for one in Found}
    assert column(AdviceEntry.need_section) == set(plan_sections.NEED_SECTIONS)
    assert column(AdviceEntry.provision_section) == set(plan_sections.PROVISION_SECTIONS)
    assert column(Adviser.service) == set(SERVICES) - {"family", "other", "other_health"}
    assert column(AdviceRelease.is_granted) == {True, False, None}
    for shown in (
        Advice.child_voice == "",
        AdviceEntry.by_whom == "",
        AdviceExpected.expected_on > TODAY,
        AdviceReuse.family_agreed_on.is_not(None),
        Adviser.name.is_not(None),
        Adviser.asks.is_not(None),
        AdviceRelease.until_day >= TODAY,
        AdviceRelease.until_day < TODAY,
        Deadline.closed_on.is_not(None) & Deadline.duty.in_(ANY_ADVICE),
        Deadline.clock.like("adviser-%-2"),
    ):
        assert db.session.scalar(select(func.count()).where(shown)), shown


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_requests_are_followed_about_as_often_as_such_a_service_does() -> None:
    sent_back, accepted = of_kind("advice_sent_back"), of_kind("advice_accepted")
    assert 0.05 < share(sent_back, accepted + sent_back) < 0.12
    late = select(Deadline.late_cause).where(
        Deadline.duty.in_(ANY_ADVICE), Deadline.met_on > Deadline.due_on
    )
    causes = db.session.scalars(late).all()
    assert 0.75 < share(sum(cause is not None for cause in causes), len(causes)) < 0.95
    reached = select(CaseEvent.adviser_id).where(CaseEvent.kind == "advice_request_received")
    bound = select(func.count()).select_from(Adviser).where(Adviser.service.in_(HEALTH))
    of_these = db.session.scalar(bound.where(Adviser.id.in_(reached))) or 0
    assert share(of_these, db.session.scalar(bound) or 0) > 0.8


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_what_an_event_of_an_adviser_rests_on_came_before_it() -> None:
    cases = db.session.scalars(select(Case.id)).all()
    for events in entered_events(cases).values():
        stand = standing_events(events)
        for event in stand:
            if EVENTS[event.kind].needs_adviser:
                others = [other for other in stand if other is not event]
                assert objections(event, others) == []
    for model in (Advice, AdviceScore, AdviceSample, AdviceRelease):
        moment = {
            Advice: Advice.entered_at,
            AdviceScore: AdviceScore.scored_at,
            AdviceSample: AdviceSample.drawn_at,
            AdviceRelease: AdviceRelease.asked_at,
        }[model]
        assert all(london_date(at) <= TODAY for at in db.session.scalars(select(moment)))


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_advice_belongs_to_its_event_and_its_author_works_at_the_service() -> None:
    rows = db.session.execute(
        select(Advice, CaseEvent, Adviser)
        .join(CaseEvent, CaseEvent.id == Advice.event_id)
        .join(Adviser, Adviser.id == Advice.adviser_id)
        .order_by(Advice.adviser_id, Advice.version)
    ).all()
    entries = Counter(db.session.scalars(select(AdviceEntry.advice_id)))
    services = pairs(User.id, User.advice_service_id)
    for advice, event, adviser in rows:
        assert (event.kind, event.outcome) == ("advice_received", "advice")
        assert (event.case_id, event.adviser_id) == (advice.case_id, advice.adviser_id)
        assert bool(entries[advice.id]) != bool(advice.document_id)
        assert advice.sections.split() == list(plan_sections.in_order(advice.sections.split()))
        assert advice.written_on <= event.happened_on
        if advice.author_id:
            assert services[advice.author_id] == adviser.advice_service_id
    for _, versions in groupby(rows, key=lambda row: row[0].adviser_id):
        held = [(row[0].version, row[1].happened_on) for row in versions]
        assert [number for number, _ in held] == list(range(1, len(held) + 1))
        assert held == sorted(held, key=lambda one: one[1])
    checked = select(AdviceCheck.event_id, Advice.adviser_id).join(Advice)
    of_event = pairs(CaseEvent.id, CaseEvent.adviser_id)
    assert all(of_event[event] == adviser for event, adviser in db.session.execute(checked))


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_documents_of_advice_are_there_and_say_that_they_are_invented() -> None:
    held = db.session.scalars(
        select(Document).where(Document.id.in_(select(Advice.document_id)))
    ).all()
    assert 5 < len(held) < 30
    store = document_checks.store()
    for one in held:
        assert one.state == DocumentState.CLEAN
        assert store.read(one.stored_as, one.sha256).startswith(b"%PDF")


def weeks_lost(first: date) -> Counter[str]:
    """Return the days by which each health service was late since, in what fell due by today."""
    rows = db.session.execute(
        select(AdviceService.name, Deadline.due_on, Deadline.met_on)
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .join(AdviceService, AdviceService.id == Adviser.advice_service_id)
        .where(Deadline.due_on.between(first, TODAY), Deadline.closed_on.is_(None))
        .where(Adviser.service.in_(HEALTH))
    )
    lost: Counter[str] = Counter()
    for name, due_on, met_on in rows:
        lost[name] += max(0, ((met_on or TODAY) - due_on).days)
    return lost


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_three_services_plainly_cost_the_most_this_quarter_and_a_chart_shows_the_change() -> None:
    lost = weeks_lost(date(2026, 10, 1)).most_common()
    assert {name for name, _ in lost[:3]} == {
        *("Community paediatrics, Anyshire", "CAMHS, Anyshire", "Children’s occupational therapy")
    }
    assert lost[2][1] > 2 * lost[3][1], "by far"
    due = db.session.execute(
        select(Deadline.due_on, Deadline.met_on)
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .where(Adviser.service.in_(HEALTH), Deadline.closed_on.is_(None))
        .where(Deadline.due_on.between(date(2025, 5, 1), date(2026, 10, 31)))
        .order_by(Deadline.due_on)
    ).all()
    readings = []
    for month, months in groupby(due, key=lambda row: row[0].replace(day=1)):
        in_time = [met_on is not None and met_on <= due_on for due_on, met_on in months]
        readings.append(Reading(month.isoformat(), 100 * sum(in_time) / len(in_time)))
    signalled = [point for point in chart(readings).points[-4:] if point.is_special]
    assert signalled, readings


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_a_service_was_closed_and_renamed_last_spring_and_is_asked_no_more() -> None:
    closed = db.session.scalars(
        select(AdviceService).where(AdviceService.replaced_by_id.is_not(None))
    ).one()
    heir = db.session.get_one(AdviceService, closed.replaced_by_id)
    assert closed.until_day == date(2026, 3, 31)
    assert heir.from_day == date(2026, 4, 1)
    assert closed.kind == heir.kind
    asked = select(Deadline.asked_on, Adviser.advice_service_id).join(
        Adviser, Adviser.id == Deadline.adviser_id
    )
    rows = [row for row in db.session.execute(asked) if row[1] in (closed.id, heir.id)]
    assert {on <= closed.until_day for on, at in rows if at == closed.id} == {True}
    assert {on <= closed.until_day for on, at in rows if at == heir.id} == {False}
    speech = select(AdviceService).where(AdviceService.kind == closed.kind)
    assert len(db.session.scalars(speech).all()) == 3, "two by locality, and the closed one"
    assert len(column(Provider.name)) > 3


@pytest.mark.embedded
def test_members_of_services_sign_in_to_what_is_asked_of_them(loaded: load.Loaded) -> None:
    kinds = {}
    for sign_in in loaded.sign_ins:
        if sign_in.role != Role.SERVICE_MEMBER:
            assert not sign_in.service
            continue
        user = db.session.scalars(select(User).where(User.email == sign_in.email)).one()
        service = db.session.get_one(AdviceService, user.advice_service_id)
        assert service.name == sign_in.service
        waiting = (
            select(func.count())
            .select_from(Deadline)
            .join(Adviser, Adviser.id == Deadline.adviser_id)
            .where(Adviser.advice_service_id == service.id)
            .where(Deadline.met_on.is_(None), Deadline.closed_on.is_(None))
        )
        assert db.session.scalar(waiting), f"something to do for {service.name}"
        kinds[service.name] = service.kind
    assert Counter(kinds.values()) == {
        **dict.fromkeys(("speech_and_language",), 2),
        **dict.fromkeys(("occupational_therapy", "camhs", "educational_psychology"), 1),
        **dict.fromkeys(("social_care", "school"), 1),
    }


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_advice_of_each_of_the_last_months_is_sampled_and_scored_by_another() -> None:
    rows = db.session.execute(
        select(AdviceSample, Advice, CaseEvent.happened_on)
        .join(Advice, Advice.id == AdviceSample.advice_id)
        .join(CaseEvent, CaseEvent.id == Advice.event_id)
    ).all()
    months = {sample.month for sample, _, _ in rows}
    assert len(months) == 12
    assert max(months) == date(2026, 10, 1)
    assert all(on.replace(day=1) == sample.month for sample, _, on in rows)
    scored = pairs(AdviceScore.sample_id, AdviceScore.scored_by_id)
    assert 0.7 < share(len(scored), len(rows)) < 1
    assert all(
        scored.get(sample.id) != advice.author_id for sample, advice, _ in rows if advice.author_id
    )
    late = select(AdviceScore.scored_on).where(AdviceScore.scored_on > TODAY - timedelta(days=30))
    assert db.session.scalars(late).all(), "some lately"
