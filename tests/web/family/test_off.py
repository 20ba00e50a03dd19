"""Where an authority does not want family pages there are none, and no button for them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.demonstration import family
from tests.factories import TODAY, make_case
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded


def test_off_every_route_is_not_found(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    with app.app_context():
        case = make_case().public_id
    officer = sign_in()
    token = {"csrf_token": token_in(officer.get("/account"))}
    for path in ("/family", "/family/secret", f"/cases/{case}/family-page"):
        assert officer.get(path).status_code == 404
    assert client.get("/family/secret").status_code == 404
    posts = ("links", "links/one/codes", "links/one/close")
    paths = [f"/cases/{case}/family-page/{path}" for path in posts]
    for path in ("/family/secret", "/family/leave", *paths):
        assert officer.post(path, data=token).status_code == 404


def test_off_no_page_offers_it(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        case = make_case().public_id
    officer = sign_in()
    for page in ("", "/contacts", "/drafts"):
        assert "amily-page" not in officer.get(f"/cases/{case}{page}").text


def test_off_the_demonstration_has_none(app: Flask) -> None:
    with app.app_context():
        assert family.keep(TODAY) == ""


def test_no_log_holds_a_links_secret(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client.get("/family/npd3-3r84-64h4-fj7v-qkqy-bkdy-j6cn")
    said = " ".join(f"{record.msg} {vars(record)}" for record in caplog.records)
    assert "/family/<secret>" in said
    assert "npd3" not in said
