"""One question to the clock, as a program asks it in JSON, and its answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from casework.rules.book import duty as find
from casework.rules.civil_dates import read_day
from casework.rules.deadlines import Due, Stand, due, standing
from casework.rules.duty import Duty
from casework.rules.errors import Unanswerable
from casework.rules.exceptions import GROUNDS, REGULATIONS
from casework.rules.facts import FACTS
from casework.rules.lifting import lifting
from casework.rules.workdays import WorkingDays


def answer(
    rule: str,
    given: Mapping[str, object],
    ended: Mapping[str, object],
    exceptions: Iterable[str],
    today: date,
    calendar: WorkingDays,
) -> dict[str, Any]:
    """Return what the clock says, ready for JSON: due, act_by, standing, kind, law, because.

    `given` and `ended` are facts and their days, written as 2026-03-02 or as a time with its zone,
    which is taken to its London date. Raises RuleError, in words that say what to write instead.
    """
    duty = find(rule)
    starts = read_facts("given", given)
    answered = due(duty, starts, calendar)
    ended_on = _ended_on(duty, read_facts("ended", ended), _began(duty, starts, answered))
    marked = _read_exceptions(exceptions)
    lifted = lifting(duty, marked, answered)
    stand = standing(
        duty, answered, ended_on=ended_on, lifted=bool(lifted), today=today, calendar=calendar
    )
    words = answered.because + _words_of_exceptions(duty, marked, lifted)
    return {
        "rule": duty.id,
        **_days(answered),
        **_stand(stand),
        "kind": duty.kind,
        "law": duty.law,
        "because": words,
    }


def read_facts(where: str, facts: object) -> dict[str, date]:
    """Return the facts with their London dates; `where` names them in a message.

    Raises Unanswerable for what is no object of facts and days, and for a fact that no rule knows.
    """
    if not isinstance(facts, Mapping):
        raise Unanswerable(
            f'{where} is not a set of facts: write it like {{"request_received": "2026-03-02"}}.'
        )
    return {_known(where, fact): read_day(fact, value) for fact, value in facts.items()}


def _known(where: str, fact: str) -> str:
    if fact in FACTS:
        return fact
    near = get_close_matches(str(fact), FACTS, n=2)
    instead = f": write {' or '.join(near)}" if near else ""
    raise Unanswerable(f"{where} has no fact named {str(fact)[:60]!r}{instead}.")


def _read_exceptions(exceptions: object) -> tuple[str, ...]:
    if isinstance(exceptions, str) or not isinstance(exceptions, Iterable):
        raise Unanswerable('exceptions is not a list: write it like ["X3"].')
    marked = tuple(exceptions)
    for ground in marked:
        if not isinstance(ground, str) or ground not in GROUNDS:
            raise Unanswerable(
                f"There is no exception {str(ground)[:60]!r}: write one of {', '.join(GROUNDS)}."
            )
    return tuple(dict.fromkeys(marked))


def _began(duty: Duty, starts: dict[str, date], answered: Due) -> date | None:
    """The day before which the duty cannot have been met: of several periods, the first start."""
    if duty.limbs:
        return min(starts[fact] for fact in duty.starts if fact in starts)
    return answered.started_on


def _ended_on(duty: Duty, ended: dict[str, date], start: date | None) -> date | None:
    days = [(ended[fact], fact) for fact in duty.discharged_by if fact in ended]
    if not days:
        return None
    day, fact = min(days)
    if duty.bound == "no_later_than" and start is not None and day < start:
        raise Unanswerable(
            f"{fact} ({day}) is before the day it is counted from ({start}): check both dates."
        )
    return day


def _days(answered: Due) -> dict[str, str | None]:
    """Return the dates as ISO text: `due` and `act_by` always, the others where there are any."""
    others = {
        "earliest": answered.earliest,
        "limit": answered.limit,
        "warn_on": answered.warn_on,
    }
    return {
        "due": answered.on.isoformat(),
        "act_by": answered.act_by.isoformat() if answered.act_by else None,
        **{name: day.isoformat() for name, day in others.items() if day},
    }


def _stand(stand: Stand) -> dict[str, str | int]:
    said: dict[str, str | int] = {"standing": stand.standing.value}
    if stand.days_left is not None:
        said["days_left"] = stand.days_left
    if stand.days_late is not None:
        said["days_late"] = stand.days_late
    return said


def _words_of_exceptions(duty: Duty, marked: tuple[str, ...], lifted: tuple[str, ...]) -> str:
    return "".join(_words_of_exception(duty, ground, ground in lifted) for ground in marked)


def _words_of_exception(duty: Duty, ground: str, lifts: bool) -> str:
    named = f"exception {ground} ({GROUNDS[ground].words})"
    if lifts:
        assert duty.lifted_under is not None
        citation = REGULATIONS[duty.lifted_under].citation
        return (
            f"; {named} lifts the limit under {citation}, "
            "not the duty to act as soon as practicable"
        )
    if ground in duty.lifted_by:
        return (
            f"; {named} changes nothing: the limit did not run between 1 May and 25 September 2020"
        )
    return f"; {named} is not listed by this rule and changes nothing"
