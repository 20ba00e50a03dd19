"""The rows of a section as boxes of a form: added, taken out and moved by buttons that send it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from wtforms.fields import Field

from casework import names
from casework.identifiers import NotValid
from casework.rules.plan_content import Item

#: How many rows one section holds, and how long each box of one may be.
ROWS = 60
LONGEST = {"text": 4000, "by_whom": 200, "how_often": 200, "how_long": 200}
NAMES = {"text": "What it says", "by_whom": "By whom", "how_often": "How often"} | {
    "how_long": "For how long"
}
_ID = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)
#: What identifiers in a page are made of: the box "text_k3x" is of the row "k3x".
_ROW = "row"


@dataclass(frozen=True, slots=True)
class BoxError:
    """What is wrong with one box: its id in the page, and what to do."""

    box: str
    words: str


class RowsField(Field):
    """Rows of needs, outcomes or provision, in the order in which the page has them.

    Each row keeps its id, which the page sends with its boxes. A row with nothing in it at all is
    no row; one that says only part of what it should is kept, and the live check says so.
    """

    data: tuple[Item, ...]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.box_errors: list[BoxError] = []
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any, data: Any = (), **_options: Any) -> None:
        """Take the rows from what was sent, where anything was; else those given."""
        self.data = tuple(data or ())
        self._unreadable: list[BoxError] = []
        if formdata is not None and formdata.getlist("number"):
            sent = dict.fromkeys(one for one in formdata.getlist(_ROW) if _ID.fullmatch(one))
            self.data = tuple(self._item(formdata, key) for key in list(sent)[:ROWS])

    def validate(self, _form: Any, _extra_validators: Sequence[Any] = ()) -> bool:
        """Return whether every box is short enough to keep."""
        too_long = [error for item in self.data for error in self._too_long(item)]
        self.box_errors = [*self._unreadable, *too_long]
        self.errors = [error.words for error in self.box_errors]
        return not self.errors

    @property
    def written(self) -> tuple[Item, ...]:
        """Return the rows in which anything is written."""
        return tuple(item for item in self.data if _says_anything(item))

    def add(self) -> str:
        """Add an empty row at the end, and return its id."""
        key = token_urlsafe(6)
        self.data = (*self.data, Item(id=key, text=""))
        return key

    def add_items(self, items: Sequence[Item]) -> None:
        """Add rows at the end; one that is there already stays as it is."""
        there = {item.id for item in self.data}
        kept = [item for item in self.data if _says_anything(item)]
        self.data = (*kept, *(item for item in items if item.id not in there))

    def remove(self, key: str) -> None:
        """Take a row out."""
        self.data = tuple(item for item in self.data if item.id != key)

    def move(self, key: str, by: int) -> None:
        """Move a row up (-1) or down (1), as far as there is room."""
        rows = list(self.data)
        at = next((n for n, item in enumerate(rows) if item.id == key), None)
        if at is not None and 0 <= at + by < len(rows):
            rows[at], rows[at + by] = rows[at + by], rows[at]
        self.data = tuple(rows)

    def explain(self, box: str, words: str) -> None:
        """Say what is wrong with a box, by its id in the page."""
        self.box_errors.append(BoxError(box, words))
        self.errors = [error.words for error in self.box_errors]

    def _item(self, formdata: Any, key: str) -> Item:
        serves = dict.fromkeys(formdata.getlist(f"serves_{key}"))
        return Item(
            id=key,
            serves=tuple(one for one in serves if _ID.fullmatch(one)),
            **{name: self._typed(formdata, name, key) for name in LONGEST},
        )

    def _typed(self, formdata: Any, name: str, key: str) -> str:
        """What was typed into a box; as it came where it cannot be kept, with what to do."""
        text = str(formdata.get(f"{name}_{key}", ""))
        text = text if name == "text" else " ".join(text.splitlines())
        try:
            return names.tidy(text, lines=name == "text")
        except NotValid as error:
            self._unreadable.append(BoxError(f"{name}_{key}", str(error)))
            return text

    def _too_long(self, item: Item) -> Iterator[BoxError]:
        place = self.data.index(item) + 1
        for name, longest in LONGEST.items():
            length = len(getattr(item, name))
            if length > longest:
                words = f"Row {place}, {NAMES[name].lower()}: use {longest:,} characters or fewer. "
                yield BoxError(f"{name}_{item.id}", f"{words}It has {length:,} now")


def _says_anything(item: Item) -> bool:
    return any((item.text, item.serves, item.by_whom, item.how_often, item.how_long))
