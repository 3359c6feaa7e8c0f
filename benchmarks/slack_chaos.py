"""Notes on their way to Slack while the product is killed again and again and Slack has bad days.

The product is real, as `insights serve` starts it; Slack is the stand-in of the tests, of whose
calls a share goes wrong: refused, unanswered, or done with the answer lost. In the end every note
must stand in every channel whose route it matches.
"""

import asyncio
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from benchmarks import scratch
from benchmarks.chaos_run import Product
from benchmarks.report import Report
from insights.clock import utc_now
from insights.db import Database
from insights.models import (
    Delivery,
    Destination,
    DestinationKind,
    Person,
    SlackInstallation,
    Territory,
)
from insights.services import access, destinations, journal, routes
from insights.settings import from_environment
from integrations.slack import finding
from integrations.slack.carrier import DELIVERY
from tests.slack_server.__main__ import BAD_DAY
from tests.slack_server.app_registration import AppRegistration
from tests.slack_server.clock import WallClock
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

DEMO_NOTES = 100
CHANNELS = 40
POSTERS = 4
START_SECONDS = 180.0
MOST_SECONDS = 3_600.0
SHORTEST_LIFE, LONGEST_LIFE = 2.0, 15.0
MOST_TOLD = 5
TOO_MANY = 429
Pair = tuple[str, str]


@dataclass
class SlackChaosReport(Report):
    """The figures, and whether anything was lost or came where it should not."""

    failed: bool = False


@dataclass
class Outcome:
    """How often each note came into each channel, and how often it should have."""

    wanted: set[Pair]
    shown: Counter[Pair]
    seconds: float = 0.0
    kills: int = 0
    states: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> list[Pair]:
        """Notes that came nowhere in a channel of theirs."""
        return sorted(self.wanted - self.shown.keys())

    @property
    def astray(self) -> list[Pair]:
        """Notes in channels that are not theirs."""
        return sorted(self.shown.keys() - self.wanted)

    @property
    def doubled(self) -> list[Pair]:
        """Notes that came more than once into a channel."""
        return sorted(pair for pair, count in self.shown.items() if count > 1)


def measure(notes: int, kills: int, bad: float) -> SlackChaosReport:
    """Posts `notes` notes while the product is killed `kills` times; `bad` is the share of Slack's
    calls that go wrong."""
    with scratch.installation(DEMO_NOTES) as place, slack(bad) as (server, workspace):
        outcome = run(place, server, workspace, notes=notes, kills=kills)
        report = SlackChaosReport(
            f"{notes:,} notes to {CHANNELS} channels, {bad:.0%} of Slack's calls spoilt",
            ("what", "number"),
            failed=bool(outcome.lost or outcome.astray),
        )
        report.add("kills of the product", outcome.kills)
        report.add("calls of Slack", len(server.slack.calls))
        report.add("calls that went wrong", sum(1 for one in server.slack.calls if one.error))
    report.add("seconds", round(outcome.seconds))
    for state, number in sorted(outcome.states.items()):
        report.add(f"deliveries {state}", number)
    report.add("to be delivered", len(outcome.wanted))
    report.add("lost", len(outcome.lost))
    report.add("where they should not be", len(outcome.astray))
    report.add("doubled", len(outcome.doubled))
    report.remarks.append(
        "Slack's limits per method are off, its pace of a message a second and channel is kept."
    )
    for name in ("lost", "astray", "doubled"):
        if found := getattr(outcome, name):
            report.remarks.append(f"{name}: {found[:MOST_TOLD]}")
    return report


@contextmanager
def slack(bad: float) -> Iterator[tuple[SlackServer, Workspace]]:
    """The stand-in with a workspace in which the app is in all channels."""
    server = SlackServer(WallClock(), AppRegistration(redirect_urls=[]))
    server.slack.limits.enforced = False
    workspace = server.add_workspace("Acme Field Sales")
    admin = workspace.add_person("admin", email="admin@example.com")
    installed = server.slack.install(workspace, admin.id)
    bot = workspace.people[installed.bot_user_id]
    for number in range(CHANNELS):
        workspace.add_channel(word(number), [admin, bot])
    server.start()
    if bad:
        server.slack.faults.scatter(bad, *BAD_DAY)
    try:
        yield server, workspace
    finally:
        server.stop()


def word(number: int) -> str:
    """What the notes of one channel say, and its name."""
    return f"matter{number:02}x"


def run(
    place: scratch.Installation,
    server: SlackServer,
    workspace: Workspace,
    *,
    notes: int,
    kills: int,
    life: tuple[float, float] = (SHORTEST_LIFE, LONGEST_LIFE),
) -> Outcome:
    """One run; raises TimeoutError when it finds no end."""
    installed = workspace.installation
    assert installed is not None
    environment = place.environment | {
        "INSIGHTS_SLACK_API_URL": server.api_url.rstrip("/"),
        "INSIGHTS_SLACK_SIGNING_SECRET": server.slack.app.signing_secret,
        "INSIGHTS_SLACK_BOT_TOKEN": installed.bot_token,
        "INSIGHTS_PUBLIC_URL": "https://insights.example.com",
        "INSIGHTS_WEB_PROCESSES": "1",
    }
    database = Database(from_environment(environment).effective_database_url)
    product, start = Product(environment), time.perf_counter()
    try:
        _make_routes(database, workspace)
        product.start()
        _until(lambda: _is_ready(database), START_SECONDS)
        posters = Posters(product.port, place.token, _territory(database), notes)
        posters.start()
        killed = _kill(product, kills, life, random.Random(1))
        posters.join()
        _until(lambda: _is_done(database), MOST_SECONDS)
        shown = _shown(database, workspace)
        wanted = {
            (note_id, word(number)) for note_id, numbers in posters.wanted.items()
            for number in numbers
        }  # fmt: skip
        return Outcome(wanted, shown, time.perf_counter() - start, killed, _states(database))
    finally:
        product.kill()
        database.dispose()


