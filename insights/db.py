"""The database: how it is opened, how a transaction begins, and the only place where one ends.

SQLite is the embedded default. Three rules make it safe and predictable under several processes:
writers queue (write_queue.py); a transaction begins with its first change, and then with `BEGIN
IMMEDIATE`, so that it never has to be upgraded half-way, which SQLite refuses when somebody else
wrote in between; and `synchronous=FULL` in WAL mode means that what was acknowledged survives a
power cut. On PostgreSQL the same calls are ordinary transactions.

Nothing else in the product calls `commit`: services flush, the edges ask for one of the blocks
below.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

from insights.clock import in_zone
from insights.write_queue import WriteQueue

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 15_000
IN_QUEUE = "in the write queue"
AFTERWARDS = "to be done afterwards"
# Any constant will do; it only has to differ from the other advisory locks of the product.
MIGRATION_LOCK = 7_206_002


class Base(DeclarativeBase):
    """Parent of all tables; constraint names follow one convention so migrations can name them."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time in, an aware UTC time out, on databases with and without zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times: they are the beginning of every wrong report."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value if value.tzinfo is UTC else in_zone(value, UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite the text that SQLAlchemy would store, made in one step: a note has four times,
        and the usual way through several conversions took a tenth of writing it."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def as_text(value: datetime | None) -> str | None:
            moment = self.process_bind_param(value, dialect)
            return None if moment is None else moment.isoformat(" ", "microseconds")[:26]

        return as_text

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives the zone back that SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One engine and the two kinds of session made from it."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        # The values of a statement that failed are no matter for a log.
        options: dict[str, Any] = {
            "pool_size": pool_size, "max_overflow": 10, "hide_parameters": True
        }  # fmt: skip
        if not self.is_sqlite:
            options["pool_pre_ping"] = True
        self.engine = create_engine(parsed, **options)
        # What one process remembers of this database between transactions (services.catalogue).
        self._cache: dict[str, Any] = {}
        self._writer: Engine = self.engine.execution_options(insights_write=True)
        self._reader: Engine = self.engine
        if not self.is_sqlite:
            # Several reads of one block see the same moment, as they do on SQLite.
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._queue: WriteQueue | None = None
        if self.is_sqlite:
            self._prepare_sqlite(Path(parsed.database or ""))
        else:
            event.listen(self.engine, "connect", _prepare_postgres)

    def _prepare_sqlite(self, file: Path) -> None:
        queue = self._queue = WriteQueue(file)
        event.listen(self.engine, "connect", _configure_sqlite)
        event.listen(self.engine, "begin", _begin_sqlite)
        event.listen(self._writer, "before_cursor_execute", partial(_begin_writing, queue))
        event.listen(self.engine, "checkin", partial(_leave_queue, queue))

    def open_session(self, *, write: bool) -> Session:
        """A session whose transaction begins with its first statement; the caller closes it."""
        engine = self._writer if write else self._reader
        return Session(engine, expire_on_commit=False, info={"cache": self._cache})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A block that only reads; whatever it changed is undone at its end."""
        session = self.open_session(write=False)
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: kept as a whole when the block ends well, undone when it raises."""
        session = self.open_session(write=True)
        try:
            yield session
            keep(session)
        finally:
            session.close()

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction for changes of the schema.

        SQLite rebuilds a table by dropping the old one, which its foreign keys would refuse; they
        are off meanwhile, and checked as a whole before the transaction ends. Machines that start
        at the same time take turns.
        """
        with self._writer.connect() as connection:
            if self.is_sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    self._take_turn(connection)
                    yield connection
                    if self.is_sqlite:
                        _check_foreign_keys(connection)
            finally:
                if self.is_sqlite:
                    connection.connection.cursor().execute("PRAGMA foreign_keys=ON")

    def _take_turn(self, connection: Connection) -> None:
        """Waits until no other machine changes the schema."""
        if self._queue is not None:
            _begin_immediately(self._queue, connection)
        else:
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))

    def dispose(self) -> None:
        """Closes all pooled connections (before a fork, and at the end of a test)."""
        self.engine.dispose()


def keep(session: Session) -> None:
    """Ends the session's transaction and keeps what it did: the only commit in the product."""
    session.commit()
    for deed in session.info.pop(AFTERWARDS, ()):
        deed()


def discard(session: Session) -> None:
    """Ends the session's transaction and undoes what it did."""
    session.rollback()
    session.info.pop(AFTERWARDS, None)


def after_keeping(session: Session, deed: Callable[[], None]) -> None:
    """Has something done outside of the database once the transaction is kept; not if it is undone.

    A crash may come between the two: whatever is left to be done then must do no harm.
    """
    session.info.setdefault(AFTERWARDS, []).append(deed)


def table_of(model: type[Base]) -> Table:
    """The model's table, for rows that are written without becoming objects."""
    return cast(Table, model.__table__)


def unindexed(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """The column as a sum, by which no index can be searched.

    For a condition that many rows meet, beside another one that few do: SQLite, which does not
    know which is which, shall begin with the other one.
    """
    return column + 0


def insert_or_skip(
    session: Session, model: type[Base], told: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> ReturningInsert[Any]:
    """An INSERT that passes over rows whose key or unique value exists already.

    Of each row that it stored it tells the column `told`.
    """
    return _insert_or_skip(session.get_bind().dialect.name, table_of(model), told)


@cache
def _insert_or_skip(dialect: str, table: Table, told: Any) -> ReturningInsert[Any]:
    # Remembered, because to put it together anew takes nearly as long as to store a row.
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing().returning(told)
    return sqlite.insert(table).on_conflict_do_nothing().returning(told)


def _configure_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` decides how they begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgres(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # In the server's own zone a time at the edge of the years 1 and 9999 can fall outside of them,
    # and the driver then fails to read the row.
    connection.autocommit = True
    connection.cursor().execute("SET TIME ZONE 'UTC'")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("insights_write", False):
        connection.exec_driver_sql("BEGIN")


def _begin_writing(
    queue: WriteQueue,
    connection: Connection,
    cursor: Any,
    statement: str,
    _parameters: Any,
    context: Any,
    _many: bool,
) -> None:
    """Begins the transaction of a writing session with its first change or lock.

    What it reads before is read as on PostgreSQL, each statement by itself; so the others wait only
    while something is written, not while it is checked. `FOR UPDATE` says that a later change
    relies on what is read, and counts as a change: SQLite has no lock for single rows.
    """
    if cursor.connection.in_transaction:
        return
    chosen = getattr(context.compiled, "statement", None)
    locks = getattr(chosen, "_for_update_arg", None) is not None
    if locks or not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
        _begin_immediately(queue, connection)


def _begin_immediately(queue: WriteQueue, connection: Connection) -> None:
    queue.enter()
    connection.info[IN_QUEUE] = True
    connection.connection.cursor().execute("BEGIN IMMEDIATE")


def _leave_queue(queue: WriteQueue, _raw: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # A connection comes back to the pool once its transaction has ended, however it ended.
    if entry.info.pop(IN_QUEUE, False):
        queue.leave()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"the migration left rows without their parent: {broken[:5]}")
