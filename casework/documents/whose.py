"""Whether a document says whose it is: a paper in the wrong child's case does harm."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from casework.names import search_key, search_keys

#: With fewer words than this nothing can be told: a scan, or a picture.
ENOUGH: Final = 30


def names_the_child(text: str, names: Iterable[str | None]) -> bool | None:
    """Return whether the text has one of the names in it; None where it has too few words to tell.

    `names` are those the child is known by. A text in which people wrote only the first name, or
    only the last, is taken to be about them: this looks for the wrong paper, not for proof.
    """
    words = search_key(text).split()
    if len(words) < ENOUGH:
        return None
    there = set(words) | set(map("".join, pairwise(words)))
    keys = {key for name in names if name for key in search_keys(name) if len(key) > 1}
    return bool(keys & there) if keys else None
