"""The agenda of a meeting: which cases come before it, from where, and where else they go."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import AgendaItem, Case, PanelDecision, PanelMeeting
from casework.queries.candidates import is_on_live_agenda
from casework.rules.civil_dates import spoken
from casework.rules.panels import QUESTIONS, Question, not_ready
from casework.rules.stages import Stage
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused
from casework.services.meeting_versions import bump, changing, circulated_at, open_to_cases
from casework.services.meeting_versions import claim as claim
from casework.services.meeting_versions import subject_of as subject_of


def items_at(meeting_id: int) -> Sequence[AgendaItem]:
    """Return the items of a meeting that were not taken off, in their order."""
    return db.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None))
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()


def add(
    *,
    actor: Actor,
    meeting_id: int,
    version: int,
    cases: Sequence[tuple[int, str]],
    despite_stage: bool = False,
) -> list[AgendaItem]:
    """Put cases, each with a question, on the agenda after those that are there, and commit.

    Returns the items, in the order given. A case that is not ready may come: the chair says why it
    is decided all the same. One at a stage where the question is not asked comes only with
    `despite_stage`. Raises ChangedMeanwhile, Absent; Refused, all or nothing.
    """
    with changing(meeting_id, version) as meeting:
        return _added(actor, meeting, cases, despite_stage=despite_stage)


def propose(*, actor: Actor, meeting_id: int, case_id: int, question: str) -> AgendaItem:
    """Put one case on the agenda of a meeting that is still being prepared, and commit.

    For the officer of the case, who has not the agenda before them: whoever is at work on it is
    told. Raises Absent; Refused also where the agenda was circulated.
    """
    with changing(meeting_id, None) as meeting:
        if circulated_at(meeting_id) is not None:
            words = "The agenda was circulated. Ask the clerk to add the case as a late one"
            raise Refused({"meeting": f"{words}, or choose another meeting"})
        return _added(actor, meeting, [(case_id, question)], despite_stage=False)[0]


def take_off(*, actor: Actor, meeting_id: int, version: int, item_id: str, why: str) -> None:
    """Take a case off the agenda, which closes it to members at once, and commit.

    Raises ChangedMeanwhile, Absent; Refused without a reason or once a decision is recorded.
    """
    with changing(meeting_id, version):
        _taken_off(actor, item_at(meeting_id, item_id), why)


def defer(
    *, actor: Actor, meeting_id: int, version: int, item_id: str, to_meeting_id: int, why: str
) -> AgendaItem:
    """Take a case off the agenda and put it on a later meeting's, and commit.

    Returns the item there. Raises as `take_off`, and Refused where that meeting cannot take it.
    """
    with changing(meeting_id, version) as meeting:
        to = open_to_cases(to_meeting_id)
        if to.on_day <= meeting.on_day:
            raise Refused({"to": "Choose a later meeting"})
        item = item_at(meeting_id, item_id)
        _taken_off(actor, item, why, f"Deferred to {spoken(to.on_day)}: ")
        return carry_over(actor=actor, items=[item], to_meeting_id=to.id, why=why)[0]


def carry_over(
    *, actor: Actor, items: Sequence[AgendaItem], to_meeting_id: int, why: str
) -> list[AgendaItem]:
    """Put items of an earlier meeting on a later one's agenda, after those that are there.

    In the open transaction; commits nothing. Returns the new items in the order given; a case that
    is there already for the same question stays, and is the one returned. The earlier items are
    left as they are. Raises Absent; Refused where the later meeting can take no cases.
    """
    bump(to_meeting_id)
    meeting = open_to_cases(to_meeting_id)
    _check_panel(meeting, {item.question for item in items})
    there = {(item.case_id, item.question): item for item in items_at(to_meeting_id)}
    place = max((item.place for item in there.values()), default=0)
    came = []
    for earlier in items:
        found = there.get((earlier.case_id, earlier.question))
        if found is None:
            place += 1
            found = _copied(earlier, meeting.id, place, actor)
            db.session.add(found)
        elif found.carried_from_id is None:
            found.carried_from_id = earlier.id
        came.append(found)
    db.session.flush()
    audit_trail.record_all(actor, [_carried(*both, why) for both in zip(items, came, strict=True)])
    return came


def _added(
    actor: Actor, meeting: PanelMeeting, cases: Sequence[tuple[int, str]], *, despite_stage: bool
) -> list[AgendaItem]:
    _check_panel(meeting, {question for _, question in cases})
    held = _held([case_id for case_id, _ in cases])
    for case_id, question in cases:
        _check_case(held[case_id], QUESTIONS[question], despite_stage=despite_stage)
    last = max((item.place for item in items_at(meeting.id)), default=0)
    made = [
        AgendaItem(
            meeting_id=meeting.id,
            case_id=case_id,
            question=question,
            place=place,
            minutes=meeting.panel.minutes_per_case,
            added_at=now(),
            added_by_id=actor.user_id,
        )
        for place, (case_id, question) in enumerate(cases, start=last + 1)
    ]
    db.session.add_all(made)
    db.session.flush()
    about = subject_of(meeting.id)
    acts = [Act(action="put case on agenda", case_id=item.case_id, subject=about) for item in made]
    audit_trail.record_all(actor, acts)
    return made


def _held(case_ids: Sequence[int]) -> dict[int, Case]:
    """The cases, held until the transaction ends: none is put on two agendas at once."""
    wanted = select(Case).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    found = {case.id: case for case in db.session.scalars(wanted)}
    if set(case_ids) - set(found):
        raise Absent
    return found


def _check_case(case: Case, question: Question, *, despite_stage: bool) -> None:
    words = f"“{question.words}”"
    if db.session.scalar(
        select(Case.id).where(Case.id == case.id, is_on_live_agenda(question.key))
    ):
        raise Refused({"cases": f"{case.reference} is on an agenda already for {words}"})
    wrong = not_ready(question, case.kind, Stage(case.stage), ())
    if wrong and not despite_stage:
        raise Refused(
            {"cases": f"{case.reference}: {wrong[0]}. {words} is not asked there"}, is_oddity=True
        )


def item_at(meeting_id: int, item_id: str) -> AgendaItem:
    """Return an item of the meeting that was not taken off. Raises Absent.

    It is held until the transaction ends: nobody records a decision on it meanwhile.
    """
    item = db.session.scalar(
        select(AgendaItem)
        .where(
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.public_id == item_id,
            AgendaItem.removed_at.is_(None),
        )
        .with_for_update(key_share=True)
    )
    if item is None:
        raise Absent
    return item


def _taken_off(actor: Actor, item: AgendaItem, why: str, became: str = "") -> None:
    if not why.strip():
        raise Refused({"why": "Say why the case is taken off"})
    recorded = select(PanelDecision.id).where(PanelDecision.item_id == item.id).limit(1)
    if db.session.scalar(recorded) is not None:
        words = "What became of the case at this meeting is recorded, so it stays on the agenda"
        raise Refused({"why": words})
    item.removed_at, item.removed_by_id = now(), actor.user_id
    item.removed_why = became + why
    item.version += 1
    db.session.flush()
    about = {"case_id": item.case_id, "subject": subject_of(item.meeting_id)}
    changes = {"why": (None, item.removed_why)}
    audit_trail.record(actor, "took case off agenda", changes=changes, **about)


def _check_panel(meeting: PanelMeeting, questions: Collection[str]) -> None:
    if set(questions) - set(meeting.panel.question_keys):
        words = f"{meeting.panel.name} does not decide this: choose a meeting of a panel that does"
        raise Refused({"meeting": words})


def _copied(earlier: AgendaItem, meeting_id: int, place: int, actor: Actor) -> AgendaItem:
    return AgendaItem(
        meeting_id=meeting_id,
        case_id=earlier.case_id,
        question=earlier.question,
        place=place,
        minutes=earlier.minutes,
        note=earlier.note,
        added_at=now(),
        added_by_id=actor.user_id,
        carried_from_id=earlier.id,
    )


def _carried(earlier: AgendaItem, later: AgendaItem, why: str) -> Act:
    return Act(
        action="carried case over",
        case_id=later.case_id,
        subject=subject_of(later.meeting_id),
        changes={"meeting": (earlier.meeting_id, later.meeting_id), "why": (None, why)},
    )
