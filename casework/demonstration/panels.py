"""The invented panels as rows: terms, members, phrases, meetings, who came, what was sent round."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from casework.demonstration import rows as kept
from casework.demonstration.draw import Draw
from casework.demonstration.rows import Row
from casework.demonstration.sittings import (
    BACK,
    CIRCULATE,
    PAPERS,
    Attendee,
    Sitting,
    Sittings,
    State,
    left_on,
)
from casework.demonstration.words import panel_words
from casework.holidays import england_and_wales
from casework.models import (
    Attendance,
    Panel,
    PanelAgencyNeeded,
    PanelCirculation,
    PanelMeeting,
    PanelMember,
    PanelPhrase,
    PanelRecord,
)
from casework.rules.attendance import Person, Roll
from casework.rules.civil_dates import LONDON

#: Members have sat for so long before the first meeting.
_SEATED_BEFORE = timedelta(days=200)
#: Working days from a meeting until its decisions are sent round, and how often.
_SENT_AFTER: Mapping[int, float] = {0: 0.25, 1: 0.45, 2: 0.18, 4: 0.08, 6: 0.04}


@dataclass(frozen=True, slots=True)
class People:
    """The accounts that act at a panel's meetings, by id."""

    #: Those who sit, by their key in panels.json, and their names.
    seated: Mapping[str, int]
    names: Mapping[str, str]
    clerk: int
    manager: int


