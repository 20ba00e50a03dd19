"""What in a section looks like somebody's details or another child's name, asked about once.

A plan goes to many hands. A detail that is to stand in it is ticked by whoever saves it, one by
one; what the section held before is not asked about again. A protected detail is not a matter of
asking: it is refused (casework.services.protected_text).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from casework.database import reading
from casework.queries.protected_particulars import must_not_hold
from casework.rules.found_in_text import KINDS, found, others_in
from casework.rules.plan_content import Item, Section, labels


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing found: in which row, the box it stands in, what it looks like, and its words."""

    label: str
    box: str
    looks_like: str
    words: str

    @property
    def question(self) -> str:
        """Return what to do about it, in words."""
        return (
            f"{self.label}: “{self.words}” looks like {self.looks_like}. Take it out, or tick "
            "below that it is to stand in the plan"
        )


def doubts(
    case_id: int, changes: Iterable[tuple[Section, Section]], kept: Collection[str]
) -> list[Doubt]:
    """Return what is new in sections of a case's plan and looks as if it did not belong there.

    `changes` are sections as they were and as they are to be; `kept` are words that were ticked.
    """
    with reading():
        names = must_not_hold(case_id).others
    seen: dict[tuple[str, str], Doubt] = {}
    for before, after in changes:
        old = "\n".join(text for _, _, text in _texts(before))
        for label, box, text in _texts(after):
            for hit in (*found(text), *others_in(text, names)):
                if hit.words not in kept and hit.words not in old:
                    doubt = Doubt(label, box, KINDS[hit.kind], hit.words)
                    seen.setdefault((box, hit.words), doubt)
    return list(seen.values())


def _texts(section: Section) -> Iterator[tuple[str, str, str]]:
    """Every box of a section: the name of its row, its id in the page, and its words."""
    yield f"Section {section.key}", "words", section.words
    named = labels([section])
    for item in section.items:
        for name in ("text", "by_whom", "how_often", "how_long"):
            yield named[item.id], f"{name}_{item.id}", _text(item, name)


def _text(item: Item, name: str) -> str:
    return str(getattr(item, name))
