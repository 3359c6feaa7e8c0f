"""How fast Slack is answered, and how soon a note that was acknowledged stands in its channel.

The product runs as it does in use (`insights serve`, with a worker); the stand-in of the tests is
Slack. Interactions come at a steady rate, whether or not the ones before were answered.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from statistics import median
from uuid import uuid4

from benchmarks import slack_payloads as made
from benchmarks.report import Report
from benchmarks.scratch import installation, product, serving
from insights.db import Database
from insights.services import destinations
from tests.services.routed import routed
from tests.slack_server.__main__ import people_a_workspace
from tests.slack_server.app_registration import AppRegistration
from tests.slack_server.clock import WallClock
from tests.slack_server.delivery import HttpDelivery
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

PUBLIC_URL = "https://insights.example.com"
DEMO_NOTES = 1_000
NOTES = 30
MOST_AT_ONCE = 200
PATIENCE_SECONDS = 30.0


def measure(rate: int, seconds: int) -> Report:
    """Interactions at that rate, then notes one by one until each stands in the channel."""
    report = Report("Slack", ("what", "count", "p50 ms", "p95 ms", "p99 ms", "failed"))
    with SlackServer(WallClock(), AppRegistration()) as slack:
        workspace = people_a_workspace(slack)
        with _serving(slack, workspace) as (port, database):
            delivery = slack.deliver_over_http(f"http://127.0.0.1:{port}/slack/events")
            _wait_until_known(database)
            times = _interact(delivery, port, workspace, rate, seconds)
            _add(report, f"answers at {rate}/s", times)
            _route(database, workspace)
            _add(report, "note to card", _post(slack, delivery, port, workspace))
        slack.take_mistakes()
    return report


@contextmanager
def _serving(slack: SlackServer, workspace: Workspace) -> Iterator[tuple[int, Database]]:
    assert workspace.installation is not None
    with installation(DEMO_NOTES) as scratch:
        environment = scratch.environment | {
            "INSIGHTS_PUBLIC_URL": PUBLIC_URL,
            "INSIGHTS_SLACK_API_URL": slack.api_url,
            "INSIGHTS_SLACK_SIGNING_SECRET": slack.slack.app.signing_secret,
            "INSIGHTS_SLACK_BOT_TOKEN": workspace.installation.bot_token,
        }
        database = Database(f"sqlite:///{scratch.folder / 'insights.db'}")
        command, variables = product(environment)
        with serving(command, variables, ready="/healthz") as port:
            yield port, database
        database.dispose()


def _wait_until_known(database: Database) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with database.reading() as session:
            count = session.connection().exec_driver_sql("SELECT count(*) FROM slack_people")
            if (
                count.scalar_one()
                and session.connection()
                .exec_driver_sql("SELECT count(*) FROM slack_channels")
                .scalar_one()
            ):
                return
        time.sleep(0.2)
    raise RuntimeError("the worker did not find the workspace")


def _interact(
    delivery: HttpDelivery, port: int, workspace: Workspace, rate: int, seconds: int
) -> list[float | None]:
    """Half are commands, a quarter clicks, a quarter lists; each at its own time."""
    user = workspace.person("rep").id
    bodies = []
    for number in range(rate * seconds):
        if number % 2:
            bodies.append(made.command(workspace.id, user, "help"))
        elif number % 4:
            click = made.click(workspace.id, user, "nothing", str(number))
            click["response_url"] = ""
            bodies.append(made.as_form(click))
        else:
            bodies.append(made.as_form(made.suggestion(workspace.id, user, "territory", "ge")))
    start = time.perf_counter() + 0.5
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        waiting: list[Future[float | None]] = []
        for number, body in enumerate(bodies):
            due = start + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(_timed, delivery, port, body, due))
        return [one.result() for one in waiting]


def _timed(delivery: HttpDelivery, port: int, body: bytes, due: float) -> float | None:
    """Milliseconds from when it was due until it was answered; None when it failed."""
    status = _send(delivery, port, body)
    return (time.perf_counter() - due) * 1000 if status == 200 else None


def _send(delivery: HttpDelivery, port: int, body: bytes) -> int:
    headers = {"Content-Type": "application/x-www-form-urlencoded", **delivery.signed(body)}
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


def _route(database: Database, workspace: Workspace) -> None:
    """Sends all that is heard of zeppelins to #field-notes, at once."""
    now = datetime.now(UTC)
    with database.writing() as session:
        place = destinations.known_channel(
            session, team_id=workspace.id, channel_id=workspace.channel("field-notes").id, now=now
        )
        routed(session, "zeppelins", place, owner_id=1)


def _post(
    slack: SlackServer, delivery: HttpDelivery, port: int, workspace: Workspace
) -> list[float | None]:
    """One note after the other, at least a second apart, which is a channel's pace."""
    times: list[float | None] = []
    place = workspace.channel("field-notes").id
    for number in range(NOTES):
        note_id = uuid4()
        text = f"Zeppelins {uuid4().hex} {uuid4().hex} {number}"
        metadata = f'{{"note": "{note_id}"}}'
        user = workspace.person("rep").id
        form = made.submission(workspace.id, user, "capture", {"text": text}, metadata)
        if _send(delivery, port, made.as_form(form)) != 200:
            times.append(None)
            continue
        start = time.perf_counter()
        deadline = start + PATIENCE_SECONDS
        marker = text.split()[1]
        while not _stands(workspace, place, marker) and time.perf_counter() < deadline:
            time.sleep(0.005)
        took = time.perf_counter() - start
        times.append(took * 1000 if took < PATIENCE_SECONDS else None)
        time.sleep(max(0.0, 1.3 - took))
    return times


def _stands(workspace: Workspace, place: str, marker: str) -> bool:
    messages = list(workspace.messages[place].values())
    return any(marker in str(message.blocks) for message in messages if not message.only_for)


def _add(report: Report, what: str, times: list[float | None]) -> None:
    well = sorted(one for one in times if one is not None)
    if not well:
        report.add(what, len(times), "-", "-", "-", len(times))
        return
    at = lambda share: well[min(len(well) - 1, int(share * len(well)))]  # noqa: E731
    report.add(what, len(times), median(well), at(0.95), at(0.99), len(times) - len(well))
