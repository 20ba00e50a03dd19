"""What is recorded of a case fits where it is kept, on databases that mind."""

from casework.models import CaseEvent, CaseEventException
from casework.rules.events import EVENTS, OUTCOMES, RECIPIENTS
from casework.rules.exceptions import GROUNDS, REGULATIONS


def _room(table: type, column: str) -> int:
    return int(table.__table__.c[column].type.length)  # type: ignore[attr-defined]


def test_every_provision_and_ground_fits_its_column() -> None:
    assert max(map(len, REGULATIONS)) <= _room(CaseEventException, "regulation")
    assert max(map(len, GROUNDS)) <= _room(CaseEventException, "ground")


def test_every_kind_recipient_and_outcome_of_an_event_fits_its_column() -> None:
    assert max(map(len, EVENTS)) <= _room(CaseEvent, "kind")
    assert max(map(len, RECIPIENTS)) <= _room(CaseEvent, "recipient")
    assert max(map(len, OUTCOMES)) <= _room(CaseEvent, "outcome")
