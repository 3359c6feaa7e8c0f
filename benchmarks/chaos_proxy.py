"""A network that behaves badly: a proxy that loses, delays, repeats and cuts exchanges."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_DELAY = 2.0  # seconds
HEAD_END = b"\r\n\r\n"
LARGEST_HEAD = 1 << 16


class Fate(StrEnum):
    """What becomes of an exchange."""

    PASSED = "passed on"
    DROPPED = "dropped before the server saw it"
    DELAYED = "delayed"
    REPEATED = "sent twice at once"
    CUT = "cut after the server had answered"
    AWAY = "met a dead server"


TROUBLES = (Fate.DROPPED, Fate.DELAYED, Fate.REPEATED, Fate.CUT)


@dataclass
class BadNetwork:
    """Listens on a port of its own and hands requests on to `port`, a share `bad` of them badly.

    `fates` counts what became of the exchanges.
    """

    port: int
    bad: float
    chance: random.Random
    fates: Counter[Fate] = field(default_factory=Counter)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> int:
        """Begins to listen; returns the port."""
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0, limit=LARGEST_HEAD)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Listens no more, and gives up what is under way."""
        self._server.close()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Held on to: a task that only waits may be swept away.
        task = asyncio.create_task(self._serve(reader, writer))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read_request(reader)
            fate = self.chance.choice(TROUBLES) if self.chance.random() < self.bad else Fate.PASSED
            answer = await self._exchange(request, fate)
            if answer:
                writer.write(answer)
                await writer.drain()
        except (OSError, EOFError):
            pass  # the device has gone away
        finally:
            # Without waiting, as a connection that breaks does.
            with suppress(OSError):
                writer.close()

    async def _exchange(self, request: bytes, fate: Fate) -> bytes:
        """What the device gets to see: all, half or nothing of the answer."""
        if fate is Fate.DROPPED:
            self.fates[fate] += 1
            return b""
        if fate is Fate.DELAYED:
            await asyncio.sleep(self.chance.uniform(0.1, LONGEST_DELAY))
        times = 2 if fate is Fate.REPEATED else 1
        answers = await asyncio.gather(*(self._ask(request) for _ in range(times)))
        answer = answers[-1]
        self.fates[fate if answer else Fate.AWAY] += 1
        return answer[: len(answer) // 2] if fate is Fate.CUT else answer

    async def _ask(self, request: bytes) -> bytes:
        """The whole answer; empty when the server is dead, or dies on it."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(request)
                await writer.drain()
                answer = await reader.read()
            finally:
                writer.close()
        except OSError:
            return b""
        return answer if _is_whole(answer) else b""


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    """One request, which asks for its connection to be closed after the answer."""
    head = await reader.readuntil(HEAD_END)
    lines = head[: -len(HEAD_END)].split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith((b"connection:", b"keep-alive:"))]
    body = await reader.readexactly(_length(head))
    return b"\r\n".join([*kept, b"Connection: close"]) + HEAD_END + body


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(HEAD_END)
    return bool(end) and len(body) >= _length(head + end)


def _length(head: bytes) -> int:
    _, found, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.split(b"\r\n", 1)[0]) if found else 0
