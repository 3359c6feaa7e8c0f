"""Socket Mode: the app connects, and each payload goes through any one of its sockets."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.slack_server.clock import Clock
from tests.slack_server.delivery import PATIENCE_SECONDS, TIMEOUT, Answer, Parcel, wait_for

MOST_SOCKETS = 10
CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 0.2
# Sockets have a word of their own for what HTTP calls a timeout.
SOCKET_REASONS = {TIMEOUT: "timeout"}


@dataclass
class _Awaited:
    """An envelope on its way; the answer is set when the app acknowledges it."""

    arrived: threading.Event = field(default_factory=threading.Event)
    payload: Any = None


class SocketDelivery:
    """The server for the app's sockets, and the way to the app through them."""

    def __init__(self, clock: Clock, app_id: str, *, port: int = 0) -> None:
        self._clock = clock
        self._app_id = app_id
        self.patience = PATIENCE_SECONDS
        self._lock = threading.Lock()
        self._sockets: list[ServerConnection] = []
        self._connected = threading.Condition(self._lock)
        self._awaited: dict[str, _Awaited] = {}
        self._turn = 0
        self._server: Server = serve(self._serve, "127.0.0.1", port, close_timeout=CLOSE_SECONDS)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="slack-sockets", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"

    def wait_until_connected(self, count: int = 1) -> None:
        with self._connected:
            if not self._connected.wait_for(lambda: len(self._sockets) >= count, CONNECT_SECONDS):
                raise AssertionError("the app did not connect")

    def send(self, parcel: Parcel) -> Answer:
        """Hands the payload to one socket and waits for its acknowledgement."""
        connection = self._next_socket()
        if connection is None:
            return Answer(0, failure="connection_failed")
        envelope = self._envelope(parcel)
        awaited = self._awaited[envelope["envelope_id"]] = _Awaited()
        try:
            connection.send(json.dumps(envelope))
        except ConnectionClosed:
            return Answer(0, failure="connection_failed")
        if not wait_for(awaited.arrived.is_set, self._clock, self.patience):
            return Answer(0, failure=TIMEOUT)
        return Answer(200, awaited.payload)

    def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Tells every socket to make way, and closes it as Slack does."""
        with self._lock:
            sockets = list(self._sockets)
        for connection in sockets:
            connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {}}))
            connection.close()

    def close(self) -> None:
        self._server.shutdown()
        with self._lock:
            sockets = list(self._sockets)
        for connection in sockets:
            connection.close()
        self._thread.join(CONNECT_SECONDS)

    def _serve(self, connection: ServerConnection) -> None:
        if not self._welcome(connection):
            return
        try:
            for frame in connection:
                self._acknowledged(json.loads(frame))
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                self._sockets.remove(connection)

    def _welcome(self, connection: ServerConnection) -> bool:
        """Says hello; an eleventh socket is sent away."""
        with self._connected:
            room = len(self._sockets) < MOST_SOCKETS
            if room:
                self._sockets.append(connection)
                self._connected.notify_all()
            count = len(self._sockets)
        if not room:
            told: dict[str, Any] = {"type": "disconnect", "reason": "too_many_websockets"}
        else:
            told = {
                "type": "hello",
                "num_connections": count,
                "connection_info": {"app_id": self._app_id},
                "debug_info": {"host": "stand-in", "approximate_connection_time": 18060},
            }
        connection.send(json.dumps(told))
        return room

    def _acknowledged(self, told: dict[str, Any]) -> None:
        awaited = self._awaited.pop(str(told.get("envelope_id")), None)
        if awaited is not None:
            awaited.payload = told.get("payload")
            awaited.arrived.set()

    def _next_socket(self) -> ServerConnection | None:
        with self._lock:
            if not self._sockets:
                return None
            self._turn += 1
            return self._sockets[self._turn % len(self._sockets)]

    def _envelope(self, parcel: Parcel) -> dict[str, Any]:
        with self._lock:
            self._turn += 1
            envelope: dict[str, Any] = {
                "envelope_id": f"00000000-0000-4000-8000-{self._turn:012d}",
                "type": parcel.kind,
                "payload": parcel.payload,
                "accepts_response_payload": parcel.kind != "events_api",
            }
        if parcel.kind == "events_api":
            reason = SOCKET_REASONS.get(parcel.retry_reason or "", parcel.retry_reason or "")
            envelope |= {"retry_attempt": parcel.attempt, "retry_reason": reason}
        return envelope
