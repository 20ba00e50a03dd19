"""What advice came to: counted by the database, and again by reading every event in turn."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.access import Scope
from casework.clock import now
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceReuse,
    AdviceSample,
    AdviceScore,
    AdviceService,
    Adviser,
    Case,
    CaseEvent,
    Provider,
)
from casework.queries.indicators import behind, figure, figures
from casework.rules.advisers import SERVICES
from casework.rules.events import RECIPIENTS
from casework.rules.indicators import ADVICE_OF, INDICATORS, Period
from casework.services import deadlines
from tests.factories import event_id, make_advice, make_case
from tests.fixtures.services import make_service, the_service

SIX = timedelta(weeks=6)
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
SENT = date(2025, 6, 2)
HEALTH, SOCIAL_CARE = {"C", "G"}, {"D", "H1", "H2"}
NIL = ("not_known", "no_advice_needed")


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def enter(
    case: Case, kind: str, on: date, adviser: Adviser | None = None, **more: Any
) -> CaseEvent:
    """Enter an event as it stands in the database, without what a page would ask first."""
    given = {"case_id": case.id, "kind": kind, "happened_on": on, "entered_at": now()}
    event = CaseEvent(**given, adviser_id=adviser.id if adviser else None, **more)
    db.session.add(event)
    db.session.flush()
    return event


def ask(case: Case, service: AdviceService | str, **details: Any) -> Adviser:
    """An adviser of a case: a service that is known, or only the kind that a tracker names."""
    known = isinstance(service, AdviceService)
    kind = service.kind if isinstance(service, AdviceService) else service
    adviser = Adviser(
        case_id=case.id, service=kind, advice_service_id=service.id if known else None, **details
    )
    db.session.add(adviser)
    db.session.flush()
    return adviser


def send_plan(case: Case, on: date = SENT) -> None:
    for recipient in RECIPIENTS:
        enter(case, "final_plan_sent", on, recipient=recipient)


def settle() -> None:
    db.session.flush()
    deadlines.refresh(db.session.scalars(select(Case.id)).all())
    db.session.commit()


def reuse(case: Case, adviser: Adviser, on: date, sections: str) -> None:
    event = enter(case, "advice_reused", on, adviser)
    agreed = {f"{who}_agreed_on": on for who in ("author", "authority", "family")}
    db.session.add(
        AdviceReuse(event_id=event.id, described="An invented report", sections=sections, **agreed)
    )


def _invent(chance: random.Random, number: int, services: Sequence[AdviceService]) -> None:
    case = make_case(date(2024, 11, 4), person={"forenames": f"Ida {number}"})
    send_plan(case, SENT + timedelta(days=chance.randrange(-120, 120)))
    for service in chance.sample(services, 3):
        adviser = ask(case, service if chance.random() < 0.7 else service.kind)
        day = date(2024, 12, 1) + timedelta(days=chance.randrange(90))
        if chance.random() < 0.15:
            reuse(case, adviser, day, chance.choice(["", "C", "B E", "D H1", "F G"]))
            continue
        version = 0
        enter(case, "advice_requested", day, adviser)
        steps = ("advice_request_received", "advice_received", "advice_sent_back")
        more = ("advice_request_withdrawn", "advice_requested", "advice_chased", "advice_accepted")
        for _ in range(chance.randrange(7)):
            day += timedelta(days=chance.randrange(1, 40))
            kind = chance.choice([*steps, *more, "advice_received"])
            outcome = chance.choice(["advice", "advice", *NIL]) if kind == steps[1] else None
            event = enter(case, kind, day, adviser, outcome=outcome)
            if outcome == "advice" and chance.random() < 0.7:
                version += 1
                sections = chance.choice(["B E F", "C G", "B", "D H2", "", "C"])
                make_advice(adviser, event.id, version=version, sections=sections)
            if kind != "advice_requested" and chance.random() < 0.15:
                _correct(chance, case, event, adviser)


def _correct(chance: random.Random, case: Case, event: CaseEvent, adviser: Adviser) -> None:
    """Put an entry right, perhaps twice, or strike it out."""
    for _ in range(chance.randrange(1, 3)):
        kind = chance.choice([event.kind, "struck_out"])
        outcome = chance.choice(["advice", *NIL]) if kind == "advice_received" else None
        on = event.happened_on
        event = enter(case, kind, on, adviser, corrects_id=event.id, outcome=outcome)
        if kind == "struck_out":
            return


class Read:
    """One adviser's entries read in turn, knowing nothing of deadlines, rounds or statements."""

    def __init__(self, adviser: Adviser, entries: Sequence[CaseEvent], sent: date) -> None:
        self.adviser = adviser
        #: The day of the plan, after which an answer is no longer waited for.
        self.sent = sent
        self.kind = SERVICES[adviser.service]
        self.by_id = {e.id: e for e in entries}
        replaced = {e.corrects_id for e in entries}
        standing = [e for e in entries if e.id not in replaced and e.kind != "struck_out"]
        self.standing = sorted(standing, key=lambda e: (e.happened_on, e.id))

    def requests(self) -> list[dict[str, Any]]:
        """Each time it was asked: from when its limit runs, and how that ended."""
        found: list[dict[str, Any]] = []
        for event in self.standing:
            last = found[-1] if found else None
            if event.kind == "advice_requested":
                over = last and (
                    last["withdrawn"] or (last["answered"] and last["answered"] < event.happened_on)
                )
                if last is None or over:
                    blank = dict.fromkeys(("reached", "answered", "as", "withdrawn"))
                    found.append({**blank, "asked": event.happened_on})
            elif last is None:
                continue
            elif event.kind == "advice_request_received":
                last["reached"] = last["reached"] or event.happened_on
            elif event.kind == "advice_received" and not (last["withdrawn"] or last["answered"]):
                last["answered"], last["as"] = event.happened_on, event.outcome
            elif event.kind == "advice_request_withdrawn" and not last["answered"]:
                last["withdrawn"] = last["withdrawn"] or event.happened_on
        return found

    def fell_due(self, period: Period) -> Iterator[tuple[bool, bool]]:
        """Yield (in time, a nil return) for each request that fell due in a period."""
        for request in self.requests():
            reached = request["reached"] if self.kind.is_bound else None
            due = (reached or request["asked"]) + SIX
            ended = request["withdrawn"] or (None if request["answered"] else self.sent)
            gone = ended is not None and min(ended, self.sent) <= due
            gone = gone and request["answered"] is None
            if period.first <= due <= period.last and not gone:
                in_time = request["answered"] is not None and request["answered"] <= due
                yield in_time, request["as"] in NIL

    def feeds(self, by: date) -> Iterator[tuple[set[str], str]]:
        """Yield (sections, agency) of each piece of advice that there was by a day."""
        for event in self.standing:
            is_advice = event.kind == "advice_received" and event.outcome not in NIL
            if event.happened_on <= by and (is_advice or event.kind == "advice_reused"):
                yield self._sections(event), self.kind.agency

    def _sections(self, event: CaseEvent) -> set[str]:
        """What came with the entry, or with the one that it puts right."""
        at: CaseEvent | None = event
        while at is not None:
            advice = db.session.scalar(select(Advice).where(Advice.event_id == at.id))
            said = advice or db.session.get(AdviceReuse, at.id)
            if said is not None:
                return set(said.sections.split())
            at = self.by_id.get(at.corrects_id) if at.corrects_id else None
        return set()


