"""Reads the journal for the router: what is new becomes deliveries to all who want it, and is
proposed to topics that look for it.

Once a minute it also looks which routes are to tell of a week.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from insights.db import Database
from insights.search.analysis import Analysis
from insights.services import journal, news, route_summaries, routing, topic_feeds

READER = "router"
BATCH = 500
SUMMARIES_EVERY = timedelta(minutes=1)


class Router:
    """Takes the next rows with each step; its cursor stands in the database."""

    def __init__(
        self,
        database: Database,
        analysis: Analysis,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._analysis = analysis
        self._zone = zone
        self._clock = clock
        self._routes: routing.Routes | None = None
        self._feeds: topic_feeds.Feeds | None = None
        self._summaries_at: datetime | None = None

    def step(self) -> int:
        """Routes what the next journal rows tell of; returns how many it read.

        The deliveries and the cursor are kept together, so that none is lost and none made twice.
        """
        self._make_summaries()
        with self._database.reading() as session:
            cursor = journal.cursor_of(session, READER)
            if cursor is not None and journal.last_id(session) <= cursor:
                return 0
            self._routes = routing.current(
                session, self._routes, self._analysis, zone=self._zone, now=self._clock()
            )
            self._feeds = topic_feeds.current(
                session, self._feeds, self._analysis, zone=self._zone, now=self._clock()
            )
        with self._database.writing() as session:
            # Where routing begins, all that has happened is history.
            cursor = journal.hold_cursor(session, READER)
            entries = journal.entries_after(session, cursor, limit=BATCH)
            if entries:
                now = self._clock()
                # First, because people who work on topics hold them before all else, too.
                topic_feeds.propose(session, self._feeds, entries, zone=self._zone, now=now)
                routing.route(session, self._routes, entries, zone=self._zone, now=now)
                news.tell(session, entries, now=now)
                journal.move_cursor(session, READER, entries[-1].id)
        return len(entries)

    def _make_summaries(self) -> None:
        now = self._clock()
        if self._summaries_at is not None and now < self._summaries_at:
            return
        with self._database.writing() as session:
            route_summaries.make_due(session, now=now)
        self._summaries_at = now + SUMMARIES_EVERY
