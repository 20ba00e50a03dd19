"""Names: kept as given, found as typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.identifiers import NotValid
from casework.names import search_key, search_keys, tidy


def found(typed: str, name: str) -> bool:
    """Say whether a search for `typed` finds `name`: each word begins one of its keys."""
    keys = search_keys(name)
    return all(any(key.startswith(word) for key in keys) for word in search_key(typed).split())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("jose", "José"),
        ("JOSÉ", "Jose"),
        ("obrien", "O'Brien"),
        ("o’brien", "OʼBrien"),
        ("O'Brien", "O’Brien"),
        ("o brien", "O`Brien"),
        ("brien", "O´Brien"),
        ("zajac", "Zając"),
        ("isik", "Işık"),
        ("IŞIK", "isik"),
        ("ipek", "İpek"),
        ("gross", "Groß"),
        ("muller", "Müller"),
        ("mueller", "Müller"),
        ("ŵyn", "wyn"),
        ("wyn", "Ŵyn"),
        ("nguyen", "Nguyễn"),
        ("lukasz", "Łukasz"),
        ("ivanova", "Иванова"),
        ("Иванова", "Ivanova"),
        ("mary smith", "Smith-Jones Mary"),
        ("smithjones", "Mary Smith-Jones"),
        ("smith jones", "Smith‐Jones"),
        ("vanderberg", "van der Berg"),
        ("darcy", "d'Arcy"),
        ("siobhan", "Siobhán"),
        ("smi", "Smith"),
        ("pаul", "Paul"),  # the a is Cyrillic
        ("soren", "Søren"),
        ("soeren", "Søren"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, name: str) -> None:
    assert found(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"), [("smith", "Smyth"), ("jones x", "Jones"), ("mith", "Smith")]
)
def test_another_name_is_not_found(typed: str, name: str) -> None:
    assert not found(typed, name)


@given(st.text(min_size=1, max_size=40))
def test_a_name_finds_itself_composed_or_not(name: str) -> None:
    for form in ("NFC", "NFD"):
        assert search_key(unicodedata.normalize(form, name)) == search_key(name)
        assert found(unicodedata.normalize(form, name), name)


@pytest.mark.parametrize(
    "name",
    [
        "Null",
        "True",
        "None",
        "-",
        "=Sum",
        'O"Neil',
        "Robert'); DROP",
        "<b>",
        "İpek",
        "Nguye\u0302\u0303n",
        "علی\u200cرضا",
        "王小明",
        "X",
        "van der Berg",
        "Jean  Luc",
    ],
)
def test_a_name_that_looks_like_anything_else_is_kept_as_given(name: str) -> None:
    assert tidy(name) == name


@pytest.mark.parametrize(
    "typed", [" Ana", "Ana\u00a0", "\u200bAna\u200d", "\ufeffAna\t", "\u200fAna \u00ad", "Ana\n"]
)
def test_what_nobody_sees_at_the_ends_goes(typed: str) -> None:
    assert tidy(typed) == "Ana"


@pytest.mark.parametrize("typed", [" ", "\u00a0\u200b", "\u2060"])
def test_only_spaces_is_empty(typed: str) -> None:
    assert tidy(typed) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "A\x00na",
        "A\u202ena",
        "A\u2066na",
        "A\x07na",
        f"A{chr(0xD800)}na",
        "A\ufffena",
        "A\ufffdna",
        "A\nna",
        "A\x85na",
    ],
)
def test_hidden_characters_are_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(NotValid, match="Type the text again"):
        tidy(typed)


def test_notes_keep_their_lines_and_count_each_break_once() -> None:
    assert tidy("one\r\ntwo\rthree\tx\r\n", lines=True) == "one\ntwo\nthree\tx"


@given(st.text(max_size=40))
def test_tidying_twice_changes_nothing(typed: str) -> None:
    try:
        cleaned = tidy(typed)
    except NotValid:
        return
    assert tidy(cleaned) == cleaned
    assert cleaned in typed
