"""Faults on demand: what the network and Slack itself do on bad days."""

import random
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["status", "error", "reset", "hang", "lost"]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with one call.

    `status` answers an HTTP status, `error` an ok:false code, `reset` drops the connection before
    anything was done, `hang` says nothing for `seconds` and then drops it, and `lost` does all that
    was asked and then drops the connection, so that the caller cannot know.
    """

    kind: Kind
    status: int = 500
    retry_after: int | None = None
    error: str = "internal_error"
    seconds: float = 0.0


def too_many_requests(retry_after: int = 1) -> Fault:
    return Fault("status", status=429, retry_after=retry_after)


def server_error(status: int = 500) -> Fault:
    return Fault("status", status=status)


def refusal(error: str) -> Fault:
    return Fault("error", error=error)


def connection_reset() -> Fault:
    return Fault("reset")


def silence(seconds: float) -> Fault:
    return Fault("hang", seconds=seconds)


def lost_response() -> Fault:
    return Fault("lost")


@dataclass(frozen=True)
class Scattered:
    """Faults that come by chance."""

    share: float
    faults: tuple[Fault, ...]
    random: random.Random

    def draw(self) -> Fault | None:
        return self.random.choice(self.faults) if self.random.random() < self.share else None


@dataclass
class Faults:
    """The faults to come: of calls by their method, or of any call ("*"); and of events."""

    _planned: dict[str, deque[Fault]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _duplicated: int = 0
    _scattered: Scattered | None = None
    holding: bool = False

    def plan(self, method: str, *faults: Fault) -> None:
        """The next calls of the method meet these faults, one each and in this order."""
        with self._lock:
            self._planned.setdefault(method, deque()).extend(faults)

    def next_for(self, method: str) -> Fault | None:
        with self._lock:
            for name in (method, "*"):
                if self._planned.get(name):
                    return self._planned[name].popleft()
            return self._scattered.draw() if self._scattered else None

    def scatter(self, share: float, *faults: Fault, seed: int = 1) -> None:
        """From now on this share of all calls meets one of the faults, by a seeded draw."""
        with self._lock:
            self._scattered = Scattered(share, faults, random.Random(seed))

    def duplicate_events(self, count: int = 1) -> None:
        """Each of the next `count` events is delivered twice."""
        with self._lock:
            self._duplicated += count

    def is_duplicated(self) -> bool:
        with self._lock:
            if not self._duplicated:
                return False
            self._duplicated -= 1
            return True
