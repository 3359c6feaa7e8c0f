"""A plain HTTP client for one server: a token for the API, or a signed-in session for pages."""

import http.client
import re
from urllib.parse import urlencode

SIGN_IN = {"email": "manager@example.com", "password": "field-notes-demo"}


class HttpFailure(RuntimeError):
    """An answer that is no success; `status` is its code."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"{path} answered {status}")
        self.status = status


class Client:
    """Opens a connection for each request, as the product's server closes it after each answer."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._headers = headers

    def get(self, path: str, **parameters: str) -> bytes:
        """The body of the answer; raises HttpFailure for anything but 200."""
        return self._body("GET", f"{path}?{urlencode(parameters)}" if parameters else path)

    def post(self, path: str, body: bytes) -> bytes:
        """The body of the answer once the server has acknowledged; raises HttpFailure."""
        return self._body("POST", path, body)

    def _body(self, method: str, path: str, body: bytes | None = None) -> bytes:
        status, _, answer = exchange(self._port, method, path, self._headers, body)
        if not 200 <= status < 300:
            raise HttpFailure(path, status)
        return answer


def with_token(port: int, token: str) -> Client:
    """A program's client."""
    return Client(port, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})


def signed_in(port: int) -> Client:
    """A browser in which the demo's manager has signed in."""
    _, headers, form = exchange(port, "GET", "/sign-in", {})
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert found is not None
    fields = urlencode(SIGN_IN | {"csrf_token": found[1].decode()}).encode()
    sent = {
        "Cookie": _cookie(headers),
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://127.0.0.1:{port}/sign-in",
    }
    status, headers, _ = exchange(port, "POST", "/sign-in", sent, fields)
    assert status == 303, status
    return Client(port, {"Cookie": _cookie(headers)})


def exchange(
    port: int, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of one answer, read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def _cookie(headers: http.client.HTTPMessage) -> str:
    return "; ".join(one.split(";", 1)[0] for one in headers.get_all("Set-Cookie", []))
