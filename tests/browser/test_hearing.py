"""A meeting run by keyboard: three cases in a row, and nothing lost on the way. All invented."""

from collections.abc import Callable
from urllib.parse import quote_plus

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response, Route, expect

from casework import clock
from casework.extensions import db
from casework.models import Adviser, UserSession
from casework.services.events import NewEvent
from tests.fixtures.hearing import MEETS, Hearing
from tests.fixtures.people import PASSWORD

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
LIVE = "#live"


@pytest.fixture
def hearing(app: Flask) -> Hearing:
    made = Hearing(app, cases=4)
    made.log(0, NewEvent(kind="advice_requested", on=MEETS, service="educational_psychology"))
    return made


def sign_in(page: Page, live_server: str, email: str) -> Page:
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Panels")).to_be_visible()
    return page


@pytest.fixture
def chair(page: Page, live_server: str, hearing: Hearing) -> Page:
    """Give the browser of the chair, at the first case."""
    sign_in(page, live_server, "chair@example.org")
    page.goto(live_server + hearing.pages[0])
    return page


def with_keys(page: Page) -> Page:
    """Return the page of a case once its script listens to the keys."""
    expect(page.locator("body.casework-with-keys")).to_be_attached()
    return page


def keeps(words: str) -> Callable[[Response], bool]:
    """Return what knows the answer that keeps these words, and not the first half of them."""
    typed = quote_plus(words)
    return lambda answer: (
        answer.url.endswith("/decision/keep") and typed in (answer.request.post_data or "")
    )


