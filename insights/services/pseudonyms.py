"""Pseudonyms: somebody who has left asks that their name goes; what they told stays.

Afterwards the person is called “Former colleague 12”, has no address, password, token, saved search
or alert, and is nobody in Slack. Their notes, sightings, comments and promises keep their author's
number, their territory and their text. Names inside of texts are not touched, nor is what was sent
before: nobody can find them all, and the page says so.

The journal is append-only with this one exception: names of the person, and of what was theirs
alone, are blanked in the rows that hold them (`person.*` and `token.*`). Ids, verbs and times stay.
What reassignments are called after them is called after the pseudonym.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from insights.errors import Conflict, Invalid
from insights.models import (
    Delivery,
    DeliveryState,
    Destination,
    DestinationKind,
    JournalEntry,
    Person,
    Reassignment,
    Route,
    SavedSearch,
    SlackPerson,
    Token,
    ToldBy,
)
from insights.services import access, lookup, names, people
from insights.services.access import Actor
from insights.services.people import PersonEntry
from insights.services.reassignment_views import LONGEST_TITLE
from insights.text import fold, shorten

# Nobody ever gets mail there: the name is reserved for what does not exist.
NOWHERE = "pseudonym.invalid"
_NAMES = ("name", "former_name")


def pseudonym(person_id: int) -> str:
    """What somebody of that number is called afterwards."""
    return f"Former colleague {person_id}"


def pseudonymise(
    session: Session, actor: Actor, *, person_id: int, confirmation: str, now: datetime
) -> PersonEntry:
    """Takes name and address of somebody who has left out of the installation, for good.

    `confirmation` is their name, typed. One who is pseudonymised already stays so. Raises
    Forbidden unless the actor is an admin, NotFound, Conflict while they may sign in, and
    Invalid(confirmation).
    """
    access.require_admin(actor)
    row = lookup.require_id(session, Person, person_id, lock=True)
    if row.pseudonymised_at is not None:
        return people.get_entry(session, actor, person_id=person_id)
    if row.is_active:
        raise Conflict(f"{row.name} may still sign in. Deactivate them first.")
    if fold(confirmation) != fold(row.name):
        raise Invalid({"confirmation": [f"Type “{row.name}” to confirm. It cannot be undone."]})
    _forget_belongings(session, row)
    row.name, row.email = pseudonym(row.id), f"{uuid4().hex}@{NOWHERE}"
    row.password_hash, row.told_by, row.pseudonymised_at = None, ToldBy.PAGE, now
    row.sign_in_version += 1
    session.flush()
    names.record(session, actor, "pseudonymised", row, now=now)
    return people.get_entry(session, actor, person_id=person_id)


def _forget_belongings(session: Session, row: Person) -> None:
    """Removes what is the person's alone, and blanks what other rows need."""
    tokens = session.scalars(select(Token.id).where(Token.person_id == row.id)).all()
    _blank_journal(session, row.id, tokens)
    own = or_(
        Destination.person_id == row.id,
        and_(Destination.kind == DestinationKind.MAIL, Destination.address == row.email),
    )
    _forget_destinations(session, row.id, session.scalars(select(Destination).where(own)).all())
    _rename_reassignments(session, row)
    session.execute(delete(Token).where(Token.person_id == row.id))
    session.execute(delete(SavedSearch).where(SavedSearch.owner_id == row.id))
    session.execute(delete(Route).where(Route.owner_id == row.id, Route.personal))
    session.execute(delete(SlackPerson).where(SlackPerson.person_id == row.id))


def _forget_destinations(session: Session, person_id: int, places: Sequence[Destination]) -> None:
    """Nothing is sent there any more; what was sent keeps a destination without a name."""
    ids = [place.id for place in places]
    session.execute(delete(Route).where(Route.destination_id.in_(ids)))
    waiting = (Delivery.destination_id.in_(ids), Delivery.state == DeliveryState.WAITING)
    session.execute(update(Delivery).where(*waiting).values(state=DeliveryState.WITHHELD))
    for place in places:
        place.address, place.label = f"former-{place.id}", pseudonym(person_id)
        place.secret = place.former_secret = place.next_at = None
        place.trouble = ""
    session.flush()


def _rename_reassignments(session: Session, row: Person) -> None:
    """Their titles say whose territories went to whom."""
    named = Reassignment.title.contains(row.name, autoescape=True)
    for one in session.scalars(select(Reassignment).where(named)):
        title = one.title.replace(row.name, pseudonym(row.id))
        one.title = shorten(title, LONGEST_TITLE)
    session.flush()


def _blank_journal(session: Session, person_id: int, token_ids: Sequence[int]) -> None:
    about: list[ColumnElement[bool]] = [_subject("person", [person_id])]
    if token_ids:
        about.append(_subject("token", token_ids))
    for entry in session.scalars(select(JournalEntry).where(or_(*about))):
        if any(entry.data.get(one) for one in _NAMES):
            blank = {one: "" for one in _NAMES if one in entry.data}
            entry.data = {**entry.data, **blank}
    session.flush()


def _subject(noun: str, ids: Sequence[int]) -> ColumnElement[bool]:
    named = [str(one) for one in ids]
    return and_(JournalEntry.subject_type == noun, JournalEntry.subject_id.in_(named))
