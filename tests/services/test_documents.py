"""Documents added, replaced, withheld and withdrawn, on both databases. Every child is invented."""

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from casework import clock
from casework.config import Settings
from casework.extensions import db
from casework.models import AuditEntry, Case, Document
from casework.models.base import public_id
from casework.queries import documents as held
from casework.services import document_checks, documents
from casework.services.audit_trail import COMMAND_LINE
from casework.services.documents import Sent, Withheld
from casework.services.errors import Absent, NotRecorded, Refused
from tests.documents import files
from tests.documents.clamd import EICAR, clamd, free_port
from tests.factories import TODAY, make_case
from tests.fixtures.application import settings_for


@pytest.fixture
def scanner_port() -> int:
    """Give a port for the scanner, which does not listen until a test starts it."""
    return free_port()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, scanner_port: int) -> Settings:
    """Give settings with a scanner."""
    made = settings_for(database_url, tmp_path)
    return replace(made, virus_scanner=f"clamd:127.0.0.1:{scanner_port}", largest_document=1)


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    """Give Ida Invented's case."""
    with app.app_context():
        yield make_case()


def sent(content: bytes | None = None, name: str = "report.pdf", **said: Any) -> Sent:
    given = {"public_id": public_id(), "kind": "health-advice", "title": "", "received_on": TODAY}
    return Sent(content=content or files.pdf(), file_name=name, **given | said)


def add(case: Case, content: bytes | None = None, *, port: int = 0, **said: Any) -> Document:
    """Add a document while the scanner runs, and return it."""
    replaces = said.pop("replaces", None)
    given = sent(content, **said)
    with clamd(port):
        documents.add(actor=COMMAND_LINE, case_id=case.id, sent=given, replaces=replaces)
    return db.session.scalars(select(Document).filter_by(public_id=given.public_id)).one()


def stored(settings: Settings) -> list[Path]:
    folder = settings.instance_path / "documents"
    return [file for file in folder.rglob("*") if file.is_file()]


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def opened(case: Case, document: Document) -> bytes:
    return documents.opened(
        actor=COMMAND_LINE, case_id=case.id, public_id=document.public_id
    )[1]  # fmt: skip


def test_a_document_is_stored_under_a_drawn_name_and_comes_back_as_it_was(
    case: Case, settings: Settings, scanner_port: int
) -> None:
    document = add(case, port=scanner_port, name="../Ida Invented.pdf")
    assert (document.title, document.pages, document.state) == ("Health advice", 1, "clean")
    assert document.file_name == "Ida Invented.pdf"
    (file,) = stored(settings)
    assert "Ida" not in str(file.relative_to(settings.instance_path))
    assert opened(case, document) == files.pdf()
    assert actions()[-2:] == ["added document", "opened document"]


def test_a_newer_version_stands_in_place_and_the_earlier_one_stays(
    case: Case, scanner_port: int
) -> None:
    first = add(case, port=scanner_port, title="EP")
    second = add(case, files.pdf(pages=2), port=scanner_port, replaces=first.public_id)
    (found,) = held.of_case(case.id)
    assert [(v.number, v.document.id) for v in found.all] == [(2, second.id), (1, first.id)]
    assert found.current.document.id == second.id
    assert held.count(case.id) == 1
    assert opened(case, first) == files.pdf()


def test_two_people_cannot_both_replace_one_version(
    case: Case, settings: Settings, scanner_port: int
) -> None:
    first = add(case, port=scanner_port)
    add(case, files.pdf(pages=2), port=scanner_port, replaces=first.public_id)
    with pytest.raises(Refused, match="newer version of this document meanwhile"):
        add(case, files.pdf(pages=3), port=scanner_port, replaces=first.public_id)
    assert len(stored(settings)) == 2


def test_a_form_sent_twice_makes_one_document(
    case: Case, settings: Settings, scanner_port: int
) -> None:
    given = sent()
    with clamd(scanner_port):
        for _ in range(2):
            documents.add(actor=COMMAND_LINE, case_id=case.id, sent=given)
    assert held.count(case.id) == len(stored(settings)) == 1


def test_the_same_file_is_not_taken_twice_on_one_case(case: Case, scanner_port: int) -> None:
    document = add(case, port=scanner_port, title="EP report")
    with pytest.raises(Refused, match="already, as “EP report”"):
        add(case, port=scanner_port, is_theirs=True)
    documents.withdraw(
        actor=COMMAND_LINE, case_id=case.id, public_id=document.public_id, why="A slip"
    )
    add(case, port=scanner_port)


def test_a_file_that_is_on_another_childs_case_is_taken_only_if_someone_says_so(
    case: Case, scanner_port: int
) -> None:
    add(case, port=scanner_port)
    other = make_case(person={"forenames": "Ida", "surname": "Sister"})
    with pytest.raises(Refused) as refused:
        add(other, port=scanner_port)
    assert list(refused.value.reasons) == ["is_theirs"]
    assert case.reference in refused.value.reasons["is_theirs"]
    assert add(other, port=scanner_port, is_theirs=True).case_id == other.id


def test_a_document_that_names_somebody_else_is_taken_only_if_someone_says_so(
    case: Case, scanner_port: int
) -> None:
    theirs = files.pdf("Zoë Lindqvist likes to draw and to run. " * 10)
    with pytest.raises(Refused) as refused:
        add(case, theirs, port=scanner_port)
    assert list(refused.value.reasons) == ["is_theirs"]
    add(case, theirs, port=scanner_port, is_theirs=True)
    add(case, files.scan(), port=scanner_port)


