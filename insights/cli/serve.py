"""`insights serve` and `insights worker`: the running product."""

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

import click

from insights import migration
from insights.app import open_carriers, open_slack, open_slack_work
from insights.cli import context
from insights.clock import utc_now
from insights.search.analysis import Analysis
from insights.settings import Settings
from insights.stores import open_replica
from insights.worker.battlecards import BattlecardWork
from insights.worker.loop import Worker
from insights.worker.post import PostWork
from insights.worker.router import Router
from insights.worker.search import SearchFollower
from insights.worker.sender import Sender
from insights.worker.trends import TrendWork
from integrations.slack.gateway import WORKER_SECONDS

GRACE_SECONDS = 25
POLL_SECONDS = 0.2
RESTART_REST_SECONDS = 1.0


@click.command()
@click.option("--host", help="Address to listen on (default: INSIGHTS_HOST).")
@click.option("--port", type=int, help="Port to listen on (default: PORT or INSIGHTS_PORT).")
@click.option("--worker/--no-worker", "with_worker", default=True, help="Run a worker beside it.")
@context.in_words
def serve(host: str | None, port: int | None, with_worker: bool) -> None:
    """Answer on the web, with a worker beside it; stops cleanly on SIGTERM or Ctrl-C."""
    chosen = context.settings()
    _require_schema(chosen)
    address = f"{host or chosen.host}:{chosen.port if port is None else port}"
    family = Family()
    signal.signal(signal.SIGTERM, family.on_signal)
    signal.signal(signal.SIGINT, family.on_signal)
    family.start("web", _web_command(chosen, address), essential=True)
    if with_worker:
        family.start("worker", [sys.executable, "-m", "insights", "worker"], essential=False)
    click.echo(f"Field Insights answers at http://{address}/ (Ctrl-C stops it)")
    sys.exit(family.watch())


@click.command()
@context.in_words
def worker() -> None:
    """Read the journal: keep the search index up to date, until told to stop."""
    chosen = context.settings()
    _require_schema(chosen)
    logging.basicConfig(
        level=chosen.log_level.upper(), format="%(asctime)s worker %(levelname)s %(message)s"
    )
    database = context.open_database(chosen)
    follower = SearchFollower(database, open_replica(chosen), chosen.zone)
    trends = TrendWork(database, chosen.zone, utc_now)
    reader = open_replica(chosen).open_reader()
    slack = open_slack(chosen, database, reader, timeout=WORKER_SECONDS)
    post = PostWork(
        Router(database, Analysis(chosen.search_language), chosen.zone, utc_now),
        Sender(database, open_carriers(chosen, slack), chosen.zone, utc_now),
    )
    slack_work = open_slack_work(slack)
    battlecards = BattlecardWork(database, chosen.zone, utc_now)
    running = Worker(chosen, database, follower, utc_now, trends=trends)
    signal.signal(signal.SIGTERM, lambda _number, _frame: running.stop())
    signal.signal(signal.SIGINT, lambda _number, _frame: running.stop())
    post.start()
    slack_work.start()
    battlecards.start()
    try:
        running.run()
    finally:
        battlecards.close()
        slack_work.close()
        post.close()
        reader.close()


@dataclass
class Child:
    """A process of the family and how to start it again."""

    name: str
    command: list[str]
    essential: bool
    process: "subprocess.Popen[bytes]"


@dataclass
class Family:
    """The processes of one installation: they live together and stop together.

    When an essential one ends, all end; another one that dies is started again.
    """

    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def start(self, name: str, command: list[str], *, essential: bool) -> None:
        """Starts a process and adds it to the family."""
        self.children.append(Child(name, command, essential, subprocess.Popen(command)))  # noqa: S603 - our own

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Asks the family to stop. A plain flag, because a handler must not wait for a lock."""
        self.stopping = True

    def watch(self) -> int:
        """Waits for the end and returns the exit code to end with."""
        while not self.stopping:
            time.sleep(POLL_SECONDS)
            for child in self.children:
                code = child.process.poll()
                if code is None:
                    continue
                if child.essential:
                    self.stop()
                    return code or 1
                self._restart(child, code)
        self.stop()
        return 0

    def stop(self) -> None:
        """Asks every process to end, waits for them, and ends those that do not."""
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()

    def _restart(self, child: Child, code: int) -> None:
        click.echo(f"The {child.name} ended with code {code}; starting it again.", err=True)
        time.sleep(RESTART_REST_SECONDS)
        if not self.stopping:
            child.process = subprocess.Popen(child.command)  # noqa: S603 - our own


def _web_command(chosen: Settings, address: str) -> list[str]:
    # Without kept-alive connections every request goes to whichever process is free; with them one
    # process can end up with all of the clients while the others rest.
    shared_memory = ["--worker-tmp-dir", "/dev/shm"] if os.path.isdir("/dev/shm") else []  # noqa: S108
    return [
        *(sys.executable, "-m", "gunicorn", "insights.app:from_environment()"),
        *("--bind", address),
        *("--workers", str(chosen.web_processes)),
        *("--worker-class", "gthread"),
        *("--threads", str(chosen.web_threads)),
        *("--timeout", "60", "--graceful-timeout", "20", "--keep-alive", "0"),
        *("--limit-request-line", "8190"),
        *("--log-level", chosen.log_level if chosen.log_level != "info" else "warning"),
        *shared_memory,
    ]


def _require_schema(chosen: Settings) -> None:
    if not migration.is_current(context.open_database(chosen)):
        context.fail("The database does not have the newest schema. Run: insights db upgrade")
