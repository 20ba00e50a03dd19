"""Logging what happened: one short page, nothing twice, nothing out of order by mistake."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import Adviser, Case, CaseEvent
from casework.services.events import NewEvent
from tests.factories import event_id, make_case
from tests.fixtures.forms import boxes
from tests.fixtures.people import SignIn, token_in
from tests.web.cases.conftest import send

pytestmark = pytest.mark.embedded

Happen = Callable[..., None]


def entered(app: Flask) -> list[tuple[str, date]]:
    with app.app_context():
        rows = db.session.execute(
            select(CaseEvent.kind, CaseEvent.happened_on).order_by(CaseEvent.id)
        )
        return [(row.kind, row.happened_on) for row in rows][1:]


def log(client: FlaskClient, case: str, kind: str, **typed: object) -> TestResponse:
    return send(client, f"/cases/{case}/events/new?kind={kind}", **typed)


def test_an_event_is_logged_with_one_letter_for_today(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    answer = log(client, case, "considering_notified", on="t")
    assert answer.status_code == 303
    assert answer.location == f"/cases/{case}"
    assert entered(app) == [("considering_notified", date(2026, 11, 23))]
    page = client.get(f"/cases/{case}").text
    assert "Saved: Family told we are considering an assessment, 23 November 2026." in page
    assert "Considering whether to assess" in page


def test_the_likeliest_next_events_are_offered_first(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    client = sign_in()

    def offered() -> list[str]:
        page = client.get(f"/cases/{case}").text
        log_part = page.split('id="log"', 1)[1].split("Something else happened", 1)[0]
        return [
            found[0] or {"advice/ask": "advice_requested"}.get(found[1], "draft_served")
            for found in re.findall(r'kind=(\w+)|(advice/ask|drafts/serve)"', log_part)
        ]

    assert offered() == ["considering_notified", "decided_to_assess", "decided_not_to_assess"]
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    assert offered()[0] == "advice_requested"
    happen(NewEvent(kind="advice_requested", on=date(2026, 9, 21), service="camhs"))
    assert offered()[0] == "advice_received"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the day it happened"),
        ("24/11/2026", "must be today or in the past"),
        ("31/2/2026", "31"),
        ("soon", "Enter"),
        ("6/9/2026", "Request received"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_its_reason_and_what_was_typed_is_kept(
    app: Flask, sign_in: SignIn, case: str, typed: str, words: str
) -> None:
    answer = log(sign_in(), case, "told_will_assess", on=typed, note="By first-class post")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert words in answer.text
    assert "<title>Error: " in answer.text
    assert f'value="{typed}"' in answer.text
    assert "By first-class post" in answer.text
    assert entered(app) == []


def test_an_officer_is_told_to_ask_a_manager_about_a_day_out_of_order(
    sign_in: SignIn, case: str
) -> None:
    answer = log(sign_in(), case, "decided_to_issue", on="1/11/2026")
    assert answer.status_code == 422
    assert "which is not recorded" in answer.text
    assert "ask a manager to record it" in answer.text
    assert 'name="oddity"' not in answer.text


def test_an_officer_cannot_send_the_reason_that_only_a_manager_may_give(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    answer = log(sign_in(), case, "decided_to_issue", on="1/11/2026", oddity="I say so")
    assert answer.status_code == 422
    assert entered(app) == []


def test_a_manager_records_a_true_oddity_with_a_reason(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in("manager")
    first = log(client, case, "decided_to_issue", on="1/11/2026")
    assert first.status_code == 422
    assert 'name="oddity"' in first.text
    answer = log(client, case, "decided_to_issue", on="1/11/2026", oddity="The letter was lost")
    assert answer.status_code == 303
    assert entered(app) == [("decided_to_issue", date(2026, 11, 1))]
    assert "The letter was lost" in client.get(f"/cases/{case}").text


def test_no_reason_lets_anyone_record_the_future(app: Flask, sign_in: SignIn, case: str) -> None:
    answer = log(sign_in("manager"), case, "told_will_assess", on="24/11/2026", oddity="Truly")
    assert answer.status_code == 422
    assert entered(app) == []


@pytest.mark.parametrize("version", ["99999999999999999999", "-1", "1e9", "", "x"])
def test_a_version_that_no_case_can_have_is_refused(
    app: Flask, sign_in: SignIn, case: str, version: str
) -> None:
    answer = log(sign_in(), case, "told_will_assess", on="t", version=version)
    assert answer.status_code == 422
    assert entered(app) == []


def test_twenty_who_strike_one_entry_out_at_once_strike_it_out_once(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="considering_notified", on=date(2026, 9, 14)))
    with app.app_context():
        entry = event_id(db.session.query(Case).one(), "considering_notified")
    path = f"/cases/{case}/events/{entry}/strike-out"
    client = sign_in()
    page = client.get(path)
    sent = {name: held[0] for name, held in boxes(page).items()} | {"note": "A slip"}
    cookie = client.get_cookie("casework")
    assert cookie

    def strike(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie("casework", cookie.value)
        return browser.post(path, data=sent).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(strike, range(20)))
    # Who comes after it was struck out is told of it or finds no such entry; nobody meets a fault.
    assert set(answers) <= {303, 404, 409}, answers
    assert answers[303] >= 1
    assert [kind for kind, _ in entered(app)].count("struck_out") == 1


def test_an_answer_is_filed_for_the_one_adviser_who_is_outstanding(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="advice_requested", on=date(2026, 10, 1), service="camhs"))
    client = sign_in()
    with app.app_context():
        adviser = db.session.scalars(select(Adviser.public_id)).one()
    path = f"/cases/{case}/advice/{adviser}/reply"
    page = client.get(f"/cases/{case}/events/new?kind=advice_received", follow_redirects=True)
    assert page.request.path == path
    assert send(client, path, outcome="not_known", on="2/11/2026").status_code == 303
    assert "Not known to the service" in client.get(f"/cases/{case}").text


def test_the_final_plan_ends_the_case_when_everyone_has_been_sent_it(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(
        NewEvent(kind="told_will_assess", on=date(2026, 9, 20)),
    )
    happen(NewEvent(kind="draft_served", on=date(2026, 10, 12)))
    client = sign_in()
    log(client, case, "final_plan_sent", recipients=["family", "none"], on="10/11/2026")
    assert "Final plan sent to some" in client.get(f"/cases/{case}").text
    page = client.get(f"/cases/{case}/events/new?kind=final_plan_sent").text
    assert 'value="health_body"' in page
    assert 'value="family"' not in page
    assert 'value="institution"' not in page
    log(client, case, "final_plan_sent", recipients=["health_body"], on="12/11/2026")
    assert "Final plan sent on Thursday 12 November 2026" in client.get(f"/cases/{case}").text
    assert [kind for kind, _ in entered(app)][2:] == [
        "final_plan_sent",
        "no_institution_named",
        "final_plan_sent",
    ]


def test_a_final_plan_within_the_familys_fifteen_days_is_refused(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    happen(NewEvent(kind="draft_served", on=date(2026, 11, 12)))
    answer = log(sign_in(), case, "final_plan_sent", recipients=["family"], on="t")
    assert answer.status_code == 422
    assert "at least 15 days" in answer.text
    assert "27 November 2026" in answer.text


def test_a_school_cannot_be_sent_a_plan_that_names_none(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    happen(NewEvent(kind="draft_served", on=date(2026, 10, 12)))
    both = ["institution", "none"]
    answer = log(sign_in(), case, "final_plan_sent", recipients=both, on="t")
    assert answer.status_code == 422
    assert "but not both" in answer.text


@pytest.mark.parametrize("kind", ["", "nonsense", "request_received", "struck_out"])
def test_what_is_not_logged_has_no_page(sign_in: SignIn, case: str, kind: str) -> None:
    assert sign_in().get(f"/cases/{case}/events/new?kind={kind}").status_code == 404


def stale(client: FlaskClient, path: str, **typed: object) -> Callable[[], TestResponse]:
    """Return what sends a form that was opened now, whenever it is called."""
    page = client.get(path)
    version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token_in(page), "version": version} | typed
    return lambda: client.post(path, data=data)


def test_sent_twice_it_is_recorded_once(app: Flask, sign_in: SignIn, case: str) -> None:
    path = f"/cases/{case}/events/new?kind=considering_notified"
    press = stale(sign_in(), path, on="1/10/2026", note="By email")
    assert press().status_code == 303
    assert press().status_code == 303
    assert entered(app) == [("considering_notified", date(2026, 10, 1))]


def test_two_officers_at_once_are_shown_both_and_choose(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    mine, theirs = sign_in("manager", name="Mandeep Manager"), sign_in(name="Oona Officer")
    path = f"/cases/{case}/events/new?kind=told_will_assess"
    press = stale(mine, path, on="20/9/2026", note="My note <b>")
    log(theirs, case, "considering_notified", on="10/9/2026")
    answer = press()
    page = " ".join(answer.text.split())
    assert answer.status_code == 409
    assert "Oona Officer" in page
    assert "Family told we are considering an assessment</strong> on 10 September 2026" in page
    assert "Family told we will assess</strong> on 20 September 2026" in page
    assert "My note &lt;b&gt;" in page
    assert entered(app) == [("considering_notified", date(2026, 9, 10))]

    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert hidden["on"] == "20/9/2026"
    assert mine.post(path, data=hidden).status_code == 303
    assert entered(app)[-1] == ("told_will_assess", date(2026, 9, 20))


def test_the_same_event_by_two_people_is_not_taken_for_one_sent_twice(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    mine, theirs = sign_in("manager"), sign_in()
    press = stale(mine, f"/cases/{case}/events/new?kind=considering_notified", on="10/9/2026")
    log(theirs, case, "considering_notified", on="10/9/2026")
    assert press().status_code == 409
    assert len(entered(app)) == 1


def an_entry(app: Flask, kind: str = "told_will_assess") -> int:
    with app.app_context():
        return event_id(db.session.query(Case).one(), kind)


def test_a_correction_is_shown_with_what_it_moves_before_it_is_saved(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client, entry = sign_in(), an_entry(app, "request_received")
    path = f"/cases/{case}/events/{entry}/correct"
    assert 'value="7/9/2026"' in client.get(path).text
    check = send(client, path, on="14/9/2026")
    page = " ".join(check.text.split())
    assert check.status_code == 200
    assert "<del>Monday 7 September 2026</del> <strong>Monday 14 September 2026</strong>" in page
    assert "Due 19 October 2026" in page
    assert "Due 26 October 2026" in page
    assert entered(app) == []
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert client.post(path, data=hidden).status_code == 303
    assert entered(app) == [("request_received", date(2026, 9, 14))]
    assert "<del>7 September 2026</del>" in client.get(f"/cases/{case}").text


def test_a_correction_past_what_followed_is_refused(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="considering_notified", on=date(2026, 9, 10)))
    entry = an_entry(app, "request_received")
    answer = send(sign_in(), f"/cases/{case}/events/{entry}/correct", on="11/9/2026", checked="yes")
    assert answer.status_code == 422
    assert "before this" in answer.text


def test_an_answer_is_corrected_with_its_outcome(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="advice_requested", on=date(2026, 10, 1), service="camhs"))
    with app.app_context():
        adviser = db.session.scalars(select(Adviser.id)).one()
    answered = {"kind": "advice_received", "adviser_id": adviser, "outcome": "advice"}
    happen(NewEvent(on=date(2026, 10, 20), **answered))
    path = f"/cases/{case}/events/{an_entry(app, 'advice_received')}/correct"
    client = sign_in()
    answer = send(client, path, on="20/10/2026", outcome="not_known", checked="yes")
    assert answer.status_code == 303
    page = client.get(f"/cases/{case}").text
    assert "Not known to the service" in page
    with app.app_context():
        latest = db.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
        assert latest
        assert (latest.adviser_id, latest.outcome) == (adviser, "not_known")


def test_a_struck_out_entry_stays_to_be_seen(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    client, path = sign_in(), f"/cases/{case}/events/{an_entry(app)}/strike-out"
    assert "What this changes" in client.get(path).text
    refused = send(client, path, note="")
    assert refused.status_code == 422
    assert "Enter why the entry should not be there" in refused.text
    assert send(client, path, note="It was another child").status_code == 303
    page = client.get(f"/cases/{case}").text
    assert "<del>Family told we will assess</del>" in page
    assert "It was another child" in page
    assert "Overdue by 35 days" in page


def test_the_entry_that_starts_a_case_cannot_be_struck_out(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client, entry = sign_in(), an_entry(app, "request_received")
    assert f"/events/{entry}/strike-out" not in client.get(f"/cases/{case}").text
    answer = send(client, f"/cases/{case}/events/{entry}/strike-out", note="A mistake")
    assert answer.status_code == 422
    assert "Correct its day" in answer.text


@pytest.mark.parametrize("act", ["correct", "strike-out"])
def test_an_entry_already_put_right_leads_to_the_case_and_one_of_another_case_nowhere(
    app: Flask, sign_in: SignIn, case: str, happen: Happen, act: str
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    old = an_entry(app)
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 22), corrects_id=old))
    with app.app_context():
        other = make_case()
        elsewhere = event_id(other, "request_received")
    client = sign_in()
    answer = client.get(f"/cases/{case}/events/{old}/{act}", follow_redirects=True)
    assert "That entry has been put right." in answer.text
    for entry in (elsewhere, 999):
        assert client.get(f"/cases/{case}/events/{entry}/{act}").status_code == 404


def test_a_correction_sent_twice_is_recorded_once(app: Flask, sign_in: SignIn, case: str) -> None:
    path = f"/cases/{case}/events/{an_entry(app, 'request_received')}/correct"
    press = stale(sign_in(), path, on="14/9/2026", checked="yes")
    assert [press().status_code, press().status_code] == [303, 303]
    assert entered(app) == [("request_received", date(2026, 9, 14))]


def test_all_that_was_saved_together_is_shown_to_the_second_of_two(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    mine, theirs = sign_in("manager"), sign_in()
    press = stale(mine, f"/cases/{case}/events/new?kind=considering_notified", on="10/9/2026")
    ticked = {"ask_school": "y", "ask_camhs": "y", "ask_social_care": "y"}
    given = {"name_school": "A school", "why_not": "Later", "on": "1/10/2026"}
    assert send(theirs, f"/cases/{case}/advice/ask", **ticked, **given).status_code == 303
    page = " ".join(press().text.split())
    for words in ("School or setting", "CAMHS", "Social care"):
        assert words in page.split("What they did", 1)[1].split("What you were saving", 1)[0]


def test_two_who_log_one_step_at_once_are_both_shown_and_may_still_choose(
    app: Flask, sign_in: SignIn, case: str, happen: Callable[..., None]
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    mine, theirs = sign_in("manager"), sign_in()
    path = f"/cases/{case}/events/new?kind=considering_notified"
    press = stale(mine, path, on="20/10/2026")
    log(theirs, case, "considering_notified", on="19/10/2026")
    answer = press()
    assert answer.status_code == 409
    assert "19 October 2026" in answer.text
    assert "20 October 2026" in answer.text

    happen(NewEvent(kind="draft_served", on=date(2026, 11, 2)))
    path = f"/cases/{case}/events/new?kind=final_plan_sent"
    press = stale(mine, path, recipients=["family", "institution"], on="20/11/2026")
    log(theirs, case, "final_plan_sent", recipients=["family"], on="19/11/2026")
    answer = press()
    assert answer.status_code == 409
    names = r'type="hidden" name="(\w+)" value="([^"]*)"'
    hidden = MultiDict(re.findall(names, " ".join(answer.text.split())))
    assert mine.post(path, data=hidden).status_code == 303
    assert entered(app)[-2:] == [("final_plan_sent", date(2026, 11, 20))] * 2


def test_decisions_are_offered_first_once_all_advice_is_back(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    client = sign_in()

    def offered() -> list[str]:
        page = client.get(f"/cases/{case}").text
        log_part = page.split('id="log"', 1)[1].split("Something else happened", 1)[0]
        return [
            found[0] or {"advice/ask": "advice_requested"}.get(found[1], "draft_served")
            for found in re.findall(r'kind=(\w+)|(advice/ask|drafts/serve)"', log_part)
        ]

    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    assert offered() == ["advice_requested", "decided_to_issue", "decided_not_to_issue"]
    happen(NewEvent(kind="advice_requested", on=date(2026, 9, 21), service="school"))
    assert offered() == ["advice_received", "advice_requested", "decided_to_issue"]
    answered = client.get(f"/cases/{case}/advice/reply").location
    assert send(client, answered, outcome="not_known", on="9/10/2026").status_code == 303
    assert offered() == ["decided_to_issue", "decided_not_to_issue", "draft_served"]
