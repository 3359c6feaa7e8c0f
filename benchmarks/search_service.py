"""Search as a running service: many at once, freshness, memory, suggestions, standing queries."""

import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from urllib.parse import urlencode

from benchmarks import load, search_freshness, search_http, search_memory, search_standing
from benchmarks.contenders.question import Question
from benchmarks.report import Report
from benchmarks.scratch import Installation
from benchmarks.search_duel import at_share
from benchmarks.search_http import Client, HttpFailure
from benchmarks.search_questions import Words
from insights.search.document import NoteDocument

CLIENTS = 8
SECONDS = 5.0
SEARCH = "/api/v1/search"
SUGGESTIONS = "/search/suggestions"
SUGGESTION_RUNS = 100
COLUMNS = ("what", "notes", "clients", "per second", "median ms", "p95 ms", "MB")


def measure(
    at: Installation,
    port: int,
    asked: Sequence[Question],
    words: Words,
    newest: Sequence[NoteDocument],
) -> Report:
    """One row for each figure; what this version of the product lacks is a remark."""
    report = Report(f"Search as a service at {words.notes:,} notes", COLUMNS)
    report.add("rebuild", words.notes, "", words.notes / at.rebuild_seconds, "", "", "")
    _add_load(report, at, port, asked, words.notes)
    _add_suggestions(report, search_http.signed_in(port), asked, words.notes)
    _add_freshness(report, at, port, words.notes)
    for memory in search_memory.of_servers():
        report.add(f"{memory.name}, private", words.notes, "", "", "", "", memory.private)
    _add_standing(report, words, newest)
    return report


def _add_load(
    report: Report, at: Installation, port: int, asked: Sequence[Question], notes: int
) -> None:
    def searching(_client: int) -> Iterator[bytes]:
        return cycle(
            load.http_request("GET", f"{SEARCH}?{urlencode(one.parameters)}&facets=true", at.token)
            for one in asked
        )

    for clients in (1, CLIENTS):
        made = load.run(port, searching, clients=clients, seconds=SECONDS)
        report.add(
            "API, all questions in turn", notes, clients, made.per_second, made.median_ms,
            made.p95_ms, "",
        )  # fmt: skip
        if made.errors:
            report.remarks.append(f"{made.errors} searches of {clients} clients failed.")


def _add_suggestions(
    report: Report, browser: Client, asked: Sequence[Question], notes: int
) -> None:
    """For the first two, three and four letters of each word asked for."""
    typed = cycle(sorted({one.words[0][:end] for one in asked for end in (2, 3, 4)}))
    times = []
    try:
        browser.get(SUGGESTIONS, q=next(typed))
    except HttpFailure as failure:
        report.remarks.append(f"Suggestions are not measured: {failure}.")
        return
    for _ in range(SUGGESTION_RUNS):
        start = time.perf_counter()
        browser.get(SUGGESTIONS, q=next(typed))
        times.append((time.perf_counter() - start) * 1000)
    report.add(
        "suggestions", notes, 1, 1000 * len(times) / sum(times), at_share(times, 0.5),
        at_share(times, 0.95), "",
    )  # fmt: skip


def _add_freshness(report: Report, at: Installation, port: int, notes: int) -> None:
    made = search_freshness.measure(port, at.token)
    if made.waits:
        report.add(
            "acknowledged to findable", notes, search_freshness.POSTERS, made.posted / made.seconds,
            at_share(made.waits, 0.5), at_share(made.waits, 0.95), "",
        )  # fmt: skip
    if made.lost:
        report.remarks.append(
            f"{made.lost} notes were not found within {search_freshness.PATIENCE_SECONDS} s."
        )


def _add_standing(report: Report, words: Words, newest: Sequence[NoteDocument]) -> None:
    for size, median_ms, p95_ms in search_standing.measure(words, newest):
        report.add(
            f"{size:,} standing queries, a note", search_standing.BATCH, "", 1000 / median_ms,
            median_ms, p95_ms, "",
        )  # fmt: skip
