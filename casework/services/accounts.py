"""Accounts: opened, changed, closed. Whatever narrows what a person may do ends their sessions."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from casework import clock, current
from casework.access import ROLES, Role
from casework.extensions import db
from casework.models import AdviceService, Team, User
from casework.services import audit_trail, passwords, sessions, sign_in
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused

#: How long a one-time password is good for (OWASP ASVS 5.0, 6.4.1: short-lived).
ONE_TIME_FOR = timedelta(hours=72)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Opened:
    """An account just opened, and the one-time password drawn for it: it is shown only now."""

    user_id: int
    public_id: str
    one_time_password: str | None


def create_user(
    *,
    actor: Actor,
    email: str,
    name: str,
    role: str,
    team: str | None = None,
    service: str | None = None,
    password: str | None = None,
    takes_complex_cases: bool = False,
    is_demonstration: bool = False,
) -> Opened:
    """Open an account, commit, and return it; without a password one is drawn for one sign-in.

    `service` is a service's public id or its name. Raises Refused with words by field.
    """
    details = _details(email, name, role, service)
    _refuse_taken(details["email"], None)
    drawn = passwords.one_time_password() if password is None else None
    if password is not None:
        passwords.check(password, field="password", about=_about(email, name))
    user = User(
        **details,
        takes_complex_cases=takes_complex_cases,
        is_demonstration=is_demonstration,
        created_at=clock.now(),
        **_password(drawn or password or "", is_one_time=drawn is not None),
    )
    user.team_id = _team_id(team)
    db.session.add(user)
    db.session.flush()
    _record(actor, "opened account", user, {k: (None, v) for k, v in details.items() if v})
    opened = Opened(user.id, user.public_id, drawn)
    db.session.commit()
    return opened


def change_account(
    *,
    actor: Actor,
    public_id: str,
    email: str,
    name: str,
    role: str,
    team: str | None,
    service: str | None,
    takes_complex_cases: bool,
) -> None:
    """Change who an account is for and what it may do, and commit. A new role ends its sessions.

    Raises Absent, or Refused: nobody changes their own role, and one administrator always stays.
    """
    user = _user(public_id)
    details = _details(email, name, role, service)
    _refuse_taken(details["email"], user.id)
    if details["role"] != user.role:
        _refuse_own(actor, user, "role", "You cannot change your own role")
        _refuse_last_administrator(user, "role")
    details |= {"team_id": _team_id(team), "takes_complex_cases": takes_complex_cases}
    before = {field: getattr(user, field) for field in details}
    changes = {f: (before[f], new) for f, new in details.items() if before[f] != new}
    if not changes:
        db.session.rollback()
        return
    for changed, (_, new) in changes.items():
        setattr(user, changed, new)
    if "role" in changes:
        sessions.end_all(user.id)
    _record(actor, "changed account", user, changes)
    db.session.commit()


def disable(*, actor: Actor, public_id: str) -> None:
    """Close an account, end its sessions, and commit. Raises Absent or Refused."""
    user = _user(public_id)
    _refuse_own(actor, user, "account", "You cannot close your own account")
    _refuse_last_administrator(user, "account")
    user.is_active = False
    sessions.end_all(user.id)
    _record(actor, "closed account", user, {"is_active": (True, False)})
    db.session.commit()


def enable(*, actor: Actor, public_id: str) -> None:
    """Open a closed account again, and commit. It needs a new password. Raises Absent."""
    user = _user(public_id)
    user.is_active = True
    user.password_hash = user.one_time_until = None
    _record(actor, "reopened account", user, {"is_active": (False, True)})
    db.session.commit()


def draw_password(*, actor: Actor, public_id: str) -> str:
    """Draw a one-time password for a person, end their sessions, lift a lock, commit; return it.

    Raises Absent, or Refused for one's own account, a closed one, or one that has no address.
    """
    user = _user(public_id)
    _refuse_own(actor, user, "account", "Change your own password under “Your account”")
    if not user.is_active:
        raise Refused({"account": "Open the account again first"})
    if not user.email:
        raise Refused({"account": "Give the account an email address first"})
    drawn = passwords.one_time_password()
    _set_password(user, drawn, is_one_time=True)
    sign_in.unlock(user.email)
    _record(actor, "drew one-time password", user)
    db.session.commit()
    return drawn


def change_password(*, actor: Actor, current_password: str, new_password: str) -> str:
    """Change one's own password, end every session, commit; return the token of a new session.

    Raises Refused by field, or sign_in.TooManyAttempts.
    """
    assert actor.user_id is not None, "only a person has a password"
    user = db.session.get_one(User, actor.user_id)
    about = _about(user.email or "", user.name)
    address = actor.address or ""
    if not sign_in.confirm_password(user_id=user.id, password=current_password, address=address):
        raise Refused({"current_password": "This is not your present password"})
    passwords.check(new_password, field="new_password", about=about)
    if new_password == current_password:
        raise Refused({"new_password": "Choose a password that is not your present one"})
    _set_password(user, new_password, is_one_time=False)
    token = sessions.begin(user_id=user.id, role=user.role, address=address)
    db.session.flush()
    _record(actor, "changed password", user)
    db.session.commit()
    return token


def _details(email: str, name: str, role: str, service: str | None) -> dict[str, Any]:
    """Return the columns that were typed, tidy; raise Refused with every fault at once."""
    details = {
        "email": sign_in.folded(email),
        "name": " ".join(name.split()),
        "role": role,
        "advice_service_id": _service_id(service) if role == Role.SERVICE_MEMBER else None,
    }
    faults = {
        "email": _EMAIL.fullmatch(str(details["email"])) is None
        and "Enter an email address like name@example.gov.uk",
        "name": not 0 < len(str(details["name"])) <= 200 and "Enter a name of 1 to 200 characters",
        "role": role not in ROLES and f"Choose a role: {', '.join(ROLES)}",
        "service": role == Role.SERVICE_MEMBER
        and details["advice_service_id"] is None
        and "Choose the service they belong to",
    }
    if len(str(details["email"])) > 254:
        faults["email"] = "Enter an email address of 254 characters or fewer"
    if reasons := {field: words for field, words in faults.items() if words}:
        raise Refused({field: str(words) for field, words in reasons.items()})
    return details


def _service_id(service: str | None) -> int | None:
    """Return the id of a service by its public id or its name, or None where there is none."""
    named = or_(AdviceService.public_id == service, AdviceService.name == service)
    return db.session.scalar(select(AdviceService.id).where(named)) if service else None


def _refuse_taken(email: str, own_id: int | None) -> None:
    taken = db.session.scalars(select(User.id).where(User.email == email)).one_or_none()
    if taken not in (None, own_id):
        raise Refused({"email": "There is an account with this email address already"})


def _refuse_own(actor: Actor, user: User, field: str, words: str) -> None:
    if actor.user_id == user.id:
        raise Refused({field: words})


def _refuse_last_administrator(user: User, field: str) -> None:
    others = select(func.count()).where(
        User.role == Role.ADMINISTRATOR,
        User.is_active,
        User.password_hash.is_not(None),
        User.id != user.id,
    )
    if user.role == Role.ADMINISTRATOR and not db.session.scalar(others):
        raise Refused({field: "Make someone else an administrator first: one must always stay"})


def _user(public_id: str) -> User:
    user = db.session.scalars(select(User).where(User.public_id == public_id)).one_or_none()
    if user is None:
        raise Absent(f"user {public_id}")
    return user


def _team_id(team: str | None) -> int | None:
    """Return the team of this name, made if there is none; letter case does not tell two apart."""
    name = " ".join((team or "").split())
    if not name:
        return None
    if len(name) > 100:
        raise Refused({"team": "Enter a team’s name of 100 characters or fewer"})
    same = select(Team).where(func.lower(Team.name) == name.lower())
    found = db.session.scalars(same).first()
    if found is None:
        found = Team(name=name)
        db.session.add(found)
        db.session.flush()
    return found.id


def _about(email: str, name: str) -> list[str]:
    return [email.replace("@", " "), name, current.settings().authority_name]


def _password(password: str, *, is_one_time: bool) -> dict[str, Any]:
    until = clock.now() + ONE_TIME_FOR if is_one_time else None
    return {"password_hash": passwords.hash_password(password), "one_time_until": until}


def _set_password(user: User, password: str, *, is_one_time: bool) -> None:
    for column, value in _password(password, is_one_time=is_one_time).items():
        setattr(user, column, value)
    sessions.end_all(user.id)


def _record(actor: Actor, action: str, user: User, changes: Any = None) -> None:
    db.session.flush()
    audit_trail.record(actor, action, subject=f"user {user.id}", changes=changes)
