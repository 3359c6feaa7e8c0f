"""`insights person`: people, from the command line."""

import click

from insights.cli import context
from insights.clock import utc_now
from insights.models import Role
from insights.services import people
from insights.services.access import OPERATOR


@click.group()
def person() -> None:
    """People who sign in."""


@person.command()
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.REP.value,
    show_default=True, help="What the person is here for.",
)  # fmt: skip
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True,
    envvar="INSIGHTS_PASSWORD", help="Asked for when left out.",
)  # fmt: skip
@context.in_words
def add(email: str, name: str, role: str, password: str) -> None:
    """Add a person who signs in with EMAIL."""
    with context.open_database(context.settings()).writing() as session:
        added = people.add(
            session,
            OPERATOR,
            now=utc_now(),
            email=email,
            name=name,
            role=Role(role),
            password=password,
        )
    click.echo(f"{added.name} can sign in as {added.email} ({added.role.value}).")


@person.command()
@click.argument("email")
@context.in_words
def deactivate(email: str) -> None:
    """End the sign-ins, tokens and assignments of a person; their notes stay."""
    chosen = context.settings()
    now = utc_now()
    with context.open_database(chosen).writing() as session:
        found = people.require_email(session, OPERATOR, email=email)
        people.deactivate(
            session,
            OPERATOR,
            now=now,
            today=now.astimezone(chosen.zone).date(),
            person_id=found.id,
        )
    click.echo(f"{found.name} can no longer sign in.")