def _all_read() -> list[Read]:
    events: dict[int, list[CaseEvent]] = {}
    for event in db.session.scalars(select(CaseEvent).order_by(CaseEvent.id)):
        if event.adviser_id:
            events.setdefault(event.adviser_id, []).append(event)
    advisers = [a for a in db.session.scalars(select(Adviser)) if a.id in events]
    return [Read(a, events[a.id], _sent(a.case_id)) for a in advisers]


def _sent(case_id: int) -> date:
    """The day on which the one plan of an invented case was sent."""
    statement = select(CaseEvent.happened_on).where(
        CaseEvent.case_id == case_id, CaseEvent.kind == "final_plan_sent"
    )
    return db.session.scalars(statement).first() or date.max


def _rate(found: Sequence[bool]) -> dict[str, Any]:
    tenths = (2000 * sum(found) + len(found)) // (2 * len(found)) if found else None
    percent = None if tenths is None else tenths / 10
    return {"numerator": sum(found), "denominator": len(found), "percent": percent}


def _provider(read: Read) -> str:
    known = read.adviser.advice_service_id
    if not known:
        return "not recorded"
    service = db.session.get_one(AdviceService, known)
    return db.session.get_one(Provider, service.provider_id).name


@pytest.mark.parametrize("seed", [3, 8])
def test_the_figures_of_advice_equal_a_slow_count_over_the_events(seed: int) -> None:
    chance = random.Random(seed)
    kinds = ("camhs", "physiotherapy", "social_care", "educational_psychology", "school")
    services = [make_service(k, provider=f"Trust {n % 3}") for n, k in enumerate(kinds)]
    for number in range(60):
        _invent(chance, number, services)
    settle()
    read, found = _all_read(), {k: f.as_json() for k, f in figures(YEAR).items()}
    for indicator, agency in ADVICE_OF.items():
        of = [r for r in read if r.kind.agency == agency]
        due = [one for r in of for one in r.fell_due(YEAR)]
        got = found[indicator]
        assert {k: got[k] for k in ("numerator", "denominator", "percent")} == _rate(
            [in_time for in_time, _ in due]
        )
        assert got["excluding_nil_returns"] == _rate([t for t, is_nil in due if not is_nil])
        names = {_provider(r) for r in of if list(r.fell_due(YEAR))}
        assert got["by_provider"] == {
            name: _rate([t for r in of if _provider(r) == name for t, _ in r.fell_due(YEAR)])
            for name in names
        }
        assert due
    for agency, sections in (("health", HEALTH), ("social_care", SOCIAL_CARE)):
        answers = []
        for case in db.session.scalars(select(Case)):
            sent = _sent(case.id)
            if YEAR.first <= sent <= YEAR.last:
                fed = [f for r in read if r.adviser.case_id == case.id for f in r.feeds(sent)]
                answers.append(
                    any(said & sections or (not said and whose == agency) for said, whose in fed)
                )
        assert found[f"plans_with_{agency}"] == _rate(answers)
        assert 5 < sum(answers) < len(answers) - 5
    assert deadlines.rebuild(mend=False).differed == 0


