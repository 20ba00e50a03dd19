"""What is wanting in a plan: the golden thread, provision not quantified, what the law asks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.plan_checks import Around, findings, vague_words
from casework.rules.plan_content import Item, Section
from casework.rules.plan_sections import (
    NEED_SECTIONS,
    PROVISION_SECTIONS,
    ROW_SECTIONS,
    SERVES,
    WRITTEN_SECTIONS,
)

WHOLE = Around(has_health=True, has_social_care=True, year=3, is_health_agreed=True)


def provision(key: str, serves: tuple[str, ...], **said: str) -> Item:
    given = {"by_whom": "A therapist", "how_often": "Weekly", "how_long": "A year"} | said
    return Item(id=f"{key}-p", text="Thirty minutes of therapy.", serves=serves, **given)


def whole_plan() -> dict[str, Section]:
    """Return a plan in which nothing is wanting."""
    plan = {key: Section(key=key, words="None.") for key in WRITTEN_SECTIONS}
    for key in NEED_SECTIONS:
        plan[key] = Section(key=key, items=(Item(id=f"{key}-n", text="A need."),))
    needs = tuple(f"{key}-n" for key in NEED_SECTIONS)
    plan["E"] = Section(key="E", items=(Item(id="o", text="An outcome.", serves=needs),))
    for key in PROVISION_SECTIONS:
        plan[key] = Section(key=key, items=(provision(key, ("o",)),))
    return plan


def told(plan: dict[str, Section], around: Around = WHOLE) -> list[tuple[str, str]]:
    return [(one.label or one.section, one.words) for one in findings(plan, around)]


def test_nothing_is_wanting_in_a_whole_plan() -> None:
    assert told(whole_plan()) == []


def test_each_gap_in_the_thread_is_found_where_it_is() -> None:
    plan = whole_plan()
    plan["C"] = Section(key="C", items=(Item(id="new", text="Unserved."),))
    plan["E"] = Section(
        key="E", items=(*plan["E"].items, Item(id="o2", text="Alone.", serves=("gone",)))
    )
    plan["F"] = Section(key="F", items=(provision("F", ()),))
    assert told(plan) == [
        ("C1", "No outcome serves this need"),
        ("E2", "This outcome serves no need"),
        ("E2", "No provision serves this outcome"),
        ("F1", "This provision serves no outcome"),
    ]


def test_provision_that_is_not_quantified_is_found_and_case_law_is_named_for_f_alone() -> None:
    plan = whole_plan()
    plan["F"] = Section(key="F", items=(provision("F", ("o",), how_often="", how_long=""),))
    loose = replace(provision("G", ("o",)), text="Access to support, as appropriate.")
    plan["G"] = Section(key="G", items=(loose,))
    assert told(plan) == [
        ("F1", "It does not say how often or for how long"),
        ("G1", "It says “access to” and “as appropriate”, which leaves open how much is given"),
    ]
    of_f, of_g = findings(plan, WHOLE)
    assert "Case law" in of_f.because
    assert of_g.because == "Our own check"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Access to a quiet room", ("access to",)),
        ("Regular breaks, and regularly more", ("regular", "regularly")),
        ("Opportunities for play; opportunity to rest", ("opportunities for", "opportunity to")),
        ("When needed, as required", ("when needed", "as required")),
        ("Weekly if possible", ("if possible",)),
        ("An accessible room, with irregular verbs taught weekly", ()),
        ("Thirty minutes on each of five days", ()),
    ],
)
def test_vague_words_are_whole_words(text: str, found: tuple[str, ...]) -> None:
    assert vague_words(text) == found


def test_how_often_may_say_how_long_as_advice_does() -> None:
    plan = whole_plan()
    for often, is_found in (("15 minutes, twice a week", False), ("Twice a week", True)):
        item = provision("F", ("o",), how_often=often, how_long="")
        plan["F"] = Section(key="F", items=(item,))
        assert bool(told(plan)) is is_found, often


def test_only_section_i_stops_a_draft_and_it_comes_first() -> None:
    plan = whole_plan() | {"I": Section(key="I", words="Ashdown School"), "A": Section(key="A")}
    first, *rest = findings(plan, replace(WHOLE, is_health_agreed=False))
    assert (first.section, first.stops, first.because) == (
        *("I", True),
        "Children and Families Act 2014, s.38(5)",
    )
    assert rest
    assert not any(one.stops for one in rest)


def test_what_the_law_asks_besides_is_found_with_its_citation() -> None:
    around = Around(has_health=False, has_social_care=False, year=9, is_health_agreed=False)
    found = {one.words[:40]: one.because for one in findings(whole_plan(), around)}
    assert found == {
        "No advice from health feeds section C or": "Our own check",
        "No advice from social care feeds section": "Our own check",
        "The commissioning body has not agreed th": "SEND Regulations 2014, reg 12(2)",
        "From Year 9 provision to prepare for adu": "SEND Regulations 2014, reg 12(3)",
    }


def test_a_section_that_says_there_is_nothing_needs_no_advice_and_no_agreement() -> None:
    plan = whole_plan() | {key: Section(key=key, words="None.") for key in ("C", "G", "D")}
    plan |= {key: Section(key=key, words="None.") for key in ("H1", "H2")}
    needs = plan["B"].items
    outcome = Item(id="o", text="An outcome.", serves=(needs[0].id,))
    plan["E"] = Section(key="E", items=(outcome,))
    assert told(plan, Around(year=3)) == []
    plan["G"] = Section(key="G", words="Physiotherapy each week.")
    assert [where for where, _ in told(plan, Around(year=3))] == ["G"]


def test_preparing_for_adulthood_is_asked_from_year_nine_and_found_in_any_provision() -> None:
    plan = whole_plan()
    for year, wanting in ((8, False), (9, True), (None, False)):
        assert bool(told(plan, replace(WHOLE, year=year))) is wanting
    item = replace(provision("H2", ("o",)), text="Travel training, ten sessions.")
    plan["H2"] = Section(key="H2", items=(item,))
    assert told(plan, replace(WHOLE, year=9)) == []


def test_a_section_with_nothing_in_it_is_named_but_for_j() -> None:
    assert [one.section for one in findings({}, WHOLE)] == [*"ABCDEFG", "H1", "H2", "K"]


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Section]:
    """Draw a plan with any links, to rows that are there and to some that are not."""
    ids = {key: [f"{key}{n}" for n in range(draw(st.integers(0, 3)))] for key in ROW_SECTIONS}
    plan = {}
    for key in ROW_SECTIONS:
        there = [one for served in SERVES.get(key, ()) for one in ids[served]]
        links = st.lists(st.sampled_from([*there, "gone"]), unique=True).map(tuple)
        plan[key] = Section(
            key=key,
            items=tuple(
                Item(id=one, text="x", serves=draw(links), by_whom="x", how_often="x", how_long="x")
                for one in ids[key]
            ),
        )
    return plan


@given(plans())
def test_the_thread_is_whole_exactly_where_every_row_is_linked_both_ways(
    plan: dict[str, Section],
) -> None:
    rows = {item.id: (key, item) for key, section in plan.items() for item in section.items}
    links = {(item.id, to) for _, item in rows.values() for to in item.serves if to in rows}
    loose = set()
    for one, (key, _) in rows.items():
        if key in SERVES and not any(a == one for a, _ in links):
            loose.add((one, "up"))
        if key not in PROVISION_SECTIONS and not any(b == one for _, b in links):
            loose.add((one, "down"))
    found = {
        (one.item_id, "up" if one.words.startswith("This") else "down")
        for one in findings(plan, WHOLE)
        if one.item_id
    }
    assert found == loose
