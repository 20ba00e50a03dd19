"""What an email of time limits holds for one reader on one morning."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework import clock, current
from casework.emails import links
from casework.holidays import england_and_wales
from casework.queries import approvals, caseload, digest_lines, quiets
from casework.queries import digest as queries
from casework.queries import roster as rosters
from casework.queries.caseload import Day
from casework.queries.digest import Untold
from casework.queries.digest_lines import Lines
from casework.rules.alerts import Kind
from casework.rules.book import BOOK
from casework.rules.civil_dates import LONDON, spoken, spoken_time
from casework.rules.digests import (
    MOST_AGAIN,
    MOST_CLEARED,
    MOST_LINES,
    Brought,
    Cleared,
    Digest,
    Part,
    Why,
    is_late,
    is_picture_due,
    late_words,
    plain,
)
from casework.rules.roster import Person, Roster


@dataclass(frozen=True, slots=True)
class Morning:
    """What is the same for every reader of one run."""

    when: Day
    roster: Roster
    #: The day of each reader's last digest, and who has had today's.
    last: Mapping[int, date]
    told: frozenset[int]

    @property
    def today(self) -> date:
        """Return the day."""
        return self.when.today


@dataclass(frozen=True, slots=True)
class Found:
    """A digest, the alerts that it tells by id, and the references of what could not be told."""

    digest: Digest
    told: Sequence[int]
    broken: Sequence[str]


def morning(today: date) -> Morning:
    """Return what is the same for every reader today. Four statements."""
    soon_within = current.settings().soon_within
    return Morning(
        when=caseload.day(today, england_and_wales(), soon_within),
        roster=rosters.roster(today),
        last=queries.last_days(today),
        told=frozenset(queries.told_on(today)),
    )


def digest(reader: Person, alerts: Sequence[Untold], morning: Morning) -> Found | None:
    """Return what a reader is told today of these alerts; None where it can wait.

    What was done since waits for the next email. With nothing new there is one a week: the
    picture, or that all is clear; and none to somebody who answers for no open case.
    """
    cleared = [one for one in alerts if one.rung.kind is Kind.CLEARED]
    owed = [one for one in alerts if one.rung.kind is not Kind.CLEARED]
    fresh = by_case(one for one in owed if one.way != "summed")
    fresh = dict(sorted(fresh.items(), key=lambda item: item[1][0].urgency(morning.today)))
    summed = by_case(one for one in owed if one.way == "summed")
    last = morning.last.get(reader.id)
    is_picture = is_picture_due(morning.today, last)
    if not (fresh or summed or is_picture):
        return None
    theirs = rosters.answered_for(morning.roster, morning.roster.read_by(reader.id))
    counts = digest_lines.counts(theirs, reader.id, morning.when)
    if not (counts.open or alerts):
        return None
    pressing = digest_lines.pressing(theirs, reader.id, morning.when)
    before = [one for one in pressing if one not in fresh and one not in summed]
    waiting = _waiting(reader, morning)
    shown = list(fresh)[:MOST_LINES]
    again = _again(before, reader, morning) if is_picture else []
    wanted = {case_id: fresh.get(case_id, ()) for case_id in (*shown, *again)}
    approves = {case_id for case_id, _ in waiting}
    made = lines(reader, morning, wanted, approves=approves, by_next=True)
    lost = {case_id for case_id in shown if case_id not in made.made}
    told = [
        one.id
        for one in (*cleared, *owed)
        if one.case_id not in lost or one.rung.kind is Kind.CLEARED
    ]
    return Found(
        Digest(
            today=morning.today,
            since=last,
            is_late=any(_is_late(one, reader, morning) for of in fresh.values() for one in of),
            counts=counts,
            soon_within=current.settings().soon_within,
            new=_part(made, shown, len(fresh) - len(lost)),
            open=_part(made, again, len(before) + len(lost.intersection(pressing))),
            cleared=[_cleared(one) for one in cleared[:MOST_CLEARED]],
            cleared_more=max(0, len(cleared) - MOST_CLEARED),
            proposals=len(waiting),
            proposed_since=min((on for _, on in waiting), default=None),
            owing=digest_lines.owing(theirs, reader.id, morning.today) if is_picture else (),
            brought=_brought(summed, morning.today),
        ),
        told,
        made.broken,
    )


def _waiting(reader: Person, morning: Morning) -> list[tuple[int, date]]:
    """The exceptions that wait for a reader's approval: the case and the day proposed."""
    if not reader.is_manager:
        return []
    theirs = rosters.answered_for(morning.roster, morning.roster.read_by(reader.id))
    return approvals.waiting(theirs, reader.id)


def _again(before: Sequence[int], reader: Person, morning: Morning) -> list[int]:
    """The cases told before that the week's picture names: what is quiet is only counted."""
    quiet = quiets.case_ids(reader.id, morning.today)
    return [case_id for case_id in before if case_id not in quiet][:MOST_AGAIN]


