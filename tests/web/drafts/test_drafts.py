"""Drafts: the day of service follows from the route, and the family's days from it."""

from datetime import date

from flask import Flask

from casework.extensions import db
from casework.models import AuditEntry, CaseEvent, DraftServed
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.people import SignIn
from tests.web.cases.conftest import send


def a_case(app: Flask, started_on: date = date(2026, 9, 7)) -> str:
    with app.app_context():
        case = make_case(started_on)
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        return case.public_id


def served(app: Flask) -> list[tuple[date, str]]:
    with app.app_context():
        rows = db.session.query(CaseEvent.happened_on, DraftServed.route).join(
            DraftServed, DraftServed.event_id == CaseEvent.id
        )
        return [(row[0], row[1]) for row in rows.order_by(CaseEvent.id)]


def test_a_draft_emailed_today_gives_the_family_fifteen_days(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    answer = send(client, f"/cases/{case}/drafts/serve", route="email", sent_on="t")
    assert answer.status_code == 303
    page = client.get(f"/cases/{case}/drafts").text
    assert "the draft counts as served on 23 November 2026" in page
    assert "7 December 2026" in page, "the last day for comments"
    assert "8 December 2026" in page, "the first day for the final"
    assert served(app) == [(date(2026, 11, 23), "email")]


def test_a_draft_in_the_post_is_served_two_working_days_ahead(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    send(client, f"/cases/{case}/drafts/serve", route="post", sent_on="t")
    assert served(app) == [(date(2026, 11, 25), "post")]
    assert "Draft plan with the family" in client.get(f"/cases/{case}").text
    for page in ("drafts", "explain", "views"):
        assert client.get(f"/cases/{case}/{page}").status_code == 200


def test_an_email_after_five_counts_from_the_next_working_day(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    typed = {"route": "email", "sent_on": "20/11/2026", "sent_time": "17:30"}
    send(client, f"/cases/{case}/drafts/serve", **typed)
    assert served(app) == [(date(2026, 11, 23), "email")]


def test_no_route_is_taken_for_granted_since_the_day_follows_from_it(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    answer = send(client, f"/cases/{case}/drafts/serve", sent_on="t")
    assert answer.status_code == 422
    assert "Choose how it was sent" in answer.text
    assert served(app) == []


def test_a_changed_draft_says_why_and_opens_the_days_anew(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    first = {"route": "email", "sent_on": "16/11/2026"}
    send(client, f"/cases/{case}/drafts/serve", **first)
    refused = send(client, f"/cases/{case}/drafts/serve", route="email", sent_on="t")
    assert refused.status_code == 422
    assert "Enter why the draft was changed" in refused.text
    again = {"route": "email", "sent_on": "t", "changed_because": "Speech therapy was added"}
    send(client, f"/cases/{case}/drafts/serve", **again)
    page = client.get(f"/cases/{case}/drafts").text
    assert "Draft 2, served on" in page
    assert "Speech therapy was added" in page
    final = send(
        client,
        f"/cases/{case}/events/new?kind=final_plan_sent",
        on="t",
        recipients="family",
    )
    assert final.status_code == 422, "the days of the second draft are running"
    assert "8 December 2026" in final.text


def test_a_day_that_has_not_come_or_a_case_without_an_assessment_is_refused(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    ahead = send(client, f"/cases/{case}/drafts/serve", route="email", sent_on="24/11/2026")
    assert ahead.status_code == 422
    assert "Day it was sent must be today or in the past" in ahead.text
    with app.app_context():
        new = make_case(date(2026, 11, 16)).public_id
    early = send(client, f"/cases/{new}/drafts/serve", route="email", sent_on="t")
    assert early.status_code == 422
    assert "which is not recorded" in early.text
    assert served(app) == []


def test_the_weeks_left_say_the_last_safe_day_of_each_step(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    page = client.get(f"/cases/{case}/drafts").text
    assert "There is time to take these steps one after another" in page
    assert "26 December 2026" in page, "the draft: 110 days after 7 September"
    assert "25 January 2027" in page, "the final: 20 weeks"


def test_too_late_to_go_in_turn_the_page_says_what_can_run_side_by_side(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    side_by_side, too_late = a_case(app, date(2026, 7, 27)), a_case(app, date(2026, 7, 13))
    page = client.get(f"/cases/{side_by_side}/drafts").text
    assert "Ask the settings while the family has the draft" in page
    page = client.get(f"/cases/{too_late}/drafts").text
    assert "can no longer be in time" in page
    assert "which is past" in page


def test_looking_at_the_drafts_is_told_to_the_audit_trail(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    client.get(f"/cases/{case}/drafts")
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="viewed drafts").count() == 1
