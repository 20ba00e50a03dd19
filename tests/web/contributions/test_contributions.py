"""The contributions' dashboard: who sees whose, every figure with its cases, and its files."""

import csv
import io
import random
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.clock import now
from casework.extensions import db
from casework.models import AuditEntry, Interest, User
from casework.queries import contributions
from casework.rules.contributions import together
from casework.rules.indicators import Period
from tests.factories import make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.requests_for_advice import ask, invent
from tests.fixtures.services import make_service

pytestmark = pytest.mark.embedded
YEAR = "from=2025-11-01&to=2026-10-31"
PERIOD = Period(date(2025, 11, 1), date(2026, 10, 31))


@pytest.fixture
def requests(app: Flask) -> None:
    with app.app_context():
        invent(random.Random(11), 40, since=date(2025, 10, 1), days=330)


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


PARTS = ("health", "social-care", "psychology", "education")


@pytest.mark.parametrize(
    ("role", "theirs"),
    [
        ("dco", {"health"}),
        ("social-care-lead", {"social-care"}),
        ("case-officer", set(PARTS)),
        ("manager", set(PARTS)),
    ],
)
def test_a_lead_sees_their_own_agencys_and_nothing_of_the_others(
    sign_in: SignIn, role: str, theirs: set[str]
) -> None:
    client = sign_in(role)
    for part in PARTS:
        for page in (part, f"{part}/cases"):
            expected = 200 if part in theirs else 404
            assert client.get(f"/contributions/{page}").status_code == expected, page
    assert client.get("/contributions/no-such").status_code == 404


def test_the_first_page_of_a_lead_is_their_own_dashboard(sign_in: SignIn) -> None:
    for role, part in (("dco", "health"), ("social-care-lead", "social-care")):
        answer = sign_in(role).get("/", follow_redirects=True)
        assert answer.request.path == f"/contributions/{part}"


@pytest.mark.usefixtures("requests")
def test_the_page_shows_the_figures_and_each_opens_as_many_cases(
    app: Flask, sign_in: SignIn
) -> None:
    dco = sign_in("dco")
    html = dco.get(f"/contributions/health?{YEAR}").text
    with app.app_context():
        lines = contributions.by_service("health", PERIOD, 7)
        total = together(line.tally for line in lines)
    assert f"{total.rate.percent}%" in html
    assert f"{total.rate_without_nil.percent}%" in html
    links = re.findall(r'<a [^>]*href="(/contributions/health/cases[^"]+)">([\d,]+)<span', html)
    assert len(links) > 40
    for address, shown in links:
        page = text_of(dco, address.replace("&amp;", "&"))
        found = re.search(r"([\d,]+) requests? for advice\. You may open", page)
        assert found, page
        assert "Invented" not in page
        if "lost" not in address and "fell_due" not in address:
            assert found[1] == shown, address


