"""Asking settings about a place in a real browser, in few presses. Everybody is invented."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import CaseEvent
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.people import PASSWORD, add_person
from tests.fixtures.plans import make_consultation, make_setting

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


@pytest.fixture
def case(app: Flask) -> str:
    """Give a case that is assessed, with four settings held and one of them chosen."""
    with app.app_context():
        made = make_case()
        log(made, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        for name in ("Alder School", "Birch School", "Cedar College"):
            make_setting(name, kind="primary")
        make_consultation(made, make_setting("Setting with a name that goes on and on " * 3))
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


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.query(CaseEvent.kind).filter(CaseEvent.consultation_id.is_not(None))
        return [row[0] for row in rows.order_by(CaseEvent.id)]


def test_three_settings_are_asked_in_five_clicks_and_one_answers_in_four(
    app: Flask, officer: Page
) -> None:
    page, clicks = officer, 0

    def click(role: str, name: str | re.Pattern[str]) -> None:
        nonlocal clicks
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        clicks += 1

    click("link", "Settings asked about a place")
    click("link", "Choose settings")
    click("combobox", "Setting 1")
    for name in ("alder school", "birch school", "cedar college"):
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    click("textbox", "Day they were asked")
    page.keyboard.type("t")
    click("button", "Save")
    expect(page.get_by_role("alert")).to_contain_text("Recorded as asked: 3 settings.")
    assert clicks == 5
    clicks = 0
    click("link", re.compile("Record its answer.*Birch School"))
    click("radio", "Can meet the needs and has a place")
    click("textbox", "Day the answer came")
    page.keyboard.type("t")
    click("button", "Save")
    expect(page.get_by_role("alert")).to_contain_text("Birch School answered on")
    assert clicks == 4
    assert kinds(app) == [*["consultation_sent"] * 3, "consultation_replied"]


def test_axe_finds_nothing_and_no_page_scrolls_sideways_at_320_pixels(
    officer: Page, live_server: str, case: str, assert_accessible: Check
) -> None:
    page, place = officer, f"{live_server}/cases/{case}/consultations"

    def check() -> None:
        page.set_viewport_size({"width": 1280, "height": 900})
        assert_accessible(page)
        page.set_viewport_size({"width": 320, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{page.url} is {wide} pixels wide"

    for path in ("", "/request", "/choose", "/sent"):
        page.goto(place + path)
        check()
    page.get_by_label("Day they were asked").fill("t")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Recorded as asked")
    check()
    page.get_by_role("link", name="Record its answer").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    check()
    page.goto(f"{live_server}/placements")
    check()
