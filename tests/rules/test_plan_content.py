"""A section is kept as text and read back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from casework.rules.plan_content import Item, Section, read, written

texts = st.text(max_size=30)
items = st.builds(
    Item, id=texts, text=texts, serves=st.lists(texts, max_size=3).map(tuple), how_often=texts
)


@given(st.builds(Section, key=st.just("F"), words=texts, items=st.lists(items).map(tuple)))
def test_what_was_written_is_read_back_as_it_was(section: Section) -> None:
    assert read("F", written(section)) == section


def test_a_section_of_blank_words_and_no_rows_is_empty() -> None:
    assert Section(key="A", words=" \n").is_empty
    assert not Section(key="B", items=(Item(id="n1", text="Reading"),)).is_empty
