"""Two versions of a section beside each other: its words, and each row with the same row before."""

from collections.abc import Iterator, Mapping

from casework.rules.differences import Compared, differences
from casework.rules.plan_content import Item, Section, labels

#: What is compared of one row, in the order in which it is read.
_OF_ROW = (
    ("", "text"),
    ("by whom", "by_whom"),
    ("how often", "how_often"),
    ("for how long", "how_long"),
)
_GONE = "a row that is gone"


def compared(
    before: Section, after: Section, named: Mapping[str, str] | None = None
) -> list[Compared]:
    """Return every part of two versions beside each other, those that both leave empty left out.

    A row is found again by its id wherever it was moved; one that was taken out follows those that
    are there. `named` are the names of what rows serve ("B1").
    """
    return [one for one in _parts(before, after, named or {}) if one.pieces]


def _parts(before: Section, after: Section, named: Mapping[str, str]) -> Iterator[Compared]:
    yield Compared("Words", differences(before.words, after.words))
    was, now = _by_id(before), _by_id(after)
    old_names, new_names = labels([before]), labels([after])
    for key in dict.fromkeys((*now, *was)):
        label = new_names.get(key) or f"{old_names[key]}, taken out"
        if key not in was:
            label = f"{label}, new"
        for words, name in _OF_ROW:
            pieces = differences(_text(was.get(key), name), _text(now.get(key), name))
            yield Compared(f"{label}: {words}" if words else label, pieces)
        pieces = differences(_serves(was.get(key), named), _serves(now.get(key), named))
        yield Compared(f"{label}: serves", pieces)


def _by_id(section: Section) -> Mapping[str, Item]:
    return {item.id: item for item in section.items}


def _text(item: Item | None, name: str) -> str:
    return getattr(item, name) if item else ""


def _serves(item: Item | None, named: Mapping[str, str]) -> str:
    return ", ".join(named.get(one, _GONE) for one in item.serves) if item else ""
