"""Settings asked about a place: a page each for choosing, asking and answering. All invented."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import (
    AuditEntry,
    Case,
    CaseEvent,
    Consultation,
    ConsultationReply,
    PlacementRequest,
)
from casework.services.events import NewEvent
from tests.factories import add_document, log, make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.plans import make_consultation, make_setting
from tests.fixtures.statements import counted
from tests.web.cases.conftest import send

SENT = "consultation_sent"


def a_case(app: Flask, *names: str, sent_on: date | None = None) -> str:
    """A case that is assessed, with settings chosen and, with `sent_on`, asked."""
    with app.app_context():
        case = make_case()
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        for name in names:
            made = make_consultation(case, make_setting(name))
            if sent_on:
                log(case, NewEvent(kind=SENT, on=sent_on, consultation_id=made.id))
        return f"/cases/{case.public_id}/consultations"


def of(app: Flask, name: str) -> str:
    """The last part of the address of a setting's consultation."""
    with app.app_context():
        found = [one for one in db.session.query(Consultation) if one.setting.name == name]
        return found[-1].public_id


def told(app: Flask) -> list[tuple[str, str, date]]:
    with app.app_context():
        rows = db.session.query(CaseEvent).filter(CaseEvent.consultation_id.is_not(None))
        return [
            (row.kind.removeprefix("consultation_"), row.consultation.setting.name, row.happened_on)
            for row in rows.order_by(CaseEvent.id)
            if row.consultation
        ]


def answer(client: FlaskClient, place: str, **typed: str) -> TestResponse:
    return send(client, place, **{"outcome": "can_meet", "on": "t"} | typed)


@pytest.mark.parametrize(("kind", "is_listed"), [("primary", True), ("independent", False)])
def test_the_family_s_request_comes_first_with_the_test_that_its_type_brings(
    app: Flask, sign_in: SignIn, kind: str, is_listed: bool
) -> None:
    client, place = sign_in(), a_case(app)
    with app.app_context():
        make_setting("Invented School", kind=kind)
    typed = {"setting": "invented school", "on": "t", "words": "Her sister is there"}
    assert send(client, f"{place}/request", **typed).status_code == 303
    page = client.get(place).text
    assert "The family asks for Invented School" in page
    assert "Her sister is there" in page
    assert ("The plan must name it" in page) is is_listed
    assert ("does not list its type" in page) is not is_listed
    with app.app_context():
        assert db.session.query(PlacementRequest.is_listed).scalar() is is_listed
    assert 'value="Invented School"' in client.get(f"{place}/choose").text


def test_a_type_that_does_not_tell_is_asked_about_and_what_is_said_counts(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app)
    with app.app_context():
        make_setting("Invented Centre", kind="alternative")
    typed = {"setting": "Invented Centre", "on": "t"}
    refused = send(client, f"{place}/request", **typed)
    assert refused.status_code == 422
    assert "Say whether section 38(3) lists it" in refused.text
    assert 'value="Invented Centre"' in refused.text
    assert send(client, f"{place}/request", is_listed="yes", **typed).status_code == 303
    assert "The plan must name it" in client.get(place).text


def test_three_settings_are_chosen_and_recorded_as_asked_on_one_page(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app)
    with app.app_context():
        for name in ("Alder", "Birch"):
            make_setting(name)
    typed = {"setting_1": "alder", "place_1": "unit", "setting_2": "Birch", "setting_3": "Cedar"}
    unknown = send(client, f"{place}/choose", sent_on="16/11/2026", **typed)
    assert unknown.status_code == 422
    assert "No setting is called “Cedar”" in unknown.text
    assert told(app) == []
    saved = send(client, f"{place}/choose", sent_on="16/11/2026", is_new="y", **typed)
    assert saved.status_code == 303
    assert told(app) == [("sent", name, date(2026, 11, 16)) for name in ("Alder", "Birch", "Cedar")]
    page = client.get(place).text
    assert "Recorded as asked: 3 settings." in page
    assert "Alder, its special unit" in page
    assert "1 December 2026" in page, "15 days after the day of sending"
    assert "Counted from the day of sending" in page
    assert "No draft plan is recorded" in page


