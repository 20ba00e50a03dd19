"""What an adviser returned: every version whole, for whoever may read it, and what changed."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from casework.access import Scope
from casework.codes import AdviceRoute
from casework.extensions import db
from casework.models import Advice, AdviceEntry, Adviser, User
from casework.queries.advice_access import readable
from casework.rules.differences import Compared, Piece, differences

#: What is compared of one need, in the order in which it is read.
_OF_ENTRY = (
    ("Section of the need", "need_section"),
    ("Need", "need"),
    ("Outcome", "outcome"),
    ("Section of the provision", "provision_section"),
    ("Provision", "provision"),
    ("By whom", "by_whom"),
    ("How often", "how_often"),
)
_OF_ADVICE = (
    ("Author", "author"),
    ("Author’s post", "author_post"),
    ("Sections it can feed", "sections"),
    ("Summary", "summary"),
    ("What the child or young person said", "child_voice"),
)


def versions_of(
    case_id: int, adviser_id: int, reads: Scope, user_id: int, today: date
) -> Mapping[int, Advice]:
    """Return what an adviser returned, by number of version, the newest first.

    Empty where the person may not read it. Each has its entries and its document: two statements.
    """
    statement = (
        select(Advice)
        .join(Adviser, Adviser.id == Advice.adviser_id)
        .where(
            Adviser.id == adviser_id,
            Adviser.case_id == case_id,
            readable(reads, user_id, today),
        )
        .options(
            joinedload(Advice.document),
            joinedload(Advice.entered_by).load_only(User.name),
            selectinload(Advice.entries),
        )
        .order_by(Advice.version.desc())
    )
    return {one.version: one for one in db.session.scalars(statement)}


def route_words(advice: Advice) -> str:
    """Return how a version reached the authority, in words."""
    return AdviceRoute(advice.route).words


def compared(before: Advice, after: Advice) -> list[Compared]:
    """Return every part of two versions beside each other, those that both leave empty left out."""
    return [Compared(label, pieces) for label, pieces in _parts(before, after) if pieces]


def _parts(before: Advice, after: Advice) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    for label, name in _OF_ADVICE:
        yield label, differences(_text(before, name), _text(after, name))
    yield "Document", differences(_document(before), _document(after))
    pairs = zip_longest(before.entries, after.entries)
    for number, (old, new) in enumerate(pairs, start=1):
        for label, name in _OF_ENTRY:
            yield f"{label} {number}", differences(_text(old, name), _text(new, name))


def _text(row: Advice | AdviceEntry | None, name: str) -> str:
    return (getattr(row, name) or "") if row is not None else ""


def _document(advice: Advice) -> str:
    return advice.document.title if advice.document else ""
