"""A document that the system makes is there with its row, or neither is."""

from pathlib import Path

import pytest
from flask import Flask

from casework.documents.kinds import PDF
from casework.extensions import db
from casework.models import Document
from casework.services import documents
from casework.services.audit_trail import COMMAND_LINE
from casework.services.made_documents import MadeFile, filed
from tests.documents import files
from tests.factories import TODAY, make_case


def a_letter() -> MadeFile:
    return MadeFile(
        kind="letter",
        title="Letter",
        file_name="letter.pdf",
        file_kind=PDF,
        content=files.pdf(pages=1),
        dated=TODAY,
    )


def kept(app: Flask) -> list[Path]:
    folder = app.extensions["casework.settings"].instance_path / "documents"
    return [file for file in folder.rglob("*") if file.is_file()]


def test_what_was_made_is_stored_and_opens(app: Flask) -> None:
    with app.app_context():
        case = make_case()
        with filed(COMMAND_LINE, case.id, [a_letter()]) as (document,):
            name = document.public_id
            db.session.commit()
        _, content = documents.opened(actor=COMMAND_LINE, case_id=case.id, public_id=name)
        assert content == a_letter().content
        assert len(kept(app)) == 1


def test_what_fails_afterwards_leaves_neither_a_row_nor_a_file(app: Flask) -> None:
    with app.app_context():
        case_id = make_case().id
        with pytest.raises(ZeroDivisionError), filed(COMMAND_LINE, case_id, [a_letter()]):
            _ = 1 / 0
        assert db.session.query(Document).count() == 0
        assert kept(app) == []
