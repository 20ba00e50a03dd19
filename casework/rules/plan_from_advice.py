"""Rows of a plan made from what advice says: its needs, outcomes and provision, linked as there.

A row keeps the id that its place in the advice gives it, so that an outcome finds the need beside
which it stood, and nothing is brought in twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from casework.rules.plan_content import Item, Section
from casework.rules.plan_sections import NEED_SECTIONS, PROVISION_SECTIONS, in_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """One entry of advice, as its author wrote it; `number` is its own among all advice."""

    number: int
    need_section: str
    need: str
    outcome: str = ""
    provision_section: str | None = None
    provision: str = ""
    by_whom: str = ""
    how_often: str = ""


def rows(advised: Advised) -> dict[str, Item]:
    """Return the rows that an entry gives, by the section each belongs to.

    How long is not asked of advice apart from how often, and is left for the officer to say.
    """
    need, outcome = f"need-{advised.number}", f"outcome-{advised.number}"
    found = {}
    if advised.need and advised.need_section in NEED_SECTIONS:
        found[advised.need_section] = Item(id=need, text=advised.need)
    if advised.outcome:
        found["E"] = Item(id=outcome, text=advised.outcome, serves=(need,))
    if advised.provision and advised.provision_section in PROVISION_SECTIONS:
        found[advised.provision_section] = Item(
            id=f"provision-{advised.number}",
            text=advised.provision,
            serves=(outcome,) if advised.outcome else (),
            by_whom=advised.by_whom,
            how_often=advised.how_often,
        )
    return found


def with_rows(
    sections: Mapping[str, Section], chosen: Iterable[tuple[Advised, str]]
) -> dict[str, Section]:
    """Return the sections that change, by their letters, with the chosen rows at their ends.

    `chosen` are entries, each with the section of which its row is wanted. A row that is there
    already stays as it is.
    """
    wanted = list(chosen)
    changed = {}
    for key in in_order(key for _, key in wanted):
        section = sections.get(key, Section(key=key))
        there = {item.id for item in section.items}
        new = [item for item in _rows_for(key, wanted) if item.id not in there]
        if new:
            items = (*section.items, *dict.fromkeys(new))
            changed[key] = Section(key=key, words=section.words, items=items)
    return changed


def _rows_for(key: str, chosen: Iterable[tuple[Advised, str]]) -> Iterator[Item]:
    for advised, section in chosen:
        item = rows(advised).get(key)
        if section == key and item is not None:
            yield item
