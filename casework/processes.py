"""How a long-running process ends: politely, when it is asked to, and with whoever started it."""

import os
import signal
import threading
import time
from types import FrameType
from typing import NoReturn


def end_politely(*, with_parent: bool) -> None:
    """Make SIGTERM end this process as `sys.exit` would.

    With `with_parent` it also ends when the process that started it has gone, however it went.
    """
    signal.signal(signal.SIGTERM, _exit)
    if with_parent:
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
