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


def run(program: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
def test_asked_again_while_it_ends_it_finishes_its_work(first: signal.Signals) -> None:
    done = run(ENDING.format(first=first.name))
    assert (done.returncode, done.stdout, done.stderr) == (0, "finished its work\n", "")


SWALLOWED = """
import os, signal, time, weakref
from casework import processes

class Kept:
    def __init__(self, *, asks_to_end):
        self.asks_to_end = asks_to_end

    def __del__(self):
        if self.asks_to_end:
            os.kill(os.getpid(), signal.SIGTERM)

def in_a_destructor():
    Kept(asks_to_end=True)

def in_a_callback():
    kept = Kept(asks_to_end=False)
    gone = weakref.ref(kept, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    del kept

processes.end_politely(with_parent=False)
{where}()
print("went on with its work", flush=True)
time.sleep({patience})
print("was never ended")
"""


@pytest.mark.parametrize("where", ["in_a_destructor", "in_a_callback"])
def test_asked_where_python_swallows_it_a_process_ends_all_the_same(where: str) -> None:
    done = run(SWALLOWED.format(where=where, patience=20))
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on with its work\n", "")


OTHER_FAULT = """
from casework import processes

class Broken:
    def __del__(self):
        raise ValueError("a fault of its own")

processes.end_politely(with_parent=False)
Broken()
"""


def test_any_other_fault_that_python_swallows_is_still_told() -> None:
    done = run(OTHER_FAULT)
    assert done.returncode == 0
    assert "a fault of its own" in done.stderr
