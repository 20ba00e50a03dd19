"""A server that speaks clamd's protocol and knows one piece of malware: the EICAR test file."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: The test file that every scanner takes for malware, put together so that this file is not it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Clamd(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(size)
        found = "Eicar-Test-Signature FOUND" if EICAR in content else "OK"
        if b"too large for it" in content:
            found = "INSTREAM size limit exceeded. ERROR"
        self.request.sendall(f"stream: {found}\0".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def clamd(port: int = 0) -> Iterator[str]:
    """Give the address of a scanner that runs meanwhile, as the setting has it."""
    with _Server(("127.0.0.1", port), _Clamd) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"clamd:127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Clamd) as server:
        return int(server.server_address[1])
