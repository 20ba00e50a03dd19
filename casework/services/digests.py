"""The email of time limits: on working mornings one to each reader, and by itself what cannot wait.

Each reader is a transaction of their own: their emails are written down with the alerts that they
tell, or neither is. What one case or one reader has wrong spoils no other.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import update

from casework.database import reading
from casework.emails import messages
from casework.emails.messages import Email
from casework.extensions import db
from casework.filters import counted
from casework.holidays import england_and_wales
from casework.models import Alert
from casework.queries import digest as queries
from casework.queries.digest import Untold
from casework.queries.digest_lines import Limit
from casework.rules.digests import MOST_LINES, MOST_SINGLE, is_picture_due, untrue
from casework.rules.roster import Person, Roster
from casework.services import digest_contents as contents
from casework.services import outbox
from casework.services.digest_contents import Morning

log = logging.getLogger(__name__)

#: How many alerts one statement marks: a database takes only so many values at once.
BATCH = 5_000


@dataclass(slots=True)
class Sent:
    """What one run did, in numbers; `broken` are cases and accounts that could not be told of."""

    digests: int = 0
    all_clear: int = 0
    alone: int = 0
    dropped: int = 0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        done = f"{counted(self.digests, 'digest')}, {self.all_clear} all clear"
        return f"{done}, {self.alone} by themselves; {counted(self.dropped, 'alert')} dropped"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A reader's alerts: those that hold, one for each limit, and by why the others do not."""

    alone: Sequence[Untold]
    listed: Sequence[Untold]
    dropped: Mapping[str, Sequence[int]]


def send_due(today: date) -> str:
    """Write down today's emails of time limits, and return words for the log.

    On a day that is no working day nobody is told, not even of what goes by itself: nobody is
    there to act, and it is told on the next working morning. A second run of a day tells only
    what is new and goes by itself, or is for somebody who had no email that day. Raises
    RuntimeError, once everybody else is told, with the references of what went wrong.
    """
    return _send(today, is_morning=True)


def send_by_day(today: date) -> str:
    """Write down what goes by itself and came up since the morning, on the terms of `send_due`.

    The rest waits for the next morning's email, so that nobody gets one at any hour.
    """
    return _send(today, is_morning=False)


def _send(today: date, *, is_morning: bool) -> str:
    if not england_and_wales().is_working_day(today):
        return "not a working day: nobody told"
    with reading():
        morning = contents.morning(today)
        readers = _readers(morning) if is_morning else queries.readers_with_untold(today)
    sent = Sent()
    for reader_id in readers:
        try:
            _tell(reader_id, morning, sent, is_morning=is_morning)
            db.session.commit()
        except Exception as error:  # whatever is wrong with one reader, the others are told
            db.session.rollback()
            log.error("account %s could not be told: %s", reader_id, type(error).__name__)
            sent.broken.append(f"account {reader_id}")
    if sent.broken:
        raise RuntimeError(f"{sent}; not told: {', '.join(dict.fromkeys(sent.broken))}")
    return str(sent)


def _readers(morning: Morning) -> list[int]:
    """Those who are still to be told something, and who is due the picture of the week."""
    due = [
        reader_id
        for reader_id in morning.roster.people
        if is_picture_due(morning.today, morning.last.get(reader_id))
        and reader_id not in morning.told
    ]
    return sorted({*queries.readers_with_untold(morning.today), *due})


def _tell(reader_id: int, morning: Morning, sent: Sent, *, is_morning: bool) -> None:
    """Tell one reader, in the open transaction."""
    reader, mine = morning.roster.people.get(reader_id), morning.roster.read_by(reader_id)
    found = sort_out(queries.untold(reader_id, morning.today), mine, morning.roster)
    for why, ids in found.dropped.items():
        _mark(ids, dropped_because=why)
        sent.dropped += len(ids)
    if reader is None or not mine:
        return
    _tell_alone(reader, found.alone, morning, sent)
    if is_morning and reader_id not in morning.told:
        _tell_digest(reader, found.listed, morning, sent)