def _plans(name: str) -> tuple[int, int]:
    found = figure(INDICATORS[name], YEAR).as_json()
    return found["numerator"], found["denominator"]


@pytest.mark.parametrize(
    ("kind", "sections", "health", "social_care"),
    [
        ("camhs", "C G", 1, 0),
        ("camhs", "B E F", 0, 0),
        ("camhs", "", 1, 0),
        ("social_care", "D", 0, 1),
        ("social_care", "E H2", 0, 1),
        ("school", "C", 1, 0),
        ("school", "", 0, 0),
    ],
)
@pytest.mark.parametrize("is_reused", [False, True])
def test_a_contribution_is_advice_that_feeds_a_section_or_is_the_agencys_where_nobody_said(
    kind: str, sections: str, health: int, social_care: int, *, is_reused: bool
) -> None:
    case = make_case(date(2025, 1, 6))
    adviser = ask(case, kind)
    if is_reused:
        reuse(case, adviser, SENT, sections)
    else:
        enter(case, "advice_requested", date(2025, 2, 3), adviser)
        event = enter(case, "advice_received", SENT, adviser, outcome="advice")
        make_advice(adviser, event.id, sections=sections)
    send_plan(case)
    settle()
    assert _plans("plans_with_health") == (health, 1)
    assert _plans("plans_with_social_care") == (social_care, 1)


@pytest.mark.parametrize(
    ("outcome", "on", "is_one"),
    [
        ("advice", SENT, True),
        ("advice", SENT + timedelta(days=1), False),
        ("not_known", SENT, False),
        ("no_advice_needed", SENT, False),
    ],
)
def test_a_contribution_comes_by_the_day_of_the_plan_and_is_no_nil_return(
    outcome: str, on: date, *, is_one: bool
) -> None:
    case = make_case(date(2025, 1, 6))
    adviser = ask(case, "camhs")
    enter(case, "advice_requested", date(2025, 2, 3), adviser)
    enter(case, "advice_received", on, adviser, outcome=outcome)
    send_plan(case)
    settle()
    assert _plans("plans_with_health") == (int(is_one), 1)


