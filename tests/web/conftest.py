"""What tests of pages can ask for."""

import pytest

from insights.db import Database
from tests.fixtures.databases import World, put_back


@pytest.fixture(params=["postgresql"])
def database(request: pytest.FixtureRequest, worlds: dict[str, World]) -> Database:
    """A database that holds the test organisation.

    Pages are tried on PostgreSQL, which refuses what SQLite would store, unless a test says
    `on_each_database`. Those of the services run on both, those in a browser on SQLite.
    """
    return put_back(worlds, request.param)
