"""Two people's versions of one section put together, as far as they changed different things."""

from collections.abc import Mapping
from dataclasses import dataclass

from casework.rules.plan_content import Item, Section


@dataclass(frozen=True, slots=True)
class Merged:
    """Both versions as one; `both` are the ids of rows that each changed in another way.

    Of those `mine` stands. `words_too` says the same of the section's free words.
    """

    section: Section
    both: tuple[str, ...] = ()
    words_too: bool = False


def merged(base: Section, theirs: Section, mine: Section) -> Merged:
    """Return `mine` with what only `theirs` changed since `base`.

    A row that one of them took out stays where the other changed it: no words are lost. The order
    is mine, with their new rows at the end.
    """
    was, other, own = _by_id(base), _by_id(theirs), _by_id(mine)
    rows: list[Item] = []
    both: list[str] = []
    for key in dict.fromkeys((*own, *other)):
        item = _one(was.get(key), other.get(key), own.get(key))
        if item is not None:
            rows.append(item)
        if _clash(was.get(key), other.get(key), own.get(key)):
            both.append(key)
    words_too = len({base.words, theirs.words, mine.words}) == 3
    words = theirs.words if mine.words == base.words else mine.words
    section = Section(key=mine.key, words=words, items=tuple(rows))
    return Merged(section, tuple(both), words_too)


def _by_id(section: Section) -> Mapping[str, Item]:
    return {item.id: item for item in section.items}


def _one(was: Item | None, theirs: Item | None, mine: Item | None) -> Item | None:
    if mine == was:
        return theirs
    if mine is None and theirs != was:
        return theirs
    return mine


def _clash(was: Item | None, theirs: Item | None, mine: Item | None) -> bool:
    return mine != theirs and was not in (mine, theirs)