def sample(case: Case, on: date, found: str = "yes yes yes yes", **details: Any) -> AdviceSample:
    """Advice of a case's therapist, drawn and scored: needs, outcomes, provision, voice."""
    service = the_service("speech_and_language")
    adviser = ask(case, service)
    enter(case, "advice_requested", on, adviser)
    event = enter(case, "advice_received", on, adviser, outcome="advice")
    advice = make_advice(adviser, event.id)
    drawn = AdviceSample(
        service_id=service.id, month=on.replace(day=1), advice_id=advice.id, drawn_at=now()
    )
    db.session.add(drawn)
    db.session.flush()
    score(drawn, on, found)
    return drawn


def score(drawn: AdviceSample, on: date, found: str) -> None:
    needs, outcomes, provision, voice = found.split()
    db.session.add(
        AdviceScore(
            sample_id=drawn.id,
            scored_on=on,
            scored_at=now(),
            needs_found=needs,
            outcomes_smart=outcomes,
            provision_specific=provision,
            child_voice=voice,
        )
    )
    db.session.commit()


def test_the_quality_of_advice_is_not_collected_until_some_is_scored() -> None:
    quality = INDICATORS["advice_quality"]
    assert figure(quality, YEAR).as_json() == {"status": "not collected"}
    sample(make_case(date(2025, 1, 6)), date(2026, 3, 2))
    assert figure(quality, YEAR).as_json()["denominator"] == 0


def test_the_quality_of_advice_is_what_has_needs_outcomes_and_voice_with_each_beside() -> None:
    case = make_case(date(2025, 1, 6))
    for found in ("yes yes no yes", "partly yes yes yes", "yes no yes no", "yes yes yes yes"):
        sample(case, date(2025, 3, 3), found)
    got = figure(INDICATORS["advice_quality"], YEAR).as_json()
    assert (got["numerator"], got["denominator"], got["percent"]) == (2, 4, 50.0)
    names = ("needs_found", "outcomes_smart", "provision_specific", "child_voice")
    assert [got[name]["numerator"] for name in names] == [3, 3, 3, 3]
    everything = Scope(everything=True)
    lines = behind(INDICATORS["advice_quality"], YEAR, everything).lines
    assert [line.counts for line in lines] == [False, False, True, True]
    assert {line.service_name for line in lines} == {"Speech and language team"}


def test_the_newest_score_of_a_sample_counts_on_its_own_day() -> None:
    drawn = sample(make_case(date(2025, 1, 6)), date(2025, 3, 3), "no no no no")
    score(drawn, date(2026, 1, 5), "yes yes yes yes")
    quality = INDICATORS["advice_quality"]
    assert figure(quality, YEAR).as_json()["denominator"] == 0
    later = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert figure(quality, later).as_json()["numerator"] == 1


def test_advice_whose_entry_was_struck_out_has_no_quality() -> None:
    case = make_case(date(2025, 1, 6))
    sample(case, date(2025, 3, 3))
    wrong = event_id(case, "advice_received")
    again = enter(case, "advice_received", date(2025, 3, 4), corrects_id=wrong, outcome="advice")
    db.session.commit()
    assert figure(INDICATORS["advice_quality"], YEAR).as_json()["denominator"] == 1
    enter(case, "struck_out", date(2025, 3, 4), corrects_id=again.id)
    db.session.commit()
    assert figure(INDICATORS["advice_quality"], YEAR).as_json()["denominator"] == 0


def test_plans_left_out_for_an_appeal_are_left_out_of_every_figure_of_plans_alike() -> None:
    """Else the difference of two figures would say how few they were."""
    case, other = (make_case(date(2025, 1, 6), person={"forenames": n}) for n in ("Ida", "Una"))
    for one in (case, other):
        send_plan(one)
    enter(case, "ordered_to_assess", date(2025, 2, 3))
    settle()
    names = ("plans_20w_inc", "plans_with_health", "plans_with_social_care")
    for leave_out, plans in ((False, 2), (True, 1)):
        found = figures(YEAR, leave_out_overturned=leave_out)
        assert [found[name].as_json()["denominator"] for name in names] == [plans] * 3
