"""A filter of a list, as its page offers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One filter as the page offers it: its name in the address, and what can be chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def chosen_words(self) -> str:
        """Return what is chosen, in words."""
        return dict(self.options).get(self.chosen, "")
