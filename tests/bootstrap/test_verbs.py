"""The casework command started from a clone: nothing is left of it when its starter is ended."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from casework.bootstrap import environment
from casework.bootstrap.places import BIN, ROOT

pytestmark = pytest.mark.embedded

#: The verb as `python3 -m casework` does it, in whichever environment the tests run.
STARTER = """
import sys
from casework.bootstrap import environment, verbs
environment.ensure = lambda _kind: None
sys.exit(verbs.main(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def _the_command() -> None:
    """Make the `casework` command where only the packages have been installed."""
    if not (BIN / "casework").exists():
        environment._write_command()


def start(*words: str, **settings: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_is_gone_once_its_starter_is_ended(
    database_url: str, tmp_path: Path, how: signal.Signals
) -> None:
    mine = {"CASEWORK_INSTANCE_PATH": str(tmp_path), "CASEWORK_DATABASE_URL": database_url}
    with start("serve", PORT="0", **mine) as started:
        assert started.stdout
        address = next(
            found[1]
            for line in started.stdout
            if (found := re.search(r"is at (http://[\d.:]+)", line))
        )
        assert urllib.request.urlopen(f"{address}/health/live").status == 200
        started.send_signal(how)
        assert started.wait(30) == (0 if how == signal.SIGTERM else -signal.SIGKILL)
        with pytest.raises(urllib.error.URLError, match="refused"):
            urllib.request.urlopen(f"{address}/health/live", timeout=5)


def test_a_command_s_status_and_words_are_its_starter_s_own() -> None:
    with start("no-such-verb") as started:
        words, _ = started.communicate()
    assert (started.returncode, words) == (2, "")
    with start("law") as started:
        words, _ = started.communicate()
    assert started.returncode == 0
    assert "Children and Families Act 2014" in words
