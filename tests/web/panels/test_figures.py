"""What a panel's own page says of its work, and to whom."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.clock import now
from casework.extensions import db
from casework.models import Attendance, Panel, User
from tests.factories import (
    decide,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def panel(app: Flask) -> str:
    """Hold a panel that met on 18 November and decided two cases; give the address of its page."""
    with app.app_context():
        panel = make_panel()
        meeting = make_meeting(panel, date(2026, 11, 18))
        yes, no = (put_on_agenda(meeting, make_case(date(2026, 10, 19))) for _ in range(2))
        sign(meeting, decide(yes), decide(no, "not_assess"))
        place = {"agency": "health", "position": "member", "attended": "present"}
        came = Attendance(meeting_id=meeting.id, name="Ida", recorded_at=now(), **place)
        db.session.add(came)
        db.session.commit()
        return f"/panels/{panel.public_id}"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_clerk_reads_what_the_panel_did_in_the_last_twelve_months(
    panel: str, sign_in: SignIn
) -> None:
    page = text_of(sign_in("panel-clerk"), panel)
    assert "24 November 2025 to 23 November 2026" in page
    for words in (
        "Meetings held 1",
        "Cases decided 2",
        "Whether to assess 50.0% (1 of 2) 50.0% (1 of 2) 0.0% (0 of 1) 30 days Not known yet",
        "Decisions circulated within 2 working days 0.0% (0 of 2)",
        "Health 100.0% (1 of 1)",
    ):
        assert words in page


def test_any_period_can_be_asked_for(panel: str, sign_in: SignIn) -> None:
    page = text_of(sign_in("manager"), f"{panel}?from=1/1/2026&to=30/6/2026")
    assert "1 January 2026 to 30 June 2026" in page
    assert "Meetings held 0" in page
    assert "What was decided, by question" not in page


def test_a_period_that_is_none_is_refused_and_the_panel_is_shown_all_the_same(
    panel: str, sign_in: SignIn
) -> None:
    answer = sign_in("manager").get(f"{panel}?from=2/1/2026&to=1/1/2026")
    assert answer.status_code == 422
    assert "The last day must be the same as or after the first day" in answer.text
    assert "<title>Error: " in answer.text
    assert "Terms of reference" in answer.text


def test_a_member_is_told_how_the_panel_sat_and_nothing_of_its_cases(
    app: Flask, panel: str, sign_in: SignIn
) -> None:
    member = sign_in("panel-member")
    with app.app_context():
        user = db.session.query(User).filter_by(role="panel-member").one()
        seat_member(db.session.query(Panel).one(), user)
    page = text_of(member, panel)
    assert "Meetings held 1" in page
    for words in ("Cases decided", "Refused", "circulated within"):
        assert words not in page
