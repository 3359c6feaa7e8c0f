"""A load generator that takes little of the machine it shares with the server.

Each client is a thread with one kept-alive connection that sends ready-made requests and reads only
as much of the answer as it needs: status and length.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a run of requests came to; times in milliseconds."""

    clients: int
    requests: int
    seconds: float
    median_ms: float
    p95_ms: float
    errors: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def http_request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """The bytes of one request."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


def run(
    port: int, make_requests: Callable[[int], Iterator[bytes]], *, clients: int, seconds: float
) -> Load:
    """Sends requests from `clients` connections for `seconds`; the first half second is not
    counted."""
    workers = [_Client(port, make_requests(number)) for number in range(clients)]
    start = time.perf_counter() + 0.5
    threads = [
        threading.Thread(target=worker.run, args=(start, start + seconds)) for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(one for worker in workers for one in worker.times)
    if not times:
        raise RuntimeError(f"no request succeeded: {workers[0].last_error!r}")
    return Load(
        clients=clients,
        requests=len(times),
        seconds=seconds,
        median_ms=times[len(times) // 2] * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        errors=sum(worker.errors for worker in workers),
    )


class _Client:
    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self._port = port
        self._requests = requests
        self._socket = self._connect()
        self.times: list[float] = []
        self.errors = 0
        self.last_error = b""

    def run(self, start: float, end: float) -> None:
        while (begun := time.perf_counter()) < end:
            status = self._exchange(next(self._requests))
            done = time.perf_counter()
            if not 200 <= status < 300:
                self.errors += 1
            elif begun >= start:
                self.times.append(done - begun)
        self._socket.close()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _exchange(self, request: bytes) -> int:
        self._socket.sendall(request)
        data = self._socket.recv(65536)
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _, body = data.partition(b"\r\n\r\n")
        lowered = head.lower()
        length = int(lowered.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        received = len(body)
        while received < length:
            received += len(self._receive())
        status = int(head[9:12])
        if status >= 400:
            self.last_error = data[:600]
        if b"connection: close" in lowered:
            self._socket.close()
            self._socket = self._connect()
        return status

    def _receive(self) -> bytes:
        chunk = self._socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        return chunk
