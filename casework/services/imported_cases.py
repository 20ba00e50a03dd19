"""Rows of a tracker as records: many at a time, each kind in one statement."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert

from casework.clock import now
from casework.extensions import db
from casework.models import (
    Adviser,
    Case,
    CaseEvent,
    CaseEventException,
    OfficerAssignment,
    Person,
    PersonNameKey,
)
from casework.models.base import Model
from casework.services import numbering
from casework.services.audit_trail import Actor
from casework.services.imported_names import Officers, Settings
from casework.services.people import name_keys
from casework.tracker.facts import RowFacts, facts
from casework.tracker.findings import Doubt
from casework.tracker.plan import Planned, unused
from casework.tracker.rows import TrackerRow


class Writer:
    """Keeps planned rows in the open transaction, and commits nothing."""

    def __init__(self, actor: Actor, today: date, officers: Officers, settings: Settings) -> None:
        """Prepare to write as `actor`, on the day `today`."""
        self._actor = actor
        self._today = today
        self._at = now()
        self._officers = officers
        self._settings = settings
        #: What the rows kept so far say that no event could be made of.
        self.doubts: list[Doubt] = []

    def keep(self, batch: Sequence[Planned]) -> list[tuple[int, int]]:
        """Keep a batch of rows, and return (case id, line) of each."""
        self._keep_children(batch)
        told = [facts(planned.row, self._today) for planned in batch]
        for planned, row_facts in zip(batch, told, strict=True):
            self.doubts += unused(planned.row, row_facts)
        ids = numbering.take(Case, len(batch))
        _insert(
            Case,
            [self._case(*given) for given in zip(ids, batch, told, strict=True)],
        )
        self._keep_officers(ids, batch)
        self._keep_events(ids, told, _keep_advisers(ids, told))
        return [(case_id, planned.row.line) for case_id, planned in zip(ids, batch, strict=True)]

    def _keep_children(self, batch: Sequence[Planned]) -> None:
        """Keep the children not yet held. Two rows of a batch may be about one of them."""
        new = {id(planned.child): planned for planned in reversed(batch) if not planned.child.id}
        people, keys = [], []
        for number, planned in zip(numbering.take(Person, len(new)), new.values(), strict=True):
            row, planned.child.id = planned.row, number
            people.append(_person(number, row, planned.upn_verified))
            found = name_keys(row.surname, row.forename)
            keys += [{"person_id": number, "key": key} for key in found]
        _insert(Person, people)
        _insert(PersonNameKey, keys)

    def _case(self, case_id: int, planned: Planned, told: RowFacts) -> dict[str, Any]:
        row = planned.row
        return {
            "id": case_id,
            "reference": f"EHC-{case_id:06d}",
            "tracker_reference": row.reference or None,
            "kind": told.kind,
            "person_id": planned.child.id,
            "setting_id": self._settings.id_of(row.setting),
            "officer_id": self._officers.id_of(row.officer),
            "source": row.request_source.value if row.request_source else None,
            "requested_by": row.requested_by or None,
            "keyed_at": self._at,
            "graduated_approach": row.graduated_approach,
            "is_complex": bool(row.complex),
            "tracker_status": row.status or None,
        }

    def _keep_officers(self, ids: Sequence[int], batch: Sequence[Planned]) -> None:
        """The tracker does not say since when: who has a case had it on the day it came in."""
        rows = []
        for case_id, planned in zip(ids, batch, strict=True):
            if officer := self._officers.id_of(planned.row.officer):
                rows.append({"case_id": case_id, "officer_id": officer, "from_day": self._today})
        _insert(OfficerAssignment, rows)

    def _keep_events(
        self, ids: Sequence[int], told: Sequence[RowFacts], advisers: dict[tuple[int, int], int]
    ) -> None:
        happened = [
            (case_id, event) for case_id, row in zip(ids, told, strict=True) for event in row.events
        ]
        events, exceptions = [], []
        numbers = numbering.take(CaseEvent, len(happened))
        for number, (case_id, event) in zip(numbers, happened, strict=True):
            adviser = None if event.adviser is None else advisers[case_id, event.adviser]
            events.append(
                {
                    "id": number,
                    "case_id": case_id,
                    "kind": event.kind,
                    "happened_on": event.on,
                    "adviser_id": adviser,
                    "recipient": event.recipient,
                    "outcome": event.outcome,
                    "note": event.note,
                    "doubt": event.doubt,
                    "entered_at": self._at,
                    "entered_by_id": self._actor.user_id,
                }
            )
            if event.exception:
                exceptions.append({"event_id": number, **event.exception})
        _insert(CaseEvent, events)
        _insert(CaseEventException, exceptions)


def _person(number: int, row: TrackerRow, upn_verified: bool) -> dict[str, Any]:
    return {
        "id": number,
        "surname": row.surname,
        "forenames": row.forename,
        "date_of_birth": row.date_of_birth,
        "sex": row.sex.value if row.sex else None,
        "upn": row.upn or None,
        "upn_verified": upn_verified,
        "upn_unknown": row.upn_unknown.value if row.upn_unknown else None,
        "nhs_number": row.nhs_number or None,
    }


def _keep_advisers(ids: Sequence[int], told: Sequence[RowFacts]) -> dict[tuple[int, int], int]:
    """Keep the bodies asked, and return the id of each by case and place."""
    asked = [
        (case_id, place, service, name)
        for case_id, row in zip(ids, told, strict=True)
        for place, (service, name) in enumerate(row.advisers)
    ]
    numbers = numbering.take(Adviser, len(asked))
    _insert(
        Adviser,
        [
            {"id": number, "case_id": case_id, "service": service, "name": name}
            for number, (case_id, _, service, name) in zip(numbers, asked, strict=True)
        ],
    )
    return {
        (case_id, place): number
        for number, (case_id, place, _, _) in zip(numbers, asked, strict=True)
    }


def _insert(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(insert(model), rows)
