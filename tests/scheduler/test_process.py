"""The scheduler as a process: why it cannot start, and that it begins again without its lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casework.config import ROOT

pytestmark = pytest.mark.embedded

WITHOUT_ITS_LOCK = """
import os, sys
from pathlib import Path
from casework.app import create_app
from scheduler.__main__ import timetable
from scheduler.jobs import JOBS
from scheduler.lock import FileLock
from scheduler.running import Runner

if "--again" in sys.argv:
    print("begun again")
    sys.exit(0)
lock = FileLock(Path({folder!r}) / "scheduler.lock")
assert lock.take()
runner = Runner(create_app(), lock)
runner.begin()
lock._file.close()
timetable(runner, JOBS, ()).start()
"""


def run(words: list[str], database_url: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    mine = {"CASEWORK_INSTANCE_PATH": str(folder), "CASEWORK_DATABASE_URL": database_url}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **mine},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_process_that_lost_its_lock_begins_again(database_url: str, tmp_path: Path) -> None:
    done = run(["-c", WITHOUT_ITS_LOCK.format(folder=str(tmp_path))], database_url, tmp_path)
    assert "the lock is lost" in done.stderr
    assert (done.returncode, done.stdout) == (0, "begun again\n")


def test_a_database_that_was_never_made_is_said_in_words(tmp_path: Path) -> None:
    done = run(["-m", "scheduler"], f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path)
    assert done.returncode == 1
    assert "run `casework init`" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    done = run(["-m", "scheduler"], "postgresql://x:hunter2@127.0.0.1:9/x", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer")
    assert "hunter2" not in done.stderr
