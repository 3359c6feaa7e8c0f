"""From the acknowledgement of a note to the first search that finds it, while notes keep coming."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import orjson
import uuid_utils

from benchmarks import search_http
from benchmarks.search_http import Client, HttpFailure

PER_SECOND = 50
SECONDS = 20
POSTERS = 4
SOUGHT_EVERY = 10  # looking for each note would be a load of its own
POLL_SECONDS = 0.02
PATIENCE_SECONDS = 30
SEARCH = "/api/v1/search"


@dataclass
class Freshness:
    """Milliseconds from acknowledged to findable, for a sample of the notes posted."""

    posted: int
    seconds: float
    waits: Sequence[float]
    lost: int


class _Watch:
    """Looks for each word in turn until its note is found."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._sought: dict[str, float] = {}
        self.waits: list[float] = []
        self.lost = 0
        self.is_over = threading.Event()

    def seek(self, word: str) -> None:
        """Starts the clock for a word."""
        with self._lock:
            self._sought[word] = time.perf_counter()

    def run(self) -> None:
        """Until everything is found after `is_over`."""
        while self._sought or not self.is_over.is_set():
            with self._lock:
                waiting = dict(self._sought)
            for word, since in waiting.items():
                self._look(word, since)
            time.sleep(POLL_SECONDS)

    def _look(self, word: str, since: float) -> None:
        try:
            found = orjson.loads(self._client.get(SEARCH, q=word, limit="1"))["total"]
        except (HttpFailure, OSError):
            found = 0
        waited = time.perf_counter() - since
        if found:
            self.waits.append(waited * 1000)
        elif waited > PATIENCE_SECONDS:
            self.lost += 1
        else:
            return
        with self._lock:
            del self._sought[word]


def measure(port: int, token: str) -> Freshness:
    """Posts at an even pace and looks for every tenth note by a word that no other note has."""
    client = search_http.with_token(port, token)
    watch = _Watch(client)
    watching = threading.Thread(target=watch.run)
    watching.start()
    start = time.perf_counter()
    post = _poster(client, watch, start)
    try:
        with ThreadPoolExecutor(POSTERS) as posters:
            posted = sum(posters.map(lambda _: post(), range(POSTERS)))
        seconds = time.perf_counter() - start
    finally:
        watch.is_over.set()
        watching.join()
    return Freshness(posted, seconds, watch.waits, watch.lost)


def _poster(client: Client, watch: _Watch, start: float) -> Callable[[], int]:
    """What each of the posters runs: they take the next note in turn, each at its time."""
    drawn = random.Random(7)
    numbers = itertools.count()

    def post() -> int:
        posted = 0
        for number in numbers:
            if number >= PER_SECOND * SECONDS:
                break
            time.sleep(max(0.0, start + number / PER_SECOND - time.perf_counter()))
            word = "zq" + "".join(drawn.choices("bcdfghjklmnpqrstvwxz", k=12))
            text = f"Met the owner of a depot near the river, wants {word} before spring."
            note = {"id": str(uuid_utils.uuid7()), "text": text, "territory": "georgia"}
            try:
                client.post("/api/v1/notes", orjson.dumps(note))
            except (HttpFailure, OSError):
                continue
            posted += 1
            if number % SOUGHT_EVERY == 0:
                watch.seek(word)
        return posted

    return post
