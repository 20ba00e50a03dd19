"""The designated clinical officer's first page, in a real browser, on a phone and on paper."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdf
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.fixtures.people import PASSWORD, add_person
from tests.fixtures.requests_for_advice import invent

pytestmark = pytest.mark.embedded
Check = Callable[[Page], None]
SignedIn = Callable[[str], Page]


@pytest.fixture
def requests(app: Flask) -> None:
    """Ask for advice on invented children through the year up to today."""
    with app.app_context():
        invent(random.Random(11), 80, since=date(2025, 11, 1), days=330)


@pytest.fixture
def signed_in(app: Flask, live_server: str, page: Page) -> SignedIn:
    """Give a function that signs someone of a role in and returns their first page."""

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


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("width", [1280, 320])
def test_the_dco_finds_what_cost_most_weeks_and_opens_the_cases_behind_it(
    signed_in: SignedIn, assert_accessible: Check, width: int
) -> None:
    page = signed_in("dco")
    page.set_viewport_size({"width": width, "height": 900})
    assert page.url.endswith("/contributions/health")

    def looks_right() -> None:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    looks_right()
    costly = page.get_by_role("list", name="Where the most weeks were lost").get_by_role("listitem")
    assert costly.count() == 3
    weeks = [float(text.split(": ")[1].split(" ")[0]) for text in costly.all_inner_texts()]
    assert weeks == sorted(weeks, reverse=True)
    first = costly.first.inner_text()
    rows = page.get_by_role("table", name="By service").get_by_role("rowheader")
    assert rows.first.inner_text().splitlines()[0] in first
    costly.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Weeks lost")
    looks_right()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the list as CSV").click()
    assert "Invented" not in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="EHC-").first.click()
    looks_right()


@pytest.mark.usefixtures("requests")
def test_the_page_prints_on_one_sheet(signed_in: SignedIn, tmp_path: Path) -> None:
    page = signed_in("dco")
    page.goto(f"{page.url}?from=2026-01-01&to=2026-11-23")
    assert page.get_by_role("table", name="By service").get_by_role("rowheader").count() >= 5
    assert pages_of(page, tmp_path) == 1


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("width", [1280, 320])
def test_the_dco_issues_a_months_report_and_prints_it_on_one_sheet(
    signed_in: SignedIn, assert_accessible: Check, tmp_path: Path, width: int
) -> None:
    page = signed_in("dco")
    page.set_viewport_size({"width": width, "height": 900})

    def looks_right() -> None:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("link", name="Monthly reports for the health body").click()
    looks_right()
    page.get_by_role("link", name="Draft of October 2026").click()
    looks_right()
    page.get_by_role("link", name="Write the commentary and issue").click()
    looks_right()
    page.get_by_label("Commentary").fill("Two posts in therapy are vacant.")
    page.get_by_role("button", name="Issue the report").click()
    expect(page.get_by_text("Version 1, issued")).to_be_visible()
    looks_right()
    assert pages_of(page, tmp_path) == 1


def test_the_page_says_so_where_there_is_nothing(
    signed_in: SignedIn, assert_accessible: Check
) -> None:
    page = signed_in("social-care-lead")
    assert page.url.endswith("/contributions/social-care")
    expect(page.get_by_text("Nothing was asked or fell due in these days.")).to_be_visible()
    assert_accessible(page)


def pages_of(page: Page, folder: Path) -> int:
    """Return on how many sheets a page prints."""
    paper = folder / "paper.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    return len(pypdf.PdfReader(paper).pages)
