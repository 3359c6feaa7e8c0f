"""Routes and alerts: standing queries that send what matches to a destination.

The organisation's routes are seen by everyone who is signed in, made by analysts, managers and
admins, and changed by whoever made them and by admins. An alert is seen and changed by its owner
alone and sends to them. The query is kept as it was typed: what it means is decided when it runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Forbidden, Invalid, NotFound
from insights.models import (
    Cadence,
    Delivery,
    DeliveryMatter,
    Destination,
    DestinationKind,
    Person,
    Route,
    RouteContent,
)
from insights.search.engine import Reader
from insights.search.query import Query, parse
from insights.search.request import Filters, SearchRequest
from insights.search.standing import StandingQueries
from insights.services import (
    access,
    catalogue,
    deliveries,
    digests,
    journal,
    lookup,
    query_texts,
    routing,
)
from insights.services.access import Actor
from insights.services.search_terms import terms

MOST_ALERTS = 50
PREVIEW_DAYS = 30
_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class RouteView:
    """A route as one reader sees it; `trouble` is its destination's, empty while all is well, and
    so are `failures`: how many attempts in a row have failed there."""

    id: int
    name: str
    personal: bool
    query: str
    content: RouteContent
    owner_id: int
    owner_name: str
    destination_id: int
    destination_kind: DestinationKind
    destination_team: str
    destination_address: str
    destination_label: str
    trouble: str
    failures: int
    cadence: Cadence
    zone: str
    send_at: int
    weekday: int
    quiet_from: int | None
    quiet_until: int | None
    threaded: bool
    muted: bool
    may_change: bool


class RouteChanges(TypedDict, total=False):
    """What can be given and changed of a route; times are minutes since midnight in `zone`."""

    name: str
    query: str
    content: RouteContent
    destination_id: int
    cadence: Cadence
    zone: str
    send_at: int
    weekday: int
    quiet_from: int | None
    quiet_until: int | None
    threaded: bool
    muted: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a route would have sent in the last 30 days, notes or trends."""

    found: int
    content: RouteContent = RouteContent.NOTES
    days: int = PREVIEW_DAYS

    @property
    def per_week(self) -> float:
        """So many a week."""
        return self.found * 7 / self.days

    @property
    def words(self) -> str:
        """The same in a sentence."""
        if self.content is RouteContent.SUMMARY:
            return "It sends one message a week, and none for a week in which nothing stood out."
        if not self.found:
            return f"It would have sent nothing in the last {self.days} days."
        noun = "trend" if self.content is RouteContent.TRENDS else "note"
        many = f"1 {noun}" if self.found == 1 else f"{self.found:,} {noun}s"
        weekly = f"{self.per_week:,.0f}" if self.per_week >= 1.5 else "about one"
        often = f"{weekly} a week" if self.per_week >= 0.75 else "less than one a week"
        return f"It would have sent {many} in the last {self.days} days, {often}."


def make(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    personal: bool,
    **values: Unpack[RouteChanges],
) -> RouteView:
    """Makes a route, or the actor's own alert, that sends what is captured from now on.

    Raises Forbidden for a rep's route of the organisation, and Invalid with every field to mend.
    """
    if not personal:
        access.require_curator(actor)
    columns = _usable(session, {"cadence": Cadence.AT_ONCE, **values}, RouteContent.NOTES)
    problems = FieldProblems()
    for name in ("name", "query", "destination_id", "zone"):
        with problems:
            if name not in columns:
                raise Invalid({name: ["This is needed."]})
    problems.settle()
    lookup.require_id(session, Person, actor.id, lock=True)
    if personal:
        _require_room(session, actor.id)
    _require_own_box(session, actor, columns["destination_id"], personal=personal)
    _require_free_name(session, actor.id, columns["folded"])
    row = Route(owner_id=actor.id, personal=personal, created_at=now, updated_at=now, **columns)
    session.add(row)
    session.flush()
    _record(session, actor, "made", row, now)
    return get(session, actor, route_id=row.id)


def change(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    route_id: int,
    **changes: Unpack[RouteChanges],
) -> RouteView:
    """Changes what is given. Raises NotFound, Forbidden and Invalid."""
    row = _changeable(session, actor, route_id)
    columns = {
        name: value
        for name, value in _usable(session, changes, row.content, row.query).items()
        if value != getattr(row, name)
    }
    if "destination_id" in columns:
        _require_own_box(session, actor, columns["destination_id"], personal=row.personal)
    if "folded" in columns:
        _require_free_name(session, row.owner_id, columns["folded"], own_id=row.id)
    if columns:
        for name, value in columns.items():
            setattr(row, name, value)
        row.updated_at = now
        session.flush()
        _record(session, actor, "changed", row, now, fields=sorted(columns.keys() & changes.keys()))
    return get(session, actor, route_id=row.id)


