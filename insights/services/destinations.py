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
from insights.models import Delivery, DeliveryState, Destination, DestinationKind
from insights.services import access, deliveries, journal, names
from insights.services.access import Actor
from insights.vault import Vault

LONGEST_ADDRESS = 300
# Enough to tell a slip of the pen; whether there is such a box only its server knows.
_MAILBOX = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\s@<>(),;:\".]+")
# Where it leads is looked at each time that something is sent there.
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/\S*)?")
LONGEST_LABEL = 120
SECRET_BYTES = 32
SECRET_OVERLAP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DestinationView:
    """A destination with what is on its way to it; `trouble` is empty while all is well."""

    id: int
    kind: DestinationKind
    label: str
    address: str
    personal: bool
    takes_sealed: bool
    trouble: str
    waiting: int
    dead: int


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

    `person_id` is its one reader. Raises Invalid(address) for an address that belongs to somebody
    else or is used as a common one.
    """
    usable = names.one_line(address)
    if not usable or len(usable) > LONGEST_ADDRESS:
        raise Invalid({"address": [f"Give an address of 1 to {LONGEST_ADDRESS} characters."]})
    same = (
        Destination.kind == kind, Destination.team == team, Destination.address == usable
    )  # fmt: skip
    row = session.scalar(select(Destination).where(*same))
    if row is None:
        row = Destination(
            kind=kind, team=team, address=usable, label=names.one_line(label)[:120] or usable[:120],
            person_id=person_id, created_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
    elif row.person_id != person_id:
        raise Invalid({"address": ["This address is in use for something else. Choose another."]})
    return row.id


def known_mailbox(session: Session, address: str, *, now: datetime) -> int:
    """The number of the common mailbox of that address, such as a team's; raises Invalid(address)
    for what is no e-mail address or is a person's own."""
    usable = names.one_line(address)
    if not _MAILBOX.fullmatch(usable):
        raise Invalid({"address": ["Give an e-mail address, such as pricing@example.com."]})
    return known(session, kind=DestinationKind.MAIL, address=usable, label=usable, now=now)


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


def common(session: Session) -> list[DestinationView]:
    """Where the organisation's routes can be sent to, in order of their labels; not the boxes of
    single persons. Without counts of what is on its way."""
    rows = session.scalars(
        select(Destination).where(Destination.person_id.is_(None)).order_by(Destination.label)
    )
    return [_view(row, {}) for row in rows]


def list_destinations(session: Session, actor: Actor) -> list[DestinationView]:
    """All of them, those in trouble first. For admins; raises Forbidden."""
    access.require_admin(actor)
    return _views(session, session.scalars(_ORDERED).all())


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


_ORDERED = select(Destination).order_by(Destination.trouble == "", Destination.label)


def _views(session: Session, rows: Sequence[Destination]) -> list[DestinationView]:
    counted = session.execute(
        select(Delivery.destination_id, Delivery.state, func.count())
        .where(Delivery.state.in_((DeliveryState.WAITING, DeliveryState.DEAD)))
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
        waiting=counts.get((row.id, DeliveryState.WAITING), 0),
        dead=counts.get((row.id, DeliveryState.DEAD), 0),
    )


def _record(session: Session, actor: Actor, verb: str, destination_id: int, now: datetime) -> None:
    subject = ("destination", destination_id)
    journal.append(session, verb, subject, actor_id=actor.journal_id, now=now)
