"""What changed between two versions of a meeting's record, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casework.models import PanelDecision
from casework.queries.records import Line, Record
from casework.rules.attendance import Person, Roll
from casework.rules.panels import Capacity, Handled

#: What a decision says besides its outcome, in the order of the record.
_PARTS: Mapping[str, str] = {
    "reasons": "the reasons",
    "missing": "what was missing",
    "differing_views": "the views that differed",
    "despite": "why it was decided all the same",
    "cost_discussed": "whether cost was discussed",
    "carried_why": "why it was not decided",
    "carried_to_id": "the meeting it goes to",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changed in the record of one case, and why, or who came (with no case)."""

    line: Line | None
    words: str
    why: str | None = None


def between(earlier: Record | None, later: Record) -> list[Changed]:
    """Return what is otherwise in the later record; nothing for the first of all."""
    if earlier is None:
        return []
    before = {line.item.id: line for line in earlier.lines}
    found = [Changed(line=None, words=words) for words in _people(earlier.roll, later.roll)]
    for line in later.lines:
        if line.decision is None:
            continue
        old = before.get(line.item.id)
        if old is None or old.decision is None:
            found.append(Changed(line=line, words=f"Added: {said(line, line.decision)}"))
        elif old.decision.id != line.decision.id:
            words = ". ".join(_differences(line, old.decision, line.decision))
            found.append(Changed(line=line, words=words, why=line.decision.change_why))
    return found


def pending(line: Line) -> str:
    """Return what was recorded of a case since it was signed, in words."""
    assert line.held is not None
    assert line.decision is not None
    return ". ".join(_differences(line, line.held, line.decision))


def said(line: Line, decision: PanelDecision) -> str:
    """Return what became of a case in a few words: "Assess", "Deferred"."""
    if decision.handled != Handled.DECIDED:
        return Handled(decision.handled).words
    outcome = line.outcome(decision.decision) or f"advice, {line.outcome(decision.advice)}"
    return f"{outcome} (by an officer)" if decision.capacity == Capacity.OFFICER else outcome


def _differences(line: Line, old: PanelDecision, new: PanelDecision) -> list[str]:
    found = []
    if said(line, old) != said(line, new):
        found.append(f"“{said(line, old)}” became “{said(line, new)}”")
    elif old.advice != new.advice:
        advised = line.outcome(old.advice), line.outcome(new.advice)
        found.append("The advice “{}” became “{}”".format(*(one or "None" for one in advised)))
    if old.decided_on != new.decided_on:
        found.append("The day it was decided changed")
    parts = [words for name, words in _PARTS.items() if getattr(old, name) != getattr(new, name)]
    parts += [words for words, same in _lists(old, new) if not same]
    if parts:
        found.append(f"Written anew: {', '.join(parts)}")
    return found or ["Recorded again in the same words"]


def _lists(old: PanelDecision, new: PanelDecision) -> Iterator[tuple[str, bool]]:
    yield "the evidence", [e.words for e in old.evidence] == [e.words for e in new.evidence]
    conditions = [[(c.words, c.owner, c.due_on) for c in one.conditions] for one in (old, new)]
    yield "the conditions", conditions[0] == conditions[1]


def _people(old: Roll, new: Roll) -> Iterator[str]:
    were, are = _by_key(old), _by_key(new)
    for key, person in are.items():
        before = were.get(key)
        if before is None:
            yield f"{person.name} ({person.agency_words}) was added: {_came(person)}"
        elif (before.attended, before.agency, before.position) != (
            *(person.attended, person.agency, person.position),
        ):
            yield f"{person.name}: {_came(before)} became {_came(person)}"
    for key in were.keys() - are.keys():
        yield f"{were[key].name} ({were[key].agency_words}) was taken out"


def _by_key(roll: Roll) -> dict[object, Person]:
    return {one.user_id or one.name: one for one in roll.people}


def _came(person: Person) -> str:
    return f"“{person.attended_words}, {person.position_words}, {person.agency_words}”"
