"""What the family said of each draft of its plan, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.codes import Accepted
from casework.extensions import db
from casework.models import Contact, Document, Representation, RepresentationAnswer
from casework.queries.cases import CaseView
from casework.queries.drafts import DraftLine, chain
from casework.queries.entries import EventLine
from casework.rules.comments import (
    MEETINGS,
    FamilyDays,
    cannot_record,
    draft_of,
    is_in_time,
    meetings_owed,
)
from casework.rules.history import answered_in_full, standing_events
from casework.rules.plan_sections import ALL_SECTIONS

#: From this age the right to have a say is the young person's own (Children and Families Act 2014,
#: s.83: over compulsory school age), which begins for some a few months later than for others.
YOUNG_PERSON = 16
#: Whoever the plan is of.
THE_CHILD = "The child or young person"
#: Who may be named as having said something, by an identifier; None for the child themselves.
Speakers = dict[str, Contact | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """What was done about a comment, on which day, and by whom it was written down."""

    entry: EventLine
    row: RepresentationAnswer

    @property
    def words(self) -> str:
        """Return whether the plan was changed, in words."""
        return Accepted(self.row.accepted).words


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentLine:
    """One thing that the family said of a draft, and what was done about it."""

    entry: EventLine
    row: Representation
    #: The number of the draft, and whether it was said within the family's days on that.
    draft: int
    is_in_time: bool
    #: The newest; None where it is not dealt with.
    answer: AnswerLine | None

    @property
    def on(self) -> date:
        """Return the day on which it was said."""
        return self.entry.event.happened_on

    @property
    def who(self) -> str:
        """Return who said it."""
        return said_by(self.row.contact)

    @property
    def about(self) -> str:
        """Return the sections that it is about, in words."""
        keys = self.row.sections.split()
        return "; ".join(f"{key}, {ALL_SECTIONS[key].words}" for key in keys) or "The whole plan"

    @property
    def document(self) -> Document | None:
        """Return the letter or form in which it was said, while that stands."""
        document = self.row.document
        return document if document and document.withdrawn_at is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """A meeting that was asked for or held: its entry, and whether it is owed."""

    entry: EventLine
    is_owed: bool
    is_in_time: bool

    @property
    def words(self) -> str:
        """Return what happened, in words."""
        how = MEETINGS.get(self.entry.event.outcome or "")
        return f"Meeting: {how[0].lower()}{how[1:]}" if how else self.entry.words


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySaid:
    """All that the family said of its drafts."""

    #: Those not dealt with first, then by day.
    comments: list[CommentLine] = field(default_factory=list)
    meetings: list[MeetingLine] = field(default_factory=list)
    #: Each time that the family had nothing more to say.
    confirmed: list[EventLine] = field(default_factory=list)
    #: Whether that is so of the draft that it has today, which lets the final plan go sooner.
    has_no_more: bool = False
    #: Why nothing more can be recorded, or None where it can.
    closed: str | None = None

    @property
    def waiting(self) -> list[CommentLine]:
        """Return the comments that nobody has dealt with."""
        return [line for line in self.comments if line.answer is None]

    @property
    def owed(self) -> list[MeetingLine]:
        """Return the requests for a meeting that still wait for one."""
        return [line for line in self.meetings if line.is_owed]


def family_said(view: CaseView, drafts: Sequence[DraftLine]) -> FamilySaid:
    """Return what the family said; `drafts` are those of the case, the newest first.

    Two statements where there are comments, else none.
    """
    days = family_days(drafts)
    lines = {line.event.id: line for line in view.history if line.stands}
    corrects = {event.id: event.corrects_id for event in view.entered}
    events = standing_events(view.entered)
    owed = {event.id for event in meetings_owed(events, days)}
    return FamilySaid(
        comments=_comments(view, days, lines.values(), corrects),
        meetings=[
            MeetingLine(
                entry=line,
                is_owed=line.event.id in owed,
                is_in_time=is_in_time(days, line.event.happened_on),
            )
            for line in lines.values()
            if line.event.kind in ("meeting_asked", "meeting_held")
        ],
        confirmed=[x for x in lines.values() if x.event.kind == "family_answered_in_full"],
        has_no_more=answered_in_full(events, view.today),
        closed=cannot_record(view.stands),
    )


def family_days(drafts: Sequence[DraftLine]) -> list[FamilyDays]:
    """Return the days that the family has or had on each draft, the oldest first."""
    oldest_first = enumerate(reversed(drafts), start=1)
    return [FamilyDays(number, draft.on, draft.window.on) for number, draft in oldest_first]


def said_by(contact: Contact | None) -> str:
    """Return who it is, with what they are to the child."""
    return f"{contact.name} ({contact.relationship_to_child})" if contact else THE_CHILD


def speakers(view: CaseView) -> Speakers:
    """Return who may be named as having said something, by an identifier, the family first."""
    current = [contact for contact in view.person.contacts if contact.ended_on is None]
    current.sort(key=lambda contact: not contact.has_parental_responsibility)
    return {contact.public_id: contact for contact in current} | {"child": None}


def may_confirm(view: CaseView) -> Speakers:
    """Return who may say for good that there is nothing more to say: those with parental
    responsibility, and a young person themselves."""
    of_age = view.age is not None and view.age >= YOUNG_PERSON
    return {
        key: contact
        for key, contact in speakers(view).items()
        if (contact.has_parental_responsibility if contact else of_age)
    }


def _comments(
    view: CaseView,
    days: Sequence[FamilyDays],
    lines: Iterable[EventLine],
    corrects: Mapping[int, int | None],
) -> list[CommentLine]:
    made = [line for line in lines if line.event.kind == "representation_made"]
    if not made:
        return []
    kept = (
        select(Representation)
        .where(Representation.case_id == view.case.id)
        .options(joinedload(Representation.contact), joinedload(Representation.document))
    )
    rows = {row.event_id: row for row in db.session.scalars(kept)}
    answers = _answers(rows, lines, corrects)
    found = []
    for line in made:
        row = next((rows[n] for n in chain(line.event.id, corrects) if n in rows), None)
        if row is None:
            continue
        on = line.event.happened_on
        draft = draft_of(days, on)
        found.append(
            CommentLine(
                entry=line,
                row=row,
                draft=draft.number if draft else 0,
                is_in_time=is_in_time(days, on),
                answer=answers.get(row.event_id),
            )
        )
    return sorted(found, key=lambda one: (one.answer is not None, one.on, one.row.event_id))


def _answers(
    rows: Mapping[int, Representation],
    lines: Iterable[EventLine],
    corrects: Mapping[int, int | None],
) -> dict[int, AnswerLine]:
    """The newest answer to each comment, by the comment's event."""
    kept = select(RepresentationAnswer).where(RepresentationAnswer.representation_id.in_(rows))
    known = {row.event_id: row for row in db.session.scalars(kept)}
    found: dict[int, AnswerLine] = {}
    given = [line for line in lines if line.event.kind == "representation_answered"]
    for line in sorted(given, key=lambda line: line.event.id):
        row = next((known[n] for n in chain(line.event.id, corrects) if n in known), None)
        if row is not None:
            found[row.representation_id] = AnswerLine(entry=line, row=row)
    return found
