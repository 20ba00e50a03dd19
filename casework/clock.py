"""What day and what time it is. Nothing else in the system asks."""

from datetime import UTC, date, datetime

from casework.rules.civil_dates import london_date as london_date

_fixed: date | None = None


def today() -> date:
    """Return the civil date in London, or the day the settings have fixed."""
    return _fixed or london_date(now())


def now() -> datetime:
    """Return the present instant, aware, in UTC. It is real even where the day is fixed."""
    return datetime.now(UTC)


def set_today(day: date | None) -> None:
    """Fix the day that `today` returns, or with None let it follow the clock again."""
    global _fixed
    _fixed = day


def is_fixed() -> bool:
    """Return whether the settings have fixed the day."""
    return _fixed is not None
