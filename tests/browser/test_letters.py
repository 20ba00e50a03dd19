"""A letter in a real browser: written, checked and issued in three presses, and no axe finding.

Every child and person is invented.
"""

import os
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Contact, Letter
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


@pytest.fixture
def manager(app: Flask, page: Page, live_server: str) -> Page:
    """Give the letters of a case that is declined, with a manager signed in."""
    with app.app_context():
        made = make_case()
        log(made, NewEvent(kind="decided_not_to_assess", on=date(2026, 10, 12)))
        for name, is_protected in (("Amal Invented", False), ("Bo Invented", True)):
            contact = Contact(
                person_id=made.person_id,
                name=name,
                relationship_to_child="Parent",
                has_parental_responsibility=True,
                address=f"{len(name)} {name[:3]} Road, Anytown",
                address_is_protected=is_protected,
            )
            db.session.add(contact)
        db.session.commit()
        public_id = made.public_id
        add_person("manager", name="Mel Manager")
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("manager@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{live_server}/cases/{public_id}/letters")
    return page


def narrow(page: Page) -> None:
    """Assert that the page reads on a narrow screen without being moved sideways."""
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def pictured(page: Page, name: str) -> None:
    """Keep pictures of a page in the folder that PICTURES names, for whoever wants to look."""
    folder = os.environ.get("PICTURES")
    for width in (1200, 375) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_refusal_is_written_checked_and_issued(
    app: Flask, manager: Page, assert_accessible: Check
) -> None:
    page = manager
    assert_accessible(page)
    narrow(page)
    pictured(page, "index")
    page.get_by_role("link", name="We will not assess").click()
    assert_accessible(page)
    page.get_by_role("button", name="Check the letter").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert_accessible(page)
    pictured(page, "write")
    page.get_by_label("Reasons").fill("The reports show it.\nAsk at 7 Oak Road, AA1 1AA.")
    page.get_by_role("button", name="Check the letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Check the letter before you issue it"
    )
    assert_accessible(page)
    pictured(page, "check")
    narrow(page)
    page.get_by_role("button", name="Issue the letter").click()
    expect(page.get_by_text("Tick that you have checked")).to_be_visible()
    page.get_by_label("An address around this child is protected").check()
    page.get_by_role("button", name="Issue the letter").click()
    expect(page.get_by_text("issued, we will not assess (2 letters)")).to_be_visible()
    assert_accessible(page)
    narrow(page)
    pictured(page, "issued")
    with app.app_context():
        assert db.session.query(Letter).count() == 2


def test_the_templates_read_well(manager: Page, assert_accessible: Check) -> None:
    page = manager
    page.goto(page.url.split("/cases")[0] + "/letters")
    assert_accessible(page)
    narrow(page)
    pictured(page, "templates")
    page.get_by_role("link", name="We will not issue a plan").click()
    assert_accessible(page)
    narrow(page)
    pictured(page, "template")
