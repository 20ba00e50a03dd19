"""The page of the law: every rule, with where it comes from and how sure we are of it."""

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from casework.access import ROLES
from casework.rules.book import BOOK
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("board-reader")


def test_every_rule_is_there_with_its_citation(client: FlaskClient) -> None:
    page = client.get("/law").text
    for row in BOOK.values():
        assert f'<article class="casework-rule" id="{row.id}">' in page
        assert escape(row.law) in page


def test_a_rule_says_what_starts_it_ends_it_and_lifts_it(client: FlaskClient) -> None:
    page = " ".join(client.get("/law?q=final_20w").text.split())
    assert "20 weeks after" in page
    assert "the day the request was received, or the authority became responsible" in page
    assert "the day the final plan was sent to the last recipient" in page
    assert "SEND Regulations 2014, reg 13(3): school or college closed;" in page
    assert "Read in the law itself" in page
    assert "from 1 September 2014" in page


@pytest.mark.parametrize("words", ["13(2)", "Final Plan", "mediation  certificate"])
def test_a_search_narrows_the_book(client: FlaskClient, words: str) -> None:
    page = client.get("/law", query_string={"q": words}).text
    assert 0 < page.count('class="casework-rule"') < len(BOOK)
    assert "speak of" in page


def test_a_search_that_finds_nothing_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/law", query_string={"q": "<b>zebra"}).text
    assert "No rule speaks of “&lt;b&gt;zebra”" in page


def test_it_says_how_far_the_bank_holidays_are_known(client: FlaskClient) -> None:
    page = client.get("/law").text
    assert "bank holidays of England and Wales, known from" in page


def test_everyone_with_an_account_may_read_it(sign_in: SignIn) -> None:
    for role in ROLES:
        assert sign_in(role).get("/law").status_code == 200