def _make_routes(database: Database, workspace: Workspace) -> None:
    with database.writing() as session:
        admin_id = session.scalar(select(Person.id).where(Person.email == "admin@example.com"))
        admin = access.load_actor(session, admin_id or 0, today=utc_now().date())
        for number in range(CHANNELS):
            channel = workspace.channel(word(number))
            destination_id = destinations.known(
                session, kind=DestinationKind.SLACK_CHANNEL, team=workspace.id,
                address=channel.id, label=f"#{channel.name}", now=utc_now(),
            )  # fmt: skip
            routes.make(
                session, admin, personal=False, name=word(number), query=word(number),
                destination_id=destination_id, zone="UTC", now=utc_now(),
            )  # fmt: skip


def _territory(database: Database) -> str:
    """Any will do."""
    with database.reading() as session:
        return session.scalars(select(Territory.slug).order_by(Territory.id.desc())).first() or ""


class Posters:
    """Programs that post notes through the API, each until it is told that it was stored."""

    def __init__(self, port: int, token: str, territory: str, notes: int) -> None:
        chosen = random.Random(2)
        self.wanted: dict[str, Sequence[int]] = {
            str(uuid4()): chosen.sample(range(CHANNELS), chosen.choice((0, 1, 1, 1, 2)))
            for _ in range(notes)
        }
        self._address = f"http://127.0.0.1:{port}/api/v1/notes"
        self._token, self._territory = token, territory
        self._refused: list[str] = []
        self._left = list(self.wanted.items())
        self._threads = [threading.Thread(target=self._run) for _ in range(POSTERS)]

    def start(self) -> None:
        """Begins to post."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Returns when all is posted; raises RuntimeError when something was refused."""
        for thread in self._threads:
            thread.join()
        if self._refused:
            raise RuntimeError(f"a note was refused: {self._refused[0]}")

    def _run(self) -> None:
        while self._left:
            try:
                note_id, numbers = self._left.pop()
            except IndexError:
                return
            words = " ".join(word(number) for number in numbers)
            text = f"They talk of {words} & more"
            while not self._posted({"id": note_id, "text": text, "territory": self._territory}):
                time.sleep(0.2)

    def _posted(self, note: Mapping[str, Any]) -> bool:
        asked = urllib.request.Request(
            self._address,
            data=json.dumps(note).encode(),
            headers={
                "content-type": "application/json",
                "authorization": f"Bearer {self._token}",
            },
        )
        try:
            with urllib.request.urlopen(asked, timeout=20):
                return True
        except urllib.error.HTTPError as error:
            if error.code >= 500 or error.code == TOO_MANY:
                return False
            self._refused.append(error.read().decode())
            return True
        except OSError:
            return False


def _kill(product: Product, kills: int, life: tuple[float, float], chosen: random.Random) -> int:
    """Kills the product again and again, some seconds after it answers, and starts it anew."""
    for _ in range(kills):
        asyncio.run(product.until_ready())
        time.sleep(chosen.uniform(*life))
        product.kill()
        product.start()
    return kills


def _until(is_so: Any, most_seconds: float) -> None:
    deadline = time.monotonic() + most_seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("the run finds no end")
        time.sleep(0.5)


def _is_ready(database: Database) -> bool:
    """Whether the worker reads the journal, and knows the workspace."""
    with database.reading() as session:
        installed = session.scalar(select(func.count()).select_from(SlackInstallation))
        return bool(installed) and journal.cursor_of(session, "router") is not None


def _is_done(database: Database) -> bool:
    """Whether all is routed, and nothing is on its way to Slack any more."""
    with database.reading() as session:
        cursor, last = journal.cursor_of(session, "router"), journal.last_id(session)
    states = _states(database)
    return cursor == last and not states["waiting"] and not states["sending"]


def _states(database: Database) -> Counter[str]:
    """How many deliveries to Slack there are in each state."""
    statement = (
        select(Delivery.state, func.count())
        .join(Destination, Destination.id == Delivery.destination_id)
        .where(Destination.kind == DestinationKind.SLACK_CHANNEL)
        .group_by(Delivery.state)
    )
    with database.reading() as session:
        return Counter({state.value: number for state, number in session.execute(statement)})


def _shown(database: Database, workspace: Workspace) -> Counter[Pair]:
    """How often each note stands in each channel, as its people see it."""
    with database.reading() as session:
        rows = session.execute(select(Delivery.id, Delivery.note_id))
        notes = {row.id: row.note_id for row in rows}
    shown: Counter[Pair] = Counter()
    for channel in workspace.channels.values():
        for message in workspace.messages[channel.id].values():
            held = finding.payload({"metadata": message.metadata}, DELIVERY)
            for delivery_id in held.get("deliveries", ()):
                shown[str(notes[delivery_id]), channel.name] += 1
    return shown
