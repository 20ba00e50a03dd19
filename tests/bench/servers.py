"""The two servers compared: the project as it is served, and the floor. Both on waitress."""

import os
import socket
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

from tests.bench import client
from tests.bench.data import Data

THREADS = 8
PATIENCE = 30


class Server:
    """A server process on loopback, from `with` to the end of it."""

    command: list[str]

    def __init__(self, data: Data) -> None:
        self.data = data
        self.port = _free_port()

    def __enter__(self) -> Self:
        settings = self.data.app.extensions["casework.settings"]
        given = {
            "CASEWORK_INSTANCE_PATH": str(self.data.folder),
            "CASEWORK_DATABASE_URL": self.data.url,
            "CASEWORK_TODAY": self.data.today.isoformat(),
            "CASEWORK_SECRET_KEY": settings.secret_key,
            "CASEWORK_AUDIT_KEY": settings.audit_key,
            "CASEWORK_THREADS": str(THREADS),
            "CASEWORK_PORT": str(self.port),
        }
        log = open(self.data.folder / f"{type(self).__name__}.log", "w")
        self._process = subprocess.Popen(
            [sys.executable, *self.command], env=os.environ | given, stdout=log, stderr=log
        )
        self._wait()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)

    def fetch(self, request: bytes) -> tuple[int, bytes]:
        """Return the answer to one request, on a connection of its own."""
        connection = client.Connection(self.port)
        try:
            return connection.send(request)
        finally:
            connection.close()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        log = (self.data.folder / f"{type(self).__name__}.log").read_text()
        raise RuntimeError(f"{type(self).__name__} did not start:\n{log}")


class Project(Server):
    """The project, as `casework serve` serves it, with a manager signed in."""

    command = ["-c", "from casework.cli import main; main()", "serve"]  # noqa: RUF012

    def __enter__(self) -> Self:
        super().__enter__()
        manager = self.data.manager
        self.cookie = client.sign_in(self.port, manager.email, manager.passphrase)
        status, page = self.fetch(client.request("/cases?view=all", cookie=self.cookie))
        assert status == 200, f"the list answered {status}"
        self.token = client.token_in(page)
        return self

    def get(self, path: str) -> bytes:
        """Return a request for a page."""
        return client.request(path, cookie=self.cookie)

    def post(self, path: str, **form: str) -> bytes:
        """Return a request that sends a form."""
        return client.request(path, cookie=self.cookie, form={"csrf_token": self.token, **form})


class Floor(Server):
    """The floor: see tests.bench.floor."""

    command = ["-m", "tests.bench.floor"]  # noqa: RUF012

    def get(self, path: str) -> bytes:
        """Return a request for a page."""
        return client.request(path)

    def post(self, path: str, **form: str) -> bytes:
        """Return a request that sends a form."""
        return client.request(path, form=form)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
