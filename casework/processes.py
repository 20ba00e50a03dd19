"""How a long-running process ends: politely, when it is asked to, and with whoever started it."""

import os
import signal
import threading
import time
from types import FrameType

_ending = threading.Event()


def end_politely(*, with_parent: bool) -> None:
    """Make SIGTERM and Ctrl-C end this process as `sys.exit` would, and only once.

    With `with_parent` it also ends when the process that started it has gone, however it went.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit)
    if with_parent:
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _exit(_number: int, _frame: FrameType | None) -> None:
    # Ctrl-C reaches every process of a terminal, and then the starter's SIGTERM follows it.
    if not _ending.is_set():
        _ending.set()
        raise SystemExit(0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
