"""Destinations: where notes can be sent, and who gave which."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.models import (
    Delivery,
    DeliveryState,
    Destination,
    DestinationKind,
    SlackChannel,
    SlackInstallation,
    SlackPerson,
)
from insights.services import access, deliveries, journal, lookup, names
from insights.services.access import Actor
from insights.vault import Vault

LONGEST_ADDRESS = 300
# Enough to tell a slip of the pen; whether there is such a box only its server knows.
_MAILBOX = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\s@<>(),;:\".]+")
# Where it leads is looked at each time that something is sent there.
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/\S*)?")
LONGEST_LABEL = 120
# More than anybody looks through in a list.
MOST_CHANNELS, MOST_PLACES = 1_000, 500
SECRET_BYTES = 32
SECRET_OVERLAP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DestinationView:
    """A destination with what is on its way to it; `trouble` is empty while all is well, and
    `failures` is how many attempts in a row have failed, after each of which it is tried again."""

    id: int
    kind: DestinationKind
    label: str
    address: str
    personal: bool
    takes_sealed: bool
    trouble: str
    failures: int
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """A Slack channel to which the app can write."""

    team_id: str
    channel_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Where a route can be sent: `places` are those in use by all that are no channel of
    `channels`, in order of their labels; `slack_to_me` says whether the actor is known there."""

    places: Sequence[DestinationView]
    channels: Sequence[ChannelChoice]
    slack_to_me: bool


