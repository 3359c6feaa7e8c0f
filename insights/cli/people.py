"""`insights person`: people, from the command line."""

import click
from sqlalchemy.orm import Session

from insights.cli import context
from insights.clock import utc_now
from insights.errors import Invalid
from insights.models import Role
from insights.services import catalogue, people, pseudonyms
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
@click.option(
    "--successor", "successors", multiple=True, metavar="TERRITORY=EMAIL",
    help="Who holds a territory of theirs next; once for each.",
)  # fmt: skip
@click.option("--caretaker", metavar="EMAIL", help="Who holds all others until somebody is found.")
@click.option("--topics-to", metavar="EMAIL", help="Who takes the open topics that they work on.")
@click.option("--free-topics", is_flag=True, help="Leave those topics without an owner.")
@context.in_words
def deactivate(
    email: str,
    successors: tuple[str, ...],
    caretaker: str | None,
    topics_to: str | None,
    free_topics: bool,
) -> None:
    """End the sign-ins and tokens of a person; what they hold goes to others, their notes stay."""
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
            successors=dict(_successor(session, one) for one in successors),
            caretaker_id=_id_of(session, caretaker),
            topic_owner_id=_id_of(session, topics_to),
            frees_topics=free_topics,
        )
    click.echo(f"{found.name} can no longer sign in.")


@person.command()
@click.argument("email")
@click.option("--name", prompt="Type their name to confirm", help="Their name, to confirm.")
@context.in_words
def pseudonymise(email: str, name: str) -> None:
    """Remove name and address of a person who has left, for good; what they told stays."""
    with context.open_database(context.settings()).writing() as session:
        found = people.require_email(session, OPERATOR, email=email)
        done = pseudonyms.pseudonymise(
            session, OPERATOR, person_id=found.id, confirmation=name, now=utc_now()
        )
    click.echo(f"They are {done.name} from now on.")


def _successor(session: Session, given: str) -> tuple[int, int]:
    word, found, email = given.rpartition("=")
    if not found:
        raise Invalid({"successor": ["Write it like Georgia=olivia@example.com."]})
    place = catalogue.current(session).find_territory(word)
    if place is None:
        raise Invalid({"successor": [f"There is no territory “{word}”."]})
    return place.id, people.require_email(session, OPERATOR, email=email).id


def _id_of(session: Session, email: str | None) -> int | None:
    return people.require_email(session, OPERATOR, email=email).id if email else None
