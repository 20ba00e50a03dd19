"""Schools and other settings, looked up: for choosing one, and for keeping the list clean."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from casework import current
from casework.extensions import db
from casework.models import Case, Setting
from casework.names import search_key
from casework.queries.people import folded

PER_PAGE = 50
#: What a label has after the name, to tell it from its namesakes.
_SUFFIX = re.compile(r" (?:\(URN \d{6}\)|\[\d+\])$")
#: Words of so many letters or fewer are in too many names, and so many settings are enough to
#: find the nearest of.
_SHORT, _MOST = 2, 500
_IN_ORDER = (Setting.name_key, Setting.id)


class _Labelled(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def urn(self) -> str | None: ...


_Named = TypeVar("_Named", bound=_Labelled)


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One line of the list: a setting and how many cases are there."""

    setting: Setting
    cases: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `to_review` counts those that wait for review in all of it."""

    lines: list[SchoolLine]
    total: int
    number: int
    to_review: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def page(words: str = "", number: int = 1) -> Page:
    """Return one page of the settings, those to review first, then by name.

    `words` narrows it to names that hold each word's beginning, or to a URN or UKPRN.
    """
    conditions = [_has(word) for word in search_key(words).split()]
    total, to_review = db.session.execute(
        select(func.count(), func.count().filter(Setting.needs_review))
        .select_from(Setting)
        .where(*conditions)
    ).one()
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    held = select(Case.setting_id, func.count().label("cases")).group_by(Case.setting_id).subquery()
    statement = (
        select(Setting, func.coalesce(held.c.cases, 0))
        .outerjoin(held, held.c.setting_id == Setting.id)
        .where(*conditions)
        .order_by(Setting.needs_review.desc(), Setting.name_key, Setting.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    lines = [SchoolLine(setting, cases) for setting, cases in db.session.execute(statement)]
    return Page(lines, total, number, to_review)


def find(public_id: str) -> Setting | None:
    """Return a setting with its closures by the identifier in its address, or None."""
    return db.session.scalar(
        select(Setting)
        .where(Setting.public_id == public_id)
        .options(selectinload(Setting.closures))
    )


def by_id(setting_id: int) -> Setting:
    """Return a setting that is known to be held."""
    return db.session.get_one(Setting, setting_id)


def cases_at(setting_id: int) -> int:
    """Return how many cases name the setting, ended ones too."""
    statement = select(func.count()).select_from(Case).where(Case.setting_id == setting_id)
    return db.session.scalar(statement) or 0


def label(setting: _Labelled) -> str:
    """Return what a list calls a setting: its name, and its URN where one is held."""
    return f"{setting.name} (URN {setting.urn})" if setting.urn else setting.name


def offered() -> list[str]:
    """Return what a list offers, by name: what is open in our area, of no known area, or in use.

    Any other is found by its name or URN. The national register has tens of thousands.
    """
    code = current.settings().la_code
    in_use = select(Case.setting_id).where(Case.setting_id.is_not(None))
    near = or_(Setting.la_code.is_(None), Setting.la_code == code, Setting.id.in_(in_use))
    statement = select(Setting.name, Setting.urn).where(Setting.is_open, near)
    return list(_numbered(db.session.execute(statement.order_by(*_IN_ORDER)).all()))


def label_of(setting: Setting) -> str:
    """Return what the list calls this setting among all of them."""
    namesakes = _held(Setting.name_key == setting.name_key)
    return next(words for words, one in _numbered(namesakes).items() if one.id == setting.id)


def named(typed: str) -> list[Setting]:
    """Return the settings that a person means who typed this: a label, else a name or a URN.

    Of several with one name, of which one alone is open, it is that one.
    """
    key, number = folded(typed), "".join(typed.split())
    bare = folded(_SUFFIX.sub("", typed))
    held = _numbered(_held(or_(Setting.name_key.in_({key, bare}), Setting.urn == number)))
    if typed in held:
        return [held[typed]]
    found = [one for one in held.values() if one.name_key == key or one.urn == number]
    still_open = [one for one in found if one.is_open]
    return still_open if len(still_open) == 1 else found


def like(typed: str, at_most: int) -> list[str]:
    """Return the labels of the settings whose names come nearest to what was typed.

    First those of which each typed word begins a word, as where somebody stopped typing early.
    """
    by_label = {words: folded(_SUFFIX.sub("", words)) for words in offered()}
    by_label |= {words: one.name_key for words, one in _sharing_a_word(typed).items()}
    common = Counter(word for key in by_label.values() for word in key.split())
    typed_words = set(folded(typed).split())
    scores = {
        words: sum(1 / common[word] for word in typed_words & set(key.split()))
        for words, key in by_label.items()
    }
    shared = sorted((w for w in scores if scores[w]), key=lambda w: (-scores[w], w))
    by_key = {key: words for words, key in by_label.items()}
    spelt_alike = [by_key[key] for key in get_close_matches(folded(typed), by_key, at_most, 0.75)]
    begun = sorted(words for words, key in by_label.items() if _begins(typed_words, key.split()))
    return list(dict.fromkeys([*begun, *spelt_alike, *shared]))[:at_most]


def _begins(typed_words: set[str], name: list[str]) -> bool:
    return bool(typed_words) and all(
        any(word.startswith(typed) for word in name) for typed in typed_words
    )


def _sharing_a_word(typed: str) -> dict[str, Setting]:
    """Settings anywhere that share a word with what was typed: some, where there are many."""
    words = [word for word in folded(typed).split() if len(word) > _SHORT]
    if not words:
        return {}
    conditions = [Setting.name_key.contains(word, autoescape=True) for word in words]
    return _numbered(_held(Setting.is_open.is_(True), or_(*conditions), limit=_MOST))


def _held(*conditions: ColumnElement[bool], limit: int | None = None) -> Sequence[Setting]:
    statement = select(Setting).where(*conditions).order_by(*_IN_ORDER).limit(limit)
    return db.session.scalars(statement).all()


def _numbered(settings: Iterable[_Named]) -> dict[str, _Named]:
    """The settings by label. Two of one name without a URN are told apart by a number."""
    found: dict[str, _Named] = {}
    seen: Counter[str] = Counter()
    for setting in settings:
        words = label(setting)
        seen[words] += 1
        found[words if seen[words] == 1 else f"{words} [{seen[words]}]"] = setting
    return found


def _has(word: str) -> ColumnElement[bool]:
    return or_(
        Setting.name_key.like(f"{word}%"),
        Setting.name_key.like(f"% {word}%"),
        Setting.urn == word,
        Setting.ukprn == word,
    )
