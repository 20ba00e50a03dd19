"""A browser with nothing in it: one kept-alive connection, bytes out, bytes in."""

import http.cookiejar
import socket
import urllib.parse
import urllib.request


class Connection:
    """One HTTP/1.1 connection to loopback."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request; return the status and the body of the answer."""
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._read()
        head, _, body = received.partition(b"\r\n\r\n")
        length = _content_length(head)
        parts, have = [body], len(body)
        while have < length:
            part = self._read()
            parts.append(part)
            have += len(part)
        return int(head[9:12]), b"".join(parts)

    def close(self) -> None:
        """Let go of the connection."""
        self._socket.close()

    def _read(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without a length: " + head.decode())


def request(path: str, *, cookie: str = "", form: dict[str, str] | None = None) -> bytes:
    """Return a request as bytes: a GET, or a POST of the form."""
    body = urllib.parse.urlencode(form).encode() if form is not None else b""
    lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if form is not None:
        lines.append("Content-Type: application/x-www-form-urlencoded")
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sign_in(port: int, email: str, password: str) -> str:
    """Return the cookie of a browser that has signed in as a person does."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}/sign-in"
    token = token_in(browser.open(address).read())
    typed = {"email": email, "password": password, "csrf_token": token}
    browser.open(address, urllib.parse.urlencode(typed).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def token_in(page: bytes) -> str:
    """Return the CSRF token of the first form on a page."""
    found = page.split(b'name="csrf_token"', 1)[1].split(b'value="', 1)[1]
    return found.split(b'"', 1)[0].decode()
