"""Settings merged whole or not at all, on both databases. All are invented."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Case, Setting, SettingClosure
from casework.services import schools
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from tests.factories import make_case
from tests.fixtures.plans import make_consultation

SUMMER = {"first_day": date(2026, 7, 22), "last_day": date(2026, 9, 1), "reason": ""}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def hold(name: str, **details: str) -> str:
    return schools.add_setting(actor=COMMAND_LINE, details={"name": name} | details)


def test_a_merge_moves_cases_closures_and_numbers_and_tells_each_case() -> None:
    stays, gone = hold("Ashfield", urn="109890"), hold("Ash Field", ukprn="10012345")
    schools.add_closure(actor=COMMAND_LINE, public_id=gone, **SUMMER)
    schools.add_closure(actor=COMMAND_LINE, public_id=stays, **SUMMER)
    ids = dict(db.session.execute(select(Setting.public_id, Setting.id)).all())
    first = make_case(setting_id=ids[gone])
    second = make_case(setting_id=ids[gone], person={"surname": "Other"})
    assert schools.merge(actor=COMMAND_LINE, public_id=gone, into=stays) == 2
    [left] = db.session.scalars(select(Setting)).all()
    assert (left.urn, left.ukprn) == ("109890", "10012345")
    assert len(db.session.scalars(select(SettingClosure)).all()) == 1
    assert set(db.session.scalars(select(Case.setting_id))) == {left.id}
    told = db.session.scalars(
        select(AuditEntry.case_id).where(AuditEntry.action == "changed case")
    ).all()
    assert list(told) == [first.id, second.id]


def test_what_is_not_there_is_not_merged() -> None:
    stays = hold("Ashfield")
    with pytest.raises(Absent):
        schools.merge(actor=COMMAND_LINE, public_id="nothing", into=stays)
    with pytest.raises(Refused):
        schools.merge(actor=COMMAND_LINE, public_id=stays, into=stays)


def test_the_second_to_change_a_setting_is_told() -> None:
    path = hold("Ashfield")
    change = {"actor": COMMAND_LINE, "public_id": path, "version": 1}
    schools.change_setting(**change, details={"name": "Ashfield Primary"})
    with pytest.raises(ChangedMeanwhile):
        schools.change_setting(**change, details={"name": "Ashfield Academy"})
    assert db.session.scalars(select(Setting.name)).one() == "Ashfield Primary"


def test_two_settings_never_have_one_number() -> None:
    hold("Ashfield", urn="109890")
    with pytest.raises(Refused) as refused:
        hold("Other", urn="109890")
    assert "Ashfield has this URN" in refused.value.reasons["urn"]


def test_a_setting_that_was_consulted_is_not_merged_away_but_its_double_is() -> None:
    asked, double = hold("Ashfield"), hold("Ash Field")
    setting = db.session.scalars(select(Setting).where(Setting.public_id == asked)).one()
    make_consultation(make_case(), setting)
    with pytest.raises(Refused, match="Merge Ash Field into it"):
        schools.merge(actor=COMMAND_LINE, public_id=asked, into=double)
    db.session.rollback()
    assert schools.merge(actor=COMMAND_LINE, public_id=double, into=asked) == 0
