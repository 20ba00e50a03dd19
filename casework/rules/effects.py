"""What an entry would change: the limits that would move, start or stop, before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.rules.clocks import Clock


@dataclass(frozen=True, slots=True)
class Moved:
    """One limit as it stands and as it would stand; None where there is or would be none."""

    before: Clock | None
    after: Clock | None

    @property
    def either(self) -> Clock:
        """Return the limit as it would stand or, where it would go, as it stands."""
        found = self.after or self.before
        assert found is not None, "a limit is there before, or after, or both"
        return found


def moved(before: Sequence[Clock], after: Sequence[Clock]) -> list[Moved]:
    """Return the limits that differ in their due day, or in when they were met or let go."""
    old = {(clock.key, clock.duty.id): clock for clock in before}
    new = {(clock.key, clock.duty.id): clock for clock in after}
    pairs = [Moved(old.get(key), new.get(key)) for key in old | new]
    return [pair for pair in pairs if _told(pair.before) != _told(pair.after)]


def _told(clock: Clock | None) -> tuple[object, ...] | None:
    if clock is None:
        return None
    return clock.due.on, clock.met_on, clock.met_as, clock.closed_on, clock.lifted_by
