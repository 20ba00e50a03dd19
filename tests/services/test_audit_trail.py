"""The audit trail shows any change to what it says: each act of tampering, on each entry."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update

from casework.extensions import db
from casework.models import AuditEntry, ChangeDetail
from casework.models.append_only import unprotect
from casework.services import audit_trail
from casework.services.audit_trail import COMMAND_LINE, Act, Actor
from tests.factories import make_case, make_user

ENTRY, DETAIL = AuditEntry.__table__, ChangeDetail.__table__
ENTRIES = range(1, 8)


@pytest.fixture(autouse=True)
def _trail(app: Flask) -> Iterator[None]:
    """Seven entries of every shape, and the triggers gone: whoever tampers here owns the file."""
    with app.app_context():
        officer = make_user()
        case = make_case()
        person = Actor(officer.id, "web", "192.0.2.7")
        audit_trail.record_all(
            person,
            [
                Act(action="viewed case", case_id=case.id),
                Act(action="logged event", case_id=case.id, changes={"day": (None, "2026-11-02")}),
                Act(action="changed account", subject="user 1", changes={"role": ("a", "b")}),
            ],
        )
        audit_trail.record(COMMAND_LINE, "checked deadlines")
        audit_trail.record(person, "viewed case", case_id=case.id)
        audit_trail.record(Actor(officer.id, "web"), "signed out", subject="user 1")
        for statement in unprotect("audit_entry", db.engine.dialect.name):
            db.session.execute(text(statement))
        db.session.commit()
        assert audit_trail.verify().entries == len(ENTRIES)
        yield
        db.session.rollback()


def faults() -> tuple[str, ...]:
    """Return what the check finds in the open transaction, which is then undone."""
    found = audit_trail.verify().faults
    db.session.rollback()
    return found


def change(number: int, **values: object) -> None:
    db.session.execute(update(ENTRY).where(ENTRY.c.id == number).values(**values))


def stored(number: int) -> dict[str, object]:
    return dict(db.session.execute(select(ENTRY).where(ENTRY.c.id == number)).mappings().one())


def remove(number: int) -> None:
    db.session.execute(delete(DETAIL).where(DETAIL.c.entry_id == number))
    db.session.execute(delete(ENTRY).where(ENTRY.c.id == number))


def test_an_untouched_trail_has_no_fault_and_reports_its_head() -> None:
    verdict = audit_trail.verify()
    assert verdict.faults == ()
    assert verdict.head == stored(len(ENTRIES))["hash"]
    assert audit_trail.length() == len(ENTRIES)


def test_an_edit_of_any_column_of_any_entry_is_found() -> None:
    tried = 0
    for number in ENTRIES:
        now = stored(number)
        at = now["at"]
        assert isinstance(at, datetime)
        others = {
            "at": at + timedelta(microseconds=1),
            "actor_id": 1 if now["actor_id"] is None else None,
            "origin": "scheduler",
            "address": "192.0.2.99",
            "action": "another",
            "case_id": 1 if now["case_id"] is None else None,
            "subject": "user 99",
            "detail_digest": "0" * 64,
            "previous_hash": secrets.token_hex(32),
            "hash": secrets.token_hex(32),
        }
        assert {"id", *others} == {column.name for column in ENTRY.columns}
        for column, other in others.items():
            change(number, **{column: other})
            found = faults()
            assert found, f"{column} of entry {number}"
            assert str(number) in found[0]
            tried += 1
    assert tried == len(ENTRIES) * (len(ENTRY.columns) - 1)


def test_an_entry_given_another_number_is_found() -> None:
    for number in (2, 5, 6, 7):  # a detail's foreign key holds the others where they are
        change(number, id=99)
        assert faults()[0] in (f"entry {number} is missing", "entry 7 is missing")


def test_any_deleted_entry_is_found() -> None:
    for number in ENTRIES[:-1]:
        remove(number)
        assert faults()[0] == f"entry {number} is missing"


def test_a_deleted_last_entry_is_found_once_a_head_was_noted() -> None:
    audit_trail.note_head(audit_trail.verify())
    remove(len(ENTRIES))
    assert faults() == (f"entry {len(ENTRIES)}, noted outside the database, is missing",)


def test_a_trail_emptied_whole_is_found_once_a_head_was_noted() -> None:
    audit_trail.note_head(audit_trail.verify())
    for number in ENTRIES:
        remove(number)
    assert faults()


def test_a_tail_cut_and_written_anew_by_someone_with_the_key_is_found_by_the_noted_head() -> None:
    audit_trail.note_head(audit_trail.verify())
    remove(len(ENTRIES))
    audit_trail.record(COMMAND_LINE, "another story")
    assert faults() == (f"entry {len(ENTRIES)} is not the one that was noted outside the database",)


def test_any_two_entries_swapped_are_found() -> None:
    for one, two in combinations(ENTRIES, 2):
        first, second = stored(one), stored(two)
        change(one, hash="moving")
        change(two, **{k: v for k, v in first.items() if k != "id"})
        change(one, **{k: v for k, v in second.items() if k != "id"})
        assert str(one) in faults()[0], f"{one} and {two}"


def test_an_entry_put_in_is_found_wherever_it_stands() -> None:
    for after in ENTRIES:
        for number in reversed(range(after + 1, len(ENTRIES) + 1)):
            move_on(number)
        forged = stored(after) | {
            "id": after + 1,
            "previous_hash": stored(after)["hash"],
            "hash": secrets.token_hex(32),
            "detail_digest": None,
        }
        db.session.execute(insert(ENTRY).values(**forged))
        assert f"entry {after + 1} was changed" in faults(), f"after {after}"


def move_on(number: int) -> None:
    """Give an entry the next number, with its detail, to make room before it."""
    entry = stored(number)
    db.session.execute(insert(ENTRY).values(**entry | {"id": number + 1, "hash": "moving"}))
    detail = update(DETAIL).where(DETAIL.c.entry_id == number)
    db.session.execute(detail.values(entry_id=number + 1))
    db.session.execute(delete(ENTRY).where(ENTRY.c.id == number))
    change(number + 1, hash=entry["hash"])


def test_a_detail_edited_or_removed_is_found() -> None:
    for number in (1, 3, 4):
        detail = DETAIL.c.entry_id == number
        for tampering in (
            update(DETAIL).where(detail).values(changes='{"day": [null, "x"]}'),
            update(DETAIL).where(detail).values(salt="0" * 32),
            delete(DETAIL).where(detail),
        ):
            db.session.execute(tampering)
            assert faults() == (f"the detail of entry {number} was changed, added or removed",)


def test_a_detail_put_beside_an_entry_that_had_none_is_found() -> None:
    db.session.execute(insert(DETAIL).values(entry_id=2, salt="0" * 32, changes="{}"))
    assert faults() == ("the detail of entry 2 was changed, added or removed",)


def test_a_trail_sealed_with_another_key_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_trail.hmac, "new", _with_another_key(audit_trail.hmac.new))
    assert len(faults()) == len(ENTRIES)


def _with_another_key(new: object) -> object:
    return lambda _key, message, digest: new(b"another key altogether", message, digest)  # type: ignore[operator]


def test_a_long_trail_is_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_trail, "BATCH", 2)
    done: list[int] = []
    assert audit_trail.verify(done.append).entries == len(ENTRIES)
    assert sum(done) == len(ENTRIES)
    change(5, action="another")
    assert faults() == ("entry 5 was changed",)
