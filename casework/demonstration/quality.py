"""What the leads see to besides: samples of advice with their scores, releases to each other."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from casework.access import Role
from casework.demonstration.draw import Draw
from casework.demonstration.panels import moment
from casework.demonstration.returned import Kept, Returned
from casework.demonstration.roads import DAY, working_day
from casework.demonstration.rows import Row
from casework.demonstration.rows import keep as keep_rows
from casework.demonstration.words import advice_words
from casework.models import AdviceRelease, AdviceSample, AdviceScore
from casework.rules.advisers import SERVICES, Agency

#: Samples are drawn for so many whole months, so many of each service's.
_MONTHS, _EACH = 12, 2
#: How often a sample of an earlier month is scored by now, and one of the last month.
_SCORED, _SCORED_OF_LATE = 0.95, 0.4
_JUDGE = {Agency.HEALTH: Role.DCO, Agency.SOCIAL_CARE: Role.SOCIAL_CARE_LEAD}
#: Whose advice each lead asks the other for.
_OTHER = {Role.DCO: Agency.SOCIAL_CARE, Role.SOCIAL_CARE_LEAD: Agency.HEALTH}


def keep(draw: Draw, returned: Returned, leads: Mapping[str, int], today: date) -> None:
    """Keep samples of the last months with their scores, and releases; `leads` are by role."""
    _keep_samples(draw, returned.all, leads, today)
    _keep_releases(returned.all, leads, today)


def _keep_samples(
    draw: Draw, returned: Sequence[Kept], leads: Mapping[str, int], today: date
) -> None:
    first = _month(today.replace(day=1), -_MONTHS)
    drawn: dict[tuple[date, int], list[Kept]] = {}
    for one in returned:
        if one.asked.service_id and first <= one.on < today.replace(day=1):
            drawn.setdefault((one.on.replace(day=1), one.asked.service_id), []).append(one)
    sampled = [
        (month, service_id, one)
        for (month, service_id), found in sorted(drawn.items())
        for one in draw.sample(found, min(_EACH, len(found)))
    ]
    rows = [_sample(month, service_id, one, leads) for month, service_id, one in sampled]
    ids = keep_rows(AdviceSample, rows)
    last = _month(today.replace(day=1), -1)
    scores = [
        _score(draw, number, one, row)
        for number, row, (month, _, one) in zip(ids, rows, sampled, strict=True)
        if draw.happens(_SCORED_OF_LATE if month == last else _SCORED)
    ]
    keep_rows(AdviceScore, [row for row in scores if row["scored_on"] <= today])


def _sample(month: date, service_id: int, one: Kept, leads: Mapping[str, int]) -> Row:
    drawn = working_day(_month(month, 1))
    return {
        "service_id": service_id,
        "month": month,
        "advice_id": one.id,
        "drawn_at": moment(drawn, 9, 30),
        "drawn_by_id": _judge(one, leads),
    }


def _score(draw: Draw, sample_id: int, one: Kept, sample: Row) -> Row:
    drawn: date = sample["drawn_at"].date()
    on = working_day(drawn + draw.between(2, 18))
    return {
        **one.found,
        "sample_id": sample_id,
        "words": draw.choice(advice_words()["scored"]),
        "scored_on": on,
        "scored_at": moment(on, draw.randint(10, 16), draw.randint(0, 59)),
        "scored_by_id": sample["drawn_by_id"],
    }


def _judge(one: Kept, leads: Mapping[str, int]) -> int:
    return leads[_JUDGE.get(SERVICES[one.asked.kind].agency, Role.MANAGER)]


def _keep_releases(returned: Sequence[Kept], leads: Mapping[str, int], today: date) -> None:
    """Let each lead have asked the other: granted, run out, refused, not answered yet."""
    agencies: dict[int, set[Agency]] = {}
    for one in returned:
        if one.asked.about.is_open:
            agencies.setdefault(one.asked.about.case_id, set()).add(SERVICES[one.asked.kind].agency)
    both = [case for case, held in agencies.items() if held >= set(_OTHER.values())]
    found = zip(sorted(both, reverse=True), advice_words()["releases"], strict=False)
    keep_rows(
        AdviceRelease,
        [_release(n, case, words, leads, today) for n, (case, words) in enumerate(found)],
    )


def _release(
    number: int, case_id: int, words: Mapping[str, Any], leads: Mapping[str, int], today: date
) -> Row:
    asks = Role(words["asks"])
    answers = next(role for role in _OTHER if role != asks)
    is_answered = words["answer"] is not None
    asked = working_day(today - timedelta(days=30 if is_answered else 5 + number))
    decided = working_day(asked + 2 * DAY)
    return {
        "case_id": case_id,
        "agency": _OTHER[asks].value,
        "asked_by_id": leads[asks],
        "asked_at": moment(asked, 10, 5 + number),
        "reason": words["reason"],
        "decided_by_id": leads[answers] if is_answered else None,
        "decided_at": moment(decided, 15, 20 + number) if is_answered else None,
        "is_granted": words["answer"],
        "why": words["why"],
        "until_day": today + timedelta(days=words["days"]) if words["answer"] else None,
    }


def _month(first: date, by: int) -> date:
    """The first day of the month so many after (or before) that of `first`."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
