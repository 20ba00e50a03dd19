"""Runs the web application and the scheduler side by side, and ends both together."""

import os
import signal
import subprocess
import sys
import time

from casework.bootstrap.places import BIN, PYTHON, ROOT, CannotStart, say

#: Seconds that a process is given to finish its work before it is ended.
PATIENCE = 15


def prepare_records() -> None:
    """Make or migrate the database and, where it is empty, fill it with a demonstration authority.

    In production nothing is prepared: the database is migrated by hand, after a backup.
    """
    if os.environ.get("CASEWORK_ENVIRONMENT") == "production":
        return
    say("Preparing the records")
    _casework("init", stdout=subprocess.DEVNULL)
    _casework("demo", "--if-empty")


def run_system() -> int:
    """Run the web and the scheduler until one ends, and return its status; 0 when asked to stop."""
    running: list[subprocess.Popen[bytes]] = []
    # Noted and looked for, not raised: Python swallows what is raised in a destructor.
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    try:
        running.append(subprocess.Popen([BIN / "casework", "serve", "--with-parent"], cwd=ROOT))
        running.append(subprocess.Popen([PYTHON, "-m", "scheduler", "--with-parent"], cwd=ROOT))
        return _wait_for_first(running, asked)
    except KeyboardInterrupt:
        return 0
    finally:
        _end(running)


def _casework(*arguments: str, stdout: int | None = None) -> None:
    """Run the `casework` command, its words passing straight through."""
    done = subprocess.run([BIN / "casework", *arguments], cwd=ROOT, stdout=stdout, check=False)
    if done.returncode:
        raise CannotStart(f"`casework {' '.join(arguments)}` failed; its words are above.")


def _wait_for_first(running: list[subprocess.Popen[bytes]], asked: list[int]) -> int:
    while not asked:
        for process in running:
            if process.poll() is not None:
                return process.returncode
        time.sleep(0.2)
    return 0


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for process in running:
        if process.poll() is None:
            process.terminate()
    last_moment = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, last_moment - time.monotonic()))
        except subprocess.TimeoutExpired:
            print("  A process would not finish; ending it.", file=sys.stderr)
            process.kill()
            process.wait()
