"""What entries would change on a case, shown before they are saved."""

from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.rules.effects import Moved, moved
from casework.rules.history import Happened

Effect = tuple[Moved, ClockLine | None, ClockLine | None]


def effects(view: CaseView, *would: Happened) -> list[Effect]:
    """Return the limits that entries would move, each as it stands and as it would stand."""
    now = {line.key: line for line in view.clocks}
    then = {line.key: line for line in view.clocks_with(*would)}
    pairs = moved([line.clock for line in now.values()], [line.clock for line in then.values()])
    keys = [f"{pair.either.key}.{pair.either.duty.id}" for pair in pairs]
    return [(pair, now.get(key), then.get(key)) for pair, key in zip(pairs, keys, strict=True)]
