"""Whom regulation 6(1) has the authority ask, for invented children."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.advisers import SERVICES
from casework.rules.asking import (
    COVERS,
    PARAGRAPHS,
    Asked,
    Child,
    Row,
    Stood,
    by_kind,
    how_each_stands,
    is_agreed,
    required_list,
    uncovered,
)
from casework.rules.history import Happened

ON = date(2026, 11, 23)
#: Eight years old: Year 4.
YOUNG = date(2018, 5, 4)
EVERY_CHILD = {"family", "school", "community_paediatrics", "educational_psychology", "social_care"}


def child(**facts: object) -> Child:
    given = {"has_hearing_impairment": False, "has_vision_impairment": False, "attends": True}
    return Child(**{"born": YOUNG} | given | facts)  # type: ignore[arg-type]


def rows(**facts: object) -> dict[str, Row]:
    return {row.kind: row for row in required_list(child(**facts), ON)}


def required(**facts: object) -> set[str]:
    return {kind for kind, row in rows(**facts).items() if row.is_required}


def ticked(**facts: object) -> set[str]:
    return {kind for kind, row in rows(**facts).items() if row.is_ticked}


def test_of_every_child_the_family_school_health_psychology_and_social_care_are_asked() -> None:
    assert required() == ticked() == EVERY_CHILD


def test_health_services_besides_paediatrics_are_offered_and_not_ticked() -> None:
    found = rows()
    for kind in ("speech_and_language", "occupational_therapy", "camhs", "community_nursing"):
        assert (found[kind].is_required, found[kind].is_ticked) == (False, False)


@pytest.mark.parametrize(
    ("born", "is_required"),
    [(date(2013, 9, 1), False), (date(2013, 8, 31), True), (date(2003, 1, 1), True)],
    ids=["last day of Year 8", "first day of Year 9", "after Year 14"],
)
def test_preparation_for_adulthood_is_asked_for_from_year_nine(
    born: date, is_required: bool
) -> None:
    assert ("adulthood" in required(born=born)) is is_required
    assert ("adulthood" in rows(born=born)) is is_required


def test_the_reason_names_the_school_year() -> None:
    assert rows(born=date(2012, 3, 1))["adulthood"].why == (
        "from Year 9: the child is in Year 10 by age"
    )
    assert rows(born=date(2003, 1, 1))["adulthood"].why == "from Year 9: past Year 14 by age"


def test_without_a_date_of_birth_adulthood_is_offered_and_the_reason_says_so() -> None:
    row = rows(born=None)["adulthood"]
    assert (row.is_required, row.is_ticked) == (False, False)
    assert "date of birth is not recorded" in row.why


def test_a_hearing_or_vision_impairment_adds_its_own_teacher() -> None:
    assert required(has_hearing_impairment=True) == EVERY_CHILD | {"hearing_teacher"}
    assert required(has_vision_impairment=True) == EVERY_CHILD | {"vision_teacher"}
    assert rows(has_vision_impairment=True)["vision_teacher"].why == (
        "the child has a vision impairment"
    )


def test_of_a_child_in_no_school_somebody_with_experience_of_teaching_is_asked() -> None:
    assert "experience of teaching" in rows(attends=False)["school"].why
    assert rows(attends=False)["school"].is_ticked


@pytest.mark.parametrize("asked", list(Asked))
def test_what_is_asked_answered_or_reused_is_not_ticked_again(asked: Asked) -> None:
    found = ticked(stands={"social_care": asked})
    assert ("social_care" in found) is (asked is Asked.WITHDRAWN)


def test_every_row_says_its_paragraph_and_cites_it() -> None:
    for row in required_list(child(born=None), ON):
        assert row.paragraph == SERVICES[row.kind].paragraph
        assert row.citation == f"SEND Regulations 2014, reg 6(1)({row.paragraph})"
        assert row.why


def test_a_paragraph_that_something_covers_needs_no_reason() -> None:
    listed = required_list(child(), ON)
    assert uncovered(listed, {}, EVERY_CHILD) == ()
    assert uncovered(listed, {}, EVERY_CHILD - {"community_paediatrics"}) == ("c",)
    assert uncovered(listed, {}, (EVERY_CHILD - {"community_paediatrics"}) | {"camhs"}) == ()
    answered = {"educational_psychology": Asked.ANSWERED, "social_care": Asked.REUSED}
    assert uncovered(listed, answered, {"family", "school", "camhs"}) == ()
    assert uncovered(listed, {"social_care": Asked.WITHDRAWN}, EVERY_CHILD - {"social_care"}) == (
        "e",
    )


def happened(number: int, kind: str, on: date, adviser_id: int | None = 7) -> Happened:
    return Happened(id=number, kind=kind, on=on, adviser_id=adviser_id)


def test_an_asking_stands_as_its_latest_round_does() -> None:
    day = [date(2026, 9, 1) + timedelta(days=n) for n in range(9)]
    asked = happened(1, "advice_requested", day[0])
    answer = happened(2, "advice_received", day[2])
    again = happened(3, "advice_requested", day[4])
    taken_back = happened(4, "advice_request_withdrawn", day[6])
    assert how_each_stands([asked]) == {7: Stood(Asked.OUTSTANDING, day[0])}
    assert how_each_stands([asked, answer]) == {7: Stood(Asked.ANSWERED, day[0], day[2])}
    assert how_each_stands([asked, answer, again]) == {7: Stood(Asked.OUTSTANDING, day[4])}
    assert how_each_stands([asked, answer, again, taken_back]) == {
        7: Stood(Asked.WITHDRAWN, day[4], day[6])
    }


def test_existing_advice_stands_in_and_nobody_asked_is_left_out() -> None:
    events = [
        happened(1, "request_received", date(2026, 9, 1), None),
        happened(2, "advice_reused", date(2026, 9, 9), 8),
        happened(3, "advice_received", date(2026, 9, 10), 9),
    ]
    assert how_each_stands(events) == {8: Stood(Asked.REUSED, date(2026, 9, 9))}


def test_of_several_of_a_kind_the_one_counts_that_covers_it() -> None:
    pairs = [("camhs", Asked.WITHDRAWN), ("camhs", Asked.ANSWERED), ("camhs", Asked.WITHDRAWN)]
    assert by_kind(pairs) == {"camhs": Asked.ANSWERED}


def test_there_is_an_assessment_once_somebody_decided_or_ordered_it() -> None:
    start = happened(1, "request_received", ON, None)
    assert not is_agreed([start])
    for kind in ("decided_to_assess", "told_will_assess", "ordered_to_assess"):
        assert is_agreed([start, happened(2, kind, ON, None)])


@given(
    born=st.none() | st.dates(date(1998, 1, 1), date(2026, 11, 23)),
    hearing=st.booleans(),
    vision=st.booleans(),
    attends=st.booleans(),
    stands=st.dictionaries(st.sampled_from(sorted(SERVICES)), st.sampled_from(list(Asked))),
    on=st.dates(date(2015, 1, 1), date(2027, 12, 31)),
)
def test_whatever_the_child_asking_all_that_is_ticked_leaves_no_paragraph_uncovered(
    born: date | None, hearing: bool, vision: bool, attends: bool, stands: dict, on: date
) -> None:
    facts = {"has_hearing_impairment": hearing, "has_vision_impairment": vision}
    about = Child(born=born, attends=attends, stands=stands, **facts)
    listed = required_list(about, on)
    chosen = {row.kind for row in listed if row.is_ticked}
    assert uncovered(listed, stands, chosen) == ()
    assert [row.paragraph for row in listed] == sorted(row.paragraph for row in listed)
    assert {row.paragraph for row in listed} <= set(PARAGRAPHS)
    assert len({row.kind for row in listed}) == len(listed)
    assert not any(stands.get(kind) in COVERS for kind in chosen)
    required_now = {row.kind for row in listed if row.is_required}
    assert required_now >= EVERY_CHILD
    assert (hearing, vision) == (
        "hearing_teacher" in required_now,
        "vision_teacher" in required_now,
    )
