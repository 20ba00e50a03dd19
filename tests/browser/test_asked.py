"""A service's pages in a browser: by keyboard alone, on a phone, and without any script."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from casework.extensions import db
from casework.models import Advice, AdviceCheck, Adviser, Case
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
NEED = "Ida cannot follow two instructions at once."


@pytest.fixture
def request_path(app: Flask) -> str:
    """Hold a request to speech and language therapy; give its address."""
    with app.app_context():
        add_person("service-member", name="Tess Therapist", service="speech_and_language")
        add_person("case-officer", name="Oona Officer")
        case = make_case()
        log(
            case,
            NewEvent(kind="decided_to_assess", on=TODAY),
            NewEvent(
                kind="advice_requested",
                on=TODAY,
                service="speech_and_language",
                asks="How does Ida understand what is said in class, and what would help?",
            ),
        )
        return f"/asked/{db.session.scalars(select(Adviser.public_id)).one()}"


def sign_in(page: Page, address: str, who: str = "service-member") -> None:
    page.goto(address + "/sign-in")
    page.locator("#email").fill(f"{who}@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words, as its label, its text or its value."""
    says = """(words) => {
        const here = document.activeElement;
        const said = [here.labels?.[0]?.textContent, here.textContent];
        return said.some((one) => one?.replace(/\\s+/g, " ").trim().startsWith(words));
    }"""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(says, words):
            return
    raise AssertionError(f"no Tab leads to {words}")


def write_advice(page: Page, born: str, how_often: str) -> None:
    """Fill in the first row with the keyboard alone, and send it."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Return advice")
    tab_to(page, "The child’s date of birth")
    page.keyboard.type(born)
    tab_to(page, "Kind of need 1")
    page.keyboard.type("Special")
    tab_to(page, "Need 1")
    page.keyboard.type(NEED)
    tab_to(page, "Kind of provision 1")
    page.keyboard.type("Special")
    tab_to(page, "Provision 1")
    page.keyboard.type("Therapy in small steps")
    tab_to(page, "How often and how long 1")
    page.keyboard.type(how_often)
    page.keyboard.press("Enter")


def send_back(app: Flask) -> None:
    with app.app_context():
        advice = db.session.scalars(select(Advice)).one()
        number, adviser_id = advice.id, advice.adviser_id
        log(
            db.session.query(Case).one(),
            NewEvent(
                kind="advice_sent_back",
                on=TODAY,
                adviser_id=adviser_id,
                brings=lambda key: [
                    AdviceCheck(event_id=key, advice_id=number, reasons="Say how often")
                ],
            ),
        )


def test_a_therapist_answers_by_keyboard_alone_and_again_when_it_is_sent_back(
    app: Flask, page: Page, live_server: str, request_path: str
) -> None:
    sign_in(page, live_server)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Requests for advice")
    tab_to(page, "EHC-")
    page.keyboard.press("Enter")
    expect(page.get_by_text("How does Ida understand")).to_be_visible()
    tab_to(page, "We received it today")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("reached you on 23 November 2026 is recorded")
    tab_to(page, "Return advice")
    page.keyboard.press("Enter")
    write_advice(page, "4/5/2018", "Now and then")
    expect(page.get_by_role("alert")).to_contain_text("Your advice is returned, as version 1")
    send_back(app)
    page.goto(live_server + "/")
    expect(page.get_by_text("Sent back")).to_be_visible()
    tab_to(page, "EHC-")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sent back on")).to_be_visible()
    expect(page.get_by_text("Say how often").first).to_be_visible()
    tab_to(page, "Return a further version")
    page.keyboard.press("Enter")
    write_advice(page, "4/5/2018", "30 minutes a week for a term")
    expect(page.get_by_role("alert")).to_contain_text("Your advice is returned, as version 2")


def fits(page: Page, assert_accessible: Check) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(
    app: Flask, page: Page, live_server: str, request_path: str, assert_accessible: Check
) -> None:
    sign_in(page, live_server)
    for path in ("/asked", "/asked?view=answered", request_path, f"{request_path}/answer"):
        page.goto(live_server + path)
        fits(page, assert_accessible)
    for path in (f"{request_path}/late", f"{request_path}/return"):
        page.goto(live_server + path)
        fits(page, assert_accessible)
        page.get_by_role("button", name="Tell" if path.endswith("late") else "Return this").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        fits(page, assert_accessible)
    page.get_by_label("The child’s date of birth").fill("4/5/2018")
    page.get_by_label("Kind of need 1").select_option("B")
    page.get_by_role("textbox", name="Need 1", exact=True).fill(NEED)
    page.get_by_role("button", name="Return this advice").click()
    expect(page.get_by_role("alert")).to_contain_text("version 1")
    fits(page, assert_accessible)
    page.get_by_role("link", name="Version 1").click()
    fits(page, assert_accessible)


def test_an_officers_page_of_a_reply_is_accessible_too(
    app: Flask, page: Page, live_server: str, request_path: str, assert_accessible: Check
) -> None:
    with app.app_context():
        case = db.session.query(Case).one().public_id
    sign_in(page, live_server, "case-officer")
    page.goto(f"{live_server}/cases/{case}/advice/reply?all=1")
    fits(page, assert_accessible)
    page.goto(f"{live_server}/cases/{case}/events/new?kind=advice_received")
    fits(page, assert_accessible)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    fits(page, assert_accessible)


def test_what_is_typed_is_kept_on_the_server_while_it_is_typed(
    page: Page, live_server: str, request_path: str
) -> None:
    sign_in(page, live_server)
    page.goto(f"{live_server}{request_path}/return")
    page.get_by_role("textbox", name="Need 1", exact=True).fill("Half a thought")
    expect(page.get_by_text("is kept for you alone")).to_be_visible(timeout=8_000)
    page.goto(f"{live_server}{request_path}")
    page.goto(f"{live_server}{request_path}/return")
    expect(page.get_by_role("textbox", name="Need 1", exact=True)).to_have_value("Half a thought")


def test_without_scripts_a_row_is_added_and_advice_returned(
    browser: Browser, live_server: str, request_path: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server)
    page.goto(f"{live_server}{request_path}/return")
    page.get_by_label("The child’s date of birth").fill("4/5/2018")
    page.get_by_label("Kind of need 1").select_option("B")
    page.get_by_role("textbox", name="Need 1", exact=True).fill(NEED)
    page.get_by_role("button", name="Add another need").click()
    expect(page.get_by_role("textbox", name="Need 7", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Need 1", exact=True)).to_have_value(NEED)
    page.get_by_role("button", name="Return this advice").click()
    expect(page.get_by_role("alert")).to_contain_text("version 1")
    context.close()
