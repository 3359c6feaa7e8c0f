"""Trends in the worker: it marks which weeks the journal touches, and has them computed in time.

Computing takes seconds, minutes after a large import, and much memory. It is done by a process of
its own, which gives the memory back and keeps no note from being found meanwhile.
"""

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.db import Database
from insights.services import trend_schedule, trend_weeks

REFRESH = (sys.executable, "-m", "insights", "trends", "refresh", "--quiet")
LOOK_EVERY_SECONDS = 5.0
STOP_SECONDS = 10.0

log = logging.getLogger(__name__)


class TrendWork:
    """The trends' share of the worker's loop; `close` ends what it has started."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        *,
        command: Sequence[str] = REFRESH,
        look_every: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock
        self._command = command
        self._look_every = look_every
        self._next_look = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def step(self) -> int:
        """Reads the next journal rows, and starts computing when it is time; returns the rows."""
        read = self._read()
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._look_every
            self._start_if_due()
        return read

    def close(self) -> None:
        """Ends the computation if one goes on. What it had not stored is computed again later."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def is_computing(self) -> bool:
        """Whether the process that it has started is still at work."""
        return self._process is not None and self._process.poll() is None

    def _read(self) -> int:
        with self._database.reading() as session:
            if not trend_weeks.is_behind(session):
                return 0
        with self._database.writing() as session:
            return trend_weeks.read_journal(session, self._zone)

    def _start_if_due(self) -> None:
        if self.is_computing:
            return
        if self._process is not None and self._process.returncode:
            log.warning("computing trends ended with code %d", self._process.returncode)
        self._process = None
        with self._database.reading() as session:
            is_due = trend_schedule.is_due(session, now=self._clock(), zone=self._zone)
        if is_due:
            self._process = subprocess.Popen(self._command)  # noqa: S603 - our own
