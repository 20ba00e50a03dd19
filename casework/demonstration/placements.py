"""What a family asks for, and which settings are asked for a place: drawn, then kept as rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casework.codes import PlaceKind
from casework.demonstration import rows as kept
from casework.demonstration.authority import Place
from casework.demonstration.draw import Draw
from casework.demonstration.roads import DAY, Road, Step, standing, working_day
from casework.demonstration.rows import Row
from casework.demonstration.words import placement_words
from casework.models import Consultation, ConsultationReply, PlacementRequest
from casework.rules.book import duty
from casework.rules.clocks import CONSULTED
from casework.rules.consultations import AGAINST, is_listed
from casework.services import numbering

#: The system has kept consultations itself for so long.
_KEPT = timedelta(days=400)
_FIFTEEN = timedelta(days=duty(CONSULTED).amount)
_ENDS = ("withdrawn", "moved_out", "no_plan_notice_sent", "final_plan_sent")
_WANTED, _REACHED, _ANSWERED, _REMINDED, _WITHDRAWN, _LATER = 0.75, 0.8, 0.85, 0.8, 0.06, 0.06
#: Of open cases that have asked somebody, every so many have chosen one more.
_CHOSEN_TOO = 3
_OUTCOMES = {
    "can_meet": 0.42,
    "can_meet_with": 0.2,
    "cannot_meet": 0.2,
    "no_places": 0.12,
    "no_view": 0.06,
}
_LIMBS = {"unsuitable": 0.45, "others": 0.3, "resources": 0.15, "not_said": 0.1}
_PARTS = {None: 0.8, PlaceKind.UNIT.value: 0.1, PlaceKind.RESOURCED.value: 0.1}


class Placements:
    """Draws for one case after another what the family asks for, and who is asked."""

    def __init__(self, draw: Draw, places: Sequence[Place], today: date) -> None:
        self._draw = draw
        self._places = places
        self._today = today

    def follow(self, road: Road, age: int) -> None:
        """Add to the road of a case of a child of this age what passed about a place."""
        days: dict[str, date] = {}
        for _, step in standing(road.steps):
            days[step.kind] = max(step.on, days.get(step.kind, step.on))
        decided = days.get("decided_to_issue")
        if decided is None or decided < self._today - _KEPT:
            return
        over = min((days[kind] for kind in _ENDS if kind in days), default=date.max)
        begins = days.get("draft_served", decided)
        wanted = self._choose(age, 3)
        if wanted and self._draw.happens(_WANTED):
            on = working_day(begins + self._draw.between(1, 6))
            self._want(road, wanted[0], min(on, over))
        for number in wanted:
            self._ask(road, number, working_day(begins + self._draw.between(1, 9)), over)

    def _choose(self, age: int, most: int) -> list[int]:
        """The numbers of some settings that take children of this age, no two alike."""
        fitting = [n for n, place in enumerate(self._places, start=1) if place.takes(age)]
        drawn = [self._draw.choice(fitting) for _ in range(self._draw.randint(1, most))]
        return list(dict.fromkeys(drawn)) if fitting else []

    def _want(self, road: Road, number: int, on: date) -> None:
        words = self._draw.choice(placement_words()["requests"])
        listed = is_listed(self._places[number - 1].type, is_section_41=False)
        said = {"setting": number, "is_listed": bool(listed), "words": words}
        road.add("setting_requested", on, brings=said)

    def _ask(self, road: Road, number: int, sent: date, over: date) -> None:
        if sent >= over:
            return
        part = self._draw.weighted(_PARTS)
        asks = self._draw.choice(placement_words()["asks"])
        asked = {"setting": number, "place_kind": part, "asks": asks}
        if not road.add("consultation_sent", sent, brings=asked):
            return
        received = sent
        if self._draw.happens(_REACHED):
            received = working_day(sent + self._draw.between(0, 3))
            self._step(road, "received", number, received, over)
        answer = working_day(received + self._draw.days(11, 0.5, 60))
        if self._draw.happens(_WITHDRAWN):
            why = self._draw.choice(placement_words()["why_withdrawn"])
            self._step(road, "withdrawn", number, sent + 6 * DAY, over, note=why)
            return
        is_answered = self._draw.happens(_ANSWERED)
        reminded = working_day(received + _FIFTEEN + DAY)
        if self._draw.happens(_REMINDED) and not (is_answered and answer <= reminded):
            self._step(road, "chased", number, reminded, over)
        if is_answered:
            self._reply(road, number, answer, over)

    def _reply(self, road: Road, number: int, on: date, over: date) -> None:
        outcome = self._draw.weighted(_OUTCOMES)
        reason = None
        if outcome in AGAINST:
            reason = "no_place" if outcome == "no_places" else self._draw.weighted(_LIMBS)
        words = self._draw.choice(placement_words()["replies"][outcome])
        said = {"outcome": outcome, "reason": reason, "words": words}
        self._step(road, "replied", number, on, over, outcome=outcome, more=said)
        if outcome in AGAINST and self._draw.happens(_LATER):
            words = self._draw.choice(placement_words()["replies"]["can_meet_with"])
            later = {"outcome": "can_meet_with", "reason": None, "words": words}
            again = working_day(on + self._draw.between(3, 9))
            self._step(road, "replied", number, again, over, outcome="can_meet_with", more=later)

    @staticmethod
    def _step(
        road: Road,
        kind: str,
        number: int,
        on: date,
        over: date,
        more: Mapping[str, Any] | None = None,
        **said: Any,
    ) -> None:
        if on <= over:
            brings = {"setting": number, **(more or {})}
            road.add(f"consultation_{kind}", on, brings=brings, **said)


@dataclass(slots=True)
class Consulted:
    """Keeps consultations with what their events brought, many cases at a time."""

    #: The ids of the settings, in the order of the authority's places.
    settings: Sequence[int]
    #: By case and by the number of the setting.
    _ids: dict[tuple[int, int], int] = field(default_factory=dict)
    _replies: list[Row] = field(default_factory=list)
    _requests: list[Row] = field(default_factory=list)

    def ask(self, cases: Iterable[tuple[Row, Sequence[Step]]]) -> None:
        """Keep the consultations of a batch of cases, each given as its row and its steps."""
        rows: list[Row] = []
        for case, steps in cases:
            sent = [step for step in steps if step.kind == "consultation_sent"]
            wanted = {_setting(step) for step in steps if step.kind == "setting_requested"}
            rows += [self._row(case, step, _setting(step) in wanted) for step in sent]
            if sent and not case["id"] % _CHOSEN_TOO and not _is_over(steps):
                rows.append(self._one_more(case, sent))
        for row, number in zip(rows, numbering.take(Consultation, len(rows)), strict=True):
            row["id"] = number
            self._ids[row["case_id"], row["setting_id"]] = number
        kept.put(Consultation, rows)

    def answer(self, event: Row, step: Step) -> None:
        """Say of an event which consultation it is of, and keep what it brings for `write`."""
        if step.kind != "setting_requested" and not step.kind.startswith("consultation_"):
            return
        said = dict(step.brings or {})
        setting_id = self.settings[said.pop("setting") - 1]
        if step.kind == "setting_requested":
            row = {"event_id": event["id"], "case_id": event["case_id"], "setting_id": setting_id}
            self._requests.append(row | said)
            return
        event["consultation_id"] = number = self._ids[event["case_id"], setting_id]
        if step.kind == "consultation_replied":
            row = {"event_id": event["id"], "consultation_id": number, "document_id": None}
            self._replies.append(row | said)

    def write(self) -> None:
        """Write what the events of the batch brought with them."""
        kept.put(PlacementRequest, self._requests)
        kept.put(ConsultationReply, self._replies)
        self._requests, self._replies, self._ids = [], [], {}

    def _row(self, case: Row, step: Step, is_wanted: bool) -> Row:
        said = step.brings or {}
        return {
            "case_id": case["id"],
            "setting_id": self.settings[_setting(step) - 1],
            "round": 1,
            "is_family_request": is_wanted,
            "place_kind": said["place_kind"],
            "asks": said["asks"],
            "made_at": case["keyed_at"] + (step.on - case["keyed_at"].date()),
            "made_by_id": case["officer_id"],
        }

    def _one_more(self, case: Row, sent: Sequence[Step]) -> Row:
        """One that is chosen and not asked yet: the next of those that were not."""
        taken = {_setting(step) for step in sent}
        number = next(n for n in range(1, len(self.settings) + 1) if n not in taken)
        row = self._row(case, sent[-1], is_wanted=False)
        return row | {"setting_id": self.settings[number - 1], "place_kind": None}


def _setting(step: Step) -> int:
    return int((step.brings or {})["setting"])


def _is_over(steps: Sequence[Step]) -> bool:
    return any(step.kind in _ENDS for _, step in standing(steps))
