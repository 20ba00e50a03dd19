"""A case and a question before a meeting: what the law leaves, and what speaks against it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from casework.models import Case, Person, Setting, User
from casework.queries.case_limits import CaseLimits, Owed
from casework.rules.agendas import Need, Sittings, in_time_before, law_key, need
from casework.rules.ages import age
from casework.rules.deadlines import Stand, Standing
from casework.rules.panels import Question, not_ready
from casework.rules.school_years import year_words
from casework.rules.stages import STAGES, Stage
from casework.rules.standing_words import in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """What an agenda says of a case: no name."""

    case_id: int
    public_id: str
    reference: str
    kind: str
    stage: Stage
    date_of_birth: date | None
    setting: str | None
    officer_id: int | None
    officer: str | None

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[self.stage].words

    def age_words(self, today: date) -> str:
        """Return age and school year today, in words."""
        if self.date_of_birth is None:
            return "Age not recorded"
        return f"{age(self.date_of_birth, today)}, {year_words(self.date_of_birth, today)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A case and a question before a meeting: what the law leaves, and what speaks against it."""

    today: date
    case: CaseSummary
    question: Question
    limits: CaseLimits
    sittings: Sittings

    @property
    def owed(self) -> Owed | None:
        """Return the limit for which the decision must leave time; None where none runs."""
        return self.limits.first(self.question.limits)

    @property
    def last_day(self) -> date | None:
        """Return the last lawful day; None where no limit runs, or it is lifted."""
        return self.owed.due_on if self.owed and not self.owed.is_lifted else None

    @property
    def days_left(self) -> int | None:
        """Return the days until the limit's day, below nought past it; None where none runs."""
        return (self.owed.due_on - self.today).days if self.owed else None

    @property
    def stand(self) -> Stand | None:
        """Return how the limit stands today; None where none runs. Soon is what cannot wait."""
        left = self.days_left
        if self.owed is None or left is None:
            return None
        if self.owed.is_lifted:
            return Stand(Standing.LIFTED)
        if left < 0:
            return Stand(Standing.OVERDUE, days_late=-left)
        waits = self.need is Need.CAN_WAIT
        return Stand(Standing.RUNNING if waits else Standing.SOON, days_left=left)

    @property
    def stand_words(self) -> str:
        """Return how the limit stands, in words; nothing where none runs."""
        return in_words(self.stand) if self.stand else ""

    @property
    def need(self) -> Need:
        """Return what the law's clock asks of the meeting."""
        return need(self.last_day, self.sittings)

    @property
    def in_time_on(self) -> date | None:
        """Return the day of an earlier meeting that can still decide in time; None for none."""
        return in_time_before(self.last_day, self.sittings)

    @property
    def objections(self) -> list[str]:
        """Return what speaks against deciding now, in words."""
        missing = [one.words for one in self.limits.missing]
        found = not_ready(self.question, self.case.kind, self.case.stage, missing)
        if not found and self.question.rests_on_advice and not self.limits.asked:
            found.append("Nobody has been asked for advice")
        return found

    @property
    def is_ready(self) -> bool:
        """Return whether nothing speaks against deciding now."""
        return not self.objections

    @property
    def law_key(self) -> tuple[bool, bool, date]:
        """Return the key that sorts by what the law needs first."""
        owed = self.owed
        return law_key(owed.due_on if owed else None, is_lifted=bool(owed and owed.is_lifted))


def selected(*others: Any) -> Select[*tuple[Any, ...]]:
    """Return a select of each case's summary, after `others`; `summary` reads its last columns."""
    case = (Case.id, Case.public_id, Case.reference, Case.kind, Case.stage)
    return (
        select(*others, *case, Person.date_of_birth, Setting.name, User.id, User.name)
        .select_from(Case)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Setting, Setting.id == Case.setting_id)
        .outerjoin(User, User.id == Case.officer_id)
    )


def summary(row: Any) -> CaseSummary:
    """Return the summary that the last columns of a row of `selected` hold."""
    case_id, public_id, reference, kind, stage, born, setting, officer_id, officer = row[-9:]
    return CaseSummary(
        case_id=case_id,
        public_id=public_id,
        reference=reference,
        kind=kind,
        stage=Stage(stage),
        date_of_birth=born,
        setting=setting,
        officer_id=officer_id,
        officer=officer,
    )
