"""In which order a meeting takes its cases, for how long each, and what the clerk notes for it."""

from collections.abc import Iterable, Mapping, Sequence

from casework.models import AgendaItem
from casework.rules.agendas import among_hidden
from casework.services import audit_trail
from casework.services.agenda import item_at, items_at
from casework.services.audit_trail import Actor
from casework.services.errors import Absent
from casework.services.meeting_versions import changing, subject_of


def arrange(
    *,
    actor: Actor,
    meeting_id: int,
    version: int,
    order: Sequence[int],
    minutes: Mapping[int, int],
) -> None:
    """Put the items (by id) in this order, each for so many minutes, and commit.

    An item that is not in `order`, hidden from whoever arranges them, keeps its place among the
    others. Raises ChangedMeanwhile, Absent; Refused where the meeting can take no change.
    """
    with changing(meeting_id, version):
        there = {item.id: item for item in items_at(meeting_id)}
        if not set(order) <= set(there) or not set(minutes) <= set(there):
            raise Absent
        before = _as_told(there.values())
        for place, number in enumerate(among_hidden(order, list(there)), start=1):
            there[number].place = place
        for number, length in minutes.items():
            there[number].minutes = length
        after = _as_told(sorted(there.values(), key=lambda item: item.place))
        if before != after:
            changes = {"items": (before, after)}
            about = subject_of(meeting_id)
            audit_trail.record(actor, "arranged agenda", subject=about, changes=changes)


def set_note(*, actor: Actor, meeting_id: int, version: int, item_id: str, note: str) -> None:
    """Note something for the panel beside a case, or with no words nothing, and commit.

    Raises ChangedMeanwhile, Absent; Refused where the meeting can take no change.
    """
    with changing(meeting_id, version):
        item = item_at(meeting_id, item_id)
        held, item.note = item.note, note.strip() or None
        audit_trail.record(
            actor,
            "changed note to panel",
            case_id=item.case_id,
            subject=subject_of(meeting_id),
            changes={"note": (held, item.note)},
        )


def _as_told(items: Iterable[AgendaItem]) -> list[str]:
    return [f"{item.id} for {item.minutes} minutes" for item in items]
