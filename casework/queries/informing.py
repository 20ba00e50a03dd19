"""Who was told what after each change of stage of one case, and who is still to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import String, cast, exists, literal, null, select
from sqlalchemy.orm import aliased

from casework import current
from casework.codes import ToldBy
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import CaseEvent, Informed, Letter, LetterRecipient, User
from casework.queries.cases import CaseView
from casework.queries.clock_lines import service_words
from casework.queries.informing_items import Rows
from casework.queries.standing import struck_out
from casework.rules.clocks import DECIDE_TO_ASSESS, FAMILY_DAYS, SEND_FINAL
from casework.rules.history import Happened, standing_events
from casework.rules.informing import (
    ADVISER,
    PARTIES,
    WORTH_TELLING_DAYS,
    Change,
    changes,
    involved,
    is_told_by_event,
    stage_of,
    tell_by,
    text,
)
from casework.rules.stages import STAGES, Stage

#: Stands for a party in what was told: a letter to the family that noted the change itself.
LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That somebody was told: on which day, how and by whom, as far as each is known."""

    on: date
    how: str
    by: str | None = None
    #: What was told besides the text made ready.
    note: str = ""
    #: By which it can be taken back; None where the event or a letter tells of it.
    public_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLine:
    """One of those to be told of a change, what to say, and how it was told."""

    key: str
    words: str
    text: str
    told: Told | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change of stage, by when everyone is to be told of it, and each of them."""

    change: Change
    by: date | None
    is_newest: bool
    is_worth_telling: bool
    parties: list[PartyLine]

    @property
    def on(self) -> date:
        """Return the day of the change."""
        return self.change.event.on

    @property
    def words(self) -> str:
        """Return the stage in words."""
        return STAGES[self.change.stage].words

    @property
    def untold(self) -> list[PartyLine]:
        """Return those who were not told."""
        return [line for line in self.parties if line.told is None]

    @property
    def owed(self) -> list[PartyLine]:
        """Return those still to be told: of where the case is now, while it is worth telling."""
        return self.untold if self.is_newest and self.is_worth_telling else []


def of_case(view: CaseView) -> list[ChangeLine]:
    """Return the changes of stage of a case, the newest first. One statement.

    A change whose day has not come, a draft in the post, is there to be told of already.
    """
    standing = standing_events(view.entered)
    found = changes(standing)
    told = _told(view.case.id) if found else {}
    return [
        _line(view, change, standing, told, is_newest=change is found[-1])
        for change in reversed(found)
    ]


def still_to_tell(view: CaseView) -> int:
    """Return how many are still to be told where the case is now. One statement at most."""
    found = changes(standing_events(view.entered))
    if not found or not is_worth_telling(found[-1].event.on, view.today):
        return 0
    return len(of_case(view)[0].owed)


def is_worth_telling(on: date, today: date) -> bool:
    """Return whether a change is recent enough for people to be told of it."""
    return on >= today - timedelta(days=WORTH_TELLING_DAYS)


def _line(
    view: CaseView,
    change: Change,
    standing: Sequence[Happened],
    told: Mapping[tuple[Stage, str], Told],
    *,
    is_newest: bool,
) -> ChangeLine:
    services = {adviser.id: adviser.service for adviser in view.advisers.values()}
    keys = involved(change, standing, services, has_setting=view.setting is not None)
    by = tell_by(change.event.on, current.settings().inform_within, england_and_wales())
    return ChangeLine(
        change=change,
        by=by,
        is_newest=is_newest,
        is_worth_telling=is_worth_telling(change.event.on, view.today),
        parties=[_party(view, change, key, told, by) for key in keys],
    )


def _party(
    view: CaseView,
    change: Change,
    key: str,
    told: Mapping[tuple[Stage, str], Told],
    by: date | None,
) -> PartyLine:
    found = told.get((change.stage, key))
    if key == "family" and is_told_by_event(change):
        letter = told.get((change.stage, LETTER))
        found = Told(on=change.event.on, how=letter.how if letter else "By this step itself")
    return PartyLine(
        key=key,
        words=party_words(view, key),
        text=text(change, key, given=_given(view)),
        told=found,
        is_late=found is not None and (by is None or found.on > by),
    )


def party_words(view: CaseView, key: str) -> str:
    """Return who it is, in words."""
    if key.startswith(ADVISER):
        return service_words(view.advisers[int(key.removeprefix(ADVISER))])
    if key == "setting" and view.setting:
        return view.setting.name
    return PARTIES[key]


def _given(view: CaseView) -> dict[str, str | date | None]:
    """What of the case may stand in a text: nothing of anyone but the child and the officer."""
    return {
        "child": view.person.known_as or view.person.forenames or view.person.surname,
        "reference": view.case.reference,
        "officer": view.officer.name if view.officer else None,
        "decision_by": _ahead(view, DECIDE_TO_ASSESS),
        "final_by": _ahead(view, SEND_FINAL),
        "comments_by": _ahead(view, FAMILY_DAYS),
    }


def _ahead(view: CaseView, duties: Sequence[str]) -> date | None:
    """The day of a limit, while it lies ahead: nobody is promised a day that is past."""
    own = (line.clock.due.on for line in view.own_clocks if line.clock.duty.id in duties)
    return next((on for on in own if on >= view.today), None)


def _told(case_id: int) -> dict[tuple[Stage, str], Told]:
    """Who was told of which stage, the first time; a letter that noted the change is LETTER."""
    found: dict[tuple[Stage, str], Told] = {}
    for row in db.session.execute(_informed(case_id).union_all(_letters(case_id))):
        stage = stage_of(row.kind, row.recipient)
        if stage is None:
            continue
        how = ToldBy(row.how).words if row.how else "Letter issued here"
        told = Told(on=row.on, how=how, by=row.by, note=row.note, public_id=row.public_id)
        for key in (row.party, "family") if row.party == LETTER else (row.party,):
            held = found.get((stage, key))
            if held is None or told.on < held.on:
                found[stage, key] = told
    return found


def _informed(case_id: int) -> Rows:
    """What was recorded and stands; what was told of an entry that was struck out does not."""
    back = aliased(Informed)
    return (
        select(
            CaseEvent.kind.label("kind"),
            CaseEvent.recipient.label("recipient"),
            Informed.party.label("party"),
            Informed.told_on.label("on"),
            Informed.how.label("how"),
            User.name.label("by"),
            Informed.note.label("note"),
            Informed.public_id.label("public_id"),
        )
        .join(CaseEvent, CaseEvent.id == Informed.event_id)
        .outerjoin(User, User.id == Informed.entered_by_id)
        .where(
            Informed.case_id == case_id,
            Informed.corrects_id.is_(None),
            ~exists(select(back.id).where(back.corrects_id == Informed.id)),
            ~struck_out(CaseEvent),
        )
    )


def _letters(case_id: int) -> Rows:
    """The letters to the family that noted a change, each on the day of that."""
    to_family = exists(
        select(LetterRecipient.letter_id).where(
            LetterRecipient.letter_id == Letter.id, LetterRecipient.contact_id.is_not(None)
        )
    )
    return (
        select(
            *(CaseEvent.kind, CaseEvent.recipient, literal(LETTER), CaseEvent.happened_on),
            *(cast(null(), String), cast(null(), String), literal(""), cast(null(), String)),
        )
        .join(Letter, Letter.event_id == CaseEvent.id)
        .where(Letter.case_id == case_id, to_family, ~struck_out(CaseEvent))
    )
