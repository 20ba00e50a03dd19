"""Recording case after case: nothing typed is lost, nothing is saved twice or over anybody."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework import clock
from casework.models import Adviser, Interest, KeptForm
from casework.services.events import NewEvent
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.hearing import MEETS, Hearing
from tests.fixtures.people import Later, SignIn, send_sign_in, token_in

pytestmark = pytest.mark.embedded
YES = {"answer": "assess", "reasons": "Both limbs of the test are met."}


@pytest.fixture
def hearing(app: Flask) -> Hearing:
    return Hearing(app)


@pytest.fixture
def clerk(sign_in: SignIn, hearing: Hearing) -> FlaskClient:
    return sign_in(email="clerk@example.org")


def save(client: FlaskClient, hearing: Hearing, number: int = 0, **typed: Any) -> Any:
    return send_form(client, hearing.pages[number] + "/decision", **typed)


def keep(client: FlaskClient, page: str, **typed: Any) -> Any:
    given = boxes(client.get(page + "/decision")) | typed
    return client.post(page + "/decision/keep", data=given)


def test_whoever_records_comes_straight_to_the_form(hearing: Hearing, clerk: FlaskClient) -> None:
    assert clerk.get(hearing.pages[0]).location == hearing.pages[0] + "/decision"
    page = clerk.get(hearing.pages[0] + "/decision").text
    assert "Save and go to the next case" in page
    hearing.decide(0)
    assert "What is recorded" in clerk.get(hearing.pages[0]).text


def test_one_choice_is_advice_and_decision_and_the_next_case_follows(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    answer = save(clerk, hearing, **YES)
    assert answer.location == hearing.pages[1] + "/decision"
    assert "Saved: case 1 of 3" in clerk.get(answer.location).text
    made = hearing.recorded()[0]
    assert (made.handled, made.advice, made.decision) == ("decided", "assess", "assess")
    assert made.decided_by_id == hearing.people["chair"]


def test_the_next_case_is_the_next_with_nothing_recorded_and_the_last_leads_on(
    hearing: Hearing, clerk: FlaskClient
) -> None:
    hearing.decide(1)
    assert save(clerk, hearing, 2, **YES).location == hearing.pages[0] + "/decision"
    last = save(clerk, hearing, 0, **YES)
    assert last.location.startswith(hearing.address)
    assert "/cases/" not in last.location
    assert "Saved: case 1 of 3. Every case is recorded." in clerk.get(last.location).text


def test_phrases_come_before_the_panels_own_words(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    chosen = [hearing.phrases[0], hearing.phrases[2]]
    save(clerk, hearing, **YES | {"phrases": chosen})
    assert hearing.recorded()[0].reasons.split("\n") == [
        "It may be necessary for provision to be made through a plan.",
        "The evidence is clear.",
        "Both limbs of the test are met.",
    ]
    again = clerk.get(hearing.pages[0] + "/decision")
    assert boxes(again)["phrases"] == chosen
    assert boxes(again)["reasons"] == ["Both limbs of the test are met."]
    assert send_again(clerk, again, hearing.pages[0] + "/decision").status_code == 303
    assert len(hearing.recorded()) == 1  # nothing was changed, so nothing is recorded anew


def test_a_phrase_alone_is_reason_enough_and_nothing_is_not(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    answer = save(clerk, hearing, answer="not_assess")
    assert answer.status_code == 422
    assert "Give the reasons" in answer.text
    chosen = [hearing.phrases[1]]
    assert save(clerk, hearing, answer="not_assess", phrases=chosen).status_code == 303
    assert hearing.recorded()[0].decision == "not_assess"


def test_a_decision_apart_from_the_advice_says_why(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    apart = {"answer": "assess", "advice": "not_assess"}
    chosen = {"phrases": [hearing.phrases[0]]}
    answer = save(clerk, hearing, **apart | chosen)
    assert answer.status_code == 422
    assert "Say why the decision differs" in answer.text
    save(clerk, hearing, **apart | {"reasons": "The test in law is lower than the panel took it."})
    assert (hearing.recorded()[0].advice, hearing.recorded()[0].decision) == (
        "not_assess",
        "assess",
    )
    assert boxes(clerk.get(hearing.pages[0] + "/decision"))["advice"] == ["not_assess"]
    save(clerk, hearing, 1, **YES | {"advice": "none"})
    assert hearing.recorded()[1].advice is None


def test_a_panel_that_advises_leaves_the_decision_to_an_officer(
    app: Flask, sign_in: SignIn
) -> None:
    hearing = Hearing(app, decides=False)
    clerk = sign_in(email="clerk@example.org")
    page = clerk.get(hearing.pages[0] + "/decision").text
    assert "This panel advises" in page
    assert 'name="advice"' not in page
    save(clerk, hearing, **YES)
    assert "Waits for an officer" in clerk.get(hearing.pages[0]).text
    made = hearing.recorded()[0]
    assert (made.advice, made.decision) == ("assess", None)


def test_everything_else_that_was_said_is_kept(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    said = {
        "missing": "No advice from health",
        "differing_views": "The school would have waited",
        "cost_discussed": "after",
        "condition_1": "Ask audiology",
        "owner_1": "Ada Example",
        "due_1": "1/12/2026",
        "condition_2": "Tell the school",
        "owner_2": "Clerk",
    }
    save(clerk, hearing, **YES | said)
    made = hearing.recorded()[0]
    assert (made.missing, made.cost_discussed) == ("No advice from health", "after")
    assert [(one.owner, one.due_on) for one in made.conditions] == [
        ("Ada Example", date(2026, 12, 1)),
        ("Clerk", None),
    ]
    page = clerk.get(hearing.pages[0]).text
    assert "Tell the school. Clerk" in page
    assert "Discussed after what is suitable was settled" in page


def test_half_a_condition_is_refused_beside_its_box(hearing: Hearing, clerk: FlaskClient) -> None:
    answer = save(clerk, hearing, **YES | {"condition_1": "Ask audiology"})
    assert (answer.status_code, "Say who must do it" in answer.text) == (422, True)
    answer = save(clerk, hearing, **YES | {"owner_1": "Ada"})
    assert (answer.status_code, "Say what must be done" in answer.text) == (422, True)


def test_another_condition_is_added_without_scripts_and_nothing_typed_is_lost(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    typed = YES | {"condition_1": "Ask audiology", "owner_1": "Ada"}
    page = save(clerk, hearing, **typed | {"more": "1"})
    assert page.status_code == 200
    held = boxes(page)
    assert (held["condition_1"], held["condition_2"]) == (["Ask audiology"], [""])
    assert held["reasons"] == [YES["reasons"]]
    assert hearing.recorded() == []
    more = {"condition_2": "Tell the school", "owner_2": "Clerk"}
    assert send_again(clerk, page, hearing.pages[0] + "/decision", **more).status_code == 303
    assert len(hearing.recorded()[0].conditions) == 2


def test_twelve_conditions_are_all_there_is_room_for(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    rows = {f"condition_{n}": f"Do {n}" for n in range(1, 13)}
    rows |= {f"owner_{n}": "Ada" for n in range(1, 13)}
    save(clerk, hearing, **YES | rows)
    assert len(hearing.recorded()[0].conditions) == 12
    assert "Add another condition" not in clerk.get(hearing.pages[0] + "/decision").text


def test_a_deferred_case_goes_to_the_meeting_that_was_chosen(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    page = clerk.get(hearing.pages[0] + "/decision")
    assert boxes(page)["carried_to"] == [hearing.later[0][1]]
    answer = save(clerk, hearing, answer="deferred")
    assert "Say why the case was not decided" in answer.text
    later = hearing.later[1][1]
    save(clerk, hearing, answer="deferred", carried_why="Audiology is late", carried_to=later)
    made = hearing.recorded()[0]
    assert (made.handled, made.carried_to_id) == ("deferred", hearing.later[1][0])
    assert "Monday 7 December 2026" in clerk.get(hearing.pages[0]).text


def test_a_meeting_past_the_day_in_law_is_marked_where_it_is_chosen(
    hearing: Hearing, clerk: FlaskClient
) -> None:
    hearing.add_meeting(date(2026, 12, 14))
    page = clerk.get(hearing.pages[0] + "/decision").text
    assert "Monday 14 December 2026, after the limit in law" in page
    assert "Monday 7 December 2026, after" not in page


def test_a_case_that_is_not_ready_asks_for_the_chairs_reason(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    page = hearing.add_case("issue") + "/decision"
    opened = clerk.get(page)
    assert "Not ready to be decided." in opened.text
    answer = send_again(clerk, opened, page, **YES | {"answer": "issue"})
    assert answer.status_code == 422
    assert "Say why the chair has it decided now" in answer.text
    given = {"answer": "issue", "despite": "The judge asked for it"}
    assert send_again(clerk, answer, page, **YES | given).status_code == 303
    assert hearing.recorded()[0].despite == "The judge asked for it"


def test_advice_that_came_can_be_ticked_as_evidence(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    service = "educational_psychology"
    hearing.log(0, NewEvent(kind="advice_requested", on=MEETS, service=service))
    adviser = {"adviser_id": hearing.rows(Adviser)[0].id, "outcome": "advice"}
    hearing.log(0, NewEvent(kind="advice_received", on=MEETS, **adviser))
    words = "Educational psychology, 23 November 2026"
    save(clerk, hearing, **YES | {"evidence": [words]})
    assert [one.words for one in hearing.recorded()[0].evidence] == [words]
    assert save(clerk, hearing, **YES | {"evidence": ["Made up"]}).status_code == 422


def test_a_second_look_is_said_and_points_to_the_first(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    first_id = hearing.refused_before(0)
    page = clerk.get(hearing.pages[0] + "/decision").text
    assert "This question was answered before: do not assess, 16 November 2026" in page
    save(clerk, hearing, **YES)
    assert hearing.recorded()[-1].reconsiders_id == first_id


def test_a_change_after_signing_asks_why(app: Flask, hearing: Hearing, clerk: FlaskClient) -> None:
    save(clerk, hearing, **YES)
    hearing.sign()
    answer = save(clerk, hearing, reasons="In other words.")
    assert "The record is signed. Say why it is changed" in answer.text
    changed = save(clerk, hearing, reasons="In other words.", change_why="A name was wrong")
    assert changed.status_code == 303
    assert hearing.recorded()[1].change_why == "A name was wrong"


def test_the_second_of_two_clerks_sees_both_and_chooses(
    app: Flask, hearing: Hearing, clerk: FlaskClient, sign_in: SignIn
) -> None:
    chair, page = sign_in(email="chair@example.org"), hearing.pages[0] + "/decision"
    opened = clerk.get(page)
    send_form(chair, page, answer="not_assess", reasons="Not yet.", missing="Audiology")
    conflict = send_again(clerk, opened, page, **YES)
    assert conflict.status_code == 409
    for words in ("Someone else saved first", "Cleo Chair", "Not yet.", "Do not assess"):
        assert words in conflict.text, words
    held = boxes(conflict)
    assert held["missing"] == ["Audiology"]  # what only the chair typed is taken over
    assert held["answer"] == ["assess"]
    assert len(hearing.recorded()) == 1
    assert send_again(clerk, conflict, page).status_code == 303
    made = hearing.recorded()[1]
    assert (made.decision, made.missing, made.replaces_id) == ("assess", "Audiology", 1)


def test_pressed_twice_it_is_saved_once(app: Flask, hearing: Hearing, clerk: FlaskClient) -> None:
    opened = clerk.get(hearing.pages[0] + "/decision")
    for _ in range(2):
        answer = send_again(clerk, opened, hearing.pages[0] + "/decision", **YES)
        assert answer.status_code == 303
    assert len(hearing.recorded()) == 1


@pytest.mark.parametrize("who", ["member", "dco"])
def test_a_member_records_nothing(app: Flask, hearing: Hearing, sign_in: SignIn, who: str) -> None:
    client = sign_in(email=f"{who}@example.org")
    token = token_in(client.get("/account"))
    for page in ("/decision", "/decision/keep"):
        sent = client.post(hearing.pages[0] + page, data={"csrf_token": token, **YES})
        assert sent.status_code == 403
    assert client.get(hearing.pages[0] + "/decision").status_code == 403
    assert hearing.recorded() == []


def test_a_chair_with_an_interest_never_gets_to_the_case(
    app: Flask, hearing: Hearing, sign_in: SignIn
) -> None:
    chair = sign_in(email="chair@example.org")
    opened = chair.get(hearing.pages[0] + "/decision")
    send_form(chair, hearing.pages[0] + "/interest", nature="My godchild")
    assert len(hearing.rows(Interest)) == 1
    sent = send_again(chair, opened, hearing.pages[0] + "/decision", **YES)
    assert sent.status_code == 404
    for number in (1, 2):
        last = save(chair, hearing, number, **YES)
    assert "1 case left for somebody else to record" in chair.get(last.location).text
    deputy = sign_in(email="deputy@example.org")
    assert save(deputy, hearing, **YES).status_code == 303
    assert hearing.recorded()[-1].decided_by_id == hearing.people["deputy"]


def test_nothing_is_recorded_before_the_day(hearing: Hearing, clerk: FlaskClient) -> None:
    hearing.change_meeting(on_day=date(2026, 11, 24))
    page = clerk.get(hearing.pages[0])
    assert page.status_code == 200
    assert "can be recorded from Tuesday 24 November 2026" in page.text
    assert clerk.get(hearing.pages[0] + "/decision").status_code == 404


def test_a_case_taken_off_the_agenda_is_not_recorded(
    app: Flask, hearing: Hearing, clerk: FlaskClient
) -> None:
    opened = clerk.get(hearing.pages[0] + "/decision")
    hearing.change_item(0, removed_at=clock.now(), removed_why="Withdrawn")
    sent = send_again(clerk, opened, hearing.pages[0] + "/decision", **YES)
    assert sent.status_code == 404
    assert "This case was taken off the agenda: Withdrawn" in clerk.get(hearing.pages[0]).text
    assert hearing.recorded() == []


def test_what_is_typed_is_kept_for_its_person_alone_and_forgotten_once_saved(
    app: Flask, hearing: Hearing, clerk: FlaskClient, sign_in: SignIn
) -> None:
    assert keep(clerk, hearing.pages[0], **YES).status_code == 204
    page = clerk.get(hearing.pages[0] + "/decision")
    assert "This is what you had typed" in page.text
    assert boxes(page)["reasons"] == [YES["reasons"]]
    other = sign_in(email="chair@example.org").get(hearing.pages[0] + "/decision")
    assert boxes(other)["reasons"] == [""]
    assert hearing.recorded() == []
    send_again(clerk, page, hearing.pages[0] + "/decision")
    assert hearing.rows(KeptForm) == []
    assert hearing.recorded()[0].reasons == YES["reasons"]


def test_typing_nothing_keeps_nothing(hearing: Hearing, clerk: FlaskClient) -> None:
    assert keep(clerk, hearing.pages[0]).status_code == 204
    assert hearing.rows(KeptForm) == []


def test_what_was_typed_outlives_the_session(
    app: Flask, hearing: Hearing, clerk: FlaskClient, later: Later
) -> None:
    page = hearing.pages[0] + "/decision"
    opened = clerk.get(page)
    later(minutes=45)
    given = boxes(opened) | YES
    sent = clerk.post(page, data=given, headers={"Origin": "http://localhost"})
    assert sent.location == f"/sign-in?next={page}"
    back = send_sign_in(clerk, "clerk@example.org", path=sent.location)
    assert back.location == page
    again = clerk.get(page)
    assert boxes(again)["reasons"] == [YES["reasons"]]
    assert send_again(clerk, again, page).status_code == 303
    assert len(hearing.recorded()) == 1


def test_a_script_that_asks_too_late_leaves_the_word_to_whoever_comes(
    hearing: Hearing, clerk: FlaskClient, later: Later
) -> None:
    opened = boxes(clerk.get(hearing.pages[0] + "/decision"))
    later(minutes=45)
    ours = {"Origin": "http://localhost"}
    asked = clerk.post(
        hearing.pages[0] + "/decision/keep",
        data=opened | YES,
        headers=ours | {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"},
    )
    assert asked.status_code == 303
    sent = clerk.post(hearing.pages[0] + "/decision", data=opened | YES, headers=ours)
    assert clerk.get(sent.location).text.count("You have been signed out") == 1


def test_what_was_typed_goes_along_to_the_full_name_and_to_a_shared_screen(
    hearing: Hearing, clerk: FlaskClient
) -> None:
    opened = boxes(clerk.get(hearing.pages[0] + "/decision"))
    named = clerk.post(hearing.pages[0] + "/name", data=opened | YES)
    assert "Ida Zoe Invented" in named.text
    assert boxes(named)["reasons"] == [YES["reasons"]]
    sent = clerk.post(hearing.pages[0] + "/display", data=opened | YES)
    assert sent.location == hearing.pages[0] + "/decision"
    page = clerk.get(sent.location)
    assert "Ida" not in page.text
    assert boxes(page)["reasons"] == [YES["reasons"]]


def test_single_keys_are_turned_off_for_the_session(hearing: Hearing, clerk: FlaskClient) -> None:
    page = hearing.pages[0] + "/decision"
    assert 'data-single-keys="on"' in clerk.get(page).text
    token = token_in(clerk.get("/account"))
    for keys in ("off", "on"):
        sent = clerk.post(hearing.pages[0] + "/keys", data={"csrf_token": token, "keys": keys})
        assert sent.status_code == 204
        assert f'data-single-keys="{keys}"' in clerk.get(page).text
