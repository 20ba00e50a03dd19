"""From a bare clone: the first steps need Python alone, and a failure says what to do."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from casework.bootstrap import assets, environment, machine, places, verbs
from casework.bootstrap.places import ROOT, CannotStart


def test_the_first_steps_need_nothing_but_python() -> None:
    bare = [sys.executable, "-S", "-E", "-m", "casework", "--help"]
    done = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "python3 -m casework run" in done.stdout


def test_no_verb_at_all_is_answered_with_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert verbs.main([]) == 2
    assert "python3 -m casework test" in capsys.readouterr().out


def test_an_older_python_is_told_which_one_to_use() -> None:
    older = "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_module('casework')"
    done = subprocess.run(
        [sys.executable, "-c", older], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("This needs Python 3.11 or later; this is Python 3.9.")


def test_a_python_without_venv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(CannotStart, match="apt-get install python3-venv"):
        environment._make_venv()


def test_a_tool_that_fails_is_quoted_in_its_last_words() -> None:
    failing = [sys.executable, "-c", "import sys; print('the reason'); sys.exit(3)"]
    with pytest.raises(CannotStart, match=r"(?s)exit status 3.*the reason"):
        places.run_step(failing, "Doing it")


def test_a_tool_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CannotStart, match="Doing it failed"):
        places.run_step(["no-such-tool-anywhere"], "Doing it")


def test_a_changed_lock_asks_for_a_new_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("uv.txt", "run.txt", "dev.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.symlink_to(sys.executable)
    monkeypatch.setattr(environment, "LOCKS", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", python)
    assert not environment._is_current("run")
    environment._stamp("dev").touch()
    assert environment._is_current("run"), "what tests need holds what running needs"
    (tmp_path / "dev.txt").write_text("another pin")
    assert not environment._is_current("dev")


def test_changed_sources_ask_for_a_new_stylesheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "ASSETS", tmp_path)
    before = assets._stamp()
    (tmp_path / "_new.scss").write_text("a { color: red }")
    assert assets._stamp() != before


def test_where_nothing_may_be_installed_what_is_lacking_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "_lacking", lambda: ["chromium", "postgresql"])
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    machine.ensure_for_tests()
    assert "no chromium and no postgresql" in capsys.readouterr().err
