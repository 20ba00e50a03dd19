"""A process that is asked to end does so once, without a traceback, however often it is asked."""

import signal
import subprocess
import sys

import pytest

from casework.config import ROOT

ENDING = """
import os, signal
from casework import processes

processes.end_politely(with_parent=False)
try:
    os.kill(os.getpid(), signal.{first})
finally:
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    print("finished its work")
"""


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
def test_asked_again_while_it_ends_it_finishes_its_work(first: signal.Signals) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDING.format(first=first.name)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "finished its work\n", "")
