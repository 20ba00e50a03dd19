"""What changed between two texts, and that neither loses a letter by it."""

from hypothesis import given
from hypothesis import strategies as st

from casework.rules.differences import Change, Piece, differences


def joined(pieces: tuple[Piece, ...], without: Change) -> str:
    return "".join(piece.text for piece in pieces if piece.change is not without)


def test_words_are_compared_and_not_letters() -> None:
    assert differences("weekly, by a therapist", "daily, by a therapist") == (
        Piece(Change.GONE, "weekly"),
        Piece(Change.NEW, "daily"),
        Piece(Change.SAME, ", by a therapist"),
    )


def test_two_empty_texts_have_no_pieces() -> None:
    assert differences("", "") == ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_texts_can_be_read_whole_from_the_pieces(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert joined(pieces, Change.NEW) == before
    assert joined(pieces, Change.GONE) == after


def test_texts_too_long_to_compare_are_shown_whole() -> None:
    before, after = "a " * 4000, "a " * 4000 + "b"
    assert differences(before, after) == (Piece(Change.GONE, before), Piece(Change.NEW, after))
