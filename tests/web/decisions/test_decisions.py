"""What the page of a case says of panels, decisions outside them, and words ready to send."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.clock import set_today
from casework.extensions import db
from casework.models import Case, ConditionDone, PanelDecision
from casework.services import decided
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
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
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded

wed_18_nov = date(2026, 11, 18)
On = Callable[..., Any]


@pytest.fixture(autouse=True)
def _today() -> None:
    set_today(TODAY)


@pytest.fixture
def case(app: Flask) -> str:
    """Give the identifier of a case whose family must hear by 30 November 2026."""
    with app.app_context():
        return make_case(
            date(2026, 10, 19), person={"forenames": "José Maria", "surname": "O’Brien"}
        ).public_id


@pytest.fixture
def on(app: Flask, case: str) -> On:
    """Give a function that does something to the case: `on(what, …)` calls `what(case, …)`."""

    def on(what: Callable[..., Any], *given: Any, **options: Any) -> Any:
        with app.app_context():
            found = db.session.query(Case).filter_by(public_id=case).one()
            return what(found, *given, **options)

    return on


def at_panel(case: Case, decision: str, **details: Any) -> None:
    """Have a panel decide about the case last Wednesday, and sign it."""
    chair = make_user("panel-member", name="Chidi Chair", email="chair@example.org")
    meeting = make_meeting(make_panel(name="Weekly panel"), wed_18_nov)
    made = decide(put_on_agenda(meeting, case), decision, **details)
    sign(meeting, made, signed_by_id=chair.id)
    decided.make_facts(actor=COMMAND_LINE, decisions=[made])
    db.session.commit()


def said(page: TestResponse) -> str:
    assert page.status_code == 200, page.status_code
    return " ".join(page.text.split())


def send(client: FlaskClient, path: str, **typed: Any) -> TestResponse:
    page = client.get(path)
    assert page.status_code == 200, page.status_code
    version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    given = {"csrf_token": token_in(page), "version": version, "decided_on": "t"}
    return client.post(path, data=given | typed)


def test_the_case_says_which_panel_decides_when_and_by_when_the_family_must_hear(
    sign_in: SignIn, case: str, on: On
) -> None:
    on(lambda _: make_meeting(make_panel(name="Weekly panel"), date(2026, 11, 25)))
    page = said(sign_in().get(f"/cases/{case}"))
    assert "Weekly panel, Wednesday 25 November 2026, not on its agenda yet" in page
    assert "Monday 30 November 2026, because it is 6 weeks after" in page
    assert "does not wait for a panel" not in page


def test_where_no_panel_meets_in_time_a_manager_is_offered_the_decision(
    sign_in: SignIn, case: str, on: On
) -> None:
    on(lambda _: make_meeting(make_panel(), date(2026, 12, 2)))
    words = (
        "The next panel that can decide this is on Wednesday 2 December 2026; the law’s last "
        "day is Monday 30 November 2026."
    )
    officer, manager = said(sign_in().get(f"/cases/{case}")), sign_in("manager")
    assert words in officer
    assert "Decide outside a panel" not in officer
    page = said(manager.get(f"/cases/{case}"))
    assert words in page
    assert f"/cases/{case}/decide/assess" in page


def test_a_decision_outside_a_panel_is_saved_signed_and_said_on_the_case(
    sign_in: SignIn, case: str
) -> None:
    client = sign_in("manager", name="Mina Manager")
    path = f"/cases/{case}/decide/assess"
    form = said(client.get(path))
    assert "You take this decision for the authority, by yourself and outside a panel" in form
    assert "It may be necessary for special educational provision" in form
    answer = send(client, path, decision="not_assess", reasons="School meets the need.")
    assert answer.location == f"/cases/{case}"
    page = said(client.get(answer.location))
    assert "Decided and signed: Do not assess, 23 November 2026." in page
    assert "By an officer, outside a panel. Signed by Mina Manager" in page
    assert "<strong>Reasons:</strong> School meets the need." in page
    assert "Decided on 23 November 2026: <strong>tell the family that we will not assess" in page
    assert 'by <strong class="casework-nowrap">Monday 30 November 2026' in page
    assert "In its record" in page
    assert "/strike-out" not in page


def test_what_is_missing_is_said_and_what_was_typed_stays(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in("manager")
    answer = send(
        client,
        f"/cases/{case}/decide/assess",
        reasons="Kept words",
        **{"conditions-0-words": "Ask again", "conditions-0-owner": ""},
    )
    assert answer.status_code == 422
    assert "Choose what you decide" in answer.text
    assert "Kept words" in answer.text
    answer = send(
        client,
        f"/cases/{case}/decide/assess",
        decision="assess",
        reasons="Kept words",
        **{"conditions-0-words": "Ask again", "conditions-0-owner": ""},
    )
    assert answer.status_code == 422
    assert "Say for each condition what must be done and who must do it" in answer.text
    with app.app_context():
        assert db.session.query(PanelDecision).count() == 0


def test_one_more_condition_keeps_what_is_typed_and_saves_nothing(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in("manager")
    typed = {"conditions-0-words": "Ask CAMHS", "conditions-0-owner": "Oona", "more": "1"}
    page = send(client, f"/cases/{case}/decide/assess", reasons="Kept", **typed).text
    assert 'name="conditions-1-words"' in page
    assert "Ask CAMHS" in page
    assert "govuk-error-summary" not in page
    typed |= {"conditions-1-words": "Tell the school", "conditions-1-owner": "Sam"}
    del typed["more"]
    send(client, f"/cases/{case}/decide/assess", decision="assess", reasons="Kept", **typed)
    with app.app_context():
        [made] = db.session.query(PanelDecision).all()
        assert [one.words for one in made.conditions] == ["Ask CAMHS", "Tell the school"]


def test_two_who_decide_at_once_the_second_is_shown_both(
    sign_in: SignIn, case: str, on: On
) -> None:
    client = sign_in("manager")
    page = client.get(f"/cases/{case}/decide/assess")
    version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    on(decide_alone, "assess")
    typed = {"decision": "not_assess", "reasons": "Mine", "decided_on": "t", "version": version}
    answer = client.post(
        f"/cases/{case}/decide/assess", data=typed | {"csrf_token": token_in(page)}
    )
    assert answer.status_code == 409
    assert "Whether to assess: Do not assess" in answer.text
    assert "Decided to assess" in answer.text


def test_a_question_there_is_none_of_and_a_case_there_is_none_of_are_not_found(
    sign_in: SignIn, case: str
) -> None:
    client = sign_in("manager")
    assert client.get(f"/cases/{case}/decide/whatever").status_code == 404
    assert client.get("/cases/none/decide/assess").status_code == 404
    assert client.get(f"/cases/{case}/decisions/none/change").status_code == 404


def test_the_history_names_the_panel_who_signed_and_the_reasons_to_those_who_read_notes(
    sign_in: SignIn, case: str, on: On
) -> None:
    on(at_panel, "not_assess", reasons="The school’s support is working.")
    on(log, NewEvent(kind="told_will_not_assess", on=date(2026, 11, 19)))
    on(log, NewEvent(kind="ordered_to_assess", on=date(2026, 11, 20)))
    overturned = "Overturned: Tribunal ordered an assessment, 20 November 2026"
    client = sign_in("manager")
    for path in ("", "/explain", "/decisions"):
        page = said(client.get(f"/cases/{case}{path}"))
        assert "Weekly panel" in page, path
        assert "Chidi Chair" in page, path
        assert "The school’s support is working." in page, path
        assert overturned in page, path
    assert "Overturns the decision of 18 November 2026" in said(client.get(f"/cases/{case}"))
    clerk = sign_in("panel-clerk")
    for path in ("", "/explain", "/decisions"):
        page = said(clerk.get(f"/cases/{case}{path}"))
        assert "Weekly panel" in page, path
        assert "support is working" not in page, path


def test_a_lead_sees_the_outcome_and_its_date_and_no_more(
    sign_in: SignIn, case: str, on: On
) -> None:
    service = "camhs"
    client = sign_in("dco")
    on(log, NewEvent(kind="advice_requested", on=date(2026, 11, 2), service=service))
    on(at_panel, "not_assess", reasons="The school’s support is working.")
    for path in ("", "/explain"):
        page = said(client.get(f"/cases/{case}{path}"))
        assert "Decided not to assess" in page
        for hidden in ("Weekly panel", "Chidi Chair", "support is working", "Panel and decisions"):
            assert hidden not in page, (path, hidden)
    assert client.get(f"/cases/{case}/decisions").status_code == 403


def test_a_condition_is_marked_as_met_and_taken_back(
    app: Flask, sign_in: SignIn, case: str, on: On
) -> None:
    number = on(lambda found: decide_alone(found).conditions[0].id)
    client = sign_in()
    page = client.get(f"/cases/{case}")
    assert "Ask CAMHS again" in page.text
    assert "Overdue" in page.text
    token = {"csrf_token": token_in(page)}
    met = client.post(f"/cases/{case}/conditions/{number}/done", data=token)
    assert met.location == f"/cases/{case}#conditions"
    assert "Not met after all" in client.get(f"/cases/{case}").text
    client.post(f"/cases/{case}/conditions/{number}/not-done", data=token)
    assert "Mark as met" in client.get(f"/cases/{case}").text
    assert client.post(f"/cases/{case}/conditions/999/done", data=token).status_code == 404
    with app.app_context():
        assert db.session.query(ConditionDone).count() == 2


def test_an_officers_decision_is_changed_by_a_version_with_its_reason(
    sign_in: SignIn, case: str, on: On
) -> None:
    decision = on(lambda found: decide_alone(found).public_id)
    client = sign_in("manager")
    path = f"/cases/{case}/decisions/{decision}/change"
    form = client.get(path).text
    assert "The reports show it." in form
    assert "Ask CAMHS again" in form
    assert send(client, path, decision="assess", reasons="Said better").status_code == 422
    answer = send(client, path, decision="assess", reasons="Said better", change_why="A slip")
    assert answer.status_code == 303
    page = said(client.get(f"/cases/{case}/decisions"))
    assert page.index("Said better") < page.index("A later version took its place")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("meets_on", "words"),
    [
        (date(2026, 11, 25), "The Weekly panel will look at José’s case on Wednesday 25 November"),
        (date(2026, 12, 2), "A manager will take the decision, so that you do not wait"),
    ],
)
def test_the_words_say_who_decides_and_by_when_with_the_first_name_only(
    sign_in: SignIn, case: str, on: On, meets_on: date, words: str
) -> None:
    on(lambda _: make_meeting(make_panel(name="Weekly panel"), meets_on))
    page = said(sign_in().get(f"/cases/{case}/decisions/words"))
    family, setting = (
        page.split(f'id="words-{name}"')[1].split("</div>")[0] for name in ("family", "setting")
    )
    assert words in family
    for text in (family, setting):
        assert "Monday 30 November 2026" in text
        assert "EHC-000001" in text
        assert "O’Brien" not in text
        assert "Maria" not in text


def test_the_words_are_parted_as_a_letter_is(sign_in: SignIn, case: str) -> None:
    page = sign_in().get(f"/cases/{case}/decisions/words").text
    letter = page.split('id="words-family"')[1].split(">", 1)[1].split("</div>")[0]
    assert len(letter.split("\n\n")) == 5
    assert "\n\n\n" not in letter


def test_the_words_never_say_what_was_decided_before_the_letter_does(
    sign_in: SignIn, case: str, on: On
) -> None:
    on(at_panel, "not_assess", reasons="The school’s support is working.")
    page = said(sign_in().get(f"/cases/{case}/decisions/words"))
    texts = page.split('id="words-family"')[1]
    assert "has decided whether to carry out" in texts
    assert "before we decide" not in texts
    assert "support is working" not in texts
    assert "not assess" not in texts.lower()


def test_where_nothing_is_ahead_there_is_nothing_to_say(sign_in: SignIn, case: str, on: On) -> None:
    on(log, NewEvent(kind="withdrawn", on=TODAY))
    assert "There is nothing to say now" in said(sign_in().get(f"/cases/{case}/decisions/words"))
