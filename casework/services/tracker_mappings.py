"""Which heading stands for which field, remembered from one tracker of a layout to the next."""

import json
from collections.abc import Mapping

from sqlalchemy import select

from casework import database
from casework.clock import now
from casework.extensions import db
from casework.models import TrackerMapping
from casework.tracker.sheets import Sheet, open_sheet


def open_remembered(
    content: bytes,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet_name: str | None = None,
) -> Sheet:
    """Return a tracker's sheet, its headings read as they are remembered.

    `mapping` is {field: heading} as a person chose it now, and goes before what is remembered.
    Raises Unreadable.
    """
    sheet = open_sheet(content, filename, mapping=mapping, sheet_name=sheet_name)
    known = remembered(sheet.headings.layout)
    if not known:
        return sheet
    chosen = {**known, **(mapping or {})}
    return open_sheet(content, filename, mapping=chosen, sheet_name=sheet_name)


def remembered(layout: str) -> dict[str, str]:
    """Return {field: heading} as last chosen for headings of this layout; empty if never."""
    wanted = select(TrackerMapping.mapping).where(TrackerMapping.layout == layout)
    with database.reading():
        found = db.session.scalar(wanted)
    return dict(json.loads(found)) if found else {}


def remember(*, layout: str, mapping: Mapping[str, str]) -> None:
    """Keep {field: heading} for the next tracker of this layout, and commit.

    A field with an empty heading is one that this layout does not have.
    """
    held = db.session.scalar(select(TrackerMapping).where(TrackerMapping.layout == layout))
    if held is None:
        held = TrackerMapping(layout=layout)
        db.session.add(held)
    held.mapping = json.dumps(dict(mapping), ensure_ascii=False)
    held.saved_at = now()
    db.session.commit()
