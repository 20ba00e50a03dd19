"""Letters: written, checked and issued in two steps, from one case and to its family alone."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from casework.config import Settings
from casework.documents.store import LocalFolder, StoreFull
from casework.extensions import db
from casework.models import (
    AuditEntry,
    Case,
    CaseEvent,
    Consultation,
    Contact,
    Document,
    ExceptionStep,
    Letter,
    LetterTemplate,
    Setting,
)
from casework.services import consultations, exceptions
from casework.services.audit_trail import COMMAND_LINE, Actor
from casework.services.consultations import Chosen
from casework.services.events import NewEvent
from tests.factories import TODAY, decide_alone, event_id, log, make_case, make_user
from tests.fixtures.people import SignIn
from tests.fixtures.statements import counted

DECIDED = date(2026, 10, 12)


def a_case(app: Flask, *kinds: str, **details: Any) -> str:
    """Return a case whose child has a mother and a father, with events logged on one day."""
    with app.app_context():
        case = make_case(**details)
        for kind in kinds:
            log(case, NewEvent(kind=kind, on=DECIDED))
        add_contact(case.person_id, "Amal Invented", "Mother", address="1 Elm Road\nAnytown")
        add_contact(case.person_id, "Bo Invented", "Father", address="2 Oak Road\nAnytown")
        return case.public_id


def add_contact(person_id: int, name: str, what: str, **details: Any) -> None:
    given = {"has_parental_responsibility": True} | details
    db.session.add(Contact(person_id=person_id, name=name, relationship_to_child=what, **given))
    db.session.commit()


def boxes(page: TestResponse) -> dict[str, Any]:
    """Return what a browser would send of the page’s form, its ticked boxes among it."""
    form = page.text.split('<form method="post"')[-1].split("</form>")[0]
    sent: dict[str, Any] = {}
    for box in re.findall(r"<input[^>]*>", form):
        named = dict(re.findall(r'([a-z]+)="([^"]*)"', box))
        if named.get("type") == "checkbox" and " checked" not in box:
            continue
        sent.setdefault(named["name"], []).append(unescape(named.get("value", "")))
    for name, words in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<', form):
        sent[name] = [unescape(words)]
    return sent


def check(client: FlaskClient, case: str, kind: str, **typed: Any) -> TestResponse:
    """Return the check screen of a letter."""
    path = f"/cases/{case}/letters/{kind}"
    page = client.get(path)
    assert page.status_code == 200, page.text
    return client.post(path, data=boxes(page) | typed)


def issue(client: FlaskClient, case: str, kind: str, **typed: Any) -> TestResponse:
    """Return the answer to a letter that was checked and is issued as it stands."""
    screen = check(client, case, kind, **typed)
    assert screen.status_code == 200, screen.text
    return client.post(f"/cases/{case}/letters/{kind}", data=boxes(screen))


def documents_of(app: Flask) -> list[Any]:
    """Return each letter's document, opened as Word would."""
    with app.app_context():
        rows = db.session.query(Document).filter_by(kind="letter").order_by(Document.id).all()
        folder = LocalFolder(Path(app.instance_path) / "documents")
        return [Word(BytesIO(folder.read(row.stored_as, row.sha256))) for row in rows]


def words_of(document: Any) -> str:
    return "\n".join(p.text for p in document.paragraphs)


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return [row.kind for row in db.session.query(CaseEvent).order_by(CaseEvent.id)]


def test_a_refusal_goes_to_each_parent_with_all_that_the_law_asks(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app, "decided_not_to_assess")
    screen = check(client, case, "will_not_assess", reasons="Needs are met.\nThe school says so.")
    assert "25 January 2027" in screen.text, "two months, past a weekend, for the tribunal"
    assert "23 January 2027" in screen.text, "two months for the mediation adviser"
    assert "SEND Regulations 2014, reg 5(3)" in screen.text
    answer = client.post(f"/cases/{case}/letters/will_not_assess", data=boxes(screen))
    assert answer.status_code == 303
    assert kinds(app)[-1] == "told_will_not_assess"
    one, other = documents_of(app)
    for words in (words_of(one), words_of(other)):
        for said in (
            "right to appeal",
            "within two months",
            "right to mediation",
            "resolution",
            "Anyshire SENDIASS",
            "The school says so.",
        ):
            assert said in words
    assert "1 Elm Road" in words_of(one)
    assert "2 Oak Road" not in words_of(one)
    assert "EHC-000001 · II, born 2018" in one.sections[0].header.paragraphs[0].text
    page = client.get(f"/cases/{case}/letters").text
    assert "Amal Invented" in page
    assert "Bo Invented" in page


