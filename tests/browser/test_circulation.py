"""Sending decisions round in a real browser: seen, by keyboard, at the width of a phone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.config import Settings
from casework.services import outbox
from tests.factories import (
    decide,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.mail import Post, with_mail
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture
def path(app: Flask) -> str:
    """Give the path of the page about a signed meeting, with people of long names."""
    with app.app_context():
        add_person("panel-clerk", name="Clem Clerk")
        panel = make_panel(name="Assessment panel of the northern area")
        for number, position in enumerate(("chair", "member", "member")):
            name = f"Bartholomew-Maximilian Featherstonehaugh {number}"
            email = f"bartholomew-maximilian.featherstonehaugh{number}@example.org"
            member = make_user("panel-member", name=name, email=email)
            seat_member(panel, member, position=position)
        officer = make_user("case-officer", name="Oona Officer", email="oona@example.org")
        meeting = make_meeting(panel, date(2026, 11, 18))
        held, nobodys = make_case(officer_id=officer.id), make_case()
        sign(meeting, *(decide(put_on_agenda(meeting, case)) for case in (held, nobodys)))
        return f"/meetings/{meeting.public_id}/circulation"


@pytest.fixture
def clerk(path: str, page: Page, live_server: str) -> Page:
    """Give a page with the panel's clerk signed in."""
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("panel-clerk@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    return page


def fits(page: Page, assert_accessible: Check) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(page)


def test_decisions_go_round_by_keyboard_and_the_page_says_whom_they_reached(
    app: Flask,
    clerk: Page,
    live_server: str,
    path: str,
    post: Post,
    assert_accessible: Check,
) -> None:
    post.to_recipient["oona@example.org"] = "550 5.1.1 no such user"
    clerk.goto(live_server + path)
    expect(clerk.get_by_role("link", name="Circulation")).to_have_attribute("aria-current", "page")
    fits(clerk, assert_accessible)
    clerk.get_by_role("button", name="Circulate decisions").focus()
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_text("4 people are told of the decisions.")).to_be_visible()
    with app.app_context():
        outbox.send_waiting()
    clerk.reload()
    expect(clerk.get_by_text("The mail server refused it (550 5.1.1).")).to_be_visible()
    fits(clerk, assert_accessible)
    post.to_recipient.clear()
    clerk.get_by_role("button", name="Try the failed email again").press("Enter")
    expect(clerk.get_by_text("1 email waits to be tried again.")).to_be_visible()
    with app.app_context():
        outbox.send_waiting()
    clerk.reload()
    expect(clerk.locator(".govuk-tag--green")).to_have_count(5)  # each of four, and the meeting
