"""Two thousand signed and mutated requests: no 500, and no acknowledged note is lost."""

import pytest

from benchmarks.slack_fuzz import Fuzz
from tests.slack.insight_app import InsightApp

COUNT = 2_000


@pytest.mark.slack_rule(1, 3, 4)
def test_nonsense_is_answered_and_loses_no_note(unconnected: InsightApp) -> None:
    settings = unconnected.runtime.settings
    object.__setattr__(settings, "slack_api_url", "http://127.0.0.1:9/api")
    users = [unconnected.user_id(name) for name in ("olivia", "anna", "ada", "gus")]
    fuzz = Fuzz(
        unconnected.flask,
        settings.slack_signing_secret,
        unconnected.team_id,
        users,
        clock=unconnected.clock.now,
        seed=7,
    )
    outcome = fuzz.run(COUNT, unconnected.database)
    assert not outcome.failed, (outcome.statuses, outcome.lost)
    assert len(outcome.acknowledged) > COUNT / 20
    assert set(outcome.statuses) <= {200, 400}
