"""The worker's loop: let every reader take a step, rest when there was nothing to do."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from socket import gethostname

from sqlalchemy.exc import SQLAlchemyError

from insights.db import Database
from insights.models import Replica as ReplicaRow
from insights.search import trouble
from insights.search.engine import WriterBusy
from insights.settings import Settings
from insights.worker.search import BATCH, SearchFollower
from insights.worker.trends import TrendWork

# How soon a note can be found after it was stored. Making a change of the index durable takes as
# long for one note as for hundreds, so the worker rests also while there is more to come.
REST_SECONDS = 0.2
# After a failure: the cause (a full disk, a database that restarts) rarely goes away at once. The
# rest doubles while the same trouble lasts.
FAILURE_REST_SECONDS = 2.0
LONGEST_REST_SECONDS = 30.0
REPORT_EVERY = timedelta(seconds=15)
PROGRESS_EVERY = timedelta(seconds=10)

log = logging.getLogger(__name__)


class _Stopped(Exception):
    """Told to stop in the midst of a rebuild."""


class Worker:
    """Runs until `stop` is called; a step that fails is tried again.

    Each trouble is logged once, when it begins, and once when it is over; meanwhile it can be read
    beside the index (`insights.search.trouble`).
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        follower: SearchFollower,
        clock: Callable[[], datetime],
        *,
        trends: TrendWork | None = None,
        failure_rest: float = FAILURE_REST_SECONDS,
    ) -> None:
        self._settings = settings
        self._database = database
        self._follower = follower
        self._trends = trends
        self._clock = clock
        self._reported_at: datetime | None = None
        self._progress_at: datetime | None = None
        self._failed = False
        self._trouble: str | None = None
        self._trend_trouble: str | None = None
        # What an earlier worker told of may be over: the first good turn says so.
        self._is_told = False
        self._first_rest = self._rest = failure_rest
        self._stopping = False

    def run(self) -> None:
        """Works until told to stop, then gives the index back."""
        while not self._stopping:
            rest = self._turn()
            self._look_after_trends()
            self._sleep(rest)
        self._follower.close()
        if self._trends is not None:
            self._trends.close()

    def stop(self) -> None:
        """Asks it to end after the present turn. Safe in a signal handler: it takes no lock."""
        self._stopping = True

    def _sleep(self, seconds: float) -> None:
        """Rests in short pieces: a signal does not end a sleep."""
        end = time.monotonic() + seconds
        while not self._stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, REST_SECONDS))

    def _turn(self) -> float:
        """One round; returns the seconds to rest."""
        try:
            if self._failed:
                self._failed = False
                self._follower.mistrust()
                self._follower.close()
            worked = self._follower.step(self._while_rebuilding)
            self._report()
        except _Stopped:
            return 0.0
        except WriterBusy as error:
            # No trouble of the index: another worker does the work.
            self._log_once(f"The worker waits: {error.message}")
            return self._first_rest
        except Exception as error:
            # The loop is the last line of defence: whatever failed must not end the worker, and
            # reading the journal again is harmless. The index is given back with the next turn,
            # where a failure of that is caught as well.
            self._failed = True
            return self._wait_out(*self._in_words(error))
        self._be_well()
        return 0.0 if worked == BATCH else REST_SECONDS

    def _look_after_trends(self) -> None:
        """A step of the trends; whatever fails there must not keep notes from being found."""
        if self._trends is None:
            return
        try:
            self._trends.step()
        except Exception as error:
            # The cause alone: a statement's values are no matter for a log.
            cause = error.__cause__ or error
            sentence = f"A step of the trends failed ({type(error).__name__}: {cause})."
            if sentence != self._trend_trouble:
                log.warning("%s It is tried again.", sentence)
            self._trend_trouble = sentence
        else:
            self._trend_trouble = None

    def _in_words(self, error: Exception) -> tuple[str, Exception | None]:
        """What failed; with the error itself if the words do not say all there is to know."""
        sentence = trouble.explain(error, self._follower.replica.directory)
        if sentence is not None:
            return sentence, None
        if isinstance(error, SQLAlchemyError):
            return f"The database does not answer the worker: {error.__cause__ or error}", None
        return f"A step of the worker failed ({type(error).__name__}: {error}).", error

    def _wait_out(self, sentence: str, unforeseen: Exception | None = None) -> float:
        """Tells of a trouble unless it is still the same one; returns the seconds to rest."""
        trouble.tell(self._follower.replica.directory, sentence)
        is_new = self._log_once(sentence, unforeseen)
        self._rest = self._first_rest if is_new else min(self._rest * 2, LONGEST_REST_SECONDS)
        return self._rest

    def _log_once(self, sentence: str, unforeseen: Exception | None = None) -> bool:
        """Whether this was news, and was logged."""
        if sentence == self._trouble:
            return False
        log.warning("%s It is tried again.", sentence, exc_info=unforeseen)
        self._trouble = sentence
        return True

    def _be_well(self) -> None:
        if self._trouble is not None:
            log.info("The worker works again.")
        if self._trouble is not None or not self._is_told:
            trouble.tell(self._follower.replica.directory, None)
        self._trouble, self._is_told = None, True

    def _while_rebuilding(self, done: int, total: int) -> None:
        """Shows now and then that a long rebuild goes on, and ends it when told to stop."""
        if self._stopping:
            raise _Stopped
        with suppress(SQLAlchemyError):
            self._report()
        now = self._clock()
        if self._progress_at is None or now - self._progress_at >= PROGRESS_EVERY:
            log.info("indexing: %d of %d notes", done, total)
            self._progress_at = now

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
