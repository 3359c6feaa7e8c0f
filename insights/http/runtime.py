"""What the running product is made of, and how a request reaches it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app, g, request
from sqlalchemy.orm import Session

from insights.db import Database
from insights.search.engine import Reader
from insights.search.replica import Replica
from insights.settings import Settings
from insights.storage.interface import Storage

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Runtime:
    """The parts that `create_app` put together; nothing else is global."""

    settings: Settings
    database: Database
    replica: Replica
    reader: Reader
    storage: Storage
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The present day in the organisation's time zone."""
        return self.clock().astimezone(self.settings.zone).date()


def runtime() -> Runtime:
    """The parts of the application that answers this request."""
    parts: Runtime = current_app.extensions["insights"]
    return parts


def now() -> datetime:
    """The time of this request: one moment, however often it is asked for."""
    if "now" not in g:
        g.now = runtime().clock()
    moment: datetime = g.now
    return moment


def db_session() -> Session:
    """The request's session, opened with its first use.

    A safe request only reads. An unsafe one is a single transaction, which the application keeps
    once the answer has been rendered (see application.py).
    """
    if "db_session" not in g:
        writes = request.method not in SAFE_METHODS
        g.db_session = runtime().database.open_session(write=writes)
    session: Session = g.db_session
    return session
