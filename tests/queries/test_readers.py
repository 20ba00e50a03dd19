"""Who is told of a case: the same people in SQL and in the roster by which an email looks again."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from casework.clock import now
from casework.extensions import db
from casework.models import Absence, Team, User
from casework.queries.readers import NOBODY, readers, standing_in
from casework.queries.roster import roster
from tests.factories import TODAY

WORLDS = 40
ROLES = ("case-officer", "case-officer", "manager", "dco")
DRAW = random.Random(11)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def invent() -> list[User]:
    """Add teams, people and absences as they come, and return the people."""
    teams = [Team(name=f"Team {n}") for n in range(2)]
    db.session.add_all(teams)
    db.session.flush()
    people = [
        User(
            name=f"Invented {n}",
            email=DRAW.choice([None, *[f"{n}@example.org"] * 5]),
            role=DRAW.choice(ROLES),
            team_id=DRAW.choice([None, teams[0].id, teams[1].id]),
            is_active=DRAW.random() > 0.2,
            created_at=now(),
        )
        for n in range(DRAW.randint(1, 6))
    ]
    db.session.add_all(people)
    db.session.flush()
    for away in people:
        cover = DRAW.choice(people)
        if cover is not away and DRAW.random() < 0.4:
            first = TODAY + timedelta(days=DRAW.randint(-3, 1))
            absence = Absence(user_id=away.id, cover_id=cover.id, from_day=first)
            absence.entered_at = now()
            db.session.add(absence)
    db.session.flush()
    return people


def test_both_name_the_same_readers_of_every_desk() -> None:
    several = 0
    for _ in range(WORLDS):
        people = invent()
        who = roster(TODAY)
        found = {
            (desk, reader) for desk, reader, _ in db.session.execute(readers(standing_in(TODAY)))
        }
        expected = set()
        for desk, team_id in [(NOBODY, None), *((one.id, one.team_id) for one in people)]:
            for reader_id in who.people:
                mine = who.read_by(reader_id)
                if any(who.answers(one, officer_id=desk, team_id=team_id) for one in mine):
                    expected.add((desk, reader_id))
        assert found == expected
        several += len(found) > len(people)
        db.session.rollback()
    assert several > WORLDS / 4
