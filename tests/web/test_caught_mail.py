"""`/caught-mail`: a demonstration's email goes to a mail server of its own, and is shown there.

Every person and address is invented.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework import current
from casework.app import create_app
from casework.config import Settings
from casework.emails import catcher
from casework.emails.messages import Email
from casework.extensions import db
from casework.services import outbox
from tests.factories import make_user
from tests.fixtures.databases import add_demonstration_account
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded

PAGE = "<!doctype html><html><head><title>x</title></head><body><script>x</script></body></html>\n"
LINK = "https://casework.example.org/cases/abc"


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def send(count: int = 1, html: str | None = PAGE) -> None:
    user = make_user(name="Ada", email="ada@example.org")
    for number in range(count):
        email = Email("late_paper", f"Late <papers> {number}", f"Read – them:\n{LINK}\n", html)
        outbox.put(about=f"late {number}", to_user_id=user.id, email=email)
    db.session.commit()
    assert outbox.send_waiting().sent == count


def the_name() -> str:
    (found,) = catcher.listed(current.settings())
    return found.name


def get(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.text


def test_a_demonstration_catches_its_email_and_shows_it(sign_in: SignIn) -> None:
    add_demonstration_account()
    send()
    client = sign_in("case-officer")
    shown = get(client, "/caught-mail")
    assert "Late &lt;papers&gt; 0" in shown
    assert "See the email it sends" in shown
    whole = get(client, f"/caught-mail/{the_name()}")
    assert f'<a href="{LINK}" rel="noopener">{LINK}</a>' in whole
    assert "Read – them:" in whole
    assert "Message-ID" in whole
    assert "<iframe" in whole


def test_its_page_stands_in_a_frame_of_ours_in_which_nothing_acts(sign_in: SignIn) -> None:
    add_demonstration_account()
    send()
    client = sign_in("case-officer")
    around = client.get(f"/caught-mail/{the_name()}")
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    page = client.get(f"/caught-mail/{the_name()}/page")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in page.text


def test_text_alone_has_no_frame(sign_in: SignIn) -> None:
    add_demonstration_account()
    send(html=None)
    client = sign_in("case-officer")
    assert "<iframe" not in get(client, f"/caught-mail/{the_name()}")
    get(client, f"/caught-mail/{the_name()}/page", 404)


def test_what_was_caught_is_there_after_a_restart_and_only_the_newest_are_kept(
    settings: Settings, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catcher, "KEPT", 60)
    add_demonstration_account()
    send(63)
    again = create_app(settings)
    with again.app_context():
        found = catcher.listed(current.settings())
    assert [one.subject for one in (found[0], found[-1])] == ["Late <papers> 62", "Late <papers> 3"]
    client = sign_in("case-officer")
    assert get(client, "/caught-mail").count("Late &lt;papers&gt;") == 50
    assert get(client, "/caught-mail?page=2&to=ada@example.org").count("Late &lt;papers&gt;") == 10
    assert "No email was caught" in get(client, "/caught-mail?to=nobody@example.org")


@pytest.mark.parametrize("is_demonstration", [False, True])
def test_elsewhere_there_is_no_such_page_and_nothing_is_caught(
    settings: Settings, sign_in: SignIn, app: Flask, is_demonstration: bool
) -> None:
    if is_demonstration:  # one that has a mail server of its own
        add_demonstration_account()
        object.__setattr__(app.extensions["casework.settings"], "smtp_host", "127.0.0.1")
        object.__setattr__(app.extensions["casework.settings"], "mail_from", "ehc@example.org")
    user = make_user(name="Ada", email="ada@example.org")
    outbox.put(about="late", to_user_id=user.id, email=Email("late_paper", "x", "y"))
    db.session.commit()
    assert outbox.send_waiting().sent == 0
    client = sign_in("case-officer")
    for address in ("/caught-mail", "/caught-mail/20260101T000000-000000", "/caught-mail/x/page"):
        get(client, address, 404)
    assert "See the email it sends" not in get(client, "/cases")


@pytest.mark.parametrize("name", ["20260101T000000-000000", "..", "x", "%2e%2e%2fsecret-key"])
def test_a_name_of_nothing_caught_opens_nothing(sign_in: SignIn, name: str) -> None:
    add_demonstration_account()
    get(sign_in("case-officer"), f"/caught-mail/{name}", 404)


def test_production_never_catches(settings: Settings) -> None:
    add_demonstration_account()
    app = create_app(replace(settings, environment="production", today=None))
    with app.app_context():
        assert outbox.send_waiting().sent == 0
