"""Figures for monitors, in the text format of Prometheus (version 0.0.4).

Without the setting INSIGHTS_METRICS_TOKEN this address does not exist. With it, it answers whoever
sends that token as “Authorization: Bearer …”: a monitor needs no person and no sign-in.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from flask import Blueprint, Response, abort, request

from insights.http import errors
from insights.http.protection import public
from insights.http.runtime import Runtime, db_session, now, runtime
from insights.search.engine import IndexUnavailable
from insights.search.request import SearchRequest
from insights.services import journal, replicas, trend_runs

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
VERSION = version("field-insights")

blueprint = Blueprint("metrics", __name__)


@dataclass(frozen=True)
class Gauge:
    """One figure; one without a value is left out, as Prometheus wants it."""

    name: str
    help: str
    value: float | None
    labels: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/metrics")
@public
def show() -> Response:
    """All figures; 404 without the setting, 401 without its token."""
    token = runtime().settings.metrics_token
    if not token:
        abort(404)
    sent = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(sent, f"Bearer {token}".encode()):
        return errors.respond(errors.Problem(401, "Send the token of INSIGHTS_METRICS_TOKEN."))
    return Response(_as_text(_gauges(runtime())), content_type=CONTENT_TYPE)


def _gauges(parts: Runtime) -> Iterator[Gauge]:
    database = parts.database.engine.dialect.name
    labels = {"version": VERSION, "database": database, "engine": parts.settings.search_engine}
    yield Gauge("insights_build_info", "What is running; always 1.", 1, labels)
    yield Gauge(
        "insights_journal_last_id", "Newest row of the journal.", journal.last_id(db_session())
    )
    yield from _index_gauges(parts)
    yield from _trend_gauges()
    for name, seconds in replicas.silence(db_session(), now=now()).items():
        yield Gauge(
            "insights_worker_silent_seconds",
            "Seconds since the worker of a machine reported.",
            seconds,
            {"worker": name},
        )


def _index_gauges(parts: Runtime) -> Iterator[Gauge]:
    state, facts = parts.replica.state(), parts.replica.facts()
    rows, seconds = None, None
    if state.cursor is not None:
        lag = replicas.lag(db_session(), state.cursor, now=now())
        rows, seconds = lag.rows, lag.seconds
    for name, words, value in (
        ("usable", "1 if this machine's index can be read.", not state.needs_rebuild),
        ("rebuilding", "1 while a new index is filled.", facts.rebuilding),
        ("trouble", "1 while something keeps the worker from writing.", facts.trouble is not None),
        ("cursor", "Journal row up to which the index has read.", state.cursor),
        ("lag_rows", "Journal rows not yet read.", rows),
        (
            "lag_seconds",
            "Age of the oldest row not yet read.",
            seconds,
        ),
        ("notes", "Notes that can be found.", _notes(parts)),
        ("size_bytes", "Size of the index on disk.", facts.size_bytes),
        ("disk_free_bytes", "Room left on the disk of the index.", facts.free_bytes),
    ):
        yield Gauge(f"insights_search_{name}", words, value)


def _trend_gauges() -> Iterator[Gauge]:
    last = trend_runs.last_run(db_session())
    if last is None:
        return
    age = max((now() - last.finished_at).total_seconds(), 0.0)
    yield Gauge("insights_trends_seconds", "How long the last run took.", last.seconds)
    yield Gauge("insights_trends_age_seconds", "Seconds since the last run ended.", age)


def _notes(parts: Runtime) -> int | None:
    try:
        return parts.reader.count(SearchRequest(audience=None))
    except IndexUnavailable:
        return None


def _as_text(gauges: Iterator[Gauge]) -> str:
    lines: list[str] = []
    described: set[str] = set()
    for gauge in gauges:
        if gauge.value is None:
            continue
        if gauge.name not in described:
            described.add(gauge.name)
            lines += [f"# HELP {gauge.name} {gauge.help}", f"# TYPE {gauge.name} gauge"]
        lines.append(f"{gauge.name}{_labels(gauge.labels)} {gauge.value + 0}")
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    pairs = [f'{name}="{_escaped(value)}"' for name, value in labels.items()]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
