"""A tracker file on its way in: held between its check and its import, and then forgotten.

The file names children, so it is the uploader's alone, and is forgotten when they finish with it
or a day after it came. What is kept once it is in is the report and the refused rows.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, or_, select, update

from casework import clock, database
from casework.extensions import db
from casework.models import TrackerUpload
from casework.services import audit_trail, imports, tracker_mappings
from casework.services.audit_trail import Actor
from casework.services.errors import Absent
from casework.services.imports import Outcome
from casework.tracker.findings import Unreadable
from casework.tracker.reading import Reading, read_sheet
from casework.tracker.report import refused_sheet, report
from casework.tracker.sheets import Sheet

KEPT_FOR: Final = timedelta(days=1)
#: What an answer to one request can bring in while a person waits for it.
MOST_ROWS: Final = 5_000
#: An import that has said nothing for so long has ended without a word, and may be tried again.
GIVEN_UP: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file that is held: who it is from stays unsaid, since only they are shown it."""

    id: int
    public_id: str
    filename: str
    uploaded_at: datetime
    #: When its import began; None before that.
    imported_at: datetime | None
    #: Whether its import is at work, as far as is known.
    is_under_way: bool
    #: What its import did, as `Checked.as_json` gives it; None until it is done.
    report: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A file read and compared with the records, nothing changed."""

    reading: Reading
    outcome: Outcome

    def as_json(self) -> dict[str, Any]:
        """Return the report, with how many rows were refused and the names made for review."""
        reading = replace(self.reading, doubts=(*self.reading.doubts, *self.outcome.doubts))
        counts = {
            "imported": self.outcome.imported,
            "already_held": self.outcome.already_held,
        }
        return {
            **report(reading, **counts),
            "refused_rows": len(self.reading.refused_cells),
            "new_officers": list(self.outcome.new_officers),
            "new_settings": list(self.outcome.new_settings),
        }


def hold(*, actor: Actor, content: bytes, filename: str) -> str:
    """Hold a file, and return the identifier in its address. Commits.

    Raises Unreadable, with the reason and what to do, for a file that is no tracker; one whose
    headings lack a field is held, for its person to choose the columns.
    """
    tracker_mappings.open_remembered(content, filename)
    forget_old(clock.today())
    made = TrackerUpload(
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
        filename=filename[-255:],
        content=content,
    )
    db.session.add(made)
    db.session.flush()
    public_id = made.public_id
    audit_trail.record(actor, "sent tracker", subject=_subject(made.id))
    db.session.commit()
    return public_id


@database.reading()
def held_files(actor: Actor) -> list[Held]:
    """Return the files of one's own that are held, the newest first."""
    found = db.session.scalars(_own(actor).order_by(TrackerUpload.id.desc()))
    return [_held(upload) for upload in found]


@database.reading()
def held(*, actor: Actor, public_id: str) -> Held:
    """Return a file of one's own. Raises Absent for another's, and once it is forgotten."""
    return _held(_find(actor, public_id))


def columns(*, actor: Actor, public_id: str) -> Sheet:
    """Return the file's sheet with its headings, to show and to choose. Raises Absent."""
    return _sheet(_find(actor, public_id))


def choose_columns(*, actor: Actor, public_id: str, mapping: Mapping[str, str]) -> None:
    """Keep which heading each field is read from, for this file and the next of its layout.

    `mapping` is {field: heading}, empty for a field that the sheet does not have. Commits.
    Raises Absent.
    """
    upload = _find(actor, public_id)
    layout = _sheet(upload).headings.layout
    upload = _find(actor, public_id)
    upload.mapping = json.dumps(dict(mapping), ensure_ascii=False)
    audit_trail.record(actor, "chose tracker columns", subject=_subject(upload.id))
    db.session.commit()
    tracker_mappings.remember(layout=layout, mapping=mapping)


def check(*, actor: Actor, public_id: str, today: date) -> Checked:
    """Return what bringing the file in would do now, and change nothing.

    Raises Absent; Unreadable where a column is wanting or there are too many rows.
    """
    reading = _read(_find(actor, public_id), today)
    return Checked(reading, imports.preview(rows=reading.rows, today=today))


