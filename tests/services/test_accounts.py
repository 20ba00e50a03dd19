"""Accounts: opened, changed, closed, each act on the trail and none beyond what it says."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import AuditEntry, ChangeDetail, Team, User
from casework.services import accounts, passwords
from casework.services.audit_trail import COMMAND_LINE, Actor
from casework.services.errors import Absent, Refused
from tests.fixtures.people import PASSWORD, add_person


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def user(public_id: str) -> User:
    return db.session.query(User).filter_by(public_id=public_id).one()


def change(public_id: str, actor: Actor = COMMAND_LINE, **details: Any) -> None:
    held = user(public_id)
    own = held.advice_service.public_id if held.advice_service else None
    given = {"email": held.email, "name": held.name, "role": held.role, "service": own}
    given |= {"team": None, "takes_complex_cases": False}
    accounts.change_account(actor=actor, public_id=public_id, **(given | details))


def last_act() -> tuple[str, str | None]:
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry
    return entry.action, entry.subject


def test_an_account_is_opened_with_a_password_good_once() -> None:
    opened = accounts.create_user(
        actor=COMMAND_LINE, email=" New@Example.org ", name="  Nia   New ", role="manager"
    )
    made = user(opened.public_id)
    assert (made.email, made.name) == ("new@example.org", "Nia New")
    assert made.one_time_until
    assert passwords.is_right(made.password_hash, opened.one_time_password or "")
    assert last_act() == ("opened account", f"user {made.id}")


def test_no_password_reaches_the_trail() -> None:
    opened = add_person()
    accounts.draw_password(actor=COMMAND_LINE, public_id=opened.public_id)
    written = " ".join(detail.changes for detail in db.session.query(ChangeDetail))
    assert "password" not in written
    assert "argon2" not in written


def test_what_changed_is_kept_old_and_new() -> None:
    opened = add_person()
    change(opened.public_id, name="Ada Married")
    detail = db.session.query(ChangeDetail).order_by(ChangeDetail.entry_id.desc()).first()
    assert detail
    assert detail.changes == '{"name": ["Ada Example", "Ada Married"]}'


def test_a_change_of_nothing_leaves_no_entry() -> None:
    opened = add_person()
    before = db.session.query(AuditEntry).count()
    change(opened.public_id)
    assert db.session.query(AuditEntry).count() == before


def test_a_team_is_found_however_it_is_written() -> None:
    add_person(email="a@example.org", team="North  team")
    add_person(email="b@example.org", team="north team ")
    assert db.session.query(Team.name).all() == [("North team",)]


def test_only_a_service_member_has_a_service() -> None:
    opened = add_person("service-member")
    own = user(opened.public_id).advice_service
    assert own
    assert own.kind == "educational_psychology"
    change(opened.public_id, role="manager")
    assert user(opened.public_id).advice_service is None


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"role": "head-teacher"}, "role"),
        ({"role": "service-member", "service": None}, "service"),
        ({"role": "service-member", "service": "no_such_service"}, "service"),
        ({"team": "x" * 101}, "team"),
    ],
)
def test_what_is_amiss_is_refused_by_field_and_nothing_changes(
    details: dict[str, Any], field: str
) -> None:
    opened = add_person()
    before = db.session.query(AuditEntry).count()
    with pytest.raises(Refused) as refused:
        change(opened.public_id, **details)
    assert list(refused.value.reasons) == [field]
    db.session.commit()
    db.session.expire_all()
    held = user(opened.public_id)
    assert (held.email, held.name, held.role) == (
        "case-officer@example.org",
        "Ada Example",
        "case-officer",
    )
    assert db.session.query(AuditEntry).count() == before


def test_no_two_accounts_have_one_address() -> None:
    add_person()
    other = add_person("manager")
    with pytest.raises(Refused, match="already"):
        change(other.public_id, email="CASE-officer@example.org")


def test_nobody_changes_their_own_role_or_closes_their_own_account() -> None:
    opened = add_person("administrator")
    add_person("administrator", "other@example.org")
    own = Actor(opened.user_id, "web", "192.0.2.1")
    with pytest.raises(Refused, match="own role"):
        change(opened.public_id, own, role="manager")
    with pytest.raises(Refused, match="own account"):
        accounts.disable(actor=own, public_id=opened.public_id)
    with pytest.raises(Refused, match="own password"):
        accounts.draw_password(actor=own, public_id=opened.public_id)


def test_one_administrator_always_stays() -> None:
    opened = add_person("administrator")
    with pytest.raises(Refused, match="one must always stay"):
        change(opened.public_id, role="manager")
    with pytest.raises(Refused, match="one must always stay"):
        accounts.disable(actor=COMMAND_LINE, public_id=opened.public_id)
    add_person("administrator", "other@example.org")
    accounts.disable(actor=COMMAND_LINE, public_id=opened.public_id)
    assert not user(opened.public_id).is_active


def test_an_account_opened_again_needs_a_new_password() -> None:
    opened = add_person()
    accounts.disable(actor=COMMAND_LINE, public_id=opened.public_id)
    with pytest.raises(Refused, match="Open the account again"):
        accounts.draw_password(actor=COMMAND_LINE, public_id=opened.public_id)
    accounts.enable(actor=COMMAND_LINE, public_id=opened.public_id)
    assert not passwords.is_right(user(opened.public_id).password_hash, PASSWORD)
    assert last_act() == ("reopened account", f"user {opened.user_id}")


def test_an_officer_named_only_in_a_tracker_becomes_an_account_by_an_address() -> None:
    opened = add_person()
    named = user(opened.public_id)
    named.email = named.password_hash = None
    db.session.commit()
    with pytest.raises(Refused, match="email address first"):
        accounts.draw_password(actor=COMMAND_LINE, public_id=opened.public_id)
    change(opened.public_id, email="found@example.org")
    assert accounts.draw_password(actor=COMMAND_LINE, public_id=opened.public_id)


@pytest.mark.parametrize("act", [accounts.disable, accounts.enable, accounts.draw_password])
def test_there_is_nothing_to_do_to_an_account_that_is_not_there(act: Any) -> None:
    with pytest.raises(Absent):
        act(actor=COMMAND_LINE, public_id="none")
