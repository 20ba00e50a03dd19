"""Attendance, the record and its signature in a real browser, and on paper. All are invented."""

import io
from collections.abc import Callable
from datetime import date

import pypdf
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Attendance, DecisionCondition, PanelRecord
from casework.services.passwords import hash_password
from tests.factories import decide
from tests.fixtures.people import PASSWORD
from tests.fixtures.sittings import hold_meeting

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
PAGES = ("attendance", "record", "record/sign")


@pytest.fixture
def chair(app: Flask, page: Page, live_server: str) -> Page:
    """Give a page with the chair signed in, of a meeting with twelve cases."""
    with app.app_context():
        held = hold_meeting(12)
        for item in held.items[1:]:
            decide(
                item,
                reasons="The school’s report and the psychologist’s both show it. " * 4,
                conditions=[
                    DecisionCondition(words="Ask the clinic", owner="O", due_on=date(2026, 12, 4))
                ],
            )
        held.declare("member", held.items[3])
        held.people["chair"].password_hash = hash_password(PASSWORD)
        db.session.commit()
        place = f"{live_server}/meetings/{held.meeting.public_id}"
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("chair@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Panels").first).to_be_visible()
    page.goto(f"{place}/record")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_the_page_fits_a_phone(
    chair: Page, assert_accessible: Check, name: str
) -> None:
    chair.goto(chair.url.removesuffix("record") + name)
    assert_accessible(chair)
    chair.set_viewport_size({"width": 320, "height": 640})
    assert chair.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_chair_signs_and_the_record_reads_well_on_paper(
    app: Flask, chair: Page, assert_accessible: Check
) -> None:
    chair.get_by_role("button", name="Sign the record").click()
    expect(chair.get_by_role("heading", name="Sign the record", level=1)).to_be_visible()
    chair.get_by_role("button", name="Sign the record").click()
    expect(chair.get_by_role("alert")).to_contain_text("There was no quorum for")
    assert_accessible(chair)
    chair.get_by_label("Why the other cases were not heard").fill("Time ran out")
    chair.get_by_label("They go to a meeting that has a quorum").check()
    chair.get_by_role("button", name="Sign the record").click()
    expect(chair.get_by_role("alert")).to_contain_text("The record is signed: 12 cases.")
    assert_accessible(chair)
    with app.app_context():
        assert db.session.query(PanelRecord).count() == 1
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(chair.pdf())).pages]
    assert len(pages) > 3
    for number, words in enumerate(pages, 1):
        assert "Invented panel, 18 November 2026. Record, version 1. Confidential" in words
        assert f"Page {number} of {len(pages)}" in words
    whole = " ".join(" ".join(pages).split())
    for words in (
        *("Children and Families Act 2014, s.36(8)", "Ask the clinic", "Invented member"),
        *("was signed by Invented chair", "Time ran out", "Wednesday 2 December 2026"),
    ):
        assert words in whole, words
    assert "Sign the record" not in whole
    assert "Back to the panels" not in whole


def test_attendance_is_recorded_by_keyboard_alone(app: Flask, chair: Page) -> None:
    with app.app_context():
        db.session.query(Attendance).delete()
        db.session.commit()
    chair.goto(chair.url.replace("/record", "/attendance"))
    first = chair.get_by_label("Sent apologies").first
    first.focus()
    chair.keyboard.press("Space")
    button = chair.get_by_role("button", name="Save, and everybody else was present")
    button.focus()
    chair.keyboard.press("Enter")
    expect(chair.get_by_role("alert")).to_contain_text("The attendance is saved.")
    with app.app_context():
        came = [row.attended for row in db.session.query(Attendance).order_by(Attendance.id)]
    assert came == ["apologies", "present", "present"]
