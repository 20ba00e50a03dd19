"""The decisions of a meeting sent round: who is told, of which cases, once, of no child's data.

Every person is invented.
"""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework import clock
from casework.access import Viewer, scope_of
from casework.clock import now
from casework.config import Settings
from casework.emails.messages import Email as EmailWords
from casework.extensions import db
from casework.models import (
    Adviser,
    Attendance,
    AuditEntry,
    Case,
    Interest,
    Message,
    Panel,
    PanelCirculation,
    User,
)
from casework.queries import circulation as queries
from casework.queries import notices
from casework.queries.messages import delivery
from casework.queries.scope import in_scope
from casework.services import circulation, events, outbox
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    circulate,
    decide,
    event_id,
    log,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.mail import Post, with_mail
from tests.fixtures.services import the_service
from tests.fixtures.statements import counted

CANARY = "Zebedee-Canary"
MET = date(2026, 11, 18)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


class Sitting:
    """A meeting of two members that decided two cases, each with an officer."""

    def __init__(self, cases: int = 2) -> None:
        self.panel = make_panel(name=f"Panel {db.session.query(Panel).count()}")
        self.chair = self.person("Cleo", "panel-member")
        self.member = self.person("Mo", "panel-member")
        seat_member(self.panel, self.chair, position="chair")
        seat_member(self.panel, self.member)
        self.meeting = make_meeting(self.panel, MET)
        circulate(self.meeting)
        self.officers = [self.person(f"Officer{n}", "case-officer") for n in range(2)]
        self.cases = [self.case(n) for n in range(cases)]
        self.items = [put_on_agenda(self.meeting, one) for one in self.cases]
        self.decisions = [decide(item) for item in self.items]
        self.record = sign(self.meeting, *self.decisions)

    def person(self, name: str, role: str, **details: Any) -> User:
        return make_user(role, name=name, email=f"{name.lower()}@example.org", **details)

    def case(self, number: int) -> Case:
        child = {"surname": f"{CANARY}-{number}", "forenames": f"{CANARY}-Ida{number}"}
        return make_case(person=child, officer_id=self.officers[number % 2].id)

    def ask(self, case: Case, service: str) -> None:
        """Ask a service for advice on the case."""
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 2)))
        the_service(service)
        log(case, NewEvent(kind="advice_requested", on=date(2026, 10, 2), service=service))

    def interest(self, user: User, case: Case) -> Interest:
        declared = Interest(case_id=case.id, user_id=user.id, nature="A cousin", declared_at=now())
        db.session.add(declared)
        db.session.commit()
        return declared

    def told(self) -> dict[str, set[int]]:
        """Return the places of the cases that each person is told of, by name."""
        found = queries.of_decisions(self.record, TODAY).recipients
        places = {case.id: place for place, case in enumerate(self.cases)}
        return {one.user.name: {places[case] for case in one.cases} for one in found}

    def send(self, version: int = 1) -> circulation.Circulated:
        return circulation.circulate_decisions(
            actor=COMMAND_LINE, today=TODAY, meeting_id=self.meeting.id, record_version=version
        )


@pytest.fixture
def sitting(app: Flask) -> Iterator[Sitting]:
    with app.app_context():
        yield Sitting()


def test_members_are_told_of_every_case_and_officers_of_their_own(sitting: Sitting) -> None:
    assert sitting.told() == {
        "Cleo": {0, 1},
        "Mo": {0, 1},
        "Officer0": {0},
        "Officer1": {1},
    }


def test_nobody_is_told_of_a_case_in_which_they_declared_an_interest(sitting: Sitting) -> None:
    declared = sitting.interest(sitting.member, sitting.cases[0])
    sitting.interest(sitting.officers[1], sitting.cases[1])
    told = sitting.told()
    assert told["Mo"] == {1}
    assert "Officer1" not in told
    declared.ended_at = now()
    db.session.commit()
    assert sitting.told()["Mo"] == {0, 1}


