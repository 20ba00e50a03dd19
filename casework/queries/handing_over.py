"""Cases chosen to be handed over, as they stand at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework.access import Scope
from casework.extensions import db
from casework.models import Case, User
from casework.queries.scope import in_scope
from casework.rules.stages import STAGES, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One case that was chosen: no name, since it is told apart by its reference."""

    id: int
    public_id: str
    reference: str
    stage: str
    is_complex: bool
    version: int
    officer_id: int | None
    officer: str | None

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[Stage(self.stage)].words

    @property
    def mark(self) -> str:
        """Return what changes when the case does, or when it is handed over."""
        return f"{self.public_id}.{self.version}.{self.officer_id or 0}"


def chosen(scope: Scope, public_ids: Sequence[str]) -> list[Chosen]:
    """Return the cases in scope among these, by reference. One statement."""
    statement = (
        select(
            *(Case.id, Case.public_id, Case.reference, Case.stage, Case.is_complex),
            *(Case.version, Case.officer_id, User.name.label("officer")),
        )
        .outerjoin(User, User.id == Case.officer_id)
        .where(Case.public_id.in_(public_ids), in_scope(scope))
        .order_by(Case.reference)
    )
    return [Chosen(**dict(row)) for row in db.session.execute(statement).mappings()]
