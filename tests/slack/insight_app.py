"""The product connected to the stand-in: over HTTP and by Socket Mode, with a worker by hand.

`insight` is the stage. Its workspace "Acme" has Olivia (the owner of Georgia), Max (the member),
Anna (the analyst), Manuel (the manager) and Ada (the admin) of tests/organisation.py, known by
their e-mail addresses, and Gus, who has no account. The app is in #field-notes and in the private
#deals; not in #random nor in the private #board. Nothing moves by itself: `work()` does what the
worker would, and the time is the stand-in's.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from insights.app import open_carriers, open_slack
from insights.db import Database
from insights.http.runtime import Runtime
from insights.models import Note, Source
from insights.search.analysis import Analysis
from insights.services import access, notes
from insights.services.access import Actor
from insights.services.note_drafts import NoteDraft
from insights.settings import Settings
from insights.worker.router import Router
from insights.worker.search import SearchFollower
from insights.worker.sender import Sender
from integrations.slack.app import Edge
from integrations.slack.manifest import manifest
from integrations.slack.parts import SlackParts
from integrations.slack.sockets import Sockets
from integrations.slack.work import Step, steps
from tests.slack_server.admin import Admin
from tests.slack_server.app_registration import AppRegistration
from tests.slack_server.clock import FakeClock
from tests.slack_server.driver import Visitor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

PUBLIC_URL = "https://app.example.com"
PEOPLE = {
    "olivia": ("Olivia Owner", "owner@example.com"),
    "max": ("Max Member", "member@example.com"),
    "anna": ("Anna Analyst", "analyst@example.com"),
    "manuel": ("Manuel Manager", "manager@example.com"),
    "ada": ("Ada Admin", "admin@example.com"),
    "gus": ("Gus Guest", "gus@example.com"),
}
"""Those in the workspace: their names in Slack, and the addresses that our accounts have; Gus has
none."""
MOST_STEPS = 500


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@dataclass
class InsightApp:
    """The product at the stand-in, and what tests do behind its back."""

    server: SlackServer
    workspace: Workspace
    clock: FakeClock
    flask: Flask
    runtime: Runtime
    edge: Edge
    follower: SearchFollower
    worker_parts: SlackParts

    def __post_init__(self) -> None:
        self._steps: list[Step] = self._worker_steps()

    # The worker

    def work(self) -> None:
        """Lets the worker do what it has to, until it would rest."""
        for _ in range(MOST_STEPS):
            busy = [step() for step in self._steps]
            if not any(busy):
                self.server.settle()
                return
        raise AssertionError("the worker finds no end")

    def restart_worker(self) -> None:
        """Another worker takes over, which remembers nothing."""
        self._steps = self._worker_steps()

    def _worker_steps(self) -> list[Step]:
        settings, database = self.runtime.settings, self.database
        router = Router(database, Analysis(settings.search_language), settings.zone, self.now)
        sender = Sender(
            database, open_carriers(settings, self.worker_parts), settings.zone, self.now
        )
        return [
            self._follow,
            lambda: bool(router.step()),
            sender.step,
            *steps(self.worker_parts),
        ]

    def _follow(self) -> bool:
        moved = self.follower.step()
        self.runtime.reader.reload()
        return bool(moved)

    # Who and where

    def visitor(self, name: str) -> Visitor:
        """Somebody at their screen in Slack, such as "olivia"."""
        return self.server.visitor(self.workspace, name)

    @property
    def admin(self) -> Admin:
        """Ada, who may do everything in the workspace."""
        return self.server.admin(self.workspace, "ada")

    def user_id(self, name: str) -> str:
        return self.workspace.person(name).id

    def channel_id(self, name: str) -> str:
        return self.workspace.channel(name).id

    @property
    def team_id(self) -> str:
        return self.workspace.id

    @property
    def parts(self) -> SlackParts:
        """The parts of the web side."""
        return self.edge.parts

    # The product

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    @property
    def database(self) -> Database:
        return self.runtime.database

    def actor(self, person_id: int) -> Actor:
        """A person of tests/organisation.py, such as OWNER."""
        with self.database.reading() as session:
            return access.load_actor(session, person_id, today=self.runtime.today())

    def post(self, person_id: int, text: str, **fields: Any) -> UUID:
        """A note written on the web by a person of tests/organisation.py."""
        draft = NoteDraft(**{"id": uuid4(), "text": text, "source": Source.WEB, **fields})
        actor = self.actor(person_id)
        with self.database.writing() as session:
            notes.post(session, actor, draft, now=self.now())
        return draft.id

    def notes(self) -> list[Note]:
        """All notes there are, oldest first."""
        in_order = select(Note).order_by(Note.received_at, Note.id)
        with self.database.reading() as session:
            return list(session.scalars(in_order))

    def read(self, what: Callable[[Session], Any]) -> Any:
        """What `what` finds in the database."""
        with self.database.reading() as session:
            return what(session)

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The arguments of all calls of one of Slack's methods that went well."""
        return [call.arguments for call in self.server.slack.calls_of(method)]