def test_what_the_scanner_finds_is_kept_nowhere_and_told(
    case: Case, settings: Settings, scanner_port: int
) -> None:
    with pytest.raises(Refused, match="found malware"):
        add(case, files.pdf() + b"\n" + EICAR, port=scanner_port)
    assert actions()[-1] == "sent an infected file"
    assert stored(settings) == []
    assert held.count(case.id) == 0


def test_while_the_scanner_is_away_a_file_waits_and_is_given_to_nobody(
    case: Case, scanner_port: int
) -> None:
    given = sent()
    state = documents.add(actor=COMMAND_LINE, case_id=case.id, sent=given)
    document = db.session.scalars(select(Document)).one()
    assert (state, document.state, document.checked_at) == ("waiting", "waiting", None)
    with pytest.raises(Withheld, match="Waiting for its virus check"):
        opened(case, document)
    with pytest.raises(RuntimeError, match="1 waiting"):
        document_checks.check_waiting(TODAY)
    with clamd(scanner_port):
        assert document_checks.check_waiting(TODAY) == (
            "1 files checked, 0 withheld, 0 waiting for the scanner"
        )
    assert opened(case, document)
    assert "checked document" in actions()


def test_malware_that_becomes_known_later_is_withheld_from_then_on(
    case: Case, settings: Settings, scanner_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add(case, port=scanner_port)
    monkeypatch.setattr("tests.documents.clamd.EICAR", files.pdf()[:200])
    with clamd(scanner_port), pytest.raises(RuntimeError, match="1 withheld"):
        document_checks.check_lately_added(TODAY)
    db.session.refresh(document)
    assert document.state == "infected"
    with pytest.raises(Withheld, match="failed its virus check"):
        opened(case, document)
    assert len(stored(settings)) == 1


def test_a_file_long_held_is_not_scanned_every_night(
    case: Case, scanner_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(case, port=scanner_port)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=31))
    assert document_checks.check_lately_added(TODAY).startswith("0 files")


def test_a_file_changed_on_the_disk_is_not_given_out_and_is_marked(
    case: Case, settings: Settings, scanner_port: int
) -> None:
    document = add(case, port=scanner_port)
    (file,) = stored(settings)
    file.write_bytes(files.pdf()[:-1] + b"X")
    with pytest.raises(Withheld, match="has been changed"):
        opened(case, document)
    db.session.refresh(document)
    assert document.state == "unreadable"
    assert "opened document" not in actions()
    assert actions()[-1] == "checked document"


def test_a_withdrawn_document_is_given_to_nobody_and_the_one_before_stands_again(
    case: Case, scanner_port: int
) -> None:
    first = add(case, port=scanner_port)
    second = add(case, files.pdf(pages=2), port=scanner_port, replaces=first.public_id)
    for _ in range(2):
        documents.withdraw(
            actor=COMMAND_LINE, case_id=case.id, public_id=second.public_id, why="Another child’s"
        )
    assert actions().count("withdrew document") == 1
    with pytest.raises(Withheld, match="withdrawn"):
        opened(case, second)
    (found,) = held.of_case(case.id)
    assert found.current.document.id == first.id
    assert found.newest.document.id == second.id


def test_a_document_of_another_case_is_absent(case: Case, scanner_port: int) -> None:
    document = add(case, port=scanner_port)
    other = make_case(person={"surname": "Other"})
    with pytest.raises(Absent):
        opened(other, document)
    with pytest.raises(Absent):
        documents.withdraw(
            actor=COMMAND_LINE, case_id=other.id, public_id=document.public_id, why="x"
        )
    with pytest.raises(Absent):
        add(other, files.pdf(pages=2), port=scanner_port, replaces=document.public_id)


def test_a_full_disk_is_said_and_leaves_nothing(
    case: Case, settings: Settings, scanner_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("casework.documents.store.os.fsync", full)
    with pytest.raises(Refused, match="no room"):
        add(case, port=scanner_port)
    assert stored(settings) == []
    assert held.count(case.id) == 0


@pytest.mark.embedded
def test_a_file_whose_adding_cannot_be_recorded_is_not_left_behind(
    case: Case, settings: Settings, scanner_port: int
) -> None:
    db.session.execute(
        text("CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'x'); END")
    )
    db.session.commit()
    with pytest.raises(NotRecorded):
        add(case, port=scanner_port)
    assert stored(settings) == []
    assert held.count(case.id) == 0


@pytest.mark.embedded
def test_a_file_over_the_limit_is_refused_with_the_limit(case: Case, scanner_port: int) -> None:
    with pytest.raises(Refused, match="larger than 1MB"):
        add(case, b"%PDF-" + b"x" * 1024 * 1024, port=scanner_port)


@pytest.mark.embedded
def test_the_documents_of_a_case_are_listed_by_what_they_are(case: Case, scanner_port: int) -> None:
    letter = add(case, port=scanner_port, kind="letter")
    late = add(case, files.pdf(pages=2), port=scanner_port, kind="request")
    early = add(
        case, files.pdf(pages=3), port=scanner_port, kind="request", received_on=date(2026, 9, 1)
    )
    gone = add(case, files.pdf(pages=4), port=scanner_port, kind="request")
    documents.withdraw(actor=COMMAND_LINE, case_id=case.id, public_id=gone.public_id, why="x")
    found = [d.current.document.id for d in held.of_case(case.id)]
    assert found == [early.id, late.id, letter.id, gone.id]
