"""Who was told what: each change of stage, its texts, one press for several, and taken back."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework.access import EVERY_CASE
from casework.extensions import db
from casework.models import AuditEntry, Case, Contact, Informed, LetterRecipient
from casework.queries import cases, informing, informing_items
from casework.services.events import NewEvent
from tests.factories import TODAY, add_document, event_id, log, make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.plans import make_letter, make_setting
from tests.fixtures.services import the_service
from tests.fixtures.statements import counted

ISSUED = date(2026, 11, 16)
EVERYONE = ["setting", "health_body", "social_care"]


@pytest.fixture
def case(app: Flask) -> str:
    """Give a case where it was decided on 16 November to issue a plan, and CAMHS was asked."""
    with app.app_context():
        the_service("camhs")
        made = make_case(date(2026, 9, 7), setting_id=make_setting("Elm School").id)
        log(made, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        log(made, NewEvent(kind="advice_requested", on=date(2026, 10, 13), service="camhs"))
        log(made, NewEvent(kind="decided_to_issue", on=ISSUED))
        return made.public_id


def one(case: str) -> Case:
    return db.session.query(Case).filter_by(public_id=case).one()


def adviser_of(app: Flask, case: str) -> str:
    with app.app_context():
        return f"adviser:{db.session.execute(db.text('SELECT id FROM adviser')).scalar()}"


def tell(client: FlaskClient, case: str, *told: str, **more: str) -> TestResponse:
    path = f"/cases/{case}/informing"
    typed = {"on": "t", "how": "email", "csrf_token": token_in(client.get(path))} | more
    ticked = [("told", party if "/" in party else f"drafting/{party}") for party in told]
    return client.post(path, data=MultiDict([*typed.items(), *ticked]))


def rows(app: Flask) -> list[tuple[str, date, str]]:
    with app.app_context():
        found = db.session.query(Informed.party, Informed.told_on, Informed.how)
        return [tuple(row) for row in found.order_by(Informed.id)]


def test_each_change_says_who_is_told_what_and_by_when(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    page = sign_in().get(f"/cases/{case}/informing").text
    assert page.index("Writing the draft plan") < page.index("Assessing") < page.index("received")
    assert "Still to be told: 5, by 23 November 2026" in page
    assert "Elm School" in page
    assert "This is about EHC-" in page
    assert "we will make an education, health and care plan for Ida" in page
    assert "25 January 2027" in page
    assert "no law sets" in page
    assert page.count("By this step itself") == 1, "the family was told that we will assess"


def test_several_are_recorded_in_one_press_and_the_case_counts_down(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    assert "Still to be told: 5" in client.get(f"/cases/{case}").text
    answer = tell(client, case, "family", *EVERYONE, on="20/11/2026", note="With thanks")
    assert answer.status_code == 303
    day = date(2026, 11, 20)
    assert rows(app) == [(party, day, "email") for party in ("family", *EVERYONE)]
    page = client.get(f"/cases/{case}/informing").text
    assert "Saved: 4 told." in page
    assert "told 20 November 2026. Email, recorded by Ada Example" in page
    assert "With thanks" in page
    assert "Still to be told: 1" in client.get(f"/cases/{case}").text
    assert tell(client, case, adviser_of(app, case)).status_code == 303
    page = client.get(f"/cases/{case}").text
    assert "Still to be told" not in page
    assert "Who was told what" in page


def test_two_changes_go_in_one_press_and_what_is_sent_twice_is_kept_once(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    both = ("assessing/setting", "drafting/setting")
    for _ in range(2):
        assert tell(client, case, *both).status_code == 303
    assert len(rows(app)) == 2
    with app.app_context():
        acts = db.session.query(AuditEntry).filter_by(action="recorded who was told")
        assert acts.count() == 2


@pytest.mark.parametrize(
    ("told", "more", "words"),
    [
        ((), {}, "Tick who was told"),
        (("setting",), {"on": ""}, "Enter the day on which they were told"),
        (("setting",), {"on": "24/11/2026"}, "must be today or in the past"),
        (("setting",), {"on": "15/11/2026"}, "Nobody was told before it happened"),
        (("setting",), {"how": ""}, "Choose how they were told"),
        (("somebody",), {}, "Choose answers from the list"),
        (("final/setting",), {}, "Choose answers from the list"),
        (("adviser:99",), {}, "Choose answers from the list"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    app: Flask,
    sign_in: SignIn,
    case: str,
    told: tuple[str, ...],
    more: dict[str, str],
    words: str,
) -> None:
    answer = tell(sign_in(), case, *told, note="Kept", **more)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept" in answer.text
    assert rows(app) == []


def test_an_entry_by_mistake_is_taken_back_once_and_owed_again(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    tell(client, case, "setting")
    with app.app_context():
        key = db.session.query(Informed.public_id).scalar()
        other = make_case(date(2026, 9, 14)).public_id
    token = {"csrf_token": token_in(client.get(f"/cases/{case}/informing"))}
    wrong = client.post(f"/cases/{other}/informing/{key}/take-back", data=token)
    assert wrong.status_code == 404, "of another case"
    for _ in range(2):
        path = f"/cases/{case}/informing/{key}/take-back"
        assert client.post(path, data=token).status_code == 303
    assert len(rows(app)) == 2, "both rows stay"
    assert "Still to be told: 5" in client.get(f"/cases/{case}").text
    tell(client, case, "setting")
    assert "Still to be told: 4" in client.get(f"/cases/{case}").text


def test_what_was_told_of_an_entry_that_is_put_right_counts(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    tell(client, case, "setting", "health_body")
    with app.app_context():
        made = one(case)
        old = event_id(made, "decided_to_issue")
        log(made, NewEvent(kind="decided_to_issue", on=date(2026, 11, 17), corrects_id=old))
    assert "Still to be told: 3, by 24 November 2026" in client.get(f"/cases/{case}/informing").text


def test_what_was_told_of_a_struck_out_entry_is_owed_again(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    tell(client, case, "setting")
    with app.app_context():
        made = one(case)
        old = event_id(made, "decided_to_issue")
        log(made, NewEvent(kind="struck_out", on=TODAY, note="Twin", corrects_id=old))
        log(made, NewEvent(kind="decided_to_issue", on=TODAY))
    assert "Still to be told: 5" in client.get(f"/cases/{case}").text


def test_a_letter_to_the_family_that_noted_the_change_tells_it(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    with app.app_context():
        made = one(case)
        contact = Contact(person_id=made.person_id, name="Ama", relationship_to_child="mother")
        db.session.add(contact)
        db.session.flush()
        to = LetterRecipient(place=1, contact_id=contact.id, words="Ama")
        noted = {"event_id": event_id(made, "decided_to_issue"), "recipients": [to]}
        make_letter(made, add_document(made, kind="letter"), **noted)
    client = sign_in()
    assert (
        "told 16 November 2026. Letter issued here" in client.get(f"/cases/{case}/informing").text
    )
    assert "Still to be told: 4" in client.get(f"/cases/{case}").text
    tell(client, case, *EVERYONE, adviser_of(app, case))
    with app.app_context():
        assert informing_items.to_be_told(EVERY_CASE, TODAY, limit=9) == []


def test_a_draft_in_the_post_is_told_of_from_its_posting(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    with app.app_context():
        ahead = NewEvent(kind="draft_served", on=date(2026, 11, 25), is_deemed=True)
        log(one(case), ahead)
    page = client.get(f"/cases/{case}").text
    assert "Counts from</dt><dd>25 November 2026" in page
    assert "Still to be told: 4" in page, "the draft itself tells the family"
    assert tell(client, case, "draft_out/setting").status_code == 303


def test_the_earlier_changes_are_owed_no_more_and_can_still_be_recorded(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    page = client.get(f"/cases/{case}/informing").text
    assert "3 not told, and a later change came since" in page
    assert tell(client, case, "assessing/setting", on="14/10/2026").status_code == 303


def test_the_list_across_cases_has_the_oldest_first_and_takes_few_statements(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    with app.app_context():
        older = make_case(date(2026, 11, 2)).reference
        make_case(date(2026, 6, 1))
        reference = one(case).reference
    client.get("/to-be-told")
    with counted(app) as few:
        page = client.get("/to-be-told").text
    assert page.index(older) < page.index(reference)
    assert page.count("EHC-") == 2, "what nobody was told for 12 weeks is left out"
    assert "9 November 2026, which is past" in page
    with app.app_context():
        for day in range(3, 10):
            make_case(date(2026, 11, day))
    with counted(app) as many:
        client.get("/to-be-told")
    assert len(many) == len(few)
    tell(client, case, "family", *EVERYONE, adviser_of(app, case))
    assert reference not in client.get("/to-be-told").text


def test_the_list_and_the_cases_agree(app: Flask, sign_in: SignIn, case: str) -> None:
    tell(sign_in(), case, "family", *EVERYONE)
    with app.app_context():
        listed = informing_items.to_be_told(EVERY_CASE, TODAY, limit=9)
        view = cases.view(EVERY_CASE, case, today=TODAY, soon_within=10)
        assert view is not None
        assert [line.public_id for line in listed] == [case]
        assert informing.still_to_tell(view) == 1


def test_a_protected_detail_is_refused_in_the_note(app: Flask, sign_in: SignIn, case: str) -> None:
    with app.app_context():
        hidden = {"address": "7 Hidden Lane, ZZ9 9ZZ", "address_is_protected": True}
        who = {"name": "Ama", "relationship_to_child": "mother"}
        db.session.add(Contact(person_id=one(case).person_id, **who, **hidden))
        db.session.commit()
    answer = tell(sign_in(), case, "setting", note="Told at 7 Hidden Lane, ZZ9 9ZZ")
    assert answer.status_code == 422
    assert rows(app) == []
