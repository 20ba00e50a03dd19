"""What is derived always equals the facts, and a rebuild proves it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.extensions import db
from casework.services import deadlines
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case

mon_7_sep = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    with app.app_context():
        yield


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_rebuilding_what_is_derived_changes_nothing() -> None:
    case = make_case(mon_7_sep)
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 1)))
    assert deadlines.rebuild() == deadlines.Rebuilt(cases=1, differed=0)


def test_a_projection_that_was_tampered_with_is_found_and_mended() -> None:
    case = make_case(mon_7_sep)
    db.session.execute(db.text("UPDATE deadline SET due_on = '2027-01-01'"))
    db.session.commit()
    with pytest.raises(RuntimeError):
        deadlines.check_rebuild(TODAY)
    assert deadlines.rebuild().differed == 1
    assert "agree" in deadlines.check_rebuild(TODAY)
    assert case.reference
