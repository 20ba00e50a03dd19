"""What was asked of a service: its own requests, and of each what it needs of the child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from casework.access import Scope
from casework.extensions import db
from casework.models import (
    AdviceService,
    Adviser,
    Case,
    CaseEvent,
    Deadline,
    Person,
    Setting,
)
from casework.queries.scope import is_theirs, taken_over_by, without_interest
from casework.rules.advisers import SERVICES, services_of
from casework.rules.ages import age
from casework.rules.answering import STEP_OF, Step, step_after
from casework.rules.book import BOOK
from casework.rules.clocks import ANY_ADVICE
from casework.rules.deadlines import Stand, Standing
from casework.rules.standing_words import NO_LONGER_OWED, in_words

PER_PAGE = 50
#: What a list may be narrowed to, and what each is called; the first is shown unasked.
VIEWS: Mapping[str, str] = {
    "outstanding": "To answer",
    "answered": "Answered",
    "all": "All requests",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request in the list: no more of the child than tells one from another."""

    public_id: str
    reference: str
    child: str
    age: int | None
    setting: str | None
    service: str
    asked_on: date | None
    reached_on: date | None
    due_on: date
    step: Step
    stand: Stand | None
    is_guidance: bool

    @property
    def stand_words(self) -> str:
        """Return the days left or over, in words."""
        if self.stand is None:
            return NO_LONGER_OWED
        return in_words(self.stand, is_target=self.is_guidance)

    @property
    def standing(self) -> str:
        """Return the standing as its tag is coloured; "closed" where nothing is owed."""
        if self.stand is None:
            return "closed"
        missed = self.is_guidance and self.stand.standing is Standing.OVERDUE
        return "target_missed" if missed else self.stand.standing


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a service's requests."""

    lines: list[Line]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def page(
    scope: Scope, *, view: str, service_id: int | None, today: date, soon_within: int, number: int
) -> Page:
    """Return one page of the requests that the scope answers for, what is due first on top.

    `view` is a key of VIEWS; `service_id` narrows to one service and those it replaced. One
    statement; one more where the page asked for is past the last.
    """
    statement = _lines(scope, view, service_id)
    rows = db.session.execute(statement.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    if not rows and number > 1:
        return page(
            *(scope,),
            view=view,
            service_id=service_id,
            today=today,
            soon_within=soon_within,
            number=1,
        )
    lines = [_line(row, today, soon_within) for row in rows]
    return Page(lines, rows[0].total if rows else 0, number)


def of_scope(scope: Scope, adviser: ColumnElement[bool] | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions on Adviser and its Case that hold for what the scope answers for.

    Whoever was asked, and the entry stands; and not where the person has declared an interest.
    """
    found = [is_theirs(scope), _was_asked()]
    if scope.hidden_from is not None:
        found.append(without_interest(scope.hidden_from))
    return found if adviser is None else [*found, adviser]


def services_to_choose(scope: Scope) -> Sequence[tuple[int, str, str]]:
    """Return (id, identifier, name) of the services of the scope's agencies, by name."""
    kinds = [kind for agency in scope.agencies for kind in services_of(agency)]
    rows = db.session.execute(
        select(AdviceService.id, AdviceService.public_id, AdviceService.name)
        .where(AdviceService.kind.in_(kinds))
        .order_by(func.lower(AdviceService.name))
    )
    return [(row.id, row.public_id, row.name) for row in rows]


@dataclass(frozen=True, slots=True)
class OwnService:
    """The service of a person's account, and how it stands."""

    name: str
    #: The last day on which it was asked, where that is over.
    closed_on: date | None
    #: The service that answers for it now.
    successor: str | None


def own_service(service_id: int | None, today: date) -> OwnService | None:
    """Return the service of a person's account, or None where they have none."""
    service = db.session.get(AdviceService, service_id) if service_id else None
    if service is None:
        return None
    over = service.until_day is not None and service.until_day < today
    heir = service.replaced_by.name if service.replaced_by else None
    return OwnService(service.name, service.until_day if over else None, heir)


def _was_asked() -> ColumnElement[bool]:
    event, later = aliased(CaseEvent), aliased(CaseEvent)
    return exists(
        select(event.id).where(
            event.adviser_id == Adviser.id,
            event.case_id == Adviser.case_id,
            event.kind.in_(("advice_requested", "advice_request_received", "advice_received")),
            ~exists(select(later.id).where(later.corrects_id == event.id)),
        )
    )


def _lines(scope: Scope, view: str, service_id: int | None):  # type: ignore[no-untyped-def]
    newer = aliased(Deadline)
    is_newest = ~exists(
        select(newer.id).where(
            newer.adviser_id == Deadline.adviser_id,
            newer.duty.in_(ANY_ADVICE),
            or_(
                newer.started_on > Deadline.started_on,
                and_(newer.started_on == Deadline.started_on, newer.id > Deadline.id),
            ),
        )
    )
    latest = _latest_kind()
    to_do = or_(
        and_(Deadline.met_on.is_(None), Deadline.closed_on.is_(None)),
        # Few were ever sent back, so that for the others nothing more is looked up.
        and_(Deadline.sent_back_on.is_not(None), latest == "advice_sent_back"),
    )
    statement = (
        select(
            *(Adviser.public_id, Adviser.service, Case.reference, Person.forenames),
            *(Person.surname, Person.date_of_birth, Setting.name.label("setting")),
            *(AdviceService.name.label("service_name"), Deadline.asked_on, _reached_on()),
            *(Deadline.due_on, Deadline.duty, Deadline.met_on, Deadline.closed_on),
            *(Deadline.lifted_by, latest.label("latest"), func.count().over().label("total")),
        )
        .join(Deadline, Deadline.adviser_id == Adviser.id)
        .join(Case, Case.id == Adviser.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Setting, Setting.id == Case.setting_id)
        .outerjoin(AdviceService, AdviceService.id == Adviser.advice_service_id)
        .where(*of_scope(scope), Deadline.duty.in_(ANY_ADVICE), is_newest)
    )
    if service_id is not None:
        statement = statement.where(Adviser.advice_service_id.in_(taken_over_by([service_id])))
    if view == "outstanding":
        statement = statement.where(to_do)
    elif view == "answered":
        statement = statement.where(~to_do)
    if view == "answered":
        return statement.order_by(Deadline.met_on.desc(), Adviser.id.desc())
    done = case((to_do, 0), else_=1)
    return statement.order_by(done, Deadline.due_on, Adviser.id)


def _latest_kind() -> ColumnElement[str]:
    event, later = aliased(CaseEvent), aliased(CaseEvent)
    return (
        select(event.kind)
        .where(
            event.case_id == Adviser.case_id,
            event.adviser_id == Adviser.id,
            event.kind.in_(tuple(STEP_OF)),
            ~exists(select(later.id).where(later.corrects_id == event.id)),
        )
        .order_by(event.happened_on.desc(), event.id.desc())
        .limit(1)
        .correlate(Adviser)
        .scalar_subquery()
    )


def _reached_on() -> ColumnElement[date]:
    event, later = aliased(CaseEvent), aliased(CaseEvent)
    return (
        select(func.min(event.happened_on))
        .where(
            event.case_id == Adviser.case_id,
            event.adviser_id == Adviser.id,
            event.kind == "advice_request_received",
            or_(Deadline.asked_on.is_(None), event.happened_on >= Deadline.asked_on),
            ~exists(select(later.id).where(later.corrects_id == event.id)),
        )
        .correlate(Adviser, Deadline)
        .scalar_subquery()
        .label("reached_on")
    )


def _line(row: Row[*tuple[object, ...]], today: date, soon_within: int) -> Line:
    born = row.date_of_birth
    closed, answered = row.closed_on is not None, row.met_on is not None
    return Line(
        public_id=row.public_id,
        reference=row.reference,
        child=first_name_and_initial(row.forenames, row.surname),
        age=age(born, today) if born else None,
        setting=row.setting,
        service=row.service_name or SERVICES[row.service].words,
        asked_on=row.asked_on,
        reached_on=row.reached_on,
        due_on=row.due_on,
        step=step_after(row.latest, is_closed=closed and not answered, is_answered=answered),
        stand=_stand(row, today, soon_within),
        is_guidance=BOOK[row.duty].kind != "law",
    )


def first_name_and_initial(forenames: str, surname: str) -> str:
    """Return a child's first name with the initial of the last: "Ida I."."""
    first, initial = forenames.split(maxsplit=1)[:1], surname[:1]
    return " ".join([*first, f"{initial}."]) if initial else " ".join(first)


def _stand(row: Row[*tuple[object, ...]], today: date, soon_within: int) -> Stand | None:
    """How the limit stands; "soon" is here in days of the week, weekends left out by halves."""
    if row.met_on is not None:
        late = (row.met_on - row.due_on).days
        return Stand(Standing.MET_LATE, days_late=late) if late > 0 else Stand(Standing.MET)
    if row.closed_on is not None:
        return None
    left = (row.due_on - today).days
    if row.lifted_by:
        return Stand(Standing.LIFTED)
    if left < 0:
        return Stand(Standing.OVERDUE, days_late=-left)
    soon = left <= soon_within * 7 / 5
    return Stand(Standing.SOON if soon else Standing.RUNNING, days_left=left)
