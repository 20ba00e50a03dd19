"""Terms of reference, members and phrases, on both databases. Every person is invented."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, ChangeDetail, Panel, PanelMeeting, PanelMember, PanelPhrase
from casework.services import panel_members, panel_phrases, panels
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from tests.factories import (
    TODAY,
    make_case,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
)

BY = {"actor": COMMAND_LINE}
TERMS: dict[str, Any] = {
    "name": "Assessment panel",
    "purpose": "",
    "questions": "assess issue",
    "decides": True,
    "delegation": "Part 3",
    "least_present": 3,
    "weekday": 1,
    "starts_at": time(9, 30),
    "minutes": 180,
    "minutes_per_case": 6,
    "place": "Room 2",
    "on_bank_holiday": "move",
    "papers_days": 4,
    "papers_at": time(17),
    "circulate_days": 3,
    "circulate_at": time(12),
}
SEAT = {"agency": "health", "position": "member", "from_day": TODAY, "until_day": None}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def panel() -> Panel:
    panels.add_panel(**BY, today=TODAY, details=TERMS, agencies=["health", "education"])
    return db.session.scalars(select(Panel)).one()


def change(panel: Panel, version: int = 0, **terms: Any) -> panels.Followed | None:
    return panels.change_panel(
        **BY,
        today=TODAY,
        panel_id=panel.id,
        version=version or panel.version,
        details=TERMS | terms,
        agencies=["health"],
    )


def told(action: str) -> list[str]:
    """Return what the audit trail keeps of the acts of a name."""
    return list(
        db.session.scalars(
            select(ChangeDetail.changes)
            .join(AuditEntry, AuditEntry.id == ChangeDetail.entry_id)
            .where(AuditEntry.action == action)
        )
    )


def test_a_panel_is_set_up_with_its_meetings_and_both_are_audited(panel: Panel) -> None:
    assert panel.agencies_needed == ("education", "health")
    days = db.session.scalars(select(PanelMeeting.on_day).order_by(PanelMeeting.on_day)).all()
    assert (days[0], len(days)) == (date(2026, 11, 24), 26)
    assert "Part 3" in told("added panel")[0]
    assert len(told("generated meetings")) == 1


def test_changed_terms_are_followed_and_audited(panel: Panel) -> None:
    followed = change(panel, weekday=3, least_present=4)
    assert followed is not None
    assert (followed.followed, followed.stayed) == (25, 0)
    assert panel.agencies_needed == ("health",)
    [detail] = told("changed panel")
    assert '"least_present": [3, 4]' in detail
    assert '"agencies": ["education health", "health"]' in detail
    assert '"name"' not in detail


def test_terms_that_say_nothing_of_meetings_leave_them_alone(panel: Panel) -> None:
    assert change(panel, purpose="To decide") is None
    assert change(panel, purpose="To decide") is None
    assert len(told("changed panel")) == 1


def test_the_second_to_change_a_panel_is_told_what_the_first_did(panel: Panel) -> None:
    change(panel, version=1, purpose="One")
    with pytest.raises(ChangedMeanwhile) as changed:
        change(panel, version=1, purpose="Two")
    assert changed.value.version == 2
    assert [one.words for one in changed.value.changes] == ["changed panel"]
    assert db.session.get_one(Panel, panel.id).purpose == "One"


def test_no_two_panels_have_one_name(panel: Panel) -> None:
    make_panel(name="Other panel")
    with pytest.raises(Refused) as refused:
        change(panel, name="OTHER panel")
    assert "name" in refused.value.reasons
    db.session.rollback()
    with pytest.raises(Refused):
        panels.add_panel(**BY, today=TODAY, details=TERMS, agencies=[])


def test_a_question_that_an_agenda_to_come_asks_stays_in_the_terms(panel: Panel) -> None:
    meeting = db.session.scalars(select(PanelMeeting)).first()
    assert meeting is not None
    item = put_on_agenda(meeting, make_case(), "issue")
    with pytest.raises(Refused) as refused:
        change(panel, questions="assess")
    assert "“Whether to issue a plan” of 1" in refused.value.reasons["questions"]
    item.removed_at = db.session.scalars(select(AuditEntry.at)).first()
    db.session.commit()
    change(panel, questions="assess")
    assert panel.question_keys == ("assess",)


def test_what_is_no_panel_is_not_changed(panel: Panel) -> None:
    with pytest.raises(Absent):
        panels.change_panel(
            **BY, today=TODAY, panel_id=panel.id + 1, version=1, details=TERMS, agencies=[]
        )
    with pytest.raises(Absent):
        panels.claim(panel.id + 1, 1)


# Members


def add(panel: Panel, user: Any, **details: Any) -> PanelMember:
    made = panel_members.add_member(
        **BY, panel_id=panel.id, user=user.public_id, details=SEAT | details
    )
    return db.session.scalars(select(PanelMember).where(PanelMember.public_id == made)).one()


def put(panel: Panel, member: PanelMember, *, without_chair: bool = False, **details: Any) -> None:
    held = {name: getattr(member, name) for name in SEAT}
    panel_members.change_member(
        **BY,
        today=TODAY,
        panel_id=panel.id,
        member_id=member.id,
        version=panel.version,
        details=held | details,
        without_chair=without_chair,
    )


def test_a_member_is_added_and_ended_and_the_place_stays(panel: Panel) -> None:
    member = add(panel, make_user("panel-member"))
    put(panel, member, until_day=TODAY)
    assert db.session.scalars(select(PanelMember.until_day)).one() == TODAY
    assert '"agency": [null, "health"]' in told("added panel member")[0]
    assert '"until_day": [null, "2026-11-23"]' in told("changed panel member")[0]


@pytest.mark.parametrize("role", ["auditor", "board-reader", "administrator"])
def test_only_those_who_may_see_panels_can_sit(panel: Panel, role: str) -> None:
    with pytest.raises(Refused):
        add(panel, make_user(role))


def test_a_closed_account_cannot_be_given_a_place(panel: Panel) -> None:
    with pytest.raises(Refused):
        add(panel, make_user("panel-member", is_active=False))


def test_nobody_has_two_places_at_once_but_one_after_the_other(panel: Panel) -> None:
    person = make_user("panel-member")
    first = add(panel, person)
    with pytest.raises(Refused) as refused:
        add(panel, person, agency="schools", from_day=TODAY + timedelta(30))
    assert "from 23 November 2026" in refused.value.reasons["from_day"]
    db.session.rollback()
    put(panel, first, until_day=TODAY + timedelta(29))
    second = add(panel, person, agency="schools", from_day=TODAY + timedelta(30))
    with pytest.raises(Refused):
        put(panel, first, until_day=None)
    db.session.rollback()
    with pytest.raises(Refused):
        put(panel, second, from_day=TODAY)
    db.session.rollback()
    with pytest.raises(Refused):
        put(panel, second, until_day=TODAY)


def test_a_person_may_sit_on_two_panels(panel: Panel) -> None:
    person = make_user("panel-member")
    add(panel, person)
    add(make_panel(), person)


def test_ending_the_only_chair_warns_and_can_be_done_knowing_it(panel: Panel) -> None:
    chair = add(panel, make_user("manager"), position="chair")
    add(panel, make_user("panel-member"), position="deputy")
    for change_ in ({"until_day": TODAY + timedelta(8)}, {"position": "member"}):
        with pytest.raises(Refused) as refused:
            put(panel, chair, **change_)
        assert "nobody would be this panel’s chair" in refused.value.reasons["without_chair"]
        db.session.rollback()
    put(panel, chair, agency="education")
    put(panel, chair, until_day=TODAY + timedelta(8), without_chair=True)
    put(panel, chair, until_day=TODAY + timedelta(8), agency="schools")


def test_a_chair_who_has_a_successor_leaves_without_a_warning(panel: Panel) -> None:
    chair = add(panel, make_user("manager"), position="chair")
    later = TODAY + timedelta(9)
    add(panel, make_user("panel-member"), position="chair", from_day=later)
    put(panel, chair, until_day=TODAY + timedelta(8))
    with pytest.raises(Refused) as refused:
        put(panel, chair, until_day=TODAY + timedelta(3))
    assert "From 27 November 2026" in refused.value.reasons["without_chair"]


def test_a_place_of_another_panel_is_not_changed_here(panel: Panel) -> None:
    other = seat_member(make_panel(), make_user("panel-member"))
    with pytest.raises(Absent):
        put(panel, other, until_day=TODAY)


# Phrases


def keep(panel: Panel, words: str, question: str = "assess", outcome: str | None = None) -> str:
    return panel_phrases.add_phrase(
        **BY, panel_id=panel.id, question=question, outcome=outcome, words=words
    )


def offered() -> list[str]:
    statement = select(PanelPhrase.words).where(PanelPhrase.ended_on.is_(None))
    return list(db.session.scalars(statement.order_by(PanelPhrase.place)))


def test_phrases_are_kept_in_order_and_moved(panel: Panel) -> None:
    one, _, three = keep(panel, "One"), keep(panel, "Two"), keep(panel, "Three")
    move = {**BY, "panel_id": panel.id}
    panel_phrases.move_phrase(**move, public_id=three, by=-1)
    panel_phrases.move_phrase(**move, public_id=one, by=1)
    assert offered() == ["Three", "One", "Two"]
    panel_phrases.move_phrase(**move, public_id=three, by=-1)
    assert offered() == ["Three", "One", "Two"]


def test_a_changed_phrase_ends_and_another_stands_in_its_place(panel: Panel) -> None:
    one = keep(panel, "One")
    keep(panel, "Two")
    act = {**BY, "today": TODAY, "panel_id": panel.id}
    same = panel_phrases.change_phrase(**act, public_id=one, words="One")
    assert same == one
    new = panel_phrases.change_phrase(**act, public_id=one, words="Better")
    assert offered() == ["Better", "Two"]
    ended = db.session.scalars(select(PanelPhrase).where(PanelPhrase.public_id == one)).one()
    assert (ended.words, ended.ended_on) == ("One", TODAY)
    panel_phrases.end_phrase(**act, public_id=new)
    assert offered() == ["Two"]
    with pytest.raises(Absent):
        panel_phrases.end_phrase(**act, public_id=one)
    assert len(told("changed phrase")) == len(told("ended phrase")) == 1


def test_a_phrase_speaks_for_a_question_that_the_panel_decides(panel: Panel) -> None:
    keep(panel, "One", "assess", "not_assess")
    keep(panel, "One")
    for question, outcome in (("cease", None), ("assess", "issue"), ("issue", "assess")):
        with pytest.raises(Refused):
            keep(panel, "Other", question, outcome)
        db.session.rollback()
    with pytest.raises(Refused):
        keep(panel, "One")


def test_a_closed_panel_keeps_its_meetings_with_cases(panel: Panel) -> None:
    meetings = db.session.scalars(select(PanelMeeting).order_by(PanelMeeting.on_day)).all()
    put_on_agenda(meetings[3], make_case())
    followed = change(panel, closed_on=date(2026, 12, 1))
    assert followed is not None
    assert (followed.followed, followed.stayed) == (0, 1)
    live = [one.on_day for one in meetings if one.cancelled_at is None]
    assert live == [date(2026, 11, 24), date(2026, 12, 15)]
