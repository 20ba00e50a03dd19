"""Sending a meeting's decisions round: one act, noted with its moment, an email to each person."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.clock import now
from casework.emails import links, messages
from casework.extensions import db
from casework.models import PanelCirculation, PanelMeeting, PanelRecord
from casework.queries import circulation, notices
from casework.queries.circulation import Decided, Recipient, Round
from casework.services import audit_trail, outbox
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused
from casework.services.meeting_versions import subject_of


@dataclass(frozen=True, slots=True)
class Circulated:
    """What one press did: how many people are told, and whether it had been done before."""

    people: int
    was_done: bool


def circulate_decisions(
    *, actor: Actor, today: date, meeting_id: int, record_version: int
) -> Circulated:
    """Send the decisions of a signed record round, and commit; done already, it does nothing more.

    Raises Absent, or Refused where `record_version`, which the person saw, is not the one in force.
    """
    record = _locked(meeting_id)
    if record is None:
        raise Absent(f"record of meeting {meeting_id}")
    if record.version != record_version:
        db.session.rollback()
        raise Refused(
            {"record": f"The record was signed again: version {record.version} is now in force"}
        )
    if circulation.circulated_at(record.id) is not None:
        db.session.rollback()
        return Circulated(0, was_done=True)
    told = circulation.of_decisions(record, today)
    meeting = db.session.get_one(PanelMeeting, meeting_id)
    for recipient in told.recipients:
        _put(meeting, told, recipient)
    _note(actor, told)
    people = len(told.recipients)
    db.session.commit()
    return Circulated(people, was_done=False)


def try_again(*, actor: Actor, today: date, meeting_id: int) -> int:
    """Let the email about a meeting that failed be tried once more, and commit.

    Of the agenda only while the meeting is to come. Returns how many there are: each goes, or
    fails again with why. Raises Absent.
    """
    meeting = db.session.get(PanelMeeting, meeting_id)
    if meeting is None:
        raise Absent(f"meeting {meeting_id}")
    about = [circulation.about_decisions(record) for record, _ in circulation.done(meeting_id)]
    if meeting.on_day >= today:
        about.append(notices.about_agenda(meeting_id))
    count = sum(outbox.try_again(about=one) for one in about)
    if count:
        tried = {"messages": (None, count)}
        audit_trail.record(
            actor, "tried email again", subject=subject_of(meeting_id), changes=tried
        )
    db.session.commit()
    return count


def _locked(meeting_id: int) -> PanelRecord | None:
    """Return the record in force; of two who circulate it at once, the second waits here."""
    return db.session.scalar(
        select(PanelRecord)
        .where(PanelRecord.meeting_id == meeting_id)
        .order_by(PanelRecord.version.desc())
        .limit(1)
        .with_for_update()
    )


def _put(meeting: PanelMeeting, told: Round, recipient: Recipient) -> None:
    record = links.to("meetings.record", public_id=meeting.public_id)
    email = messages.decisions_circulated(
        panel=meeting.panel.name,
        on=meeting.on_day,
        cases=len(recipient.cases),
        record=record if recipient.reads_record else None,
        links=[_page_of(one, recipient) for one in told.cases if _opens(one, recipient)],
        is_further=told.is_further,
    )
    about = circulation.about_decisions(told.record)
    outbox.put(about=about, to_user_id=recipient.user.id, email=email)


def _opens(one: Decided, recipient: Recipient) -> bool:
    return one.case_id in recipient.own_cases or one.case_id in recipient.own_requests


def _page_of(one: Decided, recipient: Recipient) -> str:
    """The case's own page; for a member of a service, that of the request to it."""
    if one.case_id in recipient.own_cases:
        return links.to("cases.case", public_id=one.public_id)
    return links.to("asked.show_request", adviser_id=recipient.own_requests[one.case_id])


def _note(actor: Actor, told: Round) -> None:
    record = told.record
    db.session.add(
        PanelCirculation(
            meeting_id=record.meeting_id,
            kind="decisions",
            record_id=record.id,
            circulated_at=now(),
            circulated_by_id=actor.user_id,
        )
    )
    db.session.flush()
    subject = subject_of(record.meeting_id or 0)
    told_of = {"version": (None, record.version), "people": (None, len(told.recipients))}
    acts = [Act(action="circulated decisions", subject=subject, changes=told_of)]
    acts += [
        Act(action="circulated decision", case_id=one.case_id, subject=subject)
        for one in told.cases
    ]
    audit_trail.record_all(actor, acts)
