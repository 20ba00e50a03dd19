"""The national register of schools, taken in: settings are added and put right by their URN.

What a person reviewed is not renamed, nothing is deleted, and what the register says is closed is
closed. All of a file goes in in one transaction, or none of it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, text, update

from casework import gias
from casework.database import reading
from casework.extensions import db
from casework.gias import Fault, Register, RegisterRow
from casework.models import Setting
from casework.queries.people import folded
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor

_SETTINGS = cast(Table, Setting.__table__)
#: What the register may change of a setting that is held.
_COLUMNS = (
    *("name", "name_key", "kind", "ukprn", "address", "postcode", "la_code", "la_name"),
    *("is_section_41", "has_unit", "has_resourced", "is_open"),
    *("register_name", "register_kind", "needs_review"),
)
#: What a person may have put right: kept where it differs, and shown.
_REVIEWED = (("name", "register_name"), ("kind", "register_kind"))
#: Not told to the audit trail: what follows from the rest.
_UNTOLD = {"name_key", "register_name", "register_kind"}
_NEW: Mapping[str, Any] = {
    **dict.fromkeys(("ukprn", "postcode", "la_code", "la_name")),
    "address": "",
    **dict.fromkeys(("is_section_41", "has_unit", "has_resourced", "needs_review"), False),
    "is_open": True,
}


@dataclass(slots=True)
class Outcome:
    """What a file changes, or would. Settings are named as they are held."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    #: Closed in the register and not held: there is nothing to close.
    not_taken: int = 0
    #: "URN 109890: Ashfield is now Ashfield Primary".
    renamed: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    #: What a person reviewed and the register has otherwise.
    kept: list[str] = field(default_factory=list)
    #: Held by name without a URN: perhaps the same as one that the file adds.
    doubles: list[str] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    unknown_types: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    outcome: Outcome
    new: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


def load(*, actor: Actor, content: bytes, apply: bool) -> Outcome:
    """Compare a file of the register with the settings held; with `apply`, take it in and commit.

    Taken in a second time it changes nothing. Raises casework.tracker.findings.Unreadable.
    """
    register = gias.read(content)
    if not apply:
        with reading():
            return _plan(register).outcome
    if db.engine.dialect.name == "postgresql":  # SQLite has one writer anyway
        db.session.execute(text("LOCK TABLE setting IN SHARE ROW EXCLUSIVE MODE"))
    plan = _plan(register)
    _write(plan)
    if plan.new or plan.changes:
        told = {"added": (None, len(plan.new)), "changed": (None, len(plan.changes))}
        sha256 = hashlib.sha256(content).hexdigest()
        done = Act(action="loaded settings", subject=f"file {sha256[:16]}", changes=told)
        audit_trail.record_all(actor, [done, *plan.acts])
    db.session.commit()
    return plan.outcome


def _plan(register: Register) -> _Plan:
    columns = [_SETTINGS.c[name] for name in ("id", "urn", *_COLUMNS)]
    held = [row._asdict() for row in db.session.execute(select(*columns))]
    outcome = Outcome(
        refused=list(register.refused),
        left_out=list(register.left_out),
        unknown_types=register.unknown_types,
    )
    plan = _Plan(outcome)
    by_urn = {one["urn"]: one for one in held if one["urn"]}
    nameless = {one["name_key"]: one["name"] for one in held if not one["urn"]}
    taken = {one["ukprn"]: one["urn"] for one in held if one["ukprn"]}
    for row in register.rows.values():
        said = _said(row, taken, outcome)
        if row.urn in by_urn:
            _change(plan, by_urn[row.urn], said)
        elif not said.get("is_open", True):
            outcome.not_taken += 1
        else:
            _add(plan, row.urn, said, nameless)
    return plan


def _said(row: RegisterRow, taken: dict[str, str | None], outcome: Outcome) -> dict[str, Any]:
    """What the row says, without a UKPRN that another setting has."""
    said = dict(row.said)
    ukprn = said.get("ukprn")
    if ukprn and taken.setdefault(ukprn, row.urn) != row.urn:
        whose = f"URN {taken[ukprn]}" if taken[ukprn] else "a setting without a URN"
        outcome.left_out.append(Fault(row.line, "UKPRN", ukprn, f"{whose} has this UKPRN"))
        del said["ukprn"]
    return said


