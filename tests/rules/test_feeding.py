"""Which sections of the plan have a contributor, and which have none."""

from casework.rules.feeding import Contributor, Feeds, matrix
from casework.rules.plan_sections import PLAN_SECTIONS

therapy = Contributor(words="Therapy", service="speech_and_language", sections=("B", "E", "F"))
social_care = Contributor(words="Social care", service="social_care", is_owed=True)
school = Contributor(words="School", service="school", sections=None)


def said(*contributors: Contributor) -> dict[str, str]:
    return {fed.section.key: fed.words for fed in matrix(contributors)}


def test_a_section_nobody_feeds_says_so() -> None:
    assert said(therapy)["D"] == "No one feeds section D"
    assert set(said()) == set(PLAN_SECTIONS)
    assert said()["H2"] == "No one feeds section H2"


def test_what_came_feeds_what_it_says_and_nothing_else() -> None:
    assert said(therapy)["F"] == "Section F is fed by Therapy"
    assert therapy.feeds("C") is Feeds.NO, "health advice usually does, this one does not"


def test_what_is_owed_is_waited_for_where_its_kind_usually_helps() -> None:
    assert said(therapy, social_care)["D"] == "Section D waits for Social care"
    assert said(therapy, social_care)["C"] == "No one feeds section C"


def test_advice_that_names_no_section_is_not_counted_as_feeding_any() -> None:
    fed = {one.section.key: one for one in matrix([school])}
    assert not any(one.has_contributor for one in fed.values())
    assert fed["B"].words == "Section B may be fed by School: which sections was not recorded"


def test_a_nil_return_feeds_nothing() -> None:
    nil = Contributor(words="CAMHS", service="camhs", sections=())
    assert {nil.feeds(key) for key in PLAN_SECTIONS} == {Feeds.NO}
