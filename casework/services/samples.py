"""Advice drawn by lot for its quality, and what somebody other than its author found in it."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from casework import current
from casework.access import Scope
from casework.clock import now
from casework.codes import Found
from casework.extensions import db
from casework.models import AdviceSample, AdviceScore, AdviceService
from casework.queries import samples as queries
from casework.queries.samples import Piece, Sampled
from casework.rules.civil_dates import spoken_date
from casework.rules.sampling import QUESTIONS, is_over, is_own, next_month, to_draw
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused

OWN = "You wrote this advice or brought it in, so somebody else scores it"
_LOT = secrets.SystemRandom()


def draw(*, actor: Actor, today: date, month: date, scope: Scope) -> int:
    """Draw each service's advice of a month by lot, and commit; return how many were drawn.

    A second draw only tops up what is missing of the number that the settings ask for. Raises
    Refused for a month that is not over.
    """
    if not is_over(month, today):
        when = spoken_date(next_month(month))
        raise Refused(
            {"month": f"The month is not over. Draw from {when}, so that all has the same chance"}
        )
    # Of two people who draw at once the second waits here, and then finds it drawn.
    services = select(AdviceService.id).order_by(AdviceService.id)
    db.session.execute(services.with_for_update(key_share=True)).all()
    whole = replace(scope, hidden_from=None)  # the lot passes nobody by for the drawer's sake
    drawn = [
        one
        for pieces in queries.drawable(whole, month).values()
        for one in _by_lot(pieces, current.settings().advice_sample)
    ]
    db.session.add_all(_sample(actor, month, one) for one in drawn)
    db.session.flush()
    if drawn:
        audit_trail.record_all(actor, [_drew(month, one) for one in drawn])
    db.session.commit()
    return len(drawn)


def score(
    *,
    actor: Actor,
    today: date,
    reads: Scope,
    sample: str,
    answers: Mapping[str, str],
    words: str = "",
) -> None:
    """Keep what a person found in sampled advice, and commit. A second look is a row of its own.

    `sample` is its identifier. Raises Absent, and Refused for one's own advice, for advice that
    was taken back and for an answer that there is not.
    """
    found = queries.opened(sample, reads, actor.user_id or 0, today)
    if found is None:
        db.session.rollback()
        raise Absent(f"sample {sample}")
    if reasons := _refusals(found, actor, answers):
        db.session.rollback()
        raise Refused(reasons)
    db.session.add(
        AdviceScore(
            sample_id=found.sample.id,
            **{key: answers[key] for key in QUESTIONS},
            words=words,
            scored_on=today,
            scored_at=now(),
            scored_by_id=actor.user_id,
        )
    )
    db.session.flush()
    audit_trail.record(
        actor,
        "scored advice sample",
        case_id=found.case.id,
        subject=f"advice sample {found.sample.id}",
        changes={key: (None, answers[key]) for key in QUESTIONS},
    )
    db.session.commit()


def is_by(found: Sampled, user_id: int | None) -> bool:
    """Return whether a person wrote the sampled advice or brought it in."""
    advice = found.sample.advice
    return is_own(user_id, (advice.author_id, advice.entered_by_id))


def _refusals(found: Sampled, actor: Actor, answers: Mapping[str, str]) -> dict[str, str]:
    if found.piece.removed_why:
        return {"words": found.piece.removed_why}
    if is_by(found, actor.user_id):
        return {"words": OWN}
    known = {one.value for one in Found}
    return {key: "Choose yes, partly or no" for key in QUESTIONS if answers.get(key) not in known}


def _by_lot(pieces: list[Piece], wanted: int) -> list[Piece]:
    left = [one for one in pieces if one.sample is None]
    number = to_draw(wanted, len(pieces) - len(left), len(left))
    return _LOT.sample(left, number)


def _sample(actor: Actor, month: date, piece: Piece) -> AdviceSample:
    return AdviceSample(
        service_id=piece.service_id,
        month=month,
        advice_id=piece.advice_id,
        drawn_at=now(),
        drawn_by_id=actor.user_id,
    )


def _drew(month: date, piece: Piece) -> Act:
    return Act(
        action="drew advice sample",
        case_id=piece.case_id,
        subject=f"advice {piece.advice_id}",
        changes={"month": (None, month), "service": (None, piece.service_id)},
    )
