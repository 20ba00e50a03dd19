<<<<<<< Updated upstream
"""What day and what time it is. Nothing else in the system asks."""

from datetime import UTC, date, datetime

from casework.rules.civil_dates import london_date as london_date
=======
"""What day it is in England: the only file that asks. Everything else is given `today`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
>>>>>>> Stashed changes

_fixed: date | None = None


<<<<<<< Updated upstream
def today() -> date:
    """Return the civil date in London, or the day the settings have fixed."""
    return _fixed or london_date(now())


def now() -> datetime:
    """Return the present instant, aware, in UTC. It is real even where the day is fixed."""
    return datetime.now(UTC)


def set_today(day: date | None) -> None:
    """Fix the day that `today` returns, or with None let it follow the clock again."""
=======
def set_today(day: date | None) -> None:
    """Fix the day that `today` returns, or let it follow the calendar again with None."""
>>>>>>> Stashed changes
    global _fixed
    _fixed = day


<<<<<<< Updated upstream
def is_fixed() -> bool:
    """Return whether the settings have fixed the day."""
    return _fixed is not None
=======
def today() -> date:
    """Return the day it is in London, or the day that was fixed."""
    return _fixed or london_date(now())


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def london_date(instant: datetime) -> date:
    """Return the London civil day of an instant; raise ValueError for one without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(LONDON).date()
>>>>>>> Stashed changes
