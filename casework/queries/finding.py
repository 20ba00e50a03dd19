"""Cases found by what a person types: a reference, a number, or the beginnings of names."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, select, union
from sqlalchemy.orm import aliased

from casework.models import Case, Person, PersonNameKey
from casework.names import search_key

#: A reference as people type it, or its figures alone; and what stands between those of a number.
_REFERENCE = re.compile(r"ehc[\s-]*0*(\d{1,9})|0*(\d{1,6})", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"[\s-]+")


def as_reference(words: str) -> str | None:
    """Return the reference that the words are, however they are typed ("ehc 42", "42"), or None."""
    found = _REFERENCE.fullmatch(words.strip())
    return f"EHC-{int(found[1] or found[2]):06d}" if found else None


def cases_for(words: str) -> Select[int] | CompoundSelect[int]:
    """Return the ids of the cases that the words mean, as a select, in whatever scope.

    A reference or number whole, or every word the beginning of one of the child's names.

    Each way is a select of its own, which its index answers, and the ids are put together: with
    "or" between the ways no index would serve, and every case would be read.
    """
    ours = as_reference(words)
    by_reference = select(Case.id).where(Case.reference == ours)
    if ours and not words.strip().isdigit():  # figures alone may be a tracker's own reference
        return by_reference
    number = _BETWEEN.sub("", words).upper()
    children = [Person.upn == number, Person.nhs_number == number]
    ways = [by_reference] if ours else []
    ways.append(select(Case.id).where(Case.tracker_reference == words.strip()))
    ways += [select(Case.id).join(Person).where(theirs) for theirs in children]
    if named := sorted(search_key(words).split(), key=len, reverse=True):
        ways.append(_named(named))
    return union(*ways)


def _named(words: Sequence[str]) -> Select[int]:
    """The cases of children with a name for each word, found by the longest word first."""
    longest, *others = words
    name = PersonNameKey
    found = select(Case.id).join(name, name.person_id == Case.person_id)
    found = found.where(_begins(name, longest))
    for word in others:
        other = aliased(PersonNameKey)
        found = found.where(exists().where(other.person_id == Case.person_id, _begins(other, word)))
    return found


def _begins(name: type[PersonNameKey], word: str) -> ColumnElement[bool]:
    # "~" sorts after every letter and figure a key can hold, so this is a prefix by its index.
    return and_(name.key >= word, name.key < f"{word}~")