class Panels:
    """Keeps panels and their meetings, and knows the id of each meeting and record by number."""

    def __init__(self, draw: Draw, sittings: Sittings, people: People) -> None:
        self._draw = draw
        self.sittings = sittings
        self.people = people
        self.meetings: dict[int, int] = {}
        self.records: dict[int, int] = {}
        self.panel_ids: list[int] = []

    def keep(self) -> None:
        """Keep everything that is there before any case comes to a meeting."""
        terms = panel_words()["panels"]
        self.panel_ids = kept.keep(Panel, [_panel(one) for one in terms])
        needed = [
            {"panel_id": number, "agency": agency}
            for number, one in zip(self.panel_ids, terms, strict=True)
            for agency in one["agencies"]
        ]
        kept.put(PanelAgencyNeeded, needed)
        kept.keep(PanelMember, [row for n in range(len(terms)) for row in self._members(n)])
        kept.keep(PanelPhrase, [row for n in range(len(terms)) for row in self._phrases(n)])
        self._keep_meetings()
        self._keep_attendance()
        self._keep_records()

    def signed_at(self, sitting: Sitting) -> datetime:
        """Return when the record of a meeting was signed: at the end of its day."""
        return moment(sitting.on_day, 17, sitting.number % 60)

    def signer(self, sitting: Sitting) -> int:
        """Return who signed it for the authority."""
        return self.people.seated[sitting.signer]

    def _members(self, panel: int) -> list[Row]:
        first = self.sittings.ready.on_day - BACK - _SEATED_BEFORE
        gone = {one["key"] for one in panel_words()["people"] if one.get("has_left")}
        return [
            {
                "panel_id": self.panel_ids[panel],
                "user_id": self.people.seated[key],
                "agency": agency,
                "position": position,
                "from_day": first,
                "until_day": left_on(self.sittings.ready.on_day) if key in gone else None,
            }
            for key, agency, position in panel_words()["panels"][panel]["members"]
        ]

    def _phrases(self, panel: int) -> list[Row]:
        questions = panel_words()["panels"][panel]["questions"].split()
        found = [
            {"question": question, "outcome": outcome, "words": words}
            for question in questions
            for outcome, phrases in panel_words()["phrases"][question].items()
            for words in phrases
        ]
        shared = {"panel_id": self.panel_ids[panel], "ended_on": None}
        return [{**row, **shared, "place": n} for n, row in enumerate(found, start=1)]

    def _keep_meetings(self) -> None:
        rows = [self._meeting(sitting) for sitting in self.sittings.all]
        ids = kept.keep(PanelMeeting, rows)
        self.meetings = dict(enumerate(ids))

    def _meeting(self, sitting: Sitting) -> Row:
        cancelled = None
        if sitting.state is State.CANCELLED:
            before = england_and_wales().before(min(sitting.on_day, self._last_day()), 4)
            cancelled = moment(before, 10, 15)
        return {
            **sitting.row,
            "panel_id": self.panel_ids[sitting.panel],
            "cancelled_at": cancelled,
            "version": 2 if sitting.has_met else 1,
            "attendance_version": 2 if sitting.has_met else 1,
        }

    def _last_day(self) -> date:
        return self.sittings.ready.on_day

    def _keep_attendance(self) -> None:
        rows = [
            self._attendance(sitting, one)
            for sitting in self.sittings.all
            for one in sitting.people
        ]
        kept.keep(Attendance, rows)

    def _attendance(self, sitting: Sitting, one: Attendee) -> Row:
        return {
            "meeting_id": self.meetings[sitting.number],
            "user_id": self.people.seated[one.key] if one.key else None,
            "name": self._name(one),
            "agency": one.agency,
            "position": one.position,
            "attended": one.attended,
            "recorded_at": datetime.combine(sitting.on_day, sitting.row["starts_at"], LONDON),
            "recorded_by_id": self.people.clerk,
        }

    def _name(self, one: Attendee) -> str:
        return self.people.names[one.key] if one.key else one.name or ""

    def _keep_records(self) -> None:
        met = [sitting for sitting in self.sittings.all if sitting.has_met]
        ids = kept.keep(PanelRecord, [self.record(sitting, 1) for sitting in met])
        self.records = {sitting.number: n for sitting, n in zip(met, ids, strict=True)}
        sent = [self._sent(sitting) for sitting in met]
        agendas = [self._agenda_sent(one) for one in (*met, self.sittings.ready)]
        kept.keep(PanelCirculation, agendas + [row for row in sent if row])

    def record(self, sitting: Sitting, version: int, why: str | None = None) -> Row:
        """Return the columns of a version of a meeting's record, as it was signed."""
        return {
            "meeting_id": self.meetings[sitting.number],
            "version": version,
            "signed_at": self.signed_at(sitting) + timedelta(days=7 * (version - 1)),
            "signed_by_id": self.signer(sitting),
            "is_quorate": sitting.state is not State.INQUORATE,
            "attendance": self._roll(sitting).written(),
            "change_why": why,
        }

    def _roll(self, sitting: Sitting) -> Roll:
        terms = panel_words()["panels"][sitting.panel]
        people = tuple(
            Person(
                name=self._name(one),
                agency=one.agency,
                position=one.position,
                attended=one.attended,
                user_id=self.people.seated[one.key] if one.key else None,
            )
            for one in sitting.people
        )
        needed = tuple(sorted(terms["agencies"]))
        return Roll(people=people, agencies_needed=needed, least_present=terms["least_present"])

    def _agenda_sent(self, sitting: Sitting) -> Row:
        return {
            "meeting_id": self.meetings[sitting.number],
            "kind": "agenda",
            "record_id": None,
            "circulated_at": sitting.row["circulate_by"] - timedelta(minutes=25),
            "circulated_by_id": self.people.clerk,
        }

    def _sent(self, sitting: Sitting) -> Row | None:
        """The decisions are sent round some days after; those of the last may not be yet."""
        calendar = england_and_wales()
        after = self._draw.weighted(_SENT_AFTER)
        day = calendar.after(sitting.on_day, after) if after else sitting.on_day
        if day >= self.sittings.ready.on_day:
            return None
        at = moment(day, 17, 40) if day == sitting.on_day else moment(day, 10, sitting.number % 60)
        return {
            "meeting_id": self.meetings[sitting.number],
            "kind": "decisions",
            "record_id": self.records[sitting.number],
            "circulated_at": max(at, self.signed_at(sitting) + timedelta(minutes=10)),
            "circulated_by_id": self.people.clerk,
        }


def moment(day: date, hour: int, minute: int) -> datetime:
    """Return a time of a day in London."""
    return datetime.combine(day, time(hour, minute), LONDON)


def _panel(terms: Mapping[str, Any]) -> Row:
    same = ("name", "purpose", "questions", "delegation", "weekday", "minutes", "place")
    return {
        **{name: terms[name] for name in (*same, "minutes_per_case", "on_bank_holiday")},
        "least_present": terms["least_present"],
        "decides": True,
        "starts_at": time.fromisoformat(terms["starts_at"]),
        "papers_days": PAPERS[0],
        "papers_at": PAPERS[1],
        "circulate_days": CIRCULATE[0],
        "circulate_at": CIRCULATE[1],
        "closed_on": None,
    }
