"""`casework serve` refuses, in words, whatever must not be served."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from casework.cli import main
from tests.test_config import PRODUCTION

pytestmark = pytest.mark.embedded


@pytest.fixture
def environ(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """Give the settings of a production on a migrated database, and set them.

    Its port is taken, so that a start that should have been refused ends there and not in serving.
    """
    mine = {"CASEWORK_INSTANCE_PATH": str(tmp_path), "CASEWORK_DATABASE_URL": database_url}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        given = {**PRODUCTION, **mine, "CASEWORK_PORT": str(taken.getsockname()[1])}
        for name in [n for n in os.environ if n.startswith("CASEWORK_")]:
            monkeypatch.delenv(name)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        yield given


def serve() -> Result:
    return CliRunner().invoke(main, ["serve"])


def change(environ: dict[str, str], statement: str) -> None:
    with create_engine(environ["CASEWORK_DATABASE_URL"]).begin() as connection:
        connection.execute(text(statement))


def test_production_half_configured_names_all_that_is_missing(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "AUDIT_KEY", "TRUSTED_HOSTS"):
        monkeypatch.delenv(f"CASEWORK_{name}")
    answer = serve()
    assert answer.exit_code == 1
    for name in ("SECRET_KEY", "AUDIT_KEY", "TRUSTED_HOSTS"):
        assert f"CASEWORK_{name} is missing" in answer.stderr


def test_production_refuses_demonstration_accounts(environ: dict[str, str]) -> None:
    change(
        environ,
        'INSERT INTO "user" (public_id, name, role, takes_complex_cases, is_active, '
        "is_demonstration, created_at) "
        "VALUES ('x', 'Invented Person', 'manager', 0, 1, 1, '2026-11-23 09:00:00')",
    )
    answer = serve()
    assert answer.exit_code == 1
    assert "demonstration accounts" in answer.stderr


def test_it_refuses_a_database_at_another_migration(environ: dict[str, str]) -> None:
    change(environ, "UPDATE alembic_version SET version_num = '001_accounts'")
    answer = serve()
    assert answer.exit_code == 1
    assert "001_accounts" in answer.stderr
    assert "casework init" in answer.stderr


def test_all_in_order_it_gets_as_far_as_its_port(environ: dict[str, str]) -> None:
    answer = serve()
    assert answer.exit_code == 1
    assert f"Port {environ['CASEWORK_PORT']} is in use" in answer.stderr
