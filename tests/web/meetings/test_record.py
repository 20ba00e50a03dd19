"""The record of a meeting: who reads what of it, and the signature. All people are invented."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework import clock
from casework.extensions import db
from casework.models import (
    AgendaItem,
    Attendance,
    AuditEntry,
    Case,
    DecisionCondition,
    DecisionEvidence,
    PanelDecision,
    PanelMeeting,
    PanelRecord,
    PanelView,
    Paper,
    User,
)
from casework.services import decisions
from casework.services.audit_trail import COMMAND_LINE
from casework.services.decisions import NewDecision
from casework.services.passwords import hash_password
from tests.factories import add_document, decide
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import PASSWORD, SignIn
from tests.fixtures.sittings import NEXT, PEOPLE, Sitting, hold_meeting
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def path(app: Flask) -> str:
    """Hold a meeting with three cases; give the address of its record."""
    with app.app_context():
        return f"/meetings/{hold_meeting().meeting.public_id}/record"


@pytest.fixture
def enter(app: Flask, sign_in: SignIn) -> Enter:
    """Give a function that signs in somebody of the panel, by position, or of a role."""

    def enter(who: str) -> FlaskClient:
        if who.removeprefix("few-").removeprefix("many-") not in dict(PEOPLE):
            return sign_in(who)
        with app.app_context():
            user = db.session.query(User).filter_by(email=f"{who}@example.org").one()
            user.password_hash = hash_password(PASSWORD)
            db.session.commit()
        return sign_in(email=f"{who}@example.org")

    return enter


def test_what_is_not_recorded_is_listed_on_top_as_what_stops_signing(
    app: Flask, path: str, enter: Enter
) -> None:
    with app.app_context():
        decide(items()[0])
        _, second, third = references()
    page = enter("panel-clerk").get(path).text
    top = page[: page.index("Who was there, and for whom")]
    assert "2 cases are not recorded yet" in top
    assert second in top
    assert third in top


def test_the_record_says_all_that_was_settled(app: Flask, path: str, enter: Enter) -> None:
    with app.app_context():
        item = items()[0]
        decide(
            item,
            missing="A report from the nursery",
            differing_views="Health would have waited",
            cost_discussed="after",
            evidence=[DecisionEvidence(words="School’s report, version 2")],
            conditions=[
                DecisionCondition(words="Ask the clinic", owner="Oona", due_on=date(2026, 12, 4))
            ],
        )
        for user in db.session.query(User).limit(2):
            view = PanelView(item_id=item.id, user_id=user.id, leans_to="assess", words="Yes")
            view.entered_at = clock.now()
            db.session.add(view)
        second = items()[1]
        deferred = {"advice": None, "decision": None, "handled": "deferred"}
        to = sitting().next
        decide(second, **deferred, carried_why="The parent is ill", carried_to_id=to.id)
        db.session.commit()
    page = enter("panel-clerk").get(path).text
    for words in (
        *("Invented panel", "Wednesday 18 November 2026", "Invented chair", "There is a quorum"),
        *("Children and Families Act 2014, s.36(8)", "The evidence shows it."),
        *("A report from the nursery", "Health would have waited", "School’s report, version 2"),
        *("Ask the clinic", "Oona, by 4 December 2026", "2 leaned to “Assess”"),
        *("After what is suitable was settled", "The parent is ill", "Wednesday 2 December 2026"),
        *("Advice of the panel", "Decision of the authority"),
    ):
        assert words in page, words
    assert "Invented 0" not in page
    assert "Ida" not in page


def test_the_record_says_what_the_panel_had_before_it_when_it_was_signed(
    app: Flask, path: str, enter: Enter
) -> None:
    decide_all(app)
    chair, clerk = enter("chair"), enter("panel-clerk")
    with app.app_context():
        before = clock.now() - timedelta(days=9)
        choose("School report", before)
        choose("Late report", clock.now())
    assert send_form(chair, f"{path}/sign").status_code == 303
    with app.app_context():
        choose("Report of next week", clock.now() + timedelta(days=7))
    page = clerk.get(path).text
    assert "School report, version 1</li>" in page
    assert "Late report, version 1, late: added" in page
    assert "Report of next week" not in page


def choose(title: str, at: datetime) -> None:
    """Choose a new document of the first case as its paper, at a moment."""
    item = items()[0]
    case, others = db.session.get_one(Case, item.case_id), db.session.query(Paper).count()
    document = add_document(case, title=title, pages=others + 1)
    paper = Paper(item_id=item.id, document_id=document.id, place=1, chosen_at=at)
    db.session.add(paper)
    db.session.commit()


def test_nobody_reads_a_draft_but_those_of_the_meeting(app: Flask, path: str, enter: Enter) -> None:
    decide_all(app)
    with app.app_context():
        first = references()[0]
    for who in ("panel-clerk", "manager", "chair", "member"):
        assert first in enter(who).get(path).text, who
    page = enter("case-officer").get(path)
    assert page.status_code == 200
    assert first not in page.text
    assert "not signed yet" in page.text


def test_each_case_on_the_page_is_told_to_the_audit_trail(
    app: Flask, path: str, enter: Enter
) -> None:
    enter("panel-clerk").get(path)
    with app.app_context():
        told = db.session.query(AuditEntry).filter_by(action="viewed record of meeting").all()
        assert [entry.case_id for entry in told] == [item.case_id for item in items()]


def test_a_case_of_their_own_is_left_out_for_whoever_has_an_interest(
    app: Flask, path: str, enter: Enter
) -> None:
    decide_all(app)
    with app.app_context():
        held = sitting()
        held.declare("member", held.items[0])
        first, second, _ = references()
    page = enter("member").get(path).text
    assert first not in page
    assert second in page
    assert "1 case is left out" in page
    assert "An invented aunt" in enter("panel-clerk").get(path).text


def test_the_chair_signs_and_officers_then_read_it(app: Flask, path: str, enter: Enter) -> None:
    decide_all(app)
    chair = enter("chair")
    assert "What you sign" in chair.get(f"{path}/sign").text
    answer = send_form(chair, f"{path}/sign")
    assert (answer.status_code, answer.location) == (303, path)
    assert "The record is signed: 3 cases." in chair.get(path).text
    page = enter("case-officer").get(path).text
    assert "was signed by <strong>Invented chair</strong>" in page
    assert "Not signed" not in page
    assert "There is nothing to sign" in chair.get(f"{path}/sign").text


def test_the_clerk_is_told_who_signs(app: Flask, path: str, enter: Enter) -> None:
    decide_all(app)
    clerk = enter("panel-clerk")
    page = clerk.get(f"{path}/sign")
    assert "signed by the chair or a deputy who was there: Invented chair" in page.text
    token = boxes(clerk.get("/account"))["csrf_token"][0]
    answer = clerk.post(f"{path}/sign", data={"csrf_token": token})
    assert answer.status_code in (409, 422)
    with app.app_context():
        assert not db.session.query(PanelRecord).count()


def test_where_no_later_meeting_is_set_the_page_says_what_to_do(
    app: Flask, path: str, enter: Enter
) -> None:
    with app.app_context():
        sitting().next.cancelled_at = clock.now()
        db.session.commit()
    chair = enter("chair")
    answer = send_form(chair, f"{path}/sign", why="Time ran out")
    assert answer.status_code == 422
    assert "Choose the meeting that they go to" in answer.text
    assert "No later meeting of this panel is set" in answer.text
    assert "Due by law on 7 December 2026" in answer.text


def test_attendance_comes_first(app: Flask, path: str, enter: Enter) -> None:
    with app.app_context():
        db.session.query(Attendance).delete()
        db.session.commit()
    page = enter("panel-clerk").get(path).text
    assert "No attendance is recorded yet" in page
    assert "Record who came" in page


def test_the_rest_is_marked_as_not_heard_in_one_act(app: Flask, path: str, enter: Enter) -> None:
    with app.app_context():
        decide(items()[0])
    chair = enter("chair")
    answer = send_form(chair, f"{path}/sign")
    assert answer.status_code == 422
    assert "Nothing is recorded of" in answer.text
    assert send_again(chair, answer, f"{path}/sign", why="Time ran out").status_code == 303
    with app.app_context():
        handled = [one.handled for one in db.session.query(PanelDecision).order_by("id")]
        assert handled == ["decided", "not_heard", "not_heard"]
        went = db.session.query(AgendaItem).filter(AgendaItem.carried_from_id.is_not(None)).all()
        assert {one.meeting.on_day for one in went} == {NEXT}


def test_without_a_quorum_both_ways_out_are_offered_to_whom_they_are_open(
    app: Flask, path: str, enter: Enter
) -> None:
    decide_all(app)
    with app.app_context():
        sitting().came("member", "absent")
    chair = enter("chair")
    page = chair.get(f"{path}/sign").text
    assert "There is no quorum" in page
    assert "Health" in page
    assert "They go to a meeting that has a quorum" in page
    assert "I take these decisions myself" not in page
    answer = send_form(chair, f"{path}/sign")
    assert answer.status_code == 422
    assert "cannot be signed as the panel’s decision" in answer.text
    manager = enter("manager")
    assert "I take these decisions myself" in manager.get(f"{path}/sign").text
    assert send_form(manager, f"{path}/sign", without_quorum="officer").status_code == 303
    page = enter("case-officer").get(path).text
    assert "as an officer, outside the panel" in page
    assert "The meeting had no quorum" in page


def test_a_decision_that_cannot_be_a_fact_is_named_and_nothing_is_signed(
    app: Flask, path: str, enter: Enter
) -> None:
    decide_all(app)
    with app.app_context():
        second = items()[1]
        made = db.session.query(PanelDecision).filter_by(item_id=second.id).one()
        decide(second, decided_on=date(2026, 10, 1), replaces_id=made.id)
        reference = references()[1]
    answer = send_form(enter("chair"), f"{path}/sign")
    assert answer.status_code == 422
    assert "Nothing is signed yet" in answer.text
    assert f"{reference}: " in answer.text
    with app.app_context():
        assert not db.session.query(PanelRecord).count()


def test_what_changed_while_it_was_open_is_shown_before_it_is_signed(
    app: Flask, path: str, enter: Enter
) -> None:
    decide_all(app)
    chair, deputy = enter("chair"), enter("deputy")
    opened = chair.get(f"{path}/sign")
    assert send_form(deputy, f"{path}/sign").status_code == 303
    answer = send_again(chair, opened, f"{path}/sign")
    assert answer.status_code == 409
    assert "version 1 was signed by Invented deputy" in answer.text


def test_whoever_presses_twice_has_signed_once(app: Flask, path: str, enter: Enter) -> None:
    decide_all(app)
    chair = enter("chair")
    opened = chair.get(f"{path}/sign")
    for _ in range(2):
        assert send_again(chair, opened, f"{path}/sign").location == path
    with app.app_context():
        assert db.session.query(PanelRecord).count() == 1


def test_a_record_that_nobody_has_signed_is_shown_to_the_clerk_and_the_chair(
    app: Flask, path: str, enter: Enter
) -> None:
    words = "Records that wait for a signature"
    for who, is_shown in (("panel-clerk", True), ("chair", True), ("case-officer", False)):
        page = enter(who).get("/panels").text
        assert (words in page) is is_shown, who
        assert (f'href="{path}"' in page) is is_shown, who
    decide_all(app)
    send_form(enter("deputy"), f"{path}/sign")
    assert words not in enter("chair").get("/panels").text


def test_earlier_versions_stay_readable_with_what_changed_in_words(
    app: Flask, path: str, enter: Enter
) -> None:
    decide_all(app)
    chair, officer = enter("chair"), enter("case-officer")
    send_form(chair, f"{path}/sign")
    with app.app_context():
        item, reference = items()[0], references()[0]
        new = NewDecision(
            advice="not_assess", decision="not_assess", reasons="No.", change_why="A slip"
        )
        decisions.record(
            actor=COMMAND_LINE, today=clock.today(), item_id=item.id, version=item.version, new=new
        )
    page = chair.get(path).text
    assert "Changed since it was signed" in page
    assert "Version 2 needs a signature" in page
    assert "“Assess” became “Do not assess”" in page
    page = officer.get(path).text
    assert "Do not assess" not in page
    assert "Something was recorded since that is not signed yet" in page
    assert send_form(chair, f"{path}/sign").status_code == 422
    assert send_form(chair, f"{path}/sign", change_why="The clerk slipped").status_code == 303
    page = officer.get(path).text
    assert "What changed since version 1" in page
    assert f"{reference}</strong>: “Assess” became “Do not assess”" in page
    assert "The clerk slipped" in page
    first = officer.get(f"{path}/1").text
    assert "This is an earlier version" in first
    assert "Do not assess" not in first
    assert officer.get(f"{path}/3").status_code == 404


@pytest.mark.parametrize("signed", [False, True])
def test_the_record_takes_as_many_statements_for_thirty_cases_as_for_three(
    app: Flask, enter: Enter, signed: bool
) -> None:
    clerk, sent = enter("panel-clerk"), {}
    for number, name in ((3, "few-"), (30, "many-")):
        with app.app_context():
            held = hold_meeting(number, name)
            for item in held.items:
                decide(item)
            address = f"/meetings/{held.meeting.public_id}/record"
        if signed:
            assert send_form(enter(f"{name}chair"), f"{address}/sign").status_code == 303
        clerk.get(address)
        with counted(app) as statements:
            page = clerk.get(address).text
        assert page.count("casework-decision__heading") == number
        sent[number] = len(statements)
    assert sent[3] == sent[30]
    assert sent[30] <= 40


def items() -> list[AgendaItem]:
    return db.session.query(AgendaItem).order_by(AgendaItem.id).all()[:3]


def references() -> list[str]:
    return [db.session.get_one(Case, item.case_id).reference for item in items()]


def decide_all(app: Flask) -> None:
    with app.app_context():
        for item in items():
            decide(item)


def sitting() -> Sitting:
    """Return the meeting that `path` held, in the context that is open now."""
    wanted = [f"{position}@example.org" for position, _ in PEOPLE]
    users = {one.email: one for one in db.session.query(User).filter(User.email.in_(wanted))}
    people = {position: users[f"{position}@example.org"] for position, _ in PEOPLE}
    found = items()
    following = db.session.query(PanelMeeting).filter_by(on_day=NEXT).one()
    return Sitting(found[0].meeting, following, found, people)
