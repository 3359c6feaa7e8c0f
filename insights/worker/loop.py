"""The worker's loop: let every reader take a step, rest when there was nothing to do."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from socket import gethostname

from insights.db import Database
from insights.models import Replica as ReplicaRow
from insights.search.engine import WriterBusy
from insights.settings import Settings
from insights.worker.search import BATCH, SearchFollower

# How soon a note can be found after it was stored. Making a change of the index durable takes as
# long for one note as for hundreds, so the worker rests also while there is more to come.
REST_SECONDS = 0.2
# After a failure: the cause (a full disk, a database that restarts) rarely goes away at once.
FAILURE_REST_SECONDS = 2.0
REPORT_EVERY = timedelta(seconds=15)

log = logging.getLogger(__name__)


class Worker:
    """Runs until `stop` is called; a step that fails is logged and tried again."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        follower: SearchFollower,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._database = database
        self._follower = follower
        self._clock = clock
        self._reported_at: datetime | None = None
        self._failed = False
        self._stopping = False

    def run(self) -> None:
        """Works until told to stop, then gives the index back."""
        while not self._stopping:
            time.sleep(self._turn())
        self._follower.close()

    def stop(self) -> None:
        """Asks it to end after the present turn. Safe in a signal handler: it takes no lock."""
        self._stopping = True

    def _turn(self) -> float:
        """One round; returns the seconds to rest."""
        try:
            if self._failed:
                self._failed = False
                self._follower.close()
            worked = self._follower.step()
            self._report()
        except WriterBusy as error:
            log.warning("the worker waits: %s", error.message)
            return FAILURE_REST_SECONDS
        except Exception:
            # The loop is the last line of defence: whatever failed must not end the worker, and
            # reading the journal again is harmless. The index is given back with the next turn,
            # where a failure of that is caught as well.
            log.exception("a step of the worker failed; trying again")
            self._failed = True
            return FAILURE_REST_SECONDS
        return 0.0 if worked == BATCH else REST_SECONDS

    def _report(self) -> None:
        """Tells the database now and then that this worker lives and how far it is."""
        now = self._clock()
        if self._reported_at is not None and now - self._reported_at < REPORT_EVERY:
            return
        row = ReplicaRow(
            name=gethostname(),
            engine=self._settings.search_engine,
            cursor=self._follower.cursor,
            seen_at=now,
        )
        with self._database.writing() as session:
            session.merge(row)
        self._reported_at = now
