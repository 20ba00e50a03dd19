"""Schools and other settings, looked up: for choosing one, and for keeping the list clean."""

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from casework.extensions import db
from casework.models import Case, Setting
from casework.names import search_key
from casework.queries.people import all_settings, folded

PER_PAGE = 50


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


def label(setting: Setting) -> str:
    """Return what a list calls a setting: its name, and its URN where one is held."""
    return f"{setting.name} (URN {setting.urn})" if setting.urn else setting.name


def labels() -> dict[str, Setting]:
    """Return the settings by label, in order of name.

    Two of one name without a URN are told apart by a number in brackets.
    """
    found: dict[str, Setting] = {}
    seen: Counter[str] = Counter()
    for setting in all_settings():
        words = label(setting)
        seen[words] += 1
        found[words if seen[words] == 1 else f"{words} [{seen[words]}]"] = setting
    return found


def label_of(setting: Setting) -> str:
    """Return what the list calls this setting among all of them."""
    return next(words for words, held in labels().items() if held.id == setting.id)


def named(typed: str) -> list[Setting]:
    """Return the settings that a person means who typed this: a label, else a name or a URN."""
    held = labels()
    if typed in held:
        return [held[typed]]
    key, number = folded(typed), "".join(typed.split())
    return [s for s in held.values() if s.name_key == key or s.urn == number]


def like(typed: str, at_most: int) -> list[str]:
    """Return the labels of the settings whose names come nearest to what was typed."""
    held = labels()
    common = Counter(word for setting in held.values() for word in setting.name_key.split())
    typed_words = set(folded(typed).split())
    scores = {
        words: sum(1 / common[word] for word in typed_words & set(setting.name_key.split()))
        for words, setting in held.items()
    }
    shared = sorted((w for w in scores if scores[w]), key=lambda w: (-scores[w], w))
    by_key = {setting.name_key: words for words, setting in held.items()}
    spelt_alike = [by_key[key] for key in get_close_matches(folded(typed), by_key, at_most, 0.75)]
    return list(dict.fromkeys([*spelt_alike, *shared]))[:at_most]


def _has(word: str) -> ColumnElement[bool]:
    return or_(
        Setting.name_key.like(f"{word}%"),
        Setting.name_key.like(f"% {word}%"),
        Setting.urn == word,
        Setting.ukprn == word,
    )
