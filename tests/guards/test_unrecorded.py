"""What the audit trail cannot be told of is neither done nor shown, on whatever page.

A trigger makes the database refuse every entry, as a full disk or a fault of ours would. Each page
of a case, and each form that is filled in here, then answers 503 and leaves every table as it was.
Every person is invented.
"""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from casework.clock import now
from casework.extensions import db
from casework.models import (
    AdviceRelease,
    AdviceSample,
    Adviser,
    Attendance,
    Case,
    Contact,
    Interest,
    PanelPhrase,
    Setting,
)
from casework.rules.plan_content import Section
from casework.services import circulation, exceptions
from casework.services.audit_trail import COMMAND_LINE, Actor
from casework.services.events import NewEvent
from tests.documents import files
from tests.factories import (
    TODAY,
    add_document,
    decide,
    decide_alone,
    event_id,
    log,
    make_advice,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.advice import returned
from tests.fixtures.databases import Once
from tests.fixtures.forms import boxes
from tests.fixtures.people import PASSWORD, SignIn, send_sign_in, token_in
from tests.fixtures.plans import make_consultation, make_section, make_setting
from tests.fixtures.services import make_service
from tests.fixtures.written_plans import a_written_case, serve_draft, sign_plan

pytestmark = pytest.mark.embedded

#: Counted apart: the brake on guessing, and when a session was last seen.
OF_THE_VISIT = {"sign_in_attempt", "user_session"}
#: A day on which a panel met.
MET = date(2026, 11, 18)
#: What ends the place of an only chair.
ENDED = {"until_day": "t", "without_chair": "y"}
NEW_PASSWORD = "glacier teapot violin otter"
#: Each form: who sends it, where, and what is typed over what it holds.
FORMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "log an event": ("manager", "{case}/events/new?kind=considering_notified", {"on": "t"}),
    "serve a draft": ("manager", "{case}/drafts/serve", {"route": "post", "sent_on": "t"}),
    "check a letter": (
        *("manager", "{case}/letters/health_request"),
        {"about": ["{adviser}"], "more": "Changed"},
    ),
    "choose settings": ("manager", "{consulted}/choose", {"setting_1": "Elder", "sent_on": "t"}),
    "record who was asked": ("manager", "{consulted}/sent", {"on": "t"}),
    "remind a setting": ("manager", "{consultation}/reminded", {"on": "t"}),
    "withdraw a consultation": (
        "manager",
        "{consultation}/withdrawn",
        {"on": "t", "note": "Moved"},
    ),
    "record a setting's answer": (
        *("manager", "{consultation}/reply"),
        {"outcome": "no_view", "on": "t"},
    ),
    "record what a family asks for": (
        *("manager", "{consulted}/request"),
        {"setting": "Elder", "on": "t", "is_listed": "yes"},
    ),
    "serve a written draft": (
        *("manager", "{written}/drafts/serve"),
        {"what": "here", "route": "email", "sent_on": "t", "changed_because": "The family asked"},
    ),
    "sign a final plan": (
        *("manager", "{written}/final/sign"),
        {"names": "type", "setting_type": "Special", "why_type_only": "None had a place"}
        | {"post": "Head of casework"},
    ),
    "send a final plan": (
        *("manager", "{signed_plan}/final/send"),
        {"to": "health_body", "on": "t"},
    ),
    "propose an exception": (
        *("manager", "{case}/exceptions/propose?limit=case.final_20w"),
        {"ground": "X3", "reason": "Ill", "checked": "yes"},
    ),
    "approve an exception": (
        *("manager", "{case}/exceptions/{proposed}/decide"),
        {"decision": "approve"},
    ),
    "refuse an exception": (
        *("manager", "{case}/exceptions/{proposed}/decide"),
        {"decision": "refuse", "reason": "No ground"},
    ),
    "tell of an exception": ("manager", "{case}/exceptions/{approved}/tell", {"way": "letter"}),
    "end an exception": (
        *("manager", "{case}/exceptions/{approved}/end"),
        {"on": "t", "reason": "It is over"},
    ),
    "correct an event": ("manager", "{case}/events/{event}/correct", {"on": "y", "checked": "1"}),
    "strike an event out": ("manager", "{case}/events/{event}/strike-out", {"note": "A slip"}),
    "hand a case over": ("manager", "{case}/hand-over", {"officer": "{officer}"}),
    "change a child": ("manager", "{case}/child", {"surname": "Changed"}),
    "change a case": ("manager", "{case}/details", {"asks": "Changed"}),
    "add a contact": (
        *("manager", "{case}/contacts/new"),
        {"name": "New Contact", "relationship_to_child": "aunt"},
    ),
    "change a contact": ("manager", "{case}/contacts/{contact}/change", {"name": "Changed"}),
    "end a contact": ("manager", "{case}/contacts/{contact}/end", {"ended_on": "t"}),
    "withdraw a document": ("manager", "{case}/documents/{document}/withdraw", {"why": "A slip"}),
    "write a section of a plan": ("manager", "{case}/plan/B/edit", {"words": "A need"}),
    "add to a plan from advice": (
        *("manager", "/cases/{planned}/plan/from-advice"),
        {"rows": ["need-{entry}"]},
    ),
    "record that health agreed": (
        *("manager", "/cases/{planned}/plan/agreement"),
        {"agreed_by": "A body", "on": "t"},
    ),
    "show protected addresses": ("manager", "{case}/protected-addresses", {}),
    "key a request": (
        *("manager", "/requests/new"),
        {"surname": "Newcomer", "source": "1", "kind": "request", "received_on": "t"},
    ),
    "hand a team's cases over": (
        *("manager", "/team/{officer}/hand-over"),
        {"to": "{taker}", "confirmed": "{taker}"},
    ),
    "take the figures of advice out": ("manager", "/contributions/health/download", {}),
    "issue a report on advice": (
        *("dco", "/contributions/health/reports/2026-10/issue"),
        {"commentary": "A quiet month"},
    ),
    "take the cases behind a figure out": (
        *("manager", "/contributions/health/cases/download?figure=late"),
        {},
    ),
    "take the list out": ("manager", "/cases/download", {}),
    "add a service": (
        *("manager", "/services/new"),
        {"name": "New team", "kind": "camhs", "provider": "New trust", "from_day": "t"},
    ),
    "change a service": ("manager", "{service}/change", {"name": "Changed team"}),
    "close a service": ("manager", "{service}/close", {"until_day": "t"}),
    "add whom to write to": (
        *("manager", "{service}/contacts/new"),
        {"part": "cover", "name": "Cora Cover", "email": "cora@example.org", "from_day": "t"},
    ),
    "end whom to write to": ("manager", "{service}/contacts/{mailbox}/end", {"until_day": "t"}),
    "add a setting": ("manager", "/schools/new", {"name": "New Academy"}),
    "change a setting": ("manager", "{setting}/change", {"name": "Changed Academy"}),
    "close a setting": (
        *("manager", "{setting}/closures/new"),
        {"first_day": "1/8/2026", "last_day": "1/9/2026"},
    ),
    "open an account": (
        *("administrator", "/accounts/new"),
        {"name": "New Person", "email": "new@example.org", "role": "auditor"},
    ),
    "change an account": ("administrator", "{account}/change", {"name": "Changed"}),
    "draw a password": ("administrator", "{account}/password", {}),
    "close an account": ("administrator", "{account}/close", {}),
    "change one's password": (
        *("manager", "/account/password"),
        {
            "current_password": PASSWORD,
            "new_password": NEW_PASSWORD,
            "new_password_again": NEW_PASSWORD,
        },
    ),
    "sign out": ("manager", "/sign-out", {}),
    "record attendance": (
        *("panel-clerk", "{meeting}/attendance"),
        {"guest_0_name": "Wim", "guest_0_agency": "health", "guest_0_as": "observer"},
    ),
    "sign a record": ("manager", "{meeting}/record/sign", {"why": "Time ran out"}),
    "record a decision": (
        *("panel-clerk", "{item}/decision"),
        {"answer": "assess", "reasons": "The evidence shows it."},
    ),
    "choose papers": ("panel-clerk", "{item}/papers", {}),
    "choose the usual papers": ("panel-clerk", "{meeting}/papers/usual", {}),
    "show a full name": ("panel-clerk", "{item}/name", {}),
    "declare an interest": ("panel-clerk", "{item}/interest", {"nature": "Kin"}),
    "end an interest": ("panel-clerk", "{item}/interest/{interest}/end", {"why": "A slip"}),
    "circulate decisions": ("panel-clerk", "{signed}/circulation", {}),
    "try email again": ("panel-clerk", "{circulated}/circulation/again", {}),
    "set up a panel": (
        *("manager", "/panels/new"),
        {
            "name": "New panel",
            "questions": "assess",
            "decides": "yes",
            "weekday": "3",
            "starts_at": "9:30",
            "papers_at": "17:00",
            "circulate_at": "12:00",
        },
    ),
    "change a panel's terms": (
        *("manager", "{panel}/terms"),
        {"name": "Changed panel", "decides": "no", "weekday": "3"},
    ),
    "add a member": (
        *("manager", "{panel}/members/new"),
        {"user": "{taker}", "agency": "health", "from_day": "1/12/2026"},
    ),
    "end a member's place": ("manager", "{panel}/members/{member}", ENDED),
    "keep a phrase": (
        *("panel-clerk", "{panel}/phrases/new"),
        {"speaks_for": "assess", "words": "The evidence shows it."},
    ),
    "change a phrase": ("panel-clerk", "{panel}/phrases/{phrase}", {"words": "Changed"}),
    "end a phrase": ("panel-clerk", "{panel}/phrases/{phrase}/end", {}),
    "move a phrase up": ("panel-clerk", "{panel}/phrases/{second_phrase}/up", {}),
    "move a phrase down": ("panel-clerk", "{panel}/phrases/{phrase}/down", {}),
    "add a meeting": ("panel-clerk", "{panel}/meetings/new", {"on_day": "1/12/2026"}),
    "set meetings ahead": ("panel-clerk", "{panel}/meetings/ahead", {"until": "1/2/2027"}),
    "move a meeting": (
        *("panel-clerk", "{empty_meeting}/move"),
        {"on_day": "1/12/2026", "why": "The room is flooded"},
    ),
    "cancel a meeting": ("panel-clerk", "{empty_meeting}/cancel", {"why": "The chair is ill"}),
    "decide outside a panel": (
        *("manager", "{case}/decide/assess"),
        {"decision": "assess", "reasons": "The reports show it"},
    ),
    "change an officer's decision": (
        *("manager", "{decided}/decisions/{decision}/change"),
        {"reasons": "Said better", "change_why": "A slip"},
    ),
    "mark a condition as met": ("manager", "{decided}/conditions/{condition}/done", {}),
    "add cases to an agenda": (
        *("panel-clerk", "{agenda}/add"),
        {"cases": ["{free}.assess"]},
    ),
    "add a case by its reference": (
        *("panel-clerk", "{agenda}/add-case"),
        {"cases": "{reference}", "question": "assess"},
    ),
    "take a case off an agenda": (
        *("panel-clerk", "{agenda}/cases/{placed}/take-off"),
        {"why": "The family asked"},
    ),
    "note something for a panel": (
        *("panel-clerk", "{agenda}/cases/{placed}/note"),
        {"note": "Two reports disagree"},
    ),
    "circulate an agenda": ("panel-clerk", "{agenda}/circulate", {}),
    "put a case before a panel": ("manager", "/cases/{free}/put-before-panel", {}),
    "say that a request was received": ("dco", "/asked/{adviser}/received", {"day": "today"}),
    "answer without advice": ("dco", "/asked/{adviser}/answer", {"outcome": "not_known"}),
    "say that advice will be late": (
        *("dco", "/asked/{adviser}/late"),
        {"cause": "capacity", "expected_on": "14/12/2026"},
    ),
    "return advice": (
        *("dco", "/asked/{adviser}/return"),
        {"born": "4/5/2018", "need_section_1": "B", "need_1": "Ida tires by noon."},
    ),
    "return advice for another child": (
        *("dco", "/asked/{adviser}/return"),
        {"born": "5/4/2018", "need_section_1": "B", "need_1": "Ida tires by noon."},
    ),
    "file a reply": (
        *("manager", "{case}/advice/{adviser}/reply"),
        {"outcome": "advice", "on": "t", "author": "Tess", "summary": "Said by letter"},
    ),
    "ask for advice": (
        *("manager", "{case}/advice/ask"),
        {"name_school": "A school", "on": "t"},
    ),
    "withdraw a request for advice": (
        *("manager", "{case}/advice/{adviser}/withdraw"),
        {"reason": "The wrong team"},
    ),
    "use existing advice": (
        *("manager", "{case}/advice/reuse?kind=social_care"),
        {
            "author": "Sol Invented",
            "described": "Report of May",
            "author_agreed_on": "t",
            "authority_agreed_on": "t",
            "family_agreed_on": "t",
        },
    ),
    "accept advice": ("manager", "{advice}/check", {"verdict": "accept"}),
    "send advice back": (
        *("manager", "{advice}/check"),
        {"verdict": "send_back", "reasons": "No outcomes", "cause": "capacity"},
    ),
    "explain late advice": ("manager", "{advice}/late", {"cause": "capacity"}),
    "ask for a release": ("dco", "/cases/{advised}/release", {"reason": "A joint plan"}),
    "grant a release": ("dco", "/releases/{release}", {"answer": "grant"}),
    "refuse a release": ("dco", "/releases/{release}", {"answer": "refuse", "why": "Not needed"}),
    "draw advice": ("manager", "/samples?month=2026-09", {}),
    "score advice": (
        *("manager", "/samples/{sample}"),
        dict.fromkeys(
            ("needs_found", "outcomes_smart", "provision_specific", "child_voice"), "yes"
        ),
    ),
    "pause the alerts of a case": ("manager", "{case}/alerts", {"how_long": "for good"}),
    "say who is told instead": (
        *("manager", "/alerts/cover"),
        {"cover": "{taker}", "from_day": "t", "how_long": "for good"},
    ),
    "remind a service": ("manager", "/chasing/preview?service={owing}", {}),
    "be refused": ("administrator", "{case}/events/new?kind=withdrawn", {}),
}
#: Each page that shows a case, or what only some may see.
PAGES = {
    "manager": (
        *("{case}", "{case}/explain", "{case}/views", "{case}/hand-over", "{case}/child"),
        *("{case}/details", "{case}/contacts", "{case}/contacts/new"),
        *("{case}/contacts/{contact}/change", "{case}/contacts/{contact}/end"),
        *("{case}/events/new?kind=withdrawn", "{case}/exceptions"),
        *("{case}/exceptions/propose?limit=case.final_20w", "/exceptions"),
        *("{case}/exceptions/{proposed}/decide", "{case}/exceptions/{approved}/tell"),
        "{case}/exceptions/{approved}/end",
        *("{case}/events/{event}/correct", "{case}/events/{event}/strike-out"),
        *("{case}/plan", "{case}/plan/B/edit", "{case}/plan/B/versions", "{case}/plan/changes"),
        *("/cases/{planned}/plan/from-advice", "/cases/{planned}/plan/agreement"),
        *("{written}/drafts", "{written}/drafts/serve", "{written}/drafts/preview/pdf"),
        *("{written}/final", "{written}/final/sign", "{signed_plan}/final/send"),
        *("{case}/documents", "{case}/documents/new", "{case}/documents/{document}/file"),
        *("{case}/documents/{document}/replace", "{case}/documents/{document}/withdraw"),
        *("{case}/decisions", "{case}/decisions/words", "{case}/decide/assess"),
        *("{case}/letters", "{case}/letters/holding"),
        *("/cases/{advised}/advice", "{advice}", "{advice}/check", "{advice}/late"),
        "/advice/late?whose=all",
        *("{case}/advice/ask", "{case}/advice/reuse", "{case}/advice/{adviser}/withdraw"),
        *("{decided}/decisions/{decision}/change", "/samples/{sample}"),
        *("{consulted}", "{consulted}/choose", "{consulted}/sent", "{consulted}/request"),
        *("{consultation}/reply", "{consultation}/reminded", "{consultation}/withdrawn"),
        "{case}/alerts",
        "/audit-trail",
    ),
    "panel-clerk": (
        *("{item}/decision", "{item}/interest", "{item}/interest/{interest}/end"),
        *("{item}/papers", "{meeting}/papers", "{meeting}/pack"),
        *("{meeting}/record", "{meeting}/record/sign"),
    ),
    "case-officer": ("{item}", "{case}/advice/{adviser}/reply", "{case}/advice/reply?all=1"),
    "dco": (
        *("/cases/{advised}/advice", "{advice}", "/cases/{advised}/release"),
        *("/releases", "/releases/{release}", "/asked/{adviser}", "/asked/{adviser}/return"),
        *("/asked/{adviser}/answer", "/asked/{adviser}/late"),
    ),
    "auditor": ("/audit-trail", "{case}"),
    "administrator": ("{case}", "/cases"),
}


