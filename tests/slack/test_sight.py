"""What a person may not see is in nothing that Slack shows: no command, no Home, no message."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from insights.db import Database
from insights.services.access import Actor
from tests.fixtures.world import Characters
from tests.guards import sealed_work
from tests.guards.sealed_work import SECRET, SOUGHT
from tests.organisation import ADMIN, ANALYST, MANAGER, MEMBER, OWNER, STRANGER
from tests.slack.insight_app import InsightApp
from tests.slack.test_capture import written
from tests.slack.test_commands import ask

COMMANDS = (
    "brief georgia", "brief southeast", "account Mercy Hospital", "topics", f"topics {SOUGHT}",
    f"search {SOUGHT}", "search Ionfield", "trends", "trends georgia", "mine",
)  # fmt: skip


@dataclass
class Stage:
    """The product behind Slack, as those who make the work need it."""

    insight: InsightApp

    @property
    def database(self) -> Database:
        return self.insight.database

    def post(self, actor: Actor, text: str, **fields: Any) -> UUID:
        return self.insight.post(actor.id, text, **fields)

    def catch_up(self) -> None:
        self.insight.work()


@pytest.fixture
def sealed(http_insight: InsightApp) -> InsightApp:
    """Sealed notes of Georgia in everything that is made of notes."""
    people = (OWNER, MEMBER, STRANGER, ANALYST, MANAGER, ADMIN)
    characters = Characters(*(http_insight.actor(one) for one in people))
    stage = Stage(http_insight)
    made = sealed_work.shown(stage, characters)
    sealed_work.sealed(stage, characters, made)
    http_insight.work()
    return http_insight


def home_of(insight: InsightApp, name: str) -> str:
    insight.visitor(name).open_home()
    insight.work()
    return json.dumps(insight.visitor(name).home.definition)


def test_no_answer_says_what_is_hidden(sealed: InsightApp) -> None:
    """Max holds Florida, and is to hold Georgia."""
    for words in COMMANDS:
        assert SECRET not in written(ask(sealed, "max", words)).lower(), words
    assert SECRET not in home_of(sealed, "max").lower()


def test_those_who_may_see_it_do(sealed: InsightApp) -> None:
    for words in COMMANDS[:6]:
        assert SECRET in written(ask(sealed, "anna", words)).lower(), words
    assert SECRET in home_of(sealed, "olivia").lower()
