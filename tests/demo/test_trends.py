"""What the demo's pages show first are the stories that were planted in it.

One whole loading; `python -m benchmarks trends-demo` tries other seeds, days and hours.
"""

from datetime import UTC, datetime

import pytest

from benchmarks.trends.demo import is_of_theft, shown_after_loading
from insights.db import Database

# A Saturday evening, when Ionfield's last notes and its most surprising weeks lie apart.
UNTIL = datetime(2026, 11, 28, 20, 55, tzinfo=UTC)


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_georgia_and_the_southeast_show_what_was_planted_there_and_nothing_else(
    empty_database: Database,
) -> None:
    shown = shown_after_loading(empty_database, 1, UNTIL, weeks=2)
    assert shown.has_inroads
    assert shown.has_thefts
    assert len(shown.georgia) == 1
    assert all(one.name == "Ionfield" or is_of_theft(one) for one in shown.southeast)
