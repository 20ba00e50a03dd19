"""The form in which a panel's decision about one case is recorded."""

from collections.abc import Iterator, Sequence
from typing import Any

from casework.queries.meetings import MeetingView
from casework.queries.panel_cases import PanelCase
from casework.rules.civil_dates import spoken
from casework.rules.panels import Handled
from casework.services.decisions import COST, NewCondition, NewDecision
from casework.web.conflicts import VersionedForm
from casework.web.fields import (
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    offer,
)

#: How many conditions one decision holds; as many rows are shown as are filled, and one more.
CONDITIONS = 12
NOT_DECIDED = (Handled.DEFERRED.value, Handled.NOT_HEARD.value)
#: Chosen where the panel gave no advice at all.
NO_ADVICE = "none"


class DecisionForm(VersionedForm):
    """What became of one case: an outcome, its reasons, and what else was said.

    Its choices are the case's own: make it by `decision_form` in the routes. Beside the fields
    written here it has `condition_1`, `owner_1`, `due_1` and so on, up to CONDITIONS.
    """

    answer = ChooseOne("What was decided", validators=[Given("Choose what was decided")])
    advice = SelectOne(
        "What the panel advised, if the decision differs from it",
        empty="The same as the decision",
        description="If it differs, say why in the reasons",
    )
    phrases = ChooseSeveral("Reasons this panel often gives")
    reasons = LongTextField("Reasons", longest=8000)
    evidence = ChooseSeveral("Evidence the reasons rest on")
    missing = LongTextField("Evidence that was missing", longest=2000)
    differing_views = LongTextField("Views that differed", longest=4000)
    cost_discussed = ChooseOne(
        "Was cost discussed?",
        choices=COST.items(),
        description="It is asked because a child’s needs, and what meets them, are settled before "
        "what it costs. You need not answer.",
    )
    carried_why = LongTextField("Why it was not decided", longest=2000)
    carried_to = SelectOne("The meeting it goes to", empty="Choose a meeting")
    despite = LongTextField("Why the chair has it decided all the same", longest=2000)
    change_why = LongTextField("Why the signed record is changed", longest=2000)

    decides = True

    @classmethod
    def held(cls, meeting: MeetingView, case: PanelCase) -> dict[str, Any]:
        """Return what the form shows before anyone types: what is recorded now, if anything."""
        made = case.decision
        data: dict[str, Any] = {"carried_to": case.later[0].public_id if case.later else None}
        if made is None:
            return data
        phrases, reasons = _apart(made.reasons, case)
        to = next((m.public_id for m in case.later if m.id == made.carried_to_id), None)
        answer = made.decision if meeting.panel.decides else made.advice
        data |= {
            "answer": answer if made.handled == Handled.DECIDED else made.handled,
            "phrases": phrases,
            "reasons": reasons,
            "evidence": [one.words for one in made.evidence],
            "carried_to": to or data["carried_to"],
        }
        same = ("missing", "differing_views", "cost_discussed", "carried_why", "despite")
        data |= {name: getattr(made, name) for name in same}
        if meeting.panel.decides and made.decision and made.advice != made.decision:
            data["advice"] = made.advice or NO_ADVICE
        for number, one in enumerate(made.conditions, start=1):
            row = {"condition": one.words, "owner": one.owner, "due": one.due_on}
            data |= {f"{name}_{number}": value for name, value in row.items()}
        return data

    def offer_choices(self, meeting: MeetingView, case: PanelCase) -> None:
        """Offer the answers to the question, and what else is this case's and this panel's own."""
        outcomes = [(one.key, one.words) for one in case.question.outcomes]
        self.decides = meeting.panel.decides
        self.answer.choices = offer([*outcomes, *((k, Handled(k).words) for k in NOT_DECIDED)])
        self.advice.choices = offer([*outcomes, (NO_ADVICE, "The panel gave no advice")])
        self.phrases.choices = offer([(one.public_id, one.words) for one in case.phrases])
        self.evidence.choices = offer([(words, words) for words in case.evidence])
        self.carried_to.choices = offer(
            [(m.public_id, _day_words(case, m)) for m in case.later],
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether it can be recorded as far as the form alone can tell."""
        if not super().validate(extra_validators):
            return False
        before = len(self.errors)
        if self._stands_apart and not self.reasons.data:
            self.reasons.errors = ["Say why the decision differs from the panel’s advice"]
        for condition, owner, due in self.rows():
            if (owner.data or due.data) and not condition.data:
                condition.errors = ["Say what must be done"]
            if condition.data and not owner.data:
                owner.errors = ["Say who must do it"]
        return len(self.errors) == before

    def rows(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield the three boxes of each condition: what must be done, by whom, by when."""
        for n in range(1, CONDITIONS + 1):
            yield self[f"condition_{n}"], self[f"owner_{n}"], self[f"due_{n}"]

    def shown_rows(self, *, one_more: bool = False) -> list[tuple[Any, Any, Any]]:
        """Return the conditions to show: those with anything in them, and an empty one."""
        rows = list(self.rows())
        filled = [n for n, row in enumerate(rows, 1) if any(box.data or box.errors for box in row)]
        return rows[: max(filled, default=0) + (2 if one_more else 1)]

    def made(self, case: PanelCase) -> NewDecision:
        """Return the decision as the form says it."""
        is_decided = self.answer.data not in NOT_DECIDED
        to = next((m.id for m in case.later if m.public_id == self.carried_to.data), None)
        chosen = set(self.phrases.data or ())
        phrases = [_line(one.words) for one in case.phrases if one.public_id in chosen]
        return NewDecision(
            handled=Handled.DECIDED.value if is_decided else self.answer.data,
            advice=self._advice() if is_decided else None,
            decision=self.answer.data if is_decided and self.decides else None,
            reasons="\n".join([*phrases, *([self.reasons.data] if self.reasons.data else [])]),
            evidence=tuple(self.evidence.data or ()),
            missing=self.missing.data,
            conditions=tuple(self._conditions()),
            differing_views=self.differing_views.data,
            cost_discussed=self.cost_discussed.data,
            despite=self.despite.data if is_decided else None,
            carried_why=None if is_decided else self.carried_why.data,
            carried_to_id=None if is_decided else to,
            change_why=self.change_why.data,
        )

    @property
    def _stands_apart(self) -> bool:
        given = self.advice.data if self.answer.data not in NOT_DECIDED else None
        return self.decides and given not in (None, self.answer.data)

    def _advice(self) -> str | None:
        if not self.decides or self.advice.data is None:
            return str(self.answer.data)
        return None if self.advice.data == NO_ADVICE else str(self.advice.data)

    def _conditions(self) -> Iterator[NewCondition]:
        for condition, owner, due in self.rows():
            if condition.data:
                yield NewCondition(words=condition.data, owner=owner.data or "", due_on=due.data)


for _n in range(1, CONDITIONS + 1):
    setattr(DecisionForm, f"condition_{_n}", LongTextField(f"Condition {_n}", longest=1000))
    setattr(DecisionForm, f"owner_{_n}", TextField(f"Who does it ({_n})", longest=200))
    setattr(
        DecisionForm,
        f"due_{_n}",
        DayField(f"By when ({_n})", future=True, offers_today=False, description=""),
    )


def _apart(reasons: str, case: PanelCase) -> tuple[list[str], str]:
    """The panel's phrases among the reasons, by their ids, and the words that are none."""
    known = {_line(one.words): one.public_id for one in case.phrases}
    lines = reasons.split("\n")
    rest = [line for line in lines if line not in known]
    return [known[line] for line in lines if line in known], "\n".join(rest)


def _line(words: str) -> str:
    return " ".join(words.split())


def _day_words(case: PanelCase, meeting: Any) -> str:
    late = ", after the limit in law" if case.is_too_late(meeting) else ""
    return f"{spoken(meeting.on_day)}{late}"


def keys_for(count: int, taken: str) -> Sequence[str]:
    """Return a letter for each of `count` phrases, none that a command has; "" past the last."""
    free = [letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in taken]
    return [free[n] if n < len(free) else "" for n in range(count)]
