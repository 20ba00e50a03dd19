"""The shortest valid records, through the services; whatever else matters a test says itself."""

from datetime import date, time
from typing import Any

from casework.clock import now
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceEntry,
    Adviser,
    AgendaItem,
    Case,
    CaseEvent,
    Document,
    Panel,
    PanelAgencyNeeded,
    PanelCirculation,
    PanelDecision,
    PanelMeeting,
    PanelMember,
    PanelRecord,
    PanelRecordDecision,
    User,
)
from casework.models.base import public_id
from casework.services import cases, documents, events, officer_decisions
from casework.services.audit_trail import COMMAND_LINE
from casework.services.decisions import NewCondition, NewDecision
from casework.services.documents import Sent
from casework.services.events import NewEvent
from tests.documents import files
from tests.fixtures.services import the_service

TODAY = date(2026, 11, 23)
CONDITION = NewCondition(words="Ask CAMHS again", owner="The officer", due_on=date(2026, 11, 20))


def make_user(role: str = "case-officer", **details: Any) -> User:
    """Return a saved account with no password; `service` is the kind of a service member's own."""
    if kind := details.pop("service", None):
        details["advice_service_id"] = the_service(kind).id
    given = {"name": "Oona Officer", "email": f"{role}@example.org", "created_at": now()} | details
    user = User(role=role, **given)
    db.session.add(user)
    db.session.commit()
    return user


def make_case(
    started_on: date = date(2026, 9, 7), *, today: date = TODAY, person: Any = None, **details: Any
) -> Case:
    """Return a case opened on a day for an invented child, with nothing else recorded."""
    child = {"surname": "Invented", "forenames": "Ida", "date_of_birth": date(2018, 5, 4)}
    return cases.open_case(
        actor=COMMAND_LINE,
        today=today,
        person_id=details.pop("person_id", None),
        person=child | (person or {}),
        officer_id=details.pop("officer_id", None),
        case={"kind": "request", "source": "1"} | details,
        started_on=started_on,
    )


def log(case: Case, *happened: NewEvent, today: date = TODAY, **options: Any) -> None:
    """Log events on a case as it stands now."""
    db.session.refresh(case)
    options = {"actor": COMMAND_LINE, "version": case.version} | options
    events.log_events(today=today, case_id=case.id, events=happened, **options)
    db.session.refresh(case)


def event_id(case: Case, kind: str) -> int:
    """Return the id of the case's latest event of a kind."""
    found = db.session.query(CaseEvent.id).filter_by(case_id=case.id, kind=kind)
    return int(found.order_by(CaseEvent.id.desc()).first()[0])


def make_panel(**details: Any) -> Panel:
    """Return a panel that meets on Wednesdays and decides whether to assess and to issue."""
    given = {
        "name": "Invented panel",
        "questions": "assess reassess issue",
        "weekday": 2,
        "starts_at": time(9, 30),
        "papers_at": time(17, 0),
        "circulate_at": time(12, 0),
        "agencies": [PanelAgencyNeeded(agency=agency) for agency in ("education", "health")],
        "least_present": 3,
    }
    panel = Panel(**given | details)
    db.session.add(panel)
    db.session.commit()
    return panel


def seat_member(panel: Panel, user: User, **details: Any) -> PanelMember:
    """Return a person's place on a panel, from long before any meeting."""
    given = {"agency": "health", "position": "member", "from_day": date(2020, 1, 1)} | details
    member = PanelMember(panel_id=panel.id, user_id=user.id, **given)
    db.session.add(member)
    db.session.commit()
    return member


def make_meeting(panel: Panel, on_day: date = date(2026, 11, 25), **details: Any) -> PanelMeeting:
    """Return a meeting of the panel that is not circulated yet."""
    given = {"starts_at": time(9, 30), "minutes": 180, "papers_by": now(), "circulate_by": now()}
    meeting = PanelMeeting(panel_id=panel.id, on_day=on_day, **given | details)
    db.session.add(meeting)
    db.session.commit()
    return meeting


