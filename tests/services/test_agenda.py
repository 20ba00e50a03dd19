"""Cases that come before a meeting, on both databases. Every child is invented."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import AgendaItem, AuditEntry
from casework.services import agenda
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from tests.factories import make_case, make_meeting, make_panel, put_on_agenda, sign

NEXT = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def carried(items: list[AgendaItem], to: int) -> list[AgendaItem]:
    return agenda.carry_over(actor=COMMAND_LINE, items=items, to_meeting_id=to, why="Ran out")


def test_a_case_carried_over_stands_last_and_says_where_it_came_from() -> None:
    panel = make_panel()
    first, then = make_meeting(panel), make_meeting(panel, NEXT)
    put_on_agenda(then, make_case(person={"surname": "There"}))
    item = put_on_agenda(first, make_case(), note="Bring the report", minutes=9)
    [made] = carried([item], then.id)
    assert (made.place, made.minutes, made.note) == (2, 9, "Bring the report")
    assert made.carried_from_id == item.id
    assert item.removed_at is None
    assert then.version == 2
    told = select(AuditEntry.case_id).where(AuditEntry.action == "carried case over")
    assert db.session.scalars(told).all() == [item.case_id]


def test_a_case_that_is_there_already_is_not_put_there_twice() -> None:
    panel = make_panel()
    first, then, case = make_meeting(panel), make_meeting(panel, NEXT), make_case()
    item, there = put_on_agenda(first, case), put_on_agenda(then, case)
    assert carried([item], then.id) == [there]
    assert there.carried_from_id == item.id


def test_nothing_is_carried_to_a_meeting_that_can_take_no_case() -> None:
    panel, other = make_panel(), make_panel(name="Other panel", questions="cease")
    item = put_on_agenda(make_meeting(panel), make_case())
    cancelled = make_meeting(panel, NEXT, cancelled_at=now(), cancelled_why="Snow")
    signed, elsewhere = make_meeting(panel, date(2026, 12, 9)), make_meeting(other, NEXT)
    sign(signed)
    for meeting, words in ((cancelled, "cancelled"), (signed, "signed"), (elsewhere, "not decide")):
        with pytest.raises(Refused, match=words):
            carried([item], meeting.id)
    with pytest.raises(Absent):
        carried([item], 999)


def test_the_second_to_change_a_meeting_is_told_what_the_first_did() -> None:
    panel = make_panel()
    first, then = make_meeting(panel), make_meeting(panel, NEXT)
    items = [put_on_agenda(first, make_case(person={"surname": name})) for name in ("One", "Two")]
    carried(items, then.id)
    db.session.commit()
    with pytest.raises(ChangedMeanwhile) as changed:
        agenda.claim(then.id, 1)
    assert [(one.words, one.by) for one in changed.value.changes] == [
        ("carried case over", "the command line")
    ]
    agenda.claim(then.id, changed.value.version)
