"""Rows of a plan from what advice says, linked as they stood in it."""

from casework.rules.plan_content import Item, Section
from casework.rules.plan_from_advice import Advised, rows, with_rows

ADVISED = Advised(
    number=7,
    need_section="C",
    need="Epilepsy.",
    outcome="Seizures are managed.",
    provision_section="G",
    provision="Training of three adults.",
    by_whom="A nurse",
    how_often="Yearly",
)


def test_an_entry_gives_a_need_an_outcome_that_serves_it_and_a_provision_that_serves_that() -> None:
    found = rows(ADVISED)
    assert list(found) == ["C", "E", "G"]
    assert found["E"].serves == (found["C"].id,)
    assert found["G"].serves == (found["E"].id,)
    assert (found["G"].by_whom, found["G"].how_often) == ("A nurse", "Yearly")


def test_what_advice_leaves_open_gives_no_row() -> None:
    only_need = Advised(number=8, need_section="B", need="Tires by noon.")
    assert rows(only_need) == {"B": Item(id="need-8", text="Tires by noon.")}


def test_chosen_rows_follow_those_that_are_there_and_none_is_brought_in_twice() -> None:
    there = Section(key="C", words="Known.", items=(Item(id="x", text="Asthma."),))
    once = with_rows({"C": there}, [(ADVISED, "C"), (ADVISED, "C"), (ADVISED, "E")])
    assert [item.id for item in once["C"].items] == ["x", "need-7"]
    assert once["C"].words == "Known."
    assert list(once) == ["C", "E"], "what was not ticked stays out"
    changed = Section(key="C", items=(Item(id="need-7", text="Put in other words."),))
    assert with_rows({"C": changed}, [(ADVISED, "C")]) == {}
