"""Work for schedulers that a test starts as real processes, and kills."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from datetime import time as day_time
from multiprocessing.process import BaseProcess
from pathlib import Path

from casework.config import ROOT
from casework.emails.messages import Email
from casework.extensions import db
from casework.models import User
from casework.services import audit_trail, outbox
from casework.services.audit_trail import SCHEDULER
from scheduler.__main__ import main
from scheduler.jobs import Job
from tests.fixtures.application import settings_for

#: How many pieces one day's work has, each a transaction of its own.
PIECES = 25
#: The one job of these schedulers; it is due from two minutes past two, whatever the hour.
JOB = Job(id="work", at=day_time(2, 2), service="tests.faults.work:do", why="Because.")
#: A scheduler that begins again as it was begun, when it loses its lock.
PROGRAM = "import sys; from tests.faults.work import JOB, main; sys.exit(main([JOB], []))"
#: Schedulers are forked from a process that has read all the code: to read it takes seconds.
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.faults.work"])


def do(day: date) -> str:
    """Tell one person of each piece of the day that they were not told yet."""
    _note("begun")
    (reader,) = db.session.scalars(db.select(User.id))
    for piece in range(PIECES):
        email = Email("meeting_cancelled", f"Piece {piece}", "Words")
        if outbox.put(about=f"piece {piece} of {day}", to_user_id=reader, email=email):
            audit_trail.record(SCHEDULER, "told of piece", subject=f"piece {piece}")
        db.session.commit()
        _note(f"piece {piece}")
        time.sleep(0.02)
    _note("ended")
    return "done"


def notes(folder: Path) -> list[str]:
    """Return what the schedulers of a folder noted, as "process words"."""
    file = folder / "notes"
    return file.read_text("ascii").splitlines() if file.exists() else []


def start(database_url: str, folder: Path) -> BaseProcess:
    """Start a scheduler of its own, with the one job."""
    started = _FORKING.Process(target=_be_scheduler, args=(_environment(database_url, folder),))
    started.start()
    return started


def start_program(database_url: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Start the same as a program of its own, which can begin itself again."""
    environment = {**os.environ, **_environment(database_url, folder)}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment)


def wait_until(holds: Callable[[], object], seconds: float = 120) -> None:
    """Return once something holds; fail after so many seconds, on however busy a machine."""
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last, "it did not come to pass"
        time.sleep(0.05)


def _environment(database_url: str, folder: Path) -> dict[str, str]:
    return {
        "CASEWORK_INSTANCE_PATH": str(folder),
        "CASEWORK_DATABASE_URL": database_url,
        "CASEWORK_AUDIT_KEY": settings_for(database_url, folder).audit_key,
    }


def _be_scheduler(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    sys.argv = ["scheduler"]
    sys.exit(main([JOB], []))


def _note(words: str) -> None:
    file = Path(os.environ["CASEWORK_INSTANCE_PATH"], "notes")
    with file.open("ab", buffering=0) as end:  # one write, at the end, whoever else writes
        end.write(f"{os.getpid()} {words}\n".encode("ascii"))
