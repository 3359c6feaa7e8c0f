"""One demo year, made once for all tests of the demo."""

from datetime import UTC, datetime

import pytest

from insights.demo.notes import DemoNote, notes
from insights.demo.organisation import Organisation, organisation

UNTIL = datetime(2026, 3, 18, 16, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def until() -> datetime:
    return UNTIL


@pytest.fixture(scope="session")
def year() -> list[DemoNote]:
    return list(notes(1, 6000, UNTIL))


@pytest.fixture(scope="session")
def company() -> Organisation:
    return organisation(1, UNTIL.date())
