"""What every table shares: the typed base, instants in UTC, identifiers that cannot be guessed."""

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from casework.extensions import db

if TYPE_CHECKING:

    class Model(DeclarativeBase):
        """The declarative base, as the type checker sees it."""

else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, returned aware. Refuses a datetime that has no zone.

    SQLite keeps no zone, so the column holds naive UTC on both databases.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return naive UTC for the database. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware UTC datetime."""
        return None if value is None else value.replace(tzinfo=UTC)


#: As many characters as a column of folded words holds (casework.names.search_key).
LONGEST_KEY = 200


def sortable(length: int) -> String:
    """Return a string type compared by code point, so that a prefix search can use its index."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def public_id() -> str:
    """Return an identifier for addresses: 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)