def _add(plan: _Plan, urn: str, said: Mapping[str, Any], nameless: Mapping[str, str]) -> None:
    key = folded(said["name"])
    if key in nameless:
        plan.outcome.doubles.append(f"{nameless[key]}: perhaps URN {urn}")
    registered = {"register_name": said["name"], "register_kind": said["kind"]}
    plan.new.append({**_NEW, **said, **registered, "urn": urn, "name_key": key})
    plan.outcome.added += 1


def _change(plan: _Plan, held: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    wanted = {**held, **said, "needs_review": False}
    wanted |= {"register_name": said["name"], "register_kind": said["kind"]}
    for column, registered in _REVIEWED:
        if said[column] != held[column] and _is_reviewed(held, column, registered):
            wanted[column] = held[column]
            if said[column]:
                plan.outcome.kept.append(
                    f"URN {held['urn']}: {column} “{held[column]}” is kept, and the register has "
                    f"“{said[column]}”"
                )
    if held["ukprn"] and wanted["ukprn"] != held["ukprn"]:
        wanted["ukprn"] = held["ukprn"]
        if said.get("ukprn"):
            plan.outcome.kept.append(
                f"URN {held['urn']}: UKPRN {held['ukprn']} is kept, and the register has "
                f"{said['ukprn']}"
            )
    wanted["name_key"] = folded(wanted["name"])
    differs = {k: (held[k], wanted[k]) for k in _COLUMNS if held[k] != wanted[k]}
    if not differs:
        plan.outcome.unchanged += 1
        return
    plan.outcome.changed += 1
    if "name" in differs:
        plan.outcome.renamed.append(f"URN {held['urn']}: {held['name']} is now {wanted['name']}")
    if held["is_open"] and not wanted["is_open"]:
        plan.outcome.closed.append(f"URN {held['urn']}: {wanted['name']}")
    plan.changes.append({f"new_{k}": wanted[k] for k in _COLUMNS} | {"held_id": held["id"]})
    if told := {k: v for k, v in differs.items() if k not in _UNTOLD}:
        subject = f"setting {held['id']}"
        plan.acts.append(Act(action="changed setting", subject=subject, changes=told))


def _is_reviewed(held: Mapping[str, Any], column: str, registered: str) -> bool:
    """Whether a person gave it: not what the register gave before, nor left open for review."""
    if held["needs_review"] or held[column] is None:
        return False
    return bool(held[column] != held[registered])


def _write(plan: _Plan) -> None:
    connection = db.session.connection()
    if plan.new:
        connection.execute(insert(_SETTINGS), plan.new)
    if plan.changes:
        change = update(_SETTINGS).where(_SETTINGS.c.id == bindparam("held_id"))
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _COLUMNS}
        values["version"] = _SETTINGS.c.version + 1
        connection.execute(change.values(values), plan.changes)


def in_words(outcome: Outcome, *, applied: bool) -> Sequence[str]:
    """Return the report of a load, a line each."""
    would = "" if applied else "would be "
    lines = [
        f"Settings {would}added: {outcome.added:,}; {would}changed: {outcome.changed:,}; "
        f"as they were: {outcome.unchanged:,}.",
        f"Closed and not held, so passed over: {outcome.not_taken:,}.",
    ]
    parts: tuple[tuple[str, Sequence[object]], ...] = (
        (f"Renamed, as the register has them ({would or 'are '}renamed)", outcome.renamed),
        (f"Closed ({would or 'are '}closed)", outcome.closed),
        ("Kept, since a person reviewed them", outcome.kept),
        ("Held by name without a URN: look, and merge what is the same", outcome.doubles),
        ("Cells left out; their rows are taken", outcome.left_out),
        ("Rows refused", outcome.refused),
        (
            "Types that are not known; the kind is left open",
            [f"{words or 'empty'}: {count:,}" for words, count in outcome.unknown_types.items()],
        ),
    )
    for heading, found in parts:
        if found:
            lines += ["", f"{heading} ({len(found):,}):", *(f"  {one}" for one in found)]
    return lines
