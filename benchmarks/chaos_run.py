"""One run of phones against a server that is killed again and again, over a bad network."""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from benchmarks import scratch
from benchmarks.chaos_proxy import BadNetwork, Fate

PHONES = Path(__file__).with_name("chaos_device.mjs")
MOST_SECONDS = 3_600
START_SECONDS = 180
LONGEST_LINE = 1 << 26


@dataclass(frozen=True)
class Run:
    """What the phones wrote, and what happened on the way."""

    written: list[dict[str, Any]]
    requests: int
    fates: Counter[Fate]
    kills: int


class Server(Protocol):
    """What phones post to."""

    port: int

    def start(self) -> None:
        """Begins to start."""

    async def until_ready(self) -> None:
        """Returns once it answers."""

    def kill(self) -> None:
        """Ends it in the middle of what it does."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Product:
    """The product as `insights serve` starts it, killed with all its processes."""

    environment: dict[str, str]
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        """Begins to start web processes and worker, in a group of their own."""
        command, environment = scratch.product(self.environment)
        self._process = subprocess.Popen(
            command,
            env=environment | {"PORT": str(self.port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """Ends the whole group with SIGKILL."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    async def until_ready(self) -> None:
        """Returns once it answers; raises RuntimeError when that takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not await asyncio.to_thread(self._answers):
            if time.monotonic() > deadline:
                raise RuntimeError("the server does not start")
            await asyncio.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return True
        except OSError:
            return False


async def run(server: Server, task: dict[str, Any], *, kills: int, bad: float) -> Run:
    """Has phones do `task` (see chaos_device.mjs) while the server is killed `kills` times.

    `bad` is the share of the exchanges that the network spoils. Raises RuntimeError when a note or
    photo is refused, and TimeoutError when the phones do not come to an end.
    """
    network = BadNetwork(server.port, bad, random.Random(1))
    killer = Killer(server, kills, task["notes"])
    server.start()
    try:
        await server.until_ready()
        address = f"http://127.0.0.1:{await network.start()}"
        told = await _have_done(task | {"address": address}, killer)
        await network.stop()
    finally:
        server.kill()
    return Run(told["notes"], told["requests"], network.fates, killer.kills)


@dataclass
class Killer:
    """Kills the server each time another share of the notes has arrived, and starts it again."""

    server: Server
    most: int
    notes: int
    kills: int = 0
    _sent: set[str] = field(default_factory=set)
    _killing: asyncio.Task[None] | None = None

    def sent(self, note_id: str) -> None:
        """Hears of a note that has arrived."""
        self._sent.add(note_id)
        due = len(self._sent) * (self.most + 1) >= self.notes * (self.kills + 1)
        if due and self.kills < self.most and (self._killing is None or self._killing.done()):
            self.kills += 1
            self._killing = asyncio.create_task(self._kill())

    async def end(self) -> None:
        """Returns once it does nothing any more."""
        if self._killing:
            await self._killing

    async def _kill(self) -> None:
        await asyncio.to_thread(self.server.kill)
        self.server.start()
        await self.server.until_ready()


async def _have_done(task: dict[str, Any], killer: Killer) -> dict[str, Any]:
    """What the phones tell at the end."""
    phones = await asyncio.create_subprocess_exec(
        "node", PHONES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=LONGEST_LINE
    )
    try:
        async with asyncio.timeout(MOST_SECONDS):
            told = await _follow(phones, task, killer)
            await killer.end()
            return told
    finally:
        if phones.returncode is None:
            phones.kill()
        await phones.wait()


async def _follow(
    phones: asyncio.subprocess.Process, task: dict[str, Any], killer: Killer
) -> dict[str, Any]:
    assert phones.stdin
    assert phones.stdout
    phones.stdin.write(json.dumps(task).encode())
    phones.stdin.close()
    async for line in phones.stdout:
        told: dict[str, Any] = json.loads(line)
        if "notes" in told:
            return told
        killer.sent(told["sent"])
    raise RuntimeError("the phones ended before everything was sent")
