"""A tracker brought in and its figures read, in a real browser, at a desk and on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.services import imports
from casework.services.audit_trail import COMMAND_LINE
from casework.tracker.reading import read_tracker
from tests.factories import TODAY
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded
Check = Callable[[Page], None]
TRACKER = Path(__file__).parents[1] / "trackers" / "west-berkshire-2024.xlsx"
YEAR = "from=2024-01-01&to=2024-12-31"


@pytest.fixture
def signed_in(app: Flask, live_server: str, page: Page) -> Callable[[str], Page]:
    """Give a function that signs someone of a role in and returns their page."""

    def sign_in(role: str) -> Page:
        with app.app_context():
            add_person(role)
        page.goto(f"{live_server}/sign-in")
        page.get_by_label("Email address").fill(f"{role}@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: not address.endswith("/sign-in"))
        return page

    return sign_in


@pytest.mark.parametrize("width", [1280, 320])
def test_a_manager_brings_a_tracker_in(
    signed_in: Callable[[str], Page], live_server: str, assert_accessible: Check, width: int
) -> None:
    page = signed_in("manager")
    page.set_viewport_size({"width": width, "height": 900})

    def looks_right() -> None:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"{live_server}/imports")
    looks_right()
    page.get_by_role("button", name="Check this tracker").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    looks_right()
    page.get_by_label("The tracker").set_input_files(TRACKER)
    page.get_by_role("button", name="Check this tracker").click()
    expect(page.get_by_role("heading", name="Check the tracker")).to_be_visible()
    looks_right()
    page.get_by_role("link", name="Choose the columns").click()
    expect(page.get_by_role("heading", name="Choose the columns", level=1)).to_be_visible()
    looks_right()
    page.get_by_role("button", name="Save and check again").click()
    page.get_by_role("button", name="Bring 616 cases in").click()
    expect(page.get_by_role("heading", name="616 cases brought in")).to_be_visible(timeout=60_000)
    looks_right()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the refused rows as a sheet").click()
    assert download.value.suggested_filename == "refused-rows.xlsx"
    page.get_by_role("button", name="Finish and delete the file").click()
    expect(page.get_by_text("The file has been deleted from this service.")).to_be_visible()


@pytest.fixture
def tracker(app: Flask) -> None:
    """Bring one council's tracker in."""
    rows = read_tracker(TRACKER.read_bytes(), TRACKER.name, today=TODAY).rows
    with app.app_context():
        imports.import_rows(actor=COMMAND_LINE, rows=rows, today=TODAY)


@pytest.mark.usefixtures("tracker")
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("manager", f"/indicators?{YEAR}"),
        ("manager", "/indicators?from=1/1/2024&to=31/2/2024"),
        ("manager", f"/indicators/health_advice_6w?{YEAR}"),
        ("manager", f"/indicators/requests_received?{YEAR}"),
        ("manager", f"/indicators/weeks_to_plan?{YEAR}"),
        ("manager", "/indicators/no_plan_16w?from=2019-01-01&to=2019-12-31"),
        ("board-reader", "/indicators?quarter=2025-1"),
        ("board-reader", "/indicators/decision_6w?quarter=2025-1"),
    ],
)
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    signed_in: Callable[[str], Page],
    live_server: str,
    assert_accessible: Check,
    role: str,
    path: str,
    width: int,
) -> None:
    page = signed_in(role)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server + path)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
