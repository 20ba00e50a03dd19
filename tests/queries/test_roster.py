"""Who answers for which case: the same to a digest as to the sweep that queued its alerts."""

import random

import pytest
from flask import Flask
from sqlalchemy import delete, select

from casework.clock import now
from casework.extensions import db
from casework.models import Absence, Case, Team
from casework.queries import readers
from casework.queries import roster as rosters
from tests.factories import TODAY, make_case, make_user

pytestmark = pytest.mark.embedded

ROUNDS = 40


def test_a_digest_and_the_sweep_know_the_same_readers_of_every_case(app: Flask) -> None:
    drawn = random.Random(7)
    with app.app_context():
        teams = [Team(name=name) for name in ("North", "South")]
        db.session.add_all(teams)
        people = [make_user(email=f"{n}@example.org", name=f"P{n}") for n in range(6)]
        held = {make_case(officer_id=one.id).id: one for one in people} | {make_case().id: None}
        for _ in range(ROUNDS):
            db.session.execute(delete(Absence))
            for one in people:
                one.role = drawn.choice(("case-officer", "case-officer", "manager"))
                one.team_id = drawn.choice((None, teams[0].id, teams[1].id))
                one.is_active = drawn.random() < 0.9
            for away in drawn.sample(people, drawn.randint(0, 3)):
                cover = drawn.choice([one for one in people if one is not away])
                db.session.add(
                    Absence(user_id=away.id, cover_id=cover.id, from_day=TODAY, entered_at=now())
                )
            db.session.flush()
            rows = db.session.execute(readers.readers(readers.standing_in(TODAY))).all()
            expected = {(desk, reader) for desk, reader, _ in rows}
            roster = rosters.roster(TODAY)
            for case_id, officer in held.items():
                desk = officer.id if officer else readers.NOBODY
                told = {reader for of, reader in expected if of == desk}
                place = {
                    "officer_id": officer.id if officer else None,
                    "team_id": officer.team_id if officer else None,
                }
                by_rule = {
                    one.id
                    for one in people
                    if any(roster.answers(p, **place) for p in roster.read_by(one.id))
                }
                in_sql = {one.id for one in people if _is_theirs(case_id, one.id, roster)}
                assert told == by_rule == in_sql


def _is_theirs(case_id: int, reader_id: int, roster: rosters.Roster) -> bool:
    theirs = rosters.answered_for(roster, roster.read_by(reader_id))
    return db.session.scalar(select(Case.id).where(Case.id == case_id, theirs)) is not None
