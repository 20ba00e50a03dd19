"""Whom a case waits for today: a family only while the days it has for the draft still run."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists

from casework.models import Case, Deadline
from casework.rules.clocks import FAMILY_DAYS


def waiting_on(today: date) -> ColumnElement[str]:
    """Return the column of whom each case waits for, a key of `rules.stages.WAITING_ON`.

    The case keeps what its events say; that the family's last day has passed, only today says.
    """
    has_passed = exists().where(
        Deadline.case_id == Case.id, Deadline.duty.in_(FAMILY_DAYS), Deadline.due_on < today
    )
    is_over = and_(Case.waiting_on == "family", has_passed)
    return case((is_over, "authority"), else_=Case.waiting_on)
