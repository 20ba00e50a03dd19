"""What was changed in a section since the draft that the family has, in words."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from casework.rules.plan_content import Item, Section
from casework.rules.plan_sections import ALL_SECTIONS, NEED_SECTIONS, PROVISION_SECTIONS


@dataclass(frozen=True, slots=True)
class Changed:
    """One section that is no longer as the family has it.

    `is_unasked` where no comment of the family on it was accepted: the authority then changed it
    of its own accord, and a new draft is due (Code of Practice, para 9.125).
    """

    key: str
    words: str
    is_unasked: bool


def since_the_draft(
    draft: Mapping[str, Section], now: Mapping[str, Section], accepted: Collection[str]
) -> list[Changed]:
    """Return the sections that differ, in the plan's order.

    `accepted` are those on which a comment of the family was accepted, in whole or in part.
    """
    found = []
    for key in ALL_SECTIONS:
        none = Section(key=key)
        if words := _differences(key, draft.get(key, none), now.get(key, none)):
            found.append(Changed(key, words, key not in accepted))
    return found


def _differences(key: str, draft: Section, now: Section) -> str:
    before = {item.id: item for item in draft.items}
    after = {item.id: item for item in now.items}
    said = [
        _counted(key, len(after.keys() - before.keys()), "added"),
        _counted(key, _count(before, lambda i: i.id in after and after[i.id] != i), "changed"),
        _counted(key, len(before.keys() - after.keys()), "taken out"),
        "its words changed" if draft.words != now.words else "",
    ]
    words = ", ".join(one for one in said if one)
    if words or list(before) == list(after):
        return words
    return "put in another order"


def _count(items: Mapping[str, Item], is_so: Callable[[Item], bool]) -> int:
    return sum(is_so(item) for item in items.values())


def _counted(key: str, count: int, done: str) -> str:
    return f"{count} {_noun(key, count)} {done}" if count else ""


def _noun(key: str, count: int) -> str:
    if key in PROVISION_SECTIONS:
        return "provision" if count == 1 else "provisions"
    noun = "need" if key in NEED_SECTIONS else "outcome" if key == "E" else "entry"
    if count == 1:
        return noun
    return "entries" if noun == "entry" else f"{noun}s"
