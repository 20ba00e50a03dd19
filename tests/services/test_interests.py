"""A declared interest hides a case from its person until somebody else takes it back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from casework.access import Viewer, scope_of
from casework.extensions import db
from casework.models import AuditEntry, Interest
from casework.queries import cases
from casework.services import interests
from casework.services.audit_trail import Actor, verify
from casework.services.errors import Absent, Refused
from tests.factories import make_case, make_user


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_an_interest_hides_the_case_until_it_is_taken_back() -> None:
    officer, clerk, case = make_user(), make_user("panel-clerk"), make_case()
    scope = scope_of(Viewer(user_id=officer.id, name="Oona", role="case-officer"))
    declared = {"case_id": case.id, "user_id": officer.id, "nature": "My nephew"}
    made = interests.declare(actor=Actor(clerk.id, "web"), **declared)
    assert cases.find(scope, case.public_id) is None
    assert (made.declared_by_id, made.nature) == (clerk.id, "My nephew")
    interests.take_back(actor=Actor(clerk.id, "web"), interest_id=made.id, why="A namesake")
    assert cases.find(scope, case.public_id) is not None
    assert (made.ended_by_id, made.ended_why) == (clerk.id, "A namesake")
    told = [entry.action for entry in db.session.query(AuditEntry).filter_by(case_id=case.id)]
    assert told[-2:] == ["declared interest", "took back interest"]
    assert verify().faults == ()


def test_nobody_takes_back_their_own_interest() -> None:
    officer, case = make_user(), make_case()
    own = Actor(officer.id, "web")
    made = interests.declare(actor=own, case_id=case.id, user_id=officer.id, nature="Kin")
    with pytest.raises(Refused, match="nobody takes back their own"):
        interests.take_back(actor=own, interest_id=made.id, why="I changed my mind")
    assert made.ended_at is None


def test_an_interest_and_its_end_each_need_words() -> None:
    officer, clerk, case = make_user(), make_user("panel-clerk"), make_case()
    by_clerk = Actor(clerk.id, "web")
    with pytest.raises(Refused, match="what the interest is"):
        interests.declare(actor=by_clerk, case_id=case.id, user_id=officer.id, nature=" ")
    made = interests.declare(actor=by_clerk, case_id=case.id, user_id=officer.id, nature="Kin")
    with pytest.raises(Refused, match="Say why"):
        interests.take_back(actor=by_clerk, interest_id=made.id, why=" ")


def test_what_is_not_there_is_absent() -> None:
    officer = make_user()
    with pytest.raises(Absent):
        interests.declare(actor=Actor(1, "web"), case_id=404, user_id=officer.id, nature="Kin")
    with pytest.raises(Absent):
        interests.take_back(actor=Actor(1, "web"), interest_id=404, why="x")


def test_an_interest_declared_twice_at_once_is_recorded_once(app: Flask) -> None:
    officer_id, case_id = make_user().id, make_case().id
    db.session.commit()

    def declare(_number: int) -> int:
        with app.app_context():
            given = {"case_id": case_id, "user_id": officer_id, "nature": "Kin"}
            return interests.declare(actor=Actor(officer_id, "web"), **given).id

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(declare, range(4)))
    assert len(found) == 1
    assert db.session.query(Interest).count() == 1
