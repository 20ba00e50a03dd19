"""What each officer holds, counted alike on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from casework.extensions import db
from casework.holidays import england_and_wales
from casework.queries import caseload, officers
from tests.factories import TODAY, make_case, make_user


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_the_whole_team_is_counted_in_one_statement() -> None:
    ada = make_user(name="Ada", email="ada@example.org", takes_complex_cases=True)
    make_user(name="Ben", email="ben@example.org")
    make_user("auditor", name="Cy")
    make_case(date(2026, 9, 7), officer_id=ada.id)
    make_case(date(2026, 10, 19), officer_id=ada.id, person={"surname": "B"}, is_complex=True)
    make_case(date(2026, 11, 20), person={"surname": "C"})
    when = caseload.day(TODAY, england_and_wales(), 10)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    found = officers.workloads(when)
    assert len([sql for sql in asked if sql.startswith(("SELECT", "WITH"))]) == 1
    assert [(w.name, w.open, w.overdue, w.soon, w.complex) for w in found] == [
        ("Ada", 2, 1, 1, 1),
        ("Ben", 0, 0, 0, 0),
        (None, 1, 0, 0, 0),
    ]
    assert found[0].takes_complex_cases


def test_those_who_left_may_not_be_given_a_case() -> None:
    make_user(name="Gone", email="gone@example.org", is_active=False)
    kept = make_user(name="Kept", email="kept@example.org")
    make_user("manager", name="Mo")
    make_user("dco", name="Dee")
    assert [user.name for user in officers.assignable()] == ["Kept", "Mo"]
    assert officers.by_public_id(kept.public_id) is not None
    assert officers.by_public_id("nobody") is None
