"""The road of a case in steps: what each took, and where the case is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.history import Happened
from casework.rules.journeys import Asked, Journey, milestones, spells
from casework.rules.places import Place, Wait, place_of
from casework.rules.survival import Spell

BEGAN = date(2026, 3, 2)


def on(day: int) -> date:
    """Return the day so many days after the request."""
    return BEGAN + timedelta(days=day)


WHOLE = Journey(
    kind="request",
    started=BEGAN,
    decided=on(30),
    agreed=on(30),
    planned=on(100),
    issued=on(100),
    draft=on(108),
    last_draft=on(108),
    sent_first=on(130),
    sent=on(133),
    asked=(
        Asked("school", on(35), on(60)),
        Asked("educational_psychology", on(35), on(95)),
    ),
)


def told(journey: Journey, until: int = 400) -> dict[str, Spell]:
    return dict(spells(journey, BEGAN, on(until)))


def test_the_steps_of_a_finished_road_are_told_one_by_one() -> None:
    assert told(WHOLE) == {
        "decide": Spell(30, True),
        "ask": Spell(5, True),
        "advice:school": Spell(25, True),
        "advice:educational_psychology": Spell(60, True),
        "advice": Spell(60, True),
        "issue": Spell(5, True),
        "draft": Spell(8, True),
        "final": Spell(22, True),
        "rest": Spell(3, True),
    }


def test_what_runs_is_cut_short_and_what_has_not_begun_is_not_told() -> None:
    assert told(WHOLE.known_by(on(70)), until=70) == {
        "decide": Spell(30, True),
        "ask": Spell(5, True),
        "advice:school": Spell(25, True),
        "advice:educational_psychology": Spell(35, False),
        "advice": Spell(35, False),
    }


def test_only_steps_that_began_in_the_period_are_told() -> None:
    assert dict(spells(WHOLE, on(99), on(110))) == {
        "draft": Spell(8, True),
        "final": Spell(2, False),
    }


def test_a_plan_decided_without_some_advice_ends_the_wait_for_it() -> None:
    without = WHOLE._replace(asked=(*WHOLE.asked[:1], Asked("camhs", on(35))))
    found = told(without)
    assert found["advice:camhs"] == Spell(65, True)
    assert found["advice"] == Spell(65, True)
    assert found["issue"] == Spell(0, True)


def test_a_decision_against_is_a_decision_and_a_withdrawal_is_none() -> None:
    refused = Journey("request", BEGAN, decided=on(40), stopped=on(41))
    assert told(refused) == {"decide": Spell(40, True)}
    withdrawn = Journey("request", BEGAN, stopped=on(12))
    assert told(withdrawn) == {"decide": Spell(12, False)}


def test_a_withdrawal_ends_no_wait_for_advice_though_nothing_is_owed_from_then() -> None:
    asked = (Asked("school", on(35), closed=on(50)),)
    found = told(Journey("request", BEGAN, on(30), on(30), stopped=on(50), asked=asked))
    assert found["advice:school"] == found["advice"] == Spell(15, False)
    assert "issue" not in found


def test_a_tracker_that_holds_only_the_ends_still_adds_up() -> None:
    assert told(Journey("request", BEGAN, sent=on(150))) == {
        "decide": Spell(150, True),
        "draft": Spell(0, True),
        "final": Spell(0, True),
        "rest": Spell(0, True),
    }


def test_a_reassessment_says_nothing_of_deciding_whether_to_assess() -> None:
    assert "decide" not in told(WHOLE._replace(kind="reassessment"))


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (20, Place("decide", 20)),
        (33, Place("ask", 3)),
        (50, Place("advice", 0, (Wait("educational_psychology", 15), Wait("school", 15)))),
        (70, Place("advice", 0, (Wait("educational_psychology", 35),))),
        (98, Place("issue", 3)),
        (104, Place("draft", 4)),
        (120, Place("final", 12)),
        (131, Place("rest", 1)),
        (133, None),
    ],
)
def test_a_case_is_at_one_step_each_day(day: int, place: Place | None) -> None:
    assert place_of(WHOLE.known_by(on(day)), on(day)) == place


def test_where_no_plan_lies_ahead_there_is_no_place() -> None:
    assert place_of(Journey("request", BEGAN, decided=on(20)), on(21)) is None
    assert place_of(Journey("request", BEGAN, planned=on(90), agreed=on(30)), on(91)) is None
    assert place_of(Journey("reassessment", BEGAN), on(3)) is None
    assert place_of(Journey("request", BEGAN, stopped=on(3)), on(3)) is None


def test_a_draft_served_again_leaves_the_family_its_days_anew() -> None:
    again = WHOLE._replace(last_draft=on(120), sent_first=None, sent=None)
    assert place_of(again, on(125)) == Place("final", 17, family_days=10)
    assert place_of(again, on(140)) == Place("final", 32)


def test_milestones_are_the_first_days_of_their_events_and_the_last_draft() -> None:
    entered = (
        *((1, "told_will_assess", 33), (2, "decided_to_assess", 30), (3, "draft_served", 108)),
        *((4, "draft_served", 120), (5, "withdrawn", 140), (6, "decided_to_issue", 100)),
    )
    found = milestones(Happened(number, kind, on(day)) for number, kind, day in entered)
    assert found == {
        "decided": on(30),
        "agreed": on(30),
        "planned": on(100),
        "issued": on(100),
        "draft": on(108),
        "last_draft": on(120),
    }


days = st.integers(0, 200)


@given(st.lists(days, min_size=6, max_size=6), st.lists(st.tuples(days, days), max_size=4), days)
def test_the_days_of_the_steps_add_up_to_those_of_the_road(
    marks: list[int], asked: list[tuple[int, int]], until: int
) -> None:
    decided, asking, planned, draft, first, sent = sorted(marks)
    requests = [(asking, planned), *((max(asking, a), max(asking, a) + b) for a, b in asked)]
    journey = Journey(
        *("request", BEGAN, on(decided), on(decided), on(planned), on(planned), on(draft)),
        *(on(draft), on(first), on(sent)),
        asked=tuple(Asked("school", on(a), on(b)) for a, b in requests if a < planned),
    )
    steps = [(s, spell) for s, spell in spells(journey, BEGAN, on(400)) if ":" not in s]
    if journey.asked:
        assert sum(spell.days for _, spell in steps) == sent
    known = journey.known_by(on(until))
    for step, spell in spells(known, BEGAN, on(until)):
        assert spell.days >= 0, step
    running = [step for step, spell in spells(known, BEGAN, on(until)) if not spell.is_done]
    place = place_of(known, on(until))
    assert (place is None) == (sent <= until)
    assert place is None or place.step in running
