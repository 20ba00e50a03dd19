"""Services that give advice, kept in a real browser. All are invented."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.fixtures.people import PASSWORD, add_person
from tests.fixtures.services import make_service

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]

PAGES = (
    *("/services", "/services/new", "{service}", "{service}/change", "{service}/close"),
    *("{service}/contacts/new", "{service}/contacts/{mailbox}/end"),
)


@pytest.fixture
def held(app: Flask) -> dict[str, str]:
    """Hold a service; give its address and its mailbox."""
    with app.app_context():
        add_person("manager", "manager@example.org")
        service = make_service()
        mailbox = service.contacts[0].public_id
        return {"service": f"/services/{service.public_id}", "mailbox": mailbox}


def sign_in(page: Page, live_server: str, role: str) -> None:
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill(f"{role}@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("link", name="Sign out").or_(page.get_by_text("Sign out"))
    ).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_the_page_fits_a_phone(
    page: Page, live_server: str, assert_accessible: Check, held: dict[str, str], path: str
) -> None:
    sign_in(page, live_server, "manager")
    page.goto(live_server + path.format(**held))
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(page)


def test_a_service_is_added_and_given_a_mailbox_by_keyboard(
    page: Page, live_server: str, held: dict[str, str]
) -> None:
    sign_in(page, live_server, "manager")
    page.goto(f"{live_server}/services/new")
    page.get_by_label("Name", exact=True).fill("CAMHS, west")
    page.get_by_label("What it is").select_option("camhs")
    page.get_by_label("Provider").fill("Westmere Trust")
    page.get_by_label("Asked from").fill("1/9/2026")
    page.get_by_label("Asked from").press("Enter")
    expect(page.get_by_text("The service is added. Say whom to write to there.")).to_be_visible()
    page.get_by_role("button", name="Add somebody to write to").press("Enter")
    page.get_by_label("Written to as").select_option("mailbox")
    page.get_by_label("Email address").fill("camhs.west@example.org")
    page.get_by_label("Email address").press("Enter")
    expect(page.get_by_role("cell", name="camhs.west@example.org", exact=True)).to_be_visible()
