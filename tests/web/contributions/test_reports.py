"""The monthly report: drafted, issued, kept as it was, restated, and no small number in it."""

import csv
import io
import json
import random
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from casework.clock import now
from casework.extensions import db
from casework.models import AuditEntry, CaseEvent, ContributionReport
from casework.services import deadlines
from tests.fixtures.forms import boxes
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.requests_for_advice import invent

pytestmark = pytest.mark.embedded
REPORTS = "/contributions/health/reports"
MONTH = f"{REPORTS}/2026-09"


@pytest.fixture
def requests(app: Flask) -> None:
    """Ask for so much advice that a month has numbers that may be shown."""
    with app.app_context():
        invent(random.Random(12), 60, since=date(2026, 6, 25), days=30)


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def issue(client: FlaskClient, path: str = MONTH, **typed: str) -> tuple[int, str]:
    sent = dict(boxes(client.get(f"{path}/issue"))) | {"commentary": "Leave in August"} | typed
    sent["csrf_token"] = token_in(client.get("/account"))
    answer = client.post(f"{path}/issue", data=sent, follow_redirects=True)
    return answer.status_code, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def put_right() -> None:
    """Strike out one answer that was on time in September."""
    found = db.session.execute(
        text(
            "SELECT e.id, e.case_id, e.adviser_id FROM case_event e JOIN deadline d"
            " ON d.adviser_id = e.adviser_id JOIN adviser a ON a.id = e.adviser_id"
            " WHERE e.kind = 'advice_received' AND d.met_on = e.happened_on"
            " AND d.due_on BETWEEN '2026-09-01' AND '2026-09-30' AND d.met_on <= d.due_on"
            " AND a.service IN ('camhs', 'physiotherapy', 'speech_and_language')"
        )
    ).first()
    assert found
    struck = {"kind": "struck_out", "happened_on": date(2026, 10, 5), "corrects_id": found[0]}
    own = {"case_id": found[1], "adviser_id": found[2], "entered_at": now()}
    db.session.add(CaseEvent(**struck, **own))
    db.session.flush()
    deadlines.refresh([found[1]])
    db.session.commit()


@pytest.mark.usefixtures("requests")
def test_a_report_is_issued_and_stays_as_it_was_while_what_changed_is_shown_beside_it(
    app: Flask, sign_in: SignIn
) -> None:
    dco = sign_in("dco")
    draft = text_of(dco, MONTH)
    assert "Draft, not issued" in draft
    status, page = issue(dco)
    assert status == 200
    assert "Version 1, issued" in page
    assert "Leave in August" in page
    assert "What has changed since it was issued" not in page
    with app.app_context():
        first = db.session.query(ContributionReport).one().figures
        put_right()
    changed = text_of(dco, f"{MONTH}/1")
    assert "What has changed since it was issued" in changed
    numbers = page.split("By service")[1].split("Asked late by us:")[0]
    assert numbers in changed
    status, refused = issue(dco, restated_why="")
    assert status == 422
    assert "Say why the report is restated" in refused
    assert "Leave in August" in refused
    status, again = issue(dco, restated_why="One answer was another child’s")
    assert status == 200
    assert "Restated: One answer was another child’s" in again
    assert numbers in text_of(dco, f"{MONTH}/1")
    assert "Version 1" in text_of(dco, REPORTS)
    assert "Version 2" in text_of(dco, REPORTS)
    with app.app_context():
        rows = db.session.query(ContributionReport).order_by(ContributionReport.version).all()
        assert [row.version for row in rows] == [1, 2]
        assert rows[0].figures == first
        was, now_ = (json.loads(row.figures)["exact"]["total"]["numbers"] for row in rows)
        assert now_["on_time"] == was["on_time"] - 1
        told = db.session.query(AuditEntry).filter_by(action="issued contribution report").all()
        assert [one.subject for one in told] == [f"health 2026-09 version {n}" for n in (1, 2)]


@pytest.mark.usefixtures("requests")
def test_no_small_number_is_on_the_page_or_in_the_file(app: Flask, sign_in: SignIn) -> None:
    dco = sign_in("dco")
    issue(dco)
    with app.app_context():
        held = json.loads(db.session.query(ContributionReport).one().figures)
    exact = [n for one in held["exact"]["services"] for n in one["numbers"].values()]
    assert set(exact) & set(range(1, 6)), "the month has small numbers to hide"
    shown = [n for one in held["shown"]["services"] for n in one["numbers"].values()]
    assert any(shown), "and some that may be shown"
    assert not set(shown) & set(range(1, 6))
    html = dco.get(f"{MONTH}/1").text
    total = held["shown"]["total"]
    own_month = held["shown"]["trend"][-1]
    assert own_month["month"] == "September 2026"
    assert own_month["percent"] == total["percent"]
    table = html.split("By service</caption>")[1].split("</table>")[0]
    cells = re.findall(r'role="cell" data-label="([^"]+)">\s*([\d,]+|)', table)
    counted = [n for label, n in cells if "%" not in label and "Median" not in label]
    assert not {int(n.replace(",", "")) for n in counted if n} & set(range(1, 6))
    token = {"csrf_token": token_in(dco.get("/account"))}
    sheet = dco.post(f"{MONTH}/1/download", data=token)
    rows = list(csv.DictReader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    services = [row for row in rows if row["Table"] == "Services"]
    assert services[-1]["Line"] == "All services"
    assert "hidden" in services[0].values()
    for row in services:
        assert not {row[name] for name in ("fell_due", "on_time", "late")} & set("12345")
    with app.app_context():
        told = db.session.query(AuditEntry).filter_by(action="exported contributions").count()
        assert told == 1


def test_a_report_cannot_be_issued_twice_at_once_or_before_its_month_is_over(
    sign_in: SignIn,
) -> None:
    dco, manager = sign_in("dco"), sign_in("manager")
    seen = dict(boxes(manager.get(f"{MONTH}/issue")))
    assert issue(dco)[0] == 200
    seen["csrf_token"] = token_in(manager.get("/account"))
    late = manager.post(f"{MONTH}/issue", data=seen | {"commentary": "Mine", "restated_why": "x"})
    assert late.status_code == 422
    assert "Somebody else has issued this report meanwhile" in late.text
    assert "Mine" in late.text
    for month in ("2026-11", "2027-01", "2026-13", "no-such", "2026-1", "٢٠٢٦-10"):
        assert dco.get(f"{REPORTS}/{month}").status_code == 404
    assert dco.get(f"{MONTH}/2").status_code == 404


def test_an_officer_reads_reports_and_does_not_issue_them_and_a_lead_only_their_own(
    sign_in: SignIn,
) -> None:
    assert issue(sign_in("dco"))[0] == 200
    officer = sign_in("case-officer")
    assert "Version 1" in text_of(officer, REPORTS)
    assert "Write the commentary" not in text_of(officer, MONTH)
    assert officer.get(f"{MONTH}/issue").status_code == 403
    lead = sign_in("social-care-lead")
    for page in (REPORTS, MONTH, f"{MONTH}/1", f"{MONTH}/issue"):
        assert lead.get(page).status_code == 404
    assert lead.get("/contributions/social-care/reports").status_code == 200


def test_the_database_keeps_what_was_issued_as_it_was(app: Flask, sign_in: SignIn) -> None:
    issue(sign_in("dco"))
    with app.app_context(), pytest.raises(DatabaseError):
        db.session.execute(text("UPDATE contribution_report SET commentary = 'Changed'"))
