"""The product in a workspace: it finds out where and among whom it is."""

from typing import Any

import pytest
from sqlalchemy import select

from insights.models import SlackChannel, SlackInstallation, SlackPerson
from tests.organisation import OWNER
from tests.slack.insight_app import InsightApp


def _columns(insight: InsightApp, *columns: Any) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in insight.read(lambda session: session.execute(select(*columns)))}


@pytest.mark.slack_rule(58)
def test_it_finds_its_workspace_the_people_and_the_channels(insight: InsightApp) -> None:
    people = _columns(insight, SlackPerson.name, SlackPerson.person_id, SlackPerson.external)
    assert ("Olivia Owner", OWNER, False) in people
    assert ("Gus Guest", None, False) in people
    assert ("Insight", None, True) in people
    assert _columns(insight, SlackChannel.name, SlackChannel.private, SlackChannel.joined) == {
        ("field-notes", False, True),
        ("random", False, False),
        ("deals", True, True),
    }
    assert _columns(insight, SlackInstallation.team_name, SlackInstallation.trouble) == {
        ("Acme", "")
    }
