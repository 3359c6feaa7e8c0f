"""A workspace at the stand-in, and a small app in it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from slack_sdk import WebClient

from insights import migration
from insights.app import assemble
from insights.db import Database
from tests.organisation import NOW, populate
from tests.slack.bulletin import Bulletin, OverHttp, OverSockets
from tests.slack.insight_app import (
    TRANSPORTS,
    InsightApp,
    assemble_insight,
    over_http,
    people_the_workspace,
    settings_of,
    slack_settings,
)
from tests.slack_server.admin import Admin
from tests.slack_server.clock import FakeClock
from tests.slack_server.driver import Visitor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace


@pytest.fixture
def slack_clock() -> FakeClock:
    """A Wednesday noon, until a test moves it."""
    return FakeClock(NOW.timestamp())


@pytest.fixture
def slack_server(slack_clock: FakeClock) -> Iterator[SlackServer]:
    """Slack, without any workspace; the test fails when the app made mistakes there."""
    with SlackServer(slack_clock) as server:
        yield server


@pytest.fixture
def acme(slack_server: SlackServer) -> Workspace:
    """A workspace with three people, and the app in two of its four channels."""
    workspace = slack_server.add_workspace("Acme")
    rita = workspace.add_person("rita", "Rita Rep")
    ann = workspace.add_person("ann", "Ann Analyst")
    omar = workspace.add_person("omar", "Omar Owner")
    installation = slack_server.slack.install(workspace, omar.id)
    bot = workspace.people[installation.bot_user_id]
    workspace.add_channel("field-notes", [rita, ann, bot])
    workspace.add_channel("deals", [ann, bot], "group")
    workspace.add_channel("random", [rita, ann])
    workspace.add_channel("board", [omar], "group")
    return workspace


@pytest.fixture
def client(slack_server: SlackServer, acme: Workspace) -> WebClient:
    """The official client with the app's token."""
    assert acme.installation is not None
    return WebClient(token=acme.installation.bot_token, base_url=slack_server.api_url)


@pytest.fixture
def rita(slack_server: SlackServer, acme: Workspace) -> Visitor:
    return slack_server.visitor(acme, "rita")


@pytest.fixture
def ann(slack_server: SlackServer, acme: Workspace) -> Visitor:
    return slack_server.visitor(acme, "ann")


@pytest.fixture
def admin(slack_server: SlackServer, acme: Workspace) -> Admin:
    return slack_server.admin(acme, "omar")


@pytest.fixture
def bulletin(slack_server: SlackServer, acme: Workspace, slack_clock: FakeClock) -> Bulletin:
    """The small app; it is slow by moving the clock."""
    assert acme.installation is not None
    return Bulletin(slack_server, acme.installation.bot_token, lambda: slack_clock.advance(3.5))


@pytest.fixture(params=[OverHttp, OverSockets], ids=lambda transport: transport.name)
def app(
    request: pytest.FixtureRequest, slack_server: SlackServer, bulletin: Bulletin
) -> Iterator[Bulletin]:
    """The small app at work: each scenario runs over HTTP and over sockets."""
    transport = request.param(slack_server, bulletin)
    yield bulletin
    transport.stop()


@pytest.fixture
def http_app(slack_server: SlackServer, bulletin: Bulletin) -> Iterator[Bulletin]:
    """The small app over HTTP alone."""
    transport = OverHttp(slack_server, bulletin)
    yield bulletin
    transport.stop()


@pytest.fixture(scope="session")
def slack_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the organisation of tests/organisation.py, to be copied."""
    file = tmp_path_factory.mktemp("slack-world") / "insights.db"
    database = Database(f"sqlite:///{file}")
    migration.migrate(database)
    with database.writing() as session:
        populate(session)
    database.dispose()
    return file


@pytest.fixture
def slack_folder(slack_world: Path, empty_replica: Path, tmp_path: Path) -> Path:
    """A data folder with the organisation and an empty search replica in it."""
    folder = tmp_path / "data"
    shutil.copytree(empty_replica, folder / "search")
    shutil.copyfile(slack_world, folder / "insights.db")
    return folder


@pytest.fixture
def unconnected(
    slack_server: SlackServer, slack_clock: FakeClock, slack_folder: Path, assembled_app: Flask
) -> Iterator[InsightApp]:
    """The product with Slack's settings, which Slack does not reach yet."""
    workspace = people_the_workspace(slack_server)
    settings = settings_of(slack_folder, slack_settings(slack_server, workspace))
    runtime = assemble(settings, lambda: datetime.fromtimestamp(slack_clock.now(), UTC))
    insight = assemble_insight(slack_server, workspace, slack_clock, assembled_app, runtime)
    insight.work()
    yield insight
    insight.follower.close()
    runtime.reader.close()
    runtime.database.dispose()


@pytest.fixture(params=TRANSPORTS)
def insight(request: pytest.FixtureRequest, unconnected: InsightApp) -> Iterator[InsightApp]:
    """The product at work: each scenario runs over HTTP and by Socket Mode."""
    with TRANSPORTS[request.param](unconnected):
        yield unconnected


@pytest.fixture
def http_insight(unconnected: InsightApp) -> Iterator[InsightApp]:
    """The product at work over HTTP alone, where the transport does not matter."""
    with over_http(unconnected):
        yield unconnected
