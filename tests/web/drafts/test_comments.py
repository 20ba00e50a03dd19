"""What the family says of a draft: comments and answers, meetings, and nothing more to say."""

from datetime import date
from secrets import token_urlsafe
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework import clock
from casework.access import EVERY_CASE
from casework.extensions import db
from casework.models import Case, CaseEvent, Contact, Representation, RepresentationAnswer
from casework.queries import cases, editions
from casework.services import people
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import TODAY, add_document, event_id, log, make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.statements import counted
from tests.web.cases.conftest import send

KEY = "k" * 22


class Served:
    """A case whose draft is with the family, and its two contacts."""

    def __init__(self, on: date = date(2026, 11, 16)) -> None:
        case = make_case(date(2026, 9, 7))
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        log(case, NewEvent(kind="draft_served", on=on))
        self.id, self.public_id = case.id, case.public_id
        for name, has in (("Ama Invented", True), ("Gran Invented", False)):
            details = {"relationship_to_child": "family", "has_parental_responsibility": has}
            people.save_contact(
                actor=COMMAND_LINE,
                case_id=case.id,
                person_id=case.person_id,
                contact_id=None,
                details={"name": name} | details,
            )
        of_child = db.session.query(Contact).filter_by(person_id=case.person_id)
        rows = of_child.order_by(Contact.id).all()
        self.parent, self.gran = (row.public_id for row in rows)
        self.pages = f"/cases/{self.public_id}/drafts"


@pytest.fixture
def served(app: Flask) -> Served:
    with app.app_context():
        return Served()


def typed(served: Served, **more: str) -> dict[str, str]:
    said = {"on": "20/11/2026", "who": served.parent, "words_1": "More speech therapy"}
    return said | {"key": token_urlsafe(16)} | more


def said(app: Flask) -> list[tuple[str, str, date]]:
    with app.app_context():
        rows = db.session.query(
            Representation.sections, Representation.words, CaseEvent.happened_on
        ).join(CaseEvent, CaseEvent.id == Representation.event_id)
        return [(r[0], r[1], r[2]) for r in rows.order_by(CaseEvent.id)]


