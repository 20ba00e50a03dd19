"""How old a person is on a day."""

from datetime import date, timedelta


def age(born: date, on: date) -> int:
    """Return a person's age in whole years on a day; below nought before they were born.

    One born on 29 February is a year older on 1 March where there is no 29th, as the law counts
    (a year of age is attained at the start of the anniversary: Family Law Reform Act 1969, s 9).
    """
    years = on.year - born.year
    return years if (on.month, on.day) >= (born.month, born.day) else years - 1


def is_young_person(born: date, on: date) -> bool:
    """Return whether a person is over compulsory school age on a day, and so has the rights.

    It ends with the last Friday of June in the school year in which they become 16 (Education
    Act 1996, s.8(3), and SI 1998/1970). Children and Families Act 2014, s.83(2).
    """
    sixteen = born.year + 16
    year = sixteen if born.month <= 8 else sixteen + 1
    end_of_june = date(year, 6, 30)
    last_friday = end_of_june - timedelta(days=(end_of_june.weekday() - 4) % 7)
    return on > last_friday
