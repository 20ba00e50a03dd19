"""The papers of a meeting: axe finds nothing, none is wider than a phone, pages are seen."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import AgendaItem
from casework.services import papers
from casework.services.audit_trail import COMMAND_LINE
from tests.documents import files
from tests.factories import (
    add_document,
    circulate,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
)
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
TITLE = "Advice of an educational psychologist with-a-very-long-and-unbroken-word-in-it"


@pytest.fixture
def place(app: Flask) -> str:
    """Hold a circulated meeting with a paper, a late one and a scan; give its address."""
    with app.app_context():
        add_person("panel-clerk", name="Cleo Clerk")
        meeting = make_meeting(make_panel())
        case = make_case()
        item = put_on_agenda(meeting, case)
        put_on_agenda(meeting, make_case(person={"surname": "Second"}))
        first = add_document(case, pages=3, title=TITLE)
        add_document(case, content=files.word(), file_name="a.docx", title="In Word")
        papers.choose_usual(actor=COMMAND_LINE, item_ids=[item.id])
        circulate(meeting)
        add_document(case, pages=4, title=TITLE, replaces=first)
        late = add_document(case, content=files.scan(), title="A scan")
        papers.choose(
            actor=COMMAND_LINE, item_id=item.id, add=[late.public_id], take_out=[], why=None
        )
        return f"/meetings/{meeting.public_id}"


@pytest.fixture
def clerk(place: str, page: Page, live_server: str) -> Page:
    """Give a page with the clerk signed in."""
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("panel-clerk@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    return page


def fits(page: Page, assert_accessible: Check) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_axe_finds_nothing_and_the_pages_fit_a_phone(
    app: Flask, clerk: Page, live_server: str, place: str, assert_accessible: Check
) -> None:
    clerk.goto(f"{live_server}{place}/papers")
    expect(clerk.get_by_text("A newer version exists: version 2")).to_be_visible()
    fits(clerk, assert_accessible)
    with app.app_context():
        item = db.session.query(AgendaItem.public_id).order_by(AgendaItem.place).first()[0]
    clerk.goto(f"{live_server}{place}/cases/{item}/papers")
    expect(clerk.get_by_text("save it as a PDF")).to_be_visible()
    fits(clerk, assert_accessible)
    clerk.get_by_label(f"{TITLE}, version 1").uncheck()
    clerk.get_by_role("button", name="Save the papers").click()
    expect(clerk.get_by_role("alert")).to_contain_text("Enter why it is taken out")
    fits(clerk, assert_accessible)


def test_a_paper_is_seen_page_by_page_and_read_as_text(
    clerk: Page, live_server: str, place: str, assert_accessible: Check
) -> None:
    clerk.goto(f"{live_server}{place}/papers")
    clerk.get_by_role("link", name=f"{TITLE}, version 1").click()
    for number in (1, 2, 3):
        picture = clerk.get_by_alt_text(f"Picture of page {number}, whose words follow")
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.naturalWidth") > 800
    clerk.get_by_text("Page 2 as text").click()
    expect(clerk.get_by_text("Page 2. Ida Invented is eight")).to_be_visible()
    fits(clerk, assert_accessible)
    clerk.get_by_role("link", name="Next paper").first.click()
    expect(clerk.get_by_role("heading", name="A scan")).to_be_visible()
    expect(clerk.get_by_text("This page has no words that can be read out")).to_be_visible()
    fits(clerk, assert_accessible)
