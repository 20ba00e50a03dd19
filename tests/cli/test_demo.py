"""`casework demo`: what it prints, and when it refuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from casework.access import ROLES
from casework.cli import main
from casework.extensions import db
from tests.factories import make_user

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def _desk(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A desk whose settings are those of the test, with an empty database."""
    settings = app.extensions["casework.settings"]
    for name in ("DATABASE_URL", "SECRET_KEY", "AUDIT_KEY"):
        monkeypatch.setenv(f"CASEWORK_{name}", getattr(settings, name.lower()))
    monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("CASEWORK_TODAY", "2026-11-23")


def demo(*words: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--cases", "1", *words])


def test_it_prints_a_sign_in_for_each_role_and_for_those_of_services_and_panels() -> None:
    done = demo()
    assert done.exit_code == 0, done.output
    assert "Every child here is invented." in done.stdout
    lines = [line.split() for line in done.stdout.splitlines() if "@example.org" in line]
    emails = [email for email, *_ in lines]
    assert emails[: len(ROLES)] == [f"{role}@example.org" for role in ROLES]
    others = emails[len(ROLES) :]
    members = [email for email in others if not email.startswith("panel-")]
    assert members == others[: len(members)] != [], "of services, and then of panels"
    assert "Children’s occupational therapy" in done.stdout
    assert "Education: chair, Assessment panel" in done.stdout
    assert done.stderr.startswith("Inventing an authority")


def test_as_json_it_is_one_document() -> None:
    said = json.loads(demo("--json").stdout)
    assert set(said) == {"cases", "children", "events", "sign_ins", "family_page"}
    assert said["cases"] > 60
    assert {"role", "name", "email", "passphrase", "sits_as", "service"} == set(said["sign_ins"][0])


def test_a_second_time_is_refused_and_if_empty_prints_the_sign_ins_again() -> None:
    first = json.loads(demo("--json").stdout)
    again = demo()
    assert again.exit_code == 1
    assert "already holds records" in again.stderr
    kept = demo("--json", "--if-empty")
    assert kept.exit_code == 0
    assert json.loads(kept.stdout) == {
        "cases": 0,
        "children": 0,
        "events": 0,
        "sign_ins": first["sign_ins"],
        "family_page": "",
    }
    assert "Sign in as:" in demo("--if-empty").stdout


def test_beside_real_records_if_empty_loads_nothing_and_is_no_fault(app: Flask) -> None:
    with app.app_context():
        make_user("administrator")
        db.session.remove()
    done = demo("--if-empty")
    assert done.exit_code == 0
    assert done.stdout == (
        "The database holds records that are no demonstration: nothing was loaded.\n"
    )


def test_a_database_never_made_is_made_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEWORK_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    done = demo("--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["cases"] > 60
    assert "an empty one was made" in done.stderr


def test_production_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ENVIRONMENT": "production",
        "AUTHORITY_NAME": "Anyshire Council",
        "LA_CODE": "999",
        "TRUSTED_HOSTS": "ehcp.example.org",
        "VIRUS_SCANNER": "clamd:127.0.0.1:3310",
    }.items():
        monkeypatch.setenv(f"CASEWORK_{name}", value)
    monkeypatch.delenv("CASEWORK_TODAY")
    done = demo()
    assert done.exit_code == 1
    assert "never loaded in production" in done.stderr
