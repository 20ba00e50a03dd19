"""A case from "we will issue" to its final plan, as its officer and manager take it.

Two drafts, three settings asked, an exception and five letters, the day moving on as they work; and
what each costs in clicks and keys. The case is worked example 1 of the law: asked for on Monday 2
March 2026. Every person and school is invented.
"""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as Word
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from casework import clock
from casework.documents.store import LocalFolder
from casework.extensions import db
from casework.models import Case, Contact, Document, Letter
from casework.services.events import NewEvent
from tests.factories import log
from tests.fixtures.advice import returned
from tests.fixtures.hand import Hand
from tests.fixtures.people import PASSWORD, add_person
from tests.fixtures.plans import make_setting

ASKED = date(2026, 3, 2)
ISSUE = date(2026, 6, 8)
LETTERS_NOW = "section[aria-labelledby=now]"
SCHOOLS = ("Alder School", "Birch School", "Cedar College")


@pytest.fixture
def place(app: Flask, live_server: str) -> str:
    """Give the address of a case of worked example 1 in which a plan is to be issued."""
    with app.app_context():
        clock.set_today(ISSUE)
        for name in SCHOOLS:
            make_setting(name, kind="special")
        advice = returned("speech_and_language", date(2026, 4, 10), asked_on=ASKED)
        case = db.session.get_one(Case, advice.case_id)
        parent = Contact(
            person_id=case.person_id,
            name="Amal Invented",
            relationship_to_child="Mother",
            has_parental_responsibility=True,
            address="1 Elm Road\nAnytown",
        )
        db.session.add(parent)
        db.session.commit()
        told = {"advice_accepted": date(2026, 4, 13)}
        for kind, on in told.items():
            log(case, NewEvent(kind=kind, on=on, adviser_id=advice.adviser_id), today=ISSUE)
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 4, 10)), today=ISSUE)
        log(case, NewEvent(kind="decided_to_issue", on=ISSUE), today=ISSUE)
        return f"{live_server}/cases/{case.public_id}"


@pytest.fixture
def officer(app: Flask, page: Page, place: str) -> Hand:
    """Give the hand of the case's officer, on the page of the case."""
    return _signed_in(app, page, place, "case-officer")


@pytest.fixture
def manager(app: Flask, browser: Browser, place: str) -> Iterator[Hand]:
    """Give the hand of their manager, at another desk."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    yield _signed_in(app, context.new_page(), place, "manager")
    context.close()


def _signed_in(app: Flask, page: Page, place: str, role: str) -> Hand:
    with app.app_context():
        add_person(role, name=role.replace("-", " ").title())
    page.goto(place.split("/cases")[0] + "/sign-in")
    page.locator("#email").fill(f"{role}@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    page.goto(place)
    return Hand(page)


def said(hand: Hand, words: str) -> None:
    expect(hand.page.get_by_role("alert")).to_contain_text(words)


def a_letter(
    hand: Hand, place: str, kind: str, *, reasons: str = "", also: tuple[str, ...] = ()
) -> None:
    """Issue a letter from the list of the case's letters; `also` have the plan sent besides."""
    hand.begin()
    hand.page.goto(f"{place}/letters")
    hand.click("link", kind, within=LETTERS_NOW)
    if reasons:
        hand.click("textbox", "Reasons")
        hand.type(reasons)
    hand.click("button", "Check the letter")
    for whom in also:
        hand.click("checkbox", whom)
    hand.click("button", "Issue the letter")
    said(hand, "ssued")


