"""One lead asks for the other's advice on one case; it is granted, refused, or not answered."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework import clock
from casework.access import Scope, Viewer, reads_of, scope_of
from casework.clock import set_today
from casework.extensions import db
from casework.models import AdviceRelease, Adviser, Case, Message, User
from casework.queries import releases as queries
from casework.queries.advice_access import readable
from casework.rules.releases import Stands
from casework.services import releases
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case, make_user
from tests.fixtures.services import the_service


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask, monkeypatch: pytest.MonkeyPatch):
    set_today(TODAY)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))
    with app.app_context():
        yield


@pytest.fixture
def people(_in_the_application: None) -> dict[str, User]:
    return {role: make_user(role) for role in ("dco", "social-care-lead")}


@pytest.fixture
def case(_in_the_application: None) -> Case:
    found = make_case(date(2026, 9, 7))
    asked = (
        NewEvent(kind="advice_requested", on=date(2026, 9, 14), service=kind)
        for kind in ("camhs", "social_care")
    )
    log(found, *asked)
    return found


def of(user: User, **more: Any) -> dict[str, Any]:
    return {"actor": Actor(user.id, "web"), "role": user.role, "today": TODAY} | more


def scope(user: User) -> Scope:
    return scope_of(Viewer(user_id=user.id, name=user.name, role=user.role))


def reads(user: User, day: date) -> list[str]:
    viewer = Viewer(user_id=user.id, name=user.name, role=user.role)
    condition = readable(reads_of(viewer), user.id, day)
    return sorted(db.session.scalars(select(Adviser.service).where(condition)))


def asked(case: Case, dco: User) -> str:
    releases.ask(**of(dco, case_id=case.id, reason="A joint plan is needed"))
    newest = select(AdviceRelease).order_by(AdviceRelease.id.desc()).limit(1)
    return db.session.scalars(newest).one().public_id


def test_a_release_lets_the_other_lead_read_one_case_for_30_days(
    case: Case, people: dict[str, User]
) -> None:
    dco, lead = people.values()
    other = make_case(date(2026, 9, 7), person={"forenames": "Odo"})
    log(other, NewEvent(kind="advice_requested", on=TODAY, service="social_care"))
    public_id = asked(case, dco)
    assert reads(dco, TODAY) == ["camhs"]
    releases.grant(**of(lead, scope=scope(lead), public_id=public_id))
    assert reads(dco, TODAY) == ["camhs", "social_care"], "and not the other case's"
    assert reads(dco, date(2026, 12, 22)) == ["camhs", "social_care"]
    assert reads(dco, date(2026, 12, 23)) == ["camhs"]
    assert reads(lead, TODAY) == ["social_care", "social_care"], "the reverse needs its own"


def test_the_other_lead_is_told_by_email_without_a_name(
    case: Case, people: dict[str, User]
) -> None:
    asked(case, people["dco"])
    letter = db.session.scalars(select(Message)).one()
    assert letter.to_user_id == people["social-care-lead"].id
    assert "Monday 30 November 2026" in letter.body
    words = ("Invented", "Ida", case.reference, "joint plan")
    assert not [one for one in words if one in letter.body + letter.subject]


def test_a_refusal_needs_its_reason_and_an_answer_stands(
    case: Case, people: dict[str, User]
) -> None:
    dco, lead = people.values()
    given = of(lead, scope=scope(lead), public_id=asked(case, dco))
    with pytest.raises(Refused, match="why you refuse"):
        releases.refuse(**given, why=" ")
    releases.refuse(**given, why="Not needed for the draft")
    with pytest.raises(Refused, match="answered already"):
        releases.grant(**given)
    assert reads(dco, TODAY) == ["camhs"]
    assert asked(case, dco), "and may be asked for again, with another reason"


def test_what_nobody_answers_in_five_working_days_is_refused_by_default_and_counted(
    case: Case, people: dict[str, User]
) -> None:
    dco, lead = people.values()
    given = of(lead, scope=scope(lead), public_id=asked(case, dco)) | {"today": date(2026, 12, 1)}
    agency = queries.AGENCY_OF[lead.role]
    waiting = (scope(lead), agency, lead.id)
    assert len(queries.to_answer(*waiting, date(2026, 11, 30), 5)) == 1
    assert queries.to_answer(*waiting, date(2026, 12, 1), 5) == []
    with pytest.raises(Refused, match="Nobody answered in time"):
        releases.grant(**given)
    since = date(2025, 12, 1)
    assert queries.figures(agency, since, date(2026, 12, 1), 5) == {Stands.UNANSWERED: 1}


def test_nobody_answers_their_own_request_or_one_sent_to_the_other(
    case: Case, people: dict[str, User]
) -> None:
    dco, lead = people.values()
    public_id = asked(case, dco)
    with pytest.raises(Absent):
        releases.grant(**of(dco, scope=scope(dco), public_id=public_id))
    changed_role = {"role": lead.role, "scope": scope(lead), "public_id": public_id}
    with pytest.raises(Refused, match="yourself"):
        releases.grant(**of(dco) | changed_role)
    assert reads(dco, TODAY) == ["camhs"]


def test_asking_twice_or_for_what_nobody_was_asked_is_refused(
    case: Case, people: dict[str, User]
) -> None:
    dco = people["dco"]
    asked(case, dco)
    with pytest.raises(Refused, match="asked for this already"):
        asked(case, dco)
    health_alone = make_case(date(2026, 9, 7), person={"forenames": "Odo"})
    log(health_alone, NewEvent(kind="advice_requested", on=TODAY, service="camhs"))
    with pytest.raises(Refused, match="No service of social care was asked"):
        asked(health_alone, dco)
    assert db.session.query(AdviceRelease).count() == 1


def test_a_release_ends_with_the_work_of_a_lead(case: Case, people: dict[str, User]) -> None:
    dco, lead = people["dco"], people["social-care-lead"]
    releases.ask(**of(dco, case_id=case.id, reason="Sections D and H overlap"))
    row = db.session.scalars(select(AdviceRelease)).one()
    del (given := of(lead))["actor"]
    releases.grant(actor=Actor(lead.id, "web"), scope=scope(lead), public_id=row.public_id, **given)
    assert reads(dco, TODAY) == ["camhs", "social_care"]
    service = the_service("camhs")
    asked = db.session.scalars(select(Adviser).where(Adviser.service == "camhs")).one()
    asked.advice_service_id = service.id
    dco.role, dco.advice_service_id = "service-member", service.id
    db.session.commit()
    viewer = Viewer(user_id=dco.id, name="", role=dco.role, service_id=service.id)
    condition = readable(reads_of(viewer), dco.id, TODAY)
    assert list(db.session.scalars(select(Adviser.service).where(condition))) == ["camhs"]
