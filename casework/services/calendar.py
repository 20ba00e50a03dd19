"""The bank-holiday list, watched so that it never runs out unseen."""

from datetime import date

from casework import holidays


def check_horizon(today: date) -> str:
    """Return words for the log, a warning from a year before the list runs out; raise RuntimeError
    once it is running out."""
    warning = holidays.horizon_warning(today)
    if warning and holidays.is_running_out(today):
        raise RuntimeError(warning)
    known = f"Bank holidays are known to the end of {holidays.england_and_wales().last.year}"
    return warning or known
