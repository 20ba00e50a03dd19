"""A document that names somebody else is noticed; one that cannot be read is not judged."""

import pytest

from casework.documents.whose import names_the_child

FILLER = "The school has tried small groups each morning and a quiet place to work in. " * 4


@pytest.mark.parametrize("said", ["Zoë", "zoe", "O'BRIEN", "O’Brien", "O Brien", "Zoë O’Brien’s"])
def test_a_name_is_found_however_it_is_written(said: str) -> None:
    assert names_the_child(f"{FILLER} {said} enjoys this.", ["Zoë", "O’Brien", None])


def test_a_document_with_another_childs_name_alone_is_noticed() -> None:
    assert names_the_child(f"{FILLER} Ida enjoys this.", ["Zoë", "O’Brien"]) is False


def test_a_name_within_another_word_is_not_the_name() -> None:
    assert names_the_child(f"{FILLER} The candidate.", ["Ida", ""]) is False


@pytest.mark.parametrize("text", ["", "Page 1", "Ida"])
def test_too_few_words_tell_nothing(text: str) -> None:
    assert names_the_child(text, ["Zoë"]) is None
