"""`insights index`: this machine's search replica."""

import click

from insights.app import open_replica
from insights.cli import context
from insights.cli.progress import progress_bar
from insights.worker.search import SearchFollower, lag


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
    replica = open_replica(chosen)
    state = replica.state(thorough=True)
    behind = lag(context.open_database(chosen), replica)
    if as_json:
        context.print_json(
            {
                "engine": chosen.search_engine,
                "directory": str(chosen.search_dir),
                "usable": not state.needs_rebuild,
                "problem": state.problem,
                "cursor": state.cursor,
                "behind": behind,
            }
        )
    elif not state.needs_rebuild:
        click.echo(f"The index is whole; {behind} changes are still to be read.")
    if state.needs_rebuild:
        context.fail(
            f"{state.problem} A running worker rebuilds it; or run: insights index rebuild"
        )
