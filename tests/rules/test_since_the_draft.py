"""What changed in a plan since the draft that the family has."""

from dataclasses import replace

from casework.rules.plan_content import Item, Section
from casework.rules.since_the_draft import since_the_draft

ONE, TWO = Item(id="n1", text="One"), Item(id="n2", text="Two")
DRAFT = {"B": Section(key="B", items=(ONE, TWO)), "K": Section(key="K", words="A list")}


def said(now: dict[str, Section]) -> list[str]:
    return [f"{one.key}: {one.words}" for one in since_the_draft(DRAFT, now, ())]


def test_a_plan_as_the_family_has_it_has_nothing_to_say() -> None:
    assert said(DRAFT) == []
    assert said(DRAFT | {"C": Section(key="C")}) == [], "an empty section is as one never saved"


def test_each_section_says_what_was_added_changed_and_taken_out() -> None:
    three, four = Item(id="n3", text="Three"), Item(id="n4", text="Four")
    now = {
        "B": Section(key="B", items=(replace(TWO, text="Second"), three, four)),
        "F": Section(key="F", items=(Item(id="p1", text="Support"),)),
    }
    assert said(now) == [
        "B: 2 needs added, 1 need changed, 1 need taken out",
        "F: 1 provision added",
        "K: its words changed",
    ]


def test_another_order_is_a_change_too() -> None:
    assert said(DRAFT | {"B": Section(key="B", items=(TWO, ONE))}) == ["B: put in another order"]


def test_what_no_comment_of_the_family_asked_for_is_told_apart() -> None:
    now = {"B": Section(key="B", items=(ONE,)), "K": Section(key="K", words="Another")}
    found = since_the_draft(DRAFT, now, {"K", "A"})
    assert {one.key: one.is_unasked for one in found} == {"B": True, "K": False}
