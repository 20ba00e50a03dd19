"""Makes `.venv` from the hash-pinned locks, once for each state of the locks."""

import hashlib
import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

from casework.bootstrap.places import BIN, LOCKS, PYTHON, ROOT, VENV, CannotStart, run_step, say

#: What each kind of environment is installed from. `dev` holds everything that `run` does.
KINDS = {"run": "run.txt", "dev": "dev.txt"}

_COMMAND = """\
#!/bin/sh
exec {python} -P -c 'from casework.cli import main; main(prog_name="casework")' "$@"
"""


def ensure(kind: str) -> None:
    """Make `.venv` hold what the kind needs; return at once where it already does."""
    if _is_current(kind):
        return
    if not _works([BIN / "uv", "--version"]) or not _works([PYTHON, "-m", "pip", "--version"]):
        _make_venv()
        install("uv.txt", with_pip=True)
    install(KINDS[kind])
    _put_project_on_path()
    _write_command()
    for old in VENV.glob(f"{kind}-*.stamp"):
        old.unlink()
    _stamp(kind).touch()


def install(lock: str, *, with_pip: bool = False) -> None:
    """Install a lock's packages into `.venv`, every one checked against its hash."""
    say(f"Installing what casework/locks/{lock} lists")
    what = f"Installing what casework/locks/{lock} lists"
    wanted = ["--quiet", "--require-hashes", "-r", LOCKS / lock]
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", *wanted]
    if with_pip:
        run_step(pip, what)
        return
    try:
        run_step([BIN / "uv", "pip", "install", "--python", PYTHON, *wanted], what)
    except CannotStart:
        say("uv could not; trying pip, which may know this network's own settings")
        run_step(pip, what)


def site_packages() -> Path:
    """Return the folder in which `.venv` keeps its packages."""
    # Debian changes the default scheme of its Python, but not the one for virtual environments.
    base = {"base": str(VENV), "platbase": str(VENV)}
    return Path(sysconfig.get_path("purelib", "venv", vars=base))


def _make_venv() -> None:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise CannotStart(
            f"This Python has no {' and no '.join(missing)}. On Debian or Ubuntu, run:\n\n"
            "    apt-get install python3-venv\n\nthen start again."
        )
    say("Making .venv")
    run_step([sys.executable, "-m", "venv", "--clear", VENV], "Making .venv")


def _works(command: list[object]) -> bool:
    try:
        done = subprocess.run([str(c) for c in command], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _put_project_on_path() -> None:
    (site_packages() / "casework.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def _write_command() -> None:
    command = BIN / "casework"
    command.write_text(_COMMAND.format(python=shlex.quote(str(PYTHON))), encoding="utf-8")
    command.chmod(0o755)


def _is_current(kind: str) -> bool:
    stamps = [_stamp("dev")] if kind == "dev" else [_stamp("run"), _stamp("dev")]
    return os.access(PYTHON, os.X_OK) and any(stamp.exists() for stamp in stamps)


def _stamp(kind: str) -> Path:
    """Return the mark left by an install of these locks, by this Python, in this folder."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in ("uv.txt", KINDS[kind]):
        digest.update((LOCKS / name).read_bytes())
    return VENV / f"{kind}-{digest.hexdigest()[:16]}.stamp"
