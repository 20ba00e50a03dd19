"""A request keyed in a real browser: by keyboard alone, checked by axe, counted key by key."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Case, Setting
from tests.factories import make_case
from tests.fixtures.browser import ready
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


class Keys:
    """A keyboard that counts: one for each key pressed, one for each letter typed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0
        self.letters = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)
        self.letters += len(text)

    def tab_to(self, label: str, group: str = "") -> None:
        """Press Tab until the box with this label has the focus."""
        within = self.page.get_by_role("group", name=group) if group else self.page
        box = within.get_by_label(label, exact=True).first
        for _ in range(60):
            self.press("Tab")
            if box.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab never reached {label}")


@pytest.fixture
def officer(app: Flask, page: Page, live_server: str) -> Page:
    """Give the page of a new request, with a case officer signed in."""
    with app.app_context():
        add_person("case-officer", name="Oona Officer", takes_complex_cases=True)
        school = Setting(name="St Mary’s Primary School", name_key="st marys primary school")
        db.session.add(school)
        db.session.commit()
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("case-officer@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="New request")).to_be_visible()
    page.get_by_role("link", name="New request").click()
    expect(page.get_by_role("heading", name="New request", level=1)).to_be_visible()
    return ready(page)


def test_a_request_is_keyed_by_keyboard_in_as_few_keys_as_its_words_and_13_more(
    app: Flask, officer: Page
) -> None:
    keys = Keys(officer)
    keys.press("Tab", "Enter")  # past the navigation
    keys.press("Tab", "Space")  # a parent asked
    keys.press("Tab", "Tab")
    keys.type("t")  # received today
    keys.press("Tab", "Tab", "Tab", "Tab")  # time, route and kind may stay as they are
    keys.type("Ada")
    keys.press("Tab")
    keys.type("Okafor")
    keys.press("Enter")
    officer.wait_for_url(re.compile("/cases/"))
    assert keys.pressed - len("AdaOkafor") == 13
    with app.app_context():
        case = db.session.query(Case).one()
        assert (case.person.forenames, case.person.surname) == ("Ada", "Okafor")
        assert case.officer
        assert case.officer.name == "Oona Officer"


def test_everything_can_be_keyed_without_a_mouse(app: Flask, officer: Page) -> None:
    keys = Keys(officer)
    keys.press("Tab", "Enter", "Tab", "ArrowDown")  # a school asked
    for label, text in (
        ("Name and role of who asked", "Mo Head, SENCO"),
        ("Day received", "191126"),
        ("Time received (optional)", "9am"),
        ("How it came", "Em"),
        ("First names", "Ada"),
        ("Last name", "Okafor"),
        ("Date of birth", "4/5/18"),
    ):
        keys.tab_to(label)
        keys.type(text)
    for label, text in (
        ("Sex", "Fem"),
        ("Postcode", "sl61rf"),
        ("UPN", "b801200005001"),
        ("Primary need", "Speech"),
        ("School or other setting", "st marys primary school"),
    ):
        keys.tab_to(label)
        keys.type(text)
    keys.tab_to("Yes", "Does the request show the graduated approach?")
    keys.press("Space")
    keys.tab_to("Full name")
    keys.type("Amal Okafor")
    keys.tab_to("Relationship to the child")
    keys.type("mother")
    keys.tab_to("Telephone")
    keys.type("01632 960001")
    keys.press("Enter")
    officer.wait_for_url(re.compile("/cases/"))
    assert keys.pressed - keys.letters == 38  # Tab, Space, arrows and Enter, in all
    with app.app_context():
        case = db.session.query(Case).one()
        assert (case.source, case.route, case.graduated_approach) == ("2", "email", True)
        assert case.setting
        assert case.setting.name == "St Mary’s Primary School"
        assert (case.person.upn, case.person.primary_need) == ("B801200005001", "SLCN")
        assert case.person.contacts[0].name == "Amal Okafor"


def test_one_click_is_today_and_the_box_says_which_day(officer: Page) -> None:
    officer.get_by_role("button", name="Today for Day received").click()
    expect(officer.get_by_label("Day received")).to_have_value("23/11/2026")
    expect(officer.get_by_label("Day received")).to_be_focused()


def test_an_error_is_reached_from_the_summary(officer: Page, assert_accessible: Check) -> None:
    assert_accessible(officer)
    officer.get_by_role("button", name="Save request").click()
    expect(officer.get_by_role("alert")).to_contain_text("There is a problem")
    assert_accessible(officer)
    officer.get_by_role("link", name="Enter the child’s last name").click()
    expect(officer.get_by_label("Last name")).to_be_focused()


def test_the_page_fits_a_screen_320_pixels_wide(officer: Page) -> None:
    officer.set_viewport_size({"width": 320, "height": 640})
    assert officer.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_child_held_already_is_asked_about_and_nothing_typed_is_lost(
    app: Flask, officer: Page, assert_accessible: Check
) -> None:
    with app.app_context():
        make_case(person={"surname": "O’Brien", "forenames": "José"})
    officer.get_by_label("Parent or young person").check()
    officer.get_by_label("Day received").fill("T")
    officer.get_by_label("Last name").fill("obrien")
    officer.get_by_label("First names").fill("Jose")
    officer.get_by_label("Date of birth").fill("4.5.2018")
    officer.get_by_label("What it asks for").fill("One line\nand another")
    officer.get_by_role("button", name="Save request").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("Is this the same child?")
    expect(officer.get_by_text("This child already has an open case")).to_be_visible()
    assert "obrien" not in officer.url.lower()
    assert_accessible(officer)
    officer.set_viewport_size({"width": 320, "height": 640})
    assert officer.evaluate("document.documentElement.scrollWidth") <= 320
    officer.get_by_role("button", name="Go back and change what I typed").click()
    expect(officer.get_by_label("What it asks for")).to_have_value("One line\nand another")
    expect(officer.get_by_label("Date of birth")).to_have_value("4.5.2018")
    officer.get_by_role("button", name="Save request").click()
    officer.get_by_role("button", name="Continue").click()
    expect(officer.get_by_role("alert")).to_contain_text("Choose which child this is")
    officer.get_by_label("The same request: go to EHC-000001, José O’Brien").check()
    officer.get_by_role("button", name="Continue").click()
    officer.wait_for_url(re.compile("/cases/"))
    with app.app_context():
        assert db.session.query(Case).count() == 1
