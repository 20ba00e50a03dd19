"""What the invented panels decided, as rows: items, decisions in their versions, and records."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from casework.demonstration import rows as kept
from casework.demonstration.decided import Decided
from casework.demonstration.draw import Draw
from casework.demonstration.panels import Panels, moment
from casework.demonstration.roads import Step, working_day
from casework.demonstration.rows import Row
from casework.demonstration.sittings import Sitting, State
from casework.demonstration.words import panel_words
from casework.models import (
    AgendaItem,
    DecisionCondition,
    DecisionEvidence,
    PanelDecision,
    PanelRecord,
    PanelRecordDecision,
)
from casework.rules.panels import QUESTIONS, Capacity, Handled
from casework.services import numbering

#: The decision behind each step of a batch, by the id of its case and its place in the road.
Behind = dict[tuple[int, int], Row]
#: What of a decision is worth having on a case: who took it and when it was signed.
SIGNED_BY, SIGNED_AT = "decided_by_id", "recorded_at"
#: From the time that a decision was recorded until the record was signed.
SIGNED_AFTER = timedelta(hours=1)

_ADVISED_OTHERWISE, _DIFFERED, _MISSED, _CONDITIONAL = 0.05, 0.1, 0.12, 0.3


class Minutes:
    """Keeps the decisions of one batch of cases after another."""

    def __init__(self, draw: Draw, panels: Panels) -> None:
        self._draw = draw
        self._panels = panels
        self._places: Counter[int] = Counter()
        #: The decision that stands for each item of a meeting, by the meeting's number.
        self._held: dict[int, dict[int, int]] = {}
        self._changed: list[int] = []
        self._start(0)

    def _start(self, decisions: int) -> None:
        """Make ready for so many decisions; each may have been before an earlier meeting."""
        self._item_ids = iter(numbering.take(AgendaItem, 2 * decisions) if decisions else [])
        self._ids = iter(numbering.take(PanelDecision, 2 * decisions) if decisions else [])
        self._record_ids = iter(numbering.take(PanelRecord, decisions) if decisions else [])
        self._items: list[Row] = []
        self._decisions: list[Row] = []
        self._evidence: list[Row] = []
        self._conditions: list[Row] = []
        self._records: list[Row] = []
        self._links: list[Row] = []

    def keep(self, cases: Sequence[tuple[int, Sequence[Step]]]) -> Behind:
        """Keep the decisions of cases, each given as its id and its steps; return them."""
        self._start(sum(1 for _, steps in cases for step in steps if step.decided))
        found: Behind = {}
        for case_id, steps in cases:
            answers: dict[str, Row] = {}
            for place, step in enumerate(steps):
                if step.decided:
                    row = self._decide(case_id, step, step.decided, answers)
                    found[case_id, place] = answers[step.decided.question] = row
        self.write()
        return found

    def carry(self, cases: Sequence[tuple[int, str]], earlier: Sitting, to: Sitting) -> list[int]:
        """Let cases, each an id and its question, have been deferred from a meeting to another.

        Returns the ids of their items at the earlier meeting.
        """
        self._start(len(cases))
        found = [self._carry(case, q, earlier, to, Handled.DEFERRED) for case, q in cases]
        self.write()
        return found

    def item(self, sitting: Sitting, case_id: int, question: str, **details: Any) -> Row:
        """Return a new item of a meeting without its id, after those that are there."""
        self._places[sitting.number] += 1
        terms = panel_words()["panels"][sitting.panel]
        return {
            "meeting_id": self._panels.meetings[sitting.number],
            "case_id": case_id,
            "question": question,
            "place": self._places[sitting.number],
            "minutes": terms["minutes_per_case"],
            "note": None,
            "added_at": sitting.row["papers_by"] - timedelta(hours=3),
            "added_by_id": self._panels.people.clerk,
            "carried_from_id": None,
            "version": 2,
        } | details

    def write(self) -> None:
        """Write what has come together."""
        kept.put(AgendaItem, self._items)
        kept.put(PanelDecision, self._decisions)
        kept.keep(DecisionEvidence, self._evidence)
        kept.keep(DecisionCondition, self._conditions)
        kept.put(PanelRecord, self._records)
        kept.put(PanelRecordDecision, self._links)

    def sign_changes(self) -> None:
        """Sign anew the records of which a decision was changed: they hold all that stands."""
        why = panel_words()["change_why"]
        for number in self._changed:
            sitting = self._panels.sittings.all[number]
            record = kept.keep(PanelRecord, [self._panels.record(sitting, 2, why)])[0]
            standing = self._held[number].values()
            links = [{"record_id": record, "decision_id": one} for one in standing]
            kept.put(PanelRecordDecision, links)

    def _decide(self, case_id: int, step: Step, decided: Decided, answers: dict[str, Row]) -> Row:
        before = answers.get(decided.question)
        if decided.is_change and before:
            return self._change(decided, before)
        looks_again = {"reconsiders_id": before["id"] if before else None}
        if decided.sitting is None:
            return self._by_officer(case_id, step, decided, **looks_again)
        sitting = self._panels.sittings.all[decided.sitting]
        carried = None
        if decided.carried_from is not None:
            earlier = self._panels.sittings.all[decided.carried_from]
            how = Handled(decided.carried_how)
            carried = self._carry(case_id, decided.question, earlier, sitting, how)
        item_id = self._keep_item(sitting, case_id, decided.question, carried_from_id=carried)
        said = self._said(decided, is_officers=decided.is_officers)
        row = self._row(sitting, item_id, case_id, decided.question, **said, **looks_again)
        return self._hold(sitting, row)

    def _carry(
        self, case_id: int, question: str, earlier: Sitting, to: Sitting, how: Handled
    ) -> int:
        """Let a case have been before a meeting that did not decide it; return its item there."""
        item_id = self._keep_item(earlier, case_id, question)
        why = panel_words()["inquorate"]
        if earlier.state is not State.INQUORATE:
            why = self._draw.choice(panel_words()[how.value])
        meeting = self._panels.meetings[to.number]
        carried: Row = {"handled": how.value, "carried_why": why, "carried_to_id": meeting}
        self._hold(earlier, self._row(earlier, item_id, case_id, question, **carried))
        return item_id

    def _keep_item(self, sitting: Sitting, case_id: int, question: str, **details: Any) -> int:
        row = {"id": next(self._item_ids)} | self.item(sitting, case_id, question, **details)
        self._items.append(row)
        return int(row["id"])

    def _hold(self, sitting: Sitting, row: Row) -> Row:
        """Let the meeting's record hold a decision."""
        record = self._panels.records[sitting.number]
        self._links.append({"record_id": record, "decision_id": row["id"]})
        self._held.setdefault(sitting.number, {})[row["item_id"]] = row["id"]
        return row

    def _change(self, decided: Decided, before: Row) -> Row:
        """A second version: the same decision, its reasons put in full."""
        sitting = self._panels.sittings.all[decided.sitting or 0]
        signed = self._panels.record(sitting, 2)["signed_at"]
        row = before | {
            "id": next(self._ids),
            "reasons": f"{before['reasons']}\n{panel_words()['added_words']}",
            "replaces_id": before["id"],
            "change_why": panel_words()["change_why"],
            "recorded_at": signed - SIGNED_AFTER,
        }
        self._take(row)
        self._held[sitting.number][row["item_id"]] = row["id"]
        self._changed.append(sitting.number)
        return row

    def _by_officer(self, case_id: int, step: Step, decided: Decided, **details: Any) -> Row:
        at = moment(step.on, 15, 20)
        people = self._panels.people
        signed = {"decided_by_id": people.manager, "recorded_by_id": people.manager}
        said = self._said(decided, is_officers=True)
        row = self._blank(case_id, decided.question, step.on, at) | said | signed | details
        self._take(row)
        record: Row = {"id": next(self._record_ids), "meeting_id": None, "version": 1}
        record |= {"signed_by_id": people.manager, "is_quorate": True, "attendance": "[]"}
        self._records.append(record | {"change_why": None, "signed_at": at + SIGNED_AFTER})
        self._links.append({"record_id": record["id"], "decision_id": row["id"]})
        return row

    def _row(self, sitting: Sitting, item_id: int, case_id: int, question: str, **said: Any) -> Row:
        """A decision of a meeting, recorded while it sat."""
        at = self._panels.signed_at(sitting) - SIGNED_AFTER
        row = self._blank(case_id, question, sitting.on_day, at) | {"item_id": item_id}
        decider = self._panels.signer(sitting)
        if said.get("capacity") == Capacity.OFFICER:
            decider = self._panels.people.manager
        row |= {"decided_by_id": decider if said.get("decision") else None} | said
        return self._take(row)

    def _take(self, row: Row) -> Row:
        """Take a decision with what it rests on, and here and there a condition."""
        self._decisions.append(row)
        if row["decision"] is None:
            return row
        said = panel_words()
        question = "assess" if row["question"] == "reassess" else row["question"]
        papers = said["evidence"].get(question, said["evidence"]["other"])
        for words in self._draw.sample(papers, self._draw.randint(1, min(3, len(papers)))):
            self._evidence.append({"decision_id": row["id"], "words": words})
        if self._draw.happens(_CONDITIONAL):
            words, owner, days = self._draw.choice(said["conditions"])
            due_on = working_day(row["decided_on"] + timedelta(days=days))
            condition = {"words": words, "owner": owner, "due_on": due_on}
            self._conditions.append({"decision_id": row["id"], **condition})
        return row

    def _blank(self, case_id: int, question: str, on: date, at: datetime) -> Row:
        empty = ("item_id", "advice", "decision", "decided_by_id", "missing", "differing_views")
        more = ("despite", "cost_discussed", "carried_why", "carried_to_id", "replaces_id")
        blank: Row = dict.fromkeys((*empty, *more, "change_why", "reconsiders_id"))
        return blank | {
            "id": next(self._ids),
            "case_id": case_id,
            "question": question,
            "capacity": Capacity.PANEL.value,
            "handled": Handled.DECIDED.value,
            "decided_on": on,
            "reasons": "",
            "recorded_at": at,
            "recorded_by_id": self._panels.people.clerk,
        }

    def _said(self, decided: Decided, *, is_officers: bool) -> Row:
        """What was decided, why, on what evidence and on which conditions."""
        draw, said = self._draw, panel_words()
        phrases = said["phrases"][decided.question][decided.outcome]
        reasons = list(draw.sample(phrases, min(len(phrases), draw.randint(1, 2))))
        other = self._other(decided) if draw.happens(_ADVISED_OTHERWISE) else None
        differed = other is not None or draw.happens(_DIFFERED)
        row: Row = {
            "decision": decided.outcome,
            "advice": None if is_officers else other or decided.outcome,
            "reasons": "\n".join([said["officer"], *reasons] if is_officers else reasons),
            "missing": draw.choice(said["missing"]) if draw.happens(_MISSED) else None,
            "capacity": (Capacity.OFFICER if is_officers else Capacity.PANEL).value,
        }
        if not is_officers and differed:
            row["differing_views"] = draw.choice(said["differing_views"])
        if decided.question in ("placement", "content"):
            row["cost_discussed"] = draw.weighted({"no": 0.5, "after": 0.5})
        return row

    def _other(self, decided: Decided) -> str:
        """Another outcome of the same question, which the panel advised and did not prevail."""
        outcomes = QUESTIONS[decided.question].outcomes
        return next(one.key for one in outcomes if one.key != decided.outcome)
