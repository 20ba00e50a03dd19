"""Which sections of the plan the advice on a case feeds, and which nobody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from casework.rules.advisers import SERVICES
from casework.rules.plan_sections import PLAN_SECTIONS, USUALLY_FEEDS, PlanSection


class Feeds(StrEnum):
    """What a contributor does for one section."""

    #: Its advice is there and says that it can feed the section.
    YES = auto()
    #: It was asked and owes an answer; advice of its kind usually feeds the section.
    EXPECTED = auto()
    #: Its advice is there, but which sections it feeds was not recorded; it usually feeds this.
    PERHAPS = auto()
    NO = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """One who was asked, or whose advice is used again."""

    words: str
    #: A key of casework.rules.advisers.SERVICES.
    service: str
    #: The sections that what came can feed; None where something came and nobody said which.
    sections: tuple[str, ...] | None = ()
    is_owed: bool = False

    def feeds(self, section: str) -> Feeds:
        """Return what this contributor does for a section, by its letter."""
        usually = section in USUALLY_FEEDS[SERVICES[self.service].agency]
        if self.sections is None:
            return Feeds.PERHAPS if usually else Feeds.NO
        if section in self.sections:
            return Feeds.YES
        return Feeds.EXPECTED if self.is_owed and usually else Feeds.NO


@dataclass(frozen=True, slots=True)
class Fed:
    """One section, and what each contributor does for it."""

    section: PlanSection
    by: tuple[tuple[Contributor, Feeds], ...]

    @property
    def words(self) -> str:
        """Return who feeds the section, in a sentence; that nobody does, where nobody does."""
        for feeds, said in _SENTENCES:
            named = [one.words for one, what in self.by if what is feeds]
            if named:
                return said.format(section=self.section.key, who=", ".join(named))
        return f"No one feeds section {self.section.key}"

    @property
    def has_contributor(self) -> bool:
        """Return whether advice that feeds the section is there."""
        return any(what is Feeds.YES for _, what in self.by)


_SENTENCES = (
    (Feeds.YES, "Section {section} is fed by {who}"),
    (Feeds.PERHAPS, "Section {section} may be fed by {who}: which sections was not recorded"),
    (Feeds.EXPECTED, "Section {section} waits for {who}"),
)


def matrix(contributors: Sequence[Contributor]) -> tuple[Fed, ...]:
    """Return every section in the plan's order with what each contributor does for it."""
    return tuple(
        Fed(section, tuple((one, one.feeds(section.key)) for one in contributors))
        for section in PLAN_SECTIONS.values()
    )
