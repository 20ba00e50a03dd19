"""Templates of letters: the first versions put in place, a newer one taken in, one brought back."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from casework import clock
from casework.config import Settings
from casework.documents.refusals import Unacceptable
from casework.extensions import db
from casework.letters import documents, sample
from casework.letters.documents import Made, NotMade
from casework.letters.first_versions import first_version
from casework.models import LetterTemplate
from casework.queries import letter_templates
from casework.queries.letter_copies import services_of
from casework.rules.letters import LETTERS, LetterKind
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused

_MEANWHILE = (
    "Someone else put another version in use meanwhile. Nothing was changed. Look at theirs below, "
    "and send yours again if it should take its place"
)


def install_first_versions() -> None:
    """Put the templates that come with the system in place where a kind has none; commit."""
    missing = LETTERS.keys() - letter_templates.in_use().keys()
    if not missing:
        return
    for kind in LETTERS:
        if kind in missing:
            note = "The version that comes with the system"
            db.session.add(_version(kind, 1, first_version(kind), note, None))
    try:
        db.session.commit()
    except IntegrityError:  # another process has just done it
        db.session.rollback()


def put_in_use(
    *,
    actor: Actor,
    kind: str,
    seen: int,
    content: bytes,
    file_name: str,
    note: str,
    settings: Settings,
) -> int:
    """Take in a newer version of a template, tried on an invented child, and commit.

    `seen` is the version that was in use when the page was opened. Returns the new number. Raises
    Refused where the document will not do, naming the field and the law, or where another version
    was put in use meanwhile.
    """
    try:
        documents.check(content, file_name, LETTERS[kind])
        example(LETTERS[kind], content, settings)
    except Unacceptable as error:
        raise Refused({"file": str(error)}) from None
    except NotMade:
        raise Refused(
            {"file": "No letter can be made from this Word document. Save it anew in Word"}
        ) from None
    return _save(actor, kind, seen, content, note)


def bring_back(*, actor: Actor, kind: str, seen: int, public_id: str) -> int:
    """Put an earlier version in use again, as a new version, and commit; return its number.

    Raises Absent, and Refused where another was put in use meanwhile, or where what the law
    demands was added since and the earlier one does not have it.
    """
    held = letter_templates.content(kind, public_id)
    if held is None:
        raise Absent
    (earlier, content), name = held, "template.docx"
    number = earlier.version
    db.session.rollback()
    try:
        documents.check(content, name, LETTERS[kind])
    except Unacceptable as error:
        raise Refused({"file": str(error)}) from None
    return _save(actor, kind, seen, content, f"Version {number} brought back")


def example(kind: LetterKind, content: bytes, settings: Settings) -> Made:
    """Return the letter that a template makes for an invented child. Raises NotMade."""
    return sample.example(
        content,
        kind,
        settings.authority_name,
        settings.letter_address,
        services_of(settings),
        clock.today(),
    )


def _save(actor: Actor, kind: str, seen: int, content: bytes, note: str) -> int:
    last = select(func.max(LetterTemplate.version)).where(LetterTemplate.kind == kind)
    if db.session.scalar(last) != seen:
        db.session.rollback()
        raise Refused({"file": _MEANWHILE})
    made = _version(kind, seen + 1, content, note, actor.user_id)
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise Refused({"file": _MEANWHILE}) from None
    audit_trail.record(
        actor,
        "put letter template in use",
        subject=f"letter template {made.id}",
        changes={"version": (seen, seen + 1), "kind": (kind, kind), "sha256": (None, made.sha256)},
    )
    db.session.commit()
    return seen + 1


def _version(
    kind: str, version: int, content: bytes, note: str, made_by: int | None
) -> LetterTemplate:
    return LetterTemplate(
        kind=kind,
        version=version,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        note=note,
        made_at=clock.now(),
        made_by_id=made_by,
    )
