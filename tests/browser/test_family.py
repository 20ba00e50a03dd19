"""The family's page in a real browser: from a button to the page, without a script, on a phone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from casework.config import Settings
from casework.extensions import db
from casework.models import Contact
from casework.services.events import NewEvent
from tests.factories import log, make_case, make_user
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Give the settings of an authority that wants family pages."""
    contact = {"team_phone": "01632 960 100", "team_email": "ehc@anyshire.example.org"}
    return replace(settings, family_pages=True, **contact)


@pytest.fixture
def officer(app: Flask, page: Page, live_server: str) -> Page:
    """Give an officer's page of the links of a case that waits for advice."""
    with app.app_context():
        add_person("manager", name="Mo Manager")
        holder = make_user(name="Oona Officer").id
        child = {"forenames": "Wren", "surname": "Marsh"}
        case = make_case(date(2026, 7, 6), officer_id=holder, person=child)
        told = NewEvent(kind="told_will_assess", on=date(2026, 8, 12))
        log(case, told)
        for service in ("educational_psychology", "speech_and_language", "family"):
            asked = NewEvent(kind="advice_requested", on=date(2026, 8, 13), service=service)
            log(case, asked)
        mother = {"relationship_to_child": "Mother", "has_parental_responsibility": True}
        db.session.add(Contact(person_id=case.person_id, name="Ines Marsh", **mother))
        db.session.commit()
        path = f"/cases/{case.public_id}/family-page"
    page.goto(f"{live_server}/sign-in?next={path}")
    page.locator("#email").fill("manager@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Family’s page")
    return page


@pytest.fixture
def family(browser: Browser, live_server: str) -> Iterator[Page]:
    """Give a family's phone, on which no script runs."""
    phone = {"width": 320, "height": 640}
    context = browser.new_context(viewport=phone, java_script_enabled=False, base_url=live_server)
    yield context.new_page()
    context.close()


def test_a_family_opens_its_page_on_a_phone_without_a_script(
    officer: Page, family: Page, assert_accessible: Check
) -> None:
    assert_accessible(officer)
    officer.get_by_label("Ines Marsh, Mother").check()
    officer.get_by_role("button", name="Make a link").click()
    address = officer.locator(".casework-one-time").inner_text()
    assert_accessible(officer)
    officer.get_by_role("link", name="Go on to give a code").click()
    officer.get_by_role("button", name="Give a code").click()
    code = officer.locator(".casework-one-time").inner_text()
    assert_accessible(officer)

    family.goto(address)
    family.get_by_label("Your code").fill("1234")
    family.get_by_role("button", name="Open my page").click()
    expect(family.get_by_role("alert")).to_contain_text("That did not work")
    family.get_by_label("Your code").fill(code)
    family.get_by_role("button", name="Open my page").click()
    expect(family.get_by_role("heading", level=1)).to_have_text("How things are going for Wren")
    assert family.url.endswith("/family"), "the secret has left the address"
    expect(family.get_by_text("Educational psychology")).to_be_visible()
    width = family.locator("html").bounding_box()
    assert width
    assert width["width"] <= 320
    family.get_by_role("button", name="Close my page").click()
    expect(family.get_by_role("heading", level=1)).to_have_text("Your page is closed")


def test_axe_finds_nothing_on_the_familys_pages_and_paper_shows_no_buttons(
    officer: Page, live_server: str, assert_accessible: Check
) -> None:
    officer.get_by_label("Ines Marsh, Mother").check()
    officer.get_by_role("button", name="Make a link").click()
    address = officer.locator(".casework-one-time").inner_text()
    officer.get_by_role("link", name="Go on to give a code").click()
    officer.get_by_role("button", name="Give a code").click()
    code = officer.locator(".casework-one-time").inner_text()
    officer.set_viewport_size({"width": 320, "height": 640})
    officer.goto(address)
    assert_accessible(officer)
    officer.get_by_role("button", name="Open my page").click()
    expect(officer.get_by_role("alert")).to_be_visible()
    assert_accessible(officer)
    officer.get_by_label("Your code").fill(code)
    officer.get_by_role("button", name="Open my page").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("How things are going for Wren")
    assert_accessible(officer)
    assert officer.evaluate("document.documentElement.scrollWidth") <= 320
    officer.emulate_media(media="print")
    expect(officer.get_by_role("button", name="Close my page")).to_be_hidden()
    expect(officer.get_by_text("Oona Officer")).to_be_visible()
    officer.emulate_media(media="screen")
    officer.get_by_role("button", name="Close my page").click()
    assert_accessible(officer)
