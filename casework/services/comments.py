"""What the family says of a draft: comments and what was done about each, meetings, no more to say.

None of it stops a clock. Recorded after the family's days it is kept all the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.codes import Accepted, ToldBy
from casework.extensions import db
from casework.models import CaseEvent, Representation, RepresentationAnswer
from casework.models.base import Model
from casework.queries import history
from casework.queries.standing import stands
from casework.rules.comments import cannot_record
from casework.rules.history import standing_events, standpoint
from casework.services import events
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent
from casework.services.protected_text import refuse_protected


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the family said on one day, through one person."""

    #: Drawn when the form was opened: sent twice, it is recorded once.
    key: str
    on: date
    #: None for the child or young person.
    contact_id: int | None
    document_id: int | None = None
    #: Each by itself: the letters of the sections that it is about, by a space, and the words.
    comments: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was done about one comment."""

    #: The event of the comment.
    comment_id: int
    accepted: Accepted
    words: str


def record(*, actor: Actor, today: date, case_id: int, version: int, said: Said) -> None:
    """Record what the family said of the draft that it has, and commit.

    The same again, by its `key`, changes nothing. Raises Refused, with "words_1" for the first
    comment and so on, and where the form was saved with other words; and ChangedMeanwhile.
    """
    if _is_kept(case_id, said):
        db.session.rollback()
        return
    _refuse_where_ended(case_id)
    words = {f"words_{n}": one for n, (_, one) in enumerate(said.comments, start=1)}
    refuse_protected(actor, case_id, words)
    events.log_events(
        actor=actor,
        today=today,
        case_id=case_id,
        version=version,
        events=[
            NewEvent(
                kind="representation_made",
                on=said.on,
                brings=_brings(case_id, said, number),
            )
            for number in range(len(said.comments))
        ],
    )


def answer(
    *, actor: Actor, today: date, case_id: int, version: int, answers: Sequence[Answer]
) -> None:
    """Record today what was done about each comment, and commit; the newest answer counts.

    What is answered in the same way already stays as it is. Raises Refused, with "words_" and the
    comment's event, ChangedMeanwhile, and Absent for a comment that is not on the case.
    """
    new = [one for one in answers if not _is_answered_so(case_id, one)]
    if not new:
        db.session.rollback()
        return
    _refuse_where_ended(case_id)
    refuse_protected(actor, case_id, {f"words_{one.comment_id}": one.words for one in new})
    events.log_events(
        actor=actor,
        today=today,
        case_id=case_id,
        version=version,
        events=[
            NewEvent(kind="representation_answered", on=today, brings=_brings_answer(one))
            for one in new
        ],
    )


def log(*, actor: Actor, today: date, case_id: int, version: int, event: NewEvent) -> None:
    """Record what `meeting_asked`, `meeting_held` or `nothing_more` describes, and commit.

    Raises Refused and ChangedMeanwhile.
    """
    _refuse_where_ended(case_id)
    events.log_events(actor=actor, today=today, case_id=case_id, version=version, events=[event])


def meeting_asked(on: date, who: str, words: str) -> NewEvent:
    """Return that the family asked to meet an officer; `who` says who asked.

    It is owed as soon as practicable (SEND Regulations 2014, reg 13(1)(a)(ii)).
    """
    return NewEvent(kind="meeting_asked", on=on, note=_noted(f"Asked by {who}", words))


def meeting_held(on: date, how: str, words: str) -> NewEvent:
    """Return that the meeting was held or offered; `how` is a key of rules.comments.MEETINGS."""
    return NewEvent(kind="meeting_held", on=on, outcome=how, note=words or None)


def nothing_more(on: date, who: str, by: ToldBy, words: str) -> NewEvent:
    """Return that the family has no more to say of the draft that it has.

    `who` may speak for the family, and `by` says how they did. It lets the final plan go before
    the family's days are over: common practice, and no exception that the law lists, so that it
    is never assumed.
    """
    note = _noted(f"Said by {who}, by {by.words.lower()}", words)
    return NewEvent(kind="family_answered_in_full", on=on, note=note)


def _noted(who: str, words: str) -> str:
    """Return the note of an event: who said it, then what they said."""
    return f"{who}. {words}" if words else f"{who}."


def _refuse_where_ended(case_id: int) -> None:
    """Raise Refused where the case has ended; `version` tells of what changes after this look."""
    entered = history.entered_events([case_id])[case_id]
    if why := cannot_record(standpoint(standing_events(entered))):
        db.session.rollback()
        raise Refused({"on": why})


def _is_kept(case_id: int, said: Said) -> bool:
    """Whether the very same is kept. Raises Refused where other words came with the same form, as
    when somebody goes back in the browser, adds to it and sends it again."""
    first = select(Representation.event_id).where(Representation.public_id == said.key)
    event_id = db.session.scalar(first)
    if event_id is None:
        return False
    kept = db.session.execute(
        select(Representation.sections, Representation.words)
        .where(Representation.case_id == case_id, Representation.event_id >= event_id)
        .order_by(Representation.event_id)
        .limit(len(said.comments))
    )
    if [(row.sections, row.words) for row in kept] == list(said.comments):
        return True
    db.session.rollback()
    raise Refused(
        {
            "words_1": "This form was saved before with other words. Look at what is saved, then "
            "open the form anew and enter only what is missing"
        }
    )


def _brings(case_id: int, said: Said, number: int) -> Callable[[int], list[Model]]:
    sections, words = said.comments[number]
    first = {"public_id": said.key} if number == 0 else {}
    return lambda event_id: [
        Representation(
            event_id=event_id,
            case_id=case_id,
            contact_id=said.contact_id,
            sections=sections,
            words=words,
            document_id=said.document_id,
            **first,
        )
    ]


def _brings_answer(one: Answer) -> Callable[[int], list[Model]]:
    return lambda event_id: [
        RepresentationAnswer(
            event_id=event_id,
            representation_id=one.comment_id,
            accepted=one.accepted,
            words=one.words,
        )
    ]


def _is_answered_so(case_id: int, one: Answer) -> bool:
    """Whether the newest answer that stands says the very same. Raises Absent."""
    held = select(Representation.case_id).where(Representation.event_id == one.comment_id)
    if db.session.scalar(held) != case_id:
        raise Absent
    newest = (
        select(RepresentationAnswer)
        .join(CaseEvent, CaseEvent.id == RepresentationAnswer.event_id)
        .where(RepresentationAnswer.representation_id == one.comment_id, stands(CaseEvent))
        .order_by(RepresentationAnswer.event_id.desc())
        .limit(1)
    )
    found = db.session.scalar(newest)
    return found is not None and (found.accepted, found.words) == (one.accepted, one.words)