def test_several_comments_go_in_at_once_each_with_its_sections(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    second = {"words_2": "The outcome is vague", "sections_1": "f, b", "sections_2": "E"}
    answer = send(client, f"{served.pages}/comments", **typed(served, **second))
    assert answer.status_code == 303
    day = date(2026, 11, 20)
    assert said(app) == [("B F", "More speech therapy", day), ("E", "The outcome is vague", day)]
    page = client.get(served.pages).text
    assert "Saved: 2 comments." in page
    assert "Ama Invented (family)" in page
    assert "F, Special educational provision" in page
    assert page.count("Not dealt with") == 2


def test_a_form_sent_twice_is_recorded_once_and_the_same_words_on_another_day_again(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    once = typed(served, key=KEY)
    page = client.get(f"{served.pages}/comments")
    hidden = {"csrf_token": token_in(page), "version": ""}
    with app.app_context():
        hidden["version"] = str(db.session.query(Case.version).scalar())
    for _ in range(2):
        assert client.post(f"{served.pages}/comments", data=hidden | once).status_code == 303
    assert len(said(app)) == 1
    assert send(client, f"{served.pages}/comments", **typed(served)).status_code == 303
    assert len(said(app)) == 2, "another form, though the words are the same"


def test_what_is_added_to_a_form_that_was_saved_is_never_said_to_be_saved(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    client, once = sign_in(), typed(served, key=KEY)
    assert send(client, f"{served.pages}/comments", **once).status_code == 303
    more = send(client, f"{served.pages}/comments", **once, words_2="And a quiet room")
    assert more.status_code == 422
    assert "was saved before with other words" in more.text
    assert "And a quiet room" in more.text
    assert len(said(app)) == 1


def test_a_comment_by_two_officers_at_once_is_shown_to_both_and_not_lost(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    stale = {"version": "1", "key": KEY}
    answer = send(client, f"{served.pages}/comments", **typed(served, **stale))
    assert answer.status_code == 409
    assert "More speech therapy" in answer.text
    assert said(app) == []
    with app.app_context():
        now = str(db.session.query(Case.version).scalar())
    again = typed(served, **stale) | {"version": now, "csrf_token": token_in(answer)}
    assert client.post(f"{served.pages}/comments", data=again).status_code == 303
    assert len(said(app)) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"on": ""}, "Enter the day on which it was said"),
        ({"on": "24/11/2026"}, "must be today or in the past"),
        ({"on": "1/11/2026"}, "This is before “Draft plan served on the family”"),
        ({"who": "nobody"}, "Choose an answer from the list"),
        ({"words_1": ""}, "Enter what was said"),
        ({"sections_2": "B"}, "Enter what was said"),
        ({"sections_1": "B I"}, "A draft has no section I"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(
    app: Flask, sign_in: SignIn, served: Served, more: dict[str, str], words: str
) -> None:
    answer = send(sign_in(), f"{served.pages}/comments", **typed(served, words_3="Kept", **more))
    if more == {"words_1": ""}:
        assert answer.status_code == 303, "the third alone is enough"
        return
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept" in answer.text
    assert said(app) == []


def test_a_comment_needs_words(app: Flask, sign_in: SignIn, served: Served) -> None:
    answer = send(sign_in(), f"{served.pages}/comments", **typed(served, words_1=" "))
    assert answer.status_code == 422
    assert "Enter what was said" in answer.text
    assert said(app) == []


def test_a_comment_after_the_familys_days_is_recorded_and_marked(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        served = Served(on=date(2026, 11, 2))
    client = sign_in()
    for day in ("16/11/2026", "17/11/2026"):
        assert send(client, f"{served.pages}/comments", **typed(served, on=day)).status_code == 303
    page = client.get(served.pages).text
    assert "Last day for comments</dt><dd>16 November 2026" in page
    assert page.count("after the family’s days on it") == 1


def test_it_came_in_a_document_of_this_case_alone(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    with app.app_context():
        case = db.session.get_one(Case, served.id)
        own = add_document(case, kind="family-views", title="Their letter").public_id
        other = add_document(make_case(date(2026, 9, 14)), pages=2).public_id
    client = sign_in()
    path = f"{served.pages}/comments"
    assert send(client, path, **typed(served, document=other)).status_code == 422
    assert send(client, path, **typed(served, document=own)).status_code == 303
    assert "Their letter" in client.get(served.pages).text


def test_a_protected_detail_is_refused_beside_the_comment_that_holds_it(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    (one,) = comments_of(app, served, "Fine")
    with app.app_context():
        parent = db.session.query(Contact).filter_by(public_id=served.parent).one()
        parent.address, parent.address_is_protected = "7 Hidden Lane, ZZ9 9ZZ", True
        db.session.commit()
    client, where = sign_in(), "We live at 7 Hidden Lane, ZZ9 9ZZ"
    answer = send(client, f"{served.pages}/comments", **typed(served, words_3=where))
    assert answer.status_code == 422
    assert 'href="#words_3"' in answer.text
    assert len(said(app)) == 1
    done = {f"accepted_{one}": "no", f"words_{one}": where}
    assert send(client, f"{served.pages}/answers", **done).status_code == 422
    confirm = {"on": "t", "who": served.parent, "by": "phone", "words": where}
    assert send(client, f"{served.pages}/nothing-more", **confirm).status_code == 422


def comments_of(app: Flask, served: Served, *words: str) -> list[int]:
    """Return the events of comments made on 20 November."""
    with app.app_context():
        case, ids = db.session.get_one(Case, served.id), []
        for one in words:
            row = {"case_id": case.id, "words": one}
            said = NewEvent(
                kind="representation_made",
                on=date(2026, 11, 20),
                brings=lambda n, row=row: [Representation(event_id=n, **row)],
            )
            log(case, said)
            ids.append(event_id(case, "representation_made"))
        return ids


def test_answers_are_given_one_by_one_or_together_and_the_rest_waits(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    first, second = comments_of(app, served, "One", "Two")
    client, path = sign_in(), f"{served.pages}/answers"
    half = send(client, path, **{f"accepted_{second}": "no"})
    assert half.status_code == 422
    assert "or why not" in half.text
    nothing = send(client, path)
    assert "Say what was done about one comment or more" in nothing.text
    given = {f"accepted_{second}": "partly", f"words_{second}": "Once a week was added"}
    assert send(client, path, **given).status_code == 303
    page = client.get(served.pages).text
    assert "The plan was changed in part" in page
    assert page.index("One") < page.index("Two"), "what waits comes first"
    assert page.count("Not dealt with") == 1
    assert f'name="accepted_{second}"' not in client.get(path).text
    assert f'name="accepted_{first}"' in client.get(path).text


def test_an_answer_can_be_changed_and_one_sent_twice_is_kept_once(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    (one,) = comments_of(app, served, "One")
    client, path = sign_in(), f"{served.pages}/answers"
    given = {f"accepted_{one}": "no", f"words_{one}": "The report says otherwise"}
    page = client.get(path)
    with app.app_context():
        key = db.session.query(Representation.public_id).scalar()
        version = str(db.session.query(Case.version).scalar())
    sent = given | {"csrf_token": token_in(page), "version": version}
    for _ in range(2):
        assert client.post(path, data=sent).status_code == 303
    change = {f"accepted_{one}": "yes", f"words_{one}": "Added after all"}
    assert send(client, f"{path}?comment={key}", **change).status_code == 303
    with app.app_context():
        rows = db.session.query(RepresentationAnswer.accepted)
        kept = [row[0] for row in rows.order_by(RepresentationAnswer.event_id)]
    assert kept == ["no", "yes"]
    page = client.get(served.pages).text
    assert "Added after all" in page
    assert "The report says otherwise" not in page


def test_a_comment_of_another_case_cannot_be_answered_here(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    with app.app_context():
        other = Served()
    (one,) = comments_of(app, other, "Not theirs")
    given = {f"accepted_{one}": "no", f"words_{one}": "Wrong child"}
    answer = send(sign_in(), f"{served.pages}/answers", **given)
    assert answer.status_code == 422
    assert "Not theirs" not in answer.text


def test_a_day_put_right_keeps_the_comment_and_its_answer(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    (one,) = comments_of(app, served, "The words stay")
    client = sign_in()
    given = {f"accepted_{one}": "yes", f"words_{one}": "Done as asked"}
    send(client, f"{served.pages}/answers", **given)
    with app.app_context():
        case = db.session.get_one(Case, served.id)
        right = {"on": date(2026, 11, 19), "corrects_id": one}
        log(case, NewEvent(kind="representation_made", **right))
        answered = {"on": TODAY, "corrects_id": event_id(case, "representation_answered")}
        log(case, NewEvent(kind="representation_answered", **answered))
    page = client.get(served.pages).text
    assert "19 November 2026" in page
    assert "The words stay" in page
    assert "Done as asked" in page


def test_a_meeting_asked_for_in_time_is_owed_until_it_is_held(
    sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    ask = {"on": "18/11/2026", "who": served.parent, "words": "About the school day"}
    assert send(client, f"{served.pages}/meetings/asked", **ask).status_code == 303
    page = client.get(served.pages).text
    assert "A meeting is owed: the family asked for one on 18 November 2026" in page
    assert "Asked by Ama Invented (family). About the school day" in page
    before = send(client, f"{served.pages}/meetings/held", on="17/11/2026", how="held")
    assert before.status_code == 422, "it cannot have been held before it was asked for"
    assert send(client, f"{served.pages}/meetings/held", on="20/11/2026").status_code == 422
    answer = send(client, f"{served.pages}/meetings/held", on="20/11/2026", how="held")
    assert answer.status_code == 303
    page = client.get(served.pages).text
    assert "A meeting is owed" not in page
    assert "Meeting: held, 20 November 2026" in page


def test_a_meeting_asked_for_after_the_familys_days_is_written_down_and_not_owed(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        served = Served(on=date(2026, 11, 2))
    client = sign_in()
    send(client, f"{served.pages}/meetings/asked", on="17/11/2026", who="child")
    page = client.get(served.pages).text
    assert "so none is owed in law" in page
    assert "A meeting is owed" not in page


def final(client: FlaskClient, served: Served, on: str = "t") -> Any:
    path = f"/cases/{served.public_id}/events/new?kind=final_plan_sent"
    return send(client, path, on=on, recipients="family")


def test_a_final_before_the_familys_days_are_over_leads_to_the_page_and_goes_once_it_confirmed(
    sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    refused = final(client, served)
    assert refused.status_code == 422
    assert "1 December 2026" in refused.text
    assert "Drafts and comments" in refused.text
    assert f'href="{served.pages}"' in refused.text
    wrong = {"on": "20/11/2026", "who": served.gran, "by": "phone"}
    assert send(client, f"{served.pages}/nothing-more", **wrong).status_code == 422
    child = wrong | {"who": "child"}
    assert send(client, f"{served.pages}/nothing-more", **child).status_code == 422, "8 years old"
    right = wrong | {"who": served.parent, "words": "Send it"}
    assert send(client, f"{served.pages}/nothing-more", **right).status_code == 303
    page = client.get(served.pages).text
    assert "Said by Ama Invented (family), by telephone. Send it" in page
    assert "the final plan may be sent before its days are over" in page
    assert final(client, served).status_code == 303


def test_a_changed_draft_needs_a_confirmation_of_its_own(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    confirm = {"on": "t", "who": served.parent, "by": "email"}
    send(client, f"{served.pages}/nothing-more", **confirm)
    changed = {"route": "email", "sent_on": "t", "changed_because": "A hearing test came"}
    assert send(client, f"{served.pages}/serve", **changed).status_code == 303
    page = client.get(served.pages).text
    assert "may be sent before its days are over" not in page, "said of the draft before"
    assert final(client, served).status_code == 422, "though both were on one day"
    assert send(client, f"{served.pages}/nothing-more", **confirm).status_code in (303, 409)


def test_no_final_goes_out_while_a_changed_draft_is_in_the_post(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        served = Served(on=date(2026, 11, 2))
    client = sign_in()
    changed = {"route": "post", "sent_on": "t", "changed_because": "A hearing test came"}
    assert send(client, f"{served.pages}/serve", **changed).status_code == 303
    refused = final(client, served)
    assert refused.status_code == 422
    assert "counts as served on Wednesday 25 November 2026" in refused.text
    assert "Thursday 10 December 2026" in refused.text


def test_the_day_of_a_draft_in_the_post_can_be_put_right_though_it_lies_ahead(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        served = Served(on=date(2026, 11, 2))
    client = sign_in()
    changed = {"route": "post", "sent_on": "t", "changed_because": "A hearing test came"}
    send(client, f"{served.pages}/serve", **changed)
    with app.app_context():
        case = db.session.get_one(Case, served.id)
        number = event_id(case, "draft_served")
    path = f"/cases/{served.public_id}/events/{number}/correct"
    far = send(client, path, on="24/11/2027", checked="1")
    assert far.status_code == 422
    assert "at the latest" in far.text
    assert send(client, path, on="26/11/2026").status_code == 200, "what would move is shown"
    assert send(client, path, on="26/11/2026", checked="1").status_code == 303
    page = client.get(served.pages).text
    assert "Draft 2, served on 26 November 2026" in page
    assert "First class post" in page, "what is known of the sending stays"
    assert "10 December 2026" in page, "the last day for comments"


def test_a_withdrawn_case_says_so_and_takes_and_loses_nothing(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    (one,) = comments_of(app, served, "Kept for ever")
    with app.app_context():
        log(db.session.get_one(Case, served.id), NewEvent(kind="withdrawn", on=TODAY))
        before, version = len(served_events()), db.session.query(Case.version).scalar()
    client = sign_in()
    page = client.get(served.pages)
    assert "This case has ended: withdrawn" in page.text
    assert "Kept for ever" in page.text
    assert "Record comments" not in page.text
    hidden = {"csrf_token": token_in(client.get("/account/password")), "version": str(version)}
    for path, given in (
        ("comments", typed(served, key=KEY)),
        ("answers", {f"accepted_{one}": "no", f"words_{one}": "Too late"}),
        ("meetings/asked", {"on": "t", "who": served.parent}),
        ("meetings/held", {"on": "t", "how": "held"}),
        ("nothing-more", {"on": "t", "who": served.parent, "by": "phone"}),
    ):
        assert "This case has ended" in client.get(f"{served.pages}/{path}").text
        answer = client.post(f"{served.pages}/{path}", data=hidden | given)
        assert answer.status_code == 422, path
        assert "nothing more can be recorded" in answer.text
    with app.app_context():
        assert len(served_events()) == before


def served_events() -> list[CaseEvent]:
    return db.session.query(CaseEvent).all()


def test_what_came_before_the_final_plan_is_still_written_down_after_it(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        served = Served(on=date(2026, 11, 2))
        to = ("family", "institution", "health_body")
        sent = [NewEvent(kind="final_plan_sent", on=TODAY, recipient=one) for one in to]
        log(db.session.get_one(Case, served.id), *sent)
    assert send(sign_in(), f"{served.pages}/comments", **typed(served)).status_code == 303


def test_the_words_are_for_officers_and_others_see_how_many_there_are(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    comments_of(app, served, "Words of the family")
    page = sign_in("panel-clerk").get(served.pages).text
    assert "Words of the family" not in page
    assert "1 comment, 1 not dealt with yet" in page


def test_many_comments_take_no_more_statements_than_one(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    comments_of(app, served, "One")
    client.get(served.pages)
    with counted(app) as few:
        client.get(served.pages)
    comments_of(app, served, *"abcdefgh")
    with counted(app) as many:
        client.get(served.pages)
    assert len(many) == len(few)


def test_a_draft_is_recorded_on_its_own_page_and_the_familys_steps_on_none_but_theirs(
    sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    page = client.get(f"/cases/{served.public_id}/events/new?kind=draft_served")
    assert page.status_code == 302
    assert page.location == f"{served.pages}/serve"
    assert f"{served.pages}/serve" in client.get(f"/cases/{served.public_id}").text
    for kind in ("representation_made", "meeting_asked", "family_answered_in_full"):
        answer = client.get(f"/cases/{served.public_id}/events/new?kind={kind}")
        assert answer.status_code == 404


def test_worked_example_7_a_draft_served_on_monday_22_june_2026(
    app: Flask, sign_in: SignIn
) -> None:
    clock.set_today(date(2026, 7, 7))
    with app.app_context():
        served = on_case_1(date(2026, 6, 22))
    page = sign_in().get(served).text
    assert "Last day for comments</dt><dd>6 July 2026" in page
    assert "First day for the final plan</dt><dd>7 July 2026" in page


def test_worked_example_8_the_last_day_on_which_the_steps_can_go_in_turn(
    app: Flask, sign_in: SignIn
) -> None:
    clock.set_today(date(2026, 7, 5))
    client = sign_in()
    with app.app_context():
        day_110, a_day_later = on_case_1(date(2026, 6, 20)), on_case_1(date(2026, 6, 21))
    page = client.get(day_110).text
    assert "Last day for comments</dt><dd>4 July 2026" in page
    assert "one after another" in page
    assert "5 July 2026" in page, "the setting is asked on the day after"
    assert "20 July 2026" in page, "and its days end with the 20 weeks"
    assert "no time left to take these steps one after another" in client.get(a_day_later).text


def on_case_1(served: date) -> str:
    """Return the page of drafts of a case whose request came on Monday 2 March 2026."""
    case = make_case(date(2026, 3, 2), today=served)
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 4, 13)), today=served)
    log(case, NewEvent(kind="draft_served", on=served), today=served)
    return f"/cases/{case.public_id}/drafts"


def test_what_was_refused_in_the_end_asked_for_no_change_of_the_plan(
    app: Flask, sign_in: SignIn, served: Served
) -> None:
    client = sign_in()
    send(client, f"{served.pages}/comments", **typed(served, sections_1="F"))

    def accepted() -> set[str]:
        with app.app_context():
            view = cases.view(EVERY_CASE, served.public_id, today=TODAY, soon_within=1)
            assert view is not None
            return editions.accepted(view)

    with app.app_context():
        comment, key = db.session.query(Representation.event_id, Representation.public_id).one()
    path = f"{served.pages}/answers?comment={key}"
    given = {f"accepted_{comment}": "yes", f"words_{comment}": "Added"}
    assert send(client, path, **given).status_code == 303
    assert accepted() == {"F"}
    with app.app_context():
        case = db.session.query(Case).one()
        entry = event_id(case, "representation_answered")
    place = f"/cases/{served.public_id}/events/{entry}/correct"
    assert send(client, place, on="21/11/2026", checked="yes").status_code == 303
    assert accepted() == {"F"}, "its day was put right, and it stands"
    given = {f"accepted_{comment}": "no", f"words_{comment}": "Not after all"}
    assert send(client, path, **given).status_code == 303
    assert accepted() == set()
