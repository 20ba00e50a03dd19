"""Links to a family's page, and the codes that each open it once: made, given, closed.

A link's secret and a code are returned once, to be shown once; only their hashes are kept.
"""

import hashlib
import hmac
import secrets

from sqlalchemy import update

from casework import clock, current
from casework.extensions import db
from casework.models import Contact, FamilyCode, FamilyLink
from casework.queries import family_links as queries
from casework.queries.cases import CaseView
from casework.rules.family_links import CODE_FIGURES, CODE_LASTS, LINK_LASTS
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.sessions import digest

#: No 0, 1, I, L or O, and no capitals: the address may be typed from a letter.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def make_link(*, actor: Actor, view: CaseView, contact_id: str) -> str:
    """Make a link to a case's page for one contact, and commit; return its secret of 138 bits,
    which can be typed from a letter.

    `contact_id` is the contact's public id. Raises Refused where the contact may have none or has
    one that still opens.
    """
    found = {contact.public_id: contact for contact in queries.may_be_given(view)}
    contact = found.get(contact_id)
    if contact is None:
        raise Refused({"contact": "Choose somebody with parental responsibility from the list"})
    at = clock.now()
    lines = queries.of_case(view.case.id, at, view.today)
    if any(line.link.contact_id == contact.id and line.stopped is None for line in lines):
        raise Refused({"contact": f"{contact.name} has a link. Close it before you make another"})
    return _made(actor, view.case.id, contact)


def give_code(*, actor: Actor, view: CaseView, link_id: str) -> str:
    """Make a code for a link, and commit; return its eight figures. It takes the place of any code
    not used yet.

    Raises Absent where the case has no such link, Refused where the link opens nothing.
    """
    line = _line(view, link_id)
    if line.stopped is not None:
        raise Refused({"contact": "This link opens nothing any more. Make another"})
    at, code = clock.now(), f"{secrets.randbelow(10**CODE_FIGURES):0{CODE_FIGURES}}"
    db.session.execute(
        update(FamilyCode)
        .where(
            FamilyCode.link_id == line.link.id,
            FamilyCode.used_at.is_(None),
            FamilyCode.ends_at > at,
        )
        .values(ends_at=at)
    )
    db.session.add(
        FamilyCode(
            link_id=line.link.id,
            code_hash=code_hash(line.link.id, code),
            given_by_id=actor.user_id,
            made_at=at,
            ends_at=at + CODE_LASTS,
        )
    )
    _record(actor, "gave family code", view.case.id, line.link.id)
    return code


def close_link(*, actor: Actor, view: CaseView, link_id: str) -> None:
    """Close a link, and whatever it has open, and commit; one that is closed stays as it was.

    Raises Absent where the case has no such link.
    """
    line = _line(view, link_id)
    closed = db.session.execute(
        update(FamilyLink)
        .where(FamilyLink.id == line.link.id, FamilyLink.closed_at.is_(None))
        .values(closed_at=clock.now(), closed_by_id=actor.user_id)
        .returning(FamilyLink.id)
    ).all()
    if closed:
        _record(actor, "closed family link", view.case.id, line.link.id)


def secret_hash(secret: str) -> str:
    """Return what is kept of a link's secret, whether it was typed in capitals or not."""
    return digest(secret.strip().lower())


def code_hash(link_id: int, code: str) -> str:
    """Return what is kept of a code: without our key the hundred million codes cannot be tried."""
    words = f"family code {link_id} {code}".encode()
    return hmac.new(current.settings().secret_key.encode(), words, hashlib.sha256).hexdigest()


def _drawn_secret() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(7))


def _made(actor: Actor, case_id: int, contact: Contact) -> str:
    secret, at = _drawn_secret(), clock.now()
    link = FamilyLink(
        case_id=case_id,
        contact_id=contact.id,
        token_sha256=secret_hash(secret),
        made_at=at,
        made_by_id=actor.user_id,
        ends_at=at + LINK_LASTS,
    )
    db.session.add(link)
    db.session.flush()
    _record(actor, "made family link", case_id, link.id)
    return secret


def _line(view: CaseView, link_id: str) -> queries.LinkLine:
    lines = queries.of_case(view.case.id, clock.now(), view.today)
    found = next((line for line in lines if line.link.public_id == link_id), None)
    if found is None:
        raise Absent(f"family link {link_id}")
    return found


def _record(actor: Actor, action: str, case_id: int, link_id: int) -> None:
    audit_trail.record(actor, action, case_id=case_id, subject=f"family link {link_id}")
    db.session.commit()
