"""A database with a replica beside it and what tests of the worker do with them."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from insights.db import Database
from insights.search.engine import Reader
from insights.search.replica import Replica
from insights.search.request import SearchRequest
from insights.search.tantivy_engine import TantivyEngine
from insights.services import journal
from insights.worker.search import SearchFollower
from tests.drafts import posted
from tests.fixtures.world import Characters

UTC_ZONE = ZoneInfo("UTC")
EVERYTHING = SearchRequest(audience=None, limit=10_000)


def wait_for(condition: Callable[[], bool]) -> None:
    """Returns once the condition holds; fails when it does not within reason."""
    patience = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < patience, "it never came to that"
        time.sleep(0.02)


def found_by(reader: Reader) -> list[UUID]:
    """Every note that the reader finds, in order of id: one found twice is there twice."""
    return sorted(hit.id for hit in reader.search(EVERYTHING).hits)


@dataclass(frozen=True)
class Installation:
    """A database of some notes, and the place of its replica."""

    database: Database
    replica: Replica
    characters: Characters

    @property
    def address(self) -> str:
        return self.database.engine.url.render_as_string(hide_password=False)

    @property
    def directory(self) -> Path:
        return self.replica.directory

    def follower(self, *, look_every: float = 0, check_every: float = 3600) -> SearchFollower:
        """One that looks at the index with each step, and at its checksums when it starts."""
        return SearchFollower(
            self.database, self.replica, UTC_ZONE, look_every=look_every, check_every=check_every
        )

    def post(self, text: str = "Acme", **fields: Any) -> UUID:
        with self.database.writing() as session:
            return posted(session, self.characters.owner, text, **fields)

    def post_many(self, count: int) -> list[UUID]:
        with self.database.writing() as session:
            return [posted(session, self.characters.owner, f"Note {n}") for n in range(count)]

    def found(self) -> list[UUID]:
        """The notes that a process finds that opens the index anew."""
        with closing(self.replica.open_reader()) as reader:
            return found_by(reader)

    def catch_up(self) -> None:
        """What a worker does that is started now and given time."""
        follower = self.follower()
        while follower.step():
            pass
        follower.close()

    def last_id(self) -> int:
        with self.database.reading() as session:
            return journal.last_id(session)


@pytest.fixture
def installation(database: Database, characters: Characters, tmp_path: Path) -> Installation:
    replica = Replica(tmp_path / "search" / "notes", TantivyEngine(), check_every=0)
    return Installation(database, replica, characters)
