"""The final plan: signed for the authority, then sent to each who must have it."""

from datetime import date
from io import BytesIO
from typing import Any

from docx import Document as WordDocument
from flask import Flask
from pypdf import PdfReader
from werkzeug.test import TestResponse

from casework import typesetting
from casework.extensions import db
from casework.models import (
    AuditEntry,
    Case,
    CaseEvent,
    Contact,
    Document,
    FinalPlan,
    PlanEdition,
    Setting,
)
from casework.rules.plan_content import Section
from casework.services import document_checks, final_plans
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.plans import make_consultation, make_section, make_setting
from tests.fixtures.statements import counted
from tests.fixtures.written_plans import a_written_case, serve_draft, write_plan
from tests.web.cases.conftest import send

OVER = date(2026, 11, 2)
RUNNING = date(2026, 11, 16)


def a_case(app: Flask, served_on: date | None = OVER, **details: Any) -> str:
    """Return a case whose draft was served, with one parent and the school that was consulted."""
    with app.app_context():
        case = a_written_case(**details)
        db.session.add(
            Contact(
                person_id=case.person_id,
                name="Amal Invented",
                relationship_to_child="mother",
                has_parental_responsibility=True,
            )
        )
        make_consultation(case, make_setting(urn="123456", kind="special"), is_family_request=True)
        if served_on:
            serve_draft(case, served_on)
        return case.public_id


def found(case: str) -> Case:
    return db.session.query(Case).filter_by(public_id=case).one()


def school() -> str:
    return db.session.query(Setting.public_id).filter_by(urn="123456").scalar()


def sign(app: Flask, client: Any, case: str, **typed: Any) -> TestResponse:
    with app.app_context():
        given = {"names": school(), "post": "Head of casework"}
    return send(client, f"/cases/{case}/final/sign", **given | typed)


def sent_to(client: Any, case: str, *to: str, **typed: Any) -> TestResponse:
    return send(client, f"/cases/{case}/final/send", **{"to": list(to), "on": "t"} | typed)


def words_of(document: Document) -> str:
    content = document_checks.store().read(document.stored_as, document.sha256)
    if document.media_type == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return "\n".join(paragraph.text for paragraph in WordDocument(BytesIO(content)).paragraphs)


def kinds(app: Flask, *kinds: str) -> list[str]:
    with app.app_context():
        rows = db.session.query(CaseEvent.kind).order_by(CaseEvent.id)
        return [kind for (kind,) in rows if kind in kinds]


