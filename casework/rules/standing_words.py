"""A standing said aloud, the same words wherever it is shown."""

from casework.rules.deadlines import Stand, Standing

_FIXED = {
    Standing.MET: "Done in time",
    Standing.LIFTED: "Exception: still owed",
}
_FIXED_OF_FLOOR = {
    Standing.MET: "The family had its time",
    Standing.BREACHED: "Sent too soon",
}

#: The names by which a list of cases is narrowed to a standing.
TITLES = {
    Standing.OVERDUE: "Overdue",
    Standing.SOON: "Due soon",
    Standing.RUNNING: "Due later",
    Standing.LIFTED: "Exception: still owed",
}
NO_LONGER_OWED = "No longer owed"


def in_words(stand: Stand, *, is_floor: bool = False, is_target: bool = False) -> str:
    """Return how a duty stands, with its days: "Overdue by 4 days", "Due in 3 days".

    A floor is the family's time, so its words are about what is left of that. A target (guidance,
    or an authority's own) is missed, where a limit in law is overdue.
    """
    if is_floor:
        return _FIXED_OF_FLOOR.get(stand.standing) or _of_running_floor(stand.days_left)
    if stand.standing in _FIXED:
        return _FIXED[stand.standing]
    if is_target and stand.standing is Standing.OVERDUE:
        return f"Target missed by {days(stand.days_late or 0)}"
    if stand.days_late is not None:
        return _late(stand.standing, stand.days_late)
    assert stand.days_left is not None, "a duty that is owed has days left or days late"
    return _to_come(stand.days_left)


def days(number: int) -> str:
    """Return a number of days in words: "1 day", "4 days"."""
    return f"{number} day{'' if number == 1 else 's'}"


def weeks_and_days(number: int) -> str:
    """Return a number of days as weeks and days: "3 weeks and 2 days", "1 week", "4 days"."""
    weeks, rest = divmod(number, 7)
    parts = [f"{weeks} week{'' if weeks == 1 else 's'}"] if weeks else []
    return " and ".join(parts + ([days(rest)] if rest or not weeks else []))


def _late(standing: Standing, number: int) -> str:
    if standing is Standing.OVERDUE:
        return f"Overdue by {days(number)}"
    after = ", with an exception" if standing is Standing.MET_AFTER_LIFTED else ""
    return f"Done {days(number)} late{after}"


def _to_come(number: int) -> str:
    if number == 0:
        return "Due today"
    return "Due tomorrow" if number == 1 else f"Due in {days(number)}"


def _of_running_floor(left: int | None) -> str:
    if left is None:
        return "The family has had its time"
    return "The family’s last day" if left == 0 else f"The family has {days(left)} more"