def test_the_letter_its_event_and_its_file_are_one(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    assert issue(client, case, "considering").status_code == 303
    with app.app_context():
        letters = db.session.query(Letter).order_by(Letter.id).all()
        event = db.session.query(CaseEvent).filter_by(kind="considering_notified").one()
        assert [letter.event_id for letter in letters] == [event.id, event.id]
        assert [letter.recipients[0].words for letter in letters] == [
            "Amal Invented",
            "Bo Invented",
        ]
        assert letters[0].document.kind == "letter"
        assert db.session.query(AuditEntry).filter_by(action="issued letter").count() == 2
    client.get(f"/cases/{case}/documents/{_first_document(app)}/file").close()


def _first_document(app: Flask) -> str:
    with app.app_context():
        return db.session.query(Document).order_by(Document.id).first().public_id


def test_a_decision_comes_before_the_letter_that_tells_of_it(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    page = client.get(f"/cases/{case}/letters/will_not_assess")
    assert "where this letter is not sent" in page.text
    assert "Check the letter" not in page.text
    assert client.get(f"/cases/{case}/letters/nonsense").status_code == 404


def test_without_reasons_there_is_no_refusal(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app, "decided_not_to_assess")
    answer = check(client, case, "will_not_assess", reasons="", more="Kept words")
    assert answer.status_code == 422
    assert "Enter the reasons, in words for the family" in answer.text
    assert "Kept words" in answer.text


def test_the_reasons_recorded_with_the_decision_are_there_already(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        case = make_case()
        decide_alone(case, "not_assess", reasons="The reports show steady progress.")
        public_id = case.public_id
    page = sign_in().get(f"/cases/{public_id}/letters/will_not_assess")
    assert "The reports show steady progress." in page.text


def test_a_letter_is_issued_once_however_often_it_is_sent(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    sent = boxes(check(client, case, "considering"))
    for _ in range(2):
        assert client.post(f"/cases/{case}/letters/considering", data=sent).status_code == 303
    with app.app_context():
        assert db.session.query(Letter).count() == 2, "one for each parent"
        assert db.session.query(Document).count() == 2


def test_a_form_of_one_twin_is_refused_on_the_other(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    one, other = (a_case(app, person={"forenames": name}) for name in ("Ida", "Eda"))
    path = f"/cases/{other}/letters/considering"
    for page in (
        client.get(f"/cases/{one}/letters/considering"),
        check(client, one, "considering"),
    ):
        for said in ({}, {"of_case": other}):  # whatever the form says, its token knows
            answer = client.post(path, data=boxes(page) | said)
            assert answer.status_code == 409
            assert "another case’s" in answer.text
            assert "Ida" not in answer.text
    with app.app_context():
        assert db.session.query(Letter).count() == 0
    assert "considering_notified" not in kinds(app)


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_a_token_of_ours_is_refused(app: Flask, sign_in: SignIn, token: str) -> None:
    client, case = sign_in(), a_case(app)
    sent = boxes(check(client, case, "considering")) | {"token": token}
    assert client.post(f"/cases/{case}/letters/considering", data=sent).status_code == 409


def test_what_changed_since_the_check_is_shown_again_and_nothing_is_issued(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    path = f"/cases/{case}/letters/considering"
    sent = boxes(check(client, case, "considering"))
    with app.app_context():
        contact = db.session.query(Contact).order_by(Contact.id).first()
        contact.address = "9 New Street\nElsewhere"
        db.session.commit()
    moved = client.post(path, data=sent)
    assert moved.status_code == 409
    assert "What this letter says was changed" in moved.text
    assert "9 New Street" in moved.text
    sent = boxes(moved)
    with app.app_context():
        log(db.session.query(Case).one(), NewEvent(kind="holding_letter_sent", on=DECIDED))
    changed = client.post(path, data=sent)
    assert changed.status_code == 409
    assert "The case was changed since you checked" in changed.text
    sent = boxes(changed)
    with app.app_context():
        held = db.session.query(LetterTemplate).filter_by(kind="considering").one()
        copied = {"content": held.content, "sha256": held.sha256, "made_at": held.made_at}
        db.session.add(LetterTemplate(kind="considering", version=2, note="x", **copied))
        db.session.commit()
    again = client.post(path, data=sent)
    assert again.status_code == 409
    assert "Another version of this letter’s template" in again.text
    with app.app_context():
        assert db.session.query(Letter).count() == 0
        assert db.session.query(Document).count() == 0
    assert client.post(path, data=boxes(again)).status_code == 303


def test_a_full_store_leaves_nothing_half_issued(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, case = sign_in(), a_case(app)
    sent = boxes(check(client, case, "considering"))
    put, calls = LocalFolder.put, []

    def full_at_the_second(self: LocalFolder, content: bytes) -> str:
        calls.append(content)
        if len(calls) == 2:
            raise StoreFull
        return put(self, content)

    monkeypatch.setattr(LocalFolder, "put", full_at_the_second)
    answer = client.post(f"/cases/{case}/letters/considering", data=sent)
    assert answer.status_code == 422
    assert "There is no room for the document" in answer.text
    with app.app_context():
        assert db.session.query(Letter).count() == db.session.query(Document).count() == 0
    assert "considering_notified" not in kinds(app)
    assert [f for f in Path(app.instance_path, "documents").rglob("*") if f.is_file()] == []


@pytest.mark.embedded
def test_a_letter_that_cannot_be_recorded_is_not_issued(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    sent = boxes(check(client, case, "considering"))
    with app.app_context():
        db.session.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'x'); END"
            )
        )
        db.session.commit()
    assert client.post(f"/cases/{case}/letters/considering", data=sent).status_code == 503
    with app.app_context():
        assert db.session.query(Letter).count() == db.session.query(Document).count() == 0
    assert "considering_notified" not in kinds(app)
    assert [f for f in Path(app.instance_path, "documents").rglob("*") if f.is_file()] == []


def test_a_protected_address_is_in_no_letter_and_care_is_confirmed(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    with app.app_context():
        contact = db.session.query(Contact).order_by(Contact.id).first()
        contact.address_is_protected = True
        db.session.commit()
    screen = check(client, case, "considering")
    assert "Address protected" in screen.text
    assert "1 Elm Road" not in screen.text
    path = f"/cases/{case}/letters/considering"
    refused = client.post(path, data=boxes(screen))
    assert refused.status_code == 422
    assert "Tick that you have checked" in refused.text
    assert client.post(path, data=boxes(screen) | {"is_safe": "y"}).status_code == 303
    assert documents_of(app)
    assert all("1 Elm Road" not in words_of(document) for document in documents_of(app))


def test_an_address_that_gives_a_protected_one_away_is_not_printed_either(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    with app.app_context():
        mother, father = db.session.query(Contact).order_by(Contact.id)
        mother.address_is_protected = True
        father.address = mother.address
        db.session.commit()
    sent = boxes(check(client, case, "considering")) | {"is_safe": "y"}
    refused = client.post(f"/cases/{case}/letters/considering", data=sent)
    assert refused.status_code == 422
    assert "The letter to Bo Invented holds a detail" in refused.text
    typed = check(client, case, "considering", more="They live in Elm Road, number 1 Elm Road")
    assert typed.status_code == 422
    assert "Take out every address" in typed.text
    with app.app_context():
        assert db.session.query(Letter).count() == 0


def test_a_young_person_is_written_to_and_a_parent_only_if_ticked(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app, person={"date_of_birth": date(2008, 5, 4)})
    screen = check(client, case, "considering")
    assert boxes(screen)["to"] == ["self"]
    client.post(f"/cases/{case}/letters/considering", data=boxes(screen))
    (document,) = documents_of(app)
    assert "whether you may need" in words_of(document)


def test_nobody_to_write_to_is_said_and_so_is_nobody_ticked(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        alone = make_case().public_id
    answer = check(client, alone, "considering")
    assert answer.status_code == 422
    assert "Nobody with parental responsibility is recorded" in answer.text
    case = a_case(app)
    sent = boxes(check(client, case, "considering")) | {"to": []}
    refused = client.post(f"/cases/{case}/letters/considering", data=sent)
    assert refused.status_code == 422
    assert "Tick who the letter is issued to" in refused.text


def test_change_it_comes_back_to_what_was_typed(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    sent = boxes(check(client, case, "considering", more="Please ring us")) | {"change": "yes"}
    page = client.post(f"/cases/{case}/letters/considering", data=sent)
    assert page.status_code == 200
    assert "Please ring us" in page.text
    assert "Check the letter" in page.text


def test_a_holding_letter_says_which_limit_and_by_when(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app, "told_will_assess")
    page = client.get(f"/cases/{case}/letters/holding").text
    limit = re.search(r'<option value="([^"]+final_20w)"', page)[1]
    typed = {"limit": limit, "expected_on": "1/3/2027", "reasons": "Advice came late."}
    assert issue(client, case, "holding", **typed).status_code == 303
    words = words_of(documents_of(app)[0])
    assert "Monday 25 January 2027" in words
    assert "Monday 1 March 2027" in words
    assert kinds(app)[-1] == "holding_letter_sent"


def test_a_draft_letter_gives_the_days_of_the_draft_that_was_served(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app, "told_will_assess", "decided_to_issue")
    with app.app_context():
        served = NewEvent(kind="draft_served", on=date(2026, 11, 23))
        log(db.session.query(Case).one(), served)
    assert issue(client, case, "draft").status_code == 303
    words = words_of(documents_of(app)[0])
    assert "The last day for comments is Monday 7 December 2026" in words
    assert "ask for a meeting" in words
    assert kinds(app).count("draft_served") == 1


def test_an_adviser_who_was_asked_gets_a_letter_and_others_none(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app, "told_will_assess")
    assert "Ask for advice first" in client.get(f"/cases/{case}/letters/health_request").text
    with app.app_context():
        found = db.session.query(Case).one()
        for service in ("camhs", "social_care"):
            log(found, NewEvent(kind="advice_requested", on=DECIDED, service=service, asks="Sleep"))
    assert issue(client, case, "health_request").status_code == 303
    with app.app_context():
        (letter,) = db.session.query(Letter).all()
        assert letter.recipients[0].adviser.service == "camhs"
    assert "Sleep" in words_of(documents_of(app)[0])


def test_words_that_look_like_a_template_stay_words(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    odd = "{{ authority }} {% if x %} & <w:t> “yes”"
    assert issue(client, case, "considering", more=odd).status_code == 303
    assert odd in words_of(documents_of(app)[0])


def test_the_pages_take_no_more_statements_for_more_letters(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app)
    with counted(app) as before:
        assert client.get(f"/cases/{case}/letters").status_code == 200
    issue(client, case, "considering")
    with counted(app) as after:
        assert client.get(f"/cases/{case}/letters").status_code == 200
    assert len(after) <= len(before) + 1, "the recipients, of all letters together"


def chosen_settings(app: Flask, *names: str, wish: str = "") -> None:
    """Choose settings to be consulted on the only case; the family asked for `wish`."""
    with app.app_context():
        case = db.session.query(Case).one()
        for name in names:
            held = Setting(name=name, name_key=name.lower(), kind="special", address="1 School Way")
            db.session.add(held)
            db.session.commit()
            db.session.refresh(case)
            at = {"actor": COMMAND_LINE, "case_id": case.id, "today": TODAY}
            one = Chosen(setting_id=held.id, is_family_request=name == wish)
            if name == wish:
                consultations.request_setting(
                    **at, version=case.version, on=TODAY, setting=one, is_listed=True, words=""
                )
                db.session.refresh(case)
            consultations.choose(**at, version=case.version, chosen=[one])


def test_each_setting_gets_a_letter_of_its_own_and_its_fifteen_days_begin(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app, "told_will_assess", "decided_to_issue")
    assert "No setting is chosen" in client.get(f"/cases/{case}/letters/consultation").text
    chosen_settings(app, "Ash School", "Elm School", "Oak School", wish="Elm School")
    page = client.get(f"/cases/{case}/letters/consultation")
    about = boxes(page)["about"]
    assert len(about) == 3
    with app.app_context():
        ash = db.session.query(Setting).filter_by(name="Ash School").one().id
        keys = {c.setting_id: c.public_id for c in db.session.query(Consultation)}
    about.remove(keys[ash])
    screen = check(client, case, "consultation", about=about)
    assert "a copy of it goes with the consultation" in screen.text
    assert "Ash School" not in screen.text
    answer = client.post(f"/cases/{case}/letters/consultation", data=boxes(screen))
    assert answer.status_code == 303
    wish, other = map(words_of, documents_of(app))
    assert "We must name you unless" in wish
    assert "We must name you unless" not in other
    assert "1 School Way" in wish
    with app.app_context():
        events = db.session.query(CaseEvent).filter_by(kind="consultation_sent").all()
        assert {event.consultation_id for event in events} == {
            letter.event_id and db.session.get(CaseEvent, letter.event_id).consultation_id
            for letter in db.session.query(Letter)
        }
        assert len(events) == 2


def test_the_family_is_told_of_an_approved_exception_by_letter(app: Flask, sign_in: SignIn) -> None:
    client, case = sign_in(), a_case(app, "told_will_assess")
    path = f"/cases/{case}/letters/exception"
    with app.app_context():
        found = db.session.query(Case).one()
        particulars = exceptions.Particulars(
            regulation="13(3)", ground="X3", reason="The family was bereaved"
        )
        at = {"actor": COMMAND_LINE, "today": TODAY, "case_id": found.id}
        exceptions.propose(**at, version=found.version, proposals=[particulars])
        db.session.refresh(found)
        proposal, version = event_id(found, "exception_proposed"), found.version
    assert "Check the letter" not in client.get(path).text, "nobody has approved it"
    with app.app_context():
        manager = Actor(make_user("manager").id, "web")
        at = {"actor": manager, "today": TODAY, "case_id": found.id}
        exceptions.approve(**at, version=version, proposal_id=proposal)
    assert issue(client, case, "exception", reasons="You told us of your loss.").status_code == 303
    words = words_of(documents_of(app)[0])
    assert "send the final plan, by Monday 25 January 2027" in words
    assert "exceptional personal circumstances" in words
    assert "SEND Regulations 2014, reg 13(3)" in words
    assert "You told us of your loss." in words
    with app.app_context():
        step = db.session.query(ExceptionStep).filter_by(words="You told us of your loss.").one()
        assert step.proposal_id == proposal
        assert db.session.get(CaseEvent, step.event_id).kind == "exception_told"
    assert "has not been told of" in client.get(path).text, "told once"


class TestOfAnAuthorityThatHasSetNothing:
    """In production nothing is said of a service that nobody has named."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, mediation_adviser="", letter_address="")

    def test_no_letter_leaves_out_what_is_not_set(self, app: Flask, sign_in: SignIn) -> None:
        client, case = sign_in(), a_case(app, "decided_not_to_assess")
        page = client.get(f"/cases/{case}/letters/will_not_assess").text
        assert "CASEWORK_LETTER_ADDRESS, CASEWORK_MEDIATION_ADVISER" in page
        assert "Check the letter" not in page


def test_a_letter_issued_before_its_address_was_protected_is_for_those_who_may_see_that(
    app: Flask, sign_in: SignIn
) -> None:
    client, case = sign_in(), a_case(app)
    assert issue(client, case, "considering").status_code == 303
    with app.app_context():
        rows = db.session.query(Document.public_id).filter_by(kind="letter").order_by(Document.id)
        to_mother, to_father = (
            f"/cases/{case}/documents/{public_id}/file" for (public_id,) in rows
        )
    assert client.get(to_mother).status_code == 200
    with app.app_context():
        mother = db.session.query(Contact).filter_by(name="Amal Invented").one()
        mother.address_is_protected = True
        db.session.commit()
    assert client.get(to_mother).status_code == 303
    assert "was protected after it was issued" in client.get(f"/cases/{case}/documents").text
    assert client.get(to_father).status_code == 200
    assert sign_in("manager").get(to_mother).status_code == 200
