"""A form of one child's case is never taken for another's, whichever page it is of."""

from pathlib import Path

import pytest
from flask import Flask

from casework.config import ROOT
from casework.extensions import db
from casework.models import Case, CaseEvent
from tests.factories import make_case
from tests.fixtures.people import SignIn, token_in

TEMPLATES = ROOT / "templates"
#: Folders of pages whose address begins with a case.
OF_A_CASE = sorted(
    {
        *("cases", "people", "documents", "advice", "decisions", "drafts", "letters", "plan"),
        *("consultations", "exceptions", "final", "informing"),
    }
)
NOTE = {"kind": "considering_notified", "on": "1/10/2026", "note": "Rang the school"}


def forms_of_cases() -> list[Path]:
    files = [file for folder in OF_A_CASE for file in (TEMPLATES / folder).glob("*.html")]
    return [file for file in files if "csrf_token" in file.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    "file", forms_of_cases(), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_a_form_written_out_says_whose_it_is(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("whose_form()") >= text.count('method="post"')


def test_a_form_of_another_case_changes_nothing_and_gives_its_words_back(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():
        one, other = make_case().public_id, make_case().public_id
    page = client.get(f"/cases/{one}/events/new?kind=considering_notified")
    assert f'name="of_case" value="{one}"' in page.text
    sent = NOTE | {"version": "1", "of_case": one, "csrf_token": token_in(page)}
    answer = client.post(f"/cases/{other}/events/new?kind=considering_notified", data=sent)
    assert answer.status_code == 409
    assert "Rang the school" in answer.text
    assert one not in answer.text
    with app.app_context():
        assert [e.kind for e in db.session.query(CaseEvent)] == ["request_received"] * 2
        assert [case.version for case in db.session.query(Case)] == [1, 1]
    assert (
        client.post(f"/cases/{one}/events/new?kind=considering_notified", data=sent).status_code
        == 303
    )
