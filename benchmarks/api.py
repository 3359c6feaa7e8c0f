"""Requests per second through the API, load generator included, beside the floor insert."""

import sys
from collections.abc import Iterator
from itertools import cycle

import orjson
import uuid_utils

from benchmarks import load, scratch
from benchmarks.report import Report
from benchmarks.scratch import Installation

SECONDS = 5.0
ROUNDS = 3
CLIENTS = (1, 8)
TEXTS = (
    "Met the office manager of a clinic near the river: Ionfield offered them two months free.",
    "Customer would rather have one invoice for all sites than another discount.",
    "Our installer came a day late again and nobody had called them. Second time this quarter.",
    "They open a new depot in spring and asked who could bring fibre out there before May.",
)
QUERIES = ("price", "contract renewal", "stolen loads", "ionfield clinic", "install late")


def measure(notes: int) -> Report:
    """Create, list and search at `notes` notes; the floor runs between the product's rounds."""
    report = Report(
        f"API at {notes:,} notes",
        ("what", "clients", "per second", "median ms", "p95 ms", "errors", "of the floor"),
    )
    with scratch.installation(notes) as place:
        command, environment = scratch.product(place.environment)
        with scratch.serving(command, environment, ready="/healthz") as port:
            _measure_reads(report, place, port)
        for clients in CLIENTS:
            _measure_creates(report, place, clients)
    return report


def _measure_reads(report: Report, place: Installation, port: int) -> None:
    def listing(_client: int) -> Iterator[bytes]:
        return cycle([load.http_request("GET", "/api/v1/notes?limit=20", place.token)])

    def searching(_client: int) -> Iterator[bytes]:
        return cycle(
            load.http_request("GET", f"/api/v1/search?q={query.replace(' ', '+')}", place.token)
            for query in QUERIES
        )

    def searching_with_facets(_client: int) -> Iterator[bytes]:
        return cycle(
            load.http_request(
                "GET", f"/api/v1/search?facets=true&q={query.replace(' ', '+')}", place.token
            )
            for query in QUERIES
        )

    for what, requests in (
        ("list 20", listing),
        ("search", searching),
        ("search with facets", searching_with_facets),
    ):
        for clients in CLIENTS:
            _add(report, what, load.run(port, requests, clients=clients, seconds=SECONDS), "")


def _measure_creates(report: Report, place: Installation, clients: int) -> None:
    """Product and floor in turns, so that a slower minute of the machine slows both."""
    ours: list[load.Load] = []
    floors: list[load.Load] = []
    for number in range(ROUNDS):
        command, environment = scratch.product(place.environment)
        with scratch.serving(command, environment, ready="/healthz") as port:
            made = load.run(port, _creates("/api/v1/notes", place.token), clients=clients,
                            seconds=SECONDS)  # fmt: skip
            ours.append(made)
        environment = place.environment | {
            "FLOOR_DATABASE": str(place.folder / f"floor-{clients}-{number}.db")
        }
        with scratch.serving(_floor_command(), environment, ready="/") as port:
            floors.append(load.run(port, _creates("/notes", ""), clients=clients, seconds=SECONDS))
    mine, floor = _middle(ours), _middle(floors)
    ratios = sorted(
        one.per_second / other.per_second for one, other in zip(ours, floors, strict=True)
    )
    _add(report, "create", mine, ratios[len(ratios) // 2])
    _add(report, "floor insert", floor, "")


def _creates(path: str, token: str):  # type: ignore[no-untyped-def]
    def make(_client: int) -> Iterator[bytes]:
        for text in cycle(TEXTS):
            note = {"id": str(uuid_utils.uuid7()), "text": text, "territory": "georgia"}
            yield load.http_request("POST", path, token, orjson.dumps(note))

    return make


def _floor_command() -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "benchmarks.floor:app", "--bind", "127.0.0.1:{port}"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "2"),
        *("--keep-alive", "0", "--log-level", "error", "--worker-tmp-dir", "/dev/shm"),
    ]


def _middle(runs: list[load.Load]) -> load.Load:
    return sorted(runs, key=lambda one: one.per_second)[len(runs) // 2]


def _add(report: Report, what: str, result: load.Load, ratio: float | str) -> None:
    report.add(
        what,
        result.clients,
        result.per_second,
        result.median_ms,
        result.p95_ms,
        result.errors,
        ratio,
    )
