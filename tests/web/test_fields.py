"""What the fields of forms make of what people type."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from casework import clock, identifiers
from casework.codes import RequestSource, SenType
from casework.web.fields import (
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    Tick,
    TimeField,
    Typed,
    YesNo,
    code_choices,
)

pytestmark = pytest.mark.embedded

TODAY = date(2026, 11, 23)


class Everything(Form):
    """A form with one of each field."""

    surname = TextField("Surname", [Given("Enter the surname")])
    received_on = DayField("Day received", [Given("Enter the day it was received")])
    holiday = DayField("First day", future=True)
    received_time = TimeField("Time received")
    upn = Typed("UPN", read=identifiers.upn)
    asks = LongTextField("What it asks for", longest=20)
    source = ChooseOne("Source", choices=RequestSource.choices())
    need = SelectOne("Need", choices=code_choices(SenType), empty="Not known yet")
    tells = ChooseSeveral("Tell", choices=[("a", "A"), ("b", "B")])
    complex_ = Tick("Complex")
    graduated = YesNo("Graduated approach shown")


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    clock.set_today(TODAY)
    yield
    clock.set_today(None)


def fill(**typed: Any) -> Everything:
    """Return the form as sent with these boxes filled, checked."""
    form = Everything(MultiDict({"surname": "Okafor", "received_on": "t", **typed}))
    form.validate()
    return form


@pytest.mark.parametrize(
    "text",
    [
        *("T", "t", "today", " Today ", "23/11/2026", "23 11 26", "231126", "23112026", "23.11.26"),
        *("23 Nov 2026", "23rd November 2026", "Monday 23 November 2026", "2026-11-23"),
        *("２３/１１/２０２６", "23\u00a011\u00a02026"),
    ],
)
def test_a_day_is_read_however_it_is_typed(text: str) -> None:
    form = fill(received_on=text)
    assert form.received_on.data == TODAY
    assert not form.errors


def test_y_is_yesterday() -> None:
    assert fill(received_on="y").received_on.data == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter the day it was received"),
        (" \u200b\u00a0", "Enter the day it was received"),
        ("30/2/2026", "30 February 2026 is not a day that exists"),
        ("29/2/2026", "29 February 2026 is not a day that exists"),
        ("11/23/2026", "no month 23"),
        ("23/11", "has no year"),
        ("46349", "is not a date"),
        ("1e9", "is not a date"),
        ("next week", "is not a date"),
        ("23/11/0026", "has the year 0026"),
        ("24/11/2026", "Day received must be today or in the past"),
        ("23/11/2126", "Day received must be today or in the past"),
        ("23/11/\x002026", "hidden character"),
    ],
)
def test_what_is_no_day_is_refused_in_words_and_kept_as_typed(text: str, words: str) -> None:
    form = fill(received_on=text)
    assert words in form.errors["received_on"][0]
    assert len(form.errors["received_on"]) == 1
    assert form.received_on._value() == text


def test_a_day_to_come_passes_where_it_may() -> None:
    assert fill(holiday="24/12/2026").holiday.data == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(text, time(14, 30)) for text in ("14:30", "1430", "14.30", "2.30pm", "2:30 PM", "230p")],
        *[("9am", time(9)), ("12am", time(0)), ("12pm", time(12)), ("00:00", time(0))],
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_is_read_however_it_is_typed(text: str, expected: time) -> None:
    assert fill(received_time=text).received_time.data == expected


@pytest.mark.parametrize("text", ["24:00", "14:60", "13pm", "9", "23:59:60", "noon", "-1"])
def test_what_is_no_time_is_refused_and_kept_as_typed(text: str) -> None:
    form = fill(received_time=text)
    assert form.errors["received_time"] == ["Enter a time like 14:30 or 2.30pm"]
    assert form.received_time._value() == text


def test_an_empty_box_is_none() -> None:
    form = fill(upn=" ", received_time="", asks="\u200b")
    assert not form.errors
    assert (form.upn.data, form.received_time.data, form.asks.data) == (None, None, None)


def test_words_lose_only_what_nobody_can_see_at_their_ends() -> None:
    assert fill(surname="\u00a0 O’Brien-Łuczak \u200b").surname.data == "O’Brien-Łuczak"


@pytest.mark.parametrize(
    ("surname", "words"),
    [
        ("   ", "Enter the surname"),
        ("\u200b\u00a0", "Enter the surname"),
        ("O\x00Brien", "hidden character"),
        ("\u202eneirB", "changes the reading order"),
        ("O\ufffdBrien", "lost in copying"),
        ("a\nb", "hidden character"),
        ("x" * 201, "Surname must be 200 characters or fewer. It is now 201"),
    ],
)
def test_words_that_will_not_do_are_refused_and_kept(surname: str, words: str) -> None:
    form = fill(surname=surname)
    assert words in form.errors["surname"][0]
    assert form.surname._value() == surname


def test_the_longest_words_pass() -> None:
    assert not fill(surname="x" * 200).errors


def test_a_line_break_counts_as_one_character() -> None:
    form = fill(asks="0123456789\r\n012345678")
    assert form.asks.data == "0123456789\n012345678"
    assert "asks" in fill(asks="0123456789\r\n0123456789").errors


def test_an_identifier_is_kept_in_its_one_form() -> None:
    assert fill(upn="b801 2000-05001").upn.data == "B801200005001"
    wrong = fill(upn="A801200005001")
    assert "its first letter does not fit" in wrong.errors["upn"][0]
    assert wrong.upn._value() == "A801200005001"


@pytest.mark.parametrize("held", ["A801200005001", "9.12E+09"])
def test_what_a_tracker_brought_in_is_not_refused_when_it_is_left_alone(held: str) -> None:
    form = Everything(MultiDict({"surname": "Okafor", "upn": held}), data={"upn": held})
    form.validate()
    assert "upn" not in form.errors
    assert form.upn.data == held


@pytest.mark.parametrize("field", ["source", "need", "graduated"])
def test_an_answer_that_was_not_offered_is_refused(field: str) -> None:
    assert fill(**{field: "<script>"}).errors[field] == ["Choose an answer from the list"]
    assert not fill(**{field: ""}).errors


def test_several_answers_are_a_list_and_none_may_be_made_up() -> None:
    assert fill(tells=["a", "b"]).tells.data == ["a", "b"]
    assert fill(tells=["a", "c"]).errors["tells"] == ["Choose answers from the list"]


@pytest.mark.parametrize(("typed", "kept"), [("yes", True), ("no", False)])
def test_yes_and_no_are_answers_and_neither_is_none(typed: str, kept: bool) -> None:
    assert fill(graduated=typed).graduated.answer is kept
    assert fill().graduated.answer is None
    assert Everything(data={"graduated": kept}).graduated.answer is kept


def test_a_record_is_shown_as_a_person_would_type_it() -> None:
    form = Everything(
        data={"received_on": date(2026, 3, 7), "received_time": time(9, 5), "complex_": True}
    )
    assert form.received_on._value() == "7/3/2026"
    assert form.received_time._value() == "09:05"
    assert form.complex_.data is True


def test_a_choice_shows_the_code_that_people_say() -> None:
    words = dict(code_choices(SenType))
    assert words["SEMH"] == "Social, emotional and mental health (SEMH)"
    assert dict(code_choices(RequestSource))["1"] == "Parent or young person"


@pytest.mark.embedded
def test_an_error_is_tied_to_its_box_and_what_was_typed_is_escaped(app: Flask) -> None:
    with app.test_request_context():
        html = fill(received_on='<b>"{{ 7*7 }}"</b>').received_on()
    assert "&lt;b&gt;&#34;{{ 7*7 }}&#34;&lt;/b&gt;" in html
    assert 'aria-describedby="received_on-hint received_on-error"' in html
    assert 'data-today="23/11/2026"' in html


def test_a_group_keeps_its_legend_however_the_template_dresses_it(app: Flask) -> None:
    large = {"fieldset": {"legend": {"classes": "govuk-fieldset__legend--l"}}}
    with app.test_request_context():
        html = fill().graduated(params=large)
    assert "Graduated approach shown" in html
    assert "govuk-fieldset__legend--l" in html


def test_a_group_with_no_hint_has_no_empty_one(app: Flask) -> None:
    with app.test_request_context():
        html = fill().graduated()
    assert "hint" not in html
