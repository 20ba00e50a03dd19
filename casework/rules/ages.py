"""How old a person is on a day."""

from datetime import date


def age(born: date, on: date) -> int:
    """Return a person's age in whole years on a day; below nought before they were born.

    One born on 29 February is a year older on 1 March where there is no 29th, as the law counts
    (a year of age is attained at the start of the anniversary: Family Law Reform Act 1969, s 9).
    """
    years = on.year - born.year
    return years if (on.month, on.day) >= (born.month, born.day) else years - 1
