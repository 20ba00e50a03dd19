"""The documents of a case in a browser: added, saved, replaced, withdrawn. All are invented."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import AuditEntry, Case, Document
from tests.documents import files
from tests.factories import make_case
from tests.fixtures.forms import boxes, send_form
from tests.fixtures.people import SignIn
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded


@pytest.fixture
def path(app: Flask) -> str:
    """Hold Ida Invented's case; give the address of its documents."""
    with app.app_context():
        return f"/cases/{make_case().public_id}/documents"


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer", name="Oona Officer")


def send(
    client: FlaskClient,
    path: str,
    content: bytes | None = None,
    name: str = "report.pdf",
    **typed: Any,
) -> TestResponse:
    file = (io.BytesIO(files.pdf() if content is None else content), name)
    given = {"file": file, "kind": "health-advice", "received_on": "20/11/2026"} | typed
    return send_form(client, path, **given)


def document(app: Flask) -> str:
    """Return the identifier of the document that was added last."""
    with app.app_context():
        return db.session.scalars(select(Document.public_id).order_by(Document.id.desc())).first()


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())))


def test_the_form_says_whose_it_must_be_and_what_is_taken(officer: FlaskClient, path: str) -> None:
    page = " ".join(officer.get(f"{path}/new").text.split())
    assert "It must be about Ida Invented" in page
    assert "born 4 May 2018" in page
    assert "EHC-000001" in page
    assert "A PDF, a Word document (.docx), or a picture (.jpg or .png), up to 20MB" in page
    assert "is_theirs" not in page


def test_a_document_is_added_listed_and_counted_on_the_case(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    answer = send(officer, f"{path}/new", title="Physiotherapist’s report")
    assert (answer.status_code, answer.location) == (303, path)
    page = officer.get(path).text
    assert "Physiotherapist’s report" in page
    assert "The document is added." in page
    assert "PDF, 1 page, " in page
    assert "Documents (1)" in officer.get(path.removesuffix("/documents")).text


def test_the_file_is_saved_and_never_shown_within_the_application(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    send(officer, f"{path}/new", name="Zoë’s \u202ereport.pdf")
    answer = officer.get(f"{path}/{document(app)}/file")
    assert answer.data == files.pdf()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert actions(app)[0] == "opened document"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg onload='x'/>", "a.svg", "This kind of file is not taken"),
        (b"<script>1</script>", "a.pdf", "it is no PDF"),
        (b"", "a.pdf", "The file is empty"),
    ],
)
def test_a_refused_file_leaves_what_was_typed(
    app: Flask, officer: FlaskClient, path: str, content: bytes, name: str, words: str
) -> None:
    answer = send(officer, f"{path}/new", content, name, title="A report", kind="letter")
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    held = boxes(answer)
    assert (held["title"], held["kind"]) == (["A report"], ["letter"])
    assert document(app) is None


def test_every_answer_that_is_wanting_is_asked_for(officer: FlaskClient, path: str) -> None:
    answer = send_form(officer, f"{path}/new")
    assert answer.status_code == 422
    for words in ("Choose the file", "Choose what it is", "Enter the day it was received"):
        assert words in answer.text


def test_a_day_to_come_is_refused(officer: FlaskClient, path: str) -> None:
    answer = send(officer, f"{path}/new", received_on="24/11/2026")
    assert "Day received must be today or in the past" in answer.text


def test_a_doubt_whose_it_is_is_answered_with_a_tick(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    theirs = files.pdf("Zoë Lindqvist likes to draw and to run. " * 10)
    answer = send(officer, f"{path}/new", theirs)
    assert answer.status_code == 422
    assert "does not have this child’s name" in " ".join(answer.text.replace("&#39;", "’").split())
    assert 'name="is_theirs"' in answer.text
    assert send(officer, f"{path}/new", theirs, is_theirs="y").status_code == 303


def test_a_newer_version_begins_as_the_one_before_and_both_are_listed(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    send(officer, f"{path}/new", title="EP report", kind="psychology-advice")
    first = document(app)
    page = officer.get(f"{path}/{first}/replace")
    assert boxes(page)["title"] == ["EP report"]
    assert boxes(page)["kind"] == ["psychology-advice"]
    typed = {"title": "EP report", "kind": "psychology-advice"}
    assert send(officer, f"{path}/{first}/replace", files.pdf(pages=2), **typed).status_code == 303
    listed = " ".join(officer.get(path).text.split())
    assert "Version 2 of 2" in listed
    assert "Save version 1" in listed
    assert officer.get(f"{path}/{first}/file").data == files.pdf()
    again = send(officer, f"{path}/{first}/replace", files.pdf(pages=3), **typed)
    assert again.status_code == 422
    assert "newer version of this document meanwhile" in again.text


def test_a_document_is_withdrawn_with_a_reason_and_then_given_to_nobody(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    send(officer, f"{path}/new")
    place = f"{path}/{document(app)}"
    assert send_form(officer, f"{place}/withdraw").status_code == 422
    assert send_form(officer, f"{place}/withdraw", why="Another child’s").status_code == 303
    assert officer.get(f"{place}/withdraw").status_code == 303
    answer = officer.get(f"{place}/file", follow_redirects=True)
    assert "This document has been withdrawn, so it cannot be opened." in answer.text
    assert "by Oona Officer: Another child’s" in " ".join(answer.text.split())
    with app.app_context():
        assert db.session.scalars(select(Document.withdrawn_why)).one() == "Another child’s"


def test_a_document_of_another_case_and_one_that_is_not_there_are_the_same(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    send(officer, f"{path}/new")
    with app.app_context():
        other = f"/cases/{make_case(person={'surname': 'Other'}).public_id}/documents"
    for name in (document(app), "none"):
        for page in ("file", "replace", "withdraw"):
            assert officer.get(f"{other}/{name}/{page}").status_code == 404
    assert officer.get("/cases/none/documents").status_code == 404


def test_looking_at_the_list_and_at_a_form_is_told_to_the_trail(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    officer.get(path)
    officer.get(f"{path}/new")
    assert actions(app)[:2] == ["viewed form for a document", "viewed list of documents"]


def test_the_list_takes_the_same_statements_however_many_documents(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    send(officer, f"{path}/new")
    officer.get(path)
    with counted(app) as few:
        officer.get(path)
    first = document(app)
    send(officer, f"{path}/{first}/replace", files.pdf(pages=2))
    for number in range(3, 7):
        send(officer, f"{path}/new", files.pdf(pages=number))
    officer.get(path)
    with counted(app) as many:
        assert officer.get(path).text.count(">Withdraw<") == 5
    assert len(many) == len(few) <= 9, many


def test_an_officer_of_another_service_sees_no_link_to_documents(
    app: Flask, sign_in: SignIn, path: str
) -> None:
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.public_id in path
    clerk = sign_in("panel-clerk")
    assert "Documents (0)" in clerk.get(path.removesuffix("/documents")).text
    assert clerk.get(path).status_code == 200