def sort_out(alerts: Iterable[Untold], mine: Sequence[Person], roster: Roster) -> Sorted:
    """Look at each alert again; of several of one limit, the one that has come furthest is told,
    and before that one that goes by itself: how the limit stands is worked out anew.

    What a reader wants quiet about waits untold, but for what goes by itself.
    """
    dropped: dict[str, list[int]] = defaultdict(list)
    held: dict[tuple[int, Limit], Untold] = {}
    for one in alerts:
        if why := _why_not(one, mine, roster):
            dropped[why].append(one.id)
            continue
        before = held.get((one.case_id, one.limit))
        furthest = one if before is None or _weight(one) > _weight(before) else before
        held[one.case_id, one.limit] = furthest
        if before is not None:
            dropped["told_more"].append(before.id if furthest is one else one.id)
    return Sorted(
        alone=[one for one in held.values() if one.way == "single"],
        listed=[one for one in held.values() if one.way != "single" and not one.is_quiet],
        dropped=dropped,
    )


def _weight(one: Untold) -> tuple[bool, int]:
    return one.way == "single", one.rung.order


def _why_not(one: Untold, mine: Sequence[Person], roster: Roster) -> str | None:
    if one.is_hidden:
        return "interest"
    place = {"officer_id": one.officer_id, "team_id": one.team_id}
    if not any(roster.answers(person, **place) for person in mine):
        return "not_theirs"
    return untrue(one.rung, one.due_on, one.now)


def _tell_alone(reader: Person, alerts: Sequence[Untold], morning: Morning, sent: Sent) -> None:
    """Write down an email for each case whose limit cannot wait, or one for all where many are."""
    if not alerts:
        return
    by_case = contents.by_case(alerts)
    first = {case_id: by_case[case_id] for case_id in list(by_case)[:MOST_LINES]}
    made = contents.lines(reader, morning, first, contents.approves(reader, morning))
    sent.broken += made.broken
    whole = [case_id for case_id in by_case if case_id in made.made or case_id not in first]
    groups = [whole] if len(whole) > MOST_SINGLE else [[case_id] for case_id in whole]
    for cases in groups:
        ids = [one.id for case_id in cases for one in by_case[case_id]]
        lines = [made.made[case_id] for case_id in cases if case_id in made.made]
        more = len(cases) - len(lines)
        foot = contents.foot(reader, morning)
        email = messages.alert(lines=lines, more=more, **foot)
        sent.alone += _put(f"alert {min(ids)}", reader, email, ids)


def _tell_digest(reader: Person, alerts: Sequence[Untold], morning: Morning, sent: Sent) -> None:
    found = contents.digest(reader, alerts, morning)
    if found is None:
        return
    sent.broken += found.broken
    is_clear = found.digest.is_all_clear
    make = messages.all_clear if is_clear else messages.digest
    email = make(found=found.digest, **contents.foot(reader, morning))
    done = _put(queries.about(morning.today), reader, email, found.told)
    sent.all_clear += done and is_clear
    sent.digests += done and not is_clear


def _put(about: str, reader: Person, email: Email, told: Sequence[int]) -> bool:
    """Write an email down with the alerts that it tells; False where another run did before."""
    if not outbox.put(about=about, to_user_id=reader.id, email=email):
        return False
    _mark(told, message_id=queries.message_id(about, reader.id))
    return True


def _mark(ids: Sequence[int], **values: object) -> None:
    """Mark alerts as told or dropped. Raises RuntimeError where another run did before."""
    for n in range(0, len(ids), BATCH):
        some = ids[n : n + BATCH]
        changed = update(Alert).where(Alert.id.in_(some), queries.is_untold()).values(**values)
        done = db.session.execute(changed.execution_options(synchronize_session=False))
        if done.rowcount != len(some):  # type: ignore[attr-defined]
            raise RuntimeError("another run told of these alerts")
