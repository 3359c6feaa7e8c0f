"""A workspace at the stand-in, and a small app in it."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.slack.bulletin import Bulletin, OverHttp, OverSockets
from tests.slack_server.admin import Admin
from tests.slack_server.clock import FakeClock
from tests.slack_server.driver import Visitor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace


@pytest.fixture
def slack_clock() -> FakeClock:
    return FakeClock()


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
