"""The changes of stage of all cases, and whether everyone was told of each: in SQL, for figures.

What casework.rules.informing says of one case is said here of many; a test holds the two together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from casework import current
from casework.access import Scope
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    Adviser,
    Case,
    CaseEvent,
    Informed,
    Letter,
    LetterRecipient,
    Setting,
    User,
)
from casework.queries.scope import in_scope
from casework.queries.standing import stands, struck_out
from casework.rules.indicators import Period
from casework.rules.informing import (
    ADVISER,
    CHANGES,
    FINAL_SENT,
    FINAL_TO,
    SAID,
    TELLS_FAMILY,
    WORTH_TELLING_DAYS,
    tell_by,
)
from casework.rules.stages import STAGES

#: A statement that gives rows of named columns.
Rows = Select[*tuple[Any, ...]]

_INVOLVED = tuple(kind for kind, stage in CHANGES.items() if SAID[stage].involved)
_ADVISERS = tuple(kind for kind, stage in CHANGES.items() if SAID[stage].advisers)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """A case where somebody is still to be told of the stage to which it came."""

    case_id: int
    public_id: str
    reference: str
    setting: str | None
    officer: str | None
    stage: str
    on: date
    #: None where the working days of that year are not known.
    by: date | None


def are_there_any() -> bool:
    """Return whether anybody recorded that somebody was told, without which nothing can be said."""
    return bool(db.session.scalar(select(exists(select(Informed.id)))))


def changes_of_stage(period: Period) -> Rows:
    """Return one row for each change of stage in a period; `counts` where all were told in time.

    One statement reads on which days there were any, since SQL knows no bank holidays.
    """
    event = aliased(CaseEvent)
    fell = and_(event.happened_on.between(period.first, period.last), _is_change(event))
    days = db.session.scalars(select(event.happened_on).where(fell).distinct()).all()
    change = _changes(event, fell, by=_tell_by(days))
    owed, told = _owed(change), _told(change)
    in_time = case((owed.c.party.is_(None), 1), (told.c.on <= change.c.until, 1), else_=0)
    return (
        select(
            change.c.case_id,
            change.c.happened_on.label("placed_on"),
            (func.min(in_time) == 1).label("counts"),
            cast(null(), Integer).label("days"),
        )
        .select_from(_told_each(change, owed, told))
        .group_by(change.c.id, change.c.case_id, change.c.happened_on)
    )


def to_be_told(scope: Scope, today: date, *, limit: int) -> list[ToTell]:
    """Return the cases in scope where somebody is still to be told of where they are now.

    The oldest change first, at most `limit`; only changes that are worth telling. One statement.
    """
    event, later = aliased(CaseEvent), aliased(CaseEvent)
    gone_on = exists(
        select(later.id)
        .where(
            later.case_id == event.case_id,
            _is_change(later),
            _is_first(later),
            _comes_before(event, later),
        )
        .correlate(event)
    )
    since = today - timedelta(days=WORTH_TELLING_DAYS)
    change = _changes(event, and_(event.happened_on >= since, _is_change(event), not_(gone_on)))
    owed, told = _owed(change), _told(change)
    untold = (
        select(change.c.case_id, change.c.kind, change.c.happened_on)
        .select_from(_told_each(change, owed, told))
        .where(owed.c.party.is_not(None), told.c.on.is_(None))
        .distinct()
        .subquery()
    )
    rows = db.session.execute(
        select(
            *(Case.public_id, Case.reference, Setting.name, User.name),
            *(untold.c.kind, untold.c.happened_on, Case.id),
        )
        .select_from(untold)
        .join(Case, Case.id == untold.c.case_id)
        .outerjoin(Setting, Setting.id == Case.setting_id)
        .outerjoin(User, User.id == Case.officer_id)
        .where(in_scope(scope))
        .order_by(untold.c.happened_on, Case.id)
        .limit(limit)
    ).all()
    by = _tell_by({row[5] for row in rows})
    return [
        ToTell(
            case_id=row[6],
            public_id=row[0],
            reference=row[1],
            setting=row[2],
            officer=row[3],
            stage=STAGES[CHANGES[row[4]]].words,
            on=row[5],
            by=by.get(row[5]),
        )
        for row in rows
    ]


def _tell_by(days: Iterable[date]) -> dict[date, date]:
    within, calendar = current.settings().inform_within, england_and_wales()
    found = {day: tell_by(day, within, calendar) for day in days}
    return {day: by for day, by in found.items() if by is not None}


def _changes(
    event: Any, condition: ColumnElement[bool], *, by: Mapping[date, date] | None = None
) -> CTE:
    """The changes of stage that meet a condition, each with its case's setting.

    `until` is the last day on which one is told in time; null where that is not known. Worked out
    once for each change, and not once for each of those who were told of it.
    """
    unknown = cast(null(), Date)
    until = case(dict(by), value=event.happened_on, else_=unknown) if by else unknown
    found = (
        select(
            *(event.id, event.case_id, event.kind, event.happened_on, Case.setting_id),
            *(_stage(event).label("stage"), until.label("until")),
        )
        .join(Case, Case.id == event.case_id)
        .where(condition, _is_first(event))
    )
    return found.cte("change_of_stage").prefix_with("MATERIALIZED")


def _stage(event: Any) -> ColumnElement[Any]:
    return case({kind: stage.value for kind, stage in CHANGES.items()}, value=event.kind)


def _is_change(event: Any) -> ColumnElement[bool]:
    to_others = and_(event.kind == FINAL_SENT, func.coalesce(event.recipient, "") != FINAL_TO)
    return and_(event.kind.in_(CHANGES), not_(to_others))


def _is_first(change: Any) -> ColumnElement[bool]:
    """Whether the entry stands, and is the first that brought its case to the stage."""
    other = aliased(CaseEvent)
    sooner = exists(
        select(other.id)
        .where(
            other.case_id == change.case_id,
            _is_change(other),
            _stage(other) == _stage(change),
            stands(other),
            _comes_before(other, change),
        )
        .correlate(change)
    )
    return and_(stands(change), not_(sooner))


def _comes_before(one: Any, another: Any) -> ColumnElement[bool]:
    same_day = and_(one.happened_on == another.happened_on, one.id < another.id)
    return or_(one.happened_on < another.happened_on, same_day)


def _told_each(change: CTE, owed: CTE, told: CTE) -> FromClause:
    """Each change with each of those to be told of it, and the first day on which they were."""
    is_told = and_(
        told.c.case_id == change.c.case_id,
        told.c.stage == change.c.stage,
        told.c.party == owed.c.party,
    )
    return change.outerjoin(owed, owed.c.id == change.c.id).outerjoin(told, is_told)


def _owed(change: CTE) -> CTE:
    """One row for each of those to be told of a change, but the family that the step told."""
    is_involved, tells_advisers = change.c.kind.in_(_INVOLVED), change.c.kind.in_(_ADVISERS)
    asked, adviser = aliased(Adviser), aliased(Adviser)
    social_care_advises = exists(
        select(asked.id)
        .where(asked.service == "social_care", _advises(asked, change))
        .correlate(change)
    )

    def party(key: str, *conditions: ColumnElement[bool]) -> Rows:
        return select(change.c.id, literal(key).label("party")).where(*conditions)

    is_the_setting = and_(adviser.service == "school", change.c.setting_id.is_not(None))
    advisers = (
        select(change.c.id, literal(ADVISER).concat(cast(adviser.id, String)))
        .join(adviser, adviser.case_id == change.c.case_id)
        .where(
            *(tells_advisers, adviser.service != "family", not_(is_the_setting)),
            _advises(adviser, change),
        )
    )
    found = union_all(
        party("family", change.c.kind.not_in(TELLS_FAMILY), not_(_had_letter(change))),
        party("setting", is_involved, change.c.setting_id.is_not(None)),
        party("health_body", is_involved),
        party("social_care", is_involved, not_(and_(tells_advisers, social_care_advises))),
        advisers,
    )
    return found.cte("owed").prefix_with("MATERIALIZED")


def _told(change: CTE) -> CTE:
    """The first day on which each party was told of each stage, in the cases of these changes.

    What was taken back does not count, nor what was told of an entry that was struck out.
    """
    of, back = aliased(CaseEvent), aliased(Informed)
    stage = _stage(of)
    found = (
        select(
            Informed.case_id,
            stage.label("stage"),
            Informed.party,
            func.min(Informed.told_on).label("on"),
        )
        .join(of, of.id == Informed.event_id)
        .where(
            Informed.case_id.in_(select(change.c.case_id)),
            # Not as IS NULL, which has SQLite go through every row but these few.
            func.coalesce(Informed.corrects_id, 0) == 0,
            not_(exists(select(back.id).where(back.corrects_id == Informed.id))),
            _is_change(of),
            not_(struck_out(of)),
        )
        .group_by(Informed.case_id, stage, Informed.party)
    )
    return found.cte("told").prefix_with("MATERIALIZED")


def _advises(adviser: Any, change: CTE) -> ColumnElement[bool]:
    """Whether an adviser of the case was asked by the day of a change, and not let off by then."""

    def had(kind: str) -> ColumnElement[bool]:
        event = aliased(CaseEvent)
        return exists(
            select(event.id)
            .where(
                event.adviser_id == adviser.id,
                event.kind == kind,
                event.happened_on <= change.c.happened_on,
                stands(event),
            )
            .correlate(adviser, change)
        )

    return and_(
        adviser.case_id == change.c.case_id,
        had("advice_requested"),
        not_(had("advice_request_withdrawn")),
    )


def _had_letter(change: CTE) -> ColumnElement[bool]:
    """Whether a letter to the family noted the change."""
    of = aliased(CaseEvent)
    return exists(
        select(Letter.id)
        .join(of, of.id == Letter.event_id)
        .join(LetterRecipient, LetterRecipient.letter_id == Letter.id)
        .where(
            Letter.case_id == change.c.case_id,
            LetterRecipient.contact_id.is_not(None),
            _is_change(of),
            _stage(of) == change.c.stage,
            not_(struck_out(of)),
        )
        .correlate(change)
    )
