"""Signing in, accounts and the audit trail in a real browser: seen, by keyboard, by script."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded
Check = Callable[[Page], None]

ADMINISTRATOR = "administrator@example.org"


@pytest.fixture
def signed_in(app: Flask, live_server: str, page: Page) -> Callable[[str], Page]:
    """Give a function that signs someone of a role in at the keyboard and returns their page."""

    def sign_in(role: str) -> Page:
        with app.app_context():
            add_person(role)
        page.goto(f"{live_server}/sign-in")
        page.get_by_label("Email address").fill(f"{role}@example.org")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: not address.endswith("/sign-in"))
        return page

    return sign_in


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("administrator", "/accounts"),
        ("administrator", "/accounts/new"),
        ("administrator", "/account"),
        ("administrator", "/account/password"),
        ("administrator", "/audit-trail"),
        ("auditor", "/audit-trail"),
        ("auditor", "/audit-trail?from_day=31/2/2026"),
        ("panel-member", "/"),
    ],
)
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    signed_in: Callable[[str], Page],
    live_server: str,
    assert_accessible: Check,
    role: str,
    path: str,
    width: int,
) -> None:
    page = signed_in(role)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server + path)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_sign_in_page_in_error_is_accessible_and_takes_the_reader_to_the_fault(
    live_server: str, page: Page, assert_accessible: Check
) -> None:
    page.goto(f"{live_server}/sign-in")
    assert_accessible(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Enter your email address").click()
    expect(page.get_by_label("Email address")).to_be_focused()


def test_a_password_can_be_pasted_and_filled_by_a_password_manager(
    live_server: str, page: Page
) -> None:
    page.goto(f"{live_server}/sign-in")
    assert page.get_by_label("Email address").get_attribute("autocomplete") == "username"
    box = page.get_by_label("Password", exact=True)
    assert box.get_attribute("autocomplete") == "current-password"
    assert box.get_attribute("onpaste") is None
    page.evaluate("navigator.clipboard === undefined")
    box.focus()
    page.keyboard.insert_text("otter violin teapot glacier")
    assert box.input_value() == "otter violin teapot glacier"


def test_an_account_is_opened_by_keyboard_alone(
    signed_in: Callable[[str], Page], live_server: str, assert_accessible: Check
) -> None:
    page = signed_in("administrator")
    page.goto(f"{live_server}/accounts/new")
    page.get_by_label("Full name").focus()
    page.keyboard.type("Nia New")
    page.keyboard.press("Tab")
    page.keyboard.type("nia@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="One-time password")).to_be_visible()
    assert_accessible(page)


def test_a_person_is_warned_two_minutes_before_and_one_key_keeps_them_in(
    signed_in: Callable[[str], Page], live_server: str, assert_accessible: Check
) -> None:
    page = signed_in("administrator")
    page.clock.install()
    page.goto(f"{live_server}/accounts/new")
    page.get_by_label("Full name").fill("Half typed")
    warning = page.get_by_role("dialog")
    page.clock.fast_forward("27:30")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("00:40")
    expect(warning).to_be_visible()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert_accessible(page)
    with page.expect_response("**/account/extend") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    expect(warning).to_be_hidden()
    assert page.get_by_label("Full name").input_value() == "Half typed"
    page.clock.fast_forward("27:30")
    expect(warning).to_be_hidden()


def test_when_the_time_is_over_the_page_says_so_and_keeps_what_was_typed(
    signed_in: Callable[[str], Page], live_server: str, assert_accessible: Check
) -> None:
    page = signed_in("administrator")
    page.clock.install()
    page.goto(f"{live_server}/accounts/new")
    page.get_by_label("Full name").fill("Half typed")
    page.clock.fast_forward("28:10")
    page.clock.fast_forward("02:10")
    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    assert page.title().startswith("Signed out – ")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.get_by_label("Full name").input_value() == "Half typed"


def test_a_late_form_comes_back_filled_in_the_browser(
    app: Flask, signed_in: Callable[[str], Page], live_server: str, assert_accessible: Check
) -> None:
    page = signed_in("administrator")
    page.goto(f"{live_server}/accounts/new")
    page.get_by_label("Full name").fill("Zofia Zając")
    other = page.context.new_page()
    other.goto(f"{live_server}/account")
    other.get_by_role("button", name="Sign out").first.click()
    expect(other.get_by_text("You have signed out")).to_be_visible()
    other.close()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What you typed was kept")).to_be_visible()
    page.get_by_label("Email address").fill(ADMINISTRATOR)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This is what you had typed")).to_be_visible()
    assert page.get_by_label("Full name").input_value() == "Zofia Zając"
    assert_accessible(page)


def test_after_signing_out_the_back_button_shows_nothing(
    signed_in: Callable[[str], Page], live_server: str
) -> None:
    page = signed_in("administrator")
    page.goto(f"{live_server}/accounts")
    page.locator(".casework-person").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
