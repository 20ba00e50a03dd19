"""The figure of everyone kept informed equals a slow count of the same rows, on both databases."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from casework.access import EVERY_CASE
from casework.cli.indicators import document
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Adviser, Case, CaseEvent, Informed
from casework.queries.indicators import behind, by_month, figures
from casework.rules.indicators import INDICATORS, Period
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case
from tests.fixtures.people import SignIn
from tests.fixtures.plans import make_setting
from tests.fixtures.services import the_service

AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 30))
#: Written out by hand: what brings a case to a stage that is told of.
STAGE = {
    "request_received": "received",
    "considering_notified": "considering",
    "told_will_assess": "assessing",
    "told_will_not_assess": "refused",
    "agreed_to_assess": "assessing",
    "decided_to_issue": "drafting",
    "draft_served": "draft out",
    "withdrawn": "withdrawn",
}
TELLS_ITSELF = ("considering_notified", "told_will_assess", "told_will_not_assess", "draft_served")
ONLY_FAMILY, NO_ADVISERS = ("received",), ("received", "considering")


def figure(period: Period = AUTUMN) -> dict[str, Any]:
    db.session.rollback()
    return figures(period)["kept_informed"].as_json()


def slowly(period: Period) -> dict[str, Any]:
    """Count one case after another, one change after another."""
    told_all = changes = 0
    for case in db.session.query(Case).all():
        events = db.session.query(CaseEvent).filter_by(case_id=case.id).all()
        gone = {e.corrects_id for e in events}
        struck = {e.corrects_id for e in events if e.kind == "struck_out"}
        standing = [e for e in events if e.id not in gone and e.kind in STAGE]
        kind_of = {e.id: e.kind for e in events if e.id not in struck}
        first: dict[str, CaseEvent] = {}
        for event in sorted(standing, key=lambda e: (e.happened_on, e.id)):
            first.setdefault(STAGE[event.kind], event)
        told = defaultdict(list)
        rows = db.session.query(Informed).filter_by(case_id=case.id).all()
        back = {row.corrects_id for row in rows}
        for row in rows:
            if row.corrects_id is None and row.id not in back and row.event_id in kind_of:
                told[STAGE[kind_of[row.event_id]], row.party].append(row.told_on)
        for stage, event in first.items():
            if not period.first <= event.happened_on <= period.last:
                continue
            last = england_and_wales().after(event.happened_on, 5)
            owed = who(case, stage, event, events, gone)
            changes += 1
            told_all += all(min(told[stage, p], default=date.max) <= last for p in owed)
    percent = None if not changes else round(told_all / changes * 100 + 1e-9, 1)
    return {"numerator": told_all, "denominator": changes, "percent": percent}


def who(
    case: Case, stage: str, event: CaseEvent, events: list[CaseEvent], gone: set[Any]
) -> list[str]:
    owed = [] if event.kind in TELLS_ITSELF else ["family"]
    if stage in ONLY_FAMILY:
        return owed
    owed.append("health_body")
    owed += ["setting"] if case.setting_id else []
    has_social_care = False
    for adviser in db.session.query(Adviser).filter_by(case_id=case.id):
        own = [e for e in events if e.adviser_id == adviser.id and e.id not in gone]
        by_then = {e.kind for e in own if e.happened_on <= event.happened_on}
        is_on = "advice_requested" in by_then and "advice_request_withdrawn" not in by_then
        if not is_on or stage in NO_ADVISERS:
            continue
        has_social_care |= adviser.service == "social_care"
        if adviser.service != "family" and not (adviser.service == "school" and case.setting_id):
            owed.append(f"adviser:{adviser.id}")
    return owed if has_social_care else [*owed, "social_care"]


def invent(chance: random.Random) -> None:
    """Invent a case that goes its way, and that some of those involved are told of it."""
    start = date(2026, 8, 20) + timedelta(days=chance.randrange(40))
    setting = make_setting(f"School {chance.random()}").id if chance.random() < 0.7 else None
    case = make_case(start, setting_id=setting)
    on = start
    roads = ("considering_notified", "told_will_assess", "decided_to_issue", "draft_served")
    refused = ("told_will_not_assess", "agreed_to_assess")
    for kind in chance.choice([roads, refused, roads[:2]]):
        on += timedelta(days=chance.randrange(1, 16))
        log(case, NewEvent(kind=kind, on=on))
        if kind == "told_will_assess":
            for service in chance.sample(["school", "camhs", "social_care", "family"], 2):
                log(case, NewEvent(kind="advice_requested", on=on, service=service))
    advisers = [row.id for row in db.session.query(Adviser.id).filter_by(case_id=case.id)]
    if advisers and chance.random() < 0.4:
        let_off = {"adviser_id": advisers[0], "on": on, "note": "Not needed"}
        log(case, NewEvent(kind="advice_request_withdrawn", **let_off))
    parties = ["family", "setting", "health_body", "social_care"]
    parties += [f"adviser:{number}" for number in advisers]
    told_how_often = chance.choice([1.0, 0.9, 0.5])
    for event in db.session.query(CaseEvent).filter_by(case_id=case.id):
        if event.kind in STAGE:
            tell(chance, event, [p for p in parties if chance.random() < told_how_often])
    db.session.commit()
    _disturb(chance, case)


def tell(chance: random.Random, event: CaseEvent, parties: list[str]) -> None:
    for party in parties:
        on = event.happened_on + timedelta(days=chance.choice([0, 1, 2, 7, 8, 20]))
        given = {"case_id": event.case_id, "event_id": event.id, "party": party, "how": "email"}
        row = Informed(told_on=on, entered_at=now(), **given)
        db.session.add(row)
        db.session.flush()
        if chance.random() < 0.1:
            db.session.add(Informed(told_on=on, entered_at=now(), corrects_id=row.id, **given))


def _disturb(chance: random.Random, case: Case) -> None:
    """Put an entry right, strike one out, enter it anew, or serve a second draft."""
    last = db.session.query(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.id.desc())
    event = next((e for e in last if e.kind in STAGE and e.kind != "request_received"), None)
    way = chance.randrange(5)
    if event is None or way > 2:
        return
    kind, on = event.kind, event.happened_on
    if way == 0:
        log(case, NewEvent(kind=kind, on=on + timedelta(days=1), corrects_id=event.id))
    elif way == 1:
        log(case, NewEvent(kind="struck_out", on=on, note="Twin", corrects_id=event.id))
        log(case, NewEvent(kind=kind, on=on + timedelta(days=2)))
    elif kind == "draft_served":
        log(case, NewEvent(kind=kind, on=on + timedelta(days=6)))


def test_the_figure_equals_a_slow_count_on_its_page_and_on_the_command_line(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("manager")
    chance = random.Random(20261123)
    with app.app_context():
        for kind in ("camhs", "social_care", "school"):
            the_service(kind)
        for _ in range(45):
            invent(chance)
        found = figure()
        assert found == slowly(AUTUMN)
        assert 3 < found["numerator"] < found["denominator"] - 3, "both are there to tell apart"
        months = by_month(INDICATORS["kept_informed"], AUTUMN)
        assert sum(rate.denominator for rate in months.values()) == found["denominator"]
        assert behind(INDICATORS["kept_informed"], AUTUMN, EVERY_CASE).total == found["denominator"]
        october = Period(date(2026, 10, 1), date(2026, 10, 31))
        assert figure(october) == slowly(october)
    asked = "from=1/9/2026&to=30/11/2026"
    page = client.get(f"/indicators?{asked}")
    assert f"{found['percent']}%" in page.text
    with app.app_context():
        said = document(AUTUMN, figures(AUTUMN))
    assert said["indicators"]["kept_informed"] == found  # type: ignore[index]


def test_until_anybody_is_recorded_as_told_nothing_is_said(app: Flask) -> None:
    with app.app_context():
        case = make_case(date(2026, 9, 7))
        assert figure() == {"status": "not collected"}
        of = db.session.query(CaseEvent).filter_by(case_id=case.id).one()
        tell(random.Random(1), of, ["setting"])
        db.session.commit()
        assert figure() == {"numerator": 0, "denominator": 1, "percent": 0.0}


@pytest.mark.parametrize(("told", "numerator"), [(date(2026, 9, 14), 1), (date(2026, 9, 15), 0)])
def test_the_fifth_working_day_is_in_time_and_the_sixth_is_not(
    app: Flask, told: date, numerator: int
) -> None:
    with app.app_context():
        case = make_case(date(2026, 9, 7))
        of = db.session.query(CaseEvent).filter_by(case_id=case.id).one()
        given = {"case_id": case.id, "event_id": of.id, "party": "family", "how": "phone"}
        db.session.add(Informed(told_on=told, entered_at=now(), **given))
        db.session.commit()
        assert figure()["numerator"] == numerator


def test_a_draft_in_the_post_counts_from_the_day_on_which_it_is_served(app: Flask) -> None:
    with app.app_context():
        case = make_case(date(2026, 9, 7))
        of = db.session.query(CaseEvent).filter_by(case_id=case.id).one()
        tell(random.Random(1), of, ["family"])
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        ahead = date(2026, 11, 25)
        log(case, NewEvent(kind="draft_served", on=ahead, is_deemed=True))
        assert figure(Period(date(2026, 11, 1), TODAY))["denominator"] == 0
        assert figure(Period(date(2026, 11, 1), ahead))["denominator"] == 1
