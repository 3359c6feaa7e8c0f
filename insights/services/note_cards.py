"""Notes as they are shown: in lists, on their page, and in the API's answers.

A card is read with a fixed number of queries however many notes there are: one for the notes with
their author, account and counts, one for all their tags. Names of territories and tags come from
the catalogue in memory.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    false,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.errors import NotFound
from insights.models import (
    Account,
    Attachment,
    AttachmentState,
    Comment,
    Kind,
    Note,
    NoteCompetitor,
    NoteProduct,
    NoteSegment,
    Person,
    Sighting,
)
from insights.services import access, catalogue, note_tags
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, NamedItem, Place, SegmentItem
from insights.services.lookup import LARGEST_ID
from insights.services.note_drafts import PreparedNote
from insights.services.photos import PhotoView, ready_photos

MOST_CARDS = 100


def _count(table: type[Any], condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(condition).scalar_subquery()


# These statements are put together once, because that takes longer than running them.
_CARDS: Select[Any] = (
    select(
        *Note.__table__.columns,
        Person.name.label("author_name"),
        Account.name.label("account_name"),
        _count(Sighting, Sighting.note_id == Note.id).label("sightings"),
        _count(Comment, (Comment.note_id == Note.id) & Comment.withdrawn_at.is_(None)).label(
            "comments"
        ),
        _count(
            Attachment,
            (Attachment.note_id == Note.id) & (Attachment.state == AttachmentState.READY),
        ).label("photo_count"),
        exists()
        .where(Sighting.note_id == Note.id, Sighting.person_id == bindparam("reader_id"))
        .label("sighted_by_me"),
    )
    .join(Person, Person.id == Note.author_id)
    .outerjoin(Account, Account.id == Note.account_id)
)
_CARD = _CARDS.where(Note.id == bindparam("note_id"))
_TAGS = union_all(
    *(
        select(note_id, value.label("tag_id"), literal(name).label("name")).where(
            note_id.in_(bindparam("ids", expanding=True))
        )
        for name, (_, note_id, value) in note_tags.TABLES.items()
    )
)


@dataclass(frozen=True, slots=True)
class AccountName:
    """An account as a card names it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class NoteCard:
    """One note with all that a reader sees of it at a glance; times are aware, in UTC."""

    id: UUID
    external_id: str | None
    text: str
    kind: str
    known: str
    impact: str
    audience: str
    source: str
    author_id: int
    author_name: str
    territory: Place
    account: AccountName | None
    captured_at: datetime
    received_at: datetime
    noted_at: datetime
    clock_doubtful: bool
    version: int
    edited_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    segments: tuple[SegmentItem, ...]
    competitors: tuple[NamedItem, ...]
    products: tuple[NamedItem, ...]
    sightings: int
    comments: int
    sighted_by_me: bool
    photos: tuple[PhotoView, ...]

    @property
    def sealed(self) -> bool:
        """Whether only managers, analysts and the territory's holders may see it."""
        return self.audience == "sealed"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a list ended: the order of lists is newest first, then by id."""

    noted_at: datetime
    id: UUID


@dataclass(frozen=True, kw_only=True)
class NoteFilter:
    """Which notes a list shows; every field narrows it, None does not.

    A territory includes everything below it. `since` is included, `until` is not.
    """

    territory_id: int | None = None
    kind: Kind | None = None
    competitor_id: int | None = None
    product_id: int | None = None
    segment_id: int | None = None
    account_id: int | None = None
    author_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class CardPage:
    """One page of a list, and the position from which the next one goes on, if there is more."""

    cards: Sequence[NoteCard]
    next: Position | None


def list_notes(
    session: Session,
    actor: Actor,
    chosen: NoteFilter = NoteFilter(),
    *,
    territory_ids: Collection[int] = (),
    after: Position | None = None,
    limit: int = 20,
) -> CardPage:
    """The newest notes that the actor may see, `limit` (at most 100) at a time.

    `territory_ids` leaves those that lie in one of these territories or below.
    """
    known = catalogue.current(session)
    limit = max(1, min(limit, MOST_CARDS))
    # The page is chosen first, by ids alone: otherwise the counts and names of every matching note
    # would be read only to be sorted away.
    page = select(Note.id).where(access.visible_notes(actor), *_conditions(known, chosen))
    if territory_ids:
        page = page.where(_within(known, territory_ids))
    if after is not None:
        page = page.where(
            tuple_(Note.noted_at, Note.id)
            < tuple_(literal(after.noted_at, Note.noted_at.type), literal(after.id, Note.id.type))
        )
    newest_first = (Note.noted_at.desc(), Note.id.desc())
    ids = page.order_by(*newest_first).limit(limit + 1).subquery()
    statement = _CARDS.join(ids, ids.c.id == Note.id).order_by(*newest_first)
    rows = session.execute(statement, {"reader_id": actor.id}).all()
    cards = _cards(session, known, rows[:limit])
    last = cards[-1] if len(rows) > limit else None
    return CardPage(cards, Position(last.noted_at, last.id) if last else None)


def cards_of(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[NoteCard]:
    """The notes of those ids that the actor may see, in the order of the ids.

    This is where search hits are read again: a hit is not a permission.
    """
    if not ids:
        return []
    statement = _CARDS.where(Note.id.in_(ids), access.visible_notes(actor))
    rows = session.execute(statement, {"reader_id": actor.id}).all()
    by_id = {card.id: card for card in _cards(session, catalogue.current(session), rows)}
    return [by_id[one] for one in ids if one in by_id]


def card(session: Session, actor: Actor, note_id: UUID) -> NoteCard:
    """One note, also a withdrawn one for those who may still see it; raises NotFound."""
    row = session.execute(_CARD, {"reader_id": actor.id, "note_id": note_id}).one_or_none()
    if row is None or not access.may_see(actor, row):
        raise NotFound("There is no such note, or you may not see it.")
    return _cards(session, catalogue.current(session), [row])[0]


def card_of_new(session: Session, actor: Actor, new: PreparedNote) -> NoteCard:
    """The card of a note that the actor has just posted, without reading it again."""
    nobody_yet = {"sightings": 0, "comments": 0, "sighted_by_me": False, "photo_count": 0}
    unchanged = {"edited_at": None, "withdrawn_at": None, "withdrawn_reason": None}
    names = {
        "author_name": actor.name,
        "account_name": new.account.name if new.account else None,
    }
    row = SimpleNamespace(**new.row, **names, **nobody_yet, **unchanged)
    tags = {(new.id, name): list(ids) for name, ids in new.tags.items()}
    return _card(catalogue.current(session), row, tags, ())


def _conditions(known: Catalogue, chosen: NoteFilter) -> Iterable[ColumnElement[bool]]:
    if chosen.territory_id is not None:
        yield _within(known, (chosen.territory_id,))
    if chosen.kind is not None:
        yield Note.kind == chosen.kind
    if chosen.account_id is not None:
        yield _is(Note.account_id, chosen.account_id)
    if chosen.author_id is not None:
        yield _is(Note.author_id, chosen.author_id)
    if chosen.since is not None:
        yield Note.noted_at >= chosen.since
    if chosen.until is not None:
        yield Note.noted_at < chosen.until
    yield from _tag_conditions(chosen)


def _within(known: Catalogue, territory_ids: Collection[int]) -> ColumnElement[bool]:
    territories = known.subtrees(territory_ids) & known.territories.keys()
    return Note.territory_id.in_(sorted(territories))


def _tag_conditions(chosen: NoteFilter) -> Iterable[ColumnElement[bool]]:
    for note_id, value, identity in (
        (NoteCompetitor.note_id, NoteCompetitor.competitor_id, chosen.competitor_id),
        (NoteProduct.note_id, NoteProduct.product_id, chosen.product_id),
        (NoteSegment.note_id, NoteSegment.segment_id, chosen.segment_id),
    ):
        if identity is not None:
            yield exists().where(note_id == Note.id, _is(value, identity))


def _is(column: InstrumentedAttribute[Any], identity: int) -> ColumnElement[bool]:
    # The database fails to compare its integers with a number that is too large for one.
    return column == identity if 0 < identity <= LARGEST_ID else false()


def _cards(session: Session, known: Catalogue, rows: Sequence[Row[Any]]) -> list[NoteCard]:
    tags = _tags(session, [row.id for row in rows])
    pictured = [row.id for row in rows if row.photo_count]
    photos = ready_photos(session, pictured) if pictured else {}
    return [_card(known, row, tags, photos.get(row.id, ())) for row in rows]


def _tags(session: Session, ids: Sequence[UUID]) -> dict[tuple[UUID, str], list[int]]:
    """The ids of all tags of all notes, in one query."""
    found: dict[tuple[UUID, str], list[int]] = {}
    if not ids:
        return found
    for note_id, tag_id, name in session.execute(_TAGS, {"ids": ids}):
        found.setdefault((note_id, name), []).append(tag_id)
    return found


def _card(
    known: Catalogue,
    row: Any,
    tags: dict[tuple[UUID, str], list[int]],
    photos: Sequence[PhotoView],
) -> NoteCard:
    def named(name: str) -> list[int]:
        return sorted(tags.get((row.id, name), ()))

    has_account = row.account_id is not None
    return NoteCard(
        id=row.id,
        external_id=row.external_id,
        text=row.text,
        kind=row.kind.value,
        known=row.known.value,
        impact=row.impact.value,
        audience=row.audience.value,
        source=row.source.value,
        author_id=row.author_id,
        author_name=row.author_name,
        territory=known.territories[row.territory_id],
        account=AccountName(row.account_id, row.account_name) if has_account else None,
        captured_at=row.captured_at,
        received_at=row.received_at,
        noted_at=row.noted_at,
        clock_doubtful=row.clock_doubtful,
        version=row.version,
        edited_at=row.edited_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        segments=tuple(known.segments[one] for one in named("segments")),
        competitors=tuple(dict.fromkeys(map(known.competitor, named("competitors")))),
        products=tuple(dict.fromkeys(map(known.product, named("products")))),
        sightings=row.sightings,
        comments=row.comments,
        sighted_by_me=row.sighted_by_me,
        photos=tuple(photos),
    )
