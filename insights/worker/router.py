"""Reads the journal for the router: what is new becomes deliveries to all who want it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.db import Database
from insights.search.analysis import Analysis
from insights.services import journal, routing

READER = "router"
BATCH = 500


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

    def step(self) -> int:
        """Routes what the next journal rows tell of; returns how many it read.

        The deliveries and the cursor are kept together, so that none is lost and none made twice.
        """
        with self._database.reading() as session:
            cursor = journal.cursor_of(session, READER)
            if cursor is not None and journal.last_id(session) <= cursor:
                return 0
            self._routes = routing.current(
                session, self._routes, self._analysis, zone=self._zone, now=self._clock()
            )
        with self._database.writing() as session:
            # Where routing begins, all that has happened is history.
            cursor = journal.hold_cursor(session, READER)
            entries = journal.entries_after(session, cursor, limit=BATCH)
            if entries:
                routing.route(session, self._routes, entries, zone=self._zone, now=self._clock())
                journal.move_cursor(session, READER, entries[-1].id)
        return len(entries)
