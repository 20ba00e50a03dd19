"""What accepted advice on a case can bring into its plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from casework.extensions import db
from casework.models import Advice
from casework.queries.case_advice import CaseAdvice
from casework.rules.checking import State
from casework.rules.civil_dates import spoken_date
from casework.rules.plan_from_advice import Advised


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One piece of accepted advice: who gave it, when, and what it says row by row."""

    words: str
    author: str
    on: date
    entries: tuple[Advised, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The accepted advice on a case, and whose waits to be checked."""

    accepted: tuple[Source, ...]
    unchecked: tuple[str, ...]
    #: Every piece of advice that came or is used again, a line each, for section K.
    received: tuple[str, ...]

    def entry(self, number: int) -> Advised | None:
        """Return an entry of accepted advice by its number, or None."""
        entries = (entry for source in self.accepted for entry in source.entries)
        return next((entry for entry in entries if entry.number == number), None)


def sources(advice: CaseAdvice) -> Sources:
    """Return what the advice on a case can bring into the plan, as far as it may be read.

    Of each adviser the newest version that stands. One statement.
    """
    came = [one for one in advice.stories if one.may_read and one.versions]
    came.sort(key=lambda one: one.versions[0].on)
    accepted = [one for one in came if one.checked.state is State.ACCEPTED]
    held = _with_entries([one.versions[0].advice.id for one in came])
    listed = [
        f"{one.words}: {_author(held[one.versions[0].advice.id])}, received "
        f"{spoken_date(one.versions[0].on)}"
        for one in came
    ]
    used = [f"{one.words}: {one.reuse.described}" for one in advice.reused if one.may_read]
    return Sources(
        accepted=tuple(
            Source(
                words=one.words,
                author=_author(held[one.versions[0].advice.id]),
                on=one.versions[0].on,
                entries=tuple(_advised(held[one.versions[0].advice.id])),
            )
            for one in accepted
        ),
        unchecked=tuple(one.words for one in came if one.checked.state is State.TO_CHECK),
        received=(*listed, *used),
    )


def _with_entries(ids: Sequence[int]) -> dict[int, Advice]:
    statement = (
        select(Advice)
        .where(Advice.id.in_(ids))
        .options(selectinload(Advice.entries))
        .execution_options(populate_existing=True)
    )
    return {advice.id: advice for advice in db.session.scalars(statement)}


def _author(advice: Advice) -> str:
    return ", ".join(filter(None, (advice.author, advice.author_post)))


def _advised(advice: Advice) -> list[Advised]:
    return [
        Advised(
            number=entry.id,
            need_section=entry.need_section,
            need=entry.need,
            outcome=entry.outcome,
            provision_section=entry.provision_section,
            provision=entry.provision,
            by_whom=entry.by_whom,
            how_often=entry.how_often,
        )
        for entry in advice.entries
    ]
