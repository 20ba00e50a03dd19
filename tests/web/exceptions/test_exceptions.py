"""An exception takes two people: one proposes it, another approves it, and the family is told."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.access import EVERY_CASE, Scope
from casework.extensions import db
from casework.models import (
    AuditEntry,
    Case,
    CaseEvent,
    CaseEventException,
    Contact,
    Deadline,
    ExceptionStep,
    Setting,
    SettingClosure,
    User,
)
from casework.queries import approvals
from casework.services import events, exceptions
from casework.services.audit_trail import COMMAND_LINE, Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case
from tests.fixtures.exceptions import FINAL, confirm, decide, entries, propose, propose_page
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn
from tests.fixtures.statements import counted

Happen = Callable[..., None]
NO_PLAN = "case.no_plan_16w"


@pytest.fixture
def case(app: Flask) -> str:
    """Give the identifier of a case whose 20 weeks ended on 12 October 2026."""
    with app.app_context():
        return make_case(date(2026, 5, 25)).public_id


@pytest.fixture
def happen(app: Flask, case: str) -> Happen:
    def happen(*events: NewEvent) -> None:
        with app.app_context():
            log(db.session.query(Case).filter_by(public_id=case).one(), *events)

    return happen


def lifted(app: Flask) -> dict[str, str]:
    """Return by duty the grounds that lift it, of those that any lifts."""
    with app.app_context():
        rows = db.session.scalars(select(Deadline).where(Deadline.lifted_by.is_not(None)))
        return {row.duty: row.lifted_by or "" for row in rows}


def proposed(app: Flask) -> int:
    return entries(app, "exception_proposed")[-1]


def test_only_the_grounds_that_its_regulation_lists_are_offered_for_a_limit(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="advice_requested", on=date(2026, 7, 1), service="camhs"))
    client = sign_in()
    choose = client.get(f"/cases/{case}/exceptions/propose").text
    assert "Which time limit does the exception lift?" in choose
    limits = re.findall(r"propose\?limit=([\w.-]+)", choose)
    grounds = {
        limit: re.findall(
            r'name="ground"[^>]*value="(\w+)"', client.get(propose_page(case, limit)).text
        )
        for limit in limits
    }
    assert grounds[FINAL] == ["X1", "X2", "X3", "X4"]
    assert grounds[next(limit for limit in limits if "adviser" in limit)] == ["X3", "X4", "X5"]
    assert not any("draft_by" in limit for limit in limits)


def test_a_limit_that_was_met_in_time_is_offered_to_no_exception(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    client = sign_in()

    def offered() -> list[str]:
        page = client.get(f"/cases/{case}/exceptions/propose").text
        return re.findall(r"propose\?limit=([\w.-]+)", page)

    assert "case.assess_decision_6w" in offered()
    happen(
        NewEvent(kind="decided_to_assess", on=date(2026, 6, 1)),
        NewEvent(kind="told_will_assess", on=date(2026, 6, 1)),
    )
    assert "case.assess_decision_6w" not in offered()
    assert FINAL in offered()


def test_a_proposal_shows_its_effect_first_and_lifts_nothing(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    path = propose_page(case)
    typed = {"ground": "X3", "reason": "The mother was in hospital", "first_day": "1/9/2026"}
    check = send_form(client, path, **typed, limits=[FINAL, NO_PLAN])
    assert entries(app) == [], "nothing is saved before it was checked"
    assert "SEND Regulations 2014, reg 10(4)(c); SEND Regulations 2014, reg 13(3)(c)" in check.text
    assert check.text.count("Exception: still owed") == 2, "both limits, as they would stand"
    assert "No evidence is given" in check.text
    again = confirm(client, check, path, change="yes")
    assert boxes(again)["reason"] == ["The mother was in hospital"], "to change it, typed as it was"
    assert confirm(client, check, path).status_code == 303
    assert len(entries(app, "exception_proposed")) == 2
    assert lifted(app) == {}
    page = client.get(f"/cases/{case}/exceptions").text
    assert page.count("Waiting for approval") == 2
    assert "Until then it lifts nothing" in page
    assert "not approved yet" in client.get(f"/cases/{case}").text


def test_a_manager_who_did_not_propose_it_approves_it_and_no_day_moves(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    propose(sign_in(), case, evidence="Letter of 2 September", last_day="1/12/2026")
    manager = sign_in("manager", name="Mona Manager")
    page = manager.get(f"/cases/{case}/exceptions/{proposed(app)}/decide").text
    assert "12 October 2026" in page
    assert "Exception: still owed" in page, "the effect, before it is approved"
    assert decide(manager, case, proposed(app)).status_code == 303
    assert lifted(app) == {"final_20w": "X3"}
    with app.app_context():
        rows = db.session.query(CaseEventException).order_by(CaseEventException.event_id).all()
        kept = [(r.regulation, r.ground, r.last_day, r.evidence, r.reason) for r in rows]
        assert kept[0] == kept[1], "the approval has what was proposed"
        assert [row.approver_recorded for row in rows] == [False, True]
        due = db.session.query(Deadline.due_on).filter_by(duty="final_20w").scalar()
        assert due == date(2026, 10, 12)
    page = manager.get(f"/cases/{case}/exceptions").text
    assert "entered by Mona Manager" in page
    assert "Tell the family that it applies and why" in page
    assert "as soon as practicable: it was due on 12 October 2026" in page
    assert "after 1 December 2026" in page, "when it is to be closed"


def test_whoever_proposed_it_cannot_decide_on_it(app: Flask, sign_in: SignIn, case: str) -> None:
    manager = sign_in("manager")
    propose(manager, case)
    path = f"/cases/{case}/exceptions/{proposed(app)}/decide"
    page = manager.get(path).text
    assert "You proposed this exception, so you cannot decide on it" in page
    assert 'name="decision"' not in page
    token = boxes(manager.get(propose_page(case)))
    for decision in ("approve", "refuse"):
        sent = {**token, "decision": decision, "reason": "No"}
        answer = manager.post(path, data=sent)
        assert answer.status_code == 422
        assert "Ask another manager" in answer.text
    assert lifted(app) == {}
    assert len(entries(app)) == 1
    assert "so another manager decides" in manager.get("/exceptions").text


def test_what_is_not_approved_lifts_nothing_and_says_why(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    officer, manager = sign_in(), sign_in("manager")
    propose(officer, case)
    silent = decide(manager, case, proposed(app), decision="refuse")
    assert silent.status_code == 422
    assert "Enter why it is not approved" in silent.text
    decide(manager, case, proposed(app), decision="refuse", reason="Staffing is no ground")
    assert lifted(app) == {}
    page = officer.get(f"/cases/{case}/exceptions").text
    assert "Staffing is no ground" in page
    assert "Nothing." in page
    assert propose(officer, case).status_code == 303, "it may be proposed anew"


def test_nothing_is_proposed_or_decided_twice(app: Flask, sign_in: SignIn, case: str) -> None:
    officer, manager = sign_in(), sign_in("manager")
    path = propose_page(case)
    check = send_form(officer, path, ground="X3", reason="Ill")
    for _ in range(2):
        assert confirm(officer, check, path).status_code == 303
    assert "sent twice and recorded once" in officer.get(f"/cases/{case}/exceptions").text
    anew = propose(officer, case)
    assert anew.status_code == 422
    assert "proposed or approved already" in anew.text
    where = f"/cases/{case}/exceptions/{proposed(app)}/decide"
    page = manager.get(where)
    for _ in range(2):
        assert send_again(manager, page, where, decision="approve").status_code == 303
    assert len(entries(app)) == 2
    assert manager.get(where).status_code == 303
    assert "That was done already" in manager.get(f"/cases/{case}/exceptions").text


def test_two_proposals_are_told_apart_when_one_is_decided_from_an_old_page(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    officer, manager = sign_in(), sign_in("manager")
    propose(officer, case, limits=[FINAL, NO_PLAN])
    first, second = entries(app)
    where = f"/cases/{case}/exceptions/{second}/decide"
    old = manager.get(where)
    decide(manager, case, first)
    stale = send_again(manager, old, where, decision="approve")
    assert stale.status_code == 409, "the approval of the other is not taken for this one"
    assert send_again(manager, stale, where).status_code == 303
    assert lifted(app) == {"final_20w": "X3", "no_plan_16w": "X3"}


def test_a_proposal_that_was_taken_back_cannot_be_approved(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    officer, manager = sign_in(), sign_in("manager")
    propose(officer, case)
    proposal = proposed(app)
    old = manager.get(f"/cases/{case}/exceptions/{proposal}/decide")
    send_form(officer, f"/cases/{case}/events/{proposal}/strike-out", note="The wrong child")
    where = f"/cases/{case}/exceptions/{proposal}/decide"
    assert send_again(manager, old, where, decision="approve").status_code == 303
    with app.app_context():
        held = db.session.query(Case).one()
        now = {"case_id": held.id, "version": held.version, "proposal_id": proposal}
        with pytest.raises(Refused, match="was struck out"):
            exceptions.approve(actor=COMMAND_LINE, today=TODAY, **now)
    assert lifted(app) == {}
    assert manager.get(f"/cases/{case}/exceptions/999/decide").status_code == 404


def test_what_two_people_agreed_is_not_corrected_and_comes_out_in_order(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    officer = sign_in()
    propose(officer, case)
    decide(sign_in("manager"), case, proposed(app))
    first, approval = entries(app)
    for entry in (first, approval):
        answer = officer.get(f"/cases/{case}/events/{entry}/correct")
        assert answer.location.endswith("/exceptions")
        with pytest.raises(Refused, match="is not changed"):
            happen(NewEvent(kind="exception_recorded", on=TODAY, corrects_id=entry))
    strike = f"/cases/{case}/events/{{}}/strike-out"
    early = send_form(officer, strike.format(first), note="A slip")
    assert early.status_code == 422
    assert "“Exception recorded” rests on this" in early.text
    send_form(officer, strike.format(approval), note="A slip")
    assert lifted(app) == {}
    assert "Waiting for approval" in officer.get(f"/cases/{case}/exceptions").text
    assert send_form(officer, strike.format(first), note="A slip").status_code == 303
    assert "No exception has been proposed" in officer.get(f"/cases/{case}/exceptions").text


def test_the_family_is_told_and_the_end_is_recorded_with_what_is_owed_then(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    officer = sign_in()
    propose(officer, case, first_day="1/9/2026", last_day="1/12/2026")
    decide(sign_in("manager"), case, proposed(app))
    where = f"/cases/{case}/exceptions/{proposed(app)}"
    page = officer.get(f"{where}/tell").text
    assert "“Send the final plan” by 12 October 2026. We cannot keep to it" in page
    before = send_form(officer, f"{where}/tell", on="22/11/2026", way="letter")
    assert before.status_code == 422
    assert "This is before “Exception recorded” on Monday 23 November 2026" in before.text
    told = {"way": "telephone", "words": "The mother agreed"}
    assert send_form(officer, f"{where}/tell", **told).status_code == 303
    early = send_form(officer, f"{where}/end", on="31/8/2026", reason="She is home")
    assert early.status_code == 422
    assert "before its first day, Tuesday 1 September 2026" in early.text
    assert send_form(officer, f"{where}/end", on="20/11/2026", reason="Home").status_code == 303
    page = officer.get(f"/cases/{case}/exceptions").text
    assert "By telephone: The mother agreed" in page
    assert "20 November 2026, entered by Ada Example. Home" in page
    owed = page.split("Still owed")[1].split("</ul>")[0]
    assert re.findall(r"<li>(.*?)</li>", owed) == [
        "Send the final plan, as soon as practicable: it was due on 12 October 2026."
    ]
    for step in ("tell", "end"):
        assert officer.get(f"{where}/{step}").status_code == 303, "neither is done twice"
    assert lifted(app) == {"final_20w": "X3"}, "the limit stays lifted"


def test_a_letter_may_tell_of_an_approved_exception_of_its_own_case_alone(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    propose(sign_in(), case)
    told = exceptions.told_event(proposed(app), TODAY, "By letter")
    with pytest.raises(Refused, match="which is not recorded"):
        happen(told)
    decide(sign_in("manager"), case, proposed(app))
    with app.app_context():
        other = make_case(date(2026, 5, 25), person={"surname": "Another"})
        log(other, NewEvent(kind="exception_recorded", on=TODAY))
        with pytest.raises(Refused, match="not approved"):
            log(other, told)
    happen(told)
    proposal = proposed(app)
    with app.app_context():
        of_it = db.session.query(CaseEvent).filter_by(kind="exception_told").one()
        step = db.session.get_one(ExceptionStep, of_it.id)
        assert (step.proposal_id, step.words) == (proposal, "By letter")


def test_a_last_day_that_had_come_when_it_was_proposed_needs_no_other_end(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    propose(sign_in(), case, "case.final_20w", "X4", first_day="1/9/2026", last_day="9/10/2026")
    manager = sign_in("manager")
    decide(manager, case, proposed(app))
    page = manager.get(f"/cases/{case}/exceptions").text
    assert "9 October 2026, as the proposal says" in page
    assert "Record that it has ended" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ground": "X4", "first_day": "1/10/2026", "last_day": "20/10/2026"}, "at least 4 weeks"),
        ({"ground": "X3", "first_day": "2/10/2026", "last_day": "1/10/2026"}, "same as or after"),
        ({"reason": ""}, "Enter why it was impractical"),
        ({"ground": "X5"}, "Choose an answer from the list"),
        ({"ground": None}, "Choose the ground that the law lists"),
        ({"limits": None}, "Choose the time limit"),
        ({"limits": ["case.nonsense"]}, "Choose answers from the list"),
    ],
)
def test_what_the_law_does_not_know_is_refused_and_what_was_typed_is_kept(
    app: Flask, sign_in: SignIn, case: str, typed: dict[str, str], words: str
) -> None:
    answer = propose(sign_in(), case, **{"evidence": "In the file"} | typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "In the file" in answer.text
    assert entries(app) == []


def test_a_ground_is_not_taken_over_to_a_limit_whose_regulation_does_not_list_it(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="advice_requested", on=date(2026, 7, 1), service="camhs"))
    client = sign_in()
    page = client.get(propose_page(case))
    camhs = next(key for key in re.findall(r'value="([\w.-]+)"', page.text) if "adviser" in key)
    answer = propose(client, case, ground="X1", limits=[FINAL, camhs])
    assert answer.status_code == 422
    assert "The law does not list this ground for “Answer the authority" in answer.text
    assert entries(app) == []


def closed_in_summer(app: Flask) -> None:
    with app.app_context():
        closure = SettingClosure(first_day=date(2026, 7, 22), last_day=date(2026, 9, 3))
        held = db.session.query(Case).one()
        held.setting = Setting(name="An Invented School", name_key="invented", closures=[closure])
        db.session.commit()


@pytest.mark.parametrize(
    ("asked", "bears_out"), [(date(2026, 7, 16), True), (date(2026, 9, 21), False)]
)
def test_a_closure_is_checked_against_the_day_of_asking_and_gives_its_days(
    app: Flask, sign_in: SignIn, case: str, happen: Happen, asked: date, bears_out: bool
) -> None:
    client = sign_in()
    assert "No closure of 4 weeks or more is recorded" in client.get(propose_page(case)).text
    closed_in_summer(app)
    happen(NewEvent(kind="advice_requested", on=asked, service="school"))
    page = client.get(propose_page(case)).text
    assert ("the dates bear it out" in page) is bears_out
    assert "does not excuse a late answer to a consultation" in page
    typed = {"ground": "X1", "reason": "The school was closed"}
    check = send_form(client, propose_page(case), **typed)
    assert "does not excuse a late answer to a consultation" in check.text
    assert ("The dates do not bear this out" in check.text) is not bears_out
    confirm(client, check, propose_page(case))
    with app.app_context():
        kept = db.session.query(CaseEventException).one()
        days = (date(2026, 7, 22), date(2026, 9, 3)) if bears_out else (None, None)
        assert (kept.first_day, kept.last_day) == days


def test_the_page_by_which_one_person_lifted_a_limit_leads_to_the_proposal(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    old = f"/cases/{case}/events/new?kind=exception_recorded&limit={FINAL}"
    assert client.get(old).location == propose_page(case)
    sent = {**boxes(client.get(propose_page(case))), "ground": "X3", "reason": "Ill", "on": "t"}
    assert client.post(old, data=sent).location == propose_page(case)
    assert entries(app) == []
    assert propose_page(case) in client.get(f"/cases/{case}").text


def test_what_was_recorded_before_or_by_a_tracker_stays_as_it_was(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    kept = {"regulation": "13(3)", "ground": None, "reason": "exc - see email"}
    happen(NewEvent(kind="exception_recorded", on=date(2026, 9, 14), exception=kept))
    manager = sign_in("manager")
    page = manager.get(f"/cases/{case}/exceptions").text
    assert "Recorded, never proposed" in page
    assert "No lawful ground could be read" in page
    assert "Tell the family" not in page, "nothing is asked of it afterwards"
    with app.app_context():
        entry = event_id(db.session.query(Case).one(), "exception_recorded")
    correct = f"/cases/{case}/events/{entry}/correct"
    check = send_form(manager, correct, ground="X3", reason="Ill")
    assert send_again(manager, check, correct).status_code == 303
    assert lifted(app) == {"final_20w": "X3"}
    assert "No proposal waits" in manager.get("/exceptions").text


def test_no_protected_detail_is_kept_in_the_words_of_an_exception(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    with app.app_context():
        person_id = db.session.query(Case.person_id).filter_by(public_id=case).scalar()
        hidden = {"address": "7 Hidden Lane, ZZ1 1ZZ", "address_is_protected": True}
        who = {"name": "Amal Invented", "relationship_to_child": "mother"}
        db.session.add(Contact(person_id=person_id, **who, **hidden))
        db.session.commit()
    officer, manager = sign_in(), sign_in("manager")
    for typed in ({"reason": "Moved to ZZ1 1ZZ"}, {"evidence": "Seen at 7 Hidden Lane"}):
        answer = propose(officer, case, **typed)
        assert answer.status_code == 422
        assert "Take out every address" in answer.text
    propose(officer, case)
    where = f"/cases/{case}/exceptions/{proposed(app)}"
    refused = decide(manager, case, proposed(app), decision="refuse", reason="Not at ZZ1 1ZZ")
    assert refused.status_code == 422
    decide(manager, case, proposed(app))
    for step, typed in {
        "tell": {"way": "letter", "words": "To 7 Hidden Lane"},
        "end": {"on": "t", "reason": "Back at 7 Hidden Lane"},
    }.items():
        assert send_form(officer, f"{where}/{step}", **typed).status_code == 422
    assert len(entries(app)) == 2


@pytest.mark.parametrize("role", ["case-officer", "manager"])
@pytest.mark.parametrize("ground", [None, "X1"])
def test_nobody_lifts_a_limit_alone_by_correcting_what_a_tracker_said(
    app: Flask, sign_in: SignIn, case: str, role: str, ground: str | None
) -> None:
    client = sign_in(role)
    kept = {"regulation": "13(3)", "ground": ground, "reason": "exc - see email"}
    with app.app_context():
        held = db.session.query(Case).one()
        brought_in_by = db.session.query(User.id).filter_by(role="manager").scalar()
        events.log_events(
            actor=Actor(brought_in_by, "web"),
            today=TODAY,
            case_id=held.id,
            version=held.version,
            events=[
                NewEvent(kind="exception_recorded", on=date(2026, 9, 14), exception=kept),
            ],
        )
        entry = event_id(held, "exception_recorded")
    correct = f"/cases/{case}/events/{entry}/correct"
    assert "a manager who did not enter it" in client.get(correct).text
    typed = {"reason": "Ill", "first_day": "1/9/2026", "last_day": "2/9/2026"}
    check = send_form(client, correct, **typed)
    sent = send_again(client, check, correct, ground="X3")
    assert sent.status_code == (422 if ground else 303), "another cannot be chosen"
    if ground:
        assert send_again(client, check, correct).status_code == 303
    assert lifted(app) == {"final_20w": ground or "unread"}
    with app.app_context():
        rows = db.session.query(CaseEventException).order_by(CaseEventException.event_id)
        assert [(row.ground, row.reason) for row in rows][1:] == [(ground, "Ill")]


def test_reasons_are_for_those_who_may_read_notes(app: Flask, sign_in: SignIn, case: str) -> None:
    propose(sign_in(), case, evidence="A letter from the ward")
    clerk = sign_in("panel-clerk").get(f"/cases/{case}/exceptions")
    assert clerk.status_code == 200
    assert "Exceptional personal circumstances" in clerk.text
    assert "hospital" not in clerk.text
    assert "the ward" not in clerk.text
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="viewed exceptions").count() == 1


def test_managers_find_what_waits_oldest_first_and_whom_nobody_told_in_one_statement(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    officer, manager = sign_in(name="Olu Officer"), sign_in("manager")
    empty = manager.get("/exceptions").text
    assert "No proposal waits for approval" in empty
    assert "No new plan was sent" in empty
    with app.app_context():
        others = [make_case(date(2026, 5, 25)).public_id for _ in range(3)]
    for one in (*others, case):
        propose(officer, one)
    first, second, third, last = entries(app)
    decide(manager, others[0], first)
    decide(manager, others[1], second, decision="refuse", reason="No")
    page = manager.get("/exceptions").text
    waiting, to_be_told = page.split('id="to-be-told"')
    assert re.findall(r"exceptions/(\d+)/decide", waiting) == [str(third), str(last)]
    assert re.findall(r"exceptions/(\d+)/tell", to_be_told) == [str(first)]
    assert "by Olu Officer" in waiting
    assert "Send the final plan, due 12 October 2026" in waiting
    with counted(app) as sent, app.app_context():
        assert len(approvals.approvals(EVERY_CASE).waiting) == 2
        assert approvals.approvals(Scope()).waiting == []
    assert len(sent) == 2, "one for each of the two calls"
    with app.app_context():
        viewed = db.session.query(AuditEntry).filter_by(action="viewed list of exceptions")
        assert viewed.count() == 3, "each case on it, once"
    assert officer.get("/exceptions").status_code == 403


def test_managers_are_warned_where_many_plans_are_exceptions(app: Flask, sign_in: SignIn) -> None:
    plan = [NewEvent(kind="told_will_assess", on=date(2026, 6, 1))]
    plan += [NewEvent(kind="draft_served", on=date(2026, 8, 3))]
    for recipient in ("family", "institution", "health_body"):
        day = date(2026, 9, 1)
        plan.append(NewEvent(kind="final_plan_sent", on=day, recipient=recipient))
    kept = {"regulation": "13(3)", "ground": "X3", "reason": "Ill"}
    marked = NewEvent(kind="exception_recorded", on=TODAY, exception=kept)
    manager = sign_in("manager")

    def planned(*more: NewEvent) -> None:
        made = make_case(date(2026, 5, 25))
        for event in (*plan, *more):
            log(made, event)

    with app.app_context():
        for number in range(6):
            planned(*([marked] if number < 4 else []))
    page = manager.get("/exceptions").text
    assert "4 of 6 new plans (66.7%)" in page
    assert "it is 2.5%" in page
    assert "far above the usual" not in page, "four plans prove nothing"
    with app.app_context():
        planned(marked)
        planned(NewEvent(kind="exception_proposed", on=TODAY, exception=kept))
    page = manager.get("/exceptions").text
    assert "5 of 8 new plans" in page, "what is only proposed is no exception"
    assert "far above the usual" in page
