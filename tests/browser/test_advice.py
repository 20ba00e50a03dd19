"""The pages of advice and of releases in a real browser: axe, a phone's width, the keyboard."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.clock import set_today
from casework.extensions import db
from casework.models import AdviceRelease, Adviser
from casework.services import checking, releases
from casework.services.audit_trail import COMMAND_LINE, Actor
from casework.services.events import NewEvent
from tests.factories import TODAY, add_document, event_id, log, make_advice, make_case, make_user
from tests.fixtures.people import PASSWORD, add_person
from tests.fixtures.services import the_service

pytestmark = pytest.mark.embedded

Check = Callable[[Page], None]
OFFICERS = (
    *("{case}", "{case}/advice", "{health}", "{health}/check", "{health}/late"),
    *("{health}/versions/2", "{exception}", "/advice/late?whose=all"),
)
LEADS = ("{case}/advice", "{health}", "/releases", "/releases/{release}", "{case}/release")


@pytest.fixture
def places(app: Flask) -> dict[str, str]:
    """Hold a case with two versions of late advice, and the other lead's request to read it."""
    set_today(TODAY)
    with app.app_context():
        add_person("case-officer", name="Oona Officer-with-a-very-long-double-barrelled-name")
        add_person("dco", name="Dee Clinical")
        lead = make_user("social-care-lead", email="lead@example.org", name="Lou Lead")
        case = make_case(date(2026, 9, 7))
        for kind in ("speech_and_language", "social_care"):
            service = the_service(kind)
            asked = {"service": kind, "advice_service_id": service.id}
            log(case, NewEvent(kind="advice_requested", on=date(2026, 9, 14), **asked))
        adviser = db.session.query(Adviser).filter_by(service="speech_and_language").one()
        for version, words in ((1, "Weekly with a therapist. "), (2, "Daily with a therapist. ")):
            answer = {"adviser_id": adviser.id, "outcome": "advice"}
            log(case, NewEvent(kind="advice_received", on=date(2026, 11, 2), **answer))
            paper = add_document(case, pages=version, title="Report on her speech")
            make_advice(
                adviser,
                event_id(case, "advice_received"),
                version=version,
                summary=words * 20,
                document_id=paper.id,
            )
            if version == 1:
                given = {"case_id": case.id, "version": case.version, "adviser_id": adviser.id}
                checking.send_back(actor=COMMAND_LINE, today=TODAY, reasons="No outcomes", **given)
                db.session.refresh(case)
        releases.ask(
            actor=Actor(lead.id, "web"),
            today=TODAY,
            case_id=case.id,
            role="social-care-lead",
            reason="A joint plan is needed",
        )
        path = f"/cases/{case.public_id}"
        limit = f"adviser-{adviser.id}.advice_partner_6w"
        return {
            "case": path,
            "health": f"{path}/advice/{adviser.public_id}",
            "exception": f"{path}/exceptions/propose?limit={limit}",
            "release": db.session.query(AdviceRelease).one().public_id,
        }


def sign_in(page: Page, live_server: str, role: str) -> None:
    page.goto(live_server + "/sign-in")
    page.locator("#email").fill(f"{role}@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Cases", exact=True)).to_be_visible()


@pytest.mark.parametrize(("role", "paths"), [("case-officer", OFFICERS), ("dco", LEADS)])
def test_axe_finds_nothing_and_each_page_fits_a_phone(
    page: Page,
    live_server: str,
    assert_accessible: Check,
    places: dict[str, str],
    role: str,
    paths: tuple[str, ...],
) -> None:
    sign_in(page, live_server, role)
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server + path.format(**places))
        assert_accessible(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_an_officer_checks_late_advice_by_keyboard(
    page: Page, live_server: str, places: dict[str, str]
) -> None:
    sign_in(page, live_server, "case-officer")
    page.goto(f"{live_server}{places['case']}/advice")
    page.get_by_role("link", name="Read and check").press("Enter")
    page.get_by_label("Accept it").press("Space")
    page.get_by_label("Why it was late (optional)").select_option("capacity")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("The advice is accepted.")).to_be_visible()
    expect(page.get_by_text("Late: no capacity in the service (the service)")).to_be_visible()


def test_a_lead_lets_the_other_read_by_keyboard(
    page: Page, live_server: str, places: dict[str, str]
) -> None:
    sign_in(page, live_server, "dco")
    page.get_by_role("link", name="Releases").press("Enter")
    page.get_by_role("link", name="EHC-").press("Enter")
    page.get_by_label("Yes, let them read it").press("Space")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Your answer is recorded.")).to_be_visible()
    expect(page.get_by_text("No request waits for you.")).to_be_visible()
