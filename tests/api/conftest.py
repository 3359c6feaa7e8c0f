"""Programs that use the API with a token of their own."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from insights.db import Database
from insights.services import tokens
from insights.services.access import Actor
from tests.fixtures.app import Stage
from tests.fixtures.databases import World, put_back
from tests.organisation import NOW

ALL_SCOPES = ("read", "write", "admin")


class Program:
    """Sends JSON to addresses below /api/v1, with the token of a person."""

    def __init__(self, stage: Stage, secret: str) -> None:
        self.client = stage.app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:
        return self.send_json("POST", path, body, **options)

    def patch(self, path: str, body: object, **options: Any) -> TestResponse:
        return self.send_json("PATCH", path, body, **options)

    def send_json(self, method: str, path: str, body: object, **options: Any) -> TestResponse:
        # Not the application's own JSON, which cannot write what hostile programs send.
        text = json.dumps(body)
        return self.send(method, path, data=text, content_type="application/json", **options)

    def items(self, path: str) -> list[Any]:
        """All of the items of the first page of a list."""
        items: list[Any] = self.get(path).get_json()["items"]
        return items


@pytest.fixture(params=["postgresql"])
def database(request: pytest.FixtureRequest, worlds: dict[str, World]) -> Database:
    """A database that holds the test organisation.

    Operations are tried on PostgreSQL, which refuses what SQLite would store, unless a test says
    `on_each_database`. The tests of the services run on both.
    """
    return put_back(worlds, request.param)


@pytest.fixture
def secret_of(stage: Stage) -> Callable[..., str]:
    """Makes a token of a person for these scopes (by default all that the person may have)."""

    def make(actor: Actor, *scopes: str) -> str:
        usual = ALL_SCOPES if actor.role.value == "admin" else ALL_SCOPES[:2]
        with stage.database.writing() as session:
            _, secret = tokens.make(
                session,
                actor,
                now=NOW,
                name="test",
                scopes=scopes or usual,
                expires_at=NOW + timedelta(days=30),
            )
        return secret

    return make


@pytest.fixture
def program_of(stage: Stage, secret_of: Callable[..., str]) -> Callable[..., Program]:
    """A program with a token of the person for these scopes."""

    def start(actor: Actor, *scopes: str) -> Program:
        return Program(stage, secret_of(actor, *scopes))

    return start
