"""The pages of documents: axe finds nothing, none is wider than a phone, a file goes in and out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Document
from casework.models.base import public_id
from casework.services import documents
from casework.services.audit_trail import COMMAND_LINE
from casework.services.documents import Sent
from tests.documents import files
from tests.factories import TODAY, make_case
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


def add(case_id: int, pages: int, replaces: str | None = None) -> str:
    key = public_id()
    sent = Sent(
        public_id=key,
        kind="psychology-advice",
        title="Educational psychologist’s advice of a very-long-and-unbroken-title " * 2,
        received_on=TODAY,
        file_name="a.pdf",
        content=files.pdf(pages=pages),
    )
    documents.add(actor=COMMAND_LINE, case_id=case_id, sent=sent, replaces=replaces)
    return key


@pytest.fixture
def place(app: Flask) -> str:
    """Hold a case with a document of two versions, one withdrawn and one that waits."""
    with app.app_context():
        add_person("case-officer", name="Oona Officer")
        case = make_case()
        add(case.id, 2, replaces=add(case.id, 1))
        gone = add(case.id, 3)
        documents.withdraw(actor=COMMAND_LINE, case_id=case.id, public_id=gone, why="A slip")
        waits = add(case.id, 4)
        db.session.query(Document).filter_by(public_id=waits).update({"state": "waiting"})
        db.session.commit()
        return f"/cases/{case.public_id}/documents"


@pytest.fixture
def officer(place: str, page: Page, live_server: str) -> Page:
    """Give a page with a case officer signed in."""
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("case-officer@example.org")
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
    app: Flask, officer: Page, live_server: str, place: str, assert_accessible: Check
) -> None:
    officer.goto(live_server + place)
    officer.get_by_text("Version 2 of 2").click()
    fits(officer, assert_accessible)
    officer.goto(f"{live_server}{place}/new")
    fits(officer, assert_accessible)
    officer.get_by_role("button", name="Add it").click()
    expect(officer.get_by_role("alert")).to_contain_text("There is a problem")
    fits(officer, assert_accessible)
    officer.goto(live_server + place)
    officer.get_by_role("link", name="Withdraw").first.click()
    expect(officer.get_by_role("heading", name="Withdraw “", level=1)).to_be_visible()
    fits(officer, assert_accessible)


def test_a_file_goes_in_by_hand_and_comes_out_as_it_was(
    officer: Page, live_server: str, place: str, tmp_path: Path
) -> None:
    sent = tmp_path / "advice.pdf"
    sent.write_bytes(files.pdf(pages=7))
    officer.goto(f"{live_server}{place}/new")
    officer.get_by_label("The file").set_input_files(sent)
    officer.get_by_label("What it is").select_option("Health advice")
    officer.get_by_label("Title").fill("Audiologist’s report")
    officer.get_by_label("Day received").fill("t")
    officer.get_by_role("button", name="Add it").click()
    expect(officer.get_by_role("alert")).to_contain_text("The document is added")
    with officer.expect_download() as saved:
        officer.get_by_role("link", name="Save Audiologist’s report, version 1").click()
    assert Path(saved.value.path()).read_bytes() == files.pdf(pages=7)
    assert saved.value.suggested_filename == "advice.pdf"
