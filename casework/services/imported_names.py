"""Officers and settings that a tracker names: recognised, or made for someone to review."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert

from casework.access import Role
from casework.clock import now
from casework.extensions import db
from casework.models import Setting, User
from casework.queries.imports import Officers as HeldOfficers
from casework.queries.people import folded
from casework.services import numbering
from casework.services.audit_trail import Act
from casework.tracker.fields import WORDS
from casework.tracker.findings import Doubt
from casework.tracker.rows import TrackerRow


class Officers:
    """The officers that rows name. `new` are the names held by nobody."""

    def __init__(self, rows: Iterable[TrackerRow], held: HeldOfficers) -> None:
        """Recognise each name, and doubt one that two officers have."""
        self.doubts: list[Doubt] = []
        self._ids: dict[str, int | None] = {}
        self._new: dict[str, str] = {}
        for row in rows:
            if row.officer and (key := folded(row.officer)) not in self._ids:
                self._recognise(row, key, held)

    def _recognise(self, row: TrackerRow, key: str, held: HeldOfficers) -> None:
        self._ids[key] = None
        known = held.active.get(key) or held.others.get(key) or []
        if len(known) == 1:
            self._ids[key] = known[0]
        elif known:
            reason = "Two officers have this name, so these cases come in with none. Choose one"
            self.doubts.append(Doubt(row.line, WORDS["officer"], row.officer, reason))
        else:
            self._new[key] = row.officer

    @property
    def new(self) -> tuple[str, ...]:
        """Return the names of the officers that are made for review."""
        return tuple(self._new.values())

    def make(self) -> list[Act]:
        """Add the new officers to the open transaction, and return what to say of it.

        They have no e-mail address, no password and cannot sign in.
        """
        rows: list[dict[str, Any]] = [
            {"id": number, "name": name, "role": Role.CASE_OFFICER.value, "created_at": now()}
            for number, name in zip(numbering.take(User, len(self._new)), self.new, strict=True)
        ]
        if rows:
            values = [row | {"is_active": False, "email": None} for row in rows]
            db.session.connection().execute(insert(User), values)
        self._ids |= {key: row["id"] for key, row in zip(self._new, rows, strict=True)}
        return [
            Act(
                action="made officer for review",
                subject=f"user {row['id']}",
                changes={"name": (None, row["name"])},
            )
            for row in rows
        ]

    def id_of(self, name: str) -> int | None:
        """Return the officer of this name, or None."""
        return self._ids.get(folded(name)) if name else None


class Settings:
    """The settings that rows name. `new` are those not held."""

    def __init__(self, rows: Iterable[TrackerRow], held: dict[str, int]) -> None:
        """Recognise each name."""
        self._ids = dict(held)
        self._new: dict[str, str] = {}
        for row in rows:
            if row.setting and (key := folded(row.setting)) not in self._ids:
                self._new.setdefault(key, row.setting)

    @property
    def new(self) -> tuple[str, ...]:
        """Return the names of the settings that are made for review."""
        return tuple(self._new.values())

    def make(self) -> list[Act]:
        """Add the new settings to the open transaction, and return what to say of it."""
        rows: list[dict[str, Any]] = [
            {"id": number, "name": name, "name_key": key, "needs_review": True}
            for number, (key, name) in zip(
                numbering.take(Setting, len(self._new)), self._new.items(), strict=True
            )
        ]
        if rows:
            db.session.connection().execute(insert(Setting), rows)
        self._ids |= {row["name_key"]: row["id"] for row in rows}
        return [
            Act(
                action="made setting for review",
                subject=f"setting {row['id']}",
                changes={"name": (None, row["name"])},
            )
            for row in rows
        ]

    def id_of(self, name: str) -> int | None:
        """Return the setting of this name, or None."""
        return self._ids.get(folded(name)) if name else None