def test_a_signed_plan_names_the_school_and_keeps_its_pdf_and_word(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    answer = sign(app, client, case)
    assert answer.status_code == 303
    with app.app_context():
        final = db.session.query(FinalPlan).one()
        assert (final.setting_type, final.place_kind) == (
            "Special school or special academy",
            "school",
        )
        assert (final.signed_on, final.signed_by_words) == (TODAY, "Ada Example, Head of casework")
        documents = db.session.query(Document).filter_by(kind="final-plan").all()
        assert len(documents) == 2
        for document in documents:
            words = words_of(document)
            assert "Invented School" in words
            assert "Ada Example, Head of casework" in words
            assert "DRAFT" not in words
    page = client.get(f"/cases/{case}/final").text
    assert "Sent to 0 of 3" in page
    assert "URN 123456" in page
    assert "Setting named" in client.get(f"/cases/{case}").text


def test_the_plan_is_done_only_when_each_recipient_is_sent_it(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in("manager"), a_case(app)
    sign(app, client, case)
    with app.app_context():
        amal = db.session.query(Contact.public_id).scalar()
    sent_to(client, case, amal, "health_body")
    page = client.get(f"/cases/{case}/final").text
    assert "Sent to 2 of 3" in page
    assert "23 January 2027" in page, "two months to ask about mediation"
    assert "Sent to 2 of 3" in client.get(f"/cases/{case}").text
    with app.app_context():
        assert found(case).stage != "final"
    sent_to(client, case, "institution")
    with app.app_context():
        assert found(case).stage == "final"
    assert "Sent to all 3" in client.get(f"/cases/{case}/final").text
    assert client.get(f"/cases/{case}/final/send").status_code == 303, "nobody waits"


def test_no_plan_is_signed_before_the_family_has_had_its_days(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in("manager"), a_case(app, RUNNING)
    page = client.get(f"/cases/{case}/final").text
    assert "1 December 2026" in page
    assert "record that with the draft" in page
    assert "Sign the final plan</a>" not in page
    answer = sign(app, client, case)
    assert answer.status_code == 422
    assert "may be signed is Tuesday 1 December 2026" in answer.text
    with app.app_context():
        assert db.session.query(FinalPlan).count() == 0
        assert db.session.query(Document).filter_by(kind="final-plan").count() == 0
        log(found(case), NewEvent(kind="family_answered_in_full", on=TODAY))
    assert sign(app, client, case).status_code == 303


def test_no_plan_is_signed_without_a_draft_or_after_the_case_was_withdrawn(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app, None)
    assert "No draft was served" in sign(app, client, case).text
    with app.app_context():
        serve_draft(found(case), OVER)
        log(found(case), NewEvent(kind="withdrawn", on=TODAY))
    assert "This case has ended" in sign(app, client, case).text
    assert kinds(app, "plan_signed") == []


def test_a_type_only_is_given_its_reason_and_is_sent_to_no_institution(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    bare = sign(app, client, case, names="type")
    assert bare.status_code == 422
    assert "Enter why no school or other institution is named" in bare.text
    untyped = sign(app, client, case, names="type", why_type_only="Four asked, none had a place")
    assert "Enter the type of school or other institution" in untyped.text
    why = {"why_type_only": "Four asked, none had a place", "setting_type": "Special school"}
    assert sign(app, client, case, names="type", **why).status_code == 303
    page = client.get(f"/cases/{case}/final").text
    assert "Sent to 0 of 2" in page
    assert "Type only: Special school" in page
    with app.app_context():
        event = db.session.query(CaseEvent).filter_by(kind="no_institution_named").one()
        assert event.note == "Four asked, none had a place"
        document = db.session.query(Document).filter_by(kind="final-plan").first()
        assert document is not None
        assert "Type of school or other institution: Special school" in words_of(document)


def test_the_settings_asked_are_offered_with_what_they_said_and_the_part_that_was_asked(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    with app.app_context():
        unit = make_consultation(found(case), make_setting("Unit School"), place_kind="unit")
        off = make_consultation(found(case), make_setting("Withdrawn School"))
        for one in (unit, off):
            log(found(case), NewEvent(kind="consultation_sent", on=OVER, consultation_id=one.id))
        withdrawn = NewEvent(kind="consultation_withdrawn", on=OVER, consultation_id=off.id)
        log(found(case), withdrawn, NewEvent(kind="placement_agreed", on=OVER))
        asked = db.session.get_one(Setting, unit.setting_id).public_id
    page = client.get(f"/cases/{case}/final/sign").text
    assert "Unit School, its special unit: it has not answered" in page
    assert "Invented School: the family asks for it" in page
    assert "Withdrawn School: " not in page
    assert "Agreed to name the setting asked for, 2 November 2026" in page
    sign(app, client, case, names=asked, setting_type="Primary school")
    with app.app_context():
        assert db.session.query(FinalPlan).one().place_kind == "unit"


def test_another_setting_is_found_by_its_name(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in("manager"), a_case(app)
    with app.app_context():
        make_setting("Other College", kind="other")
    nothing = sign(app, client, case, names="another")
    assert "Enter the name or URN" in nothing.text
    untyped = sign(app, client, case, names="another", another="Other College")
    assert "Enter the type of school" in untyped.text, "the list says only that it is another"
    sign(app, client, case, names="another", another="Other College", setting_type="College")
    with app.app_context():
        final = db.session.query(FinalPlan).one()
        assert final.setting is not None
        assert (final.setting.name, final.setting_type) == ("Other College", "College")


def test_the_page_says_what_changed_since_the_draft_and_what_nobody_asked_for(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    assert (
        "Nothing: every section is as the family has it" in client.get(f"/cases/{case}/final").text
    )
    with app.app_context():
        make_section(found(case), Section(key="F", words="Less of it."), number=2)
    page = client.get(f"/cases/{case}/final").text
    assert "Section F: 1 provision taken out, its words changed" in page
    assert "paragraph 9.125" in page


def test_a_plan_changed_while_its_page_was_open_is_not_signed_unread(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    stale = sign(app, client, case, seen="A1 B1 E1")
    assert stale.status_code == 422
    assert "The plan was changed while this page was open" in stale.text
    assert kinds(app, "plan_signed") == []


def test_a_plan_is_signed_again_for_a_reason_and_sent_again_to_each(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    sign(app, client, case)
    with app.app_context():
        amal = db.session.query(Contact.public_id).scalar()
    sent_to(client, case, amal, "institution", "health_body")
    assert "Enter why the plan is signed again" in sign(app, client, case).text
    again = {"because": "Section F had another child’s hours", "place_kind": "unit"}
    assert sign(app, client, case, **again).status_code == 303
    page = client.get(f"/cases/{case}/final").text
    assert "Sent to 0 of 3" in page
    assert "Signed before" in page
    assert "its special unit" in page
    with app.app_context():
        assert found(case).stage == "final", "the first sending stands"
        assert db.session.query(PlanEdition).filter_by(is_final=True).count() == 2


def test_a_plan_that_was_sent_with_a_type_only_is_not_given_a_name_by_signing_again(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    why = {"names": "type", "why_type_only": "None had a place", "setting_type": "Special school"}
    sign(app, client, case, **why)
    named = sign(app, client, case, because="A place was found in time")
    assert named.status_code == 303
    assert "Sent to 0 of 3" in client.get(f"/cases/{case}/final").text
    assert kinds(app, "struck_out") == ["struck_out"]
    sign(app, client, case, because="It was not", **why)
    with app.app_context():
        amal = db.session.query(Contact.public_id).scalar()
    sent_to(client, case, amal, "health_body")
    assert "reg 28" in sign(app, client, case, because="A place is free").text


def test_each_with_parental_responsibility_is_sent_it_or_there_is_a_reason(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    with app.app_context():
        person = found(case).person_id
        father = Contact(
            person_id=person,
            name="Omar Invented",
            relationship_to_child="father",
            has_parental_responsibility=True,
        )
        aunt = Contact(person_id=person, name="Aunt Invented", relationship_to_child="aunt")
        db.session.add_all([father, aunt])
        db.session.commit()
        amal = db.session.query(Contact.public_id).filter_by(name="Amal Invented").scalar()
    sign(app, client, case)
    page = client.get(f"/cases/{case}/final/send").text
    assert "Aunt Invented" not in page
    left_out = sent_to(client, case, amal)
    assert left_out.status_code == 422
    assert "Tick Omar Invented, father too" in left_out.text
    sent_to(client, case, amal, why_not_all="A court order says so")
    with app.app_context():
        event = db.session.query(CaseEvent).filter_by(kind="final_plan_sent").one()
        assert event.recipient == "family"
        assert event.note == (
            "To Amal Invented, mother. Not to Omar Invented, father: A court order says so"
        )


def test_it_is_not_sent_before_it_was_signed_and_not_twice(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in("manager"), a_case(app)
    sign(app, client, case)
    early = sent_to(client, case, "institution", on="20/11/2026")
    assert "when the plan was signed, or later" in early.text
    assert "Choose who was sent it" in sent_to(client, case).text
    first = client.get(f"/cases/{case}/final/send")
    sent_to(client, case, "institution")
    assert first.status_code == 200
    with app.app_context():
        waiting = final_plans.sent_events(found(case).id, TODAY)
        assert [event.recipient for event in waiting] == ["family", "health_body"]


def test_a_second_press_signs_and_sends_once(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in("manager"), a_case(app)
    with app.app_context():
        version, seen = found(case).version, "A1 B1 E1 F1"
    pressed = {"version": version, "seen": seen}
    sign(app, client, case, **pressed)
    twice = sign(app, client, case, **pressed)
    assert "reason" not in twice.headers.get("Location", "")
    sent_to(client, case, "institution", version=version + 1)
    again = sent_to(client, case, "health_body", version=version + 1)
    assert again.status_code == 409
    assert kinds(app, "plan_signed", "final_plan_sent") == ["plan_signed", "final_plan_sent"]


def test_an_officer_prepares_and_a_manager_signs(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    assert "Ask a manager to sign it" in client.get(f"/cases/{case}/final").text
    assert client.get(f"/cases/{case}/final/sign").status_code == 403


def test_the_signer_can_look_at_the_pdf_first_and_nothing_is_kept(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    answer = sign(app, client, case, preview="1")
    assert answer.mimetype == "application/pdf"
    words = PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    assert "PREVIEW" in words
    assert "Idea" not in answer.headers["Content-Disposition"]
    assert "EHC-" in answer.headers["Content-Disposition"]
    with app.app_context():
        assert db.session.query(Document).filter_by(kind="final-plan").count() == 0
        assert db.session.query(AuditEntry).filter_by(action="previewed plan").count() == 1


def test_a_plan_that_cannot_be_set_in_type_is_not_signed(
    app: Flask, sign_in: SignIn, monkeypatch: Any
) -> None:
    client, case = sign_in("manager"), a_case(app)

    def fails(*_given: Any, **_more: Any) -> bytes:
        raise typesetting.NotTypeset("main.typ:1:1")

    monkeypatch.setattr(typesetting, "pdf", fails)
    answer = sign(app, client, case)
    assert answer.status_code == 422
    assert "could not be made, so nothing was saved" in answer.text
    assert kinds(app, "plan_signed") == []
    assert client.get(f"/cases/{case}/drafts/preview/pdf").status_code == 303


def test_what_is_signed_is_not_moved_to_another_day(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in("manager"), a_case(app)
    sign(app, client, case)
    with app.app_context():
        event = db.session.query(CaseEvent).filter_by(kind="plan_signed").one().id
    moved = send(client, f"/cases/{case}/events/{event}/correct", on="20/11/2026", checked="1")
    assert moved.status_code == 422
    assert "The signed plan bears this day" in moved.text
    struck = send(client, f"/cases/{case}/events/{event}/strike-out", note="Signed too soon")
    assert struck.status_code == 303
    assert "Signed too soon" not in client.get(f"/cases/{case}/final").text
    assert "Sign the final plan</a>" in client.get(f"/cases/{case}/final").text


def test_a_plan_written_elsewhere_is_sent_and_the_page_says_so(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    with app.app_context():
        case = make_case(date(2026, 7, 27))
        for kind, on in (("told_will_assess", date(2026, 9, 1)), ("draft_served", OVER)):
            log(case, NewEvent(kind=kind, on=on))
        public_id = case.public_id
    assert (
        "not written here, so it cannot be signed here"
        in client.get(f"/cases/{public_id}/final").text
    )
    send(client, f"/cases/{public_id}/events/new?kind=final_plan_sent", on="t", recipients="family")
    page = client.get(f"/cases/{public_id}/final").text
    assert "was not signed here: it was written elsewhere" in page
    assert "Sent to 1 of 3" in page


def test_twins_plans_hold_nothing_of_each_other(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    with app.app_context():
        names = {"Olwen": "QUOKKA", "Ottoline": "NUMBAT"}
        cases = {}
        for name, mark in names.items():
            case = make_case(date(2026, 7, 27), person={"forenames": name, "surname": "Twin"})
            log(case, NewEvent(kind="told_will_assess", on=date(2026, 9, 1)))
            write_plan(case, mark)
            cases[name] = case.public_id
        make_setting(urn="123456", kind="special")
        for public_id in cases.values():
            make_consultation(found(public_id), db.session.query(Setting).one())
            serve_draft(found(public_id), OVER)
    for public_id in cases.values():
        sign(app, client, public_id)
    with app.app_context():
        for name, other in (("Olwen", "Ottoline"), ("Ottoline", "Olwen")):
            held = db.session.query(Document).filter_by(case_id=found(cases[name]).id).all()
            assert len(held) == 4
            for document in held:
                words = words_of(document)
                assert names[name] in words
                assert names[other] not in words
                assert other not in words


def test_the_page_takes_the_same_statements_however_much_there_is(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app)
    sign(app, client, case)
    with counted(app) as few:
        client.get(f"/cases/{case}/final")
    with app.app_context():
        for number in range(5):
            make_consultation(found(case), make_setting(f"School {number}"))
            make_section(found(case), Section(key="F", words=f"{number}"), number=number + 2)
    for _ in range(2):
        sign(app, client, case, because="A slip")
    with counted(app) as many:
        client.get(f"/cases/{case}/final")
    assert len(many) <= len(few) + 1, "one for those signed before, and its sections"


def test_a_sending_is_not_moved_to_before_the_signature(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in("manager"), a_case(app)
    sign(app, client, case)
    sent_to(client, case, "health_body")
    with app.app_context():
        entry = event_id(found(case), "final_plan_sent")
    place = f"/cases/{case}/events/{entry}/correct"
    answer = send(client, place, on="20/11/2026", checked="yes")
    assert answer.status_code == 422
    assert "when the plan was signed, or later" in answer.text
    assert "Sent to 1 of 3" in client.get(f"/cases/{case}/final").text


def test_what_let_a_plan_be_signed_early_is_not_struck_out_from_under_it(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in("manager"), a_case(app, RUNNING)
    with app.app_context():
        log(found(case), NewEvent(kind="family_answered_in_full", on=TODAY))
        entry = event_id(found(case), "family_answered_in_full")
    assert sign(app, client, case).status_code == 303
    strike = f"/cases/{case}/events/{entry}/strike-out"
    answer = send(client, strike, note="The wrong family")
    assert answer.status_code == 422
    assert "“Final plan signed” on Monday 23 November 2026 rests on this" in answer.text
    with app.app_context():
        signed = event_id(found(case), "plan_signed")
    assert send(client, f"/cases/{case}/events/{signed}/strike-out", note="x").status_code == 303
    assert send(client, strike, note="The wrong family").status_code == 303


def test_a_plan_that_is_written_here_is_not_recorded_as_sent_before_it_is_signed(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    place = f"/cases/{case}/events/new?kind=final_plan_sent"
    typed = {"csrf_token": token_in(client.get(f"/cases/{case}/letters/holding")), "on": "t"}
    for answer in (client.get(place), client.post(place, data=typed | {"recipients": "family"})):
        assert answer.location == f"/cases/{case}/final"
    assert "It is signed first, and then sent" in client.get(f"/cases/{case}/final").text
    assert kinds(app, "final_plan_sent") == []
