"""Writing a plan in a browser: kept as it is typed, saved as it is left, fit for all.

Every person is invented.
"""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Case, PlanSectionVersion
from casework.rules.plan_content import Section, read
from casework.services.events import NewEvent
from tests.factories import TODAY, log
from tests.fixtures.advice import returned
from tests.fixtures.browser import ready
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


@pytest.fixture
def plan(app: Flask, page: Page, live_server: str) -> str:
    """Sign an officer in; give the address of the plan of a case with accepted advice."""
    with app.app_context():
        add_person("case-officer", name="Oona Officer")
        advice = returned("speech_and_language", date(2026, 10, 5))
        case = db.session.get_one(Case, advice.case_id)
        log(case, NewEvent(kind="advice_accepted", on=TODAY, adviser_id=advice.adviser_id))
        place = f"{live_server}/cases/{case.public_id}/plan"
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("case-officer@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    return place


def newest(app: Flask, key: str) -> Section:
    with app.app_context():
        rows = db.session.query(PlanSectionVersion).filter_by(section=key)
        row = rows.order_by(PlanSectionVersion.number.desc()).first()
        return read(key, row.content) if row else Section(key=key)


def fits(page: Page, assert_accessible: Check) -> None:
    """Check that axe finds nothing, and that the page fits a phone without moving sideways."""
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def test_two_presses_fill_the_plan_from_advice_and_every_page_of_it_fits(
    app: Flask, page: Page, plan: str, assert_accessible: Check
) -> None:
    page.goto(plan)
    fits(page, assert_accessible)
    page.get_by_role("button", name="Start from the advice").click()
    fits(page, assert_accessible)
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_text("3 rows added from advice")).to_be_visible()
    for place in ("", "/F/edit", "/E/edit", "/K/edit", "/F/versions", "/changes", "/agreement"):
        page.goto(plan + place)
        fits(page, assert_accessible)
    assert newest(app, "F").items[0].serves == (newest(app, "E").items[0].id,)


def test_what_is_typed_is_kept_at_a_pause_and_a_version_once_the_page_is_left(
    app: Flask, page: Page, plan: str
) -> None:
    ready(page).goto(f"{plan}/B/edit")
    ready(page)
    page.get_by_role("button", name="Add a need").click()
    expect(page.get_by_label("Need, B1")).to_be_focused()
    page.keyboard.type("Tires by noon.")
    said = page.get_by_role("status").filter(has_text="Kept for you at")
    expect(said).to_be_visible()
    expect(page.get_by_text("No outcome serves this need")).to_be_visible()
    assert newest(app, "B").is_empty, "a pause makes no version"
    page.get_by_role("link", name="Back to the plan").click()
    expect(page.locator("#section-B")).to_be_visible()
    for _ in range(100):  # it is sent as the page goes away, which nothing waits for
        if not newest(app, "B").is_empty:
            break
        page.wait_for_timeout(100)
    page.reload()
    expect(page.get_by_text("Tires by noon.")).to_be_visible()
    assert [item.text for item in newest(app, "B").items] == ["Tires by noon."]


def test_rows_move_by_keyboard_and_the_focus_stays_with_them(
    app: Flask, page: Page, plan: str
) -> None:
    page.goto(f"{plan}/C/edit")
    ready(page)
    for text in ("First.", "Second."):
        page.get_by_role("button", name="Add a need").click()
        expect(page.locator("textarea:focus")).to_have_value("")
        page.keyboard.type(text)
    page.get_by_role("button", name="Move up C2").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Row moved up")).to_be_visible()
    expect(page.locator(":focus")).to_have_text("Move down C1")
    page.get_by_role("button", name="Save", exact=True).and_(page.locator(".govuk-button")).click()
    expect(page.get_by_text("Section C saved: version 1")).to_be_visible()
    assert [item.text for item in newest(app, "C").items] == ["Second.", "First."]
