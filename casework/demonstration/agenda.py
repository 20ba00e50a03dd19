"""The meeting that waits to be run: thirty cases on its agenda, some read already."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from casework.codes import RequestSource
from casework.demonstration import rows as kept
from casework.demonstration.minutes import Minutes
from casework.demonstration.panels import Panels, moment
from casework.demonstration.papers import Papers, Waiting
from casework.demonstration.sittings import ASSESSMENT
from casework.demonstration.words import panel_words
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, Case, Interest, PanelView, Paper
from casework.rules.panels import question_for
from casework.rules.stages import Stage

CASES = 30
#: Those that came before the last meeting and were deferred at it.
_CARRIED = 2
#: Who has given a view, on the item of which place.
_VIEWS = (
    *(("parent-carers", 2), ("health", 3), ("deputy", 3)),
    *(("early-years", 5), ("parent-carers", 8)),
)
#: Who has an interest, in the case of which place.
_INTEREST = ("head", 6)
_NOTES = (1, 10)
#: The place of the case one of whose papers came after the agenda was circulated, and how long.
_LATE, _LATE_BY = 4, timedelta(hours=3)
_READ = ("id", "kind", "stage", "started_on", "officer_id", "source")
_FAMILY = RequestSource.PARENT_OR_YOUNG_PERSON.value


def lay_out(minutes: Minutes, panels: Panels, papers: Papers) -> None:
    """Put thirty cases before the meeting that waits, with what members say of them so far."""
    ready = panels.sittings.ready
    waiting = _waiting(panels)
    earlier = panels.sittings.of(ASSESSMENT)[-1]
    before = [one for one in waiting if one.started_on < earlier.row["papers_by"].date()]
    carried = [(one.id, _question(one)) for one in before[:_CARRIED]]
    from_items = minutes.carry(carried, earlier, ready)
    came = {case_id: n for (case_id, _), n in zip(carried, from_items, strict=True)}
    rows = [
        minutes.item(ready, one.id, _question(one), version=1, carried_from_id=came.get(one.id))
        for one in waiting
    ]
    for place, note in zip(_NOTES, panel_words()["notes"], strict=True):
        rows[place]["note"] = note
    ids = kept.keep(AgendaItem, rows)
    due = ready.row["papers_by"].date()
    before_it = [
        Waiting(one.id, item, one.started_on, one.officer_id, one.source == _FAMILY)
        for one, item in zip(waiting, ids, strict=True)
    ]
    _keep_papers(panels, papers.keep(before_it, due))
    _keep_views(panels, ids)
    _keep_interest(panels, [one.id for one in waiting])


def _waiting(panels: Panels) -> Sequence[Any]:
    """The cases that waited for the panel when its papers were due, what the law needs first."""
    due = panels.sittings.ready.row["papers_by"].date()
    stages = [Stage.RECEIVED.value, Stage.CONSIDERING.value]
    return db.session.execute(
        select(*(getattr(Case, name) for name in _READ))
        .where(Case.stage.in_(stages), Case.started_on < due)
        .order_by(Case.next_act_by.is_(None), Case.next_act_by, Case.id)
        .limit(CASES)
    ).all()


def _question(case: Any) -> str:
    question = question_for(case.kind, Stage(case.stage))
    return question.key if question else "assess"


def _keep_papers(panels: Panels, held: Sequence[tuple[Waiting, Sequence[int]]]) -> None:
    """Choose every document into the pack: in time for it, but for the last of one case."""
    ready = panels.sittings.ready.row
    late = held[_LATE][1][-1]
    rows = [
        {
            "item_id": case.item_id,
            "document_id": number,
            "place": place,
            "chosen_at": ready["circulate_by"] + _LATE_BY
            if number == late
            else ready["papers_by"] - timedelta(minutes=40),
            "chosen_by_id": panels.people.clerk,
            **dict.fromkeys(("taken_out_at", "taken_out_by_id", "taken_out_why")),
        }
        for case, documents in held
        for place, number in enumerate(documents, start=1)
    ]
    kept.keep(Paper, rows)


def _keep_views(panels: Panels, items: Sequence[int]) -> None:
    before = england_and_wales().before(panels.sittings.ready.on_day, 1)
    said = zip(_VIEWS, panel_words()["views"], strict=True)
    rows = [
        {
            "item_id": items[place],
            "user_id": panels.people.seated[key],
            "leans_to": leans_to,
            "words": words,
            "entered_at": moment(before, 9, 5) + timedelta(minutes=37 * number),
        }
        for number, ((key, place), (leans_to, words)) in enumerate(said)
    ]
    kept.keep(PanelView, rows)


def _keep_interest(panels: Panels, cases: Sequence[int]) -> None:
    key, place = _INTEREST
    before = england_and_wales().before(panels.sittings.ready.on_day, 2)
    declared = {"declared_at": moment(before, 14, 10), "ended_at": None, "ended_by_id": None}
    person = panels.people.seated[key]
    who = {"user_id": person, "declared_by_id": person, "nature": panel_words()["interest"]}
    kept.keep(Interest, [{"case_id": cases[place], "ended_why": None, **who, **declared}])
