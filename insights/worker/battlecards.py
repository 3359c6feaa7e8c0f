"""Battlecards in the worker: each day stale lines are asked about, each week names are looked for.

It works in a thread of its own, so that nobody's note waits for it, and under a lease, so that of
several machines one does it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from socket import gethostname
from zoneinfo import ZoneInfo

from insights.clock import in_zone
from insights.db import Database
from insights.errors import Conflict
from insights.models import Job
from insights.services import battlecard_asking, jobs, name_proposals
from insights.services.jobs import Lease
from insights.services.name_proposals import MOST_NOTES
from insights.turns import Turns

ASKING, NAMES = "battlecard checks", "proposed names"
EVERY: dict[str, timedelta] = {ASKING: timedelta(days=1), NAMES: timedelta(days=7)}
AGAIN_AFTER_TROUBLE = timedelta(hours=1)
REST_SECONDS = 60.0


class _Stopped(Exception):
    """Told to stop in the midst of reading."""


class BattlecardWork:
    """Does what is due from `start` until `close`."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        *,
        rest: float = REST_SECONDS,
    ) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock
        self._stopping = False
        self._turns = Turns("the battlecards", [self.step], rest=rest, failure_rest=rest)

    def start(self) -> None:
        """Begins to work."""
        self._turns.start()

    def close(self) -> None:
        """Ends soon; what was not done is done an hour after the next start."""
        self._stopping = True
        self._turns.close()

    def step(self) -> int:
        """Does what is due; returns how many jobs it did."""
        return self._do(ASKING, self._ask) + self._do(NAMES, self._find_names)

    def _do(self, name: str, work: Callable[[Lease], None]) -> int:
        if not self._is_due(name):
            return 0
        try:
            with jobs.held(self._database, name, holder=gethostname(), clock=self._clock) as lease:
                work(lease)
        except (Conflict, _Stopped):
            # Another machine was faster, or there is no time.
            return 0
        return 1

    def _is_due(self, name: str) -> bool:
        with self._database.reading() as session:
            job = session.get(Job, name)
        if job is None or job.finished_at is None:
            return True
        pause = AGAIN_AFTER_TROUBLE if job.trouble else EVERY[name]
        return job.finished_at + pause <= self._clock()

    def _ask(self, lease: Lease) -> None:
        """In steps, each a transaction of its own."""
        after: int | None = 0
        asked = 0
        while after is not None:
            now = self._clock()
            with self._database.writing() as session:
                today = in_zone(now, self._zone).date()
                count, after = battlecard_asking.ask_stale(
                    session, after=after, today=today, now=now
                )
            asked += count
            lease.say("asking", asked, asked)

    def _find_names(self, lease: Lease) -> None:
        """Reads in a block that only reads; what was found is kept in another."""

        def say(read: int) -> None:
            if self._stopping:
                raise _Stopped
            lease.say("reading notes", read, MOST_NOTES)

        with self._database.reading() as session:
            found = name_proposals.find_names(session, now=self._clock(), progress=say)
        lease.say("proposing", len(found), len(found))
        with self._database.writing() as session:
            name_proposals.keep(session, found)
