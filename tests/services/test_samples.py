"""Advice drawn by lot and scored: topped up and never redrawn, and not scored by its author.

Every person is invented.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.access import EVERY_CASE, Scope
from casework.clock import now
from casework.config import Settings
from casework.extensions import db
from casework.models import Advice, AdviceSample, AdviceScore, AuditEntry, Case, Interest, User
from casework.queries import samples as queries
from casework.rules.sampling import QUESTIONS
from casework.services import documents, events, samples
from casework.services.audit_trail import COMMAND_LINE, Actor, verify
from casework.services.errors import Absent, Refused
from tests.factories import TODAY, make_user
from tests.fixtures.advice import returned
from tests.fixtures.application import settings_for
from tests.fixtures.services import make_service
from tests.fixtures.statements import counted

OCTOBER = date(2026, 10, 1)
SPEECH, CAMHS, SOCIAL = "speech_and_language", "camhs", "social_care"
HEALTH = Scope(agencies=frozenset({"health"}))
YES = dict.fromkeys(QUESTIONS, "yes")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Give the settings of a desk that draws two pieces of advice a month."""
    return replace(settings_for(database_url, tmp_path), advice_sample=2)


@pytest.fixture
def scorer(app: Flask) -> Iterator[User]:
    """Give somebody who wrote none of the advice, and a service of therapists."""
    with app.app_context():
        make_service(SPEECH, name="Therapists")
        yield make_user("dco", name="Dee Dip")


def draw(month: date = OCTOBER, scope: Scope = EVERY_CASE, today: date = TODAY) -> int:
    return samples.draw(actor=COMMAND_LINE, today=today, month=month, scope=scope)


def drawn() -> list[AdviceSample]:
    return list(db.session.scalars(select(AdviceSample).order_by(AdviceSample.id)))


def score(user: User, sample: AdviceSample, **answers: Any) -> None:
    samples.score(
        actor=Actor(user.id, "web"),
        today=TODAY,
        reads=EVERY_CASE,
        sample=sample.public_id,
        answers=YES | answers,
        words="Say how often",
    )


def of_october(scope: Scope = EVERY_CASE) -> queries.OfService:
    (one,) = queries.of_month(scope, OCTOBER).services
    return one


def test_a_draw_takes_the_number_set_and_a_second_only_tops_up(scorer: User) -> None:
    first = returned(SPEECH, date(2026, 10, 5))
    assert draw() == 1
    for day in (6, 7, 8):
        returned(SPEECH, date(2026, 10, day))
    assert draw() == 1
    assert draw() == 0
    chosen = [one.advice_id for one in drawn()]
    assert len(set(chosen)) == 2
    assert first.id in chosen
    assert (of_october().returned, of_october().drawn) == (4, 2)


def test_each_piece_may_come_up(scorer: User) -> None:
    ids = {returned(SPEECH, date(2026, 10, day)).id for day in (5, 6, 7)}
    seen = set()
    for _ in range(60):
        (pieces,) = queries.drawable(EVERY_CASE, OCTOBER).values()
        seen |= {one.advice_id for one in samples._by_lot(pieces, 1)}
    assert seen == ids


def test_only_advice_of_the_month_with_something_to_read_is_drawn(scorer: User) -> None:
    returned(SPEECH, date(2026, 9, 30))
    returned(SPEECH, date(2026, 11, 1))
    returned(SPEECH, date(2026, 10, 31), entries=[])
    inside = [returned(SPEECH, date(2026, 10, day)).id for day in (1, 31)]
    assert draw() == 2
    assert {one.advice_id for one in drawn()} == set(inside)


def test_a_month_that_is_not_over_is_not_drawn(scorer: User) -> None:
    returned(SPEECH, date(2026, 11, 2))
    with pytest.raises(Refused, match="Draw from 1 December 2026"):
        draw(date(2026, 11, 1))
    assert drawn() == []
    assert draw(date(2026, 11, 1), today=date(2026, 12, 1)) == 1


def test_two_people_who_draw_at_once_draw_once(app: Flask, scorer: User) -> None:
    for day in (5, 6, 7, 8, 9):
        returned(SPEECH, date(2026, 10, day))
    db.session.remove()
    start, done = threading.Barrier(2), []

    def press() -> None:
        with app.app_context():
            start.wait()
            done.append(draw())

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(done) == [0, 2]
    assert len(drawn()) == 2


def test_each_lead_draws_and_sees_their_own(scorer: User) -> None:
    make_service(SOCIAL, name="Social workers")
    returned(SPEECH, date(2026, 10, 5))
    social = returned(SOCIAL, date(2026, 10, 5))
    assert draw(scope=HEALTH) == 1
    assert social.id not in {one.advice_id for one in drawn()}
    assert draw() == 1
    assert [one.name for one in queries.of_month(HEALTH, OCTOBER).services] == ["Therapists"]
    (theirs,) = [one for one in drawn() if one.advice_id == social.id]
    assert queries.opened(theirs.public_id, HEALTH, scorer.id, TODAY) is None
    with pytest.raises(Absent):
        samples.score(
            actor=Actor(scorer.id, "web"),
            today=TODAY,
            reads=HEALTH,
            sample=theirs.public_id,
            answers=YES,
        )


