"""What invented families say of their drafts, and what was done about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import select, update

from casework.codes import Accepted, ToldBy
from casework.demonstration.cases import office_hour
from casework.demonstration.draw import Draw
from casework.demonstration.roads import working_day
from casework.demonstration.rows import Row, keep, put
from casework.demonstration.words import comment_words
from casework.extensions import db
from casework.models import Case, CaseEvent, Contact, Representation, RepresentationAnswer
from casework.queries import history
from casework.queries.comments import said_by
from casework.rules.comments import MEETINGS
from casework.rules.history import draft_with_the_family, standing_events
from casework.services import comments

#: How often a family says anything of its draft, asks for a meeting, or has no more to say.
_SAYS, _MEETS, _NO_MORE = 0.5, 0.2, 0.12
#: How many comments a family makes, and how often a comment is dealt with once the days are over.
_HOW_MANY = {1: 0.4, 2: 0.3, 3: 0.2, 5: 0.1}
_DEALT_WITH = 0.85
_ACCEPTED = {Accepted.YES: 0.5, Accepted.PARTLY: 0.3, Accepted.NO: 0.2}
#: The least that a family has (regulation 13(1)); some say a thing after it.
_DAYS, _LATEST = 14, 19


@dataclass(frozen=True, slots=True)
class _Served:
    """A case whose draft is or was with a family that somebody may speak for."""

    case: Case
    parent: Contact
    served: date
    #: The last day on which anything can have been said: that before the final plan, or today.
    until: date


def keep_comments(draw: Draw, today: date) -> int:
    """Keep what families say of their drafts; return how many events that made."""
    made = 0
    for one in _served(today):
        if draw.happens(_SAYS):
            made += _comment(draw, one, today)
        if draw.happens(_MEETS):
            made += _meet(draw, one, today)
        if draw.happens(_NO_MORE) and one.served <= one.until:
            on = one.served + draw.between(0, min(6, (one.until - one.served).days))
            words = draw.choice(comment_words()["nothing_more"])
            by = draw.choice((ToldBy.EMAIL, ToldBy.PHONE))
            event = comments.nothing_more(on, said_by(one.parent), by, words)
            made += len(
                _keep(draw, one, today, [{"kind": event.kind, "on": on, "note": event.note}])
            )
    return made


def _served(today: date) -> Iterator[_Served]:
    cases = db.session.scalars(
        select(Case)
        .where(Case.id.in_(select(CaseEvent.case_id).where(CaseEvent.kind == "draft_served")))
        .order_by(Case.id)
    ).all()
    speak = select(Contact).where(Contact.has_parental_responsibility, Contact.ended_on.is_(None))
    of_child = groupby(
        db.session.scalars(speak.order_by(Contact.person_id, Contact.id)),
        key=lambda contact: contact.person_id,
    )
    parents = {person_id: next(iter(own)) for person_id, own in of_child}
    entered = history.entered_events([case.id for case in cases])
    for case in cases:
        events = standing_events(entered[case.id])
        served = draft_with_the_family(events)
        ends = [e.on for e in events if e.kind in ("final_plan_sent", "plan_signed", "withdrawn")]
        until = min([today, *(day - timedelta(days=1) for day in ends)])
        if served and served <= until and case.person_id in parents:
            yield _Served(case, parents[case.person_id], served, until)


def _comment(draw: Draw, one: _Served, today: date) -> int:
    on = one.served + draw.between(1, _LATEST if draw.happens(0.1) else _DAYS)
    if on > one.until:
        return 0
    said = draw.sample(comment_words()["comments"], draw.weighted(_HOW_MANY))
    ids = _keep(draw, one, today, [{"kind": "representation_made", "on": on}] * len(said))
    rows = [
        {
            "event_id": number,
            "case_id": one.case.id,
            "contact_id": one.parent.id,
            "sections": sections,
            "words": words,
        }
        for number, (sections, words) in zip(ids, said, strict=True)
    ]
    put(Representation, rows)
    return len(ids) + _answer(draw, one, ids, on, today)


def _answer(draw: Draw, one: _Served, ids: Sequence[int], said_on: date, today: date) -> int:
    on = working_day(said_on + draw.between(1, 9))
    answered = [number for number in ids if draw.happens(_DEALT_WITH)]
    if on > one.until or not answered:
        return 0
    events = _keep(
        draw, one, today, [{"kind": "representation_answered", "on": on}] * len(answered)
    )
    how = [draw.weighted(_ACCEPTED) for _ in answered]
    put(
        RepresentationAnswer,
        [
            {
                "event_id": event,
                "representation_id": number,
                "accepted": accepted.value,
                "words": draw.choice(comment_words()["answers"][accepted.value]),
            }
            for event, number, accepted in zip(events, answered, how, strict=True)
        ],
    )
    return len(events)


def _meet(draw: Draw, one: _Served, today: date) -> int:
    asked = one.served + draw.between(1, _DAYS)
    if asked > one.until:
        return 0
    words = draw.choice(comment_words()["asks"])
    event = comments.meeting_asked(asked, said_by(one.parent), words)
    rows = [{"kind": event.kind, "on": asked, "note": event.note}]
    held = working_day(asked + draw.between(2, 10))
    if held <= one.until:
        how = draw.choice([*MEETINGS, "held"])
        note = draw.choice(comment_words()["meetings"]) if how == "held" else None
        rows.append({"kind": "meeting_held", "on": held, "outcome": how, "note": note})
    return len(_keep(draw, one, today, rows))


def _keep(draw: Draw, one: _Served, today: date, events: Sequence[Row]) -> list[int]:
    """Keep events of a case, each keyed on the first working day from its own."""
    rows = [
        {
            "case_id": one.case.id,
            "kind": event["kind"],
            "happened_on": event["on"],
            "outcome": event.get("outcome"),
            "note": event.get("note"),
            "entered_at": office_hour(draw, min(today, working_day(event["on"]))),
            "entered_by_id": one.case.officer_id,
        }
        for event in events
    ]
    raised = Case.version + len(rows)
    counted = update(Case).where(Case.id == one.case.id).values(version=raised)
    # Nobody reads the version again before the commit: every case held need not be looked through.
    db.session.execute(counted, execution_options={"synchronize_session": False})
    return keep(CaseEvent, rows)
