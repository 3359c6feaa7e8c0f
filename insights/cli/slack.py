"""`insights slack …`: the app's manifest, and how the connection to Slack stands."""

import click

from insights.cli import context
from insights.clock import utc_now
from integrations.slack import manifest as manifests
from integrations.slack import setup
from integrations.slack.setup import CheckState

MARKS = {CheckState.WELL: "well   ", CheckState.WAITING: "to do  ", CheckState.TROUBLE: "TROUBLE"}


@click.group()
def slack() -> None:
    """Connect the installation to Slack."""


@slack.command()
@click.option("--url", default="", help="Public address (default: INSIGHTS_PUBLIC_URL).")
@click.option("--socket", is_flag=True, help="For Socket Mode: Slack posts nothing here.")
@click.option("--yaml/--json", "as_yaml", default=False, help="The form (default: JSON).")
@context.in_words
def manifest(url: str, socket: bool, as_yaml: bool) -> None:
    """Print the manifest from which the app is made at Slack."""
    address = url or context.settings().public_url
    if not address:
        context.fail("Give the public address: --url https://insights.example.com", 2)
    made = manifests.manifest(address, socket=socket)
    click.echo(manifests.as_yaml(made) if as_yaml else manifests.as_json(made), nl=False)


@slack.command()
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@context.in_words
def check(as_json: bool) -> None:
    """Say how the connection stands; exit code 1 when there is a trouble."""
    chosen = context.settings()
    database = context.open_database(chosen)
    with database.reading() as session:
        found = setup.checks(session, chosen, now=utc_now())
    if as_json:
        context.print_json(
            [
                {"state": one.state, "title": one.title, "said": one.said, "remedy": one.remedy}
                for one in found
            ]
        )
    else:
        for one in found:
            click.echo(f"{MARKS[one.state]}  {one.title}: {one.said}")
            if one.remedy:
                click.echo(f"         {one.remedy}")
    if any(one.state is CheckState.TROUBLE for one in found):
        raise SystemExit(1)
