"""Which school year a child of an age belongs to, whether or not they were moved up or down."""

from datetime import date

from casework.rules.ages import age

#: A child is in Reception in the school year before whose start they became four.
_RECEPTION_AGE = 4
_LAST_YEAR = 14


def year_group(born: date, on: date) -> int:
    """Return the number of the national curriculum year on a day: 0 is Reception, -1 nursery.

    It is by the age on the 31 August before the school year began, as schools in England group
    children; no law puts a child into a year, and some are taught out of theirs.
    """
    began = on.year if on.month >= 9 else on.year - 1
    return age(born, date(began, 8, 31)) - _RECEPTION_AGE


#: The phases of education, each with the last year that it has, as schools in England part them.
PHASES = {"Early years": -1, "Primary": 6, "Secondary": 11, "Post-16": 99}
PHASE_NOT_KNOWN = "Not known"


def phase(born: date | None, on: date) -> str:
    """Return the phase of education that a child's school year is in, a key of PHASES."""
    if born is None:
        return PHASE_NOT_KNOWN
    year = year_group(born, on)
    return next(words for words, last in PHASES.items() if year <= last)


def year_words(born: date | None, on: date) -> str:
    """Return the school year in words: "Year 3", "Reception", "Before school"."""
    if born is None:
        return "Year not known"
    year = year_group(born, on)
    if year < -1:
        return "Before school"
    if year > _LAST_YEAR:
        return "After Year 14"
    return {-1: "Nursery year", 0: "Reception"}.get(year, f"Year {year}")