def known(
    session: Session,
    *,
    kind: DestinationKind,
    address: str,
    label: str,
    team: str = "",
    person_id: int | None = None,
    now: datetime,
) -> int:
    """The number of the destination of that address; it is made if there is none yet.

    `person_id` is its one reader. An address may be both somebody's own and a common one: what goes
    to the two is chosen for different readers. Raises Invalid(address) for what is no address.
    """
    usable = names.one_line(address)
    if not usable or len(usable) > LONGEST_ADDRESS:
        raise Invalid({"address": [f"Give an address of 1 to {LONGEST_ADDRESS} characters."]})
    same = (
        Destination.kind == kind, Destination.team == team, Destination.address == usable,
        # Empty is no value, so two empty ones are not found equal by "=".
        Destination.person_id.is_not_distinct_from(person_id),
    )  # fmt: skip
    found = session.scalar(select(Destination.id).where(*same))
    if found is not None:
        return found
    row = Destination(
        kind=kind, team=team, address=usable, label=names.one_line(label)[:120] or usable[:120],
        person_id=person_id, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def known_mailbox(session: Session, address: str, *, now: datetime) -> int:
    """The number of the common mailbox of that address, such as a team's; raises Invalid(address)
    for what is no e-mail address."""
    usable = names.one_line(address)
    if not _MAILBOX.fullmatch(usable):
        raise Invalid({"address": ["Give an e-mail address, such as pricing@example.com."]})
    return known(session, kind=DestinationKind.MAIL, address=usable, label=usable, now=now)


def own_mailbox(session: Session, actor: Actor, *, now: datetime) -> int:
    """The number of the actor's own mailbox, which only they read."""
    return known(
        session, kind=DestinationKind.MAIL, address=actor.email, label=actor.email,
        person_id=actor.id, now=now,
    )  # fmt: skip


def own_slack(session: Session, actor: Actor, *, now: datetime) -> int:
    """The number of the actor's own messages in Slack; raises Invalid(destination_id) when nobody
    there is known to be them."""
    row = _slack_of(session, actor)
    if row is None:
        raise Invalid({"destination_id": ["It is not known who you are in Slack. Choose mail."]})
    return known(
        session, kind=DestinationKind.SLACK_PERSON, team=row.team_id, address=row.user_id,
        label=f"{row.name} in Slack", person_id=actor.id, now=now,
    )  # fmt: skip


def known_channel(session: Session, *, team_id: str, channel_id: str, now: datetime) -> int:
    """The number of that Slack channel as a destination; raises Invalid(destination_id) unless the
    app can write there."""
    chosen = (SlackChannel.team_id == team_id, SlackChannel.channel_id == channel_id)
    row = session.scalar(select(SlackChannel).where(*chosen, *_WRITABLE))
    if row is None:
        message = "The app is not in this channel. Invite it there (/invite @insight) first."
        raise Invalid({"destination_id": [message]})
    return known(
        session, kind=DestinationKind.SLACK_CHANNEL, team=team_id, address=channel_id,
        label=f"#{row.name}", now=now,
    )  # fmt: skip


def chosen(
    session: Session, actor: Actor, *, kind: DestinationKind, address: str, team: str, now: datetime
) -> int:
    """The number of a mailbox, a Slack channel, or the actor's own messages in Slack.

    The first two are for those who keep routes. Raises Forbidden, and Invalid(kind, address,
    destination_id), also for a webhook, which an admin sets up.
    """
    if kind is DestinationKind.SLACK_PERSON:
        return own_slack(session, actor, now=now)
    access.require_curator(actor)
    if kind is DestinationKind.MAIL:
        return known_mailbox(session, address, now=now)
    if kind is DestinationKind.SLACK_CHANNEL:
        return known_channel(session, team_id=team, channel_id=address, now=now)
    raise Invalid({"kind": ["An admin adds a webhook, which then has a number."]})


def choices(session: Session, actor: Actor) -> Choices:
    """What a route of the actor can be sent to. Slack is offered while it is connected."""
    installed = select(SlackInstallation.team_id, SlackInstallation.team_name)
    teams = {row.team_id: row.team_name for row in session.execute(installed)}
    found = session.scalars(
        select(SlackChannel)
        .where(SlackChannel.team_id.in_(sorted(teams)), *_WRITABLE)
        .order_by(SlackChannel.name, SlackChannel.id)
        .limit(MOST_CHANNELS)
    )
    channels = [
        ChannelChoice(
            one.team_id, one.channel_id,
            f"#{one.name}" if len(teams) == 1 else f"#{one.name} in {teams[one.team_id]}",
        )
        for one in found
    ]  # fmt: skip
    shown = {(one.team_id, one.channel_id) for one in channels}
    places = [
        _view(row, {})
        for row in session.scalars(_COMMON.limit(MOST_PLACES))
        if (row.team, row.address) not in shown
    ]
    return Choices(places, channels, bool(teams) and _slack_of(session, actor) is not None)


def make_webhook(
    session: Session, actor: Actor, vault: Vault, *, address: str, label: str, now: datetime
) -> tuple[int, str]:
    """Adds a webhook; returns its number and its signing secret, which is told this once.

    For admins. Raises Forbidden, and Invalid(address, label).
    """
    access.require_admin(actor)
    name = names.one_line(label)
    if not name or len(name) > LONGEST_LABEL:
        raise Invalid({"label": [f"Give it a name of 1 to {LONGEST_LABEL} characters."]})
    if not _WEB_ADDRESS.fullmatch(names.one_line(address)):
        raise Invalid({"address": ["Give a web address, such as https://crm.example.com/notes."]})
    destination_id = known(
        session, kind=DestinationKind.WEBHOOK, address=address, label=name, now=now
    )
    if deliveries.require_destination(session, destination_id).secret is not None:
        raise Invalid({"address": ["This webhook is set up already."]})
    secret = _give_secret(session, vault, destination_id, now)
    _record(session, actor, "destination.made", destination_id, now)
    return destination_id, secret


def list_common(
    session: Session, actor: Actor, *, limit: int, after: int | None = None
) -> list[DestinationView]:
    """Up to `limit` destinations that many people read, in order of their number, from behind
    `after`; with counts of what is on its way. For those who keep routes; raises Forbidden."""
    access.require_curator(actor)
    rows = session.scalars(
        select(Destination)
        .where(Destination.person_id.is_(None), Destination.id > (after or 0))
        .order_by(Destination.id)
        .limit(limit)
    ).all()
    return _views(session, rows)


def list_destinations(
    session: Session, actor: Actor, *, page: int = 1, size: int = 50
) -> list[DestinationView]:
    """A page of all of them, those in trouble first. For admins; raises Forbidden."""
    access.require_admin(actor)
    shown = _ORDERED.offset((max(1, page) - 1) * size).limit(size)
    return _views(session, session.scalars(shown).all())


def count(session: Session, actor: Actor) -> int:
    """How many there are. For admins; raises Forbidden."""
    access.require_admin(actor)
    return session.scalar(select(func.count()).select_from(Destination)) or 0


def get(session: Session, actor: Actor, destination_id: int) -> DestinationView:
    """One of them. For admins; raises Forbidden and NotFound."""
    access.require_admin(actor)
    row = lookup.require_id(session, Destination, destination_id)
    return _views(session, [row])[0]


def mark_for_sealed(
    session: Session, actor: Actor, destination_id: int, *, takes_sealed: bool, now: datetime
) -> None:
    """Says whether everyone who reads there may see sealed notes. For admins.

    Raises NotFound, Forbidden, and Invalid for a person's own box, which gets what they may see.
    """
    access.require_admin(actor)
    row = deliveries.require_destination(session, destination_id)
    if row.person_id is not None:
        raise Invalid("A person is sent what they may see; there is nothing to mark.")
    if row.takes_sealed != takes_sealed:
        row.takes_sealed = takes_sealed
        session.flush()
        verb = "destination.opened" if takes_sealed else "destination.closed"
        _record(session, actor, verb, destination_id, now)


def send_again(session: Session, actor: Actor, destination_id: int, *, now: datetime) -> int:
    """Takes the trouble off and sends what was given up; how many those were. For admins."""
    access.require_admin(actor)
    count = deliveries.send_again(session, destination_id=destination_id, now=now)
    _record(session, actor, "destination.mended", destination_id, now)
    return count


def renew_secret(
    session: Session, actor: Actor, vault: Vault, destination_id: int, *, now: datetime
) -> str:
    """A new signing secret for a webhook, told this once; the former signs along for a day.

    For admins. Raises NotFound, Forbidden, and Invalid for what is no webhook.
    """
    access.require_admin(actor)
    row = deliveries.require_destination(session, destination_id)
    if row.kind is not DestinationKind.WEBHOOK:
        raise Invalid("Only what is sent to webhooks is signed.")
    made = _give_secret(session, vault, destination_id, now)
    _record(session, actor, "destination.secret-renewed", destination_id, now)
    return made


def _give_secret(session: Session, vault: Vault, destination_id: int, now: datetime) -> str:
    """A new secret in the form of the Standard Webhooks specification: 24 to 64 random bytes."""
    row = deliveries.require_destination(session, destination_id)
    made = "whsec_" + b64encode(token_bytes(SECRET_BYTES)).decode()
    row.former_secret, row.former_until = row.secret, now + SECRET_OVERLAP
    row.secret = vault.close(made)
    session.flush()
    return made


def _slack_of(session: Session, actor: Actor) -> SlackPerson | None:
    """The actor in a workspace to which the app belongs; of several the one known first."""
    return session.scalar(
        select(SlackPerson)
        .join(SlackInstallation, SlackInstallation.team_id == SlackPerson.team_id)
        .where(SlackPerson.person_id == actor.id)
        .order_by(SlackPerson.id)
        .limit(1)
    )


_WRITABLE = (SlackChannel.joined, SlackChannel.archived.is_(False))
_COMMON = (
    select(Destination)
    .where(Destination.person_id.is_(None))
    .order_by(Destination.label, Destination.id)
)
_ORDERED = select(Destination).order_by(
    Destination.trouble == "", Destination.label, Destination.id
)


def _views(session: Session, rows: Sequence[Destination]) -> list[DestinationView]:
    counted = session.execute(
        select(Delivery.destination_id, Delivery.state, func.count())
        .where(
            Delivery.destination_id.in_([row.id for row in rows]),
            Delivery.state.in_((DeliveryState.WAITING, DeliveryState.DEAD)),
        )
        .group_by(Delivery.destination_id, Delivery.state)
    )
    counts = {(place, state): count for place, state, count in counted}
    return [_view(row, counts) for row in rows]


def _view(row: Destination, counts: Mapping[tuple[int, DeliveryState], int]) -> DestinationView:
    return DestinationView(
        id=row.id,
        kind=row.kind,
        label=row.label,
        address=row.address,
        personal=row.person_id is not None,
        takes_sealed=row.takes_sealed,
        trouble=row.trouble,
        failures=row.failures,
        waiting=counts.get((row.id, DeliveryState.WAITING), 0),
        dead=counts.get((row.id, DeliveryState.DEAD), 0),
    )


def _record(session: Session, actor: Actor, verb: str, destination_id: int, now: datetime) -> None:
    subject = ("destination", destination_id)
    journal.append(session, verb, subject, actor_id=actor.journal_id, now=now)
