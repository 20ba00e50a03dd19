"""The drawing of a case: every day in its place, every dot to be seen, every bar on the paper."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from casework.access import EVERY_CASE
from casework.queries import cases
from casework.services.events import NewEvent
from casework.web.cases.timeline import Timeline, draw
from tests.factories import TODAY

pytestmark = pytest.mark.embedded

Happen = Callable[..., None]


@pytest.fixture
def drawn(app: Flask, case: str) -> Callable[[], Timeline]:
    """Give a function that draws the case as it stands."""

    def drawn() -> Timeline:
        with app.app_context():
            view = cases.view(EVERY_CASE, case, today=TODAY, soon_within=10)
            assert view
            drawing = draw(view)
            assert drawing
            return drawing

    return drawn


def test_every_limit_has_a_bar_that_stays_on_the_paper(drawn: Callable[[], Timeline]) -> None:
    drawing = drawn()
    rules = [bar.line.clock.duty.id for bar in drawing.bars]
    assert rules[:2] == ["assess_decision_6w", "no_plan_16w"]
    assert "final_20w" in rules
    for bar in drawing.bars:
        assert 0 <= bar.x < bar.x + bar.width <= bar.due_x + bar.over_width + 0.01 <= 100
        assert bar.y < drawing.axis_y


def test_what_is_overdue_runs_on_to_today_and_what_is_not_does_not(
    drawn: Callable[[], Timeline],
) -> None:
    drawing = drawn()
    over = {bar.line.clock.duty.id: bar for bar in drawing.bars}
    late = over["assess_decision_6w"]
    assert drawing.today_x == pytest.approx(late.due_x + late.over_width, abs=0.02)
    assert over["final_20w"].over_width == 0


def test_targets_are_told_from_limits_in_law(drawn: Callable[[], Timeline]) -> None:
    kinds = {bar.line.clock.duty.id: bar.is_law for bar in drawn().bars}
    assert kinds["final_20w"]
    assert not kinds["draft_by_week16"]


def test_one_dot_a_day_numbered_in_order_and_none_on_another(
    drawn: Callable[[], Timeline], happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 8)))
    for day in (9, 9, 10, 11):
        happen(NewEvent(kind="advice_requested", on=date(2026, 9, day), service="camhs"))
    dots = drawn().dots
    assert [(dot.number, dot.day.day) for dot in dots] == [(1, 7), (2, 8), (3, 9), (4, 10), (5, 11)]
    for one in dots:
        for other in dots[: one.number - 1]:
            assert one.y != other.y or abs(one.x - other.x) >= 7


def test_the_scale_is_even_and_begins_and_ends_inside(drawn: Callable[[], Timeline]) -> None:
    drawing = drawn()
    places = [tick.x for tick in drawing.ticks]
    assert places == sorted(places)
    assert min(dot.x for dot in drawing.dots) > 0
    assert len(drawing.ticks) <= 6


def test_a_case_that_is_over_has_no_today(drawn: Callable[[], Timeline], happen: Happen) -> None:
    happen(NewEvent(kind="withdrawn", on=date(2026, 9, 20)))
    assert drawn().today_x is None


def test_the_drawing_says_in_words_what_it_shows(drawn: Callable[[], Timeline]) -> None:
    said = drawn().said
    assert "due 19 October 2026: Overdue by 35 days." in said
    assert "Send the final plan, due 25 January 2027: Due in 63 days." in said
