"""The bank-holiday list, watched so that it never runs out unseen."""

from datetime import date

from casework import holidays


def check_horizon(today: date) -> str:
    """Return words for the log; raise RuntimeError from a year before the list runs out."""
    if warning := holidays.horizon_warning(today):
        raise RuntimeError(warning)
    return f"Bank holidays are known to the end of {holidays.england_and_wales().last.year}"
