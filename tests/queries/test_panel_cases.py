"""What a panel's screen shows of one case: the way through the agenda, the day, the evidence."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from casework.access import Viewer, seat_of
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, Case, DecisionEvidence, Interest, PanelPhrase
from casework.queries import meetings, panel_cases
from casework.queries.panel_cases import PanelCase, Walk
from casework.rules.panels import window
from casework.services.events import NewEvent
from tests.factories import (
    circulate,
    decide,
    decide_alone,
    log,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    sign,
)
from tests.fixtures.statements import counted

TODAY = date(2026, 11, 23)


class Agenda:
    """A meeting today with some cases, and the clerk who looks at it."""

    def __init__(self, cases: int = 3) -> None:
        self.clerk = make_user("panel-clerk")
        self.panel = make_panel()
        self.meeting = make_meeting(self.panel, TODAY)
        self.items: list[AgendaItem] = []
        for _ in range(cases):
            self.items.append(put_on_agenda(self.meeting, make_case(date(2026, 10, 26))))
        circulate(self.meeting)
        days = window(TODAY, england_and_wales(), opens_days=10, closes_days=5)
        self.seat = seat_of(Viewer(user_id=self.clerk.id, name="C", role="panel-clerk"), days)

    def walk(self, number: int) -> Walk:
        return panel_cases.walk(self.seat, self.meeting.id, self.items[number].public_id)

    def view(self, number: int = 0) -> PanelCase:
        public_id = self.items[number].public_id
        meeting = meetings.find(self.seat, self.meeting.public_id)
        assert meeting is not None
        item = meetings.item(self.seat, self.meeting.id, public_id)
        assert item is not None
        when = {"today": TODAY, "soon_within": 10}
        return panel_cases.view(self.seat, meeting, item, **when)  # type: ignore[arg-type]


@pytest.fixture
def agenda(app: Flask) -> Iterator[Agenda]:
    with app.app_context():
        yield Agenda()


def numbers(walk: Walk) -> tuple[int | None, int, int | None]:
    """Return the numbers of the case before, of this one, and of the next with nothing recorded."""
    before = walk.before.number if walk.before else None
    return before, walk.at.number, walk.undecided.number if walk.undecided else None


def test_the_next_case_is_the_next_with_nothing_recorded_and_begins_again_at_the_end(
    agenda: Agenda,
) -> None:
    assert numbers(agenda.walk(0)) == (None, 1, 2)
    decide(agenda.items[1])
    assert numbers(agenda.walk(0)) == (None, 1, 3)
    assert numbers(agenda.walk(2)) == (2, 3, 1)
    decide(agenda.items[0])
    assert numbers(agenda.walk(2)) == (2, 3, None)
    assert agenda.walk(2).recorded == 2


def test_a_case_that_is_hidden_keeps_its_number_and_is_passed_over(agenda: Agenda) -> None:
    own = {"case_id": agenda.items[1].case_id, "user_id": agenda.clerk.id}
    db.session.add(Interest(**own, nature="Kin", declared_at=now()))
    db.session.commit()
    assert numbers(agenda.walk(0)) == (None, 1, 3)
    assert numbers(agenda.walk(2)) == (1, 3, 1)
    assert agenda.walk(0).total == 3


def test_a_case_taken_off_the_agenda_counts_no_more(agenda: Agenda) -> None:
    agenda.items[0].removed_at = now()
    db.session.commit()
    assert (agenda.walk(1).at.number, agenda.walk(1).total) == (1, 2)
    assert agenda.walk(0).words == "A case taken off the agenda"


def test_the_day_in_law_is_that_of_the_question(agenda: Agenda) -> None:
    limit = agenda.view().limit
    assert limit is not None
    assert (limit.clock.due.on, limit.words) == (date(2026, 12, 7), "Due in 14 days")
    agenda.items[0] = put_on_agenda(agenda.meeting, db.session.get_one(Case, 1), "cease")
    assert agenda.view().limit is None


def test_health_and_social_care_are_named_until_they_are_asked(agenda: Agenda) -> None:
    assert agenda.view().never_asked == ["health", "social care"]
    case = db.session.get_one(Case, agenda.items[0].case_id)
    for service in ("physiotherapy", "social_care"):
        log(case, NewEvent(kind="advice_requested", on=TODAY, service=service))
    assert agenda.view().never_asked == []
    assert [line.is_outstanding for line in agenda.view().advice] == [True, True]


def test_other_times_at_a_panel_and_decisions_of_officers_are_told_the_latest_first(
    agenda: Agenda,
) -> None:
    case = db.session.get_one(Case, agenda.items[0].case_id)
    earlier = make_meeting(agenda.panel, date(2026, 11, 11))
    sign(earlier, decide(put_on_agenda(earlier, case), "not_assess"))
    cancelled = make_meeting(agenda.panel, date(2026, 11, 18), cancelled_at=now())
    put_on_agenda(cancelled, case)
    put_on_agenda(make_meeting(agenda.panel, date(2026, 12, 2)), case)
    decide_alone(case, decided_on=date(2026, 11, 20))
    found = [(one.on.day, one.panel, one.words) for one in agenda.view().hearings]
    assert found == [
        (2, "Invented panel", "Nothing recorded"),
        (20, None, "Assess"),
        (11, "Invented panel", "Do not assess"),
    ]
    earlier_answer = agenda.view().earlier
    assert earlier_answer is not None


def test_a_case_goes_to_a_later_meeting_that_still_takes_cases(agenda: Agenda) -> None:
    days = [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21)]
    later = [make_meeting(agenda.panel, day) for day in days]
    make_meeting(make_panel(name="Another panel"), date(2026, 12, 1))
    later[0].cancelled_at = now()
    sign(later[1])
    found = agenda.view()
    assert [one.on_day for one in found.later] == days[2:]
    assert [found.is_too_late(one) for one in later] == [False, False, True, True]


def test_a_phrase_that_ended_is_offered_no_more(agenda: Agenda) -> None:
    ends = {"Now": None, "Ended": TODAY, "Ends": date(2026, 11, 24)}
    for place, (words, ended_on) in enumerate(ends.items()):
        given = {"question": "assess", "words": words, "ended_on": ended_on, "place": -place}
        db.session.add(PanelPhrase(panel_id=agenda.panel.id, **given))
    db.session.add(PanelPhrase(panel_id=agenda.panel.id, question="issue", words="Other"))
    db.session.commit()
    found = panel_cases.phrases(agenda.panel.id, "assess", TODAY)
    assert [one.words for one in found] == ["Ends", "Now"]


def test_what_a_decision_named_as_evidence_stays_offered(agenda: Agenda) -> None:
    assert agenda.view().evidence == []
    made = decide(agenda.items[0])
    db.session.add(DecisionEvidence(decision_id=made.id, words="School report, version 1"))
    db.session.commit()
    assert agenda.view().evidence == ["School report, version 1"]


def test_a_case_is_read_in_as_many_statements_on_a_long_agenda_with_a_long_past(
    app: Flask, agenda: Agenda
) -> None:
    def statements() -> int:
        db.session.commit()
        meeting = meetings.find(agenda.seat, agenda.meeting.public_id)
        item = meetings.item(agenda.seat, agenda.meeting.id, agenda.items[0].public_id)
        assert meeting is not None
        assert item is not None
        with counted(app) as sent:
            panel_cases.view(agenda.seat, meeting, item, today=TODAY, soon_within=10)
        return len(sent)

    decide(agenda.items[0])
    short = statements()
    for number in range(6):
        case = db.session.get_one(Case, agenda.items[0].case_id)
        earlier = make_meeting(agenda.panel, date(2026, 10, 1 + number))
        sign(earlier, decide(put_on_agenda(earlier, case)))
        decide(put_on_agenda(agenda.meeting, make_case()))
    assert statements() == short == 19
