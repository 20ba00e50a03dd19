"""`/letters`: a template taken out, changed and put back; nothing that the law demands is lost."""

from io import BytesIO
from typing import Any

from docx import Document as Word
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.letters.first_versions import first_version
from casework.models import LetterTemplate
from casework.rules.letters import LETTERS
from tests.fixtures.people import SignIn
from tests.web.cases.conftest import send


def with_words(words: str) -> bytes:
    document, held = Word(BytesIO(first_version("considering"))), BytesIO()
    document.add_paragraph(words)
    document.save(held)
    return held.getvalue()


def upload(client: FlaskClient, content: bytes, **typed: Any) -> TestResponse:
    file = (BytesIO(content), "considering.docx")
    given = {"file": file, "note": "Ours now"} | typed
    return send(client, "/letters/considering", **given)


def versions(app: Flask) -> list[int]:
    with app.app_context():
        rows = db.session.query(LetterTemplate).filter_by(kind="considering")
        return sorted(row.version for row in rows)


def test_every_letter_has_a_first_version_at_first_use(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("administrator")
    for _ in range(2):
        page = client.get("/letters").text
        assert all(kind.words in page for kind in LETTERS.values())
    with app.app_context():
        assert db.session.query(LetterTemplate).count() == len(LETTERS)


def test_a_newer_version_is_in_use_and_the_one_before_can_come_back(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("manager")
    assert upload(client, with_words("Our own words")).status_code == 303
    page = client.get("/letters/considering")
    assert "Version 2, in use" in page.text
    assert "Ours now" in page.text
    with app.app_context():
        first, second = (
            db.session.query(LetterTemplate)
            .filter_by(kind="considering")
            .order_by(LetterTemplate.version)
        )
        ids, changed = (first.public_id, second.public_id), second.content
    out = client.get(f"/letters/considering/{ids[1]}/file")
    assert out.data == changed
    example = client.get(f"/letters/considering/{ids[1]}/example")
    assert "Our own words" in "\n".join(p.text for p in Word(BytesIO(example.data)).paragraphs)
    back = client.post(f"/letters/considering/{ids[0]}/use", data=_again(page.text, version=2))
    assert back.status_code == 303
    assert versions(app) == [1, 2, 3]
    with app.app_context():
        third = db.session.query(LetterTemplate).filter_by(kind="considering", version=3).one()
        assert third.sha256 != second.sha256


def _again(page: str, version: int) -> dict[str, Any]:
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    return {"csrf_token": token, "version": version}


def test_what_will_not_do_changes_nothing_and_says_why(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    refused = upload(client, with_words("{{ shoe_size }}"))
    assert refused.status_code == 422
    assert "There is no field “shoe_size”" in refused.text
    assert "Ours now" in refused.text
    other = upload(client, first_version("no_plan"))
    assert "There is no field" in other.text
    assert versions(app) == [1]


def test_two_who_change_a_template_at_once_are_told(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    late = client.get("/letters/considering").text
    upload(client, with_words("Theirs"))
    mine = {"file": (BytesIO(with_words("Mine")), "a.docx"), "note": "Mine"}
    answer = client.post("/letters/considering", data=_again(late, version=1) | mine)
    assert answer.status_code == 422
    assert "Someone else put another version in use meanwhile" in answer.text
    assert versions(app) == [1, 2]
