"""The web and the scheduler start together and end together, however they are ended."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casework.access import ROLES
from casework.bootstrap import environment, processes
from casework.bootstrap.places import BIN, ROOT

pytestmark = pytest.mark.embedded

PREPARE = "from casework.bootstrap import processes; processes.prepare_records()"
RUN = "import sys; from casework.bootstrap import processes; sys.exit(processes.run_system())"
PATIENCE = 30


class System:
    """The running system, as the one who started it sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""

    def address(self) -> str:
        """Wait until the web says where it is, and return that."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"is at (http://[\d.:]+)", line):
                return found[1]
        raise AssertionError(f"it never started: {self.said}")

    def children(self) -> list[int]:
        """Return the processes that it started and that still run."""
        return [pid for pid, parent in running().items() if parent == self.process.pid]


def running() -> dict[int, int]:
    """Return the parent of every process that has not ended."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(stat.parent.name)] = int(parent)
    return found


def wait_until(what: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(autouse=True)
def _the_command() -> None:
    """Make the `casework` command where only the packages have been installed."""
    if not (BIN / "casework").exists():
        environment._write_command()


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Callable[..., System]]:
    """Give a way to start the system on a migrated database, on any free port."""
    started: list[System] = []

    def begin(port: int = 0) -> System:
        mine = {"PORT": str(port), "CASEWORK_INSTANCE_PATH": str(tmp_path)}
        process = subprocess.Popen(
            [sys.executable, "-c", RUN],
            cwd=ROOT,
            env={**os.environ, **mine, "CASEWORK_DATABASE_URL": database_url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(System(process))
        return started[-1]

    yield begin
    for system in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(system.process.pid, signal.SIGKILL)
        system.process.wait()


def test_asked_to_stop_it_ends_both_and_all_is_well(start: Callable[..., System]) -> None:
    system = start()
    address = system.address()
    with urllib.request.urlopen(f"{address}/health/live") as answer:
        assert answer.status == 200
    children = system.children()
    assert len(children) == 2
    system.process.terminate()
    assert system.process.wait(processes.PATIENCE - 5) == 0, "it was ended, and did not end"
    assert not set(children) & set(running())


def test_ctrl_c_ends_both_and_shows_no_traceback(start: Callable[..., System]) -> None:
    system = start()
    system.address()
    assert wait_until(lambda: len(system.children()) == 2)
    os.killpg(system.process.pid, signal.SIGINT)
    assert system.process.wait(PATIENCE) == 0
    assert system.process.stdout
    assert "Traceback" not in system.process.stdout.read()


def test_killed_outright_it_leaves_nothing_running(start: Callable[..., System]) -> None:
    system = start()
    system.address()
    assert wait_until(lambda: len(system.children()) == 2)
    children = system.children()
    system.process.kill()
    assert wait_until(lambda: not set(children) & set(running()))


def test_a_port_in_use_is_said_in_words_and_ends_both(start: Callable[..., System]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        system = start(taken.getsockname()[1])
        assert system.process.stdout
        said = system.process.stdout.read()
    assert system.process.wait(PATIENCE) == 1
    assert "is in use" in said
    assert "PORT=" in said
    assert not system.children()


def prepare(folder: Path, **changes: str) -> "subprocess.CompletedProcess[str]":
    mine = {"CASEWORK_INSTANCE_PATH": str(folder), **changes}
    return subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env={**os.environ, **mine},
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_first_start_makes_a_demonstration_and_a_second_keeps_it(tmp_path: Path) -> None:
    first = prepare(tmp_path)
    assert "Every child here is invented." in first.stdout
    sign_ins = [line for line in first.stdout.splitlines() if "@example.org" in line]
    assert {line.split()[0] for line in sign_ins} >= {f"{role}@example.org" for role in ROLES}
    second = prepare(tmp_path)
    assert [line for line in second.stdout.splitlines() if "@example.org" in line] == sign_ins


def test_in_production_a_start_prepares_nothing(tmp_path: Path) -> None:
    prepare(tmp_path, CASEWORK_ENVIRONMENT="production")
    assert list(tmp_path.iterdir()) == []
