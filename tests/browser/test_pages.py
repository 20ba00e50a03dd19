"""The pages that anyone may open, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.embedded

PAGES = ["/accessibility", "/cookies", "/privacy", "/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(
    page: Page, live_server: str, assert_accessible: Callable[[Page], None], path: str
) -> None:
    page.goto(live_server + path)
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_screen_320_pixels_wide(page: Page, live_server: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_tab_reaches_a_link_past_the_navigation(page: Page, live_server: str) -> None:
    page.goto(live_server + "/privacy")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_on_paper_a_page_has_no_navigation(page: Page, live_server: str) -> None:
    page.goto(live_server + "/privacy")
    page.emulate_media(media="print")
    expect(page.get_by_label("Service information")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_authoritys_colour_reaches_the_header(page: Page, live_server: str) -> None:
    page.goto(live_server + "/privacy")
    colour = "getComputedStyle(document.querySelector('.casework-authority')).backgroundColor"
    assert page.evaluate(colour) == "rgb(29, 79, 92)"
