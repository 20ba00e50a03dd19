"""Twins of one surname, birthday and school in many tabs: no letter holds a word of the other.

A word that stands nowhere else is planted with each: their forename, their parents, what is typed.
"""

import os
import random
from importlib import import_module
from typing import Any

import pytest
from flask import Flask

from casework import apart
from casework.extensions import db
from casework.models import Case, Contact, Document, Setting
from tests.factories import make_case
from tests.fixtures.people import SignIn
from tests.web.letters.test_letters import boxes, documents_of, words_of

pytestmark = pytest.mark.embedded

ACTIONS = int(os.environ.get("TWIN_ACTIONS", "100"))
TWINS = ("Quillon", "Zephyra")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill letters in this process: what is tried is whose they are, not what a file may do."""

    def call(work: str, given: dict[str, Any], **_limits: int) -> dict[str, Any]:
        module, _, name = work.partition(":")
        return dict(getattr(import_module(module), name)(given))

    monkeypatch.setattr(apart, "call", call)


def twins(app: Flask) -> dict[str, str]:
    with app.app_context():
        school = Setting(name="Invented School", name_key="invented school")
        db.session.add(school)
        db.session.commit()
        found = {}
        for name in TWINS:
            case = make_case(person={"forenames": name}, setting_id=school.id)
            parent = Contact(
                person_id=case.person_id,
                name=f"Parent of {name}",
                relationship_to_child="Mother",
                has_parental_responsibility=True,
                address=f"1 {name} House",
            )
            db.session.add(parent)
            db.session.commit()
            found[name] = case.public_id
        return found


def test_in_many_tabs_no_letter_of_a_twin_holds_the_other(
    app: Flask, sign_in: SignIn, here: None
) -> None:
    client, cases, lots = sign_in(), twins(app), random.Random(5)
    tabs: list[tuple[str, dict[str, Any]]] = []
    outcomes: dict[int, int] = {}
    for _ in range(ACTIONS):
        name = lots.choice(TWINS)
        path = f"/cases/{cases[name]}/letters/holding"
        if not tabs or lots.random() < 0.3:
            tabs.append((name, boxes(client.get(path))))
            continue
        whose, sent = lots.choice(tabs)
        typed = {"reasons": f"About {whose}", "expected_on": "1/3/2027"}
        if "checked" not in sent:
            typed["limit"] = "case.assess_decision_6w"
        answer = client.post(path, data=sent | typed)
        outcomes[answer.status_code] = outcomes.get(answer.status_code, 0) + 1
        other = next(twin for twin in TWINS if twin != name)
        if whose != name:
            assert answer.status_code == 409
        assert answer.status_code == 303 or f"Parent of {other}" not in answer.text
        if whose == name and "checked" in answer.text and answer.status_code in (200, 409):
            tabs.append((name, boxes(answer)))
    assert outcomes.get(303, 0) > 2, outcomes
    assert outcomes.get(409, 0) > 2, outcomes
    with app.app_context():
        rows = db.session.query(Document.case_id, Case.public_id).join(Case)
        owners = [public_id for _, public_id in rows.order_by(Document.id)]
    for owner, document in zip(owners, documents_of(app), strict=True):
        mine = next(name for name, public_id in cases.items() if public_id == owner)
        other = next(name for name in TWINS if name != mine)
        assert f"About {mine}" in words_of(document)
        assert other not in words_of(document)
