"""Work on files from outside, done in a process of its own.

Whoever sends a file may have made it to break what opens it. The process that does has no secret in
its environment, little memory, seconds to live, and nothing to lose: if it dies, only the file is
refused.
"""

import json
import resource
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
SECONDS: Final = 30
MEMORY: Final = 1536 * 1024 * 1024
#: The largest file that such a process may write.
LARGEST: Final = 1024 * 1024 * 1024

#: Files opened at once: each may take the memory above, and the machine has only so much.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


class Failed(Exception):
    """The process took too long or too much, or died. The words name nobody and no file."""


def call(
    work: str, given: dict[str, Any], *, seconds: int = SECONDS, memory: int = MEMORY
) -> dict[str, Any]:
    """Return what `work` answers to `given`, both as JSON has them, done in another process.

    `work` names a function as `module:name`, which only that process loads. `seconds` of its own
    time and bytes of `memory` are what it may use. Raises Failed.
    """
    asked = {"work": work, "given": given, "seconds": seconds, "memory": memory}
    with _AT_ONCE:
        return _answer(json.dumps(asked).encode(), seconds)


def _answer(asked: bytes, seconds: int) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "casework.apart"],
            input=asked,
            capture_output=True,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            timeout=seconds * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failed("it took too long") from None
    if done.returncode:
        raise Failed(f"it ended with status {done.returncode}")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Failed("it answered nothing that can be read") from None
    return dict(answer)


def _limit(seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


def _main() -> None:
    """Do what standard input asks for, and answer on standard output."""
    asked = json.load(sys.stdin)
    _limit(asked["seconds"], asked["memory"])
    module, _, name = asked["work"].partition(":")
    json.dump(getattr(import_module(module), name)(asked["given"]), sys.stdout)


if __name__ == "__main__":
    _main()
