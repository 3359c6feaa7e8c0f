"""`insights index`: this machine's search replica."""

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import click

from insights.cli import context
from insights.cli.progress import progress_bar
from insights.clock import utc_now
from insights.db import Database
from insights.search.engine import IndexUnavailable
from insights.search.replica import Replica
from insights.search.request import SearchRequest
from insights.services import replicas
from insights.stores import open_replica
from insights.worker.search import SearchFollower

MEBIBYTE = 2**20


@click.group()
def index() -> None:
    """The search index, a replica that can always be rebuilt from the database."""


@index.command()
@context.in_words
def rebuild() -> None:
    """Fill a new index from the database beside the live one, then switch to it."""
    chosen = context.settings()
    follower = SearchFollower(context.open_database(chosen), open_replica(chosen), chosen.zone)
    with progress_bar("Indexing notes") as advance:
        count = follower.rebuild(advance)
    click.echo(f"Indexed {count:,} notes.")


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@context.in_words
def status(as_json: bool) -> None:
    """Say whether the index can be used and how far it is behind (exit code 1 if unusable)."""
    chosen = context.settings()
    told = _status(open_replica(chosen), context.open_database(chosen))
    if as_json:
        context.print_json(told)
    else:
        click.echo("\n".join(_sentences(told)))
    if not told["usable"]:
        context.fail(
            f"{told['problem']} A running worker rebuilds it; or run: insights index rebuild"
        )


def _status(replica: Replica, database: Database) -> dict[str, Any]:
    """What there is to say, after every file of the index was read."""
    state, facts = replica.state(thorough=True), replica.facts()
    lag = None
    if state.cursor is not None:
        with database.reading() as session:
            lag = replicas.lag(session, state.cursor, now=utc_now())
    return {
        "usable": not state.needs_rebuild,
        "problem": state.problem,
        "trouble": facts.trouble,
        "rebuilding": facts.rebuilding,
        "cursor": state.cursor,
        "behind": lag and lag.rows,
        "behind_seconds": lag and lag.seconds,
        "notes": _notes(replica),
        "size_bytes": facts.size_bytes,
        "disk_free_bytes": facts.free_bytes,
        "engine": facts.engine,
        "schema": facts.schema,
        "generation": facts.generation,
        "directory": str(replica.directory),
    }


def _notes(replica: Replica) -> int | None:
    with suppress(IndexUnavailable), closing(replica.open_reader()) as reader:
        return reader.count(SearchRequest(audience=None))
    return None


def _sentences(told: dict[str, Any]) -> Iterator[str]:
    if told["usable"]:
        yield f"The index is whole and holds {told['notes'] or 0:,} notes."
        yield _lag_sentence(told["behind"], told["behind_seconds"])
    if told["rebuilding"]:
        yield "A new index is being filled just now."
    if told["trouble"]:
        yield f"The worker says: {told['trouble']}"
    size, free = told["size_bytes"] or 0, told["disk_free_bytes"] or 0
    yield f"{told['directory']}: {size / MEBIBYTE:,.1f} MiB, {free / MEBIBYTE:,.0f} MiB free."
    yield f"{told['generation'] or 'no generation'}, {told['engine']}, schema {told['schema']}."


def _lag_sentence(rows: int, seconds: float) -> str:
    if not rows:
        return "It has read every change."
    return f"{rows:,} changes are still to be read, the oldest {seconds:,.0f} seconds old."
