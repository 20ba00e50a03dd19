"""What a section of a plan holds: words, and rows that say which others they serve.

An outcome serves needs, a provision serves outcomes: that is the golden thread from B, C and D
through E to F, G, H1 and H2.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One need, outcome or provision. `id` stays its own through every version of the section."""

    id: str
    text: str
    #: The ids of what it serves, in other sections: an outcome's needs, a provision's outcomes.
    serves: tuple[str, ...] = ()
    #: For a provision: who gives it, what exactly is in `text`, how often, and for how long.
    by_whom: str = ""
    how_often: str = ""
    how_long: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section: free words, for A, J, K and what introduces the rest, and its rows."""

    key: str
    words: str = ""
    items: tuple[Item, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is written in it."""
        return not (self.words.strip() or self.items)


def labels(sections: Iterable[Section]) -> dict[str, str]:
    """Return each row as people name it, by its id: its section and its place there.

    "F2" is the second of section F, and "H1.2" of section H1.
    """
    return {
        item.id: f"{section.key}{'.' if section.key[-1].isdigit() else ''}{place}"
        for section in sections
        for place, item in enumerate(section.items, start=1)
    }


def texts(section: Section) -> str:
    """Return all that was typed in a section, line by line, to look for something in it."""
    rows = ((i.text, i.by_whom, i.how_often, i.how_long) for i in section.items)
    return "\n".join([section.words, *(words for row in rows for words in row if words)])


_ALWAYS = ("id", "text")
_NAMES = tuple(field.name for field in fields(Item))


def written(section: Section) -> str:
    """Return the section as the JSON that is kept of it; the same section, the same text."""
    rows = [
        {name: value for name, value in asdict(item).items() if value or name in _ALWAYS}
        for item in section.items
    ]
    return json.dumps({"words": section.words, "items": rows}, ensure_ascii=False, sort_keys=True)


def read(key: str, content: str) -> Section:
    """Return the section that `written` wrote; raises ValueError for what it did not."""
    kept = json.loads(content)
    return Section(key=key, words=kept["words"], items=tuple(map(_item, kept["items"])))


def _item(row: dict[str, Any]) -> Item:
    named = {name: value for name, value in row.items() if name in _NAMES}
    return Item(**named | {"serves": tuple(row.get("serves", ()))})
