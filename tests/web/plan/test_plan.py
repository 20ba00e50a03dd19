"""The plan of a case: written section by section, over nobody's head, and every version kept."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import AuditEntry, Case, ChangeDetail, KeptForm
from casework.rules.plan_content import Item, Section
from casework.services import plans
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from casework.services.plans import SectionChanged
from tests.factories import log
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.statements import counted
from tests.web.plan.conftest import held, hold, send, typed

NEED = Item(id="n1", text="Finds it hard to follow spoken directions.")
OUTCOME = Item(id="o1", text="Follows a direction of three parts.", serves=("n1",))
PROVISION = Item(
    id="p1",
    text="A small group on listening.",
    serves=("o1",),
    by_whom="Trained assistant",
    how_often="Twice a week",
    how_long="Two terms",
)


def test_a_plan_shows_its_sections_in_order_and_section_i_as_the_final_plans_own(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    page = client.get(f"/cases/{case}/plan").text
    places = [
        page.index(f'id="section-{key}"')
        for key in ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "K"]
    ]
    assert places == sorted(places)
    assert 'id="section-J"' not in page, "there are no direct payments"
    assert "Named only in the final plan (Children and Families Act 2014, s.38(5))" in page
    assert client.get(f"/cases/{case}/plan/I/edit").status_code == 404
    hold(app, case, Section(key="J", words="For transport."))
    assert 'id="section-J"' in client.get(f"/cases/{case}/plan").text


def test_a_section_is_saved_with_its_rows_and_links_and_the_thread_is_read_from_them(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    for key, item in (("B", NEED), ("E", OUTCOME), ("F", PROVISION)):
        answer = send(client, case, key, typed(item, words=f"Of {key}."))
        assert answer.status_code == 303
        assert answer.location.endswith(f"/plan#section-{key}")
    assert held(app, "F") == [(1, Section(key="F", words="Of F.", items=(PROVISION,)))]
    page = client.get(f"/cases/{case}/plan").text
    assert "Version 1, saved by Ada Example" in page
    assert "No outcome serves this need" not in page
    assert "<dt>Serves</dt><dd>E1</dd>" in page
    with app.app_context():
        trail = db.session.query(AuditEntry).filter_by(action="saved section of plan")
        assert [entry.subject for entry in trail] == ["section B", "section E", "section F"]
        assert NEED.text not in str([d.changes for d in db.session.query(ChangeDetail)])


def test_rows_are_added_moved_and_taken_out_without_scripts_and_keep_what_was_typed(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    second = Item(id="n2", text="Tires by noon.")
    more = send(client, case, "B", typed(NEED, second), do="add")
    assert more.status_code == 200
    assert more.text.count('name="row"') == 3
    assert NEED.text in more.text
    up = send(client, case, "B", typed(NEED, second), do="up:n2")
    assert up.text.index("Tires by noon.") < up.text.index("Finds it hard")
    out = send(client, case, "B", typed(NEED, second), do="remove:n1")
    assert "Finds it hard" not in out.text
    assert held(app, "B") == [], "no button but Save saves"
    send(client, case, "B", typed(second, NEED, Item(id="n3", text="")))
    (version,) = held(app, "B")
    assert [item.id for item in version[1].items] == ["n2", "n1"], "an empty row is none"


def test_what_is_too_long_or_cannot_be_kept_is_said_beside_its_box_and_kept(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    bad = [
        Item(id="n1", text="x" * 4001),
        Item(id="n2", text="lost \ufffd"),
    ]
    answer = send(client, case, "B", typed(*bad))
    assert answer.status_code == 422
    assert "Row 1, what it says: use 4,000 characters or fewer" in answer.text
    assert 'href="#text_n2"' in answer.text
    assert "x" * 4001 in answer.text
    assert held(app, "B") == []


def test_the_second_of_two_authors_of_one_section_is_shown_both_and_chooses(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    first, second = sign_in(), sign_in("manager")
    send(first, case, "B", typed(NEED))
    theirs = Item(id="n1", text="Theirs.")
    send(first, case, "B", typed(theirs, number=1))
    mine = typed(NEED, Item(id="n2", text="Mine."), number=1, words="My words.")
    conflict = send(second, case, "B", mine)
    assert conflict.status_code == 409
    assert "only in theirs: </span>Theirs" in conflict.text
    assert "My words." in conflict.text
    assert "only in yours" in conflict.text, "not by colour alone"
    assert len(held(app, "B")) == 2, "nothing was saved over them"
    with app.app_context():
        assert "My words." in db.session.query(KeptForm).one().fields, "nor lost"
    both = send(second, case, "B", mine, do="merge")
    assert both.status_code == 200
    for words in ("Theirs.", "Mine.", "My words."):
        assert words in both.text
    assert 'name="number" type="hidden" value="2"' in both.text
    saved = send(second, case, "B", mine, do="mine", newest="2")
    assert saved.status_code == 303
    assert held(app, "B")[2][1].words == "My words."


def test_keeping_theirs_leaves_mine_out_and_forgets_it(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="B", words="Theirs."))
    assert send(client, case, "B", typed(words="Mine.")).status_code == 409
    assert send(client, case, "B", typed(words="Mine."), do="theirs").status_code == 303
    assert [section.words for _, section in held(app, "B")] == ["Theirs."]
    with app.app_context():
        assert db.session.query(KeptForm).count() == 0


def test_two_authors_of_two_sections_never_meet_and_a_double_press_saves_once(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    first, second = sign_in(), sign_in("manager")
    assert send(first, case, "B", typed(NEED)).status_code == 303
    assert send(second, case, "E", typed(OUTCOME)).status_code == 303
    assert send(first, case, "B", typed(NEED)).status_code == 303
    assert len(held(app, "B")) == 1


def test_two_who_save_at_one_moment_get_one_version(
    app: Flask, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where both may look before either has saved."""
    with app.app_context():
        case_id = db.session.query(Case.id).filter_by(public_id=case).scalar()
    hold(app, case, Section(key="B", words="Theirs."))
    monkeypatch.setattr(plans, "_newest", lambda *_: None)
    given = [(Section(key="B", words="Mine."), 0)]
    with app.app_context(), pytest.raises(SectionChanged):
        plans.save(actor=COMMAND_LINE, case_id=case_id, sections=given)
    assert [section.words for _, section in held(app, "B")] == ["Theirs."]


