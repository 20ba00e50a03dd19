"""How a long-running process ends: politely, when it is asked to, and with whoever started it."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

#: Seconds between one look of the watch and the next.
LOOK_EVERY = 1

_is_ending = False
_was_swallowed = False


class _Asked(SystemExit):
    """Somebody asked this process to end."""


def end_politely(*, with_parent: bool) -> None:
    """Make SIGTERM and Ctrl-C end this process as `sys.exit` would, and only once.

    With `with_parent` it also ends when the process that started it has gone, however it went.
    """
    sys.unraisablehook = _noticing(sys.unraisablehook)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit)
    parent = os.getppid() if with_parent else None
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _exit(_number: int, _frame: FrameType | None) -> None:
    # Ctrl-C reaches every process of a terminal, and then the starter's SIGTERM follows it.
    global _is_ending
    if not _is_ending:
        _is_ending = True
        raise _Asked(0)


def _noticing(
    tell: Callable[["sys.UnraisableHookArgs"], object],
) -> Callable[["sys.UnraisableHookArgs"], None]:
    """Return a hook that notices an ending which came to nothing, and tells of all else.

    Python swallows whatever is raised in a destructor or in the callback of a weak reference, and
    a signal may well arrive while one of them runs.
    """

    def notice(unraisable: "sys.UnraisableHookArgs") -> None:
        global _was_swallowed
        if not issubclass(unraisable.exc_type, _Asked):
            tell(unraisable)
            return
        # The watch asks again, and not this hook: what is raised in it is swallowed as well. To
        # store a plain flag is the last thing done here, so nothing can be raised after it.
        _was_swallowed = True

    return notice


def _watch(parent: int | None) -> None:
    global _is_ending, _was_swallowed
    while True:
        time.sleep(LOOK_EVERY)
        if _was_swallowed:
            _was_swallowed = _is_ending = False
            os.kill(os.getpid(), signal.SIGTERM)
        elif parent not in (None, os.getppid()):
            os.kill(os.getpid(), signal.SIGTERM)