def bring_in(*, actor: Actor, public_id: str, today: date) -> None:
    """Bring the file's readable rows in, all or none, and keep the report in place of the file.

    A file that is already in, or on its way, is left as it is. Raises Absent, Unreadable, Busy.
    """
    upload = _find(actor, public_id)
    number, filename = upload.id, upload.filename
    reading = _read(upload, today)
    if not _claim(number):
        return
    try:
        outcome = imports.import_rows(
            actor=actor, rows=reading.rows, today=today, filename=filename
        )
    except BaseException:
        _let_go(number)
        raise
    kept = refused_sheet(reading) if reading.refused_cells else b""
    written = json.dumps(Checked(reading, outcome).as_json(), ensure_ascii=False)
    _change(number, content=kept, report=written)


def refused_file(*, actor: Actor, public_id: str, today: date) -> bytes:
    """Return an .xlsx of the refused rows with the reasons. Audited. Raises Absent if none was."""
    upload = _find(actor, public_id)
    number, is_in = upload.id, upload.report is not None
    if is_in:
        content = upload.content
    else:
        reading = _read(upload, today)
        content = refused_sheet(reading) if reading.refused_cells else b""
    if not content:
        raise Absent
    audit_trail.record(actor, "saved refused rows", subject=_subject(number))
    db.session.commit()
    return content


def forget(*, actor: Actor, public_id: str) -> None:
    """Forget a file of one's own, and commit. Raises Absent."""
    upload = _find(actor, public_id)
    number = upload.id
    db.session.execute(delete(TrackerUpload).where(TrackerUpload.id == number))
    audit_trail.record(actor, "forgot tracker", subject=_subject(number))
    db.session.commit()


def forget_old(_today: date) -> str:
    """Forget every file held for more than a day, and commit. Returns words for the log."""
    old = TrackerUpload.uploaded_at < clock.now() - KEPT_FOR
    gone = db.session.scalars(delete(TrackerUpload).where(old).returning(TrackerUpload.id)).all()
    db.session.commit()
    return f"{len(gone)} tracker files forgotten"


def _own(actor: Actor) -> Select[TrackerUpload]:
    return select(TrackerUpload).where(
        TrackerUpload.uploaded_by_id == actor.user_id,
        TrackerUpload.uploaded_at >= clock.now() - KEPT_FOR,
    )


def _find(actor: Actor, public_id: str) -> TrackerUpload:
    found = db.session.scalars(_own(actor).where(TrackerUpload.public_id == public_id)).first()
    if found is None:
        raise Absent
    return found


def _held(upload: TrackerUpload) -> Held:
    return Held(
        id=upload.id,
        public_id=upload.public_id,
        filename=upload.filename,
        uploaded_at=upload.uploaded_at,
        imported_at=upload.imported_at,
        is_under_way=upload.imported_at is not None
        and upload.report is None
        and upload.imported_at >= clock.now() - GIVEN_UP,
        report=json.loads(upload.report) if upload.report else None,
    )


def _sheet(upload: TrackerUpload) -> Sheet:
    """Open the file. Lets go of the database first: reading is slow, and writers would wait."""
    content, filename = upload.content, upload.filename
    mapping = json.loads(upload.mapping) if upload.mapping else None
    if upload.report is not None:
        raise Absent
    db.session.rollback()
    return tracker_mappings.open_remembered(content, filename, mapping=mapping)


def _read(upload: TrackerUpload, today: date) -> Reading:
    reading = read_sheet(_sheet(upload), today=today)
    if reading.counted > MOST_ROWS:
        raise Unreadable(
            f"The sheet has {reading.counted:,} rows and this page takes {MOST_ROWS:,}. Divide it, "
            "or ask whoever runs this service to bring it in with “casework import-cases”"
        )
    return reading


def _claim(number: int) -> bool:
    """Say that the import has begun, once: a button pressed twice brings a file in once."""
    now = clock.now()
    stalled = TrackerUpload.imported_at < now - GIVEN_UP
    free = or_(TrackerUpload.imported_at.is_(None), stalled)
    claimed = db.session.scalars(
        update(TrackerUpload)
        .where(TrackerUpload.id == number, TrackerUpload.report.is_(None), free)
        .values(imported_at=now)
        .returning(TrackerUpload.id)
    ).all()
    db.session.commit()
    return bool(claimed)


def _let_go(number: int) -> None:
    _change(number, imported_at=None)


def _change(number: int, **values: Any) -> None:
    db.session.execute(update(TrackerUpload).where(TrackerUpload.id == number).values(**values))
    db.session.commit()


def _subject(number: int) -> str:
    return f"tracker upload {number}"