def test_a_service_is_told_of_the_cases_it_was_asked_about_alone(sitting: Sitting) -> None:
    sitting.ask(sitting.cases[0], "speech_and_language")
    sitting.ask(sitting.cases[1], "social_care")
    sitting.person("Sal", "service-member", service="speech_and_language")
    sitting.person("Phil", "service-member", service="physiotherapy")
    sitting.person("Dot", "dco")
    sitting.person("Soc", "social-care-lead")
    told = sitting.told()
    assert (told["Sal"], told["Dot"], told["Soc"]) == ({0}, {0}, {1})
    assert "Phil" not in told


def test_a_service_asked_by_mistake_is_not_told(sitting: Sitting) -> None:
    case = sitting.cases[0]
    sitting.ask(case, "speech_and_language")
    sitting.person("Sal", "service-member", service="speech_and_language")
    assert "Sal" in sitting.told()
    db.session.refresh(case)
    events.strike_out(
        actor=COMMAND_LINE,
        today=TODAY,
        case_id=case.id,
        version=case.version,
        event_id=event_id(case, "advice_requested"),
        reason="Asked by mistake",
    )
    assert "Sal" not in sitting.told()


def test_whoever_is_told_of_a_case_page_may_open_it(sitting: Sitting) -> None:
    for case, service in zip(sitting.cases, ("speech_and_language", "social_care"), strict=True):
        sitting.ask(case, service)
    sitting.person("Sal", "service-member", service="speech_and_language")
    dot = sitting.person("Dot", "dco")
    sitting.person("Soc", "social-care-lead")
    sitting.interest(dot, sitting.cases[0])
    found = queries.of_decisions(sitting.record, TODAY).recipients
    assert {one.user.name for one in found if one.own_cases} == {*("Officer0", "Officer1", "Soc")}
    assert {one.user.name for one in found if one.own_requests} == {"Sal"}
    for one in found:
        user = one.user
        own = user.advice_service_id
        viewer = Viewer(user_id=user.id, name=user.name, role=user.role, service_id=own)
        seen = set(db.session.scalars(select(Case.id).where(in_scope(scope_of(viewer)))))
        assert one.own_cases <= seen


def test_a_service_is_not_told_that_a_case_was_deferred_but_its_officer_is(
    sitting: Sitting,
) -> None:
    sitting.ask(sitting.cases[0], "speech_and_language")
    sitting.person("Sal", "service-member", service="speech_and_language")
    meeting = make_meeting(sitting.panel, date(2026, 11, 11))
    item = put_on_agenda(meeting, sitting.cases[0])
    late = decide(item, handled="deferred", decision=None, advice=None)
    sitting.meeting, sitting.record = meeting, sign(meeting, late)
    told = sitting.told()
    assert told["Officer0"] == {0}
    assert "Sal" not in told


def test_a_member_who_has_left_since_is_not_told_since_they_could_not_open_it(
    sitting: Sitting,
) -> None:
    gone = sitting.person("Gone", "panel-member")
    seat_member(sitting.panel, gone, until_day=date(2026, 11, 20))
    leaving = sitting.person("Leaving", "panel-member")
    seat_member(sitting.panel, leaving, until_day=TODAY)
    assert "Gone" not in sitting.told()
    assert "Leaving" in sitting.told()


def test_a_guest_is_told_where_they_may_see_every_meeting(sitting: Sitting) -> None:
    for name, role in (("Guest", "panel-member"), ("Manager", "manager")):
        user = sitting.person(name, role)
        db.session.add(
            Attendance(
                meeting_id=sitting.meeting.id,
                user_id=user.id,
                name=name,
                agency="education",
                position="member",
                attended="present",
                recorded_at=now(),
            )
        )
    db.session.commit()
    assert "Guest" not in sitting.told()
    assert sitting.told()["Manager"] == {0, 1}