def test_what_is_chosen_is_recorded_as_asked_by_one_tick_fewer_keys_than_a_name(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder", "Birch")
    page = client.get(f"{place}/sent").text
    assert page.count(" checked") == 2
    answer = send(client, f"{place}/sent", settings=[of(app, "Alder"), of(app, "Birch")], on="t")
    assert answer.status_code == 303
    assert [one[:2] for one in told(app)] == [("sent", "Alder"), ("sent", "Birch")]


def test_the_fifteen_days_count_from_the_day_it_reached_the_setting_and_say_why(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder", sent_on=date(2026, 11, 2))
    assert "the day of sending stands for it" in client.get(place).text
    send(client, f"{place}/{of(app, 'Alder')}/received", on="5/11/2026")
    page = client.get(place).text
    assert "20 November 2026" in page
    assert "the day of sending stands for it" not in page
    assert "Code of Practice" in page
    explained = client.get(place.replace("consultations", "explain")).text
    assert "Answer the consultation: Alder" in explained
    assert "Guidance, not a limit in law" in explained
    assert "Overdue" not in page, "guidance is missed and never breached"


def test_an_answer_has_its_outcome_its_ground_its_words_and_a_letter_on_the_case(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder", sent_on=date(2026, 11, 16))
    with app.app_context():
        case = db.session.query(Case).one()
        letter = add_document(case, kind="consultation", title="Their letter")
        key = letter.public_id
    path = f"{place}/{of(app, 'Alder')}/reply"
    no_ground = answer(client, path, outcome="cannot_meet")
    assert no_ground.status_code == 422
    assert "Choose on what it relies" in no_ground.text
    typed = {"outcome": "cannot_meet", "reason": "others", "words": "The class is full of noise"}
    assert answer(client, path, document=key, **typed).status_code == 303
    page = client.get(place).text
    for words in ("Says that it cannot meet", "s.39(4)(b)(i)", "full of noise", "Their letter"):
        assert words in page
    assert "govuk-tag--green" in page, "it answered in time"
    assert "Setting answered the consultation" in client.get(place.rpartition("/")[0]).text


def test_a_later_answer_is_what_it_says_now_and_the_first_ended_the_days(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder", sent_on=date(2026, 10, 26))
    path = f"{place}/{of(app, 'Alder')}/reply"
    answer(client, path, outcome="no_places", reason="no_place", on="9/11/2026")
    answer(client, path, outcome="can_meet", on="t")
    page = client.get(place).text
    assert page.index("Can meet the needs and has a place</strong>") < page.index("Before: says")
    assert "late" not in page.split("</table>")[0].split("<tbody")[1]


@pytest.mark.parametrize(
    ("before", "why"),
    [([], "was not asked yet"), ([SENT, "consultation_withdrawn"], "was withdrawn")],
)
def test_an_answer_of_a_setting_not_asked_or_let_off_is_refused_and_nothing_is_saved(
    app: Flask, sign_in: SignIn, before: list[str], why: str
) -> None:
    client, place = sign_in(), a_case(app, "Alder")
    with app.app_context():
        made = db.session.query(Consultation).one()
        case = db.session.query(Case).one()
        for kind in before:
            log(case, NewEvent(kind=kind, on=date(2026, 11, 16), consultation_id=made.id))
    refused = answer(client, f"{place}/{of(app, 'Alder')}/reply", words="Kept as typed")
    assert refused.status_code == 422
    assert why in refused.text
    assert "Kept as typed" in refused.text
    with app.app_context():
        assert db.session.query(ConsultationReply).count() == 0
    assert [one[0] for one in told(app)] == [one.removeprefix("consultation_") for one in before]


def test_a_setting_of_another_case_is_not_found(app: Flask, sign_in: SignIn) -> None:
    client, place = sign_in(), a_case(app, "Alder", sent_on=date(2026, 11, 16))
    with app.app_context():
        other = make_case(person={"surname": "Other"}).public_id
    path = f"/cases/{other}/consultations/{of(app, 'Alder')}/reply"
    assert client.get(path).status_code == 404
    token = token_in(client.get(f"{place}/choose"))
    assert client.post(path, data={"csrf_token": token}).status_code == 404


def test_reminders_are_counted_and_none_is_recorded_after_the_answer(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder", sent_on=date(2026, 11, 2))
    path = f"{place}/{of(app, 'Alder')}/reminded"
    for day in ("16/11/2026", "t"):
        assert send(client, path, on=day).status_code == 303
    assert "2 times" in client.get(place).text
    answer(client, f"{place}/{of(app, 'Alder')}/reply")
    late = send(client, path, on="t")
    assert late.status_code == 422
    assert "has answered already" in late.text


def test_a_chosen_setting_is_withdrawn_with_a_reason_and_can_be_asked_anew_in_a_second_round(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder")
    again = send(client, f"{place}/choose", setting_1="Alder")
    assert again.status_code == 422
    assert "chosen already and not asked yet" in again.text
    path = f"{place}/{of(app, 'Alder')}/withdrawn"
    assert "Enter why it is withdrawn" in send(client, path, on="t").text
    assert send(client, path, on="t", note="The family moved house").status_code == 303
    assert send(client, f"{place}/choose", setting_1="Alder", sent_on="t").status_code == 303
    assert "Asked for the 2nd time" in client.get(place).text
    waiting = send(client, f"{place}/choose", setting_1="Alder")
    assert "has not answered yet" in waiting.text


def test_the_same_setting_twice_or_none_is_refused(app: Flask, sign_in: SignIn) -> None:
    client, place = sign_in(), a_case(app)
    with app.app_context():
        make_setting("Alder", urn="999301")
    twice = send(client, f"{place}/choose", setting_1="Alder", setting_2="999301")
    assert "It is in the list twice" in twice.text
    assert "Enter a setting to be asked" in send(client, f"{place}/choose").text
    with app.app_context():
        assert db.session.query(Consultation).count() == 0


def test_each_form_sent_twice_is_recorded_once(app: Flask, sign_in: SignIn) -> None:
    client, place = sign_in(), a_case(app)
    with app.app_context():
        make_setting("Alder")
    path = f"{place}/choose"
    page = client.get(path)
    version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token_in(page), "version": version, "setting_1": "Alder", "sent_on": "t"}
    data |= {"setting_2": "Newly named", "is_new": "y"}
    for _ in range(2):
        assert client.post(path, data=data).status_code == 303
    assert "sent twice and recorded once" in client.get(place).text
    reply = f"{place}/{of(app, 'Alder')}/reply"
    page = client.get(reply)
    version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token_in(page), "version": version, "outcome": "no_view", "on": "t"}
    for _ in range(2):
        assert client.post(reply, data=data).status_code == 303
    assert [one[0] for one in told(app)] == ["sent", "sent", "replied"]


def test_two_requests_of_one_day_in_two_tabs_are_two_and_one_sent_twice_is_one(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app)
    with app.app_context():
        make_setting("Alder", kind="primary")
    path, typed = f"{place}/request", {"on": "t", "is_listed": "no", "is_new": "y"}
    page = client.get(path)
    version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token_in(page), "version": version} | typed
    codes = [
        client.post(path, data=data | {"setting": name}).status_code
        for name in ("Alder", "Newly named", "Alder")
    ]
    assert codes == [303, 409, 303]
    assert send(client, path, setting="Newly named", **typed).status_code == 303
    shown = client.get(place).text
    for name in ("Alder", "Newly named"):
        assert shown.count(f"The family asks for {name}</h2>") == 1


def test_two_settings_recorded_in_two_tabs_are_two_and_neither_is_lost(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder", "Birch", sent_on=date(2026, 11, 16))
    paths = [f"{place}/{of(app, name)}/reply" for name in ("Alder", "Birch")]
    pages = [client.get(path) for path in paths]
    sent = []
    for path, page in zip(paths, pages, strict=True):
        version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        data = {"csrf_token": token_in(page), "version": version, "outcome": "no_view", "on": "t"}
        sent.append(client.post(path, data=data))
    assert [one.status_code for one in sent] == [303, 409]
    assert "Birch" in sent[1].text
    assert "no longer" not in sent[1].text


def test_what_others_chose_meanwhile_is_said_and_what_was_typed_stays(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder")
    with app.app_context():
        make_setting("Birch")
    refused = client.get(f"{place}/choose")
    token = token_in(refused)
    data = {"csrf_token": token, "version": "1", "setting_1": "Birch", "asks": "About the lift"}
    answer = client.post(f"{place}/choose", data=data)
    assert answer.status_code == 409
    assert "Others changed this case" in answer.text
    assert "About the lift" in answer.text


def test_a_correction_of_the_day_keeps_what_the_setting_answered(
    app: Flask, sign_in: SignIn
) -> None:
    client, place = sign_in(), a_case(app, "Alder", sent_on=date(2026, 11, 2))
    answer(client, f"{place}/{of(app, 'Alder')}/reply", outcome="no_view")
    with app.app_context():
        number = db.session.query(CaseEvent.id).filter_by(kind="consultation_replied").scalar()
    case = place.rpartition("/")[0]
    typed = {"on": "20/11/2026", "checked": "1"}
    assert send(client, f"{case}/events/{number}/correct", **typed).status_code == 303
    page = client.get(place).text
    assert "Gives no view</strong>, 20 November 2026" in page


def test_leads_and_clerks_see_how_it_stands_and_no_words_about_the_family(
    app: Flask, sign_in: SignIn
) -> None:
    officer, place = sign_in(), a_case(app, "Alder", sent_on=date(2026, 11, 2))
    with app.app_context():
        make_setting("Birch", kind="primary")
    send(officer, f"{place}/request", setting="Birch", on="t", words="canary of the family")
    answer(officer, f"{place}/{of(app, 'Alder')}/reply", outcome="no_view", words="canary words")
    page = sign_in("panel-clerk").get(place).text
    assert "Gives no view" in page
    assert "canary" not in page
    assert "Record its answer" not in page


def test_looking_is_audited_and_takes_no_more_statements_for_more_settings(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    few = a_case(app, "Alder", sent_on=date(2026, 11, 2))
    many = a_case(app, *(f"School {n}" for n in range(8)), sent_on=date(2026, 11, 2))
    taken = []
    for place in (few, many):
        client.get(place)
        with counted(app) as sent:
            client.get(place)
        taken.append(len(sent))
    assert taken[0] == taken[1]
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="viewed consultations").count() == 4
