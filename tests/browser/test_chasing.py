"""Reminding services and looking at samples, in a browser: by keyboard, at a phone's width, axe.

Every person is invented.
"""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import AdviceScore, AdviceService, Message
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.advice import returned
from tests.fixtures.people import PASSWORD, add_person
from tests.fixtures.services import make_service

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
LONG = "Jointly-commissioned-and-very-long-named "


@pytest.fixture
def manager(app: Flask, page: Page, live_server: str) -> Page:
    """Give a page with a manager signed in, a service that owes much and one without a mailbox."""
    with app.app_context():
        add_person("manager", name="Mo Manager")
        for kind, name in (("speech_and_language", LONG * 3), ("camhs", "Unreachable service")):
            make_service(kind, name=name.strip())
            for asked in (date(2026, 9, 28), date(2026, 10, 1), date(2026, 11, 20)):
                log(make_case(asked), NewEvent(kind="advice_requested", on=asked, service=kind))
        unreachable = db.session.query(AdviceService).filter_by(kind="camhs").one()
        unreachable.contacts[0].until_day = date(2026, 1, 1)
        voice = "She likes to be told what comes next. " * 10
        returned("speech_and_language", date(2026, 10, 26), child_voice=voice, summary="Seen twice")
        db.session.commit()
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("manager@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Advice", exact=True)).to_be_visible()
    return page


def holds(page: Page, assert_accessible: Check) -> None:
    """Check that axe finds nothing on a page at a desk, and that it fits a phone."""
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("""[...document.querySelectorAll("body *")].filter(
        e => e.getBoundingClientRect().right > 320).map(e => e.outerHTML.slice(0, 90))""")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, wide
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_service_is_reminded_from_the_list_by_way_of_the_email_itself(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check
) -> None:
    manager.goto(live_server + "/chasing")
    expect(manager.get_by_role("heading", name="Cannot be reminded")).to_be_visible()
    expect(manager.get_by_role("checkbox")).to_be_checked()
    holds(manager, assert_accessible)
    manager.get_by_role("button", name="Preview the emails").press("Enter")
    expect(manager.get_by_role("heading", name="1 service to remind")).to_be_visible()
    expect(manager.locator(".casework-email__text")).to_contain_text("Late:")
    holds(manager, assert_accessible)
    manager.get_by_role("button", name="Send 2 emails").press("Enter")
    expect(manager.get_by_text("1 service is reminded of 2 requests.")).to_be_visible()
    expect(manager.get_by_role("checkbox")).not_to_be_checked()
    with app.app_context():
        assert db.session.query(Message).count() == 2


def test_advice_is_drawn_looked_at_and_scored(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check
) -> None:
    manager.goto(live_server + "/samples?month=2026-10")
    manager.get_by_role("button", name="Draw by lot").press("Enter")
    expect(manager.get_by_text("1 piece of advice drawn.")).to_be_visible()
    holds(manager, assert_accessible)
    manager.get_by_role("link", name="EHC-").press("Enter")
    expect(manager.get_by_role("heading", name="Score it")).to_be_visible()
    holds(manager, assert_accessible)
    manager.get_by_role("button", name="Keep the score").press("Enter")
    expect(manager.get_by_role("heading", name="There is a problem")).to_be_visible()
    holds(manager, assert_accessible)
    for group in manager.get_by_role("group").all():
        group.get_by_role("radio", name="Partly").press("Space")
    manager.get_by_role("button", name="Keep the score").press("Enter")
    expect(manager.get_by_text("The score is kept.")).to_be_visible()
    expect(manager.get_by_text("0.0%").first).to_be_visible()
    with app.app_context():
        assert db.session.query(AdviceScore).count() == 1
