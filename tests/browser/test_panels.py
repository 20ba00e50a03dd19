"""The pages of panels and their calendar: axe finds nothing, and none is wider than a phone."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.clock import now
from casework.extensions import db
from casework.models import Panel, PanelMeeting, PanelMember, PanelPhrase, User
from tests.factories import (
    circulate,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]

PAGES = (
    *("/panels", "/panels/new", "{panel}", "{panel}/terms", "{panel}/members"),
    *("{panel}/members/new", "{panel}/members/{member}", "{panel}/phrases"),
    *("{panel}/phrases/new", "{panel}/phrases/{phrase}", "{panel}/meetings"),
    *("{panel}/meetings/new", "{panel}/meetings/ahead", "{meeting}/move", "{meeting}/cancel"),
)
LONG = "Jointly-commissioned-and-very-long-named "


@pytest.fixture
def manager(app: Flask, page: Page, live_server: str) -> Page:
    """Give a page with a manager signed in, and one panel with something of everything."""
    with app.app_context():
        add_person("manager", name="Mo Manager")
        panel = make_panel(name=LONG * 2, purpose="To decide.\nTogether.", place=LONG * 4)
        chair = db.session.query(User).filter_by(role="manager").one()
        seat_member(panel, chair, position="chair")
        closed = make_user("dco", name="Dee-Anne Double-Barrelled-Surname", is_active=False)
        seat_member(panel, closed)
        left = make_user("panel-member", email="left@example.org")
        seat_member(panel, left, until_day=date(2026, 1, 1))
        first = make_meeting(panel, date(2026, 11, 25), place=LONG * 3)
        put_on_agenda(first, make_case(date(2026, 10, 15)))
        circulate(make_meeting(panel, date(2026, 12, 2), moved_why=LONG * 5))
        make_meeting(panel, date(2026, 12, 9), cancelled_at=now(), cancelled_why=LONG * 5)
        sign(make_meeting(panel, date(2026, 11, 18)))
        make_meeting(panel, date(2026, 11, 11))
        db.session.add_all(
            PanelPhrase(panel_id=panel.id, question="assess", words=f"{word} {LONG * 5}", place=n)
            for n, word in enumerate(("One", "Two", "Three"))
        )
        db.session.commit()
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("manager@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Panels")).to_be_visible()
    return page


def addresses(app: Flask) -> dict[str, str]:
    with app.app_context():
        first = db.session.query(PanelMeeting).order_by(PanelMeeting.id).first()
        assert first is not None
        return {
            "panel": f"/panels/{db.session.query(Panel.public_id).scalar()}",
            "member": db.session.query(PanelMember.public_id).order_by(PanelMember.id).first()[0],
            "phrase": db.session.query(PanelPhrase.public_id).order_by(PanelPhrase.id).first()[0],
            "meeting": f"/meetings/{first.public_id}",
        }


def fits(page: Page) -> bool:
    page.set_viewport_size({"width": 320, "height": 640})
    return bool(page.evaluate("document.documentElement.scrollWidth") <= 320)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_the_page_fits_a_phone(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check, path: str
) -> None:
    manager.goto(live_server + path.format(**addresses(app)))
    assert_accessible(manager)
    assert fits(manager)


def test_a_panel_is_set_up_by_keyboard_and_errors_lead_to_their_boxes(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check
) -> None:
    manager.goto(live_server + "/panels/new")
    manager.get_by_label("Name").focus()
    manager.keyboard.type("Plan panel")
    manager.keyboard.press("Enter")
    expect(manager.get_by_role("alert")).to_contain_text("Choose what the panel may decide")
    assert_accessible(manager)
    expect(manager.locator(".govuk-error-summary")).to_be_focused()
    manager.get_by_role("link", name="Choose the day it meets").press("Enter")
    expect(manager.get_by_label("Day of the week")).to_be_focused()
    manager.keyboard.type("Thu")
    for label in ("Whether to issue a plan", "The panel advises"):
        manager.get_by_label(label).press("Space")
    manager.get_by_label("Start").fill("1pm")
    for n, at in enumerate(("5pm", "noon")):
        manager.get_by_label("By this time").nth(n).fill(at)
    manager.keyboard.press("Enter")
    expect(manager.locator(".govuk-error-summary")).to_be_focused()
    manager.get_by_role("link", name="Enter a time like 14:30 or 2.30pm").press("Enter")
    expect(manager.get_by_label("By this time").nth(1)).to_be_focused()
    manager.keyboard.press("Control+A")
    manager.keyboard.type("12pm")
    manager.keyboard.press("Enter")
    expect(manager.get_by_role("alert")).to_contain_text("The panel is set up")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Plan panel")
    with app.app_context():
        made = db.session.query(Panel).filter_by(name="Plan panel").one()
        assert (made.weekday, made.questions, made.decides) == (3, "issue", False)


def test_cases_that_a_later_day_is_too_late_for_are_shown_accessibly(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check
) -> None:
    manager.goto(live_server + addresses(app)["meeting"] + "/move")
    manager.get_by_label("Day", exact=True).fill("30/11/2026")
    manager.get_by_label("Why it is moved").fill("The room is flooded")
    manager.get_by_role("button", name="Move the meeting").click()
    expect(manager.get_by_text("An officer decision is needed for 1 case")).to_be_visible()
    assert_accessible(manager)
    assert fits(manager)
    manager.get_by_role("button", name="Move it all the same").click()
    expect(manager.get_by_role("alert")).to_contain_text("moved to Monday 30 November 2026")


def test_ending_the_only_chair_is_asked_about_accessibly(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check
) -> None:
    here = addresses(app)
    manager.goto(live_server + here["panel"] + "/members/" + here["member"])
    manager.get_by_label("Last day (optional)").fill("30/11/2026")
    manager.get_by_role("button", name="Save").click()
    expect(manager.locator(".govuk-error-summary")).to_be_focused()
    manager.get_by_role("link", name="nobody would be this panel’s chair").press("Enter")
    box = manager.get_by_label("The panel goes on without a chair for now")
    expect(box).to_be_focused()
    assert_accessible(manager)
    box.press("Space")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_role("alert")).to_contain_text("The place is saved")


def test_the_calendar_is_printed_without_its_links(
    app: Flask, manager: Page, live_server: str
) -> None:
    manager.goto(live_server + addresses(app)["panel"] + "/meetings")
    expect(manager.get_by_role("link", name="Move the meeting").first).to_be_visible()
    manager.emulate_media(media="print")
    expect(manager.get_by_role("link", name="Move the meeting").first).to_be_hidden()
    expect(manager.get_by_text("Record signed")).to_be_visible()
