"""The pages on which records are put right: axe finds nothing, and none is wider than a phone."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Case, Contact, Setting, SettingClosure, User
from tests.factories import TODAY, make_case
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]

PAGES = (
    *("/cases/{case}/child", "/cases/{case}/details", "/cases/{case}/contacts"),
    *("/cases/{case}/contacts/new", "/cases/{case}/contacts/{contact}/change"),
    *("/cases/{case}/contacts/{contact}/end", "/schools", "/schools/new", "/schools/{school}"),
    *("/schools/{school}/change", "/schools/{school}/merge", "/schools/{school}/closures/new"),
    *("/team", "/team/{officer}/hand-over"),
)


@pytest.fixture
def manager(app: Flask, page: Page, live_server: str) -> Page:
    """Give a page with a manager signed in, who has something of everything to look at."""
    with app.app_context():
        add_person("manager", name="Mo Manager")
        add_person("case-officer", name="Oona Officer-with-a-very-long-double-barrelled-name")
        officer = db.session.query(User).filter_by(role="case-officer").one()
        school = Setting(name="Oakfield " * 12, name_key="oakfield", needs_review=True)
        school.closures = [SettingClosure(first_day=TODAY, last_day=TODAY, reason="Snow")]
        db.session.add(school)
        db.session.commit()
        case = make_case(officer_id=officer.id, setting_id=school.id)
        db.session.add(
            Contact(
                person_id=case.person_id,
                name="Amal Nasser-Okafor",
                relationship_to_child="mother",
                email="a.very.long.address.indeed@a.very.long.domain.example.org",
            )
        )
        db.session.commit()
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("manager@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Team")).to_be_visible()
    return page


def addresses(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {
            "case": db.session.query(Case.public_id).scalar() or "",
            "contact": db.session.query(Contact.public_id).scalar() or "",
            "school": db.session.query(Setting.public_id).scalar() or "",
            "officer": db.session.query(User.public_id).filter_by(role="case-officer").scalar()
            or "",
        }


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_the_page_fits_a_phone(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check, path: str
) -> None:
    manager.goto(live_server + path.format(**addresses(app)))
    assert_accessible(manager)
    manager.set_viewport_size({"width": 320, "height": 640})
    assert manager.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_conflict_is_shown_resolved_and_accessible(
    app: Flask, manager: Page, live_server: str, assert_accessible: Check
) -> None:
    path = f"{live_server}/cases/{addresses(app)['case']}/child"
    manager.goto(path)
    other = manager.context.new_page()
    other.goto(path)
    other.get_by_label("Postcode").fill("SL1 1AA")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("alert")).to_contain_text("saved")
    manager.get_by_label("Postcode").fill("SL2 2BB")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_role("alert")).to_contain_text("Someone else saved first")
    assert_accessible(manager)
    manager.get_by_role("link", name="Postcode").click()
    expect(manager.get_by_label("Postcode")).to_be_focused()
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_role("alert")).to_contain_text("saved")
    with app.app_context():
        assert db.session.query(Case).one().person.postcode == "SL2 2BB"


def test_a_setting_is_chosen_from_the_list_as_it_is_typed(
    app: Flask, manager: Page, live_server: str
) -> None:
    manager.goto(f"{live_server}/cases/{addresses(app)['case']}/details")
    box = manager.get_by_label("School or other setting")
    listed = box.evaluate("box => [...box.list.options].map(option => option.value)")
    assert listed == [("Oakfield " * 12)]
