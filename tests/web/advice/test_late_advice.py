"""The list of late advice of which nobody has said why."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import set_today
from casework.extensions import db
from casework.models import Adviser, Case, User
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case
from tests.fixtures.people import SignIn
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded


def ask(case: Case, kind: str, answered: date | None, **more: date) -> int:
    log(case, NewEvent(kind="advice_requested", on=date(2026, 9, 14), service=kind))
    newest = select(Adviser.id).order_by(Adviser.id.desc()).limit(1)
    adviser_id = db.session.scalars(newest).one()
    if answered:
        answer = {"adviser_id": adviser_id, "outcome": "advice"}
        log(case, NewEvent(kind="advice_received", on=answered, **answer))
    return adviser_id


def test_only_what_is_late_and_unexplained_is_listed(app: Flask, sign_in: SignIn) -> None:
    set_today(TODAY)
    officer = sign_in("case-officer")
    with app.app_context():
        me = db.session.query(User).one().id
        mine = make_case(date(2026, 9, 7), officer_id=me)
        ask(mine, "camhs", date(2026, 10, 26))
        ask(mine, "physiotherapy", date(2026, 10, 29))
        ask(mine, "community_nursing", None)
        explained = ask(mine, "occupational_therapy", date(2026, 11, 2))
        why = {"on": TODAY, "adviser_id": explained, "outcome": "capacity"}
        log(mine, NewEvent(kind="advice_late_because", **why))
        others = make_case(date(2026, 9, 7), person={"surname": "Elsewhere"})
        ask(others, "camhs", date(2026, 11, 9))
    page = officer.get("/advice/late").text
    assert page.index("Community nursing") < page.index("Physiotherapy")
    assert 'data-label="Days late">28<' in page
    assert 'data-label="Days late">3<' in page
    for absent in ("CAMHS", "Occupational therapy", "Elsewhere"):
        assert absent not in page
    assert "Elsewhere" in officer.get("/advice/late?whose=all").text


@pytest.mark.parametrize("many", [1, 20])
def test_the_list_takes_as_many_statements_for_many_lines_as_for_one(
    app: Flask, sign_in: SignIn, many: int
) -> None:
    set_today(TODAY)
    officer = sign_in("case-officer")
    with app.app_context():
        for _ in range(many):
            ask(make_case(date(2026, 9, 7)), "camhs", date(2026, 11, 9))
    officer.get("/advice/late?whose=all")
    with counted(app) as sent:
        assert officer.get("/advice/late?whose=all").text.count("Say why<") == many
    reads = [one for one in sent if one.lstrip().startswith("SELECT") and "deadline" in one]
    assert len(reads) == 1
