"""Identifiers: one way of writing each, and a wrong character is always found."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.identifiers import (
    NotValid,
    is_temporary,
    nhs_number,
    postcode,
    spaced_nhs_number,
    ukprn,
    uln,
    upn,
    urn,
)

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
VALUES = {letter: value for value, letter in enumerate(LETTERS + "0123456789")}


def check_letter(rest: str) -> str:
    """Weigh the other twelve characters 2 to 13; the remainder on 23 picks the letter."""
    digits = [int(x) if x.isdigit() else VALUES[x] for x in rest]
    return LETTERS[sum(w * d for w, d in zip(range(2, 14), digits, strict=True)) % 23]


@pytest.mark.parametrize(
    "typed",
    ["R868960192309", "r868960192309", " R868 9601 92309 ", "R868-9601-92-309", "Ｒ868960192309"],
)
def test_a_upn_is_read_however_it_is_spaced(typed: str) -> None:
    assert upn(typed) == "R868960192309"


def test_a_temporary_upn_ends_in_a_letter() -> None:
    permanent, temporary = upn("B801200005001"), "80120000500A"
    assert not is_temporary(permanent)
    letter = next(x for x in LETTERS if _is_upn(x + temporary))
    assert is_temporary(upn(letter + temporary))


def _is_upn(text: str) -> bool:
    try:
        return bool(upn(text))
    except NotValid:
        return False


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 12), st.integers(1, 9))
def test_one_wrong_digit_in_a_upn_is_always_found(rest: str, place: int, shift: int) -> None:
    letter = next(x for x in LETTERS if _is_upn(x + rest))
    wrong = list(letter + rest)
    wrong[place] = str((int(wrong[place]) + shift) % 10)
    with pytest.raises(NotValid, match="first letter does not fit"):
        upn("".join(wrong))


@given(st.text("0123456789", min_size=12, max_size=12))
def test_the_check_letter_is_the_published_sum(rest: str) -> None:
    assert upn(check_letter(rest) + rest) == check_letter(rest) + rest


@pytest.mark.parametrize(
    "typed", ["", "868960192309", "R86896019230", "RR68960192309", "R8689601923099"]
)
def test_what_is_no_upn_is_told_what_one_looks_like(typed: str) -> None:
    with pytest.raises(NotValid, match="1 letter and 12 numbers"):
        upn(typed)


def test_an_nhs_number_is_read_in_groups_and_shown_in_groups() -> None:
    assert nhs_number(" 943 476 5919 ") == nhs_number("943-476-5919") == "9434765919"
    assert spaced_nhs_number("9434765919") == "943 476 5919"


@pytest.mark.parametrize("typed", ["9434765918", "4934765919", "0000000000"])
def test_a_wrong_nhs_number_is_found(typed: str) -> None:
    with pytest.raises(NotValid, match="last number does not fit"):
        nhs_number(typed)


@pytest.mark.parametrize("typed", ["", "943476591", "9.43477E+09", "943476591A", "94347659190"])
def test_what_is_no_nhs_number_is_told_what_one_looks_like(typed: str) -> None:
    with pytest.raises(NotValid, match="10 numbers"):
        nhs_number(typed)


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda t: t[0] != "0"))
def test_a_uln_has_at_most_one_check_digit(nine: str) -> None:
    good = [d for d in "0123456789" if _is_uln(nine + d)]
    weighted = sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    assert good == ([str(10 - weighted)] if weighted else [])


def _is_uln(text: str) -> bool:
    try:
        return bool(uln(text))
    except NotValid:
        return False


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sl61rf", "SL6 1RF"),
        (" SL6  1RF ", "SL6 1RF"),
        ("ec1a1bb", "EC1A 1BB"),
        ("M1 1AE", "M1 1AE"),
        ("W1A 0AX", "W1A 0AX"),
        ("gir0aa", "GIR 0AA"),
        ("BF1 2AS", "BF1 2AS"),
    ],
)
def test_a_postcode_gets_capitals_and_one_space(typed: str, kept: str) -> None:
    assert postcode(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "SL6", "no fixed address", "75008 Paris", "SL6 1RC", "S16 IRF"]
)
def test_what_is_no_postcode_says_when_to_leave_it_empty(typed: str) -> None:
    with pytest.raises(NotValid, match="Leave it empty"):
        postcode(typed)


def test_a_settings_numbers_have_their_lengths() -> None:
    assert urn(" 109890") == "109890"
    assert ukprn("1001 2345") == "10012345"
    for number, typed in ((urn, "10989"), (ukprn, "20012345"), (ukprn, "")):
        with pytest.raises(NotValid, match="numbers"):
            number(typed)


@given(st.text(max_size=30))
def test_what_is_kept_is_kept_the_same_again(typed: str) -> None:
    checks: tuple[Callable[[str], str], ...] = (upn, nhs_number, uln, urn, ukprn, postcode)
    for check in checks:
        with suppress(NotValid):
            assert check(check(typed)) == check(typed)