@pytest.fixture
def held(once: Once) -> dict[str, str]:
    """Hold one of everything; give what stands for each in the addresses above."""
    return {**once("one_of_everything", hold_one_of_everything)}


def hold_one_of_everything() -> dict[str, str]:
    """Hold it, and return what stands for each; needs an application context."""
    officer = make_user(email="oona@example.org", password_hash="none")
    taker = make_user(email="taker@example.org", name="Tam Taker", password_hash="none")
    case = make_case(officer_id=officer.id)
    log(case, NewEvent(kind="considering_notified", on=date(2026, 9, 14)))
    log(case, NewEvent(kind="advice_requested", on=date(2026, 9, 15), service="camhs"))
    asked = db.session.query(Adviser).one()
    contact = Contact(
        person_id=case.person_id,
        name="Amal Invented",
        relationship_to_child="mother",
        address="7 Hidden Lane",
        address_is_protected=True,
    )
    setting = Setting(name="Ashdown School", name_key="ashdown school")
    db.session.add_all([contact, setting])
    db.session.commit()
    service = make_service()
    document = add_document(case)
    panel = make_panel()
    member = seat_member(panel, officer, position="chair")
    meeting = make_meeting(panel, MET)
    item = put_on_agenda(meeting, case)
    interest = Interest(case_id=case.id, user_id=taker.id, nature="Kin", declared_at=now())
    phrases = [PanelPhrase(panel_id=panel.id, question="assess", words=w) for w in "AB"]
    came = {"name": officer.name, "agency": "health", "position": "chair"}
    attendance = Attendance(
        meeting_id=meeting.id, user_id=officer.id, attended="present", recorded_at=now(), **came
    )
    make_meeting(panel, date(2026, 12, 2))
    db.session.add_all([interest, attendance, *phrases])
    db.session.commit()
    decided = make_case(person={"forenames": "Odo"})
    decision = decide_alone(decided)
    ahead = make_meeting(panel, date(2026, 11, 26))
    free, placed = (make_case(person={"surname": name}) for name in ("Free", "Placed"))
    make_service("camhs")
    owing = make_service(name="Service that owes")
    owed = NewEvent(
        kind="advice_requested",
        on=date(2026, 9, 14),
        service=owing.kind,
        advice_service_id=owing.id,
    )
    log(make_case(person={"surname": "Owed"}), owed)
    returned("camhs", date(2026, 9, 28))
    advice = returned("camhs", date(2026, 10, 26))
    sample = AdviceSample(
        service_id=advice.adviser.advice_service_id,
        month=date(2026, 10, 1),
        advice_id=advice.id,
        drawn_at=now(),
    )
    db.session.add(sample)
    db.session.commit()
    return {
        **advice_held(),
        **consulted(),
        **plan_held(),
        **plans_held(),
        **exceptions_held(case),
        "sample": sample.public_id,
        "owing": owing.public_id,
        "decided": f"/cases/{decided.public_id}",
        "decision": decision.public_id,
        "condition": str(decision.conditions[0].id),
        "case": f"/cases/{case.public_id}",
        "adviser": asked.public_id,
        "document": document.public_id,
        "event": str(event_id(case, "considering_notified")),
        "contact": contact.public_id,
        "officer": officer.public_id,
        "taker": taker.public_id,
        "setting": f"/schools/{setting.public_id}",
        "service": f"/services/{service.public_id}",
        "mailbox": service.contacts[0].public_id,
        "account": f"/accounts/{taker.public_id}",
        "meeting": f"/meetings/{meeting.public_id}",
        "item": f"/meetings/{meeting.public_id}/cases/{item.public_id}",
        "interest": interest.public_id,
        "signed": f"/meetings/{signed_meeting(case, 'Signed panel')}",
        "circulated": f"/meetings/{signed_meeting(case, 'Told panel', is_told=True)}",
        "empty_meeting": f"/meetings/{make_meeting(panel, date(2026, 11, 25)).public_id}",
        "panel": f"/panels/{panel.public_id}",
        "member": member.public_id,
        "phrase": phrases[0].public_id,
        "second_phrase": phrases[1].public_id,
        "agenda": f"/meetings/{ahead.public_id}",
        "placed": put_on_agenda(ahead, placed).public_id,
        "free": free.public_id,
        "reference": free.reference,
    }


