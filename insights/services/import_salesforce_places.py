"""Territories of Salesforce, and who is assigned to them.

A territory is found by its id, which is its code here, otherwise by DeveloperName or Name; what is
found by name keeps its place in the tree, what is found by id follows Salesforce. A person is
found by e-mail address; nobody is added. Who is assigned holds the territory from today on, who is
no longer active in it stops today; assignments that the file does not speak of stay.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.models import Person
from insights.services import assignments, catalogue, territories
from insights.services.access import Actor
from insights.services.assignments import NewPeriod
from insights.services.catalogue import Catalogue, Place
from insights.services.import_columns import Row
from insights.services.import_salesforce_files import Sheet, is_no, long_id
from insights.text import clean, fold

MOST_TERRITORIES = 10_000


class Places:
    """The territories by their ids in Salesforce."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._known: Catalogue = catalogue.current(session)
        self._found: dict[str, Place] = {}
        self._named_already: set[int] = set()

    def find(self, identity: str) -> Place | None:
        """The territory of that id, of this import or of an earlier one."""
        word = long_id(identity)
        found = self._found.get(word) or self._known.find_territory(word)
        return None if found is None or found.archived else found

    def take(self, sheet: Sheet) -> None:
        """Adds, renames and moves territories, each behind the one it lies below."""
        rows = list(sheet.rows())
        if len(rows) > MOST_TERRITORIES:
            message = f"A file may have {MOST_TERRITORIES:,} territories at most."
            raise Invalid({sheet.kind.value: [message]})
        _require_one_model(sheet, rows)
        for row in _parents_first(_first_of_each(sheet, rows)):
            try:
                # A rename that is followed by a refused move leaves nothing behind.
                with self._session.begin_nested():
                    self._take(sheet, row)
            except Invalid as error:
                name = next(iter(error.fields))
                sheet.refuse(row, {"name": "Name", "code": "Id"}.get(name, name), error.message)

    def _take(self, sheet: Sheet, row: Row) -> None:
        identity = long_id(row.get("Id"))
        parent = self._parent(row)
        place = self._known.find_territory(identity)
        if place is not None:
            self._follow(sheet, row, place, parent)
            return
        place = self._named(row)
        if place is not None:
            self._named_already.add(place.id)
            sheet.unchanged += 1
        else:
            place = territories.create(
                self._session,
                self._actor,
                now=self._now,
                name=row.get("Name"),
                code=identity,
                parent_slug=parent.slug if parent else None,
            )
            sheet.added += 1
        self._found[identity] = place

    def _parent(self, row: Row) -> Place | None:
        above = row.get("ParentTerritory2Id")
        if not above:
            return None
        parent = self.find(above)
        if parent is None:
            message = "The territory above it is not in the file, or was refused."
            raise Invalid({"ParentTerritory2Id": [message]})
        return parent

    def _named(self, row: Row) -> Place | None:
        words = (row.get("DeveloperName"), row.get("Name"))
        for word in words:
            place = self._known.find_territory(word) if word else None
            if place is not None and not place.archived:
                if place.id in self._named_already:
                    message = f"Another row of the file stands for {place.name} already."
                    raise Invalid({"Name": [message]})
                return place
        return None

    def _follow(self, sheet: Sheet, row: Row, place: Place, parent: Place | None) -> None:
        """Renames and moves what Salesforce has renamed and moved."""
        before = place
        if fold(clean(row.get("Name"))) != fold(place.name):
            place = territories.change(
                self._session, self._actor, now=self._now, slug=place.slug, name=row.get("Name")
            )
        above = parent.id if parent else None
        if "ParentTerritory2Id" in sheet.columns.positions and above != place.parent_id:
            slug = parent.slug if parent else None
            place = territories.move(
                self._session, self._actor, now=self._now, slug=place.slug, parent_slug=slug
            )
        self._found[long_id(row.get("Id"))] = place
        if place == before:
            sheet.unchanged += 1
        else:
            sheet.changed += 1


class Users:
    """The people by their ids in Salesforce."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[str, int] = {}

    def find(self, identity: str) -> int | None:
        """The person of that id."""
        return self._found.get(long_id(identity))

    def take(self, sheet: Sheet) -> None:
        """Finds the people by their addresses; inactive users are passed over."""
        people = select(Person.email, Person.id).where(Person.deactivated_at.is_(None))
        known = {row.email.lower(): row.id for row in self._session.execute(people)}
        inactive = 0
        for row in sheet.rows():
            person_id = known.get(clean(row.get("Email")).lower())
            if person_id is not None:
                self._found[long_id(row.get("Id"))] = person_id
                sheet.unchanged += 1
            elif is_no(row.get("IsActive")):
                inactive += 1
                sheet.unchanged += 1
            else:
                sheet.refuse(row, "Email", "Nobody here has this address. Add the person first.")
        if inactive:
            sheet.remarks.append(f"{inactive:,} inactive users without an account are left out.")


def assign(
    session: Session,
    actor: Actor,
    sheet: Sheet,
    places: Places,
    users: Users,
    *,
    now: datetime,
    today: date,
) -> list[dict[str, Any]]:
    """Starts and ends assignments as the file says; gives the journal entries."""
    wanted: dict[tuple[int, int], bool] = {}
    for row in sheet.rows():
        person_id, place = users.find(row.get("UserId")), places.find(row.get("Territory2Id"))
        if person_id is None:
            sheet.refuse(row, "UserId", "This user is not in the file of users, or has no account.")
        elif place is None:
            sheet.refuse(row, "Territory2Id", "This territory is not known here.")
        else:
            wanted[place.id, person_id] = not is_no(row.get("IsActive"))
    held = assignments.held_pairs(session, on=today)
    starting = [pair for pair, active in wanted.items() if active and pair not in held]
    ending = [pair for pair, active in wanted.items() if not active and pair in held]
    sheet.added += len(starting)
    sheet.changed += len(ending)
    sheet.unchanged += len(wanted) - len(starting) - len(ending)
    periods = [NewPeriod(*pair, since=today) for pair in starting]
    _, started = assignments.start_many(session, actor, periods, now=now)
    return [
        *started,
        *assignments.end_many(session, actor, [held[pair] for pair in ending], on=today, now=now),
    ]


def _first_of_each(sheet: Sheet, rows: Iterable[Row]) -> list[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        identity = long_id(row.get("Id"))
        if not identity or identity in found:
            sheet.refuse(row, "Id", "This id is empty, or stands above already.")
        else:
            found[identity] = row
    return list(found.values())


def _require_one_model(sheet: Sheet, rows: Iterable[Row]) -> None:
    models = {row.get("Territory2ModelId") for row in rows} - {""}
    if len(models) > 1:
        message = (
            f"The file holds {len(models)} territory models. Export the active one alone "
            "(WHERE Territory2ModelId = …)."
        )
        raise Invalid({sheet.kind.value: [message]})


def _parents_first(rows: Iterable[Row]) -> list[Row]:
    """Each row behind that of its parent; those in a circle as they are."""
    by_id: Mapping[str, Row] = {long_id(row.get("Id")): row for row in rows}
    ordered: dict[int, Row] = {}
    for row in by_id.values():
        chain: dict[int, Row] = {}
        current: Row | None = row
        while current and current.number not in chain and current.number not in ordered:
            chain[current.number] = current
            current = by_id.get(long_id(current.get("ParentTerritory2Id")))
        ordered |= {one.number: one for one in reversed(chain.values())}
    return list(ordered.values())
