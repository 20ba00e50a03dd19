"""The settings consulted about one case, the family's request first, and what each answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.codes import PlaceKind
from casework.extensions import db
from casework.models import Consultation, ConsultationReply, PlacementRequest, Setting
from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.queries.entries import EventLine
from casework.rules.book import duty as find_duty
from casework.rules.clocks import CONSULTED
from casework.rules.consultations import (
    PLACEMENT_DECIDED,
    REASONS,
    REPLIES,
    State,
    Story,
    cannot_choose,
    cannot_record,
    of_each,
    story,
    words_of_test,
)
from casework.rules.history import Happened, standing_events

_DUTY = find_duty(CONSULTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLine:
    """One answer with its day."""

    on: date
    reply: ConsultationReply

    @property
    def outcome_words(self) -> str:
        """Return what it answered, in words."""
        return REPLIES[self.reply.outcome]

    @property
    def reason_words(self) -> str | None:
        """Return on what it relies, in words."""
        return REASONS[self.reply.reason] if self.reply.reason else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationLine:
    """One setting asked, or chosen to be."""

    consultation: Consultation
    story: Story
    #: Its 15 days; None while it was not asked.
    limit: ClockLine | None
    #: Its answers, the newest first.
    replies: Sequence[ReplyLine]

    @property
    def setting(self) -> Setting:
        """Return whom it is about."""
        return self.consultation.setting

    @property
    def words(self) -> str:
        """Return the setting with the part of it that is meant: "Ashfield, its special unit"."""
        kind = self.consultation.place_kind
        if kind in (None, PlaceKind.SCHOOL):
            return self.setting.name
        words = PlaceKind(kind).words
        return f"{self.setting.name}, {words[:1].lower()}{words[1:]}"

    @property
    def state(self) -> State:
        """Return where it is."""
        return self.story.state

    @property
    def because(self) -> str:
        """Return how its last day was counted, with the law, in sentences."""
        if self.limit is None:
            return ""
        stands_in = (
            ""
            if self.story.received_on
            else (
                " The day on which it reached the setting is not recorded, so the day of sending "
                "stands for it."
            )
        )
        return f"{self.limit.clock.due.because}.{stands_in} {_DUTY.law}: {_DUTY.note}"

    def may(self, kind: str) -> bool:
        """Return whether a step can be recorded of it now: a key of events.EVENTS."""
        return cannot_record(kind, self.story) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A setting that the family asked for."""

    on: date
    request: PlacementRequest
    #: Whether it can be chosen to be consulted now.
    may_be_asked: bool

    @property
    def test(self) -> str:
        """Return the test that applies to it, in words."""
        return words_of_test(is_listed=self.request.is_listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultations:
    """What a page about a case's consultations shows."""

    #: The newest first: what the family asks for now.
    requests: Sequence[RequestLine]
    #: The family's request first, then those waiting, then the others.
    lines: Sequence[ConsultationLine]
    #: Whether a draft was served: the law asks for a copy of it to go with the consultation.
    has_draft: bool
    #: The latest decision about the placement, by a panel or an officer.
    placement: EventLine | None

    @property
    def chosen(self) -> list[ConsultationLine]:
        """Return those not asked yet."""
        return [line for line in self.lines if line.state is State.CHOSEN]


def consultations(view: CaseView) -> Consultations:
    """Return the consultations of a case and the family's requests. Three statements."""
    events = standing_events(view.entered)
    stories = {number: story(found) for number, found in of_each(events).items()}
    limits = {line.clock.consultation_id: line for line in view.clocks}
    held = _held(view.case.id)
    replies = _replies(events, _roots(view.entered), [one.id for one in held])
    lines = [
        ConsultationLine(
            consultation=one,
            story=stories.get(one.id, Story()),
            limit=limits.get(one.id),
            replies=replies.get(one.id, ()),
        )
        for one in held
    ]
    draft_kinds = ("draft_served", "plan_signed")
    return Consultations(
        requests=_requests(view, events, lines),
        lines=sorted(lines, key=_order),
        has_draft=any(event.kind in draft_kinds for event in events),
        placement=_placement(view),
    )


def find(found: Consultations, public_id: str) -> ConsultationLine | None:
    """Return the consultation with the identifier in its address, or None."""
    ids = (line for line in found.lines if line.consultation.public_id == public_id)
    return next(ids, None)


def _held(case_id: int) -> Sequence[Consultation]:
    of = Consultation
    statement = select(of).where(of.case_id == case_id).options(joinedload(of.setting))
    return db.session.scalars(statement.order_by(of.id)).all()


def _order(line: ConsultationLine) -> tuple[bool, int, int]:
    states = (State.CHOSEN, State.ASKED, State.REPLIED, State.WITHDRAWN)
    one = line.consultation
    is_over = line.state is State.WITHDRAWN
    return is_over or not one.is_family_request, states.index(line.state), one.id


def _roots(entered: Sequence[Happened]) -> Mapping[int, int]:
    """The entry that each entry puts right, back to the first: what came with that stays."""
    corrects = {event.id: event.corrects_id for event in entered}
    roots: dict[int, int] = {}
    for number in corrects:
        root = number
        while (earlier := corrects.get(root)) is not None:
            root = earlier
        roots[number] = root
    return roots


def _replies(
    events: Sequence[Happened], roots: Mapping[int, int], ids: Sequence[int]
) -> dict[int, list[ReplyLine]]:
    of = ConsultationReply
    statement = select(of).where(of.consultation_id.in_(ids)).options(joinedload(of.document))
    held = {row.event_id: row for row in db.session.scalars(statement)} if ids else {}
    found: dict[int, list[ReplyLine]] = {}
    for event in reversed(events):
        reply = held.get(roots[event.id])
        if event.kind == "consultation_replied" and reply:
            found.setdefault(reply.consultation_id, []).append(ReplyLine(on=event.on, reply=reply))
    return found


def _requests(
    view: CaseView, events: Sequence[Happened], lines: Sequence[ConsultationLine]
) -> list[RequestLine]:
    of, roots = PlacementRequest, _roots(view.entered)
    asked = [event for event in reversed(events) if event.kind == "setting_requested"]
    if not asked:
        return []
    statement = select(of).where(of.case_id == view.case.id).options(joinedload(of.setting))
    held = {row.event_id: row for row in db.session.scalars(statement)}
    found: dict[int, RequestLine] = {}
    for event in asked:
        request = held[roots[event.id]]
        own = [line.story for line in lines if line.setting.id == request.setting_id]
        found.setdefault(
            request.setting_id,
            RequestLine(on=event.on, request=request, may_be_asked=cannot_choose(own) is None),
        )
    return list(found.values())


def _placement(view: CaseView) -> EventLine | None:
    standing = [line for line in view.history if line.stands]
    decided = [line for line in standing if line.event.kind in PLACEMENT_DECIDED]
    return decided[-1] if decided else None
