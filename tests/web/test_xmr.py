"""The drawing of an XmR chart and the words and table about it."""

import re

import pytest
from flask import Flask, render_template_string

from casework.rules.xmr import NOUGHT_OR_MORE, Reading, chart
from casework.web.xmr_drawing import drawing

pytestmark = pytest.mark.embedded
PAGE = (
    '{% from "macros/xmr.html" import xmr_chart %}'
    '{{ xmr_chart(chart, "Advice on time", "%", id="advice") }}'
)
MONTHS = [Reading(f"Month {n}", value) for n, value in enumerate([86, 94] * 8 + [None, 40], 1)]


def drawn(app: Flask, **given: object) -> str:
    with app.test_request_context():
        return render_template_string(PAGE, chart=chart(MONTHS, better="higher"), **given)


def test_a_chart_says_what_it_shows_before_it_draws_it(app: Flask) -> None:
    html = drawn(app)
    said = html.index("Month 18 is lower than ordinary variation explains: a concern.")
    assert said < html.index("<svg") < html.index("<details")


def test_the_drawing_has_a_name_and_a_description_and_nothing_inline(app: Flask) -> None:
    html = drawn(app)
    assert 'role="img" aria-labelledby="advice-title advice-description"' in html
    assert '<title id="advice-title">' in html
    assert '<desc id="advice-description">' in html
    assert "style=" not in html
    assert "<script" not in html


def test_the_table_has_every_month_its_special_cause_and_the_limits(app: Flask) -> None:
    html = re.sub(r"\s+", " ", drawn(app))
    assert html.count('scope="row"') == 18
    assert "Concern: below the lower limit" in html
    assert '<td class="govuk-table__cell">None</td>' in html
    limits = chart(MONTHS).limits
    assert limits is not None
    assert f"process limits {limits.lower:.1f}% and {limits.upper:.1f}%" in html
    assert '<details class="govuk-details" open>' in html


def test_a_concern_has_a_shape_of_its_own_that_the_key_names(app: Flask) -> None:
    html = drawn(app)
    assert html.count("<circle") == 16 + 1
    assert html.count("casework-xmr__point--concern") == 1 + 1
    assert "Concern</span>" in html
    assert "Improvement" not in html


def test_a_gap_parts_the_line() -> None:
    assert [path.count(",") for path in drawing(chart(MONTHS)).paths] == [16]
    longer = [*MONTHS, Reading("Month 19", 50)]
    assert [path.count(",") for path in drawing(chart(longer)).paths] == [16, 2]


def test_a_greater_value_stands_higher_and_a_later_one_further_right() -> None:
    marks = drawing(chart(MONTHS)).marks
    assert marks[0].y > marks[1].y
    assert marks[-1].y > marks[0].y
    assert [mark.x for mark in marks] == sorted(mark.x for mark in marks)


def test_a_percentage_is_drawn_from_nought_to_a_hundred_whatever_its_limits() -> None:
    found = drawing(chart(MONTHS))
    assert [tick.words for tick in found.ticks] == ["0", "25", "50", "75", "100"]
    assert found.upper is not None
    assert found.upper.y == found.ticks[-1].y


@pytest.mark.parametrize("values", [(), (5,), (0, 0, 0), (3, 7, 400), (0.5, 0.25, 0.75)])
def test_any_values_stand_within_the_frame(values: tuple[float, ...]) -> None:
    found = drawing(chart([Reading("", v) for v in values], bounds=NOUGHT_OR_MORE))
    lowest, highest = found.ticks[0].y, found.ticks[-1].y
    assert all(highest <= mark.y <= lowest for mark in found.marks)
    assert len({tick.words for tick in found.ticks}) == len(found.ticks)


def test_a_chart_of_nothing_is_only_its_words(app: Flask) -> None:
    with app.test_request_context():
        html = render_template_string(PAGE, chart=chart([]))
    assert "too few months" in html
    assert "<svg" not in html
