"""When an email of alerts goes, and whether an alert still holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.alerts import DROPPED, RUNGS
from casework.rules.digests import (
    Looked,
    is_late,
    is_picture_due,
    plain,
    short_day,
    since_when,
    untrue,
)

DUE = date(2026, 11, 30)
CALENDAR = england_and_wales()


@pytest.mark.parametrize(
    ("rung", "now", "why"),
    [
        ("soon_10", Looked(due_on=DUE), None),
        ("breached", Looked(due_on=DUE), None),
        ("again", Looked(due_on=DUE), None),
        ("soon_10", Looked(due_on=DUE, met_on=DUE), "met"),
        ("soon_10", Looked(due_on=DUE, closed_on=DUE), "closed"),
        ("soon_10", Looked(due_on=None), "closed"),
        ("eve", Looked(due_on=DUE, is_lifted=True), "lifted"),
        ("eve", Looked(due_on=DUE + timedelta(days=1)), "changed"),
        ("met", Looked(due_on=DUE, met_on=DUE), None),
        ("lifted", Looked(due_on=DUE, is_lifted=True), None),
        ("met", Looked(due_on=DUE), "owed"),
        ("lifted", Looked(due_on=DUE, is_lifted=True, met_on=DUE), "met"),
    ],
)
def test_an_alert_holds_while_its_limit_stands_as_it_says(
    rung: str, now: Looked, why: str | None
) -> None:
    assert untrue(RUNGS[rung], DUE, now) == why
    assert why is None or why in DROPPED


@given(st.dates(date(2026, 1, 5), date(2026, 12, 31)))
def test_whoever_is_told_each_day_has_the_picture_once_a_week_on_its_first_working_day(
    day: date,
) -> None:
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=n) for n in range(5)]
    working = [one for one in week if CALENDAR.is_working_day(one)]
    last, pictures = monday - timedelta(days=3), []
    for one in working:
        if is_picture_due(one, last):
            pictures.append(one)
        last = one
    assert pictures == working[:1]


def test_what_came_to_pass_at_a_weekend_is_not_late_on_the_monday() -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    assert not is_late(saturday, friday, saturday + timedelta(days=2), CALENDAR)
    assert is_late(saturday, friday, saturday + timedelta(days=3), CALENDAR)
    assert not is_late(DUE, friday, DUE, CALENDAR)


def test_what_was_told_to_somebody_else_before_is_not_late_for_whoever_is_told_now() -> None:
    assert not is_late(date(2026, 11, 2), date(2026, 11, 27), DUE, CALENDAR)
    assert not is_late(date(2026, 11, 2), None, DUE, CALENDAR)


def test_late_advice_is_told_by_the_day_since_when() -> None:
    late = [("school", DUE), ("social care", DUE), ("physiotherapy", date(2026, 12, 1))]
    assert since_when(late) == (
        "school and social care since 30 November 2026; physiotherapy since 1 December 2026"
    )


def test_a_subject_has_a_short_day() -> None:
    assert short_day(DUE) == "Mon 30 Nov"


@given(st.text(max_size=60))
def test_no_name_breaks_out_of_its_line(name: str) -> None:
    assert plain(f"{name}\r\nBcc: a@example.org").isprintable()