def put_on_agenda(
    meeting: PanelMeeting, case: Case, question: str = "assess", **details: Any
) -> AgendaItem:
    """Return the case's item at a meeting, after those that are there."""
    place = db.session.query(AgendaItem).filter_by(meeting_id=meeting.id).count() + 1
    given = {"place": place, "minutes": 6, "added_at": now()} | details
    item = AgendaItem(meeting_id=meeting.id, case_id=case.id, question=question, **given)
    db.session.add(item)
    db.session.commit()
    return item


def circulate(meeting: PanelMeeting, kind: str = "agenda", **details: Any) -> PanelCirculation:
    """Return that the meeting's agenda was sent round, which opens it to its members."""
    sent = PanelCirculation(meeting_id=meeting.id, kind=kind, **{"circulated_at": now()} | details)
    db.session.add(sent)
    db.session.commit()
    return sent


def decide(item: AgendaItem, decision: str | None = "assess", **details: Any) -> PanelDecision:
    """Return a decision recorded on an item, not signed yet."""
    given = {
        "capacity": "panel",
        "handled": "decided",
        "advice": decision,
        "decision": decision,
        "decided_on": item.meeting.on_day,
        "reasons": "The evidence shows it.",
        "recorded_at": now(),
    }
    made = PanelDecision(
        item_id=item.id, case_id=item.case_id, question=item.question, **given | details
    )
    db.session.add(made)
    db.session.commit()
    return made


def decide_alone(case: Case, decision: str = "assess", **details: Any) -> PanelDecision:
    """Return a decision that an officer took outside a panel, signed, with one condition."""
    db.session.refresh(case)
    ways = {"question": "assess", "decided_on": TODAY, "actor": COMMAND_LINE} | {
        name: details.pop(name) for name in ("question", "decided_on", "actor") if name in details
    }
    said = {"reasons": "The reports show it.", "conditions": [CONDITION]} | details
    return officer_decisions.decide(
        today=TODAY,
        case_id=case.id,
        version=case.version,
        new=NewDecision(decision=decision, **said),
        **ways,
    )


def sign(meeting: PanelMeeting, *decisions: PanelDecision, **details: Any) -> PanelRecord:
    """Return a signed record of a meeting that holds these decisions; it enters no event."""
    record = PanelRecord(meeting_id=meeting.id, **{"signed_at": now()} | details)
    db.session.add(record)
    db.session.flush()
    db.session.add_all(
        PanelRecordDecision(record_id=record.id, decision_id=one.id) for one in decisions
    )
    db.session.commit()
    return record


def add_document(
    case: Case, *, pages: int = 1, replaces: Document | None = None, **said: Any
) -> Document:
    """Return a PDF of some pages, added to a case as health advice received today.

    Another number of pages is another file: one case does not take the same file twice.
    """
    given = {"kind": "health-advice", "title": "", "received_on": TODAY, "file_name": "a.pdf"}
    sent = Sent(**{"public_id": public_id(), "content": files.pdf(pages=pages)} | given | said)
    before = replaces.public_id if replaces else None
    documents.add(actor=COMMAND_LINE, case_id=case.id, sent=sent, replaces=before)
    return db.session.query(Document).filter_by(public_id=sent.public_id).one()


def make_advice(adviser: Adviser, of_event: int, **details: Any) -> Advice:
    """Return advice that came with an event, of one need with its outcome and provision."""
    made = Advice(
        case_id=adviser.case_id,
        adviser_id=adviser.id,
        event_id=of_event,
        **{
            "version": 1,
            "route": "form",
            "sections": "B E F",
            "author": "Thea Invented",
            "entered_at": now(),
            "entries": [
                AdviceEntry(
                    place=1,
                    need_section="B",
                    need="Finds it hard to follow spoken directions of more than two parts.",
                    outcome="Follows a direction of three parts in class by July.",
                    provision_section="F",
                    provision="A small group on listening, led by a trained assistant.",
                    by_whom="Teaching assistant trained by the therapist",
                    how_often="Twice a week, 30 minutes, for two terms",
                )
            ],
        }
        | details,
    )
    db.session.add(made)
    db.session.commit()
    return made
