"""The weekly meeting's page: what it shows, to whom, in how many statements, and its sheet."""

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Forecast, User
from casework.queries import at_risk
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a manager of no team is signed in."""
    return sign_in("manager", name="Mo Manager")


def weeks_ago(number: int) -> date:
    return TODAY - timedelta(weeks=number)


def lists(page: str) -> tuple[str, str]:
    """Return the two lists of the page."""
    _, in_time, late = page.split('class="casework-risk__list"')[:3]
    return in_time, late


def test_what_can_still_be_in_time_stands_beside_what_is_late(
    app: Flask, manager: FlaskClient
) -> None:
    with app.app_context():
        make_case(weeks_ago(8), person={"surname": "Early"})
        late = make_case(weeks_ago(22), person={"surname": "Late"})
        log(late, NewEvent(kind="advice_requested", on=weeks_ago(20), service="camhs"))
    in_time, late_ones = lists(manager.get("/at-risk").text)
    assert "Ida Early" in in_time
    assert "Ida Late" not in in_time
    assert "84 days left" in in_time
    assert "Ida Late" in late_ones
    assert "14 days over" in late_ones
    assert "Advice late: Child and adolescent mental health (CAMHS) (98 days)" in late_ones


def test_a_manager_of_a_team_begins_with_its_cases_and_may_see_all(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("manager", team="North")
    with app.app_context():
        own = db.session.scalars(select(User.id).where(User.role == "manager")).one()
        make_case(officer_id=own, person={"surname": "Ours"})
        make_case(person={"surname": "Elsewhere"})
    page = client.get("/at-risk").text
    assert "Ida Ours" in page
    assert "Ida Elsewhere" not in page
    assert "Team: <strong>North</strong>" in page
    assert "1 case nobody holds yet" in page
    assert "Ida Elsewhere" in client.get("/at-risk?team=all").text
    assert "Ida Elsewhere" in client.get("/at-risk?officer=nobody").text


@pytest.mark.parametrize(
    "query", ["team=9", "team=x&stage=%27--", "officer=1", "page=-1", "late-page=999999", "page=x"]
)
def test_a_query_that_the_page_does_not_offer_is_passed_over(
    app: Flask, manager: FlaskClient, query: str
) -> None:
    with app.app_context():
        make_case()
    answer = manager.get(f"/at-risk?{query}")
    assert answer.status_code == 200
    assert "Ida Invented" in answer.text


@pytest.mark.parametrize("cases_held", [3, 30])
def test_the_page_takes_as_many_statements_however_many_cases(
    app: Flask, manager: FlaskClient, cases_held: int
) -> None:
    with app.app_context():
        for number in range(cases_held):
            make_case(weeks_ago(number))
    manager.get("/at-risk")
    with counted(app) as sent:
        answer = manager.get("/at-risk")
    assert answer.status_code == 200
    assert len([one for one in sent if one.lstrip().startswith(("SELECT", "WITH"))]) <= 15, sent


def test_each_list_is_paged_by_itself(app: Flask, manager: FlaskClient) -> None:
    with app.app_context():
        for number in range(at_risk.PER_PAGE + 1):
            make_case(TODAY - timedelta(days=number))
            make_case(weeks_ago(21) - timedelta(days=number), person={"surname": "Late"})
    page = manager.get("/at-risk?late-page=2").text
    in_time, late = lists(page)
    assert in_time.count("Ida Invented") == at_risk.PER_PAGE
    assert late.split("</section>")[0].count("Ida Late") == 1
    assert "page=2&amp;late-page=2" in page or "late-page=2&amp;page=2" in page


def test_who_opened_the_lists_is_on_the_trail_of_each_case(
    app: Flask, manager: FlaskClient
) -> None:
    with app.app_context():
        number = make_case().id
    manager.get("/at-risk")
    with app.app_context():
        entry = select(AuditEntry.case_id).where(
            AuditEntry.action == "viewed list of cases at risk"
        )
        assert db.session.scalars(entry).all() == [number]


def test_both_lists_are_taken_out_as_a_sheet_and_the_trail_says_so(
    app: Flask, manager: FlaskClient
) -> None:
    with app.app_context():
        make_case(weeks_ago(22), person={"surname": "=HYPERLINK(1)"})
        make_case(weeks_ago(2))
    token = token_in(manager.get("/at-risk"))
    answer = manager.post("/at-risk/download", data={"csrf_token": token})
    first, in_time, late = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert first[:3] == ["List", "Reference", "Surname"]
    assert in_time[:2] == ["Can still make it", "EHC-000002"]
    assert late[:3] == ["Already late", "EHC-000001", "'=HYPERLINK(1)"]
    with app.app_context():
        entry = select(AuditEntry.subject).where(AuditEntry.action == "exported case list")
        assert db.session.scalars(entry).all() == ["cases 2"]


@pytest.mark.parametrize("role", ["case-officer", "administrator", "auditor"])
def test_only_a_manager_opens_it(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    assert client.get("/at-risk").status_code == 403
    assert 'href="/at-risk"' not in client.get("/", follow_redirects=True).text
    assert client.post("/at-risk/download").status_code == 403


def test_a_line_says_when_the_plan_is_likely_and_what_costs_most(
    app: Flask, manager: FlaskClient
) -> None:
    with app.app_context():
        case = make_case(weeks_ago(8))
        final = weeks_ago(8) + timedelta(weeks=20)
        days = {"likely_on": final + timedelta(21), "early_on": final, "late_on": final}
        costs = {"costs_most": "advice:educational_psychology", "costs_days": 35}
        told = {"worked_out_on": TODAY, "due_on": final, "chance": 20, "is_own_history": True}
        db.session.add(Forecast(case_id=case.id, **days, **costs, **told))
        db.session.commit()
    in_time, _ = lists(manager.get("/at-risk").text)
    assert "Likely to be late, and the steps still fit" in in_time
    assert "Likely 3 weeks late: advice from educational psychology usually takes" in in_time
    assert "Of 100 cases at this point, about 20 would be in time." in in_time
