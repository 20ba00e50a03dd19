"""Which events end an assessment, and what later opens it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casework.rules.events import EVENTS, EventKind
from casework.rules.stages import STAGES


@dataclass(frozen=True, slots=True)
class Ending:
    """What an ending gives way to: kinds of event that undo it."""

    #: Whenever they happened: the case had gone further than this ending.
    at_any_time: tuple[str, ...]
    #: Only where they came later: the refusal was dropped or overturned.
    later: tuple[str, ...]


def _ending(ended: EventKind) -> Ending:
    assert ended.to is not None
    rank = STAGES[ended.to].rank
    going_on = [kind for kind in EVENTS.values() if kind.to and not STAGES[kind.to].ends]
    return Ending(
        tuple(k.key for k in going_on if k.to and STAGES[k.to].rank > rank),
        tuple(
            k.key
            for k in going_on
            if k.overturns is ended.to or (k.to and STAGES[k.to].rank == rank)
        ),
    )


#: Each kind of event that ends an assessment with no final plan, as `history.standpoint` reads it.
ENDINGS: Mapping[str, Ending] = MappingProxyType(
    {
        kind.key: _ending(kind)
        for kind in EVENTS.values()
        if kind.to is not None and STAGES[kind.to].ends
    }
)
