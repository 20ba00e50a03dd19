"""A member's view before the meeting: their latest stands, and nobody is led by another's."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from casework.clock import now
from casework.extensions import db
from casework.models import Interest, PanelView
from casework.queries import panel_views as queries
from casework.services import panel_views
from casework.services.audit_trail import Actor, verify
from casework.services.errors import Absent, Refused
from tests.factories import (
    decide,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
)

MEETS = date(2026, 11, 25)


class Sitting:
    """A meeting with one case and two members."""

    def __init__(self) -> None:
        self.panel = make_panel()
        self.one = make_user("panel-member", name="Mina Member")
        self.other = make_user("dco", name="Dan Dco")
        for person in (self.one, self.other):
            seat_member(self.panel, person)
        self.meeting = make_meeting(self.panel, MEETS)
        self.item = put_on_agenda(self.meeting, make_case())

    def give(self, user_id: int = 0, on: date = MEETS, **view: str | None) -> PanelView:
        given = {"leans_to": "assess", "words": "Both limbs are met."} | view
        who = Actor(user_id or self.one.id, "web")
        return panel_views.give(actor=who, today=on, item_id=self.item.id, **given)


@pytest.fixture
def sitting(app: Flask) -> Iterator[Sitting]:
    with app.app_context():
        yield Sitting()


def test_the_latest_view_stands_and_the_first_is_kept(sitting: Sitting) -> None:
    sitting.give()
    sitting.give(leans_to="not_assess", words="On reflection.")
    sitting.give(sitting.other.id)
    found = [(view.user.name, view.leans_to) for view in queries.latest(sitting.item.id)]
    assert found == [("Mina Member", "not_assess"), ("Dan Dco", "assess")]
    assert db.session.query(PanelView).count() == 3
    assert verify().faults == ()


def test_the_same_view_sent_twice_is_kept_once(sitting: Sitting) -> None:
    assert sitting.give().id == sitting.give().id
    assert db.session.query(PanelView).count() == 1


def test_a_leaning_or_a_line_is_enough_but_nothing_is_not(sitting: Sitting) -> None:
    sitting.give(leans_to=None)
    sitting.give(words="")
    with pytest.raises(Refused, match="write a line"):
        sitting.give(leans_to=None, words=" ")
    with pytest.raises(Refused, match="from the list"):
        sitting.give(leans_to="issue")


def test_only_members_of_the_day_give_a_view(sitting: Sitting) -> None:
    stranger = make_user("panel-member", email="stranger@example.org")
    with pytest.raises(Refused, match="Only members"):
        sitting.give(stranger.id)


def test_a_member_with_an_interest_gives_none(sitting: Sitting) -> None:
    own = {"case_id": sitting.item.case_id, "user_id": sitting.one.id}
    db.session.add(Interest(**own, nature="Kin", declared_at=now()))
    db.session.commit()
    with pytest.raises(Refused, match="declared an interest"):
        sitting.give()


def test_views_close_once_the_case_is_heard_or_its_day_is_over(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="views are closed"):
        sitting.give(on=date(2026, 11, 26))
    decide(sitting.item)
    with pytest.raises(Refused, match="views are closed"):
        sitting.give()


def test_an_item_taken_off_the_agenda_takes_no_view(sitting: Sitting) -> None:
    sitting.item.removed_at = now()
    db.session.commit()
    with pytest.raises(Absent):
        sitting.give()


@pytest.mark.parametrize(
    ("runs", "sits", "has_begun", "gave_own", "seen"),
    [
        (True, False, False, False, 1),
        (False, True, False, False, 0),
        (False, True, False, True, 2),
        (False, True, True, False, 1),
        (False, False, True, False, 0),
    ],
)
def test_a_member_reads_others_views_only_after_giving_their_own_or_at_the_meeting(
    sitting: Sitting, *, runs: bool, sits: bool, has_begun: bool, gave_own: bool, seen: int
) -> None:
    sitting.give(sitting.other.id)
    if gave_own:
        sitting.give()
    views = queries.latest(sitting.item.id)
    who = {"runs": runs, "sits": sits, "has_begun": has_begun}
    assert len(queries.shown_to(sitting.one.id, views, **who)) == seen
