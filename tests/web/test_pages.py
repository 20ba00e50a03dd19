"""What every page has, whoever asks for it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from casework.extensions import db
from tests.fixtures.databases import add_demonstration_account

pytestmark = pytest.mark.embedded

PAGES = ["/accessibility", "/cookies", "/privacy", "/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_and_a_title_that_begins_with_it(
    client: FlaskClient, path: str
) -> None:
    html = client.get(path).text
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert len(headings) == 1
    assert title
    assert title[1] == f"{headings[0].strip()} – EHC casework – Anyshire Council"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_carries_no_mark_of_gov_uk(client: FlaskClient, path: str) -> None:
    html = client.get(path).text.lower()
    for mark in ("crown", "crest", "gov.uk -", "govuk-icon", "logotype", "opengraph"):
        assert mark not in html


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_nothing_inline(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def test_a_fixed_day_is_said_on_every_page(client: FlaskClient) -> None:
    assert "23 November 2026" in client.get("/privacy").text


def test_a_demonstration_is_said_on_every_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_demonstration_account()
    assert "every child here is invented" in client.get("/privacy").text


def test_an_authority_of_its_own_is_not_said_to_be_a_demonstration(client: FlaskClient) -> None:
    assert "every child here is invented" not in client.get("/privacy").text


def test_a_page_asks_after_a_demonstration_with_one_statement_and_then_no_more(
    app: Flask, client: FlaskClient
) -> None:
    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    for _ in range(3):
        client.get("/privacy")
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


def test_every_file_that_a_page_asks_for_is_there(client: FlaskClient) -> None:
    html = client.get("/privacy").text
    asked = re.findall(r'(?:href|src)="(/static/[^"]+|/theme[^"]+)"', html)
    assert len(asked) >= 4
    for address in asked:
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert "v=" in address