def test_each_gets_an_email_of_their_own_with_links_and_nothing_of_a_child(
    sitting: Sitting, post: Post
) -> None:
    sitting.ask(sitting.cases[0], "speech_and_language")
    sitting.person("Sal", "service-member", service="speech_and_language")
    assert sitting.send() == circulation.Circulated(5, was_done=False)
    assert outbox.send_waiting().sent == 5
    letters = dict(zip(post.recipients, post.messages, strict=True))
    assert len(letters) == 5
    request = db.session.scalars(select(Adviser.public_id)).one()
    for address, page in (
        ("officer0@example.org", f"cases/{sitting.cases[0].public_id}"),
        ("sal@example.org", f"asked/{request}"),
    ):
        text = letters[address].get_content()
        assert f"https://ehc.example.org/{page}" in text
        assert "/meetings/" not in text
        assert "1 case concerns you" in text
    text = letters["mo@example.org"].get_content()
    assert f"https://ehc.example.org/meetings/{sitting.meeting.public_id}/record\r\n" in text
    assert "/cases/" not in text
    assert "2 cases concern you" in text
    for _, raw in post.given:
        assert CANARY.encode() not in raw
        assert not [case for case in sitting.cases if case.reference.encode() in raw]


def test_two_presses_send_once(sitting: Sitting, post: Post) -> None:
    assert not sitting.send().was_done
    assert sitting.send().was_done
    outbox.send_waiting()
    assert len(post.given) == 4
    assert db.session.query(PanelCirculation).filter_by(kind="decisions").count() == 1


def test_two_clerks_at_once_send_once(app: Flask, sitting: Sitting) -> None:
    meeting_id, done = sitting.meeting.id, []
    db.session.rollback()
    start = threading.Barrier(2)

    def press() -> None:
        with app.app_context():
            start.wait()
            done.append(
                circulation.circulate_decisions(
                    actor=COMMAND_LINE, today=TODAY, meeting_id=meeting_id, record_version=1
                ).was_done
            )

    clerks = [threading.Thread(target=press) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(done) == [False, True]
    assert db.session.query(PanelCirculation).filter_by(kind="decisions").count() == 1
    assert db.session.query(Message).count() == 4


def test_the_day_is_noted_with_the_record_and_each_case_is_told_of_it(sitting: Sitting) -> None:
    before = clock.now()
    sitting.send()
    noted = db.session.query(PanelCirculation).filter_by(kind="decisions").one()
    assert noted.record_id == sitting.record.id
    assert before <= noted.circulated_at <= clock.now()
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.like("circulated decision%"))
    ).all()
    told = [(entry.action, entry.case_id) for entry in entries]
    assert told == [
        ("circulated decisions", None),
        *(("circulated decision", case.id) for case in sitting.cases),
    ]


def test_a_meeting_that_nobody_signed_sends_nothing(app: Flask) -> None:
    with app.app_context():
        meeting = make_meeting(make_panel(), MET)
        with pytest.raises(Absent):
            circulation.circulate_decisions(
                actor=COMMAND_LINE, today=TODAY, meeting_id=meeting.id, record_version=1
            )


def test_a_record_signed_again_meanwhile_is_not_sent_unseen(sitting: Sitting) -> None:
    sign(sitting.meeting, *sitting.decisions, version=2, change_why="A slip")
    with pytest.raises(Refused, match="version 2 is now in force"):
        sitting.send(version=1)
    assert db.session.query(Message).count() == 0


def test_of_a_later_version_only_what_changed_is_told(sitting: Sitting, post: Post) -> None:
    sitting.send()
    first, second = sitting.decisions
    changed = decide(
        sitting.items[1], "not_assess", replaces_id=second.id, change_why="A slip of the pen"
    )
    sitting.record = sign(sitting.meeting, first, changed, version=2, change_why="A slip")
    assert sitting.told() == {"Cleo": {1}, "Mo": {1}, "Officer1": {1}}
    sitting.send(version=2)
    outbox.send_waiting()
    subjects = [m["Subject"] for m in post.messages]
    assert len(subjects) == 7
    assert sum(s.startswith("Further decisions of ") for s in subjects) == 3


