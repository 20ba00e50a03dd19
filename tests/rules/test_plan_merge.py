"""Two versions of a section put together: what only one changed is taken, and no words are lost."""

from hypothesis import given
from hypothesis import strategies as st

from casework.rules.plan_comparison import compared
from casework.rules.plan_content import Item, Section
from casework.rules.plan_merge import merged

TEXTS = st.sampled_from(["one", "two", "three"])


@st.composite
def sections(draw: st.DrawFn) -> Section:
    ids = draw(st.lists(st.sampled_from("abcd"), unique=True))
    return Section(
        key="B", words=draw(TEXTS), items=tuple(Item(id=i, text=draw(TEXTS)) for i in ids)
    )


def by_id(section: Section) -> dict[str, Item]:
    return {item.id: item for item in section.items}


@given(base=sections(), theirs=sections(), mine=sections())
def test_what_one_of_them_changed_stands_and_what_both_did_is_named(
    base: Section, theirs: Section, mine: Section
) -> None:
    both = merged(base, theirs, mine)
    was, other, own, now = map(by_id, (base, theirs, mine, both.section))
    for key in "abcd":
        a, b, c = was.get(key), other.get(key), own.get(key)
        if b == c or c == a:
            assert now.get(key) == b
        elif b == a:
            assert now.get(key) == c
        else:
            assert key in both.both
            assert now.get(key) == (c or b), "mine, or theirs where I took it out"
        assert (key in both.both) == (len({a, b, c}) == 3)
    assert both.words_too == (len({base.words, theirs.words, mine.words}) == 3)


@given(sections(), sections())
def test_merging_with_no_change_of_theirs_gives_mine_and_the_other_way_round(
    base: Section, changed: Section
) -> None:
    assert merged(base, base, changed).section == changed
    assert by_id(merged(base, changed, base).section) == by_id(changed)


@given(sections(), sections())
def test_a_comparison_holds_both_texts_whole(before: Section, after: Section) -> None:
    parts = compared(before, after)
    old = "".join(p.text for one in parts for p in one.pieces if p.change != "new")
    new = "".join(p.text for one in parts for p in one.pieces if p.change != "gone")
    assert sorted(old) == sorted(before.words + "".join(i.text for i in before.items))
    assert sorted(new) == sorted(after.words + "".join(i.text for i in after.items))


def test_a_row_is_found_again_where_it_was_moved_and_one_taken_out_is_named() -> None:
    first, second = Item(id="a", text="One."), Item(id="b", text="Two.", serves=("n1", "n9"))
    before = Section(key="E", items=(first, second))
    after = Section(key="E", items=(Item(id="b", text="Two."), Item(id="c", text="New.")))
    told = {one.label: one.is_changed for one in compared(before, after, {"n1": "B1"})}
    assert told == {
        "E1": False,
        "E1: serves": True,
        "E2, new": True,
        "E1, taken out": True,
    }