def test_a_score_is_kept_and_a_second_is_a_row_of_its_own_that_counts(scorer: User) -> None:
    returned(SPEECH, date(2026, 10, 5))
    draw()
    (sample,) = drawn()
    score(scorer, sample)
    score(scorer, sample, child_voice="partly")
    kept = db.session.query(AdviceScore).order_by(AdviceScore.id).all()
    assert [one.child_voice for one in kept] == ["yes", "partly"]
    assert (kept[0].scored_on, kept[0].scored_by_id) == (TODAY, scorer.id)
    assert kept[0].words == "Say how often"
    assert of_october().scored == 1
    assert of_october().shares["child_voice"].percent == 0.0
    assert of_october().shares["needs_found"].percent == 100.0
    opened = queries.opened(sample.public_id, EVERY_CASE, scorer.id, TODAY)
    assert opened is not None
    assert [one.answers["child_voice"] for one in opened.scores] == ["partly", "yes"]


@pytest.mark.parametrize("column", ["author_id", "entered_by_id"])
def test_nobody_scores_what_they_wrote_or_brought_in(scorer: User, column: str) -> None:
    returned(SPEECH, date(2026, 10, 5), **{column: scorer.id})
    draw()
    (sample,) = drawn()
    with pytest.raises(Refused, match="somebody else scores it"):
        score(scorer, sample)
    assert db.session.query(AdviceScore).count() == 0
    score(make_user("manager", email="other@example.org"), sample)


def test_an_answer_that_there_is_not_is_refused(scorer: User) -> None:
    returned(SPEECH, date(2026, 10, 5))
    draw()
    with pytest.raises(Refused, match="Choose yes, partly or no"):
        score(scorer, drawn()[0], needs_found="perhaps")
    assert db.session.query(AdviceScore).count() == 0


def strike_out(advice: Advice) -> None:
    case = db.session.get_one(Case, advice.case_id, populate_existing=True)
    events.strike_out(
        actor=COMMAND_LINE,
        today=TODAY,
        case_id=case.id,
        version=case.version,
        event_id=advice.event_id,
        reason="Another child’s",
    )


def test_advice_struck_out_leaves_the_sample_and_another_is_drawn(
    scorer: User,
) -> None:
    for day in (5, 6, 7):
        returned(SPEECH, date(2026, 10, day))
    draw()
    sample, _ = drawn()
    score(scorer, sample)
    strike_out(sample.advice)
    (gone,) = [
        one for one in queries.of_month(EVERY_CASE, OCTOBER).samples if one.piece.removed_why
    ]
    assert gone.piece.removed_why == "The entry was struck out."
    assert (of_october().returned, of_october().drawn, of_october().scored) == (2, 1, 0)
    with pytest.raises(Refused, match="struck out"):
        score(scorer, sample)
    assert draw() == 1
    assert of_october().drawn == 2


def test_a_document_withdrawn_leaves_nothing_to_look_at(scorer: User) -> None:
    returned(SPEECH, date(2026, 10, 6), entries=[])
    held = returned(SPEECH, date(2026, 10, 7), as_document=True)
    assert held.document is not None
    document, case_id = held.document.public_id, held.case_id
    assert draw() == 1
    assert drawn()[0].advice_id == held.id
    documents.withdraw(
        actor=COMMAND_LINE, case_id=case_id, public_id=document, why="Another child’s"
    )
    (one,) = queries.of_month(EVERY_CASE, OCTOBER).samples
    assert one.piece.removed_why == "Its document was withdrawn."


def test_advice_whose_day_was_put_right_belongs_to_the_right_month(scorer: User) -> None:
    advice = returned(SPEECH, date(2026, 9, 30))
    case = db.session.get_one(Case, advice.case_id, populate_existing=True)
    right = events.NewEvent(
        kind="advice_received",
        on=date(2026, 10, 1),
        adviser_id=advice.adviser_id,
        outcome="advice",
        corrects_id=advice.event_id,
    )
    events.log_events(
        actor=COMMAND_LINE, today=TODAY, case_id=case.id, version=case.version, events=[right]
    )
    assert draw(date(2026, 9, 1)) == 0
    assert draw() == 1


def test_the_lot_passes_nobody_by_and_an_interest_hides_what_it_drew(scorer: User) -> None:
    advice = returned(SPEECH, date(2026, 10, 5))
    declared = Interest(case_id=advice.case_id, user_id=scorer.id, nature="Kin", declared_at=now())
    db.session.add(declared)
    db.session.commit()
    mine = replace(EVERY_CASE, hidden_from=scorer.id)
    assert draw(scope=mine) == 1
    assert queries.of_month(mine, OCTOBER).samples == []
    assert queries.opened(drawn()[0].public_id, mine, scorer.id, TODAY) is None
    assert len(queries.of_month(EVERY_CASE, OCTOBER).samples) == 1


def test_draws_and_scores_are_told_to_the_audit_trail(scorer: User) -> None:
    advice = returned(SPEECH, date(2026, 10, 5))
    draw()
    score(scorer, drawn()[0])
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("%advice sample")))
    assert [(one.action, one.case_id, one.actor_id) for one in told] == [
        ("drew advice sample", advice.case_id, None),
        ("scored advice sample", advice.case_id, scorer.id),
    ]
    assert not verify().faults


def test_the_statements_are_as_many_for_many_services_as_for_one(app: Flask, scorer: User) -> None:
    returned(SPEECH, date(2026, 10, 5))
    draw()
    db.session.expunge_all()
    with counted(app) as of_one:
        queries.of_month(EVERY_CASE, OCTOBER)
    make_service(CAMHS)
    for day in (5, 6, 7):
        returned(CAMHS, date(2026, 10, day))
    draw()
    db.session.expunge_all()
    with counted(app) as of_many:
        queries.of_month(EVERY_CASE, OCTOBER)
    assert len(of_many) == len(of_one) == 2
