"""How instants are spoken in pages."""

from datetime import datetime

from casework.rules.civil_dates import LONDON, spoken_date


def moment(instant: datetime | None) -> str:
    """Return an instant by London's clock: "23 November 2026 at 2:05pm"; "Never" for None."""
    if instant is None:
        return "Never"
    here = instant.astimezone(LONDON)
    hour = here.hour % 12 or 12
    half = "am" if here.hour < 12 else "pm"
    return f"{spoken_date(here.date())} at {hour}:{here.minute:02d}{half}"
