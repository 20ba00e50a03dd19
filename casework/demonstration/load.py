"""The one way by which invented records reach the database: whole, in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import exists, select, text

from casework import current
from casework.access import Role
from casework.demonstration import (
    agenda,
    authority,
    comments,
    editions,
    family,
    informing,
    plans,
    quality,
    sittings,
)
from casework.demonstration.authority import Authority
from casework.demonstration.cases import Inventor
from casework.demonstration.correspondence import Correspondence
from casework.demonstration.decided import Decider
from casework.demonstration.draw import Draw
from casework.demonstration.exceptions import Approver
from casework.demonstration.papers import Papers
from casework.demonstration.placements import Placements
from casework.demonstration.services import service_rows
from casework.demonstration.sign_ins import SignIn, keep, passphrase
from casework.demonstration.writer import Writer
from casework.extensions import db
from casework.models import Case, Person, Setting, Team, User
from casework.services import audit_trail, deadlines, forecasts
from casework.services.audit_trail import COMMAND_LINE, Act

#: Cases written at once.
BATCH = 1_000
YEARS = 3


class NotHere(Exception):
    """A demonstration does not belong in this database; `str(error)` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and how to sign in."""

    cases: int
    children: int
    events: int
    sign_ins: list[SignIn]
    #: A family's page and how it is opened, in words; empty where there is none.
    family_page: str = ""


def load(
    *,
    today: date,
    cases: int,
    seed: int,
    years: int = YEARS,
    progress: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Fill the empty database with an invented authority, and commit.

    At least the specimens are loaded, however few `cases` are asked for. `progress` is told the
    number of cases written since its last call. Raises NotHere in production and where records
    are held already; then nothing has changed.
    """
    _refuse_production()
    _hold_database()
    if not is_empty():
        db.session.rollback()
        raise NotHere(
            "The database already holds records, and a demonstration goes only into an empty one. "
            "Choose another with CASEWORK_INSTANCE_PATH or CASEWORK_DATABASE_URL."
        )
    draw = Draw(seed)
    years_known = range(today.year - years, today.year + 2)
    invented = authority.invent(draw, cases=cases, years=years_known)
    sign_ins = _sign_ins(invented)
    papers = Papers(Draw(f"{seed} papers"))
    writer = Writer(draw, invented, today, papers)
    try:
        writer.keep_authority({sign_in.email: sign_in.passphrase for sign_in in sign_ins})
        decider, correspondence = (
            _keep_panels(writer, seed, today),
            Correspondence(Draw(f"{seed} advice"), today),
        )
        placements = Placements(Draw(f"{seed} placements"), invented.places, today)
        approver = Approver(Draw(f"{seed} exceptions"), today)
        inventor = Inventor(
            *(draw, invented, decider, correspondence, placements, approver),
            today=today,
            years=years,
        )
        drawn = iter(inventor.cases(cases))
        while batch := list(islice(drawn, BATCH)):
            _derive(writer.keep_cases(batch))
            progress(len(batch))
        writer.minutes.sign_changes()
        agenda.lay_out(writer.minutes, writer.panels, papers)
        writer.events += plans.keep(Draw(f"{seed} plans"), writer.returned.all, today)
        manager = writer.leads()[Role.MANAGER]
        kept = Draw(f"{seed} editions")
        writer.events += editions.keep_editions(kept, papers, manager, today)
        writer.events += comments.keep_comments(Draw(f"{seed} comments"), today)
        informing.keep_informed(Draw(f"{seed} informing"), today)
        quality.keep(Draw(f"{seed} quality"), writer.returned, writer.leads(), today)
        keep(current.settings().instance_path, sign_ins)
        db.session.commit()
    except BaseException:
        papers.take_back()
        raise
    forecasts.refresh(today)
    held = (writer.cases, writer.children, writer.events, sign_ins)
    return Loaded(*held, family_page=family.keep(today))


def _keep_panels(writer: Writer, seed: int, today: date) -> Decider:
    """Keep the panels and their meetings, and return who puts cases before them."""
    draw = Draw(f"{seed} panels")
    held = sittings.invent(draw, today)
    writer.keep_panels(draw, held)
    return Decider(draw, held, today)


def is_empty() -> bool:
    """Return whether the database holds no account, team, setting, child or case."""
    held = select(*(exists(select(model.id)) for model in (User, Team, Setting, Person, Case)))
    return not any(db.session.execute(held).one())


def _refuse_production() -> None:
    if current.settings().in_production:
        raise NotHere(
            "A demonstration is never loaded in production: there real children's records are kept."
        )


def _hold_database() -> None:
    """Let nobody open an account between the look and the loading. SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text('LOCK TABLE "user" IN SHARE ROW EXCLUSIVE MODE'))


def _sign_ins(invented: Authority) -> list[SignIn]:
    """Make a passphrase for one account of each role, the first of them; for one member of some
    services; and for each who sits on a panel today."""
    numbers = [n for n, _ in enumerate(authority.SIGN_INS, start=1)]
    others = (*authority.who_answers(invented), *authority.who_sits(invented))
    numbers += [n for n in dict.fromkeys(others) if n not in numbers]
    accounts = [invented.accounts[number - 1] for number in numbers]
    names = {row["key"]: row["name"] for row in service_rows()}
    return [
        SignIn(
            *(one["role"], one["name"], one["email"], passphrase()),
            sits_as=invented.sits_as(number),
            service=names.get(one["service"] or "", ""),
        )
        for number, one in zip(numbers, accounts, strict=True)
    ]


def _derive(case_ids: Iterable[int]) -> None:
    """Compute the deadlines of these cases, and say on the trail where they came from."""
    ids = list(case_ids)
    deadlines.refresh(ids)
    audit_trail.record_all(
        COMMAND_LINE, [Act(action="loaded demonstration case", case_id=number) for number in ids]
    )
