"""The numbers behind a forecast, in words: how long each step that remains took before."""

from collections.abc import Iterator
from dataclasses import dataclass

from casework.rules.forecast import STEPS, Forecaster, is_of_service
from casework.rules.journeys import key_of
from casework.rules.outlook import step_words
from casework.rules.places import Place
from casework.rules.standing_words import weeks_and_days
from casework.rules.survival import Curve


@dataclass(frozen=True, slots=True)
class Behind:
    """One step that remains, as a heading and sentences."""

    step: str
    #: How long it has run in this case; empty where it has not begun.
    so_far: str
    before: str


def behind(place: Place, known: Forecaster) -> Iterator[Behind]:
    """Yield the steps that remain of a case at this place, those that run now first."""
    running = {key_of(one.service): one.elapsed for one in place.waits}
    for step, elapsed in (running or {place.step: place.elapsed}).items():
        so_far = f"It has lasted {weeks_and_days(elapsed)} so far."
        yield Behind(_heading(step), so_far, _before(step, known))
    for step in list(STEPS)[list(STEPS).index(place.step) + 1 :]:
        yield Behind(_heading(step), "", _before(step, known))


def _heading(step: str) -> str:
    words = step_words(step)
    return words[:1].upper() + words[1:]


def _before(step: str, known: Forecaster) -> str:
    curve = known.curve(step)
    if not curve.begun:
        in_law = weeks_and_days(curve.longest)
        return f"There is too little history to go by: taken as {in_law}, all of its time in law."
    if known.has_own(step):
        return _took(curve, is_advice=is_of_service(step))
    return f"There is too little history to go by. All services together: {_took(curve)}"


def _took(curve: Curve, *, is_advice: bool = True) -> str:
    what, ended = ("requests", "answered, or no longer waited for,")
    if not is_advice:
        what, ended = "cases", "done"
    half, most = curve.done_by(0.5), curve.done_by(0.9)
    if half is None:
        return f"Of {curve.begun:,} {what} in the last year, fewer than half are over yet."
    then = f", and nine in ten {_within(most)}" if most is not None else ""
    return f"Of {curve.begun:,} {what} in the last year, half were {ended} {_within(half)}{then}."


def _within(days: int) -> str:
    return f"within {weeks_and_days(days)}" if days else "the same day"
