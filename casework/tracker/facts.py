"""A row of a tracker as what happened to a case: events, the bodies asked, an exception.

Nothing is made up. A step whose day was not written takes another day of its row and says so
(`day_not_recorded`); one that no day of the row can stand for is left out, and that is said too.
An officer's status word starts and ends nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from casework.rules.advisers import SERVICES, Agency, read_service
from casework.rules.events import RECIPIENTS
from casework.rules.exceptions import REGULATIONS, read_ground
from casework.tracker.rows import TrackerRow

#: A tracker's mark is for the 20 weeks (SEND Regulations 2014, regulation 13(3)).
MARKED_UNDER: Final = "13(3)"

_DAYS: Final = (
    "assess_decision_sent", "ep_requested", "ep_received", "health_requested", "health_received",
    "social_care_requested", "social_care_received", "panel_date", "no_plan_notice_sent",
    "draft_served", "final_plan_sent", "withdrawn_on",
)  # fmt: skip
#: Steps that are taken only once an assessment has been agreed.
_ASSESSING: Final = (
    "ep_requested", "health_requested", "social_care_requested", "no_plan_notice_sent",
    "draft_served", "final_plan_sent",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerEvent:
    """One event that a row tells of; names are those of a case's events."""

    kind: str
    on: date
    #: Place in `RowFacts.advisers` of the body that it concerns.
    adviser: int | None = None
    recipient: str | None = None
    outcome: str | None = None
    note: str | None = None
    #: A key of casework.rules.events.DOUBTS.
    doubt: str | None = None
    #: Of an exception: regulation, ground and reason, and what was not recorded.
    exception: Mapping[str, str | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What one row tells: the kind of case, its events, and (service, name) of each body asked.

    `doubts` are (field, reason) for what the row says and no event could be made of.
    """

    kind: str
    events: tuple[TrackerEvent, ...]
    advisers: tuple[tuple[str, str | None], ...]
    doubts: tuple[tuple[str, str], ...]


def facts(row: TrackerRow, today: date) -> RowFacts:
    """Return what a row tells, on the day `today`."""
    advisers: list[tuple[str, str | None]] = []
    doubts: list[tuple[str, str]] = []
    events = (
        _start(row),
        *_decision_to_assess(row, doubts),
        *_advice(row, advisers, doubts),
        *_decision_to_issue(row, today),
        *_plan(row),
        *_exception(row, today),
        *_withdrawal(row, today),
    )
    kind = "request" if row.is_request else "attention"
    return RowFacts(kind, events, tuple(advisers), tuple(doubts))


def _start(row: TrackerRow) -> TrackerEvent:
    kind = "request_received" if row.is_request else "became_responsible"
    return TrackerEvent(kind=kind, on=row.request_received, note=row.notes or None)


def _decision_to_assess(row: TrackerRow, doubts: list[tuple[str, str]]) -> Iterator[TrackerEvent]:
    """Yield the decision, and the notice of it, which alone ends the six weeks.

    Where neither Y nor N was written, a step that only follows a yes answers for it.
    """
    sent, agreed = row.assess_decision_sent, row.decision_to_assess
    went_on = [day for name in _ASSESSING if (day := getattr(row, name))]
    if agreed is None and (went_on or row.issue_plan is not None):
        agreed = True if sent else None
    if agreed is None:
        if sent:
            reason = "The decision is not given, so this day is left out. Write Y or N beside it"
            doubts.append(("assess_decision_sent", reason))
        return
    decided = "decided_to_assess" if agreed else "decided_not_to_assess"
    if sent:
        if row.panel_date and row.panel_date <= sent:
            yield TrackerEvent(kind=decided, on=row.panel_date)
        yield TrackerEvent(kind="told_will_assess" if agreed else "told_will_not_assess", on=sent)
    else:
        on = min((day for day in went_on if day >= row.request_received), default=None)
        yield TrackerEvent(kind=decided, on=on or row.request_received, doubt="day_not_recorded")


def _advice(
    row: TrackerRow, advisers: list[tuple[str, str | None]], doubts: list[tuple[str, str]]
) -> Iterator[TrackerEvent]:
    """Yield what was asked of each body and what came back.

    A body whose answer has a day and whose asking has none keeps the answer and is not timed.
    """
    for who, asked, received, outcome, name in _bodies(row):
        column = name.removesuffix("_requested")
        if asked is None and received is None:
            if outcome:
                doubts.append((f"{column}_outcome", "No day is given, so it is left out"))
            continue
        place = len(advisers)
        advisers.append(who)
        if asked:
            yield TrackerEvent(kind="advice_requested", on=asked, adviser=place)
        else:
            reason = "The day it was asked is not recorded, so the answer is not timed"
            doubts.append((name, reason))
        if received:
            answer = outcome or "advice"
            yield TrackerEvent(kind="advice_received", on=received, adviser=place, outcome=answer)
        elif outcome:
            reason = "There is an answer and no day, so it counts as not answered. Write the day"
            doubts.append((f"{column}_received", reason))


def _bodies(
    row: TrackerRow,
) -> Iterator[tuple[tuple[str, str | None], date | None, date | None, str | None, str]]:
    """Yield (service and name), day asked, day answered, how, and the field of the asking."""
    psychology = ("educational_psychology", None)
    yield psychology, row.ep_requested, row.ep_received, None, "ep_requested"
    outcome = row.health_outcome.value if row.health_outcome else None
    health = _health_service(row.health_service)
    yield health, row.health_requested, row.health_received, outcome, "health_requested"
    asked, received = row.social_care_requested, row.social_care_received
    yield ("social_care", None), asked, received, None, "social_care_requested"


@lru_cache(maxsize=512)
def _health_service(words: str) -> tuple[str, str | None]:
    """Return the health service that the words mean; where none is meant, the words as a name."""
    key = read_service(words, otherwise="other_health")
    if SERVICES[key].agency is not Agency.HEALTH:
        key = "other_health"
    return key, (words or None) if key == "other_health" else None


def _decision_to_issue(row: TrackerRow, today: date) -> Iterator[TrackerEvent]:
    """Yield the decision whether to issue a plan; the notice that there will be none tells itself.

    The panel that met after the family was told of the assessment is the one that decided this.
    A yes with no day of its own is no second look at the notice that there will be no plan.
    """
    if row.issue_plan is None or (row.issue_plan is False and row.no_plan_notice_sent):
        return
    told = row.assess_decision_sent
    panel = row.panel_date if row.panel_date and (not told or row.panel_date > told) else None
    kind = "decided_to_issue" if row.issue_plan else "decided_not_to_issue"
    on = panel or (row.issue_plan and (row.draft_served or row.final_plan_sent)) or None
    on = on or row.no_plan_notice_sent or _last_day(row, today)
    yield TrackerEvent(kind=kind, on=on, doubt="day_not_recorded")


def _plan(row: TrackerRow) -> Iterator[TrackerEvent]:
    """Yield the notice of no plan, the draft, and the final plan to each recipient."""
    if row.no_plan_notice_sent:
        yield TrackerEvent(kind="no_plan_notice_sent", on=row.no_plan_notice_sent)
    if row.draft_served:
        yield TrackerEvent(kind="draft_served", on=row.draft_served)
    if row.final_plan_sent:
        for recipient in RECIPIENTS:
            yield TrackerEvent(
                kind="final_plan_sent",
                on=row.final_plan_sent,
                recipient=recipient,
                doubt="one_date_for_all",
            )


def _exception(row: TrackerRow, today: date) -> Iterator[TrackerEvent]:
    """Yield the exception as it was marked: its ground where the words name one of the law's."""
    if not row.exception:
        return
    ground = read_ground(row.exception_reason)
    yield TrackerEvent(
        kind="exception_recorded",
        on=row.final_plan_sent or _last_day(row, today),
        doubt="as_recorded",
        exception={
            "regulation": MARKED_UNDER,
            "ground": ground if ground in REGULATIONS[MARKED_UNDER].grounds else None,
            "evidence": None,
            "reason": row.exception_reason,
            "approver_recorded": False,
        },
    )


def _withdrawal(row: TrackerRow, today: date) -> Iterator[TrackerEvent]:
    """Yield the withdrawal. One with no day stands at the last day of the row: a case that the
    family has ended must not go on to be overdue."""
    if row.withdrawn_on:
        yield TrackerEvent(kind="withdrawn", on=row.withdrawn_on)
    elif row.withdrawn:
        yield TrackerEvent(kind="withdrawn", on=_last_day(row, today), doubt="day_not_recorded")


def _last_day(row: TrackerRow, today: date) -> date:
    """Return the last day that the row tells of and that has come."""
    days: list[date] = [day for name in _DAYS if (day := getattr(row, name)) and day <= today]
    return max([row.request_received, *days])