def lines(
    reader: Person,
    morning: Morning,
    wanted: Mapping[int, Sequence[Untold]],
    approves: Iterable[int] = (),
    *,
    by_next: bool = False,
) -> Lines:
    """Return a line for each of these cases: of the first of its alerts, or of what is next.

    `by_next` has each case stand as the caseload shows it where that is worse than what is new.
    """
    reads_alone = not reader.is_manager and len(morning.roster.read_by(reader.id)) == 1

    def held(officer_id: int | None, name: str) -> str:
        if officer_id is None:
            return "Nobody holds it"
        is_away = officer_id in morning.roster.stand_ins
        if officer_id == reader.id:
            return "" if reads_alone else "Held by you"
        return f"Held by {name}{', who is away' if is_away else ''}"

    behind = {case_id for case_id, of in wanted.items() if by_next and of and of[0].is_behind}
    limits = {
        case_id: of[0].limit if of and case_id not in behind else None
        for case_id, of in wanted.items()
    }
    made = digest_lines.lines(limits, morning.when, held=held, approves=frozenset(approves))
    done = {
        case_id: replace(
            line,
            news=_news(wanted[case_id], reader, morning, is_behind=case_id in behind),
            link=links.to("cases.case", public_id=line.public_id),
        )
        for case_id, line in made.made.items()
    }
    return Lines(done, made.broken)


def approves(reader: Person, morning: Morning) -> frozenset[int]:
    """Return the cases on which an exception waits for this reader's approval, by id."""
    return frozenset(case_id for case_id, _ in _waiting(reader, morning))


def by_case(alerts: Iterable[Untold]) -> dict[int, list[Untold]]:
    """Return alerts by their case, what is due first first; of one case, limits in law first."""
    found: dict[int, list[Untold]] = defaultdict(list)
    for one in sorted(alerts, key=lambda one: (one.due_on, one.reference, one.id)):
        found[one.case_id].append(one)
    for of in found.values():
        of.sort(key=lambda one: not one.is_law)
    return dict(found)


def foot(reader: Person, morning: Morning) -> dict[str, Any]:
    """Return what stands below every email of time limits: why, the links, and the moment."""
    mine = morning.roster.read_by(reader.id)
    view, whose, why = _place(reader, morning.roster)
    covered = [plain(one.name) for one in mine if one.id != reader.id]
    reasons = [why, *(f"You stand in for {name}." for name in covered)]
    to_list = {
        standing: links.to("caseload.index", view=view, standing=standing)
        for standing in ("overdue", "soon")
    }
    return {
        "why": Why(whose, tuple(reasons)),
        "links": to_list
        | {
            "exceptions": links.to("approvals.index"),
            "chasing": links.to("chasing.index"),
            "alerts": links.to("alerts.index"),
        }
        | ({"at_risk": links.to("at_risk.index")} if reader.is_manager else {}),
        "day": morning.today,
        "taken_at": spoken_time(clock.now().astimezone(LONDON).time()),
    }


def _place(reader: Person, roster: Roster) -> tuple[str, str, str]:
    """The list in which a reader finds their cases, what those are called, and why theirs."""
    if not reader.is_manager:
        return "mine", "your cases", "You hold these cases."
    if reader.answers_for_all:
        why = "You are a manager of no team, so you are told of every case."
        return "all", "all cases", why
    team = plain(reader.team or "")
    others = "" if roster.has_manager(None) else ", and with other managers what is nobody’s"
    return "team", team, f"You manage {team}{others}."


def _part(made: Lines, shown: Sequence[int], total: int) -> Part:
    return Part([made.made[case_id] for case_id in shown if case_id in made.made], total)


def _is_late(one: Untold, reader: Person, morning: Morning) -> bool:
    return is_late(one.reached_on, morning.last.get(reader.id), morning.today, england_and_wales())


def _news(
    alerts: Sequence[Untold], reader: Person, morning: Morning, *, is_behind: bool = False
) -> str:
    parts = []
    if is_behind:
        first = alerts[0]
        parts.append(f"New: {BOOK[first.limit[1]].label}, due {spoken(first.due_on)}")
    late = [late_words(one.reached_on) for one in alerts if _is_late(one, reader, morning)]
    if any(one.rung.kind is Kind.AGAIN for one in alerts):
        parts.append("It was cleared, and is owed again")
    elif late:
        parts.append(late[0])
    return ". ".join(parts)


def _cleared(one: Untold) -> Cleared:
    return Cleared(one.reference, BOOK[one.limit[1]].label, one.now.cleared_words)


def _brought(summed: Mapping[int, Sequence[Untold]], today: date) -> Brought | None:
    if not summed:
        return None
    overdue = sum(any(one.due_on < today for one in of) for of in summed.values())
    return Brought(overdue, len(summed) - overdue)
