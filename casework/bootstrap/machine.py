"""The browser and the database server that the tests need, from Debian where that can be."""

import os
import shutil
import subprocess
from pathlib import Path

from casework.bootstrap.places import say


def ensure_for_tests() -> None:
    """Install what the tests need and the machine lacks, where it may; else say what is lacking.

    The tests themselves decide what a lack means: a failure where `CI` is `true`, a skip at a desk.
    """
    lacking = _lacking()
    if lacking and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing {', '.join(lacking)} from Debian")
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "-y", "-qq", "--no-install-recommends", "install", *lacking]
        for command in (["apt-get", "-qq", "update"], install):
            subprocess.run(command, capture_output=True, check=False, env=environ)
        lacking = _lacking()
    if lacking:
        say(f"This machine has no {' and no '.join(lacking)}, and it could not be installed here")


def _lacking() -> list[str]:
    """Return the Debian packages whose programs or fonts are not here."""
    found = {
        "chromium": shutil.which("chromium") or os.environ.get("CHROMIUM"),
        "fonts-liberation": any(Path("/usr/share/fonts").glob("truetype/liberation*/*Sans-Reg*")),
        "postgresql": shutil.which("initdb")
        or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    }
    return [package for package, here in found.items() if not here]
