"""`casework settings` on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.config import Settings


def test_it_lists_every_setting_with_its_meaning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path))
    rows = json.loads(CliRunner().invoke(main, ["settings", "--json"]).stdout)
    assert [r["name"] for r in rows] == [
        f"CASEWORK_{name.upper()}" for name in Settings.__dataclass_fields__
    ]
    assert all(len(row["meaning"]) > 10 for row in rows)
    words = CliRunner().invoke(main, ["settings"]).stdout
    assert (tmp_path / "secret-key").read_text() not in words
    assert f"CASEWORK_INSTANCE_PATH={tmp_path}" in words


def test_settings_that_cannot_be_used_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_PORT", "x")
    monkeypatch.setenv("CASEWORK_THREADS", "x")
    answer = CliRunner().invoke(main, ["settings"])
    assert answer.exit_code == 1
    assert "CASEWORK_PORT" in answer.stderr
    assert "CASEWORK_THREADS" in answer.stderr
