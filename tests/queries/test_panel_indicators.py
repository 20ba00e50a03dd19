"""The figures of panels equal a slow count of the same meetings, on both databases."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.access import EVERY_CASE, Viewer, scope_of, seat_of
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    AgendaItem,
    Attendance,
    Interest,
    PanelCirculation,
    PanelDecision,
    PanelMeeting,
    PanelMember,
    PanelRecord,
    PanelRecordDecision,
)
from casework.queries.indicators import behind, by_month, figures
from casework.queries.panel_indicators import meetings_behind
from casework.rules.attendance import Guest
from casework.rules.civil_dates import london_date
from casework.rules.indicators import INDICATORS, OF_PANELS, Period
from casework.rules.panels import CHAIRS, PanelAgency, Position, quorum, window
from tests.factories import (
    circulate,
    decide,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.statements import counted

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
#: A Wednesday: two working days end on Friday 20 November.
MET = date(2026, 11, 18)
SITTING = {position.value for position in Position} | {Guest.IN_PLACE.value}
NOTHING = {"status": "not collected"}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def figure_of(name: str, period: Period = NOVEMBER) -> dict[str, Any]:
    db.session.rollback()
    return figures(period)[name].as_json()


def attend(meeting: PanelMeeting, attended: str = "present", **details: Any) -> None:
    given = {"name": "Ida", "agency": "health", "position": "member", "recorded_at": now()}
    db.session.add(Attendance(meeting_id=meeting.id, attended=attended, **given | details))
    db.session.commit()


def test_with_no_panel_nothing_is_collected_and_with_one_that_never_met_all_is_nought() -> None:
    assert [figure_of(name) for name in sorted(OF_PANELS)] == [NOTHING] * 3
    make_panel()
    nought = {"numerator": 0, "denominator": 0, "percent": None}
    assert figure_of("panel_held") == {"count": 0, "cases_decided": 0, "deferred": 0}
    assert figure_of("panel_circulated") == nought
    assert figure_of("panel_attendance") == nought | {"quorate": nought, "by_agency": {}}


def test_a_meeting_is_held_where_somebody_came_or_its_record_is_signed() -> None:
    panel = make_panel()
    came, signed, nobody, called_off = (make_meeting(panel, MET - timedelta(n)) for n in range(4))
    attend(came)
    sign(signed)
    attend(nobody, "apologies")
    attend(called_off)
    called_off.cancelled_at = now()
    db.session.commit()
    assert figure_of("panel_held")["count"] == 2
    assert figure_of("panel_held", Period(MET, MET))["count"] == 1
    assert figure_of("panel_held", Period(MET + timedelta(1), MET + timedelta(9)))["count"] == 0


def test_a_case_counts_once_its_record_is_signed_and_by_its_latest_version() -> None:
    meeting = make_meeting(make_panel(), MET)
    items = [put_on_agenda(meeting, make_case()) for _ in range(5)]
    first, second, third, fourth, fifth = items
    was = decide(first)
    deferred = decide(second, None, handled="deferred")
    not_heard = decide(third, None, handled="not_heard")
    by_officer = decide(fourth, capacity="officer")
    decide(fifth)
    assert figure_of("panel_held") == {"count": 0, "cases_decided": 0, "deferred": 0}
    sign(meeting, was, deferred, not_heard, by_officer)
    assert figure_of("panel_held") == {"count": 1, "cases_decided": 1, "deferred": 1}
    now_deferred = decide(first, None, handled="deferred", replaces_id=was.id)
    assert figure_of("panel_held")["deferred"] == 1, "not until it is signed again"
    sign(meeting, now_deferred, version=2)
    assert figure_of("panel_held") == {"count": 1, "cases_decided": 0, "deferred": 2}


@pytest.mark.parametrize(
    ("met", "sent", "is_in_time"),
    [
        (MET, datetime(2026, 11, 18, 16, 0, tzinfo=UTC), True),
        (MET, datetime(2026, 11, 20, 23, 59, tzinfo=UTC), True),
        (MET, datetime(2026, 11, 21, 0, 0, tzinfo=UTC), False),
        # The Thursday before Easter: Tuesday is the first working day, in summer time.
        (date(2026, 4, 2), datetime(2026, 4, 8, 22, 59, tzinfo=UTC), True),
        (date(2026, 4, 2), datetime(2026, 4, 8, 23, 0, tzinfo=UTC), False),
        (MET, None, False),
    ],
)
def test_decisions_are_circulated_in_time_to_the_end_of_the_second_working_day(
    met: date, sent: datetime | None, is_in_time: bool
) -> None:
    meeting = make_meeting(make_panel(), met)
    record = sign(meeting, decide(put_on_agenda(meeting, make_case())))
    circulate(meeting, circulated_at=datetime(2026, 1, 1, tzinfo=UTC))  # the agenda
    if sent:
        circulate(meeting, "decisions", record_id=record.id, circulated_at=sent)
    period = Period(met, met)
    expected = {"numerator": int(is_in_time), "denominator": 1, "percent": 100.0 * is_in_time}
    assert figure_of("panel_circulated", period) == expected


def test_a_decision_that_was_changed_keeps_the_day_it_was_first_sent_round() -> None:
    meeting = make_meeting(make_panel(), MET)
    item, late = (put_on_agenda(meeting, make_case()) for _ in range(2))
    was = decide(item)
    record = sign(meeting, was)
    on_the_day = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
    circulate(meeting, "decisions", record_id=record.id, circulated_at=on_the_day)
    changed = decide(item, "not_assess", replaces_id=was.id)
    again = sign(meeting, changed, decide(late), version=2)
    circulate(meeting, "decisions", record_id=again.id)
    assert figure_of("panel_circulated")["numerator"] == 1
    assert figure_of("panel_circulated")["denominator"] == 2
    page = behind(INDICATORS["panel_circulated"], NOVEMBER, EVERY_CASE)
    assert [(line.counts, line.days) for line in page.lines][1] == (True, 0)


def test_somebody_in_a_members_place_fills_it_and_who_is_not_noted_was_not_there() -> None:
    panel = make_panel()
    meeting = make_meeting(panel, MET)
    people = [make_user("panel-member", email=f"{n}@example.org") for n in range(4)]
    seat_member(panel, people[0], agency="education", position="chair")
    for person in people[1:3]:
        seat_member(panel, person)
    seat_member(panel, people[3], agency="schools", until_day=MET - timedelta(1))
    attend(meeting, user_id=people[0].id, agency="education", position="chair")
    attend(meeting, "apologies", user_id=people[1].id)
    attend(meeting, position="in_place")  # in the place of the one who sent apologies
    attend(meeting, agency="parent_carers", position="observer")
    found = figure_of("panel_attendance")
    assert (found["numerator"], found["denominator"]) == (2, 3)
    assert found["by_agency"] == {
        "education": {"numerator": 1, "denominator": 1, "percent": 100.0},
        "health": {"numerator": 1, "denominator": 2, "percent": 50.0},
    }
    assert found["quorate"]["numerator"] == 0, "two of the three that it takes"
    attend(meeting, agency="social_care", position="in_place")
    assert figure_of("panel_attendance")["quorate"]["numerator"] == 1
    sign(meeting, is_quorate=False)
    assert figure_of("panel_attendance")["quorate"]["numerator"] == 0, "as it was signed"


def test_the_meetings_behind_a_figure_are_those_the_person_may_see() -> None:
    panel = make_panel()
    meeting, other = make_meeting(panel, MET), make_meeting(panel, MET - timedelta(7))
    for one in (meeting, other):
        attend(one)
    sign(other)
    member = make_user("panel-member")
    seat_member(panel, member)
    days = window(date(2026, 11, 23), england_and_wales(), opens_days=10, closes_days=5)

    def seen(role: str) -> list[tuple[date, bool]]:
        seat = seat_of(Viewer(user_id=member.id, name="", role=role), days)
        db.session.rollback()
        lines = meetings_behind(NOVEMBER, seat).lines
        return [(line.on_day, line.is_quorate) for line in lines]

    assert seen("manager") == [(MET, False), (MET - timedelta(7), True)]
    assert seen("panel-member") == []


def test_a_case_of_a_declared_interest_is_not_among_the_decisions_behind_a_figure() -> None:
    meeting = make_meeting(make_panel(), MET)
    case = make_case()
    sign(meeting, decide(put_on_agenda(meeting, case)))
    user = make_user("manager")
    db.session.add(Interest(case_id=case.id, user_id=user.id, nature="", declared_at=now()))
    db.session.commit()
    row = INDICATORS["panel_circulated"]
    scope = scope_of(Viewer(user_id=user.id, name="", role="manager"))
    assert behind(row, NOVEMBER, EVERY_CASE).total == 1
    db.session.rollback()
    assert behind(row, NOVEMBER, scope).total == 0


def _invent(chance: random.Random) -> None:
    """Two panels that met most weeks of a year, with all that can befall a meeting."""
    cases = [make_case() for _ in range(12)]
    people = [make_user("panel-member", email=f"{n}@example.org") for n in range(8)]
    for name, weekday in (("First", 1), ("Second", 3)):
        panel = make_panel(name=name, weekday=weekday, least_present=chance.choice([2, 3]))
        for person in people:
            _sit(chance, panel.id, person.id)
        for week in range(40):
            day = date(2025, 9, 2) + timedelta(weeks=week, days=weekday - 1)
            _meet(chance, make_meeting(panel, day), people, cases)


def _sit(chance: random.Random, panel_id: int, user_id: int) -> None:
    until = chance.choice([None, None, date(2026, 2, 1)])
    position = chance.choice(list(Position)).value
    agency = chance.choice(["education", "health", "social_care"])
    given = {"agency": agency, "position": position, "until_day": until}
    start = chance.choice([date(2020, 1, 1), date(2025, 12, 1)])
    db.session.add(PanelMember(panel_id=panel_id, user_id=user_id, from_day=start, **given))


def _meet(chance: random.Random, meeting: PanelMeeting, people: Any, cases: Any) -> None:
    if chance.random() < 0.1:
        meeting.cancelled_at, meeting.cancelled_why = now(), "Snow"
    ways = ["present", "present", "present", "apologies", "absent"]
    if chance.random() < 0.85:
        for person in people:
            if chance.random() < 0.7:
                place = {"position": chance.choice(["chair", "deputy", "member", "observer"])}
                place["agency"] = chance.choice(["education", "health", "social_care", "schools"])
                attend(meeting, chance.choice(ways), user_id=person.id, **place)
        if chance.random() < 0.3:
            guest = {"agency": chance.choice(["health", "voluntary"]), "position": "in_place"}
            attend(meeting, **guest)
    items = [put_on_agenda(meeting, case) for case in chance.sample(cases, 3)]
    _decide(chance, meeting, items)


def _decide(chance: random.Random, meeting: PanelMeeting, items: list[AgendaItem]) -> None:
    """Sign no record, one, or two, the second with some of the decisions changed."""
    versions: dict[int, PanelDecision] = {}
    for number in range(chance.choice([0, 1, 2])):
        made = []
        for item in items:
            if chance.random() < 0.8:
                how = chance.choice(["decided", "decided", "deferred", "not_heard"])
                capacity = chance.choice(["panel"] * 4 + ["officer"])
                before = versions.get(item.id)
                one = decide(item, handled=how, capacity=capacity, replaces_id=before and before.id)
                versions[item.id] = one
                made.append(one)
        record = sign(meeting, *made, version=number + 1, is_quorate=chance.random() < 0.8)
        if chance.random() < 0.8:
            sent = datetime.combine(meeting.on_day, datetime.min.time(), tzinfo=UTC)
            sent += timedelta(hours=chance.randrange(150))
            circulate(meeting, "decisions", record_id=record.id, circulated_at=sent)


def _rate(found: list[bool]) -> dict[str, Any]:
    return _of(sum(found), len(found))


def _of(numerator: int, denominator: int) -> dict[str, Any]:
    tenths = (2000 * numerator + denominator) // (2 * denominator) if denominator else None
    percent = None if tenths is None else tenths / 10
    return {"numerator": numerator, "denominator": denominator, "percent": percent}


class Slow:
    """One meeting, read row by row; knows nothing of the statements that count."""

    def __init__(self, meeting: PanelMeeting) -> None:
        self.meeting = meeting
        of = {"meeting_id": meeting.id}
        self.came = db.session.query(Attendance).filter_by(**of).all()
        records = db.session.query(PanelRecord).filter_by(**of).order_by(PanelRecord.version)
        self.records = records.all()
        self.sent = db.session.query(PanelCirculation).filter_by(**of, kind="decisions").all()
        self.present = [a for a in self.came if a.attended == "present" and a.position in SITTING]
        is_on = meeting.cancelled_at is None
        self.is_held = is_on and bool(self.present or self.records)

    def is_quorate(self) -> bool:
        if self.records:
            return self.records[-1].is_quorate
        people = [(a.agency, a.position) for a in self.present]
        panel = self.meeting.panel
        return quorum(people, panel.agencies_needed, panel.least_present).is_met

    def versions(self) -> dict[int, list[tuple[PanelDecision, PanelRecord]]]:
        """Return, for each item, the versions that records hold, as they were signed."""
        found = defaultdict(list)
        for record in self.records:
            for link in db.session.query(PanelRecordDecision).filter_by(record_id=record.id):
                decision = db.session.get_one(PanelDecision, link.decision_id)
                found[decision.item_id].append((decision, record))
        return found

    def handled(self) -> list[tuple[str, bool]]:
        """Return how each item was handled by the panel, and whether that was sent in time."""
        found = []
        last = england_and_wales().after(self.meeting.on_day, 2)
        for held in self.versions().values():
            latest = max((one for one, _ in held), key=lambda one: one.id)
            ids = {record.id for one, record in held if one.handled == "decided"}
            days = [london_date(c.circulated_at) for c in self.sent if c.record_id in ids]
            if latest.capacity == "panel":
                found.append((latest.handled, bool(days) and min(days) <= last))
        return found

    def places(self) -> Counter[tuple[str, str]]:
        """Return {(agency, "present" or "places"): how many}."""
        noted = {a.user_id for a in self.came if a.user_id}
        day = self.meeting.on_day
        members = db.session.query(PanelMember).filter_by(panel_id=self.meeting.panel_id)
        sat = [m for m in members if m.from_day <= day and (m.until_day or day) >= day]
        held = Counter(m.agency for m in sat if m.user_id not in noted)
        held += Counter(a.agency for a in self.came if a.user_id and a.position in SITTING)
        came = Counter(a.agency for a in self.present)
        found: Counter[tuple[str, str]] = Counter()
        for agency in held.keys() | came.keys():
            found[agency, "present"] = came[agency]
            found[agency, "places"] = max(held[agency], came[agency])
        return found


@pytest.mark.parametrize(
    "period", [Period(date(2025, 9, 1), date(2026, 8, 31)), Period(*[date(2026, 1, 6)] * 2)]
)
def test_the_figures_equal_a_slow_count_over_the_meetings(period: Period) -> None:
    _invent(random.Random(35))
    meetings = db.session.scalars(select(PanelMeeting)).all()
    held = [s for s in map(Slow, meetings) if s.is_held]
    held = [s for s in held if period.first <= s.meeting.on_day <= period.last]
    handled = [one for slow in held for one in slow.handled()]
    decided = [in_time for how, in_time in handled if how == "decided"]
    places = sum((slow.places() for slow in held), Counter())
    expected_by_agency = {
        agency: _of(places[agency, "present"], places[agency, "places"])
        for agency in sorted({agency for agency, _ in places})
    }
    expected = {
        "count": len(held),
        "cases_decided": len(decided),
        "deferred": sum(how == "deferred" for how, _ in handled),
    }
    quorate = _rate([slow.is_quorate() for slow in held])
    db.session.rollback()
    found = {name: figures(period)[name].as_json() for name in OF_PANELS}
    assert found["panel_held"] == expected
    assert found["panel_circulated"] == _rate(decided)
    assert found["panel_attendance"]["by_agency"] == expected_by_agency
    assert found["panel_attendance"]["quorate"] == quorate
    sums = [
        sum(r[key] for r in expected_by_agency.values()) for key in ("numerator", "denominator")
    ]
    assert [found["panel_attendance"][key] for key in ("numerator", "denominator")] == sums
    for name, whole in (("panel_held", expected["count"]), ("panel_attendance", sums[1])):
        months = by_month(INDICATORS[name], period)
        assert sum(rate.denominator for rate in months.values()) == whole
    if period.first != period.last:
        assert 0 < quorate["numerator"] < quorate["denominator"]
        assert 0 < sum(decided) < len(decided)
        assert {agency for agency, _ in places} <= {agency.value for agency in PanelAgency}
        assert any(a.position in CHAIRS for slow in held for a in slow.present)


def test_a_figure_of_panels_takes_as_many_statements_however_many_meetings(app: Flask) -> None:
    panel = make_panel()
    make_case()

    def ask() -> int:
        db.session.rollback()
        with counted(app) as statements:
            figures(NOVEMBER)
        return len(statements)

    attend(make_meeting(panel, MET))
    few = ask()
    for n in range(1, 12):
        attend(make_meeting(panel, MET - timedelta(n)))
    assert ask() == few
    assert db.session.query(AgendaItem).count() == 0
