"""Signing in: one answer for every failure, and a brake on guessing.

The brake (OWASP ASVS 5.0, 6.3.1): ten failures in fifteen minutes close an account to guesses, a
hundred close an address. So that nobody can lock the whole staff out, an address from which a
person has signed in before is judged by that person's failures there, and by nothing else.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select

from casework import clock
from casework.extensions import db
from casework.models import SignInAttempt, User, UserSession
from casework.services import audit_trail, kept_forms, passwords, sessions
from casework.services.audit_trail import Actor

WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT = 10
MOST_FOR_ADDRESS = 100
#: How long an address stays known as one that a person signs in from.
KNOWN_FOR = timedelta(days=30)
#: How long failures are kept at all.
KEPT_FOR = timedelta(days=1)


class WrongDetails(Exception):
    """The address, the password or the account is not good: which one is not said."""


class TooManyAttempts(Exception):
    """This account or this network address has failed too often; try again after WINDOW."""


def sign_in(*, email: str, password: str, address: str) -> str:
    """Open a session for the person with this e-mail address and return its token; commit.

    Raises WrongDetails, or TooManyAttempts before it looks at the password.
    """
    digest = account_digest(email)
    user = db.session.scalars(select(User).where(User.email == folded(email))).one_or_none()
    attempt = _note_attempt(user, digest, address)
    right = _is_right(user, password)
    if not (user and right and user.is_active and _is_in_time(user)):
        _refuse(user, digest, address)
        raise WrongDetails
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))
    return _welcome(user, password, digest, address)


def confirm_password(*, user_id: int, password: str, address: str) -> bool:
    """Return whether this is the person's own password; a wrong one counts as a failed sign-in.

    Raises TooManyAttempts. Commits the count.
    """
    user = db.session.get_one(User, user_id)
    digest = account_digest(user.email or "")
    attempt = _note_attempt(user, digest, address)
    if not _is_right(user, password):
        _refuse(user, digest, address)
        return False
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))
    db.session.commit()
    return True


def unlock(email: str) -> None:
    """Forget an account's failures, in the open transaction. Commits nothing."""
    db.session.execute(
        delete(SignInAttempt).where(SignInAttempt.account_digest == account_digest(email))
    )


def is_locked(email: str) -> bool:
    """Return whether an account takes no guesses at present from an address it does not know."""
    since = clock.now() - WINDOW
    return _count(since, SignInAttempt.account_digest == account_digest(email)) >= MOST_FOR_ACCOUNT


def folded(email: str) -> str:
    """Return an e-mail address as accounts keep it: trimmed, in small letters, without a NUL."""
    return email.replace("\0", "").strip().casefold()


def account_digest(email: str) -> str:
    """Return the SHA-256 under which attempts on an address, known or not, are counted."""
    return hashlib.sha256(folded(email).encode()).hexdigest()


def _note_attempt(user: User | None, digest: str, address: str) -> int:
    """Count the attempt before it is judged: many at once cannot pass the brake together."""
    at = clock.now()
    attempt = SignInAttempt(account_digest=digest, address=address, attempted_at=at)
    db.session.add(attempt)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.attempted_at < at - KEPT_FOR))
    db.session.commit()
    number = attempt.id
    if _is_braked(user, digest, address, at):
        # It is not counted, or whoever goes on guessing would keep the owner out for ever.
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == number))
        db.session.commit()
        raise TooManyAttempts
    return number


def _is_braked(user: User | None, digest: str, address: str, at: datetime) -> bool:
    of_account = SignInAttempt.account_digest == digest
    here = SignInAttempt.address == address
    since = at - WINDOW
    if user and _is_known(user, address, at):
        return _count(since, of_account, here) > MOST_FOR_ACCOUNT
    return _count(since, of_account) > MOST_FOR_ACCOUNT or _count(since, here) > MOST_FOR_ADDRESS


def _is_known(user: User, address: str, at: datetime) -> bool:
    before = exists().where(
        UserSession.user_id == user.id,
        UserSession.address == address,
        UserSession.started_at > at - KNOWN_FOR,
    )
    return bool(db.session.scalar(select(before)))


def _count(since: datetime, *conditions: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(SignInAttempt)
    return db.session.scalar(counted.where(SignInAttempt.attempted_at > since, *conditions)) or 0


def _is_right(user: User | None, password: str) -> bool:
    kept = user.password_hash if user else None
    # Hashing is slow on purpose: nobody else's write waits for it.
    db.session.rollback()
    return passwords.is_right(kept, password)


def _is_in_time(user: User) -> bool:
    return user.one_time_until is None or clock.now() < user.one_time_until


def _refuse(user: User | None, digest: str, address: str) -> None:
    failures = _count(clock.now() - WINDOW, SignInAttempt.account_digest == digest)
    subject = f"user {user.id}" if user else "no account"
    unnamed = Actor(None, "web", address)
    audit_trail.record(unnamed, "failed to sign in", subject=subject)
    if failures == MOST_FOR_ACCOUNT:
        audit_trail.record(unnamed, "locked account", subject=subject)
    db.session.commit()


def _welcome(user: User, password: str, digest: str, address: str) -> str:
    at = clock.now()
    here = SignInAttempt.address == address
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.account_digest == digest, here))
    if passwords.is_outdated(user.password_hash or ""):
        user.password_hash = passwords.hash_password(password)
    user.last_signed_in_at = at
    token = sessions.begin(user_id=user.id, role=user.role, address=address)
    kept_forms.forget_old()
    db.session.flush()
    audit_trail.record(Actor(user.id, "web", address), "signed in", subject=f"user {user.id}")
    db.session.commit()
    return token
