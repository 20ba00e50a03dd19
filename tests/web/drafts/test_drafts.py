"""Drafts: the day of service follows from the route, and the family's days from it."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from casework.documents.store import LocalFolder, StoreFull
from casework.extensions import db
from casework.models import AuditEntry, Case, CaseEvent, Contact, Document, DraftServed
from casework.rules.plan_content import Section
from casework.services import document_checks
from casework.services.events import NewEvent
from casework.typesetting import NotTypeset
from tests.factories import add_document, log, make_case
from tests.fixtures.people import SignIn
from tests.fixtures.plans import make_consultation, make_section, make_setting
from tests.fixtures.written_plans import a_written_case
from tests.web.cases.conftest import send


def a_case(app: Flask, started_on: date = date(2026, 9, 7)) -> str:
    with app.app_context():
        case = make_case(started_on)
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        return case.public_id


def served(app: Flask) -> list[tuple[date, str]]:
    with app.app_context():
        rows = db.session.query(CaseEvent.happened_on, DraftServed.route).join(
            DraftServed, DraftServed.event_id == CaseEvent.id
        )
        return [(row[0], row[1]) for row in rows.order_by(CaseEvent.id)]


def test_a_draft_emailed_today_gives_the_family_fifteen_days(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    answer = send(client, f"/cases/{case}/drafts/serve", route="email", sent_on="t")
    assert answer.status_code == 303
    page = client.get(f"/cases/{case}/drafts").text
    assert "the draft counts as served on 23 November 2026" in page
    assert "7 December 2026" in page, "the last day for comments"
    assert "8 December 2026" in page, "the first day for the final"
    assert served(app) == [(date(2026, 11, 23), "email")]


def test_a_draft_in_the_post_is_served_two_working_days_ahead(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    send(client, f"/cases/{case}/drafts/serve", route="post", sent_on="t")
    assert served(app) == [(date(2026, 11, 25), "post")]
    assert "Draft plan with the family" in client.get(f"/cases/{case}").text
    for page in ("drafts", "explain", "views"):
        assert client.get(f"/cases/{case}/{page}").status_code == 200


def test_an_email_after_five_counts_from_the_next_working_day(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    typed = {"route": "email", "sent_on": "20/11/2026", "sent_time": "17:30"}
    send(client, f"/cases/{case}/drafts/serve", **typed)
    assert served(app) == [(date(2026, 11, 23), "email")]


def test_no_route_is_taken_for_granted_since_the_day_follows_from_it(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    answer = send(client, f"/cases/{case}/drafts/serve", sent_on="t")
    assert answer.status_code == 422
    assert "Choose how it was sent" in answer.text
    assert served(app) == []


def test_a_changed_draft_says_why_and_opens_the_days_anew(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    first = {"route": "email", "sent_on": "16/11/2026"}
    send(client, f"/cases/{case}/drafts/serve", **first)
    refused = send(client, f"/cases/{case}/drafts/serve", route="email", sent_on="t")
    assert refused.status_code == 422
    assert "Enter why the draft was changed" in refused.text
    again = {"route": "email", "sent_on": "t", "changed_because": "Speech therapy was added"}
    send(client, f"/cases/{case}/drafts/serve", **again)
    page = client.get(f"/cases/{case}/drafts").text
    assert "Draft 2, served on" in page
    assert "Speech therapy was added" in page
    final = send(
        client,
        f"/cases/{case}/events/new?kind=final_plan_sent",
        on="t",
        recipients="family",
    )
    assert final.status_code == 422, "the days of the second draft are running"
    assert "8 December 2026" in final.text


def test_a_day_that_has_not_come_or_a_case_without_an_assessment_is_refused(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    ahead = send(client, f"/cases/{case}/drafts/serve", route="email", sent_on="24/11/2026")
    assert ahead.status_code == 422
    assert "Day it was sent must be today or in the past" in ahead.text
    with app.app_context():
        new = make_case(date(2026, 11, 16)).public_id
    early = send(client, f"/cases/{new}/drafts/serve", route="email", sent_on="t")
    assert early.status_code == 422
    assert "which is not recorded" in early.text
    assert served(app) == []


def test_the_weeks_left_say_the_last_safe_day_of_each_step(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    page = client.get(f"/cases/{case}/drafts").text
    assert "There is time to take these steps one after another" in page
    assert "26 December 2026" in page, "the draft: 110 days after 7 September"
    assert "25 January 2027" in page, "the final: 20 weeks"


def test_too_late_to_go_in_turn_the_page_says_what_can_run_side_by_side(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    side_by_side, too_late = a_case(app, date(2026, 7, 27)), a_case(app, date(2026, 7, 13))
    page = client.get(f"/cases/{side_by_side}/drafts").text
    assert "Ask the settings while the family has the draft" in page
    page = client.get(f"/cases/{too_late}/drafts").text
    assert "can no longer be in time" in page
    assert "which is past" in page


def test_looking_at_the_drafts_is_told_to_the_audit_trail(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    client.get(f"/cases/{case}/drafts")
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="viewed drafts").count() == 1


def test_a_served_draft_is_frozen_as_it_is_written_with_its_pdf_and_word(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():
        case = a_written_case()
        public_id = case.public_id
    answer = send(
        client, f"/cases/{public_id}/drafts/serve", what="here", route="email", sent_on="t"
    )
    assert answer.status_code == 303
    with app.app_context():
        row = db.session.query(DraftServed).one()
        assert row.edition is not None
        assert len(row.edition.sections) == 4
        assert row.edition.pdf is not None
        assert (row.edition.pdf.kind, row.edition.pdf.pages) == ("draft-plan", 2)
        words = document_checks.store().read(row.edition.pdf.stored_as, row.edition.pdf.sha256)
        text = PdfReader(BytesIO(words)).pages[0].extract_text()
        assert "Comments by The end of Monday 7 December 2026" in text.replace("\n", " ")
        assert "Ida" not in row.edition.pdf.file_name
        make_section(db.session.get_one(Case, case.id), Section(key="A", words="Later"), number=2)
        kept = {one.version.content for one in row.edition.sections}
        assert not any("Later" in content for content in kept)
    page = client.get(f"/cases/{public_id}/drafts").text
    assert "Draft plan 1, PDF" in page
    assert "Draft plan 1, Word" in page
    link = page.split("Draft plan 1, PDF")[0].rsplit('href="', 1)[1].split('"')[0]
    assert client.get(link).data.startswith(b"%PDF-")


def test_a_plan_changed_while_the_page_was_open_is_not_served_unread(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():
        case = a_written_case()
        public_id = case.public_id
    typed = {"what": "here", "route": "email", "sent_on": "t", "seen": "A1"}
    answer = send(client, f"/cases/{public_id}/drafts/serve", **typed)
    assert answer.status_code == 422
    assert "The plan was changed while this page was open" in answer.text
    assert 'value="A1 B1 E1 F1"' in answer.text, "sent again, it is the plan as it is now"
    assert served(app) == []
    with app.app_context():
        assert db.session.query(Document).count() == 0


def test_a_document_of_the_case_can_be_what_was_sent_and_no_other(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    with app.app_context():
        held = db.session.query(Case).filter_by(public_id=case).one()
        mine = add_document(held, kind="draft-plan", title="Written elsewhere").public_id
        other = add_document(make_case(), kind="draft-plan", pages=2).public_id
    typed = {"route": "email", "sent_on": "t"}
    assert "Choose what was sent" in send(client, f"/cases/{case}/drafts/serve", **typed).text
    refused = send(client, f"/cases/{case}/drafts/serve", what=other, **typed)
    assert refused.status_code == 422
    send(client, f"/cases/{case}/drafts/serve", what=mine, **typed)
    with app.app_context():
        row = db.session.query(DraftServed).one()
        assert row.document is not None
        assert (row.document.public_id, row.edition_id) == (mine, None)
    assert "Written elsewhere" in client.get(f"/cases/{case}/drafts").text


def test_where_no_pdf_can_be_made_or_kept_no_draft_is_served(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in()
    with app.app_context():
        public_id = a_written_case().public_id
    typed = {"what": "here", "route": "email", "sent_on": "t"}
    path = f"/cases/{public_id}/drafts/serve"

    def full(*_given: object) -> str:
        raise StoreFull

    with monkeypatch.context() as broken:
        broken.setattr(LocalFolder, "put", full)
        assert "There is no room for the document" in send(client, path, **typed).text

    def fails(*_given: object, **_more: object) -> bytes:
        raise NotTypeset("main.typ:1:1")

    with monkeypatch.context() as broken:
        broken.setattr("casework.typesetting.pdf", fails)
        assert "could not be made, so nothing was saved" in send(client, path, **typed).text
    assert served(app) == []
    with app.app_context():
        assert db.session.query(Document).count() == 0


def test_a_draft_with_a_protected_address_in_it_is_not_served(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        case = a_written_case()
        contact = Contact(
            person_id=case.person_id,
            name="Amal Invented",
            relationship_to_child="mother",
            address="14 Quokka Crescent",
            address_is_protected=True,
        )
        db.session.add(contact)
        make_section(case, Section(key="K", words="Lives at 14 Quokka Crescent now"))
        public_id = case.public_id
    typed = {"what": "here", "route": "email", "sent_on": "t"}
    answer = send(client, f"/cases/{public_id}/drafts/serve", **typed)
    assert answer.status_code == 422
    assert "contact details that are protected" in answer.text
    assert "Look at section K" in answer.text
    assert served(app) == []


def test_a_preview_is_marked_kept_nowhere_and_told_to_the_audit_trail(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():
        public_id = a_written_case().public_id
    made = client.get(f"/cases/{public_id}/drafts/preview/pdf")
    assert "PREVIEW" in PdfReader(BytesIO(made.data)).pages[0].extract_text()
    assert client.get(f"/cases/{public_id}/drafts/preview/word").data.startswith(b"PK")
    assert client.get(f"/cases/{public_id}/drafts/preview/rtf").status_code == 404
    with app.app_context():
        assert db.session.query(Document).count() == 0
        assert db.session.query(AuditEntry).filter_by(action="previewed plan").count() == 2
    empty = client.get(f"/cases/{a_case(app)}/drafts/preview/pdf", follow_redirects=True)
    assert "Nothing of the plan is written here yet" in empty.text


def test_a_twins_name_in_the_plan_is_asked_about_before_it_is_served(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():
        case = a_written_case()
        make_case(person={"forenames": "Ottoline", "surname": "Invented"})
        make_section(case, Section(key="K", words="A letter about Ottoline Invented"))
        public_id = case.public_id
    page = client.get(f"/cases/{public_id}/drafts/serve").text
    assert "Is this another child? Section K: “Ottoline Invented”" in page


def happen(app: Flask, place: str, event: NewEvent) -> None:
    """Log one more event on the case of a page."""
    with app.app_context():
        public_id = place.split("/")[2]
        log(db.session.query(Case).filter_by(public_id=public_id).one(), event)


def an_assessed_case(app: Flask) -> str:
    """Return the address of a case whose 20 weeks end on 4 January 2027."""
    with app.app_context():
        case = make_case(date(2026, 8, 17))
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 9, 28)))
        return f"/cases/{case.public_id}"


def test_the_page_of_a_case_says_the_last_safe_days_until_the_final_plan(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), an_assessed_case(app)
    assert "The weeks left" not in client.get(place).text
    happen(app, place, NewEvent(kind="decided_to_issue", on=date(2026, 11, 23)))
    page = client.get(place).text
    assert "The weeks left" in page
    assert "by 4 December 2026" in page, "the draft: thirty days before is a Saturday"
    assert "Last safe day 5 December 2026" in page
    assert "by 18 December 2026" in page, "asking the settings: fifteen days before is a Sunday"


def test_a_setting_let_off_is_no_longer_one_that_was_asked_in_time(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), an_assessed_case(app)
    with app.app_context():
        case = db.session.query(Case).one()
        asked = {"consultation_id": make_consultation(case, make_setting()).id}
    happen(app, place, NewEvent(kind="consultation_sent", on=date(2026, 11, 20), **asked))
    assert "Ask the settings that the plan may name" not in client.get(f"{place}/drafts").text
    happen(app, place, NewEvent(kind="consultation_withdrawn", on=date(2026, 11, 23), **asked))
    assert "Ask the settings that the plan may name" in client.get(f"{place}/drafts").text


def test_a_day_of_service_put_right_is_told_where_the_documents_say_another(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():
        public_id = a_written_case().public_id
    place = f"/cases/{public_id}"
    send(client, f"{place}/drafts/serve", what="here", route="by-hand", sent_on="t")
    assert "was put right after this draft was made" not in client.get(f"{place}/drafts").text
    with app.app_context():
        old = db.session.query(CaseEvent.id).filter_by(kind="draft_served").scalar()
    put_right = NewEvent(kind="draft_served", on=date(2026, 11, 20), corrects_id=old)
    happen(app, place, put_right)
    page = client.get(f"{place}/drafts").text
    assert "was put right after this draft was made" in page
    assert "give the family 7 December 2026" in page
    assert "Tell the family that it is 4 December 2026" in page
