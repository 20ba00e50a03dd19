"""The numbers behind a forecast: of how many, within how long, and what stands in for too few."""

from casework.rules.behind import behind
from casework.rules.forecast import Forecaster, curves_of
from casework.rules.places import Place, Wait
from casework.rules.survival import Spell

PSYCHOLOGY = [("advice:educational_psychology", Spell(days, True)) for days in range(21, 71)]
SELDOM = [("advice:camhs", Spell(90, True))] * 3
DRAFTS = [("draft", Spell(7, True))] * 30
KNOWN = Forecaster(curves_of([*PSYCHOLOGY, *SELDOM, *DRAFTS]))


def test_what_runs_comes_first_with_how_long_it_has_lasted() -> None:
    waits = (Wait("camhs", 9), Wait("educational_psychology", 29))
    found = list(behind(Place("advice", 0, waits), KNOWN))
    assert [one.step.split(" ")[0] for one in found] == [
        *("Advice", "Advice", "Deciding", "Writing", "Sending", "Sending")
    ]
    assert found[1].so_far == "It has lasted 4 weeks and 1 day so far."
    assert found[2].so_far == ""


def test_a_step_of_its_own_history_says_of_how_many_and_within_how_long() -> None:
    (one, *_) = behind(Place("advice", 0, (Wait("educational_psychology", 29),)), KNOWN)
    assert one.before == (
        "Of 50 requests in the last year, half were answered, or no longer waited for, within "
        "6 weeks and 3 days, and nine in ten within 9 weeks and 2 days."
    )
    (draft, final, _) = behind(Place("draft", 2), KNOWN)
    assert draft.before.startswith("Of 30 cases in the last year, half were done within 1 week")
    assert final.before == (
        "There is too little history to go by: taken as 4 weeks and 2 days, all of its time in law."
    )


def test_a_service_asked_too_seldom_is_told_with_all_services_together() -> None:
    (one, *_) = behind(Place("advice", 0, (Wait("camhs", 9),)), KNOWN)
    assert one.before.startswith(
        "There is too little history to go by. All services together: Of 53 requests"
    )


def test_where_most_are_still_running_no_half_is_made_up() -> None:
    running = [("final", Spell(40, False))] * 60 + [("final", Spell(20, True))] * 25
    (one, _) = behind(Place("final", 3), Forecaster(curves_of(running)))
    assert one.before == "Of 85 cases in the last year, fewer than half are over yet."


def test_what_is_mostly_done_at_once_is_said_to_be() -> None:
    rest = [("rest", Spell(0, True))] * 29 + [("rest", Spell(5, True))]
    (one,) = behind(Place("rest", 1), Forecaster(curves_of(rest)))
    assert "half were done the same day, and nine in ten the same day" in one.before
