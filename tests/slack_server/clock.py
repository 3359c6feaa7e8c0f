"""The time of the stand-in: moved by hand in tests, the machine's own when run by hand."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from typing import Protocol

Deed = Callable[[], None]


class Clock(Protocol):
    """Seconds since 1970, and deeds for later."""

    def now(self) -> float: ...

    def call_later(self, seconds: float, deed: Deed) -> None: ...

    def stop(self) -> None: ...


class FakeClock:
    """Stands still until it is moved; deeds that fall due run in the thread that moves it."""

    def __init__(self, at: float | None = None) -> None:
        self._now = time.time() if at is None else at
        self._due: list[tuple[float, int, Deed]] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._now

    def call_later(self, seconds: float, deed: Deed) -> None:
        with self._lock:
            heapq.heappush(self._due, (self._now + seconds, next(self._numbers), deed))

    def advance(self, seconds: float) -> None:
        """Moves on, running each deed at its own time and in order."""
        until = self._now + seconds
        while (deed := self._next_due(until)) is not None:
            deed()
        self._now = until

    def stop(self) -> None:
        """Forgets what was due."""
        with self._lock:
            self._due.clear()

    def _next_due(self, until: float) -> Deed | None:
        with self._lock:
            if not self._due or self._due[0][0] > until:
                return None
            at, _, deed = heapq.heappop(self._due)
            self._now = max(self._now, at)
            return deed


class WallClock:
    """The machine's clock."""

    def __init__(self) -> None:
        self._timers: list[threading.Timer] = []

    def now(self) -> float:
        return time.time()

    def call_later(self, seconds: float, deed: Deed) -> None:
        timer = threading.Timer(seconds, deed)
        timer.daemon = True
        self._timers = [other for other in self._timers if other.is_alive()] + [timer]
        timer.start()

    def stop(self) -> None:
        """Cancels what was due."""
        for timer in self._timers:
            timer.cancel()
