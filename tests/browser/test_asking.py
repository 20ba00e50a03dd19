"""Asking for advice in a real browser: eight advisers by mouse and by keyboard, in few presses.

Every child, service and person is invented.
"""

import time
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Adviser, Setting
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.people import PASSWORD, add_person
from tests.fixtures.services import make_service

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
KINDS = (
    *("community_paediatrics", "speech_and_language", "occupational_therapy", "physiotherapy"),
    *("educational_psychology", "social_care"),
)
EIGHT = sorted([*KINDS, "family", "school"])
#: What the law does not require of this child, and the officer adds.
ADDED = ("Speech and language therapy", "Occupational therapy", "Physiotherapy")


@pytest.fixture
def case(app: Flask) -> str:
    """Give a case in which an assessment is agreed, with a choice of two CAMHS."""
    with app.app_context():
        school = Setting(name="Invented Primary School", name_key="invented")
        db.session.add(school)
        db.session.flush()
        made = make_case(setting_id=school.id)
        log(made, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        for kind in KINDS:
            make_service(kind)
        make_service("camhs")
        make_service("camhs", name="CAMHS of the next area, with a very long name " * 3)
        return made.public_id


@pytest.fixture
def officer(app: Flask, page: Page, live_server: str, case: str) -> Page:
    """Give the page of the case, with its officer signed in."""
    with app.app_context():
        add_person("case-officer", name="Oona Officer")
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("case-officer@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{live_server}/cases/{case}")
    return page


def asked(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(one.service for one in db.session.query(Adviser))


def test_an_officer_asks_eight_advisers_with_five_clicks_in_under_a_minute(
    app: Flask, officer: Page, assert_accessible: Check
) -> None:
    page, began = officer, time.monotonic()
    page.get_by_role("button", name="Ask for advice").click()
    expect(page.get_by_role("heading", name="Ask for advice", level=1)).to_be_visible()
    for name in ADDED:
        page.get_by_role("checkbox", name=name).click()
    page.get_by_role("button", name="Ask everyone ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("Asked 8 for advice.")
    assert time.monotonic() - began < 60
    assert asked(app) == EIGHT
    assert_accessible(page)


def test_an_officer_asks_eight_advisers_by_keyboard_alone(app: Flask, officer: Page) -> None:
    page, began = officer, time.monotonic()
    ask = page.get_by_role("button", name="Ask for advice")
    ask.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ask for advice", level=1)).to_be_visible()
    left = set(ADDED)
    button = page.get_by_role("button", name="Ask everyone ticked")
    for _ in range(90):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.labels?.[0]?.textContent.trim()")
        if name in left:
            page.keyboard.press("Space")
            left.remove(name)
        if button.evaluate("one => one === document.activeElement"):
            break
    assert not left
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Asked 8 for advice.")
    assert time.monotonic() - began < 60
    assert asked(app) == EIGHT


def test_axe_finds_nothing_and_no_page_scrolls_sideways_at_320_pixels(
    app: Flask, officer: Page, live_server: str, case: str, assert_accessible: Check
) -> None:
    page = officer

    def check() -> None:
        page.set_viewport_size({"width": 1280, "height": 900})
        assert_accessible(page)
        page.set_viewport_size({"width": 320, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{page.url} is {wide} pixels wide"

    place = f"{live_server}/cases/{case}/advice"
    page.goto(f"{place}/ask")
    check()
    page.get_by_role("checkbox", name="Child and adolescent").click()
    page.get_by_role("checkbox", name="Educational psychology").click()
    page.get_by_text("Ask somebody else").click()
    page.get_by_role("textbox", name="Somebody else", exact=True).fill("Dr Private")
    page.get_by_role("textbox", name="Day they are asked").fill("31/2/2026")
    page.get_by_role("button", name="Ask everyone ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    check()
    page.goto(f"{place}/ask")
    page.get_by_role("button", name="Ask everyone ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("Asked 5 for advice.")
    page.goto(f"{place}/ask")
    check()
    page.get_by_role("link", name="Withdraw the request").first.click()
    check()
    page.goto(f"{place}/reuse?kind=camhs")
    check()
    page.get_by_role("button", name="Use this advice").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    check()
