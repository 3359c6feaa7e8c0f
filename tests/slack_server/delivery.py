"""How payloads reach the app: signed requests, each with three seconds to be answered."""

import hashlib
import hmac
import http.client
import json
import time
import urllib.parse
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tests.slack_server.clock import Clock

ANSWER_SECONDS = 3.0
PATIENCE_SECONDS = 8.0
POLL_SECONDS = 0.002
CONCURRENT_REQUESTS = 32
USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
Kind = Literal["events_api", "slash_commands", "interactive"]
TIMEOUT = "http_timeout"


@dataclass(frozen=True)
class Parcel:
    """One payload on its way; `attempt` counts from 0, events alone are tried again."""

    kind: Kind
    payload: dict[str, Any]
    attempt: int = 0
    retry_reason: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the app said: a body, or the reason why there is none (in Slack's retry words)."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    failure: str | None = None

    @property
    def ok(self) -> bool:
        return self.failure is None

    @property
    def user_error(self) -> str | None:
        """The word that a person reads when a command or a click went wrong."""
        if self.ok:
            return None
        return "operation_timeout" if self.failure == TIMEOUT else "dispatch_failed"


class Delivery(Protocol):
    """A way to the app."""

    def send(self, parcel: Parcel) -> Answer: ...

    def close(self) -> None: ...


class Nowhere:
    """No app is connected yet."""

    def send(self, parcel: Parcel) -> Answer:
        return Answer(0, failure="connection_failed")

    def close(self) -> None:
        pass


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The v0 signature of Slack's requests."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def wait_for(
    answered: Callable[[], bool], clock: Clock, patience: float = PATIENCE_SECONDS
) -> bool:
    """Whether the answer came within three seconds of the stand-in's clock.

    `patience` is in real seconds: a clock that stands still would wait for ever.
    """
    began, began_really = clock.now(), time.monotonic()
    while not answered():
        if clock.now() - began > ANSWER_SECONDS or time.monotonic() - began_really > patience:
            return False
        time.sleep(POLL_SECONDS)
    return clock.now() - began <= ANSWER_SECONDS


class HttpDelivery:
    """Posts to the app's address.

    The signature carries the machine's time unless `signing_time` is given, since an app in
    another process has no other clock.
    """

    def __init__(
        self,
        address: str,
        signing_secret: str,
        clock: Clock,
        signing_time: Callable[[], float] = time.time,
    ) -> None:
        self._address = urllib.parse.urlsplit(address)
        self.signing_secret = signing_secret
        self.signing_time = signing_time
        self.patience = PATIENCE_SECONDS
        self._clock = clock
        self._workers = ThreadPoolExecutor(CONCURRENT_REQUESTS, thread_name_prefix="slack-delivery")

    def send(self, parcel: Parcel) -> Answer:
        body, content_type = encode(parcel)
        answering = self._workers.submit(
            self.post, body, self.signed(body) | _headers(parcel, content_type)
        )
        if not wait_for(answering.done, self._clock, self.patience):
            return Answer(0, failure=TIMEOUT)
        return _read(answering)

    def signed(self, body: bytes) -> dict[str, str]:
        """The two headers that prove where the body comes from."""
        timestamp = str(int(self.signing_time()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.signing_secret, timestamp, body),
        }

    def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """One request with just these headers; tests send forged ones with it."""
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=PATIENCE_SECONDS
        )
        try:
            connection.request("POST", self._address.path or "/", body, headers)
            response = connection.getresponse()
            return _answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def close(self) -> None:
        self._workers.shutdown(wait=False)


def encode(parcel: Parcel) -> tuple[bytes, str]:
    """The body of the request: JSON for events, a form for the rest."""
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    fields = parcel.payload
    if parcel.kind == "interactive":
        fields = {"payload": json.dumps(parcel.payload)}
    return urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _headers(parcel: Parcel, content_type: str) -> dict[str, str]:
    headers = {"Content-Type": content_type, "User-Agent": USER_AGENT}
    if parcel.attempt:
        headers["X-Slack-Retry-Num"] = str(parcel.attempt)
        headers["X-Slack-Retry-Reason"] = parcel.retry_reason or "unknown_error"
    return headers


def _read(answering: "Future[Answer]") -> Answer:
    try:
        return answering.result()
    except TimeoutError:
        return Answer(0, failure=TIMEOUT)
    except (OSError, http.client.HTTPException):
        return Answer(0, failure="connection_failed")


def _answer(status: int, headers: dict[str, str], body: bytes) -> Answer:
    low = {key.lower(): value for key, value in headers.items()}
    failure = None if 200 <= status < 300 else "http_error"
    text = body.decode("utf-8", "replace")
    if low.get("content-type", "").startswith("application/json"):
        return Answer(status, _parsed(text), low, failure)
    return Answer(status, text or None, low, failure)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
