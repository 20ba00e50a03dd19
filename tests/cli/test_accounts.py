"""`casework create-user`: an account opened, or words that say why not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from casework.cli import main
from casework.extensions import db
from casework.models import AuditEntry, User
from casework.services import passwords
from tests.fixtures.people import PASSWORD

pytestmark = pytest.mark.embedded

ADA = ("--email", "ada@example.org", "--name", "Ada Example", "--role", "manager")


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("CASEWORK_DATABASE_URL", database_url)
    monkeypatch.setenv("CASEWORK_QUICK_PASSWORDS", "yes")

    def run(*arguments: str, sent: str = "") -> Result:
        return CliRunner().invoke(main, ["create-user", *arguments], input=sent)

    return run


def test_a_password_from_standard_input_is_the_persons_own(app: Flask, run) -> None:
    done = run(*ADA, "--team", "North", "--password-stdin", sent=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    with app.app_context():
        user = db.session.query(User).one()
        assert (user.email, user.role, user.team.name) == ("ada@example.org", "manager", "North")
        assert user.one_time_until is None
        assert passwords.is_right(user.password_hash, PASSWORD)
        entry = db.session.query(AuditEntry).one()
        assert (entry.action, entry.origin) == ("opened account", "command line")
    assert PASSWORD not in done.output


def test_without_one_a_one_time_password_is_drawn_and_told_once(app: Flask, run) -> None:
    done = run(*ADA, "--json")
    told = json.loads(done.stdout)
    with app.app_context():
        user = db.session.query(User).one()
        assert user.one_time_until is not None
        assert passwords.is_right(user.password_hash, told["one_time_password"])
        assert told["id"] == user.public_id


def test_json_answers_nothing_else(run) -> None:
    done = run(*ADA, "--json", "--password-stdin", sent=f"{PASSWORD}\n")
    assert json.loads(done.stdout).keys() == {"id", "email", "role"}


@pytest.mark.parametrize(
    ("arguments", "sent", "words"),
    [
        (("--email", "ada", "--name", "Ada", "--role", "manager"), PASSWORD, "name@example.gov.uk"),
        (ADA, "short", "12 characters"),
        (ADA, "", "12 characters"),
        (ADA, "password1234", "name or the council"),
        (ADA, "qwertyuiop123", "easy to guess"),
        ((*ADA[:-1], "service-member"), PASSWORD, "Choose the service"),
    ],
)
def test_what_is_amiss_is_said_and_nothing_is_opened(
    app: Flask, run, arguments: tuple[str, ...], sent: str, words: str
) -> None:
    done = run(*arguments, "--password-stdin", sent=f"{sent}\n")
    assert done.exit_code == 1
    assert words in done.stderr
    assert not done.stdout
    with app.app_context():
        assert db.session.query(User).count() == db.session.query(AuditEntry).count() == 0


def test_a_second_account_with_the_same_address_is_refused(run) -> None:
    assert run(*ADA).exit_code == 0
    again = run("--email", " ADA@Example.org", *ADA[2:])
    assert again.exit_code == 1
    assert "already" in again.stderr


def test_a_role_that_nobody_knows_is_a_wrong_command(run) -> None:
    done = run(*ADA[:-1], "head-teacher")
    assert done.exit_code == 2
    assert "case-officer" in done.stderr
