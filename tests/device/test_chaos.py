"""The modules of the device against the real application, over a network that behaves badly.

A small run of `python -m benchmarks chaos`, which kills the product's processes; here the server
runs in this process and is only taken away.
"""

import asyncio
import random
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from werkzeug.serving import make_server

from benchmarks import chaos, chaos_count, chaos_run
from benchmarks.chaos_proxy import BadNetwork, Fate
from insights import migration
from insights.app import create_app
from insights.demo.load import load
from insights.http.runtime import Runtime
from insights.models import Note
from insights.settings import Settings

T = TypeVar("T")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"


@dataclass
class Served:
    """An application that can be taken away and brought back."""

    app: Flask
    port: int = field(default_factory=chaos_run.free_port)

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def kill(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    async def until_ready(self) -> None:
        """It listens at once."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        secret_key="for tests of chaos", data_dir=tmp_path, sign_in_limit="1000 per second"
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    runtime: Runtime = app.extensions["insights"]
    migration.migrate(runtime.database)
    load(runtime.database, notes=10, seed=1, until=datetime.now(UTC))
    yield app
    runtime.reader.close()
    runtime.database.dispose()


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to; in a thread, because browser tests leave a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_nothing_is_lost_doubled_or_changed(app: Flask, settings: Settings, tmp_path: Path) -> None:
    task = chaos.make_task(30, 3, tmp_path)
    ran = _finished(chaos_run.run(Served(app), task, kills=2, bad=0.3))
    outcome = chaos_count.count(settings, ran.written)

    assert outcome.perfect, outcome.verdict
    assert outcome.numbers["notes in the database"] == 30
    assert ran.kills == 2
    assert sum(ran.fates.values()) > 60


def test_what_is_lost_doubled_or_changed_is_told(app: Flask, settings: Settings) -> None:
    runtime: Runtime = app.extensions["insights"]
    with runtime.database.writing() as session:
        one, other, third = session.query(Note).limit(3)
        third.text = one.text
        changed = {"id": str(one.id), "text": one.text, "captured_at": "", "photos": []}
        photo = {"id": str(other.id)}
        lost = {"id": "0" * 32, "text": "Never arrived", "captured_at": "", "photos": [photo]}
    outcome = chaos_count.count(settings, [changed, lost])

    assert not outcome.perfect
    names = ("notes changed", "notes lost", "notes doubled", "photos lost")
    assert [outcome.numbers[name] for name in names] == [1, 1, 1, 1]


class TestBadNetwork:
    @pytest.mark.parametrize(
        ("fate", "seen", "answer"),
        [
            (Fate.PASSED, 1, ANSWER),
            (Fate.DROPPED, 0, b""),
            (Fate.REPEATED, 2, ANSWER),
            (Fate.CUT, 1, ANSWER[: len(ANSWER) // 2]),
            (Fate.DELAYED, 1, ANSWER),
        ],
    )
    def test_an_exchange_meets_its_fate(self, fate: Fate, seen: int, answer: bytes) -> None:
        requests, got, told = _finished(_exchange(fate))

        assert (len(requests), got, told) == (seen, answer, fate)
        assert all(b"Connection: close" in request for request in requests)


class Fixed(random.Random):
    """Chooses what it was told to."""

    fate: Fate

    def choice(self, _of: object) -> Fate:  # type: ignore[override]
        return self.fate


async def _exchange(fate: Fate) -> tuple[list[bytes], bytes, Fate]:
    """What the server saw, what the client got, and what the network says it did."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\nbody"))
        writer.write(ANSWER)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    chance = Fixed(1)
    chance.fate = fate
    bad = 0.0 if fate is Fate.PASSED else 1.0
    network = BadNetwork(server.sockets[0].getsockname()[1], bad, chance)
    reader, writer = await asyncio.open_connection("127.0.0.1", await network.start())
    writer.write(b"POST / HTTP/1.1\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\nbody")
    got = await reader.read()
    writer.close()
    await network.stop()
    server.close()
    (told,) = network.fates
    return requests, got, told
