"""Accounts: who may sign in, in which role, and the sessions they hold."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.advice_service import AdviceService
from casework.models.base import Model, UtcDateTime, public_id


class Team(Model):
    """A team of case officers."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class User(Model):
    """A person with an account, or an officer known only from an imported tracker."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    #: None for an officer named in a tracker who has no account yet.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    #: One of casework.access.ROLES.
    role: Mapped[str] = mapped_column(String(40))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    #: For a service member: the service whose requests they see.
    advice_service_id: Mapped[int | None] = mapped_column(ForeignKey("advice_service.id"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    #: The password was drawn for them and is good until then; None for one of their own choosing.
    one_time_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    takes_complex_cases: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    #: True for the accounts of the demonstration, which production refuses to start with.
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    team: Mapped[Team | None] = relationship()
    advice_service: Mapped[AdviceService | None] = relationship()


class UserSession(Model):
    """A signed-in browser. It lives here, so that ending it ends it everywhere at once."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the token in the cookie; the token itself is kept nowhere.
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    #: The role at sign-in: a changed role ends the session.
    role: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45))

    user: Mapped[User] = relationship()


class SignInAttempt(Model):
    """A failed sign-in, counted per account and per address."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the e-mail address typed, known or not.
    account_digest: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(45), index=True)
    attempted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class KeptForm(Model):
    """What a person had typed when their session ended; given back once, after they sign in."""

    __tablename__ = "kept_form"
    __table_args__ = (UniqueConstraint("user_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    path: Mapped[str] = mapped_column(String(300))
    #: The form's fields as JSON: a list of [name, value] pairs, without the CSRF token.
    fields: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
