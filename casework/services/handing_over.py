"""Cases chosen one by one and handed to an officer together, whoever held them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import Case, Interest, User
from casework.queries import officers
from casework.services import audit_trail, cases
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Refused


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the person saw it who chose it: its version, and who held it."""

    case_id: int
    version: int
    officer_id: int | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The references of the cases that go, and of those that stay, each with why."""

    going: tuple[str, ...]
    staying: tuple[tuple[str, str], ...]


def would_hand_over(*, seen: Sequence[Seen], to_id: int) -> HandedOver:
    """Return what `hand_over` would do now, and do nothing. Raises Refused."""
    to = _taker(to_id)
    return _answer(*_parted(_read(seen), seen, to))


def hand_over(*, actor: Actor, today: date, seen: Sequence[Seen], to_id: int) -> HandedOver:
    """Give cases to an officer in one transaction, and commit.

    One stays that was changed or handed over since it was seen, has ended, is the officer's
    already, is complex where they take none, or is hidden from them by an interest. Raises
    Refused where they may not be given cases.
    """
    to = _taker(to_id)
    going, staying = _parted(_read(seen, hold=True), seen, to)
    acts = [
        Act(
            action="handed over case",
            case_id=case.id,
            changes={"officer": (case.officer_id, to_id)},
        )
        for case in going
    ]
    cases.assign(going, to_id, today)
    answer = _answer(going, staying)
    audit_trail.record_all(actor, acts)
    db.session.commit()
    return answer


def _taker(to_id: int) -> User:
    found = next((user for user in officers.assignable() if user.id == to_id), None)
    if found is None:
        raise Refused({"to": "Choose another officer who may be given cases"})
    return found


def _read(seen: Sequence[Seen], *, hold: bool = False) -> Sequence[Case]:
    """The cases as they are now; with `hold`, nobody else changes them before this is done."""
    statement = select(Case).where(Case.id.in_([one.case_id for one in seen])).order_by(Case.id)
    if hold:
        statement = statement.with_for_update(key_share=True)
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _parted(
    held: Sequence[Case], seen: Sequence[Seen], to: User
) -> tuple[list[Case], list[tuple[Case, str]]]:
    before = {one.case_id: one for one in seen}
    declared = db.session.scalars(
        select(Interest.case_id).where(
            *(Interest.user_id == to.id, Interest.ended_at.is_(None)),
            Interest.case_id.in_(list(before)),
        )
    ).all()
    why = {case.id: _why_it_stays(case, before[case.id], to, declared) for case in held}
    going = [case for case in held if not why[case.id]]
    return going, [(case, why[case.id]) for case in held if why[case.id]]


def _why_it_stays(case: Case, seen: Seen, to: User, declared: Collection[int]) -> str:
    reasons = (
        (case.ended_on is not None, "its assessment has ended"),
        (case.officer_id == to.id, f"{to.name} holds it already"),
        (
            (case.version, case.officer_id) != (seen.version, seen.officer_id),
            "it was changed or handed over meanwhile",
        ),
        (
            case.is_complex and not to.takes_complex_cases,
            f"it is complex, and {to.name} takes no complex cases",
        ),
        (case.id in declared, f"{to.name} has declared an interest in it"),
    )
    return next((words for stays, words in reasons if stays), "")


def _answer(going: Sequence[Case], staying: Sequence[tuple[Case, str]]) -> HandedOver:
    return HandedOver(
        tuple(case.reference for case in going),
        tuple((case.reference, why) for case, why in staying),
    )
