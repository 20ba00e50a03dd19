"""When a draft counts as served: never earlier than the family could have had it."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.civil_dates import LONDON
from casework.rules.service_day import ROUTES, served_on

CALENDAR = england_and_wales()
at = partial(datetime, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("route", "sent", "served"),
    [
        ("email", at(2026, 6, 22, 10, 0), date(2026, 6, 22)),
        ("email", at(2026, 6, 22, 17, 0), date(2026, 6, 22)),
        ("email", at(2026, 6, 22, 17, 1), date(2026, 6, 23)),
        ("by-hand", at(2026, 6, 20, 10, 0), date(2026, 6, 22)),  # a Saturday
        ("email", at(2026, 4, 2, 18, 30), date(2026, 4, 7)),  # before Easter
        ("post", at(2026, 6, 22, 10, 0), date(2026, 6, 24)),
        ("post", at(2026, 6, 19, 10, 0), date(2026, 6, 23)),  # a Friday
        ("post", at(2026, 12, 24, 10, 0), date(2026, 12, 30)),  # 25 and 28 are holidays
    ],
)
def test_the_day_of_service_follows_from_the_route(
    route: str, sent: datetime, served: date
) -> None:
    assert served_on(route, sent, CALENDAR) == served


def test_a_route_that_nobody_knows_is_no_way_to_serve() -> None:
    with pytest.raises(ValueError, match="fax"):
        served_on("fax", at(2026, 6, 22, 10, 0), CALENDAR)


@given(
    st.sampled_from(ROUTES),
    st.builds(
        partial(datetime.combine, tzinfo=LONDON),
        st.dates(date(2024, 1, 1), date(2026, 12, 1)),
        st.times(),
    ),
)
def test_it_is_a_working_day_and_never_before_the_sending(route: str, sent: datetime) -> None:
    day = served_on(route, sent, CALENDAR)
    assert CALENDAR.is_working_day(day)
    assert sent.date() <= day <= sent.date() + timedelta(days=7)