def plans_held() -> dict[str, str]:
    """Hold a plan whose draft the family has had for long enough, and one that is signed."""
    written, signed = a_written_case(), a_written_case()
    for case in (written, signed):
        serve_draft(case)
    sign_plan(signed)
    return {
        "written": f"/cases/{written.public_id}",
        "signed_plan": f"/cases/{signed.public_id}",
    }


def advice_held() -> dict[str, str]:
    """Hold a case with advice that came late, and another lead's request to read it."""
    case = make_case(person={"forenames": "Ada"})
    for kind in ("camhs", "social_care"):
        log(case, NewEvent(kind="advice_requested", on=date(2026, 9, 14), service=kind))
    adviser = db.session.query(Adviser).filter_by(service="camhs", case_id=case.id).one()
    returned = {"on": date(2026, 11, 2), "outcome": "advice", "adviser_id": adviser.id}
    log(case, NewEvent(kind="advice_received", **returned))
    make_advice(adviser, event_id(case, "advice_received"))
    lead = make_user("social-care-lead", email="lead@example.org")
    asked = {"agency": "health", "asked_by_id": lead.id, "asked_at": now(), "reason": "One plan"}
    release = AdviceRelease(case_id=case.id, **asked)
    db.session.add(release)
    db.session.commit()
    return {
        "advised": case.public_id,
        "advice": f"/cases/{case.public_id}/advice/{adviser.public_id}",
        "release": release.public_id,
    }


