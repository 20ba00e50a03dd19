"""The agenda in a real browser: axe, a phone, the keyboard, without scripts, and on paper."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from casework.extensions import db
from casework.models import Case, PanelMeeting, User
from casework.services import agenda
from tests.factories import (
    TODAY,
    circulate,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    seat_member,
)
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
MEETS = date(2026, 11, 25)
PAGES = (
    *("{meeting}", "{meeting}/add", "{meeting}/add-case", "{meeting}/circulate"),
    *("{meeting}/cases/{item}/take-off", "{meeting}/cases/{item}/note"),
    "/cases/{case}/put-before-panel",
)


@pytest.fixture
def held(app: Flask) -> dict[str, str]:
    """Hold a meeting with three cases on its agenda, two that wait, and a clerk and a member."""
    with app.app_context():
        for role in ("panel-clerk", "panel-member", "manager"):
            add_person(role, name="A-very-long-name-of Somebody-or-other-in-the-authority")
        panel = make_panel(name="Panel with a long name for a long morning")
        member = db.session.query(User).filter_by(role="panel-member").one()
        seat_member(panel, member)
        meeting = make_meeting(panel, MEETS, place="Room 101")
        make_meeting(panel, date(2026, 12, 2))
        cases = [child(f"Child {n}", TODAY - timedelta(7 * n)) for n in range(6)]
        items = [put_on_agenda(meeting, case) for case in cases[:3]]
        return {
            "meeting": f"/meetings/{meeting.public_id}",
            "item": items[0].public_id,
            "case": cases[4].public_id,
        }


def child(name: str, started_on: date) -> Case:
    return make_case(started_on, person={"surname": name, "forenames": "Secretname"})


def sign_in(page: Page, live_server: str, role: str) -> None:
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill(f"{role}@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("link", name="Sign out").or_(page.get_by_text("Sign out"))
    ).to_be_visible()


@pytest.fixture
def clerk(page: Page, live_server: str, held: dict[str, str]) -> Page:
    sign_in(page, live_server, "panel-clerk")
    return page


def order(app: Flask) -> list[str]:
    with app.app_context():
        meeting = db.session.query(PanelMeeting).filter_by(on_day=MEETS).one()
        items = agenda.items_at(meeting.id)
        return [db.session.get_one(Case, item.case_id).person.surname for item in items]


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


def test_the_order_is_made_by_keyboard_alone(
    app: Flask, clerk: Page, live_server: str, held: dict[str, str]
) -> None:
    clerk.goto(live_server + held["meeting"])
    boxes = clerk.get_by_label("Place of ")
    boxes.nth(2).focus()
    clerk.keyboard.press("Control+a")
    clerk.keyboard.type("1")
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_text("The agenda is saved.")).to_be_visible()
    assert order(app) == ["Child 2", "Child 0", "Child 1"]
    clerk.get_by_role("button", name=re.compile("^Up")).first.focus()
    clerk.keyboard.press("Enter")
    expect(clerk).to_have_url(re.compile("#item-"))
    assert order(app) == ["Child 0", "Child 2", "Child 1"]


def test_tab_goes_through_a_line_in_the_order_that_it_is_read(
    clerk: Page, live_server: str, held: dict[str, str]
) -> None:
    clerk.goto(live_server + held["meeting"])
    clerk.get_by_label("Place of ").first.focus()
    reached = []
    for _ in range(4):
        clerk.keyboard.press("Tab")
        reached.append(str(clerk.evaluate("document.activeElement.innerText || ''")).split("\n")[0])
    assert [words.split(":")[0].split(" ")[0] for words in reached] == ["", "Down", "Note", "Take"]


def test_an_agenda_is_built_and_circulated_without_scripts(
    app: Flask, browser: Browser, live_server: str, held: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, "panel-clerk")
    page.goto(live_server + held["meeting"])
    page.get_by_role("button", name="Add cases").or_(
        page.get_by_role("link", name="Add cases")
    ).click()
    page.get_by_role("button", name="Add the ticked cases").click()
    expect(page.get_by_text("3 cases added to the agenda.")).to_be_visible()
    page.get_by_role("button", name="Put in the order of the law").click()
    expect(page.get_by_text("The agenda is saved.")).to_be_visible()
    assert order(app)[0] == "Child 5"
    page.get_by_role("button", name="Check and circulate").or_(
        page.get_by_role("link", name="Check and circulate")
    ).click()
    page.get_by_role("button", name="Circulate the agenda").click()
    expect(page.get_by_text("The agenda is circulated.")).to_be_visible()
    context.close()


def test_a_member_s_first_thing_to_do_is_to_read_the_first_case(
    app: Flask, page: Page, live_server: str, held: dict[str, str], assert_accessible: Check
) -> None:
    with app.app_context():
        circulate(db.session.query(PanelMeeting).filter_by(on_day=MEETS).one())
    sign_in(page, live_server, "panel-member")
    page.goto(live_server + held["meeting"])
    assert_accessible(page)
    first = page.get_by_role("button", name="Read the first case")
    expect(first).to_have_attribute("href", f"{held['meeting']}/cases/{held['item']}")


def test_on_paper_the_agenda_is_landscape_with_its_heading_and_no_name(
    clerk: Page, live_server: str, held: dict[str, str]
) -> None:
    clerk.goto(live_server + held["meeting"])
    pages = PdfReader(BytesIO(clerk.pdf(prefer_css_page_size=True))).pages
    assert pages[0].mediabox.width > pages[0].mediabox.height
    words = " ".join(page.extract_text() for page in pages)
    assert "Confidential: about children, by reference only." in words
    assert words.count("EHC-") == 3
    assert "Secretname" not in words
    assert "Take off" not in words