def autosave(client: FlaskClient, case: str, key: str, fields: dict[str, Any]) -> Any:
    token = token_in(client.get(f"/cases/{case}/plan/{key}/edit"))
    answer = client.post(f"/cases/{case}/plan/{key}/autosave", data={"csrf_token": token, **fields})
    assert answer.status_code == 200
    return answer.json


def test_what_is_typed_is_kept_at_each_pause_and_is_a_version_once_the_page_is_left(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    told = autosave(client, case, "B", typed(NEED))
    assert told["words"].startswith("Kept for you at ")
    assert "No outcome serves this need" in told["check"], "as it is typed"
    assert held(app, "B") == []
    again = client.get(f"/cases/{case}/plan/B/edit").text
    assert NEED.text in again, "what was kept comes back"
    assert NEED.text not in client.get(f"/cases/{case}/plan").text
    told = autosave(client, case, "B", {**typed(NEED), "make": "1"})
    assert (told["number"], told["is_version"]) == (1, True)
    assert len(held(app, "B")) == 1
    assert (
        "This is what you had typed here before"
        not in client.get(f"/cases/{case}/plan/B/edit").text
    )


def test_leaving_a_page_that_somebody_else_saved_over_keeps_mine_and_saves_nothing(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="B", words="Theirs."))
    told = autosave(client, case, "B", {**typed(NEED), "make": "1"})
    assert "Someone else saved this section" in told["words"]
    assert not told["is_version"]
    assert len(held(app, "B")) == 1
    assert NEED.text in client.get(f"/cases/{case}/plan/B/edit").text


def test_any_two_versions_stand_side_by_side_with_words_that_say_what_changed(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="B", items=(NEED,)))
    changed = Item(id="n1", text="Finds it easy to follow spoken directions.")
    hold(app, case, Section(key="B", items=(changed,)), number=2)
    hold(app, case, Section(key="B", words="Third."), number=3)
    page = client.get(f"/cases/{case}/plan/B/versions?before=1&after=2").text
    assert "<del>" in page
    assert "removed: </span>hard" in page
    assert "added: </span>easy" in page
    assert "Third." not in page
    assert "Third." in client.get(f"/cases/{case}/plan/B/versions").text
    assert client.get(f"/cases/{case}/plan/B/versions?before=1&after=9").status_code == 404
    empty = client.get(f"/cases/{case}/plan/C/versions")
    assert "Nothing has been saved in this section yet" in empty.text


def test_an_earlier_version_is_brought_back_as_a_new_one(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="A", words="Likes trains."))
    hold(app, case, Section(key="A", words="Likes buses."), number=2)
    assert "edit?from=1" in client.get(f"/cases/{case}/plan/A/versions").text
    page = client.get(f"/cases/{case}/plan/A/edit?from=1").text
    assert ">Likes trains.</textarea>" in page.replace("\n", "")
    assert 'name="number" type="hidden" value="2"' in page
    assert client.get(f"/cases/{case}/plan/A/edit?from=9").status_code == 404


def test_a_plan_of_a_case_that_has_ended_is_read_and_no_longer_written(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    token = token_in(client.get(f"/cases/{case}/plan/B/edit"))
    with app.app_context():
        log(
            db.session.query(Case).filter_by(public_id=case).one(),
            NewEvent(kind="withdrawn", on=date(2026, 11, 2)),
        )
    answer = client.post(f"/cases/{case}/plan/B/edit", data={"csrf_token": token, **typed(NEED)})
    assert answer.status_code == 422
    assert "no longer written here" in answer.text
    assert NEED.text in answer.text, "what was typed is kept"
    assert held(app, "B") == []
    assert client.get(f"/cases/{case}/plan/B/edit").status_code == 303
    assert "Write section B" not in client.get(f"/cases/{case}/plan").text


def test_a_plan_takes_as_many_statements_whatever_is_in_it(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    with counted(app) as empty:
        client.get(f"/cases/{case}/plan")
    needs = tuple(Item(id=f"n{n}", text=f"Need {n}.") for n in range(30))
    hold(app, case, *(Section(key=key, items=needs) for key in ("B", "C", "E", "F", "G")))
    with counted(app) as full:
        client.get(f"/cases/{case}/plan")
    assert len(full) == len(empty)


def test_looking_at_a_plan_is_told_to_the_audit_trail(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    sign_in().get(f"/cases/{case}/plan")
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="viewed plan").count() == 1
