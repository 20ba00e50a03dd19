"""Drawing lots: the same ones for the same seed."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


class Draw(random.Random):
    """Random draws that a seed repeats. For invented records alone: nothing secret is drawn."""

    def happens(self, chance: float) -> bool:
        """Return whether something of this chance (0 to 1) happens."""
        return self.random() < chance

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Return one of the keys, each as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def days(self, median: float, spread: float, most: int = 400) -> timedelta:
        """Return a length of time in days with a late tail: log-normal about the median."""
        return timedelta(days=min(most, round(median * self.lognormvariate(0, spread))))

    def between(self, first: int, last: int) -> timedelta:
        """Return from `first` to `last` days, each as likely."""
        return timedelta(days=self.randint(first, last))

    def day(self, first: date, last: date) -> date:
        """Return a day from `first` to `last`, each as likely."""
        return first + self.between(0, (last - first).days)
