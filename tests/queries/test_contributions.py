"""The dashboard's figures equal the indicators', the trackers' and a slow count of the facts."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.access import EVERY_CASE, Scope
from casework.clock import now
from casework.extensions import db
from casework.models import Adviser, Case, Interest
from casework.queries import contribution_cases, contributions, history
from casework.queries.contribution_cases import Asked
from casework.queries.indicators import figures
from casework.rules.advisers import SERVICES
from casework.rules.contributions import FIGURES, NOT_RECORDED, Tally, by_provider, together
from casework.rules.history import Happened, final_complete_on, standing_events
from casework.rules.indicators import ADVICE_OF, Period
from casework.rules.lateness import CAUSES, Whose
from casework.services import imports
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from casework.tracker.reading import read_tracker
from tests.factories import TODAY, log, make_case, make_user
from tests.fixtures.requests_for_advice import ask, invent
from tests.fixtures.services import make_service
from tests.fixtures.statements import counted

FOLDER = Path(__file__).parent.parent / "trackers"
SIX = timedelta(weeks=6)
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
QUARTER = Period(date(2025, 4, 1), date(2025, 6, 30))
LATE_AFTER = 7


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.parametrize("name", ["rbwm-2025", "west-berkshire-2024"])
def test_the_health_figures_of_a_councils_tracker_are_those_that_must_come_out(name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text())
    rows = read_tracker((FOLDER / f"{name}.xlsx").read_bytes(), f"{name}.xlsx", today=TODAY).rows
    imports.import_rows(actor=COMMAND_LINE, rows=rows, today=TODAY)
    year = Period(date(expected["year"], 1, 1), date(expected["year"], 12, 31))
    lines = contributions.by_service("health", year, LATE_AFTER)
    all_ = together(line.tally for line in lines)
    counted_ = {
        "health_due_in_year": all_.fell_due,
        "health_on_time": all_.on_time,
        "health_on_time_excluding_not_known": all_.on_time_with_advice,
        "health_not_known": all_.not_known + all_.no_advice_needed,
    }
    assert counted_ == {key: expected["counted"][key] for key in counted_}
    assert all_ == together(line.tally for line in by_provider(lines, "None"))


class Request:
    """One request for advice, read event by event; knows nothing of the deadlines stored."""

    def __init__(self, adviser: Adviser, asked: Sequence[Happened], case: Sequence[Happened]):
        self.adviser = adviser
        self.events = case
        self.asked = next(e.on for e in asked if e.kind == "advice_requested")
        reached = [e.on for e in asked if e.kind == "advice_request_received"]
        is_bound = SERVICES[adviser.service].is_bound
        self.start = reached[0] if reached and is_bound else self.asked
        self.due = self.start + SIX
        withdrawn = [e.on for e in asked if e.kind == "advice_request_withdrawn"]
        ended = [e.on for e in case if e.kind == "withdrawn"]
        answers = [e for e in asked if e.kind == "advice_received"]
        answer = answers[0] if answers and not withdrawn else None
        self.met = answer.on if answer else None
        self.met_as = answer.outcome if answer else None
        self.final = final_complete_on(case)
        stops = [*withdrawn, *ended, *([self.final] if self.final else [])]
        self.closed = None if self.met else min(stops, default=None)
        causes = [e.outcome for e in asked if e.kind == "advice_late_because"]
        self.cause = causes[-1] if causes else None
        self.sent_back = next((e.on for e in asked if e.kind == "advice_sent_back"), None)

    def fell_due(self, period: Period) -> bool:
        closed = self.closed is not None and self.closed <= self.due
        return period.first <= self.due <= period.last and not closed

    def fate(self, day: date) -> tuple[str, date]:
        """Return what became of it by a day, and until when it was waited for."""
        if self.met and self.met <= day:
            return ("on_time" if self.met <= self.due else "late"), self.met
        stops = [on for on in (self.closed, self.final) if on and on <= day]
        return ("stopped", min(stops)) if stops else ("outstanding", day)

    @property
    def is_asked_late(self) -> bool:
        told = [e.on for e in self.events if e.kind == "told_will_assess" and e.on <= self.asked]
        return bool(told) and (self.asked - max(told)).days > LATE_AFTER


def slow() -> list[Request]:
    advisers = {row.id: row for row in db.session.scalars(select(Adviser))}
    told = history.entered([row.id for row in db.session.scalars(select(Case))])
    found = []
    for entered in told.values():
        events = standing_events(entered.events)
        for adviser_id in entered.advisers:
            own = [e for e in events if e.adviser_id == adviser_id]
            if any(e.kind == "advice_requested" for e in own):
                found.append(Request(advisers[adviser_id], own, events))
    return found


def slow_tally(requests: Sequence[Request], period: Period) -> Tally:
    day = period.last
    due = [r for r in requests if r.fell_due(period)]
    fates = [r.fate(day) for r in due]
    days = sorted((r.met - r.start).days for r in due if r.met and r.met <= day)
    nil = [r for r in due if r.met_as in ("not_known", "no_advice_needed")]
    return Tally(
        asked=sum(period.first <= r.asked <= period.last for r in requests),
        fell_due=len(due),
        **{f: [fate for fate, _ in fates].count(f) for f in ("on_time", "late", "outstanding")},
        stopped=[fate for fate, _ in fates].count("stopped"),
        not_known=sum(r.met_as == "not_known" for r in nil),
        no_advice_needed=sum(r.met_as == "no_advice_needed" for r in nil),
        sent_back=sum(bool(r.sent_back and r.sent_back <= day) for r in due),
        asked_late=sum(r.is_asked_late for r in due),
        on_time_with_advice=sum(bool(r.met and r.met <= r.due and r not in nil) for r in due),
        days_lost=sum(
            max(0, (until - r.due).days) for r, (_, until) in zip(due, fates, strict=True)
        ),
        longest=max(
            ((until - r.start).days for r, (_, until) in zip(due, fates, strict=True)), default=None
        ),
        taken=tuple((took, days.count(took)) for took in sorted(set(days))),
    )


@pytest.mark.parametrize("agency", ["health", "social_care", "education"])
@pytest.mark.parametrize("period", [YEAR, QUARTER, Period(*[date(2025, 3, 3)] * 2)])
def test_the_figures_equal_a_slow_count_and_the_indicators(agency: str, period: Period) -> None:
    invent(random.Random(f"{agency}{period}"))
    requests = [r for r in slow() if SERVICES[r.adviser.service].agency == agency]
    lines = contributions.by_service(agency, period, LATE_AFTER)
    for line in lines:
        own = [r for r in requests if _key(r.adviser) == line.key]
        assert line.tally == slow_tally(own, period), line.name
    all_ = together(line.tally for line in lines)
    assert all_ == slow_tally(requests, period)
    assert all_.fell_due == all_.on_time + all_.late + all_.outstanding + all_.stopped
    indicator = next(name for name, of in ADVICE_OF.items() if of == agency)
    found = figures(period)[indicator].as_json()
    assert (all_.on_time, all_.fell_due) == (found["numerator"], found["denominator"])
    without = found["excluding_nil_returns"]
    assert all_.rate_without_nil.as_json() == without
    assert sum(line.tally.asked for line in by_provider(lines, "None")) == all_.asked
    if period == YEAR:
        assert min(all_.late, all_.outstanding, all_.stopped, all_.asked_late) > 0


def _key(adviser: Adviser) -> str:
    service = adviser.advice_service
    return service.public_id if service else f"kind-{adviser.service}"


def test_the_causes_of_lateness_equal_a_slow_count_and_add_up_to_the_weeks_lost() -> None:
    invent(random.Random(3))
    due = [r for r in slow() if SERVICES[r.adviser.service].agency == "health"]
    lost = [
        (r.cause, days)
        for r in due
        if r.fell_due(YEAR) and (days := (r.fate(YEAR.last)[1] - r.due).days) > 0
    ]
    found = {line.key: line for line in contributions.causes("health", YEAR, LATE_AFTER)}
    assert list(found) == [*Whose, NOT_RECORDED]
    for whose in Whose:
        own = [days for cause, days in lost if cause and CAUSES[cause].whose is whose]
        assert (found[whose].count, found[whose].days) == (len(own), sum(own))
    none = [days for cause, days in lost if cause is None]
    assert (found[NOT_RECORDED].count, found[NOT_RECORDED].days) == (len(none), sum(none))
    tally = together(line.tally for line in contributions.by_service("health", YEAR, LATE_AFTER))
    assert sum(line.days for line in found.values()) == tally.days_lost


def test_every_figure_opens_as_many_requests_as_it_counts() -> None:
    invent(random.Random(4))
    lines = contributions.by_service("health", YEAR, LATE_AFTER)
    all_ = together(line.tally for line in lines)
    for figure in set(FIGURES) - {"lost"}:
        found = behind(Asked(figure=figure))
        assert (found.total, found.seen) == (getattr(all_, figure),) * 2, figure
        for line in lines:
            own = behind(Asked(figure=figure, service=line.key))
            assert own.total == getattr(line.tally, figure), (figure, line.name)
    for line in by_provider(lines, "None"):
        assert behind(Asked(provider=line.key)).total == line.tally.fell_due
    lost = contributions.causes("health", YEAR, LATE_AFTER)
    for side in lost:
        assert behind(Asked(figure="lost", cause=side.key)).total == side.count
        for cause in side.parts:
            assert behind(Asked(figure="lost", cause=cause.key)).total == cause.count
    with pytest.raises(KeyError):
        behind(Asked(figure="no such figure"))


def behind(wanted: Asked, scope: Any = EVERY_CASE) -> contribution_cases.Behind:
    given = {"late_after": LATE_AFTER, "page": None}
    return contribution_cases.behind("health", YEAR, wanted, scope, **given)


def test_a_case_in_which_the_reader_has_an_interest_is_counted_and_not_listed() -> None:
    invent(random.Random(5), 20)
    reader = make_user("dco")
    whole = behind(Asked())
    hidden = whole.lines[0].public_id
    case = db.session.scalars(select(Case).where(Case.public_id == hidden)).one()
    declared = {"case_id": case.id, "user_id": reader.id, "nature": "Kin", "declared_at": now()}
    db.session.add(Interest(**declared))
    db.session.commit()
    scope = Scope(agencies=frozenset({"health"}), hidden_from=reader.id)
    found = behind(Asked(), scope)
    of_case = sum(line.public_id == hidden for line in whole.lines)
    assert (found.total, found.seen) == (whole.total, whole.total - of_case)
    assert hidden not in {line.public_id for line in found.lines}


def test_a_plan_has_any_advice_and_every_advice_asked_for_which_are_two_things() -> None:
    camhs, physio = make_service("camhs"), make_service("physiotherapy")
    asked, back, sent = date(2025, 1, 10), date(2025, 2, 10), date(2025, 5, 20)
    stories: list[tuple[list[tuple[str, date, str | None]], ...]] = [
        ([("advice_received", back, None)], [("advice_received", back, None)]),  # any, every
        ([("advice_received", back, None)], []),  # any
        ([("advice_received", back, "not_known")],),  # every, and no contribution
        ([],),  # neither
        (),  # nothing was asked: no part of "every"
    ]
    for number, story in enumerate(stories):
        case = make_case(date(2025, 1, 6), person={"forenames": f"Ida {number}"})
        log(case, NewEvent(kind="told_will_assess", on=date(2025, 1, 8)))
        for service, answers in zip((camhs, physio), story, strict=False):
            ask(case, service, asked, *answers)
        log(case, NewEvent(kind="draft_served", on=date(2025, 4, 1)))
        recipients = ("family", "institution", "health_body")
        log(case, *(NewEvent(kind="final_plan_sent", on=sent, recipient=r) for r in recipients))
    found = contributions.plans_issued("health", YEAR)
    assert (found.with_any.numerator, found.with_any.denominator) == (2, 5)
    assert (found.with_every.numerator, found.with_every.denominator) == (2, 4)
    indicator = figures(YEAR)["plans_with_health"].as_json()
    assert (indicator["numerator"], indicator["denominator"]) == (2, 5)
    for figure, total in (("plans_any", 5), ("plans_every", 4)):
        listed = contribution_cases.plans_behind("health", YEAR, figure, EVERY_CASE)
        assert (listed.total, len(listed.lines)) == (total, total)


def test_what_is_overdue_today_is_listed_oldest_first_with_whom_to_write_to() -> None:
    camhs, old = make_service("camhs"), make_service("physiotherapy")
    heir = make_service("physiotherapy", name="New physiotherapy")
    old.replaced_by_id, old.until_day = heir.id, date(2026, 8, 1)
    db.session.commit()
    for number, (service, on) in enumerate([(camhs, date(2026, 8, 3)), (old, date(2026, 7, 6))]):
        case = make_case(date(2026, 6, 1), person={"forenames": f"Ida {number}"})
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 6, 22)))
        ask(case, service, on)
    found = contribution_cases.overdue("health", TODAY, EVERY_CASE, late_after=LATE_AFTER)
    assert [line.service for line in found.lines] == ["Physiotherapy team", "Camhs team"]
    assert [line.days_lost for line in found.lines] == [98, 70]
    assert found.lines[0].contacts[0].email == "lead.new.physiotherapy@example.org"
    outstanding = figures(Period(TODAY, TODAY))["advice_outstanding"].as_json()
    assert outstanding["count"] == found.total == 2
    assert not contribution_cases.overdue(
        "social_care", TODAY, EVERY_CASE, late_after=LATE_AFTER
    ).total


def test_the_number_of_statements_does_not_grow_with_the_cases(app: Flask) -> None:
    def statements() -> int:
        with counted(app) as sent:
            contributions.by_service("health", YEAR, LATE_AFTER)
            contributions.causes("health", YEAR, LATE_AFTER)
            contributions.plans_issued("health", YEAR)
            contribution_cases.overdue("health", TODAY, EVERY_CASE, late_after=LATE_AFTER)
            behind(Asked())
        return len([one for one in sent if one.startswith(("SELECT", "WITH"))])

    invent(random.Random(6), 5)
    few = statements()
    deadlines_before = db.session.query(Case).count()
    chance = random.Random(7)
    for number in range(30):
        case = make_case(date(2025, 1, 6), person={"forenames": f"More {number}"})
        log(case, NewEvent(kind="told_will_assess", on=date(2025, 1, 8)))
        service = db.session.get_one(Adviser, chance.randrange(1, 4)).advice_service
        if service:
            ask(case, service, date(2025, 1, 10))
    assert db.session.query(Case).count() > deadlines_before
    assert statements() == few <= 12
