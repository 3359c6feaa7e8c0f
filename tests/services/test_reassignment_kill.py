"""A process that is killed in the midst of a reassignment: all of it is there then, or none."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from insights.db import Database, table_of
from insights.models import (
    Account,
    Assignment,
    JournalEntry,
    ReassignedAccount,
    ReassignedAssignment,
    Reassignment,
    Territory,
)
from insights.services import catalogue, reassignments
from insights.services.access import OPERATOR
from insights.services.reassignment_filters import AccountChoice, Choice, HolderChoice
from tests.fixtures.databases import BACKENDS, Templates
from tests.organisation import MEMBER, NEVADA, NOW, OWNER, TODAY, WEST

ROUNDS, SEED = 8, 20261129
PLACES, CUSTOMERS = 200, 4_000
FIRST = 1_000
CHOICE = Choice(
    TODAY, HolderChoice(holder_id=OWNER, to_id=MEMBER), AccountChoice(region_id=WEST, to_id=NEVADA)
)
# A fresh process that has loaded all modules makes the others.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload([__name__])


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """A database of its own with many territories and accounts."""
    fresh = templates.copy(request.param, "world", tmp_path)
    database = Database(fresh)
    _fill(database)
    database.dispose()
    yield fresh
    templates.drop(fresh)


def _fill(database: Database) -> None:
    names = [(FIRST + one, f"place {one}") for one in range(PLACES)]
    with database.writing() as session:
        catalogue.changed(session)
        places = [
            {"id": one, "parent_id": WEST, "name": name, "folded": name, "slug": f"place-{one}"}
            for one, name in names
        ]
        session.execute(insert(table_of(Territory)), places)
        held = [
            {"territory_id": one, "person_id": OWNER, "since": TODAY - timedelta(days=9)}
            for one, _ in names
        ]
        session.execute(insert(table_of(Assignment)), held)
        customers = [
            {"name": f"c {one}", "folded": f"c {one}", "territory_id": FIRST + one % PLACES}
            for one in range(CUSTOMERS)
        ]
        session.execute(insert(table_of(Account)), customers)


def carry_out(address: str, fingerprint: str) -> None:
    """What the process does that is killed."""
    database = Database(address)
    with database.writing() as session:
        reassignments.carry_out(
            session, OPERATOR, CHOICE, fingerprint=fingerprint, now=NOW, today=TODAY
        )
    database.dispose()


def _fingerprint(database: Database) -> str:
    with database.reading() as session:
        seen = reassignments.preview(session, OPERATOR, CHOICE, today=TODAY, limit=1)
    return seen.fingerprint


def _counts(database: Database) -> tuple[int, ...]:
    """What has moved, and what is written down about it."""
    theirs = (Assignment.territory_id >= FIRST, Assignment.person_id == MEMBER)
    conditions = (
        select(func.count()).select_from(Assignment).where(*theirs),
        select(func.count()).select_from(Account).where(Account.territory_id == NEVADA),
        select(func.count()).select_from(Reassignment),
        select(func.count()).select_from(ReassignedAssignment),
        select(func.count()).select_from(ReassignedAccount),
        select(func.count()).select_from(JournalEntry),
    )
    with database.reading() as session:
        return tuple(session.scalar(one) or 0 for one in conditions)


def test_killed_at_any_moment_it_has_happened_wholly_or_not_at_all(address: str) -> None:
    database, chance = Database(address), random.Random(SEED)
    before, fingerprint = _counts(database), _fingerprint(database)
    for number in range(ROUNDS):
        process = SERVER.Process(target=carry_out, args=(address, fingerprint))
        process.start()
        # From before it has begun to about when it ends.
        time.sleep(chance.uniform(0.0, 0.06 * (number + 1)))
        process.kill()
        process.join()
        after = _counts(database)
        if after != before:
            break
    else:
        carry_out(address, fingerprint)
        after = _counts(database)
    # The owner's own Georgia moves as well, which is none of the counted territories.
    moved = PLACES + 1
    assert after == (PLACES, CUSTOMERS + before[1], 1, 2 * moved, CUSTOMERS, 2 * moved + 1)
    database.dispose()
