"""Decisions on a case's pages in a real browser: axe finds nothing, none is wider than a phone."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.clock import set_today
from casework.extensions import db
from casework.models import Case, PanelDecision
from casework.services import decided
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    decide,
    decide_alone,
    log,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    sign,
)
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
LATE = "/cases/{late}"
TOLD = "/cases/{decided}"
PAGES = (
    *(LATE, f"{LATE}/decide/assess", f"{LATE}/decisions", f"{LATE}/decisions/words"),
    *(TOLD, f"{TOLD}/decisions", f"{TOLD}/decisions/words", f"{TOLD}/explain"),
    *(f"{TOLD}/decisions/{{decision}}/change", "/cases?view=all"),
)


@pytest.fixture
def places(app: Flask) -> dict[str, str]:
    """Hold a case that no panel decides in time, and one refused, overturned and decided again."""
    set_today(TODAY)
    with app.app_context():
        add_person("manager", name="Mo Manager-with-a-very-long-double-barrelled-name")
        panel = make_panel(name="Panel for the whole of a county with a very long name indeed")
        make_meeting(panel, date(2026, 12, 2))
        late = make_case(date(2026, 10, 19))
        other = make_case(date(2026, 10, 26), person={"forenames": "Odo"})
        held = make_meeting(panel, date(2026, 11, 18))
        refused = decide(put_on_agenda(held, other), "not_assess", reasons="Words " * 40)
        sign(held, refused)
        decided.make_facts(actor=COMMAND_LINE, decisions=[refused])
        db.session.commit()
        log(other, NewEvent(kind="told_will_not_assess", on=date(2026, 11, 19)))
        again: PanelDecision = decide_alone(other)
        return {
            "late": late.public_id,
            "decided": other.public_id,
            "decision": again.public_id,
        }


@pytest.fixture
def manager(page: Page, live_server: str, places: dict[str, str]) -> Page:
    """Give a page with a manager signed in."""
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("manager@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Team")).to_be_visible()
    return page


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_the_page_fits_a_phone(
    manager: Page, live_server: str, assert_accessible: Check, places: dict[str, str], path: str
) -> None:
    manager.goto(live_server + path.format(**places))
    assert_accessible(manager)
    manager.set_viewport_size({"width": 320, "height": 640})
    assert manager.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_manager_decides_between_panels_by_keyboard_and_copies_the_words(
    app: Flask, manager: Page, live_server: str, places: dict[str, str]
) -> None:
    manager.goto(f"{live_server}/cases/{places['late']}")
    manager.get_by_role("button", name="Decide outside a panel").press("Enter")
    manager.get_by_label("Assess", exact=True).press("Space")
    manager.get_by_label("Reasons").fill("Two reports show needs that school cannot meet.")
    manager.get_by_label("What must be done").fill("Ask health for their report")
    manager.get_by_label("Who must do it").fill("The case officer")
    manager.get_by_role("button", name="Decide and sign").press("Enter")
    expect(manager.get_by_text("Decided and signed: Assess, 23 November 2026.")).to_be_visible()
    condition = re.compile(r"Mark as met\W+Ask health for their report")
    manager.get_by_role("button", name=condition).press("Enter")
    expect(manager.get_by_role("button", name="Not met after all")).to_be_visible()
    manager.context.grant_permissions(["clipboard-read", "clipboard-write"])
    manager.get_by_role("link", name="Words for the family and the setting").press("Enter")
    manager.get_by_role("button", name=re.compile(r"Copy the words\W+to the family")).press("Enter")
    expect(manager.get_by_text("Copied")).to_be_visible()
    copied = manager.evaluate("navigator.clipboard.readText()")
    assert "By law you must hear from us by Monday 30 November 2026" in copied
    # Where its script is not there, a button that would do nothing is not there either.
    manager.route("**/copy.js*", lambda route: route.fulfill(content_type="text/javascript"))
    manager.reload()
    expect(manager.get_by_text("By law you must hear from us").first).to_be_visible()
    expect(manager.locator("[data-copies]").first).to_be_hidden()
    with app.app_context():
        assert db.session.query(Case.stage).filter_by(public_id=places["late"]).scalar() == (
            "assess_agreed"
        )