def consulted() -> dict[str, str]:
    """Hold a case with one setting asked, one chosen, and one that could be."""
    case = make_case(person={"forenames": "Cleo"})
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
    asked = make_consultation(case, make_setting("Alder"))
    log(case, NewEvent(kind="consultation_sent", on=date(2026, 11, 9), consultation_id=asked.id))
    make_consultation(case, make_setting("Birch"))
    make_setting("Elder")
    place = f"/cases/{case.public_id}/consultations"
    return {"consulted": place, "consultation": f"{place}/{asked.public_id}"}


def plan_held() -> dict[str, str]:
    """Hold a case whose section G is written, and accepted advice to bring into its plan."""
    advice = returned("physiotherapy", date(2026, 10, 5))
    case = db.session.get_one(Case, advice.case_id)
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 9, 21)))
    log(case, NewEvent(kind="advice_accepted", on=TODAY, adviser_id=advice.adviser_id))
    make_section(case, Section(key="G", words="Physiotherapy each week"))
    return {"planned": case.public_id, "entry": str(advice.entries[0].id)}


def exceptions_held(case: Case) -> dict[str, str]:
    """Hold an exception that waits, and one that was approved."""
    ids = []
    for regulation in ("10(4)", "5(4)"):
        kept = {"regulation": regulation, "ground": "X3", "reason": "Ill"}
        log(case, NewEvent(kind="exception_proposed", on=TODAY, exception=kept))
        ids.append(event_id(case, "exception_proposed"))
    exceptions.approve(
        actor=Actor(make_user("manager", email="approver@example.org").id, "web"),
        today=TODAY,
        case_id=case.id,
        version=case.version,
        proposal_id=ids[1],
    )
    return {"proposed": str(ids[0]), "approved": str(ids[1])}


