"""The audit trail: written in the transaction of the act it tells of, and checked link by link."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from casework import current, database
from casework.clock import now
from casework.extensions import db
from casework.models import AuditEntry, ChangeDetail
from casework.services.errors import NotRecorded

#: The hash that stands before the first entry.
GENESIS = "0" * 64
#: Any number, so long as nothing else of ours takes the same advisory lock.
CHAIN_LOCK = 820_140_361
BATCH = 5_000

Changes = Mapping[str, tuple[Any, Any]]
#: An entry as stored, and its detail where it has one.
Link = tuple[dict[str, Any], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where. `user_id` is None off the web, and for families."""

    user_id: int | None
    origin: str
    address: str | None = None


COMMAND_LINE = Actor(None, "command line")
SCHEDULER = Actor(None, "scheduler")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing done: what, to which case or record, and what it replaced ({field: (old, new)})."""

    action: str
    case_id: int | None = None
    subject: str | None = None
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of the chain found: entries, the last hash, each fault in words."""

    entries: int
    head: str
    faults: tuple[str, ...]


def record(actor: Actor, action: str, **details: Any) -> None:
    """Add one entry to the open transaction; `details` are those of Act. Commits nothing.

    Call it last before the commit: on PostgreSQL it holds the chain until then.
    """
    record_all(actor, [Act(action=action, **details)])


def record_all(actor: Actor, acts: Iterable[Act]) -> None:
    """Add an entry for each act, in order, to the open transaction. Commits nothing.

    Raises NotRecorded, with the transaction undone: what leaves no trace does not happen.
    """
    try:
        _add_entries(actor, acts)
    except SQLAlchemyError as error:
        db.session.rollback()
        raise NotRecorded from error


def _add_entries(actor: Actor, acts: Iterable[Act]) -> None:
    last, previous = _take_head()
    entries: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    at = now()
    for number, act in enumerate(acts, start=last + 1):
        detail = _detail(number, act.changes)
        entry = {
            "id": number,
            "at": at,
            "actor_id": actor.user_id,
            "origin": actor.origin,
            "address": actor.address,
            "action": act.action,
            "case_id": act.case_id,
            "subject": act.subject,
            "detail_digest": _digest(detail) if detail else None,
            "previous_hash": previous,
        }
        previous = entry["hash"] = _hash(entry)
        entries.append(entry)
        if detail:
            details.append(detail)
    if entries:
        db.session.connection().execute(insert(AuditEntry), entries)
    if details:
        db.session.connection().execute(insert(ChangeDetail), details)


def verify(progress: Callable[[int], None] = lambda _done: None) -> Verdict:
    """Return the verdict on the whole chain, and on the heads noted outside the database.

    `progress` is called with the number of entries checked since its last call.
    """
    with database.reading():
        return _verdict(_chain(progress), _noted_heads())


def length() -> int:
    """Return how many entries the trail holds."""
    with database.reading():
        return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def note_head(verdict: Verdict) -> None:
    """Write the chain's head beside the database: a chain cannot see its own tail being cut."""
    with open(_heads_file(), "a", encoding="ascii") as heads:
        heads.write(f"{verdict.entries} {verdict.head}\n")


def verify_nightly(_today: date) -> str:
    """Check the chain and note its head. Returns words; raises RuntimeError where it is broken."""
    verdict = verify()
    if verdict.faults:
        raise RuntimeError(f"the audit trail has {len(verdict.faults)} faults")
    note_head(verdict)
    return f"{verdict.entries} entries follow one another"


def _take_head() -> tuple[int, str]:
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    last = select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    row = db.session.execute(last).first()
    return (row.id, row.hash) if row else (0, GENESIS)


def _verdict(chain: Iterable[Link], noted: dict[int, str]) -> Verdict:
    faults: list[str] = []
    number, previous = 0, GENESIS
    for entry, detail in chain:
        number += 1
        if entry["id"] != number:
            faults.append(f"entry {number} is missing")
            number = entry["id"]
        elif entry["previous_hash"] != previous:
            faults.append(f"entry {number} does not follow the one before it")
        faults += _faults_within(entry, detail)
        if noted.pop(number, entry["hash"]) != entry["hash"]:
            faults.append(f"entry {number} is not the one that was noted outside the database")
        previous = entry["hash"]
    faults += [f"entry {n}, noted outside the database, is missing" for n in sorted(noted)]
    return Verdict(number, previous, tuple(faults))


def _faults_within(entry: Mapping[str, Any], detail: Mapping[str, Any] | None) -> Iterator[str]:
    if entry["hash"] != _hash(entry):
        yield f"entry {entry['id']} was changed"
    if (_digest(detail) if detail else None) != entry["detail_digest"]:
        yield f"the detail of entry {entry['id']} was changed, added or removed"


def _detail(number: int, changes: Changes | None) -> dict[str, Any] | None:
    if not changes:
        return None
    written = json.dumps({k: list(v) for k, v in changes.items()}, default=str, sort_keys=True)
    return {"entry_id": number, "salt": secrets.token_hex(16), "changes": written}


def _digest(detail: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{detail['salt']}\n{detail['changes']}".encode()).hexdigest()


def _hash(entry: Mapping[str, Any]) -> str:
    at: datetime = entry["at"]
    fields = ("id", "actor_id", "origin", "address", "action", "case_id", "subject")
    told = [at.isoformat(), *(entry[f] for f in fields), entry["detail_digest"]]
    written = json.dumps([entry["previous_hash"], *told], ensure_ascii=True)
    key = current.settings().audit_key
    return hmac.new(key.encode(), written.encode(), hashlib.sha256).hexdigest()


def _chain(progress: Callable[[int], None]) -> Iterator[Link]:
    """Yield each entry with its detail, in order, a batch to a statement."""
    entry, detail = AuditEntry.__table__, ChangeDetail.__table__
    after = 0
    while True:
        statement = (
            select(entry, detail.c.salt, detail.c.changes)
            .outerjoin(detail, detail.c.entry_id == entry.c.id)
            .where(entry.c.id > after)
            .order_by(entry.c.id)
            .limit(BATCH)
        )
        rows = db.session.execute(statement).mappings().all()
        for row in rows:
            yield dict(row), dict(row) if row["salt"] else None
        progress(len(rows))
        if len(rows) < BATCH:
            return
        after = rows[-1]["id"]


def _heads_file() -> str:
    return f"{current_app.instance_path}/audit-heads.txt"


def _noted_heads() -> dict[int, str]:
    try:
        with open(_heads_file(), encoding="ascii") as heads:
            pairs = (line.split() for line in heads if line.strip())
            return {int(number): head for number, head in pairs if int(number)}
    except FileNotFoundError:
        return {}
