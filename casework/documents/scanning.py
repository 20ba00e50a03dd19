"""Asking ClamAV whether a file holds malware, by its own protocol (INSTREAM of clamd)."""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

#: Seconds to be let in, and then for the answer.
CONNECT, ANSWER = 5.0, 60.0
_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096


class ScannerAway(Exception):
    """The scanner does not answer, or does not answer the question."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says of a file. `found` is its own name for what it found, or None."""

    found: str | None = None

    @property
    def is_clean(self) -> bool:
        """Return whether nothing was found."""
        return self.found is None


class Clamd:
    """A clamd that listens on a port or on a socket of this machine."""

    def __init__(self, address: str) -> None:
        self._address = address

    def scan(self, content: bytes) -> Verdict:
        """Return the verdict on the bytes. Raises ScannerAway."""
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), _CHUNK):
                    chunk = content[start : start + _CHUNK]
                    line.sendall(struct.pack("!L", len(chunk)) + chunk)
                line.sendall(struct.pack("!L", 0))
                answer = _all_of(line)
        except OSError as error:
            raise ScannerAway(f"clamd does not answer ({type(error).__name__})") from None
        return _read(answer)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self._address.startswith("/"):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(CONNECT)
            line.connect(self._address)
        else:
            host, _, port = self._address.rpartition(":")
            line = socket.create_connection((host.strip("[]"), int(port)), CONNECT)
        with line:
            line.settimeout(ANSWER)
            yield line


def scanner_at(setting: str) -> Clamd | None:
    """Return the scanner that a setting names, such as `clamd:127.0.0.1:3310`; None for `none`."""
    scheme, _, address = setting.partition(":")
    return Clamd(address) if scheme == "clamd" else None


def _all_of(line: socket.socket) -> str:
    answer = b""
    while len(answer) < _LONGEST_ANSWER and (more := line.recv(_LONGEST_ANSWER)):
        answer += more
        if answer.endswith(b"\0"):
            break
    return answer.rstrip(b"\0\n").decode("ascii", "replace")


def _read(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict()
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        return Verdict(found[1][:100])
    raise ScannerAway("clamd could not scan the file")  # too large for it, or a fault of its own