class Keyboard:
    """Counts the keys pressed, apart from the words of the reasons."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.structure = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            with_keys(self.page).keyboard.press(key)
            self.structure += 1

    def words(self, text: str) -> None:
        self.page.keyboard.type(text)


def test_three_cases_are_recorded_by_keyboard_alone_in_four_keys_each_beside_the_words(
    chair: Page, hearing: Hearing
) -> None:
    keyboard = Keyboard(chair)
    for number, (outcome, phrase) in enumerate((("1", "a"), ("2", "b"), ("1", "d")), start=1):
        expect(chair.get_by_text(f"Case {number} of 4", exact=True).first).to_be_visible()
        before = keyboard.structure
        keyboard.press(outcome, phrase, "r")
        keyboard.words(f"Reasons of case {number}: 1 and a are typed, and choose nothing.")
        keyboard.press("Control+Enter")
        expect(chair.locator(LIVE)).to_contain_text(f"Saved: case {number} of 4")
        assert keyboard.structure - before == 4
    made = hearing.recorded()
    assert [one.decision for one in made] == ["assess", "not_assess", "assess"]
    assert [len(one.reasons.split("\n")) for one in made] == [2, 2, 2]
    assert all("choose nothing." in one.reasons for one in made)


def test_with_evidence_ticked_and_a_case_deferred_it_takes_six_keys_at_most(
    chair: Page, hearing: Hearing, app: Flask
) -> None:
    with app.app_context():
        adviser_id = db.session.query(Adviser.id).scalar()
    answer = {"adviser_id": adviser_id, "outcome": "advice"}
    hearing.log(0, NewEvent(kind="advice_received", on=MEETS, **answer))
    chair.reload()
    keyboard = Keyboard(chair)
    keyboard.press("1", "a", "e", "Space", "r")
    keyboard.words("The educational psychologist says so.")
    keyboard.press("Control+Enter")
    expect(chair.locator(LIVE)).to_contain_text("Saved: case 1 of 4")
    assert keyboard.structure == 6
    assert [one.words for one in hearing.recorded()[0].evidence] == [
        "Educational psychology, 23 November 2026"
    ]
    keyboard.structure = 0
    # R reaches what a deferral asks for: the reasons of a decision are not wanted then.
    keyboard.press("3", "r")
    keyboard.words("Audiology is late.")
    keyboard.press("Control+Enter")
    expect(chair.locator(LIVE)).to_contain_text("Saved: case 2 of 4")
    assert keyboard.structure == 3
    assert hearing.recorded()[1].carried_to_id == hearing.later[0][0]


def test_what_is_typed_is_never_taken_for_a_key(chair: Page, hearing: Hearing) -> None:
    reasons = chair.get_by_label("Reasons in the panel’s own words")
    reasons.fill("")
    reasons.press_sequentially("1 2 a b d n p ? e c v m o w")
    expect(reasons).to_have_value("1 2 a b d n p ? e c v m o w")
    expect(chair.locator("input[name=answer]:checked")).to_have_count(0)
    expect(chair.locator("input[name=phrases]:checked")).to_have_count(0)
    with_keys(chair).keyboard.press("Escape")
    with_keys(chair).keyboard.press("2")
    expect(chair.get_by_label("Do not assess")).to_be_checked()
    assert chair.url.endswith(hearing.pages[0] + "/decision")


def test_phrases_of_the_other_decision_go_away_and_are_not_left_ticked(chair: Page) -> None:
    with_keys(chair).keyboard.press("1")
    with_keys(chair).keyboard.press("a")
    expect(chair.get_by_label("It may be necessary for provision")).to_be_checked()
    with_keys(chair).keyboard.press("2")
    expect(chair.get_by_label("It may be necessary for provision")).to_be_hidden()
    expect(chair.locator("input[name=phrases]:checked")).to_have_count(0)
    expect(chair.get_by_label("Why it was not decided")).to_be_hidden()
    with_keys(chair).keyboard.press("3")
    expect(chair.get_by_label("Why it was not decided")).to_be_visible()


def test_the_keys_are_listed_under_a_question_mark_and_can_be_turned_off(
    chair: Page, live_server: str, hearing: Hearing, assert_accessible: Check
) -> None:
    with_keys(chair).keyboard.press("?")
    keys = chair.get_by_role("dialog", name="Keys on this page")
    expect(keys).to_be_visible()
    assert_accessible(chair)
    with chair.expect_response("**/keys"):
        keys.get_by_label("Single keys work while you are not in a box").uncheck()
    keys.get_by_role("button", name="Back to the case").click()
    with_keys(chair).keyboard.press("1")
    expect(chair.locator("input[name=answer]:checked")).to_have_count(0)
    chair.goto(live_server + hearing.pages[1] + "/decision")
    with_keys(chair).keyboard.press("1")
    expect(chair.locator("input[name=answer]:checked")).to_have_count(0)
    chair.get_by_label("Do not assess").check()
    chair.get_by_label("Reasons in the panel’s own words").fill("Not yet.")
    with_keys(chair).keyboard.press("Control+Enter")
    expect(chair.locator(LIVE)).to_contain_text("Saved: case 2 of 4")


def test_a_save_without_connection_says_so_keeps_the_page_and_saves_once_it_is_back(
    chair: Page, hearing: Hearing
) -> None:
    def away(route: Route) -> None:
        route.abort("internetdisconnected")

    with_keys(chair).keyboard.press("1")
    with_keys(chair).keyboard.press("r")
    chair.keyboard.type("Typed on a train.")
    chair.route("**/decision*/**", away)
    chair.route("**/decision", away)
    with_keys(chair).keyboard.press("Control+Enter")
    expect(chair.locator(LIVE)).to_contain_text("Not saved: there is no connection")
    expect(chair.get_by_label("Reasons in the panel’s own words")).to_have_value(
        "Typed on a train."
    )
    assert hearing.recorded() == []
    with_keys(chair).keyboard.press("Control+Enter")  # pressed again, it is still saved once
    chair.unroute_all()
    expect(chair.locator(LIVE)).to_contain_text("Saved: case 1 of 4")
    assert [one.reasons for one in hearing.recorded()] == ["Typed on a train."]


def test_a_closed_tab_gives_back_what_was_typed(
    chair: Page, live_server: str, hearing: Hearing
) -> None:
    with_keys(chair).keyboard.press("2")
    with_keys(chair).keyboard.press("r")
    with chair.expect_response(keeps("Half a sentence")):
        chair.keyboard.type("Half a sentence")
    expect(chair.get_by_text("What you typed is kept. It is not saved yet.")).to_be_visible()
    again = chair.context.new_page()
    chair.close()
    again.goto(live_server + hearing.pages[0] + "/decision")
    expect(again.get_by_label("Reasons in the panel’s own words")).to_have_value("Half a sentence")
    expect(again.get_by_label("Do not assess")).to_be_checked()
    expect(again.get_by_text("This is what you had typed here before.")).to_be_visible()
    assert hearing.recorded() == []


def test_a_session_that_ended_gives_back_the_page_after_signing_in(
    app: Flask, chair: Page, hearing: Hearing
) -> None:
    with_keys(chair).keyboard.press("1")
    with_keys(chair).keyboard.press("r")
    chair.keyboard.type("Typed before the session ended.")
    with app.app_context():
        db.session.query(UserSession).update({"ended_at": clock.now()})
        db.session.commit()
    with_keys(chair).keyboard.press("Control+Enter")
    expect(chair.get_by_text("What you typed was kept")).to_be_visible()
    chair.locator("#email").fill("chair@example.org")
    chair.locator("#password").fill(PASSWORD)
    chair.get_by_role("button", name="Sign in").click()
    reasons = chair.get_by_label("Reasons in the panel’s own words")
    expect(reasons).to_have_value("Typed before the session ended.")
    assert hearing.recorded() == []
    with_keys(chair).keyboard.press("Control+Enter")
    expect(chair.locator(LIVE)).to_contain_text("Saved: case 1 of 4")
    assert len(hearing.recorded()) == 1


def test_a_double_press_saves_once(chair: Page, hearing: Hearing) -> None:
    with_keys(chair).keyboard.press("1")
    with_keys(chair).keyboard.press("a")
    chair.get_by_role("button", name="Save and go to the next case").dblclick()
    expect(chair.locator(LIVE)).to_contain_text("Saved: case 1 of 4")
    assert len(hearing.recorded()) == 1


def test_the_case_is_recorded_without_scripts(
    browser: Browser, live_server: str, hearing: Hearing
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = sign_in(context.new_page(), live_server, "chair@example.org")
    page.goto(live_server + hearing.pages[0])
    expect(page.get_by_text("Every key")).to_be_hidden()
    page.get_by_role("radio", name="Assess", exact=True).check()
    page.get_by_label("Reasons in the panel’s own words").fill("Both limbs are met.")
    page.locator("summary", has_text="Conditions").click()
    page.get_by_label("What must be done").fill("Ask audiology")
    page.get_by_label("Who does it").fill("Ada")
    page.get_by_role("button", name="Add another condition").click()
    page.get_by_label("What must be done").nth(1).fill("Tell the school")
    page.get_by_label("Who does it").nth(1).fill("Clerk")
    page.get_by_label("By when, if a day was set").nth(1).press("Enter")
    expect(page.get_by_text("Saved: case 1 of 4")).to_be_visible()
    made = hearing.recorded()[0]
    assert (made.decision, [one.words for one in made.conditions]) == (
        "assess",
        ["Ask audiology", "Tell the school"],
    )
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("who", ["chair", "member"])
def test_every_page_of_a_case_is_accessible_and_fits(
    page: Page,
    live_server: str,
    hearing: Hearing,
    assert_accessible: Check,
    width: int,
    who: str,
) -> None:
    hearing.decide(1)
    sign_in(page, live_server, f"{who}@example.org")
    page.set_viewport_size({"width": width, "height": 900})
    of_chair = ("/decision", "/interest") if who == "chair" else ("", "/view", "/interest")
    for address in (*(hearing.pages[0] + part for part in of_chair), hearing.pages[1]):
        page.goto(live_server + address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} wide"


def test_an_error_and_a_conflict_are_accessible_too(
    chair: Page, live_server: str, hearing: Hearing, assert_accessible: Check
) -> None:
    chair.get_by_role("button", name="Save and go to the next case").click()
    expect(chair.get_by_role("alert")).to_contain_text("Choose what was decided")
    assert_accessible(chair)
    other = chair.context.browser.new_context(locale="en-GB").new_page()  # type: ignore[union-attr]
    sign_in(other, live_server, "clerk@example.org")
    other.goto(live_server + hearing.pages[0])
    other.get_by_label("Do not assess").check()
    other.get_by_label("Reasons in the panel’s own words").fill("Not yet.")
    with_keys(other).keyboard.press("Control+Enter")
    expect(other.locator(LIVE)).to_contain_text("Saved: case 1 of 4")
    chair.get_by_role("radio", name="Assess", exact=True).check()
    chair.get_by_label("Reasons in the panel’s own words").fill("It is.")
    with_keys(chair).keyboard.press("Control+Enter")
    expect(chair.get_by_role("alert")).to_contain_text("Someone else saved first")
    assert_accessible(chair)
