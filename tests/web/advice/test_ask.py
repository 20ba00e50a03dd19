"""Asking for advice on a page: the list that the law requires, asked in one press.

Every child, service and person is invented.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework import clock
from casework.extensions import db
from casework.models import AdviceReuse, Adviser, Case, CaseEvent, Message, Setting
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn
from tests.fixtures.services import make_service

pytestmark = pytest.mark.embedded

AGREED = NewEvent(kind="told_will_assess", on=date(2026, 10, 12))
REQUIRED = ["community_paediatrics", "educational_psychology", "family", "school", "social_care"]


@pytest.fixture
def case(app: Flask) -> str:
    """Give a case of a child of eight at a school, in which an assessment is agreed."""
    with app.app_context():
        school = Setting(name="Invented Primary School", name_key="invented")
        db.session.add(school)
        db.session.flush()
        person = {"forenames": "José", "surname": "O’Brien"}
        made = make_case(person=person, setting_id=school.id)
        log(made, AGREED)
        for kind in ("community_paediatrics", "educational_psychology", "social_care", "camhs"):
            make_service(kind)
        return made.public_id


@pytest.fixture
def happen(app: Flask, case: str) -> Callable[..., None]:
    """Give a function that logs events on the case from the command line."""

    def happen(*events: NewEvent) -> None:
        with app.app_context():
            log(db.session.query(Case).filter_by(public_id=case).one(), *events)

    return happen


def path(case: str) -> str:
    return f"/cases/{case}/advice/ask"


def asked(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(Adviser.service)))


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def words_of(answer: TestResponse) -> str:
    return " ".join(re.sub("<[^>]+>", " ", answer.text).split())


def ticked(answer: TestResponse) -> list[str]:
    return sorted(name[4:] for name, held in boxes(answer).items() if name.startswith("ask_"))


def test_the_list_is_ticked_as_the_law_requires_and_one_press_asks_all(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    page = client.get(path(case))
    assert ticked(page) == REQUIRED
    for words in ("(a) The family", "reg 6(1)(c)", "Required: for every child"):
        assert words in words_of(page)
    answer = send_again(client, page, path(case), asks="How he hears in class")
    assert (answer.status_code, answer.location) == (303, f"/cases/{case}/advice")
    assert asked(app) == REQUIRED
    assert count(app, Message) == 3
    with app.app_context():
        assert set(db.session.scalars(select(Adviser.asks))) == {"How he hears in class"}
        assert set(db.session.scalars(select(CaseEvent.happened_on)))
    told = words_of(client.get(answer.location))
    assert "Asked 5 for advice." in told
    assert "tell them yourself: The family’s own views, Invented Primary School." in told


def test_the_case_page_leads_to_it_and_so_does_its_old_address(sign_in: SignIn, case: str) -> None:
    client = sign_in()
    assert f'href="{path(case)}"' in client.get(f"/cases/{case}").text
    old = client.get(f"/cases/{case}/events/new?kind=advice_requested")
    assert (old.status_code, old.location) == (302, path(case))


def test_a_child_in_year_nine_or_with_an_impairment_gets_more_rows(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    with app.app_context():
        person = db.session.query(Case).one().person
        person.date_of_birth, person.has_vision_impairment = date(2012, 3, 1), True
        person.secondary_need = "HI"
        db.session.commit()
    page = sign_in().get(path(case))
    more = ["adulthood", "hearing_teacher", "vision_teacher"]
    assert ticked(page) == sorted([*REQUIRED, *more])
    assert "the child has a hearing impairment" in words_of(page)
    assert "from Year 9: the child is in Year 10 by age" in words_of(page)


def test_where_there_are_several_services_of_a_kind_one_is_chosen(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    with app.app_context():
        second = make_service("camhs", name="CAMHS of the next area").public_id
        make_service("camhs", name="CAMHS that closed", until_day=date(2026, 11, 1))
    client = sign_in()
    page = send_form(client, path(case), ask_camhs="y")
    assert page.status_code == 422
    assert "Choose which service: Child and adolescent mental health" in page.text
    assert "CAMHS that closed" not in page.text
    assert asked(app) == []
    assert send_again(client, page, path(case), service_camhs=second).status_code == 303
    with app.app_context():
        camhs = db.session.query(Adviser).filter_by(service="camhs").one()
        assert camhs.advice_service.public_id == second


def test_the_childs_own_school_is_asked_through_its_service_where_it_has_one(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    with app.app_context():
        of_another = Setting(name="Another School", name_key="another")
        db.session.add(of_another)
        db.session.flush()
        make_service("school", name="Office of Another School", setting_id=of_another.id)
        own = db.session.query(Case).one().setting_id
        make_service("school", name="Office of Invented Primary", setting_id=own)
    client = sign_in()
    page = client.get(path(case))
    assert "Office of Invented Primary" in page.text
    assert "Office of Another School" not in page.text
    send_again(client, page, path(case))
    with app.app_context():
        school = db.session.query(Adviser).filter_by(service="school").one()
        assert school.advice_service.name == "Office of Invented Primary"


def test_for_a_child_in_no_school_somebody_is_named(app: Flask, sign_in: SignIn, case: str) -> None:
    with app.app_context():
        db.session.query(Case).one().setting_id = None
        db.session.commit()
    client = sign_in()
    page = send_form(client, path(case))
    assert page.status_code == 422
    assert "Enter which school or setting, or who, is asked" in page.text
    assert "experience of teaching children" in page.text
    sent = send_again(client, page, path(case), name_school="Ms Tutor")
    assert sent.status_code == 303
    with app.app_context():
        assert db.session.query(Adviser).filter_by(service="school").one().name == "Ms Tutor"


def test_whoever_the_family_names_is_asked_and_told_by_the_officer(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    page = send_form(client, path(case), named_0="Dr Private")
    assert page.status_code == 422
    assert "Choose why they are asked" in page.text
    assert "Dr Private" in page.text
    nameless = send_form(client, path(case), named_as_1="other")
    assert "Enter who is to be asked" in nameless.text
    answer = send_again(client, page, path(case), named_as_0="family_choice")
    assert answer.status_code == 303
    assert asked(app) == sorted([*REQUIRED, "family_choice"])
    assert "Dr Private" in words_of(client.get(answer.location))


def test_what_is_asked_of_one_alone_reaches_that_one(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    more = {"more_social_care": "Is there a plan?"}
    send_form(sign_in(), path(case), asks="All of it", **more)
    with app.app_context():
        asks = {one.service: one.asks for one in db.session.query(Adviser)}
    assert asks["social_care"] == "All of it\n\nIs there a plan?"
    assert asks["school"] == "All of it"


def test_a_paragraph_left_out_takes_a_reason_and_is_no_wall(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    left = {"ask_educational_psychology": None, "ask_social_care": None}
    page = send_form(client, path(case), asks="Kept", **left)
    assert page.status_code == 422
    assert "Nobody is asked under (d) educational psychology, (e) social care" in page.text
    assert "Kept" in page.text
    assert asked(app) == []
    answer = send_again(client, page, path(case), why_not="When the report is in")
    assert answer.status_code == 303
    assert "When the report is in" in client.get(f"/cases/{case}").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"on": ""}, "Enter the day they are asked"),
        ({"on": "31/2/2026"}, "31"),
        ({"on": "24/11/2026"}, "must be today or in the past"),
        ({"on": "1/9/2026"}, "Request received"),
        ({"named_0": "x" * 201}, "200"),
        ({"named_0": "A", "named_as_0": "camhs"}, "Choose an answer from the list"),
        ({"asks": "x" * 4001}, "4,000"),
        ({"version": "99999999999999999999"}, "sent whole"),
        ({f"ask_{kind}": None for kind in REQUIRED}, "Tick who is to be asked"),
    ],
)
def test_what_will_not_do_is_refused_in_words_and_asks_nobody(
    app: Flask, sign_in: SignIn, case: str, typed: dict[str, Any], words: str
) -> None:
    answer = send_form(sign_in(), path(case), **typed, more_camhs="Typed before")
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    assert "Typed before" in answer.text
    assert (asked(app), count(app, Message)) == ([], 0)


def test_pressed_twice_it_asks_once(app: Flask, sign_in: SignIn, case: str) -> None:
    client = sign_in()
    page = client.get(path(case))
    answers = [send_again(client, page, path(case)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert asked(app) == REQUIRED
    assert count(app, Message) == 3


def test_two_people_named_one_after_another_are_not_taken_for_one_sent_twice(
    app: Flask, sign_in: SignIn, case: str, happen: Callable[..., None]
) -> None:
    client = sign_in()
    alone: dict[str, Any] = {f"ask_{kind}": None for kind in REQUIRED} | {"why_not": "Later"}
    page = client.get(path(case))
    for name, status in (("Dr First", 303), ("Dr Second", 409)):
        named = {"named_0": name, "named_as_0": "other"}
        assert send_again(client, page, path(case), **alone, **named).status_code == status
    assert asked(app) == ["other"]


def test_what_another_officer_did_meanwhile_is_shown_and_mine_is_kept(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    mine, theirs = sign_in("manager"), sign_in()
    page = mine.get(path(case))
    send_form(theirs, path(case), ask_camhs="y")
    answer = send_again(mine, page, path(case), asks="Mine")
    assert answer.status_code == 409
    assert "What they did" in answer.text
    hidden = re.findall(
        r'type="hidden" name="(\w+)" value="([^"]*)"', " ".join(answer.text.split())
    )
    again = mine.post(path(case), data=MultiDict(hidden))
    assert again.status_code == 422
    assert "was asked on 23 November 2026 and has not answered" in again.text
    assert "Mine" in again.text
    assert asked(app) == sorted([*REQUIRED, "camhs"])


def test_who_was_asked_is_shown_with_what_became_of_it_and_not_ticked(
    app: Flask, sign_in: SignIn, case: str, happen: Callable[..., None]
) -> None:
    client = sign_in()
    send_form(client, path(case), on="3/11/2026", ask_camhs="y")
    with app.app_context():
        camhs = db.session.query(Adviser).filter_by(service="camhs").one().id
    on = date(2026, 11, 10)
    happen(NewEvent(kind="advice_received", on=on, adviser_id=camhs, outcome="advice"))
    page = client.get(path(case))
    assert ticked(page) == []
    shown = words_of(page)
    assert "Social care team : asked on 3 November 2026, due 15 December 2026, not" in shown
    assert "asked on 3 November 2026, answered on 10 November 2026." in shown
    assert "To ask again is a new request, with six weeks of its own." in shown
    assert "Email to social.care.team@example.org: waiting to be sent." in shown
    twice = send_again(client, page, path(case), ask_social_care="y")
    assert twice.status_code == 422
    assert "Social care team was asked on 3 November 2026 and has not answered" in twice.text
    anew = send_again(client, page, path(case), ask_camhs="y")
    assert anew.status_code == 303
    assert asked(app).count("camhs") == 2


def test_before_it_is_agreed_the_page_warns_and_lets_it_happen(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        early = make_case().public_id
    client = sign_in()
    page = client.get(path(early))
    assert "Nobody has decided to assess yet" in page.text
    assert send_again(client, page, path(early), name_school="A school").status_code == 303
    assert asked(app) == REQUIRED


def test_once_the_assessment_has_ended_the_page_says_so_and_asks_nobody(
    app: Flask, sign_in: SignIn, case: str, happen: Callable[..., None]
) -> None:
    client = sign_in()
    page = client.get(path(case))
    happen(NewEvent(kind="withdrawn", on=date(2026, 11, 20)))
    closed = client.get(path(case))
    assert "nobody is asked for advice any more" in words_of(closed)
    assert "<form method" not in closed.text.split("<main", 1)[1].split("</main", 1)[0]
    with app.app_context():
        version = db.session.query(Case).one().version
    answer = send_again(client, page, path(case), version=str(version), asks="Typed before")
    assert answer.status_code == 422
    assert "The assessment has ended" in answer.text
    assert "Typed before" in answer.text
    assert asked(app) == []


def one_asked(app: Flask, client: FlaskClient, case: str) -> str:
    send_form(client, path(case))
    with app.app_context():
        adviser = db.session.query(Adviser).filter_by(service="social_care").one()
        return f"/cases/{case}/advice/{adviser.public_id}/withdraw"


def test_a_request_is_withdrawn_with_its_reason_once(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    place = one_asked(app, client, case)
    page = client.get(place)
    assert send_again(client, page, place).status_code == 422
    answers = [send_again(client, page, place, reason="The wrong team") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "The wrong team" in client.get(f"/cases/{case}").text
    assert "It was withdrawn on 23 November 2026" in client.get(place).text
    assert count(app, Message) == 4
    assert "social_care" in ticked(client.get(path(case)))


def test_what_was_answered_is_not_withdrawn(
    app: Flask, sign_in: SignIn, case: str, happen: Callable[..., None]
) -> None:
    client = sign_in()
    place = one_asked(app, client, case)
    page = client.get(place)
    with app.app_context():
        adviser = db.session.query(Adviser).filter_by(service="social_care").one().id
    today = clock.today()
    happen(NewEvent(kind="advice_received", on=today, adviser_id=adviser, outcome="advice"))
    assert send_again(client, page, place, reason="Too late").status_code == 409
    with app.app_context():
        version = str(db.session.query(Case).one().version)
    answer = send_again(client, page, place, reason="Too late", version=version)
    assert answer.status_code == 422
    assert "there is nothing to withdraw" in answer.text
    assert "Too late" in answer.text
    assert client.get(place).status_code == 200
    nobodys = place.replace("/withdraw", "x/withdraw")
    assert client.get(nobodys).status_code == 404


DAYS = {
    "author_agreed_on": "1/11/2026",
    "authority_agreed_on": "t",
    "family_agreed_on": "2/11/2026",
}


def test_existing_advice_stands_in_for_asking_and_covers_its_paragraph(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    place = f"/cases/{case}/advice/reuse?kind=educational_psychology"
    typed = {"author": "Dr Invented", "described": "Report of 12 May 2026"}
    page = client.get(place)
    assert boxes(page)["kind"] == ["educational_psychology"]
    assert boxes(page)["sections"] == ["B", "E", "F"]
    missing = send_again(client, page, place, **typed, **DAYS | {"family_agreed_on": ""})
    assert missing.status_code == 422
    assert "All three must agree" in missing.text
    assert "Report of 12 May 2026" in missing.text
    answers = [send_again(client, page, place, **typed, **DAYS) for _ in range(2)]
    assert (answers[0].status_code, answers[0].location) == (303, path(case))
    assert answers[1].status_code == 303
    assert count(app, AdviceReuse) == 1
    page = client.get(path(case))
    assert "existing advice is used since 23 November 2026. Report of 12 May 2026" in words_of(page)
    assert "It can feed B, E, F" in words_of(page)
    assert "educational_psychology" not in ticked(page)
    assert send_again(client, page, path(case)).status_code == 303
    assert asked(app).count("educational_psychology") == 1


def test_the_familys_own_views_are_never_taken_from_before(sign_in: SignIn, case: str) -> None:
    client = sign_in()
    place = f"/cases/{case}/advice/reuse"
    page = client.get(place)
    assert 'value="family"' not in page.text
    given = {"author": "They", "described": "A letter", "sections": ["B"], **DAYS}
    answer = send_again(client, page, place, kind="family", **given)
    assert answer.status_code == 422
