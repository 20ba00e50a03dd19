"""The reasons that a panel keeps in words. One that changes ends, and another takes its place."""

from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import PanelPhrase
from casework.rules.panels import QUESTIONS
from casework.services import audit_trail, meetings
from casework.services.audit_trail import Actor, Changes
from casework.services.errors import Absent, Refused
from casework.services.meetings import panel_subject


def add_phrase(
    *, actor: Actor, panel_id: int, question: str, outcome: str | None, words: str
) -> str:
    """Keep a reason for one question, and commit. Returns its public id.

    `outcome` is the one that it speaks for, None for any. Raises Absent, and Refused where the
    panel does not decide the question or has these words already.
    """
    panel = meetings.locked(panel_id)
    if question not in panel.question_keys or not _is_outcome(question, outcome):
        raise Refused({"speaks_for": "Choose a question that this panel decides"})
    held = _offered(panel_id, question)
    _refuse_doubled(held, outcome, words, None)
    made = _add(panel_id, question, outcome, words, 1 + max((p.place for p in held), default=0))
    _record(actor, "added phrase", made, {"words": (None, words)})
    public_id = made.public_id
    db.session.commit()
    return public_id


def change_phrase(*, actor: Actor, today: date, panel_id: int, public_id: str, words: str) -> str:
    """Put other words in a phrase's place: it ends, and the new one stands where it stood.

    Commits. Returns the public id of the one that is offered now. Raises Absent, and Refused
    where the panel has these words already.
    """
    meetings.locked(panel_id)
    phrase = _find(panel_id, public_id)
    if phrase.words == words:
        return phrase.public_id
    held = _offered(panel_id, phrase.question)
    _refuse_doubled(held, phrase.outcome, words, phrase)
    phrase.ended_on = today
    made = _add(panel_id, phrase.question, phrase.outcome, words, phrase.place)
    _record(actor, "changed phrase", made, {"words": (phrase.words, words)})
    changed = made.public_id
    db.session.commit()
    return changed


def end_phrase(*, actor: Actor, today: date, panel_id: int, public_id: str) -> None:
    """Offer a phrase no more, from today, and commit. Decisions keep it. Raises Absent."""
    meetings.locked(panel_id)
    phrase = _find(panel_id, public_id)
    phrase.ended_on = today
    _record(actor, "ended phrase", phrase, {"words": (phrase.words, None)})
    db.session.commit()


def move_phrase(*, actor: Actor, panel_id: int, public_id: str, by: int) -> None:
    """Move a phrase up (-1) or down (1) among those of its question, and commit. Raises Absent."""
    meetings.locked(panel_id)
    phrase = _find(panel_id, public_id)
    order = _offered(panel_id, phrase.question)
    at = order.index(phrase)
    to = at + by
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for place, one in enumerate(order, start=1):
        one.place = place
    _record(actor, "moved phrase", phrase, {"place": (at + 1, to + 1)})
    db.session.commit()


def _add(panel_id: int, question: str, outcome: str | None, words: str, place: int) -> PanelPhrase:
    phrase = PanelPhrase(
        panel_id=panel_id, question=question, outcome=outcome, words=words, place=place
    )
    db.session.add(phrase)
    db.session.flush()
    return phrase


def _find(panel_id: int, public_id: str) -> PanelPhrase:
    """A phrase that is still offered."""
    phrase = db.session.scalar(
        select(PanelPhrase).where(
            PanelPhrase.public_id == public_id,
            PanelPhrase.panel_id == panel_id,
            PanelPhrase.ended_on.is_(None),
        )
    )
    if phrase is None:
        raise Absent
    return phrase


def _offered(panel_id: int, question: str) -> list[PanelPhrase]:
    """Those of one question, in their order."""
    statement = select(PanelPhrase).where(
        PanelPhrase.panel_id == panel_id,
        PanelPhrase.question == question,
        PanelPhrase.ended_on.is_(None),
    )
    return list(db.session.scalars(statement.order_by(PanelPhrase.place, PanelPhrase.id)))


def _is_outcome(question: str, outcome: str | None) -> bool:
    return outcome is None or outcome in {one.key for one in QUESTIONS[question].outcomes}


def _refuse_doubled(
    held: list[PanelPhrase], outcome: str | None, words: str, own: PanelPhrase | None
) -> None:
    if any(p.words == words and p.outcome == outcome for p in held if p is not own):
        raise Refused({"words": "The panel has this phrase already"})


def _record(actor: Actor, action: str, phrase: PanelPhrase, changes: Changes) -> None:
    about = {"question": (phrase.question, phrase.question)}
    subject = panel_subject(phrase.panel_id)
    audit_trail.record(actor, action, subject=subject, changes={**about, **changes})
