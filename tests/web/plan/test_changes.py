"""What changed in a plan since it was sent out, or between two times that it was."""

from flask import Flask

from casework.extensions import db
from casework.models import Case
from casework.rules.plan_content import Item, Section
from tests.fixtures.people import SignIn
from tests.fixtures.plans import make_edition, make_section
from tests.web.plan.conftest import hold


def test_two_editions_and_what_stands_now_are_compared_section_by_section(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    with app.app_context():
        found = db.session.query(Case).filter_by(public_id=case).one()
        same = make_section(found, Section(key="A", words="Likes trains."))
        need = Section(key="B", items=(Item(id="n1", text="Tires by noon."),))
        for number, words in ((1, "noon"), (2, "ten")):
            text = need.items[0].text.replace("noon", words)
            now = Section(key="B", items=(Item(id="n1", text=text),))
            make_edition(found, same, make_section(found, now, number), number=number)
    hold(app, case, Section(key="B", items=(Item(id="n1", text="Tires by nine."),)), number=3)
    since = client.get(f"/cases/{case}/plan/changes").text
    assert "removed: </span>ten" in since
    assert "added: </span>nine" in since
    assert "Section A" not in since, "it is as it was"
    between = client.get(f"/cases/{case}/plan/changes?before=1&after=2").text
    assert "removed: </span>noon" in between
    assert "added: </span>ten" in between
    assert "every section says the same" in (
        client.get(f"/cases/{case}/plan/changes?before=2&after=2").text
    )
    assert client.get(f"/cases/{case}/plan/changes?before=9").status_code == 404


def test_a_plan_that_was_never_sent_out_has_nothing_to_be_compared_with(
    sign_in: SignIn, case: str
) -> None:
    page = sign_in().get(f"/cases/{case}/plan/changes").text
    assert "No draft was made from the plan here yet" in page
