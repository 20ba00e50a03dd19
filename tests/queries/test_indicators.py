"""The figures equal the published ones, and a slow count of the same facts, on both databases."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import now
from casework.codes import RequestSource
from casework.extensions import db
from casework.models import Case, CaseEvent, CaseEventException, Person
from casework.queries import history
from casework.queries.indicators import by_month, figures
from casework.rules.advisers import SERVICES
from casework.rules.figures import Figure
from casework.rules.history import Happened, final_complete_on, standing_events, standpoint
from casework.rules.indicators import INDICATORS, OF_INFORMING, OF_PANELS, OF_SAMPLES, Period
from casework.services import deadlines, imports
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from casework.tracker.reading import read_tracker
from casework.tracker.rows import TrackerRow
from casework.tracker.words import HealthOutcome
from tests.factories import TODAY, log, make_case

FOLDER = Path(__file__).parent.parent / "trackers"
SIX, SIXTEEN, TWENTY = (timedelta(weeks=weeks) for weeks in (6, 16, 20))
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def bring_in(rows: Sequence[TrackerRow]) -> None:
    imports.import_rows(actor=COMMAND_LINE, rows=rows, today=TODAY)


def as_json(found: dict[str, Figure]) -> dict[str, Any]:
    return {name: figure.as_json() for name, figure in found.items()}


@pytest.mark.parametrize("name", ["rbwm-2025", "west-berkshire-2024"])
def test_the_figures_of_a_councils_tracker_are_those_that_must_come_out(name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text())
    content = (FOLDER / f"{name}.xlsx").read_bytes()
    bring_in(read_tracker(content, f"{name}.xlsx", today=TODAY).rows)
    year = expected["year"]
    found = as_json(figures(Period(date(year, 1, 1), date(year, 12, 31))))
    health, without_nil = (
        found["health_advice_6w"],
        found["health_advice_6w"]["excluding_nil_returns"],
    )
    counted = {
        "plans_inc": found["plans_20w_inc"]["denominator"],
        "plans_exc": found["plans_20w_exc"]["denominator"],
        "within_20w_inc": found["plans_20w_inc"]["numerator"],
        "within_20w_exc": found["plans_20w_exc"]["numerator"],
        "over_52w_inc": found["weeks_to_plan"]["over_52"],
        "requests_received_in_year": found["requests_received"]["count"],
        "decisions_in_year": found["decision_6w"]["denominator"],
        "decisions_within_6w": found["decision_6w"]["numerator"],
        "no_plan_in_year": found["no_plan_16w"]["denominator"],
        "no_plan_within_16w": found["no_plan_16w"]["numerator"],
        "health_due_in_year": health["denominator"],
        "health_on_time": health["numerator"],
        "health_on_time_excluding_not_known": without_nil["numerator"],
        "health_not_known": health["denominator"] - without_nil["denominator"],
        "school_requests_in_year": found["graduated_approach"]["denominator"],
        "school_requests_graduated": found["graduated_approach"]["numerator"],
    }
    assert counted == expected["counted"]
    published = expected["published"]
    assert found["plans_20w_inc"]["percent"] == published["pct_within_20w_inc"]
    assert found["plans_20w_exc"]["percent"] == published["pct_within_20w_exc"]
    marked = published["plans_inc_exceptions"] - published["plans_exc_exceptions"]
    assert found["exceptions_share"]["numerator"] == marked


def test_every_indicator_of_the_plan_is_there_and_what_is_not_collected_says_so() -> None:
    found = as_json(figures(YEAR))
    assert list(found) == list(INDICATORS)
    for name, row in INDICATORS.items():
        # There is no panel here, nothing was sampled, and nobody recorded whom they told.
        answered = row.is_collected and name not in OF_PANELS | OF_SAMPLES | OF_INFORMING
        assert (found[name] == {"status": "not collected"}) is not answered
    assert found["requests_received"]["count"] == 0
    assert found["plans_20w_inc"] == {"numerator": 0, "denominator": 0, "percent": None}
    assert found["open_over_20w"] == {"count": 0, "oldest_weeks": None}


def _some(chance: random.Random, start: date, within: int, how_often: float) -> date | None:
    if chance.random() > how_often:
        return None
    return start + timedelta(days=chance.randrange(-3, within))


def _invented(line: int, chance: random.Random) -> TrackerRow:
    start = date(2024, 6, 1) + timedelta(days=chance.randrange(600))
    health_asked = _some(chance, start, 60, 0.6)
    return TrackerRow(
        line=line,
        surname="Invented",
        forename=f"Ida {line}",
        date_of_birth=date(2014, 1, 1) + timedelta(days=chance.randrange(3600)),
        setting=chance.choice(["Elm School", "Oak School", ""]),
        request_received=start,
        request_source=chance.choice([None, *RequestSource]),
        graduated_approach=chance.choice([None, True, False]),
        decision_to_assess=chance.choice([None, True, True, False]),
        assess_decision_sent=_some(chance, start, 60, 0.8),
        health_service=chance.choice(["CAMHS", "Physio", "Orthoptics"]),
        health_requested=health_asked,
        health_received=_some(chance, health_asked or start, 70, 0.7),
        health_outcome=chance.choice([None, *HealthOutcome]),
        social_care_requested=_some(chance, start, 60, 0.4),
        ep_requested=_some(chance, start, 60, 0.4),
        ep_received=_some(chance, start, 120, 0.4),
        issue_plan=chance.choice([None, True, False]),
        no_plan_notice_sent=_some(chance, start, 150, 0.15),
        draft_served=_some(chance, start, 150, 0.5),
        final_plan_sent=_some(chance, start + timedelta(days=20), 420, 0.5),
        exception=chance.random() < 0.2,
        exception_reason=chance.choice(["family abroad 5 weeks", "staffing"]),
        withdrawn=chance.random() < 0.1,
        withdrawn_on=_some(chance, start, 200, 0.1),
    )


def _disturb(chance: random.Random) -> None:
    """Add what a tracker never says: refusals overturned, entries put right and struck out."""
    more: list[CaseEvent] = []
    events = db.session.scalars(select(CaseEvent).order_by(CaseEvent.id)).all()
    for event in events:
        given: dict[str, Any] = {"case_id": event.case_id, "entered_at": now()}
        if event.kind == "told_will_not_assess" and chance.random() < 0.5:
            on = event.happened_on + timedelta(days=chance.randrange(90))
            undone = ("ordered_to_assess", "agreed_to_assess", "told_will_assess")
            kind = chance.choice([*undone, "decided_to_assess"])
            more.append(CaseEvent(kind=kind, happened_on=on, **given))
        elif event.kind == "no_plan_notice_sent" and chance.random() < 0.5:
            on = event.happened_on + timedelta(days=chance.randrange(90))
            kind = chance.choice(["ordered_to_make_plan", "draft_served", "decided_to_issue"])
            more.append(CaseEvent(kind=kind, happened_on=on, **given))
        elif chance.random() < 0.05:
            on = event.happened_on + timedelta(days=chance.randrange(-20, 20))
            is_start = event.kind in ("request_received", "became_responsible")
            struck = not is_start and chance.random() < 0.5
            if event.kind == "exception_recorded":
                struck = True
            more.append(
                CaseEvent(
                    kind="struck_out" if struck else event.kind,
                    happened_on=on,
                    corrects_id=event.id,
                    adviser_id=event.adviser_id,
                    recipient=event.recipient,
                    outcome=event.outcome,
                    **given,
                )
            )
    db.session.add_all(more)
    db.session.flush()
    deadlines.refresh(db.session.scalars(select(Case.id)).all())
    db.session.commit()


class Slow:
    """One case, read event by event; knows nothing of the deadlines that are stored."""

    def __init__(self, case: Case, entered: Sequence[Happened], services: dict[int, str]) -> None:
        self.case = case
        self.events = standing_events(entered)
        self.services = services
        self.start = min(e.on for e in self.events if e.kind in STARTS)

    def first(self, *kinds: str) -> date | None:
        return min((e.on for e in self.events if e.kind in kinds), default=None)

    def up_to(self, day: date) -> list[Happened]:
        return [e for e in self.events if e.on <= day]

    @property
    def final(self) -> date | None:
        return final_complete_on(self.events)

    @property
    def is_excepted(self) -> bool:
        return any(e.kind == "exception_recorded" for e in self.events)

    def is_open(self, day: date) -> bool:
        past = self.up_to(day)
        return standpoint(past).ended_on is None and final_complete_on(past) is None

    def health(self) -> Iterator[tuple[date, date | None, str | None]]:
        """Yield (due, answered, as) for each health body asked."""
        for adviser, service in self.services.items():
            own = [e for e in self.events if e.adviser_id == adviser]
            asked = next((e.on for e in own if e.kind == "advice_requested"), None)
            answer = next((e for e in own if e.kind == "advice_received"), None)
            if asked and SERVICES[service].agency == "health":
                due = asked + SIX
                yield due, answer.on if answer else None, answer.outcome if answer else None


STARTS = ("request_received", "became_responsible")


def _rate(found: Sequence[bool]) -> dict[str, Any]:
    tenths = (2000 * sum(found) + len(found)) // (2 * len(found)) if found else None
    percent = None if tenths is None else tenths / 10
    return {"numerator": sum(found), "denominator": len(found), "percent": percent}


def _slow_cases() -> list[Slow]:
    cases = db.session.scalars(select(Case).order_by(Case.id)).all()
    ids = [case.id for case in cases]
    told = history.entered(ids)
    return [Slow(case, told[case.id].events, told[case.id].advisers) for case in cases]


@pytest.mark.parametrize(
    "period", [YEAR, Period(date(2024, 6, 1), date(2026, 6, 1)), Period(*[date(2025, 3, 31)] * 2)]
)
def test_the_figures_equal_a_slow_count_over_the_events(period: Period) -> None:
    chance = random.Random(20)
    bring_in([_invented(line, chance) for line in range(350)])
    _disturb(chance)
    cases, found = _slow_cases(), as_json(figures(period))

    def falls(day: date | None) -> bool:
        return day is not None and period.first <= day <= period.last

    def rate(step: Any, limit: timedelta, among: Sequence[Slow] = cases) -> dict[str, Any]:
        taken = [(c, step(c)) for c in among]
        return _rate([day <= c.start + limit for c, day in taken if day and falls(day)])

    def told(c: Slow) -> date | None:
        return c.first("told_will_assess", "told_will_not_assess")

    requests = [c for c in cases if falls(c.start)]
    schools = [c for c in requests if c.case.source == "2"]
    plans = [c for c in cases if falls(c.final)]
    young = [
        c
        for c in requests
        if (born := db.session.get_one(Person, c.case.person_id).date_of_birth)
        and c.start < date(born.year + 5, born.month, born.day if born.month != 2 else 28)
    ]
    assert found["requests_received"]["count"] == len(requests)
    assert sum(found["requests_received"]["by_setting"].values()) == len(requests)
    assert sum(found["requests_received"]["by_school_year"].values()) == len(requests)
    assert found["requests_received"]["under_5s"] == len(young)
    assert found["decision_6w"] == rate(told, SIX)
    assert found["no_plan_16w"] == rate(lambda c: c.first("no_plan_notice_sent"), SIXTEEN)
    assert found["plans_20w_inc"] == rate(lambda c: c.final, TWENTY)
    unexcepted = [c for c in cases if not c.is_excepted]
    assert found["plans_20w_exc"] == rate(lambda c: c.final, TWENTY, unexcepted)
    assert found["exceptions_share"] == _rate([c.is_excepted for c in plans])
    assert found["graduated_approach"] == _rate(
        [c.case.graduated_approach is True for c in schools]
    )
    over = [c for c in plans if c.final and c.final > c.start + timedelta(weeks=52)]
    assert found["weeks_to_plan"]["over_52"] == len(over)
    late = [c for c in cases if c.start + TWENTY < period.last and c.is_open(period.last)]
    oldest = max(((period.last - c.start).days for c in late), default=0)
    assert found["open_over_20w"]["count"] == len(late)
    assert found["open_over_20w"]["oldest_weeks"] == (pytest.approx(oldest / 7, abs=0.051))
    assert len(late) > 20


def test_health_advice_is_counted_by_the_day_it_fell_due_and_by_service() -> None:
    asked, due = date(2025, 1, 6), date(2025, 2, 17)

    def row(line: int, service: str, received: date | None, **more: Any) -> TrackerRow:
        given = {"surname": "Invented", "forename": f"Ida {line}", "health_requested": asked}
        given |= {"request_received": asked, "health_service": service, "health_received": received}
        return TrackerRow(line=line, **given | more)

    not_known = {"health_outcome": HealthOutcome.NOT_KNOWN}
    day = timedelta(days=1)
    bring_in(
        [
            row(1, "CAMHS", due),
            row(2, "CAMHS", due + day),
            row(3, "Physio", due - day, **not_known),
            row(4, "Physio", due + day, **not_known),
            row(5, "Physio", None),
            row(6, "Physio", None, withdrawn=True, withdrawn_on=due),  # so it never fell due
            row(7, "Physio", None, withdrawn=True, withdrawn_on=due + day),
        ]
    )
    found = figures(Period(due, due))["health_advice_6w"].as_json()
    assert (found["numerator"], found["denominator"]) == (2, 6)
    assert found["excluding_nil_returns"] == {"numerator": 1, "denominator": 4, "percent": 25.0}
    assert found["by_service"]["camhs"] == {"numerator": 1, "denominator": 2, "percent": 50.0}
    assert found["by_service"]["physiotherapy"]["denominator"] == 4
    assert figures(Period(due + day, due + day))["health_advice_6w"].as_json()["denominator"] == 0
    waiting = figures(Period(due, due + day))["advice_outstanding"].as_json()
    assert waiting == {"count": 1, "oldest_weeks": 6.1}  # row 5; row 7 had been withdrawn by then


def test_a_plan_that_followed_an_appeal_is_in_and_can_be_left_out() -> None:
    case = make_case(date(2025, 1, 6))
    log(case, NewEvent(kind="told_will_not_assess", on=date(2025, 2, 3)))
    log(case, NewEvent(kind="ordered_to_assess", on=date(2025, 5, 5)))
    log(case, NewEvent(kind="told_will_assess", on=date(2025, 5, 12)))
    log(case, NewEvent(kind="draft_served", on=date(2025, 7, 1)))
    sent = [
        NewEvent(kind="final_plan_sent", on=date(2025, 8, 1), recipient=r)
        for r in ("family", "institution", "health_body")
    ]
    log(case, *sent)
    assert figures(YEAR)["plans_20w_inc"].as_json()["denominator"] == 1
    without = figures(YEAR, leave_out_overturned=True)
    assert without["plans_20w_inc"].as_json()["denominator"] == 0
    assert without["weeks_to_plan"].as_json()["mean"] is None
    assert figures(YEAR)["decision_6w"].as_json()["percent"] == 100.0


#: (refusal, what came after it, by how many days; whether the assessment is open again)
AFTER_A_REFUSAL = (
    ("told_will_not_assess", [], False),
    ("told_will_not_assess", [("decided_to_assess", -20)], False),
    ("told_will_not_assess", [("decided_to_assess", 0)], True),
    ("told_will_not_assess", [("decided_to_assess", 30)], True),
    ("told_will_not_assess", [("decided_not_to_assess", 30)], False),
    ("told_will_not_assess", [("decided_to_assess", 30), ("decided_not_to_assess", 40)], True),
    ("told_will_not_assess", [("decided_to_assess", 30), ("told_will_not_assess", 40)], False),
    ("told_will_not_assess", [("decided_to_assess", 30), ("told_will_assess", 40)], True),
    ("no_plan_notice_sent", [], False),
    ("no_plan_notice_sent", [("decided_to_issue", -20)], False),
    ("no_plan_notice_sent", [("decided_to_issue", 0)], True),
    ("no_plan_notice_sent", [("decided_to_issue", 30)], True),
    ("no_plan_notice_sent", [("decided_to_issue", 30), ("no_plan_notice_sent", 40)], False),
    ("no_plan_notice_sent", [("decided_to_issue", 30), ("draft_served", 40)], True),
)


def test_a_second_look_opens_the_assessment_again_and_its_first_decision_still_counts() -> None:
    start, refused = date(2025, 1, 6), date(2025, 2, 17)
    for number, (refusal, later, _) in enumerate(AFTER_A_REFUSAL):
        case = make_case(start, person={"forenames": f"Ida {number}"})
        if refusal == "no_plan_notice_sent":
            log(case, NewEvent(kind="told_will_assess", on=date(2025, 1, 10)))
        for kind, days in sorted([(refusal, 0), *later], key=lambda step: step[1]):
            log(case, NewEvent(kind=kind, on=refused + timedelta(days=days)))
    opened = [is_open for *_, is_open in AFTER_A_REFUSAL]
    found = figures(Period(date(2025, 12, 1), date(2025, 12, 31)))
    assert found["open_over_20w"].as_json()["count"] == sum(opened)
    stored = db.session.scalars(select(Case.ended_on).order_by(Case.id)).all()
    assert [ended_on is None for ended_on in stored] == opened
    assert figures(YEAR)["decision_6w"].as_json()["numerator"] == len(AFTER_A_REFUSAL)
    assert figures(YEAR)["no_plan_16w"].as_json()["denominator"] == 6
    assert deadlines.rebuild(mend=False).differed == 0


def test_reassessments_and_transfers_are_no_new_plans() -> None:
    case = make_case(date(2025, 1, 6), kind="reassessment")
    log(case, NewEvent(kind="told_will_assess", on=date(2025, 1, 20)))
    log(case, NewEvent(kind="draft_served", on=date(2025, 3, 3)))
    sent = [
        NewEvent(kind="final_plan_sent", on=date(2025, 4, 1), recipient=r)
        for r in ("family", "institution", "health_body")
    ]
    log(case, *sent)
    found = as_json(figures(YEAR))
    assert found["plans_20w_inc"]["denominator"] == 0
    assert found["requests_received"]["count"] == 0


def test_an_exception_that_names_no_ground_counts_and_one_struck_out_does_not() -> None:
    given = {"exception": True, "exception_reason": "staffing", "surname": "Invented"}
    given |= {"request_received": date(2025, 1, 6), "final_plan_sent": date(2025, 8, 1)}
    bring_in([TrackerRow(line=n, forename=f"Ida {n}", **given) for n in (1, 2)])
    assert figures(YEAR)["exceptions_share"].as_json()["numerator"] == 2
    marked = db.session.scalars(select(CaseEventException.event_id)).first()
    event = db.session.get_one(CaseEvent, marked)
    struck = {"kind": "struck_out", "happened_on": TODAY, "corrects_id": event.id}
    db.session.add(CaseEvent(case_id=event.case_id, entered_at=now(), **struck))
    db.session.commit()
    assert figures(YEAR)["exceptions_share"].as_json()["numerator"] == 1
    assert figures(YEAR)["plans_20w_exc"].as_json()["denominator"] == 1


def test_the_months_of_a_year_add_up_to_it() -> None:
    chance = random.Random(7)
    bring_in([_invented(line, chance) for line in range(120)])
    whole = figures(YEAR)["decision_6w"].as_json()
    months = by_month(INDICATORS["decision_6w"], YEAR)
    assert sum(rate.denominator for rate in months.values()) == whole["denominator"]
    assert sum(rate.numerator for rate in months.values()) == whole["numerator"]
    assert all(year == 2025 for year, _ in months)