def signed_meeting(case: Case, name: str, *, is_told: bool = False) -> str:
    """Return the public id of a meeting whose record is signed; told to one with no address."""
    panel = make_panel(name=name)
    seat_member(panel, make_user("panel-member", name=f"Mo of {name}", email=None))
    meeting = make_meeting(panel, MET)
    sign(meeting, decide(put_on_agenda(meeting, case)))
    if is_told:
        circulation.circulate_decisions(
            actor=COMMAND_LINE, today=TODAY, meeting_id=meeting.id, record_version=1
        )
    return meeting.public_id


def refuse_entries() -> None:
    db.session.execute(
        text("CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'x'); END")
    )
    db.session.commit()


def tables() -> dict[str, list[Any]]:
    """Return the rows of every table but those of the visit itself."""
    names = db.metadata.tables.keys() - OF_THE_VISIT
    return {name: list(db.session.execute(text(f'SELECT * FROM "{name}"'))) for name in names}


def filled(client: FlaskClient, address: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Return what a browser sends for the form at an address, or for a button with no page."""
    page = client.get(address)
    given: dict[str, Any] = dict(boxes(page)) if page.status_code == 200 else {}
    given["csrf_token"] = token_in(client.get("/account"))
    return given | typed


def as_held(typed: Any, held: dict[str, str]) -> Any:
    """Return what is typed, one answer or several, naming what is held."""
    if isinstance(typed, list):
        return [one.format(**held) for one in typed]
    return typed.format(**held)


@pytest.mark.parametrize("name", FORMS)
def test_what_cannot_be_recorded_is_not_done(
    app: Flask, sign_in: SignIn, held: dict[str, str], name: str
) -> None:
    role, address, typed = FORMS[name]
    client, address = sign_in(role), address.format(**held)
    sent = filled(client, address, {key: as_held(value, held) for key, value in typed.items()})
    with app.app_context():
        refuse_entries()
        before = tables()
    answer = client.post(address, data=sent)
    assert answer.status_code == 503, answer.text
    with app.app_context():
        assert tables() == before


def test_a_document_that_cannot_be_recorded_is_not_added(
    app: Flask, sign_in: SignIn, held: dict[str, str]
) -> None:
    client, address = sign_in("manager"), f"{held['case']}/documents/new"
    file = (BytesIO(files.pdf(pages=2)), "report.pdf")
    sent = filled(client, address, {"kind": "letter", "received_on": "t", "file": file})
    with app.app_context():
        refuse_entries()
        before = tables()
    stored = list(Path(app.instance_path).rglob("documents/*/*"))
    assert client.post(address, data=sent).status_code == 503
    assert list(Path(app.instance_path).rglob("documents/*/*")) == stored
    with app.app_context():
        assert tables() == before


@pytest.mark.parametrize("role", PAGES)
def test_what_cannot_be_recorded_is_not_shown(
    app: Flask, sign_in: SignIn, held: dict[str, str], role: str
) -> None:
    client = sign_in(role)
    with app.app_context():
        refuse_entries()
    for address in PAGES[role]:
        answer = client.get(address.format(**held))
        assert answer.status_code == 503, address
        assert "Invented" not in answer.text, address


def test_nobody_signs_in_unrecorded(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("manager")
    with app.app_context():
        refuse_entries()
    assert send_sign_in(client, "manager@example.org").status_code == 503
    assert client.get("/cases").location.startswith("/sign-in")
