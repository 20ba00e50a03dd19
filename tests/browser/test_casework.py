"""A case from its request to its final plan in a real browser: typed, seen, printed."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.extensions import db
from casework.models import Case, CaseEvent, Contact
from casework.services import exceptions
from casework.services.audit_trail import Actor
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case, make_user
from tests.fixtures.browser import ready
from tests.fixtures.people import PASSWORD, add_person

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]


@pytest.fixture
def officer(app: Flask, page: Page, live_server: str) -> Page:
    """Give the list of cases, with a manager signed in."""
    with app.app_context():
        add_person("manager", name="Mandeep Manager", team="North")
        add_person("case-officer", name="Oona Officer")
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("manager@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My team’s cases", level=1)).to_be_visible()
    return page


@pytest.fixture
def case(app: Flask) -> str:
    """Give a case with everything on it that a page can show."""
    with app.app_context():
        made = make_case(
            date(2026, 5, 11),
            person={
                "forenames": "Bartholomew José",
                "surname": "Fictional-Wetherby-Constantinople-O’Brien",
                "known_as": "Joe",
                "upn": "B801200005001",
                "nhs_number": "9434765919",
            },
            asks="An assessment of everything that can be asked, " * 8,
        )
        for name, hidden in (("Ana O’Brien", False), ("Luis García", True)):
            contact = Contact(
                person_id=made.person_id,
                name=name,
                relationship_to_child="Parent",
                email="a.very.long.address.that.never.ends@an-even-longer-domain.example.org",
                address_is_protected=hidden,
            )
            db.session.add(contact)
        db.session.commit()
        log(made, NewEvent(kind="told_will_assess", on=date(2026, 6, 18), note="Posted"))
        old = event_id(made, "told_will_assess")
        log(made, NewEvent(kind="told_will_assess", on=date(2026, 6, 23), corrects_id=old))
        for service in ("school", "educational_psychology", "camhs"):
            log(made, NewEvent(kind="advice_requested", on=date(2026, 7, 20), service=service))
        excused = {"regulation": "13(3)", "ground": "X1", "reason": "The school was closed"}
        log(made, NewEvent(kind="exception_recorded", on=date(2026, 9, 21), exception=excused))
        for regulation in ("5(4)", "10(4)"):
            proposed = {"regulation": regulation, "ground": "X3", "reason": "Ill"}
            log(made, NewEvent(kind="exception_proposed", on=TODAY, exception=proposed))
        approve(event_id(made, "exception_proposed"))
        return made.public_id


def approve(proposal: int) -> None:
    """Approve an exception, as a second manager does."""
    case = db.session.get_one(Case, db.session.get_one(CaseEvent, proposal).case_id)
    second = make_user("manager", email="second@example.org", name="Sam Second")
    exceptions.approve(
        actor=Actor(second.id, "web"),
        today=TODAY,
        case_id=case.id,
        version=case.version,
        proposal_id=proposal,
    )


def paths(app: Flask, case: str) -> list[str]:
    with app.app_context():
        held = db.session.query(Case).filter_by(public_id=case).one()
        entry = event_id(held, "told_will_assess")
        proposals = db.session.query(CaseEvent.id).filter_by(kind="exception_proposed")
        waiting, told = (row.id for row in proposals.order_by(CaseEvent.id))
    return [
        *("/cases", "/cases?view=all", "/cases?view=all&standing=soon&stage=assessing", "/law"),
        *("/law?q=zebra", f"/cases/{case}", f"/cases/{case}/explain", f"/cases/{case}/views"),
        f"/cases/{case}/hand-over",
        f"/cases/{case}/drafts/serve",
        f"/cases/{case}/events/new?kind=advice_received",
        f"/cases/{case}/events/new?kind=final_plan_sent",
        *(f"/cases/{case}/exceptions", f"/cases/{case}/exceptions/propose", "/exceptions"),
        f"/cases/{case}/exceptions/propose?limit=case.assess_decision_6w",
        *(f"/cases/{case}/exceptions/{waiting}/decide", f"/cases/{case}/exceptions/{told}/tell"),
        f"/cases/{case}/exceptions/{told}/end",
        f"/cases/{case}/events/{entry}/correct",
        f"/cases/{case}/events/{entry}/strike-out",
    ]


def test_axe_finds_nothing_and_no_page_scrolls_sideways_at_320_pixels(
    app: Flask, officer: Page, live_server: str, case: str, assert_accessible: Check
) -> None:
    for path in paths(app, case):
        officer.set_viewport_size({"width": 1280, "height": 900})
        officer.goto(live_server + path)
        assert_accessible(officer)
        officer.set_viewport_size({"width": 320, "height": 640})
        wide = officer.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{path} is {wide} pixels wide"
    assert_accessible(officer)


def test_what_a_refused_form_and_a_search_show_is_accessible_too(
    officer: Page, live_server: str, case: str, assert_accessible: Check
) -> None:
    officer.goto(f"{live_server}/cases/{case}/events/new?kind=final_plan_sent")
    officer.get_by_label("When it happened").fill("31/2/2026")
    officer.get_by_role("button", name="Save").click()
    expect(officer.get_by_role("alert")).to_contain_text("There is a problem")
    assert_accessible(officer)
    officer.goto(live_server + "/cases")
    for words in ("obrien", "nobody at all", ""):
        officer.get_by_label("Find a child or case").fill(words)
        officer.get_by_role("button", name="Search", exact=True).click()
        expect(officer.get_by_role("heading", name="Search results")).to_be_visible()
        assert_accessible(officer)


def log_in_browser(page: Page, what: str, day: str) -> None:
    """Log an event that needs only its day, from the page of the case."""
    link = ready(page).get_by_role("button", name=what, exact=True)
    if not link.count():
        page.get_by_text("Something else happened").click()
        link = page.get_by_role("link", name=what, exact=True)
    link.click()
    page.get_by_label("When it happened").fill(day)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Saved")


def test_a_request_is_taken_to_its_final_plan_corrected_excused_explained_and_printed(
    app: Flask, officer: Page, live_server: str, assert_accessible: Check
) -> None:
    page = officer
    page.goto(live_server + "/requests/new")
    page.get_by_label("Parent or young person").check()
    page.get_by_label("Day received").fill("11/5/2026")
    page.get_by_label("First names").fill("José")
    page.get_by_label("Last name").fill("O’Brien")
    page.get_by_label("Last name").press("Enter")
    expect(page.get_by_role("heading", name="José O’Brien", level=1)).to_be_visible()
    expect(page.locator(".casework-standing", has_text="Overdue by 154 days").first).to_be_visible()

    log_in_browser(page, "Family told we are considering an assessment", "14/5/2026")
    log_in_browser(page, "Family told we will assess", "18/6/2026")

    page.get_by_role("button", name="Ask for advice", exact=True).click()
    for service in ("The family’s own views", "Social care"):
        page.get_by_role("checkbox", name=service, exact=True).uncheck()
    page.get_by_label("Which school or setting").fill("An invented school")
    page.get_by_label("Day they are asked").fill("1/7/2026")
    page.get_by_role("button", name="Ask everyone ticked").click()
    page.get_by_label("Why nobody is asked").fill("They have answered already")
    page.get_by_role("button", name="Ask everyone ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("Asked 3 for advice.")
    page.get_by_role("link", name="Back to the case").click()
    for service, outcome in (
        ("School or setting", "Advice returned"),
        ("Educational psychology", "Advice returned"),
        ("Community paediatrics", "Not known to the service"),
    ):
        page.get_by_role("button", name="Advice received", exact=True).click()
        whose = page.get_by_role("link", name=re.compile(service))
        expect(whose.or_(page.get_by_label("Day it came"))).to_be_visible()
        if whose.is_visible():
            whose.click()
        page.get_by_label(outcome).check()
        page.get_by_label("Day it came").fill("20/8/2026")
        if outcome == "Advice returned":
            page.get_by_label("Who wrote it").fill("An invented writer")
            page.get_by_label("What it says, in words").fill("What helps is small steps and time.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(
            page.get_by_role("button", name="Advice received")
            .or_(page.get_by_role("button", name="Decided to issue a plan"))
            .first
        ).to_be_visible()

    # The day of the first letter was a slip: it went five days later.
    page.get_by_role("link", name=re.compile(r"Correct\s*: Family told we will assess")).click()
    page.get_by_label("When it happened").fill("23/6/2026")
    page.get_by_role("button", name="See what this changes").click()
    expect(page.get_by_role("row", name=re.compile("Decide whether to assess"))).to_contain_text(
        "Done 1 day late"
    )
    assert_accessible(page)
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_text("Corrected to 23 June 2026")).to_be_visible()

    page.get_by_role(
        "link", name=re.compile(r"Propose an exception\s+to: Send the final plan")
    ).click()
    page.get_by_label("Exceptional personal circumstances").check()
    page.get_by_label("Reason").fill("The mother was in hospital")
    page.get_by_role("button", name="See what this changes").click()
    expect(page.get_by_text("No evidence is given")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("Waiting for approval")).to_be_visible()
    with app.app_context():
        approve(db.session.query(CaseEvent.id).filter_by(kind="exception_proposed").scalar())
    page.get_by_role("link", name="Back to the case").click()
    expect(
        page.locator(".casework-standing", has_text="Exception: still owed").first
    ).to_be_visible()

    log_in_browser(page, "Decided to issue a plan", "5/10/2026")
    page.get_by_role("button", name="Draft plan served on the family", exact=True).click()
    page.get_by_label("Given by hand").check()
    page.get_by_label("Day it was sent").fill("12/10/2026")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("counts as served on 12 October 2026")
    page.get_by_role("link", name="Back to the case").click()
    page.get_by_role("button", name="Final plan sent", exact=True).click()
    page.get_by_label("The parents or young person").check()
    page.get_by_label("The responsible commissioning body").check()
    page.get_by_label("No school:").check()
    page.get_by_label("When it happened").fill("t")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Final plan sent on Monday 23 November 2026")).to_be_visible()
    done = page.locator(".casework-standing", has_text="Done 56 days late, with an exception")
    expect(done).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Explain this case").click()
    expect(page.get_by_text("56 days late (8 weeks)").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Back to the case")).to_be_hidden()
    expect(page.get_by_label("Service information")).to_be_hidden()
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 2


def test_a_page_for_an_event_is_ready_to_be_typed_in_and_takes_two_keys(
    officer: Page, live_server: str, case: str
) -> None:
    officer.goto(f"{live_server}/cases/{case}/events/new?kind=decided_to_issue")
    expect(officer.get_by_label("When it happened")).to_be_focused()
    officer.keyboard.type("t")
    officer.keyboard.press("Enter")
    expect(officer.get_by_role("alert")).to_contain_text("Decided to issue a plan, 23 November")


def test_the_likeliest_event_is_reached_and_logged_by_keyboard_alone(
    app: Flask, officer: Page, live_server: str
) -> None:
    with app.app_context():
        public_id = make_case(date(2026, 11, 16)).public_id
    officer.goto(f"{live_server}/cases/{public_id}")
    keys = 0
    wanted = officer.get_by_role("button", name="Family told we are considering an assessment")
    for key in ("Tab", "Enter"):  # past the navigation
        officer.keyboard.press(key)
        keys += 1
    while not wanted.evaluate("element => element === document.activeElement"):
        officer.keyboard.press("Tab")
        keys += 1
        assert keys < 20, "Tab never reached the likeliest event"
    for key in ("Enter",):
        officer.keyboard.press(key)
        keys += 1
    expect(officer.get_by_label("When it happened")).to_be_focused()
    for key in ("t", "Enter"):
        officer.keyboard.press(key)
        keys += 1
    expect(officer.get_by_role("alert")).to_contain_text("Saved")
    assert keys == 6


def test_a_double_click_saves_once(app: Flask, officer: Page, live_server: str, case: str) -> None:
    officer.goto(f"{live_server}/cases/{case}/events/new?kind=decided_to_issue")
    officer.get_by_label("When it happened").fill("t")
    officer.get_by_role("button", name="Save").dblclick()
    expect(officer.get_by_role("alert")).to_contain_text("Saved")
    with app.app_context():
        found = db.session.query(Case).filter_by(public_id=case).one()
        assert event_id(found, "decided_to_issue")
    assert officer.get_by_text("Decided to issue a plan").count() >= 1


def test_a_case_reads_and_works_without_scripts(
    app: Flask, browser, live_server: str, case: str
) -> None:
    with app.app_context():
        add_person("case-officer", name="Oona Officer")
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill("case-officer@example.org")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_server}/cases/{case}")
    page.get_by_text("Something else happened").click()
    page.get_by_role("link", name="Draft plan served on the family").click()
    page.get_by_label("Given by hand").check()
    page.get_by_label("Day it was sent").fill("T")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("the draft counts as served on 23 November 2026")).to_be_visible()
    context.close()
