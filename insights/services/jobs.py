"""Jobs: work that one worker at a time does, under a lease that runs out by itself.

Whoever holds the lease says now and then how far the work is, which prolongs the lease. A worker
that is killed says nothing any more, and after a while the job is free again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Update, or_, update
from sqlalchemy.orm import Session

from insights.db import Database, insert_or_skip
from insights.errors import Conflict
from insights.models import Job

TRENDS_JOB = "trends"
# Longer than any single step of the work that says nothing.
LEASE = timedelta(minutes=5)
# Said more often, it would be writing more than working.
_SAID_EVERY = timedelta(seconds=2)
_LONGEST_TROUBLE = 500
_STOPPED = "It was stopped before it was done."


def want(session: Session, name: str, *, now: datetime) -> None:
    """Asks for the job to be done soon; asking twice is one wish."""
    _ensure(session, name)
    session.execute(update(Job).where(Job.name == name).values(wanted_at=now))


def claim(session: Session, name: str, *, holder: str, now: datetime) -> bool:
    """Takes the lease if nobody holds it; False when somebody does.

    Afterwards nobody wants it any more: what was asked for until now is about to be done.
    """
    _ensure(session, name)
    free = or_(Job.holder.is_(None), Job.leased_until < now)
    taken = session.execute(
        update(Job)
        .where(Job.name == name, free)
        .values(
            holder=holder,
            leased_until=now + LEASE,
            started_at=now,
            wanted_at=None,
            stage="",
            done=0,
            total=0,
        )
        .returning(Job.name)
    )
    return taken.first() is not None


def progress(
    session: Session, name: str, *, holder: str, stage: str, done: int, total: int, now: datetime
) -> bool:
    """Says how far the job is and prolongs the lease; False when the lease is lost."""
    values = {"stage": stage, "done": done, "total": total, "leased_until": now + LEASE}
    changed = session.execute(_held(name, holder).values(values).returning(Job.name))
    return changed.first() is not None


def finish(session: Session, name: str, *, holder: str, trouble: str = "", now: datetime) -> None:
    """Gives the lease back; `trouble` says why it ended badly."""
    values = {
        "holder": None,
        "leased_until": None,
        "finished_at": now,
        "stage": "",
        "trouble": trouble[:_LONGEST_TROUBLE],
    }
    session.execute(_held(name, holder).values(values))


class Lease:
    """A job that is being done here; `say` tells how far it is."""

    def __init__(
        self, database: Database, name: str, holder: str, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._clock = clock
        self._said_at = clock()
        self._stage = ""

    def say(self, stage: str, done: int, total: int) -> None:
        """Tells how far it is, now and then; raises Conflict when another took the job over."""
        now = self._clock()
        if stage == self._stage and now - self._said_at < _SAID_EVERY:
            return
        with self._database.writing() as session:
            is_held = progress(
                session,
                self._name,
                holder=self._holder,
                stage=stage,
                done=done,
                total=total,
                now=now,
            )
        if not is_held:
            raise Conflict("Another worker took this over, because it had taken too long.")
        self._said_at, self._stage = now, stage


@contextmanager
def held(
    database: Database, name: str, *, holder: str, clock: Callable[[], datetime]
) -> Iterator[Lease]:
    """Holds the lease of a job during the block, and gives it back however the block ends.

    Raises Conflict when somebody else holds it. Each of its transactions is a short one of its own.
    """
    with database.writing() as session:
        if not claim(session, name, holder=holder, now=clock()):
            raise Conflict("Another worker is doing this at the moment.")
    trouble = _STOPPED
    try:
        yield Lease(database, name, holder, clock)
        trouble = ""
    except Exception as error:
        # The cause alone: a statement's values are no matter for a page.
        trouble = f"{type(error).__name__}: {error.__cause__ or error}"
        raise
    finally:
        with database.writing() as session:
            finish(session, name, holder=holder, trouble=trouble, now=clock())


def _held(name: str, holder: str) -> Update:
    return update(Job).where(Job.name == name, Job.holder == holder)


def _ensure(session: Session, name: str) -> None:
    """Makes the job's row where there is none yet."""
    if session.get(Job, name) is None:
        row = {"name": name, "stage": "", "done": 0, "total": 0, "trouble": ""}
        session.execute(insert_or_skip(session, Job, Job.name), [row])
