"""The navigation: one line for every role, with pages that belong together under one word."""

import re

import pytest

from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


def words(page: str, label: str) -> list[str]:
    """Return the words of the links in the navigation of this label."""
    part = page.split(f'aria-label="{label}"', 1)[1].split("</nav>", 1)[0]
    return [one.strip() for one in re.findall(r"<a [^>]*>\s*(?:<strong[^>]*>)?([^<]+)", part)]


def test_a_manager_finds_every_page_under_eight_words(sign_in: SignIn) -> None:
    client = sign_in("manager")
    page = client.get("/schools").text
    assert words(page, "Menu") == [
        *("Cases", "At risk", "New request", "Advice", "Panels"),
        *("Team", "Indicators", "Reference"),
    ]
    assert words(page, "Reference") == [
        *("Schools", "Letters", "Trackers", "The law", "Scheduler", "Undelivered email"),
    ]
    assert words(client.get("/exceptions").text, "Team") == ["Who holds what", "Exceptions"]


def test_a_page_that_is_alone_in_its_group_is_found_by_its_own_words(sign_in: SignIn) -> None:
    page = sign_in("board-reader").get("/law").text
    assert words(page, "Menu") == ["Indicators", "The law"]
    assert 'aria-label="Reference"' not in page