def test_a_case_goes_from_issue_to_final_with_every_date_right(
    app: Flask, officer: Hand, manager: Hand, place: str
) -> None:
    page = officer.page
    # The plan is filled from advice that was accepted.
    officer.begin()
    page.goto(f"{place}/plan")
    officer.click("button", "Start from the advice")
    officer.click("button", "Add what is ticked")
    said(officer, "rows added from advice")
    assert officer.effort == (2, 0)

    # The first draft, given by hand.
    clock.set_today(date(2026, 6, 12))
    officer.begin()
    page.goto(f"{place}/drafts")
    officer.click("link", "Record a draft served")
    officer.click("radio", "Given by hand")
    officer.click("textbox", "Day it was sent")
    officer.type("t")
    officer.click("button", "Save")
    said(officer, "the draft counts as served on 12 June 2026")
    assert officer.effort == (4, 1)
    a_letter(officer, place, "Draft plan")
    assert officer.effort == (3, 0)

    # What the authority itself changes opens the days anew: worked example 7.
    clock.set_today(date(2026, 6, 22))
    officer.begin()
    page.goto(f"{place}/drafts")
    officer.click("link", "Serve a changed draft")
    officer.click("radio", "Given by hand")
    officer.click("textbox", "Day it was sent")
    officer.type("t")
    officer.click("textbox", "Why the draft was changed")
    officer.type("New advice came")
    officer.click("button", "Save")
    said(officer, "the draft counts as served on 22 June 2026")
    page.goto(f"{place}/drafts")
    facts = page.get_by_role("region", name="Draft 2, served on 22 June 2026")
    expect(facts).to_contain_text("6 July 2026")
    expect(facts).to_contain_text("7 July 2026")

    # Three settings asked by letter.
    officer.begin()
    page.goto(f"{place}/consultations")
    officer.click("link", "Choose settings")
    officer.click("combobox", "Setting 1")
    for name in SCHOOLS:
        officer.type(name)
        officer.press("Tab", "Tab")
    officer.click("button", "Save")
    a_letter(officer, place, "Consultation")
    assert officer.effort == (3, 0)
    page.goto(f"{place}/consultations")
    expect(page.locator("main")).to_contain_text("7 July 2026")  # 15 days from 22 June

    # One answers.
    clock.set_today(date(2026, 7, 3))
    page.goto(f"{place}/consultations")
    officer.begin()
    officer.click("link", re.compile("Record its answer.*Birch School"))
    officer.click("radio", "Can meet the needs and has a place")
    officer.click("textbox", "Day the answer came")
    officer.type("t")
    officer.click("button", "Save")
    said(officer, "Birch School answered on")
    assert officer.effort == (4, 1)

    # A date will be missed, it is thought, and the family is told.
    officer.begin()
    page.goto(f"{place}/letters")
    officer.click("link", "Holding letter", within=LETTERS_NOW)
    officer.page.get_by_label("Which limit will be missed").select_option(index=1)
    officer.click("textbox", "Day by which it is expected now")
    officer.type("31/7/2026")
    officer.click("textbox", "Reasons")
    officer.type("A school has not answered yet")
    officer.click("button", "Check the letter")
    officer.click("button", "Issue the letter")
    said(officer, "ssued")

    # An exception takes two people, and moves no day: the family is told by letter.
    officer.begin()
    page.goto(f"{place}/exceptions/propose")
    officer.click("link", "Send the final")
    officer.click("radio", "Exceptional personal circumstances")
    officer.click("textbox", "First day")
    officer.type("22/6/2026")
    officer.click("textbox", "Reason")
    officer.type("The child was in hospital")
    officer.click("button", "See what this changes")
    officer.click("button", "Propose")
    said(officer, "roposed")
    desk = manager.page
    desk.goto(f"{place}/exceptions")
    manager.begin()
    manager.click("link", "Approve it or not")
    manager.click("radio", "Approve")
    manager.click("button", "Save the decision")
    said(manager, "pproved")
    assert manager.effort == (3, 0)
    a_letter(officer, place, "An exception to a time limit", reasons="Ida was in hospital")

    # The final plan: refused while the family has its days, then signed and sent.
    clock.set_today(date(2026, 7, 6))
    desk.goto(f"{place}/final/sign")
    expect(desk.locator("main")).to_contain_text("7 July 2026")
    clock.set_today(date(2026, 7, 7))
    desk.goto(f"{place}/final")
    manager.begin()
    manager.click("link", "Sign the final plan")
    manager.click("radio", "Birch School")
    manager.click("textbox", "Your post")
    manager.type("Head of SEND")
    manager.click("button", "Sign", exact=True)
    said(manager, "igned")
    assert manager.effort == (4, 12)
    a_letter(officer, place, "Final plan", also=("Birch School", "commissioning body"))
    assert officer.effort == (5, 0)
    page.goto(place)
    expect(page.locator(".casework-stage")).to_have_text("Final plan sent")

    # Every date has its reason.
    page.goto(f"{place}/explain")
    explained = page.locator("main").inner_text()
    for day in ("13 April 2026", "22 June 2026", "20 June 2026", "20 July 2026"):
        assert day in explained
    _the_documents_open(app)


def _the_documents_open(app: Flask) -> None:
    with app.app_context():
        folder = LocalFolder(Path(app.instance_path) / "documents")
        kept = db.session.query(Document).filter(Document.media_type.is_not(None)).all()
        texts = []
        for row in kept:
            content = folder.read(row.stored_as, row.sha256)
            if content.startswith(b"%PDF"):
                texts.append("".join(p.extract_text() for p in PdfReader(BytesIO(content)).pages))
            else:
                texts.append("\n".join(p.text for p in Word(BytesIO(content)).paragraphs))
        kinds = [row.kind for row in kept]
        assert kinds.count("draft-plan") == 4, "two drafts, each as a PDF and for Word"
        assert kinds.count("final-plan") == 2
        drafts = [t for t, row in zip(texts, kept, strict=True) if row.kind == "draft-plan"]
        finals = [t for t, row in zip(texts, kept, strict=True) if row.kind == "final-plan"]
        assert not any("Birch School" in text for text in drafts)
        assert all("Birch School" in text for text in finals)
        issued = {row.kind for row in db.session.query(Letter)}
        assert issued == {"draft", "consultation", "holding", "exception", "final"}
