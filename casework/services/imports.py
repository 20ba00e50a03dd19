"""A tracker comes in: every row that can be read, in one transaction, or none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from casework import database
from casework.extensions import db
from casework.queries import imports as held
from casework.services import audit_trail, deadlines
from casework.services.audit_trail import Act, Actor
from casework.services.imported_cases import Writer
from casework.services.imported_names import Officers, Settings
from casework.tracker.facts import facts
from casework.tracker.findings import Doubt
from casework.tracker.plan import Plan, plan, unused
from casework.tracker.rows import TrackerRow

#: Any number, so long as nothing else of ours takes the same advisory lock.
IMPORT_LOCK: Final = 820_140_362
BATCH: Final = 1_000
#: Of SQLite's pages kept in memory, in KiB; negative is how SQLite is told so.
CACHE: Final = -128 * 1024


class Busy(Exception):
    """Another import is under way, or someone is writing: `str(busy)` says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import did, or would do.

    `doubts` are what came to light beside the records held; `new_officers` and `new_settings` the
    names that were made for review.
    """

    imported: int
    already_held: int
    doubts: tuple[Doubt, ...]
    new_officers: tuple[str, ...]
    new_settings: tuple[str, ...]


def preview(*, rows: Sequence[TrackerRow], today: date) -> Outcome:
    """Return what `import_rows` would do with these rows now. Changes nothing."""
    with database.reading():
        planned = plan(rows, held.children())
        officers, settings = _names(planned)
    for made in planned.to_make:
        planned.doubts += unused(made.row, facts(made.row, today))
    return _outcome(planned, officers, settings)


def import_rows(
    *,
    actor: Actor,
    rows: Sequence[TrackerRow],
    today: date,
    filename: str = "",
    progress: Callable[[int], None] = lambda _done: None,
) -> Outcome:
    """Bring rows in and commit: all of them, or none where anything fails.

    A row whose case is held already is passed over, so that a second import adds nothing.
    `progress` is called with the number of cases made since its last call. Raises Busy.
    """
    try:
        _take_turn()
        planned = plan(rows, held.children())
        officers, settings = _names(planned)
        acts = [*officers.make(), *settings.make()]
        writer = Writer(actor, today, officers, settings)
        for start in range(0, len(planned.to_make), BATCH):
            batch = planned.to_make[start : start + BATCH]
            made = writer.keep(batch)
            deadlines.refresh([case_id for case_id, _ in made])
            acts += [
                Act(action="imported case", case_id=case_id, changes={"row": (None, line)})
                for case_id, line in made
            ]
            progress(len(batch))
        planned.doubts += writer.doubts
        outcome = _outcome(planned, officers, settings)
        audit_trail.record_all(actor, [*acts, _whole(outcome, filename)])
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return outcome


def _take_turn() -> None:
    """Let one import in at a time: two of the same file at once would make every child twice."""
    try:
        if db.session.get_bind().dialect.name == "sqlite":
            # To begin is to take the only writer's place. The cache is a bound that only a long
            # import comes near, and without room for its indexes it takes half as long again.
            db.session.connection().exec_driver_sql(f"PRAGMA cache_size = {CACHE}")
            return
        taken = db.session.scalar(
            text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK}
        )
    except OperationalError as error:
        raise Busy(_BUSY) from error
    if not taken:
        raise Busy(_BUSY)


_BUSY = (
    "Another tracker is being brought in, so nothing was changed. Wait until that is finished, "
    "then try again"
)


def _names(planned: Plan) -> tuple[Officers, Settings]:
    rows = [made.row for made in planned.to_make]
    return Officers(rows, held.officers()), Settings(rows, held.settings())


def _outcome(planned: Plan, officers: Officers, settings: Settings) -> Outcome:
    doubts = sorted((*planned.doubts, *officers.doubts), key=lambda doubt: doubt.line)
    return Outcome(
        imported=len(planned.to_make),
        already_held=planned.already_held,
        doubts=tuple(doubts),
        new_officers=officers.new,
        new_settings=settings.new,
    )


def _whole(outcome: Outcome, filename: str) -> Act:
    """The act that stands for the whole import."""
    counts = {"cases": outcome.imported, "already held": outcome.already_held}
    changes = {name: (None, count) for name, count in counts.items()}
    return Act(action="imported tracker", changes={"file": (None, filename), **changes})