def remove(session: Session, actor: Actor, *, now: datetime, route_id: int) -> None:
    """Deletes it; what it sent stays on the notes. Raises NotFound and Forbidden."""
    row = _changeable(session, actor, route_id)
    session.delete(row)
    session.flush()
    _record(session, actor, "removed", row, now)


def end_by_link(session: Session, route_id: int, *, now: datetime) -> str | None:
    """Switches a route off for whoever holds the signed link of a mail; returns its name.

    None when it is gone already. Whoever calls it has checked the signature.
    """
    row = session.get(Route, route_id, with_for_update=True, populate_existing=True)
    if row is None:
        return None
    if not row.muted:
        row.muted, row.updated_at = True, now
        session.flush()
        data = {"personal": row.personal}
        journal.append(session, "route.ended", ("route", row.id), actor_id=None, now=now, data=data)
    return row.name


def get(session: Session, actor: Actor, *, route_id: int) -> RouteView:
    """The route of that number; raises NotFound."""
    found = _views(session, actor, Route.id == route_id, limit=1)
    if not found:
        raise NotFound("There is no such route.")
    return found[0]


def list_routes(
    session: Session, actor: Actor, *, limit: int, after: int | None = None
) -> list[RouteView]:
    """Up to `limit` routes that the actor sees, in order of their number, from behind `after`."""
    return _views(session, actor, Route.id > (after or 0), limit=limit)


def test(session: Session, actor: Actor, *, route_id: int, now: datetime) -> int:
    """Sends a test at once to where the route sends; the number of its delivery.

    A destination in trouble is tried again, so that whoever has mended it sees whether it is well.
    At most one test a second. Raises NotFound and Forbidden, as a change of the route would.
    """
    row = _changeable(session, actor, route_id)
    place = deliveries.require_destination(session, row.destination_id)
    place.trouble, place.failures, place.ready_at = "", 0, None
    session.flush()
    cause = f"test:{row.id}:{now:%Y%m%d%H%M%S}"
    made = deliveries.waiting(
        place.id, cause=cause, matter=DeliveryMatter.TEST, route_id=row.id, due_at=now, now=now
    )
    if deliveries.put(session, [made]):
        _record(session, actor, "tested", row, now)
    return session.scalars(select(Delivery.id).where(Delivery.cause == cause)).one()


def preview(
    session: Session,
    actor: Actor,
    reader: Reader,
    query: str,
    *,
    content: RouteContent = RouteContent.NOTES,
    sealed_too: bool = False,
    zone: ZoneInfo,
    now: datetime,
) -> Preview:
    """How many notes or trends of the last 30 days the query would have sent.

    Without `sealed_too` only those that everyone may see; with it those that the actor may see.
    Raises Invalid(query), and Unavailable when there is no index yet.
    """
    usable = _require_query(query, content)
    if content is RouteContent.SUMMARY:
        return Preview(0, content)
    asked = parse(usable, reader.analysis)
    known = catalogue.current(session)
    today = now.astimezone(zone).date()
    tree = terms(session, actor, known, asked, zone=zone, today=today).resolved(asked.tree)
    reads_as = actor if sealed_too else access.EVERYBODY
    if content is RouteContent.TRENDS:
        since = today - timedelta(days=PREVIEW_DAYS)
        standing = StandingQueries({0: tree}, reader.analysis)
        return Preview(routing.count_trends(session, standing, reads_as, since, zone), content)
    recent = Filters(since=now - timedelta(days=PREVIEW_DAYS))
    request = SearchRequest(
        audience=access.reader_keys(reads_as), query=Query(tree), filters=recent, limit=0,
        highlight=False,
    )  # fmt: skip
    return Preview(reader.count(request), content)


def _usable(
    session: Session, typed: RouteChanges, content: RouteContent, query: str = ""
) -> dict[str, Any]:
    """The values of the columns; raises Invalid with every field to mend. `content` and `query` are
    what holds while nothing else is given."""
    columns: dict[str, Any] = dict(typed)
    problems = FieldProblems()
    if "name" in typed:
        with problems:
            columns["name"], columns["folded"] = query_texts.require_name(
                typed["name"], noun="route"
            )
    if "query" in typed or "content" in typed:
        with problems:
            columns["query"] = _require_query(
                typed.get("query", query), typed.get("content", content)
            )
    if "destination_id" in typed:
        with problems:
            _require_destination(session, typed["destination_id"])
    if "zone" in typed:
        with problems:
            _require_zone(typed["zone"])
    for name in ("send_at", "quiet_from", "quiet_until"):
        with problems:
            _require_minute(name, columns.get(name))
    with problems:
        if not 0 <= columns.get("weekday", 0) <= 6:
            raise Invalid({"weekday": ["Choose a day from Monday to Sunday."]})
    with problems:
        if (columns.get("quiet_from") is None) != (columns.get("quiet_until") is None):
            raise Invalid({"quiet_until": ["Give both ends of the quiet hours, or none."]})
    problems.settle()
    return columns


