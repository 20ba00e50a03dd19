"""A setting found among those of a whole country. Every school is invented."""

from collections.abc import Iterator

import pytest
from flask import Flask

from casework.queries import schools
from tests.factories import make_case
from tests.fixtures.plans import make_setting
from tests.fixtures.statements import counted


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_a_list_offers_what_is_near_or_in_use_and_any_other_is_found_by_name(app: Flask) -> None:
    far = make_setting("Faraway School", urn="999301", la_code="998")
    make_setting("Shut School", urn="999302", is_open=False)
    make_setting("Unplaced School")
    used = make_setting("Used Faraway School", urn="999303", la_code="998")
    make_case(setting_id=used.id)
    assert schools.offered() == ["Unplaced School", "Used Faraway School (URN 999303)"]
    for typed in ("faraway school", "999301", "Faraway School (URN 999301)"):
        with counted(app) as sent:
            assert [one.id for one in schools.named(typed)] == [far.id]
        assert len(sent) == 1
    assert schools.like("Faraway Skool", 1) == ["Faraway School (URN 999301)"]
    assert schools.like("Unpl", 1) == ["Unplaced School"], "the beginning is enough"
    assert schools.like("Far Sch", 1) == ["Faraway School (URN 999301)"]


def test_of_two_with_one_name_it_is_the_one_that_is_open_unless_its_label_is_typed() -> None:
    shut = make_setting("Invented School", urn="999301", is_open=False)
    new = make_setting("Invented School", urn="999302")
    assert schools.named("Invented School") == [new]
    assert schools.named("Invented School (URN 999301)") == [shut]


def test_namesakes_without_a_urn_are_told_apart_by_a_number() -> None:
    first, second = make_setting("Invented School"), make_setting("Invented School")
    assert schools.label_of(second) == "Invented School [2]"
    assert schools.named("Invented School [2]") == [second]
    assert schools.named("Invented School") == [first]
