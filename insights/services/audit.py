"""The audit: the journal as admins read it, newest first, with names instead of numbers.

The journal names things by their ids. Here each row gets the names that these have today; those of
territories and tags are in memory, people and accounts take one query each for a whole page. Only
admins read it: it says that a sealed note exists and who changed it, though never what it says.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from insights.models import JournalEntry
from insights.services import access, accounts, catalogue, people
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.lookup import LARGEST_ID

MOST_ENTRIES = 100
LARGEST_ENTRY = 2**63 - 1
# What the journal's own columns hold; nothing else can be found in them.
_WORD = re.compile("[a-z0-9._-]{1,40}")
# Which fields of a row's data are ids, and of what.
PLACES = ("territory", "parent", "former_parent")


@dataclass(frozen=True, kw_only=True)
class JournalFilter:
    """Which rows are wanted; every field narrows, an empty one does not.

    `since` is included, `until` is not; both are aware.
    """

    verb: str = ""
    subject_type: str = ""
    subject_id: str = ""
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row with its names: `actor_name` is None when the operator or the product itself acted.

    `subject_name` is None for notes and for what nobody knows any more; `slug` is that of the
    subject, for an assignment that of its territory. `names` are those of the people, territories
    and competitors in `data`, under the same keys.
    """

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str | None
    verb: str
    subject_type: str
    subject_id: str
    subject_name: str | None
    slug: str | None
    names: Mapping[str, str]
    data: Mapping[str, Any]


def list_entries(
    session: Session,
    actor: Actor,
    chosen: JournalFilter = JournalFilter(),
    *,
    limit: int,
    after: int | None = None,
) -> list[AuditEntry]:
    """Up to `limit` (at most 100) rows, the newest first, those older than the row `after`.

    At most five queries, however many rows. Raises Forbidden unless the actor is an admin.
    """
    access.require_admin(actor)
    words = (chosen.verb, chosen.subject_type, chosen.subject_id)
    if not all(_WORD.fullmatch(word) for word in words if word):
        return []
    statement = select(JournalEntry).where(*_conditions(chosen)).order_by(JournalEntry.id.desc())
    if after is not None:
        statement = statement.where(JournalEntry.id < min(after, LARGEST_ENTRY))
    rows = session.scalars(statement.limit(min(limit, MOST_ENTRIES))).all()
    names = _Names(session, actor, rows)
    return [names.entry(row) for row in rows]


def _conditions(chosen: JournalFilter) -> Iterator[ColumnElement[bool]]:
    for column, wanted in (
        (JournalEntry.verb, chosen.verb),
        (JournalEntry.subject_type, chosen.subject_type),
        (JournalEntry.subject_id, chosen.subject_id),
    ):
        if wanted:
            yield column == wanted
    if chosen.actor_id is not None:
        yield JournalEntry.actor_id == max(0, min(chosen.actor_id, LARGEST_ID))
    if chosen.since is not None:
        yield JournalEntry.at >= chosen.since
    if chosen.until is not None:
        yield JournalEntry.at < chosen.until


class _Names:
    """The names of everything that some rows mention."""

    def __init__(self, session: Session, actor: Actor, rows: Sequence[JournalEntry]) -> None:
        self._known = catalogue.current(session)
        persons = {row.actor_id for row in rows} | {_number(row.data.get("person")) for row in rows}
        persons |= _subjects(rows, "person")
        self._people = people.person_names(session, actor, ids=_present(persons))
        ids = _present(_subjects(rows, "account"))
        self._accounts = accounts.account_names(session, actor, ids=ids) if ids else {}

    def entry(self, row: JournalEntry) -> AuditEntry:
        """The row with its names."""
        names = dict(self._mentioned(row.subject_type, row.data))
        item = self._item(row)
        return AuditEntry(
            id=row.id,
            at=row.at,
            actor_id=row.actor_id,
            actor_name=self._people.get(row.actor_id) if row.actor_id else None,
            verb=row.verb,
            subject_type=row.subject_type,
            subject_id=row.subject_id,
            subject_name=item.name if item else self._name(row),
            slug=item.slug if item else None,
            names=names,
            data=row.data,
        )

    def _mentioned(self, noun: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        person = self._people.get(_number(data.get("person")) or 0)
        if person:
            yield "person", person
        for key in PLACES:
            place = self._known.territories.get(_number(data.get(key)) or 0)
            if place:
                yield key, place.name
        into = _table(self._known, noun).get(_number(data.get("into")) or 0)
        if into:
            yield "into", into.name

    def _item(self, row: JournalEntry) -> Item | None:
        """The territory or tag that the row is about."""
        if row.subject_type == "assignment":
            return self._known.territories.get(_number(row.data.get("territory")) or 0)
        table = _table(self._known, row.subject_type)
        return table.get(_number(row.subject_id) or 0)

    def _name(self, row: JournalEntry) -> str | None:
        number = _number(row.subject_id) or 0
        known: Mapping[str, Mapping[int, str]] = {
            "person": self._people,
            "account": self._accounts,
            "dimension": self._known.dimensions,
        }
        return known.get(row.subject_type, {}).get(number) or row.data.get("name")


def _table(known: Catalogue, noun: str) -> Mapping[int, Item]:
    tables: Mapping[str, Mapping[int, Item]] = {
        "territory": known.territories,
        "segment": known.segments,
        "competitor": known.competitors_ever,
        "product": known.products_ever,
    }
    return tables.get(noun, {})


def _subjects(rows: Sequence[JournalEntry], noun: str) -> set[int | None]:
    return {_number(row.subject_id) for row in rows if row.subject_type == noun}


def _present(numbers: set[int | None]) -> set[int]:
    return {one for one in numbers if one is not None}


def _number(written: object) -> int | None:
    """An id as the journal writes it, in its data as a number, as a subject in digits."""
    if isinstance(written, str) and written.isascii() and written.isdigit():
        written = int(written)
    return written if type(written) is int and 0 < written <= LARGEST_ID else None
