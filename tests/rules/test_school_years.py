"""The school year follows from the age on the last day of August."""

from datetime import date

import pytest

from casework.rules.school_years import year_group, year_words


@pytest.mark.parametrize(
    ("born", "on", "words"),
    [
        (date(2021, 8, 31), date(2025, 9, 1), "Reception"),
        (date(2021, 9, 1), date(2025, 9, 1), "Nursery year"),
        (date(2021, 9, 1), date(2026, 8, 31), "Nursery year"),
        (date(2021, 9, 1), date(2026, 9, 1), "Reception"),
        (date(2018, 5, 4), date(2026, 11, 23), "Year 4"),
        (date(2010, 9, 1), date(2026, 11, 23), "Year 11"),
        (date(2010, 8, 31), date(2026, 11, 23), "Year 12"),
        (date(2008, 1, 1), date(2026, 11, 23), "Year 14"),
        (date(2004, 1, 1), date(2026, 11, 23), "After Year 14"),
        (date(2024, 1, 1), date(2026, 11, 23), "Before school"),
        (None, date(2026, 11, 23), "Year not known"),
    ],
)
def test_a_year_in_words(born: date | None, on: date, words: str) -> None:
    assert year_words(born, on) == words


def test_a_child_moves_up_on_the_first_of_september_alone() -> None:
    born = date(2018, 5, 4)
    days = [date.fromordinal(n) for n in range(date(2024, 9, 1).toordinal(), 740_000)]
    moved = {
        d
        for d in days[1:]
        if year_group(born, d) != year_group(born, date.fromordinal(d.toordinal() - 1))
    }
    assert moved == {d for d in days[1:] if (d.month, d.day) == (9, 1)}
