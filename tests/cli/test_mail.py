"""`casework send-mail`: what it says, and its exit status."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from casework.cli import main
from casework.config import Settings
from casework.emails.messages import Email
from casework.extensions import db
from casework.services import outbox
from tests.factories import make_user
from tests.fixtures.mail import Post, with_mail

pytestmark = pytest.mark.embedded


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture(autouse=True)
def _desk(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A desk whose settings are those of the test, with one message."""
    settings = app.extensions["casework.settings"]
    for name in ("DATABASE_URL", "SECRET_KEY", "AUDIT_KEY", "SMTP_HOST", "SMTP_TLS", "MAIL_FROM"):
        monkeypatch.setenv(f"CASEWORK_{name}", getattr(settings, name.lower()))
    monkeypatch.setenv("CASEWORK_SMTP_PORT", str(settings.smtp_port))
    monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path))
    with app.app_context():
        email = Email("late_paper", "Late papers", "Read them\n")
        outbox.put(about="late", to_user_id=make_user().id, email=email)
        db.session.commit()
        db.session.remove()


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["send-mail", *words])


def test_it_sends_what_waits_and_says_so(post: Post) -> None:
    done = call()
    assert (done.exit_code, done.stdout) == (0, "Email: 1 sent, 0 failed, 0 waiting.\n")
    assert post.recipients == ["case-officer@example.org"]
    assert call().stdout == "Email: 0 sent, 0 failed, 0 waiting.\n"


def test_a_server_that_will_not_have_us_ends_it_with_status_1(post: Post) -> None:
    post.to_sender = "530 5.7.0 sign in first"
    done = call("--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert said["waiting"] == 1
    assert said["fault"] == "the mail server refused the sender's address (530)"


def test_with_no_server_set_it_says_that_email_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEWORK_SMTP_HOST")
    done = call()
    assert done.exit_code == 1
    assert "1 waiting; stopped: no mail server is set (smtp_host)" in done.stdout
