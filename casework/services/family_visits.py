"""A family's visits to its page: one answer for every failure, and a brake on guessing.

A wrong link, a wrong code, one that was used and one past its time are told alike. Too many wrong
codes in a row close the link; too many from one network address are not looked at for a while.
"""

import re
import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256
from unicodedata import normalize

from sqlalchemy import delete, func, select, update

from casework import clock
from casework.extensions import db
from casework.models import FamilyCode, FamilyLink, FamilyVisit, SignInAttempt
from casework.queries import family_links, family_page
from casework.queries.family_links import LinkState
from casework.queries.family_page import FamilyPage
from casework.rules.family_links import MOST_WRONG, VISIT_LASTS
from casework.services import audit_trail, viewing
from casework.services.audit_trail import Actor
from casework.services.errors import Absent
from casework.services.family_links import code_hash, secret_hash
from casework.services.sessions import digest
from casework.services.sign_in import TooManyAttempts, WrongDetails

WINDOW = timedelta(minutes=15)
#: Wrong codes from one network address in that time; a family needs two or three.
MOST_FOR_ADDRESS = 20
#: Under which failures at any family's page are counted, beside those of accounts.
_COUNTED_AS = sha256(b"a family's page").hexdigest()


def open_page(*, secret: str, code: str, address: str, today: date) -> str:
    """Open a family's page with a code, which is then used up, and commit.

    Returns the token of the visit, for the browser to hold. Raises WrongDetails for whatever is
    wrong, or TooManyAttempts before it looks.
    """
    attempt, at = _note_attempt(address), clock.now()
    link = family_links.by_secret(secret_hash(secret), at, today)
    known = link.id if link and link.stopped is None else 0
    # Counted before it is judged: many at once cannot pass the brake together.
    count = _count_wrong(known)
    if not _use_up(known, _figures(code), at) or count > MOST_WRONG:
        _refuse(link, address, closes=count == MOST_WRONG)
        raise WrongDetails
    assert link
    token = secrets.token_urlsafe(32)
    db.session.add(
        FamilyVisit(
            link_id=link.id, token_sha256=digest(token), opened_at=at, ends_at=at + VISIT_LASTS
        )
    )
    db.session.execute(update(FamilyLink).where(FamilyLink.id == link.id).values(wrong_codes=0))
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))
    _record(link, "family used its code", address)
    return token


def read_page(*, token: str, address: str, today: date) -> FamilyPage:
    """Return what a family's page says now, once the audit trail was told that it is looked at.

    Raises Absent where the visit is over or its link has stopped, NotRecorded.
    """
    link = family_links.by_visit(digest(token), clock.now(), today)
    page = None
    if link and link.stopped is None:
        page = family_page.page(link.case_public_id, today=today)
    if link is None or page is None:
        raise Absent("a visit")
    viewing.let_go()
    _record(link, "family read its page", address)
    return page


def leave(*, token: str) -> None:
    """End a visit, and commit; one that is over stays so."""
    is_it = FamilyVisit.token_sha256 == digest(token)
    now = clock.now()
    db.session.execute(
        update(FamilyVisit).where(is_it, FamilyVisit.ends_at > now).values(ends_at=now)
    )
    db.session.commit()


def _note_attempt(address: str) -> int:
    """Count the attempt before it is looked at. Raises TooManyAttempts."""
    at = clock.now()
    attempt = SignInAttempt(account_digest=_COUNTED_AS, address=address, attempted_at=at)
    db.session.add(attempt)
    db.session.commit()
    number = attempt.id
    counted = db.session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(
            SignInAttempt.account_digest == _COUNTED_AS,
            SignInAttempt.address == address,
            SignInAttempt.attempted_at > at - WINDOW,
        )
    )
    if (counted or 0) > MOST_FOR_ADDRESS:
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == number))
        db.session.commit()
        raise TooManyAttempts
    return number


def _count_wrong(link_id: int) -> int:
    """Count one more wrong code at a link, and return how many there are; nought at no link."""
    counted = (
        update(FamilyLink)
        .where(FamilyLink.id == link_id)
        .values(wrong_codes=FamilyLink.wrong_codes + 1)
        .returning(FamilyLink.wrong_codes)
    )
    return db.session.scalar(counted) or 0


def _use_up(link_id: int, code: str, at: datetime) -> bool:
    """Use up the code of a link, if it is one that is still good; once, whoever else tries."""
    used = (
        update(FamilyCode)
        .where(
            FamilyCode.link_id == link_id,
            FamilyCode.code_hash == code_hash(link_id, code),
            FamilyCode.used_at.is_(None),
            FamilyCode.ends_at > at,
        )
        .values(used_at=at)
        .returning(FamilyCode.id)
    )
    return db.session.execute(used).first() is not None


def _refuse(link: LinkState | None, address: str, *, closes: bool) -> None:
    if link and closes:
        db.session.execute(
            update(FamilyLink)
            .where(FamilyLink.id == link.id, FamilyLink.closed_at.is_(None))
            .values(closed_at=clock.now())
        )
    _record(link, "wrong family code", address)


def _record(link: LinkState | None, action: str, address: str) -> None:
    audit_trail.record(
        Actor(None, "family page", address),
        action,
        case_id=link.case_id if link else None,
        subject=f"family link {link.id}" if link else "no family link",
    )
    db.session.commit()


def _figures(code: str) -> str:
    """The figures of a code, however it was spaced."""
    return re.sub(r"[^0-9]", "", normalize("NFKC", code[:100]))
