"""The browser's side of a session: a cookie that holds a token, and Flask-Login that reads it."""

from dataclasses import dataclass

from flask import Flask, g, request, session
from flask_login import UserMixin, current_user, login_user

from casework.access import Viewer
from casework.extensions import login
from casework.queries.sessions import Session
from casework.services import sessions
from casework.services.sessions import Ended, Found

#: Where the token of a session that was signed out stays, so that what another window still
#: sends under it can be kept for the same person.
_SIGNED_OUT = "signed_out"


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """The person whom Flask-Login knows: their token is their id, and opens their session."""

    token: str
    session: Session

    @property
    def viewer(self) -> Viewer:
        """The person, as the rules of access know them."""
        return self.session.viewer

    @property
    def must_choose_password(self) -> bool:
        """Whether they came in with a one-time password and have not chosen their own."""
        return self.session.one_time_until is not None

    def get_id(self) -> str:
        """Return the token: what the cookie holds in place of a user's number."""
        return self.token


def init_app(_app: Flask) -> None:
    """Tell Flask-Login how a person is found; the session in the database is their protection."""
    login.session_protection = None
    login.user_loader(_load)


def person() -> SignedIn | None:
    """Return who is signed in at this request, or None."""
    return current_user if current_user.is_authenticated else None


def begin(token: str) -> None:
    """Let the browser hold this token, and nothing that its cookie held before."""
    session.clear()
    found = sessions.find(token)
    assert found is not None, "a session was just opened"
    login_user(SignedIn(token, found.session))


def finish() -> None:
    """Take the token from the browser; its session is ended by the service."""
    token = session.get("_user_id")
    session.clear()
    session[_SIGNED_OUT] = token
    g.pop("_login_user", None)


def ended() -> Found | None:
    """Return the session this browser last held, if it is over: whose it was, and why it ended."""
    token = session.get("_user_id") or session.get(_SIGNED_OUT)
    found = sessions.find(token) if isinstance(token, str) else None
    return found if found and found.ended and found.ended is not Ended.ACCOUNT_DISABLED else None


def address() -> str:
    """Return the network address that the request came from."""
    return request.remote_addr or "unknown"


def _load(token: str) -> SignedIn | None:
    found = sessions.find(token)
    return SignedIn(token, found.session) if found and not found.ended else None