@pytest.mark.usefixtures("requests")
def test_the_lines_are_sorted_by_what_the_address_says_and_by_weeks_lost_otherwise(
    app: Flask, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    with app.app_context():
        lines = contributions.by_service("health", PERIOD, 7)
    by_weeks = [line.name for line in sorted(lines, key=lambda one: -one.tally.days_lost)]

    def shown(sort: str) -> list[str]:
        html = manager.get(f"/contributions/health?{YEAR}{sort}").text
        table = html.split('id="by-service"', 1)[1].split("</table>", 1)[0]
        found = re.findall(r'scope="row" role="rowheader">([^<]+)<', table)
        assert found.pop() == "All services"
        return found

    assert shown("") == by_weeks
    assert shown("&sort=no-such") == by_weeks
    assert shown("&sort=name") == sorted(by_weeks, key=str.casefold)
    fell_due = {line.name: line.tally.fell_due for line in lines}
    numbers = [fell_due[name] for name in shown("&sort=fell_due")]
    assert numbers == sorted(numbers, reverse=True)


def test_a_period_that_will_not_do_is_refused_and_kept_and_one_to_come_ends_today(
    sign_in: SignIn,
) -> None:
    manager = sign_in("manager")
    page = text_of(manager, "/contributions/health?from=2026-05-01&to=2026-04-01", 422)
    assert "The last day must be the same as or after the first day" in page
    page = text_of(manager, "/contributions/health?from=2026-12-01&to=2026-12-31", 422)
    assert "The first day must be today or in the past" in page
    page = text_of(manager, "/contributions/health?from=2026-11-01&to=2026-12-31")
    assert "1 November 2026 to 23 November 2026" in page
    assert "1 October 2026 to 23 November 2026" in text_of(manager, "/contributions/health")
    assert manager.get("/contributions/health/cases?from=x").status_code == 404
    assert manager.get("/contributions/health/cases?figure=x").status_code == 404


@pytest.mark.usefixtures("requests")
def test_the_table_and_the_cases_are_saved_as_csv_and_the_audit_trail_says_so(
    app: Flask, sign_in: SignIn
) -> None:
    dco = sign_in("dco")
    token = {"csrf_token": token_in(dco.get("/account"))}
    table = dco.post(f"/contributions/health/download?{YEAR}", data=token)
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    with app.app_context():
        total = together(line.tally for line in contributions.by_service("health", PERIOD, 7))
    assert rows[-1]["Line"] == "Total"
    assert int(rows[-1]["Fell due"]) == total.fell_due
    services = [row for row in rows if row["Line"] == "Service"]
    assert sum(int(row["Late"]) for row in services) == total.late
    cases = dco.post(f"/contributions/health/cases/download?{YEAR}&figure=late", data=token)
    listed = list(csv.DictReader(io.StringIO(cases.data.decode("utf-8-sig"))))
    assert len(listed) == total.late
    assert all(re.fullmatch(r"EHC-\d{6}", row["Reference"]) for row in listed)
    assert "Ida" not in cases.text
    assert "Invented" not in cases.text
    plans = dco.post(f"/contributions/health/cases/download?{YEAR}&figure=plans_any", data=token)
    assert plans.data.decode("utf-8-sig").startswith("Reference,Plan sent,Any advice")
    with app.app_context():
        told = db.session.query(AuditEntry).filter_by(action="exported contributions").all()
        assert [one.subject for one in told][1] == f"health rows {total.late}"
        assert len(told) == 3


def test_what_is_overdue_names_whom_to_write_to_and_no_child(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        service = make_service("camhs")
        case = make_case(date(2026, 6, 1))
        ask(case, service, date(2026, 7, 6))
        reference = case.reference
    page = text_of(sign_in("dco"), "/contributions/health")
    overdue = page.split("Overdue today", 2)[2]
    assert f"{reference} , Camhs team Camhs team 6 July 2026 17 August 2026 98 Edna Lead" in overdue
    assert "lead.camhs.team@example.org" in overdue
    assert "Invented" not in page


def test_a_case_in_which_the_reader_has_an_interest_is_counted_and_not_shown(
    app: Flask, sign_in: SignIn
) -> None:
    dco = sign_in("dco")
    with app.app_context():
        case = make_case(date(2026, 6, 1))
        ask(case, make_service("camhs"), date(2026, 7, 6))
        reference = case.reference
        reader = db.session.query(User).filter_by(role="dco").one()
        given = {"case_id": case.id, "user_id": reader.id, "nature": "Kin", "declared_at": now()}
        db.session.add(Interest(**given))
        db.session.commit()
    page = text_of(dco, "/contributions/health?from=2026-01-01&to=2026-11-23")
    assert "1 request, of which you may open 0" in page
    assert reference not in page
    listed = text_of(dco, "/contributions/health/cases?from=2026-01-01&to=2026-11-23")
    assert "1 request for advice. You may open 0" in listed
    assert reference not in listed