def people_the_workspace(server: SlackServer) -> Workspace:
    """Acme, with the app of our own manifest in two of its four channels."""
    server.slack.app = AppRegistration.from_manifest(manifest(PUBLIC_URL))
    workspace = server.add_workspace("Acme")
    people = {
        name: workspace.add_person(name, real_name, email)
        for name, (real_name, email) in PEOPLE.items()
    }
    installation = server.slack.install(workspace, people["ada"].id)
    bot = workspace.people[installation.bot_user_id]
    workspace.add_channel("field-notes", [*people.values(), bot])
    workspace.add_channel("deals", [people["anna"], people["manuel"], bot], "group")
    workspace.add_channel("random", list(people.values()))
    workspace.add_channel("board", [people["ada"]], "group")
    return workspace


def slack_settings(server: SlackServer, workspace: Workspace, **more: Any) -> dict[str, Any]:
    """The settings of an installation that is connected to the stand-in."""
    assert workspace.installation is not None
    known = {
        "slack_signing_secret": server.slack.app.signing_secret,
        "slack_bot_token": workspace.installation.bot_token,
        "slack_app_token": server.slack.app.app_token,
        "slack_api_url": server.api_url.rstrip("/"),
        "slack_authorize_url": server.authorize_url,
        "slack_emoji": "bulb",
        "public_url": PUBLIC_URL,
    }
    return known | more


def settings_of(folder: Path, slack: dict[str, Any]) -> Settings:
    return Settings(
        secret_key="for tests only, never elsewhere",
        data_dir=folder,
        organisation="Test Telecom",
        sign_in_limit="1000 per minute",
        **slack,
    )


@contextmanager
def over_http(insight: InsightApp) -> Iterator[None]:
    """The product behind an address, as in production."""
    server = make_server("127.0.0.1", 0, insight.flask, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    insight.server.deliver_over_http(
        f"http://127.0.0.1:{server.port}/slack/events", insight.clock.now
    )
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def over_sockets(insight: InsightApp) -> Iterator[None]:
    """The product behind its own connections, which the worker opens."""
    delivery = insight.server.deliver_over_sockets()
    sockets = Sockets(insight.parts, insight.edge.app)
    sockets.start()
    delivery.wait_until_connected()
    yield
    # Slack hangs up first: the library looks up from a silent connection after three seconds.
    sockets.stop_reconnecting()
    delivery.close()
    sockets.close()


TRANSPORTS = {"http": over_http, "sockets": over_sockets}


def assemble_insight(
    server: SlackServer,
    workspace: Workspace,
    clock: FakeClock,
    flask: Flask,
    runtime: Runtime,
) -> InsightApp:
    """The product with its web side and its worker, which is not connected yet."""
    settings = runtime.settings
    parts = open_slack(settings, runtime.database, runtime.reader, runtime.clock)
    worker_parts = open_slack(settings, runtime.database, runtime.reader, runtime.clock, timeout=30)
    edge = Edge(parts)
    flask.extensions["insights"], flask.extensions["insights_slack"] = runtime, edge
    follower = SearchFollower(runtime.database, runtime.replica, settings.zone)
    return InsightApp(server, workspace, clock, flask, runtime, edge, follower, worker_parts)
