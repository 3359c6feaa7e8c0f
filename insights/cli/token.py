"""`insights token`: how programs sign in."""

from datetime import timedelta

import click

from insights.cli import context
from insights.clock import utc_now
from insights.services import access, people, tokens
from insights.services.access import OPERATOR


@click.group()
def token() -> None:
    """Tokens, by which programs sign in as a person."""


@token.command()
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(tokens.SCOPES), default=("read",),
    show_default=True, help="What it may do; repeatable.",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How long it lasts."
)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@context.in_words
def add(email: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a token for the person with EMAIL; its secret is printed this once."""
    chosen = context.settings()
    now = utc_now()
    with context.open_database(chosen).writing() as session:
        person = people.require_email(session, OPERATOR, email=email)
        owner = access.load_actor(session, person.id, today=now.astimezone(chosen.zone).date())
        made, secret = tokens.make(
            session,
            owner,
            now=now,
            name=name,
            scopes=scopes,
            expires_at=now + timedelta(days=days),
        )
    if as_json:
        context.print_json({"id": made.id, "token": secret, "expires_at": made.expires_at})
    else:
        click.echo(f"Token {made.id} of {person.name}, shown only now:\n{secret}")


@token.command()
@click.argument("token_id", type=int)
@context.in_words
def revoke(token_id: int) -> None:
    """End the token with the number TOKEN_ID."""
    with context.open_database(context.settings()).writing() as session:
        tokens.revoke(session, OPERATOR, now=utc_now(), token_id=token_id)
    click.echo(f"Token {token_id} is revoked.")