def _require_query(typed: str, content: RouteContent) -> str:
    """Of notes there must be some; trends may be all, and a summary is of territories or of all."""
    if content is not RouteContent.NOTES and not typed.strip():
        return ""
    query = query_texts.require_query(
        typed, missing="Say which notes are wanted: a word or a filter is enough."
    )
    if content is RouteContent.SUMMARY and not digests.is_of_places_alone(query):
        message = "A summary is of a territory, such as territory:georgia. Leave it empty for all."
        raise Invalid({"query": [message]})
    return query


def _require_destination(session: Session, destination_id: int) -> None:
    if not 0 < destination_id <= lookup.LARGEST_ID or not session.get(Destination, destination_id):
        raise Invalid({"destination_id": ["There is no such destination. Choose another."]})


def _require_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid({"zone": ["Choose a time zone such as Europe/London."]}) from None


def _require_minute(name: str, minute: int | None) -> None:
    if minute is not None and not 0 <= minute < _MINUTES:
        raise Invalid({name: ["Give a time from 00:00 to 23:59."]})


def _require_own_box(
    session: Session, actor: Actor, destination_id: int, *, personal: bool
) -> None:
    """An alert sends to its owner; a route of the organisation to a common destination."""
    place = session.get_one(Destination, destination_id)
    if personal and place.person_id != actor.id:
        raise Invalid({"destination_id": ["An alert is sent to you. Choose an address of yours."]})
    if not personal and place.person_id not in (None, actor.id):
        raise Invalid({"destination_id": ["This address belongs to somebody. Choose another."]})


def _require_room(session: Session, owner_id: int) -> None:
    kept = select(func.count()).where(Route.owner_id == owner_id, Route.personal)
    if (session.scalar(kept) or 0) >= MOST_ALERTS:
        raise Invalid(f"You have {MOST_ALERTS} alerts already. Remove one to make another.")


def _require_free_name(session: Session, owner_id: int, folded: str, *, own_id: int = 0) -> None:
    same = select(Route.name).where(
        Route.owner_id == owner_id, Route.folded == folded, Route.id != own_id
    )
    other = session.scalar(same)
    if other is not None:
        raise Invalid({"name": [f"There is one called “{other}” already. Choose another name."]})


def _changeable(session: Session, actor: Actor, route_id: int) -> Route:
    row = None
    if 0 < route_id <= lookup.LARGEST_ID:
        row = session.get(Route, route_id, with_for_update=True, populate_existing=True)
    if row is None or (row.personal and row.owner_id != actor.id):
        raise NotFound("There is no such route.")
    if row.owner_id != actor.id and not actor.manages_all:
        raise Forbidden("Only its owner or an admin changes it.")
    return row


def _record(
    session: Session,
    actor: Actor,
    deed: str,
    row: Route,
    now: datetime,
    *,
    fields: Sequence[str] = (),
) -> None:
    data = {"personal": row.personal, **({"fields": list(fields)} if fields else {})}
    subject = ("route", row.id)
    verb = f"route.{deed}"
    journal.append(session, verb, subject, actor_id=actor.journal_id, now=now, data=data)


def _views(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], limit: int
) -> list[RouteView]:
    statement = (
        select(Route, Destination, Person.name)
        .join(Destination, Destination.id == Route.destination_id)
        .join(Person, Person.id == Route.owner_id)
        .where(or_(Route.personal.is_(False), Route.owner_id == actor.id), *conditions)
        .order_by(Route.id)
        .limit(limit)
    )
    return [_view(actor, *row) for row in session.execute(statement)]


def _view(actor: Actor, row: Route, place: Destination, owner_name: str) -> RouteView:
    return RouteView(
        id=row.id,
        name=row.name,
        personal=row.personal,
        query=row.query,
        content=row.content,
        owner_id=row.owner_id,
        owner_name=owner_name,
        destination_id=place.id,
        destination_kind=place.kind,
        destination_team=place.team,
        destination_address=place.address,
        destination_label=place.label,
        trouble=place.trouble,
        failures=place.failures,
        cadence=row.cadence,
        zone=row.zone,
        send_at=row.send_at,
        weekday=row.weekday,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        threaded=row.threaded,
        muted=row.muted,
        may_change=row.owner_id == actor.id or actor.manages_all,
    )
