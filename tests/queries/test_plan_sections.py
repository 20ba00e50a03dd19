"""The sections of a plan as they stand."""

from collections.abc import Iterator

import pytest
from flask import Flask

from casework.queries import plans
from casework.rules.plan_content import Section
from tests.factories import make_case
from tests.fixtures.plans import make_section


@pytest.fixture(autouse=True)
def _within(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_the_newest_version_of_each_section_is_the_plan_in_its_own_order() -> None:
    case, other = make_case(), make_case()
    make_section(case, Section(key="E", words="Reads a page"))
    make_section(case, Section(key="A", words="Likes trains"))
    make_section(case, Section(key="A", words="Likes trains and maps"), number=2)
    make_section(other, Section(key="A", words="Another child’s"), number=3)
    sections = plans.as_sections(plans.newest_versions(case.id))
    assert [(key, section.words) for key, section in sections.items()] == [
        ("A", "Likes trains and maps"),
        ("E", "Reads a page"),
    ]