def test_what_a_deputy_signs_later_goes_round_later_and_alone(sitting: Sitting) -> None:
    late = put_on_agenda(sitting.meeting, sitting.case(0))
    assert queries.of_decisions(sitting.record, TODAY).unsigned == 1
    sitting.send()
    sitting.cases.append(db.session.get_one(Case, late.case_id))
    every = (*sitting.decisions, decide(late))
    sitting.record = sign(sitting.meeting, *every, version=2, change_why="Signed by the deputy")
    assert sitting.told() == {"Cleo": {2}, "Mo": {2}, "Officer0": {2}}
    assert queries.of_decisions(sitting.record, TODAY).unsigned == 0


def test_a_version_that_changes_no_decision_tells_nobody(sitting: Sitting) -> None:
    sitting.send()
    sitting.record = sign(sitting.meeting, *sitting.decisions, version=2, change_why="She came")
    assert sitting.told() == {}


def test_the_email_of_a_meeting_that_has_been_is_not_tried_again_for_its_agenda(
    sitting: Sitting,
) -> None:
    sitting.member.is_active = False
    email = EmailWords("agenda_circulated", "Agenda", "Read it\n")
    about = notices.about_agenda(sitting.meeting.id)
    outbox.put(about=about, to_user_id=sitting.member.id, email=email)
    db.session.commit()
    again = {"actor": COMMAND_LINE, "meeting_id": sitting.meeting.id}
    assert circulation.try_again(today=TODAY, **again) == 0
    assert circulation.try_again(today=MET, **again) == 1


def test_a_version_never_sent_round_leaves_the_next_one_whole(sitting: Sitting) -> None:
    sitting.record = sign(sitting.meeting, *sitting.decisions, version=2, change_why="A slip")
    told = queries.of_decisions(sitting.record, TODAY)
    assert not told.is_further
    assert len(told.cases) == 2


def test_a_case_that_nobody_holds_is_named(sitting: Sitting) -> None:
    sitting.cases[1].officer_id = None
    db.session.commit()
    told = queries.of_decisions(sitting.record, TODAY)
    assert told.without_officer == [sitting.cases[1].reference]


def test_an_account_that_cannot_get_email_is_seen_and_can_be_tried_again(
    sitting: Sitting, post: Post
) -> None:
    sitting.member.email = "mo@elsewhere.example"
    db.session.commit()
    sitting.send()
    outbox.send_waiting()
    about = queries.about_decisions(sitting.record)
    (mo,) = [one for one in delivery(about, now()) if one.name == "Mo"]
    assert (mo.state, mo.why) == (
        "failed",
        "Email may not go to this domain: see the setting mail_domains.",
    )
    sitting.member.email = "mo@example.org"
    db.session.commit()
    again = {"actor": COMMAND_LINE, "today": TODAY, "meeting_id": sitting.meeting.id}
    assert circulation.try_again(**again) == 1
    outbox.send_waiting()
    assert post.recipients.count("mo@example.org") == 1
    assert len(post.given) == 4
    assert circulation.try_again(**again) == 0


def test_what_may_have_arrived_is_not_tried_again(sitting: Sitting, post: Post) -> None:
    sitting.send()
    post.hangs_up = True
    outbox.send_waiting()
    assert (
        circulation.try_again(actor=COMMAND_LINE, today=TODAY, meeting_id=sitting.meeting.id) == 0
    )
    assert len(post.given) == 1


def test_it_asks_the_same_number_of_questions_of_three_cases_and_of_thirty(app: Flask) -> None:
    asked = []
    for cases in (3, 30):
        with app.app_context():
            sitting = Another(cases)
            record = sitting.record
            db.session.refresh(record)
            with counted(app) as sent:
                queries.of_decisions(record, TODAY)
            asked.append(len(sent))
            db.session.remove()
    assert asked[0] == asked[1] <= 11


class Another(Sitting):
    """A sitting whose people have names of their own."""

    def person(self, name: str, role: str, **details: Any) -> User:
        number = db.session.query(User).count()
        return make_user(role, name=name, email=f"{name.lower()}{number}@example.org", **details)
