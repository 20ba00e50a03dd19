"""The list of cases as pages: which list, which cases, in how many statements, taken out how."""

import csv
import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, User
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded


def officer_id(role: str = "case-officer") -> int:
    return int(db.session.scalars(select(User.id).where(User.role == role)).one())


def search(client: FlaskClient, words: str, **more: str):
    data = {"words": words, "csrf_token": token_in(client.get("/cases"))} | more
    return client.post("/cases/search", data=data)


@pytest.mark.parametrize("cases", [5, 50])
def test_the_list_takes_at_most_six_statements_however_many_cases(
    app: Flask, sign_in: SignIn, cases: int
) -> None:
    client = sign_in()
    with app.app_context():
        for _ in range(cases):
            make_case(officer_id=officer_id())
    client.get("/cases")
    with counted(app) as sent:
        answer = client.get("/cases")
    assert answer.text.count("EHC-0000") == cases
    assert len(sent) <= 6, sent


def test_an_officer_begins_with_their_own_and_may_see_all(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        make_case(officer_id=officer_id(), person={"surname": "Mine"})
        make_case(person={"surname": "Another"})
    mine, everyone = client.get("/cases").text, client.get("/cases?view=all").text
    assert "Ida Mine" in mine
    assert "Ida Another" not in mine
    assert "Ida Mine" in everyone
    assert "Ida Another" in everyone
    assert "My team’s cases" not in mine


def test_a_manager_begins_with_the_team(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager", team="North")
    with app.app_context():
        make_case(officer_id=officer_id("manager"), person={"surname": "Ours"})
        make_case(person={"surname": "Elsewhere"})
    assert "Ida Ours" in client.get("/cases").text
    assert "Ida Elsewhere" not in client.get("/cases").text
    assert "Ida Elsewhere" in client.get("/cases?view=all").text


def test_a_line_says_what_is_due_why_and_how_it_stands_in_words(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("manager")
    with app.app_context():
        case = make_case(date(2026, 10, 8))
        log(case, NewEvent(kind="advice_requested", on=date(2026, 10, 12), service="camhs"))
    page = client.get("/cases").text
    assert "Decide whether to assess, and say so" in page
    assert "SEND Regulations 2014, reg 5(1)" in page
    assert "Overdue by 4 days" in page
    assert "19 November 2026" in page
    assert "1 outstanding, first due 23 November 2026" in page


def test_filters_narrow_the_list_and_can_be_cleared(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    with app.app_context():
        make_case(date(2026, 9, 7), person={"surname": "Late"})
        make_case(date(2026, 11, 20), person={"surname": "Early"})
    page = client.get("/cases?standing=overdue").text
    assert "Ida Late" in page
    assert "Ida Early" not in page
    assert "time limit: <strong>Overdue</strong>" in page
    none = client.get("/cases?standing=soon").text
    assert "No case fits these choices" in none


@pytest.mark.parametrize(
    "query",
    ["view=zzz", "stage=%27--", "officer=1", "page=-1", "page=9999999999", "page=x", "state=maybe"],
)
def test_a_query_that_the_page_does_not_offer_is_passed_over(
    app: Flask, sign_in: SignIn, query: str
) -> None:
    client = sign_in("manager")
    with app.app_context():
        make_case()
    answer = client.get(f"/cases?{query}")
    assert answer.status_code == 200
    assert "Ida Invented" in answer.text


def test_long_lists_are_paged(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    with app.app_context():
        for _ in range(51):
            make_case()
    first, second = client.get("/cases").text, client.get("/cases?view=all&page=2").text
    assert "51 open cases. Page 1 of 2" in first
    assert first.count("Ida Invented") == 50
    assert second.count("Ida Invented") == 1
    assert "<title>All cases, page 2 –" in second


def test_search_finds_a_name_and_puts_it_in_no_address(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        make_case(person={"forenames": "José", "surname": "O’Brien"})
    answer = search(client, "jose obrien")
    assert "José O’Brien" in answer.text
    assert "1 case found for “jose obrien”" in answer.text
    assert not re.search(r'(?:href|action)="[^"]*obrien', answer.text)
    assert client.get("/cases/search?words=obrien").status_code in (404, 405)


def test_a_whole_reference_goes_straight_to_its_case(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        public_id = make_case().public_id
    answer = search(client, " ehc-000001 ")
    assert answer.status_code == 303
    assert answer.location == f"/cases/{public_id}"


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_search_says_what_to_enter(sign_in: SignIn, words: str) -> None:
    answer = search(sign_in(), words)
    assert answer.status_code == 422
    assert "Enter a name, reference, UPN or NHS number" in answer.text
    assert "<title>Error: Search results" in answer.text


def test_a_search_keeps_what_was_typed_and_escapes_it(sign_in: SignIn) -> None:
    answer = search(sign_in(), "<script>alert(1)</script>")
    assert answer.status_code == 200
    assert "&lt;script&gt;" in answer.text
    assert "<script>alert" not in answer.text


def test_someone_who_looks_after_health_advice_finds_no_other_case(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("dco")
    with app.app_context():
        make_case(person={"surname": "Hidden"})
        case = make_case(person={"surname": "Shown"})
        log(case, NewEvent(kind="advice_requested", on=date(2026, 10, 1), service="camhs"))
    page = client.get("/cases").text
    assert "Ida Shown" in page
    assert "Ida Hidden" not in page
    assert "spreadsheet" not in page
    assert "Ida Hidden" not in search(client, "hidden").text


def download(client: FlaskClient, **query: str):
    data = {"csrf_token": token_in(client.get("/cases")), **query}
    return client.post("/cases/download", data=data)


def test_a_list_is_saved_as_csv_that_no_spreadsheet_runs_and_is_audited(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("manager")
    with app.app_context():
        make_case(date(2026, 10, 8), person={"surname": '=HYPERLINK("x")', "forenames": "Ida"})
        make_case(date(2026, 11, 20), person={"surname": "Later"})
    answer = download(client, view="all", standing="overdue")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    assert [row["Surname"] for row in rows] == ['\'=HYPERLINK("x")']
    assert rows[0]["How it stands"] == "Overdue by 4 days"
    assert rows[0]["Due"] == "2026-11-19"
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry
        assert (entry.action, entry.subject) == ("exported case list", "cases 1")


def test_a_list_is_saved_whole_and_not_only_the_page_shown(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    with app.app_context():
        for _ in range(51):
            make_case()
    rows = list(csv.DictReader(io.StringIO(download(client, view="all").text)))
    assert len(rows) == 51


def test_with_no_cases_the_list_says_so(sign_in: SignIn) -> None:
    assert "You hold no open cases." in sign_in().get("/cases").text
    assert "There are no cases here yet." in sign_in("manager").get("/cases").text


def test_ended_cases_have_a_list_of_their_own(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    with app.app_context():
        case = make_case(person={"surname": "Gone"})
        log(case, NewEvent(kind="withdrawn", on=date(2026, 11, 2)))
    assert "Ida Gone" not in client.get("/cases").text
    page = client.get("/cases?state=ended").text
    assert "Ida Gone" in page
    assert "2 November 2026" in page
    assert "1 ended case" in page


def test_advisers_are_told_which_cases_their_list_holds(sign_in: SignIn) -> None:
    assert "<h1" in (page := sign_in("dco").get("/cases").text)
    assert "Cases where health advice is asked for" in page
    assert "All cases" not in page
