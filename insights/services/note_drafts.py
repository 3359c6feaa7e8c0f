"""What comes in as a note, whatever the way, and what is made of it before it is stored.

Page, API, Slack and CSV all fill a `NoteDraft` with words; `prepare` checks all of it at once,
finds what the words name, tags the text, decides which time to trust, and gives the rows to be
written. It reads the catalogue and accounts but writes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from insights.errors import Invalid
from insights.models import Audience, Impact, Kind, Known, Source
from insights.services import guard_rails
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item, Place
from insights.services.guard_rails import GuardRails
from insights.services.lookup import quoted
from insights.services.names import one_line
from insights.tagging.dictionary import TagKind
from insights.tagging.kinds import guess_kind
from insights.text import clean

LONGEST_TEXT = 20_000
MOST_TAGS = 30
# A phone's clock may run a little ahead of ours without anyone being wrong.
CLOCK_TOLERANCE = timedelta(minutes=5)
# A note may wait long on a device without signal, but hardly for more than a year.
OLDEST_CAPTURE = timedelta(days=366)
# The first time whose week has a number (clock.day_number) in every time zone.
OLDEST_IMPORT = datetime(1970, 1, 12, tzinfo=UTC)
LONGEST_EXTERNAL_ID = 200

NO_TAGS: Mapping[str, frozenset[int]] = {
    "segments": frozenset(),
    "competitors": frozenset(),
    "products": frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class NoteDraft:
    """A note as it was typed or sent. Territory and tags are words: slug, code, name or alias.

    `kind` may be left out (it is guessed), the territory too (that of the account, otherwise the
    one the person was last assigned to). `captured_at` is aware; without it the time of receipt
    counts.
    """

    id: UUID
    text: str
    source: Source
    kind: Kind | None = None
    territory: str | None = None
    segments: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    # What the text names but the person took away, as "competitors:SLUG".
    dismissed: frozenset[str] = frozenset()
    account_id: int | None = None
    known: Known = Known.FIRST_HAND
    impact: Impact = Impact.NORMAL
    audience: Audience = Audience.EVERYONE
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    external_id: str | None = None
    # The question that it was written for; one that is no question's (any more) does no harm.
    question_id: int | None = None
    # The findings of the guard-rails with which it is to be sent all the same; None when nobody
    # could be asked, as of a program or a file.
    acknowledged: frozenset[str] | None = None


@dataclass(frozen=True)
class KnownAccount:
    """What preparing a note needs to know of an account."""

    id: int
    name: str
    territory_id: int | None
    segment_ids: tuple[int, ...]


@dataclass(frozen=True)
class PreparedNote:
    """A checked note: its row, and the ids it is tagged with."""

    row: Mapping[str, Any]
    # By "segments", "competitors" and "products".
    tags: Mapping[str, frozenset[int]]
    account: KnownAccount | None
    # What the guard-rails found in it, and whether the person was asked.
    overridden: tuple[str, ...] = ()
    was_asked: bool = False
    # The question that it answers.
    question_id: int | None = None

    @property
    def id(self) -> UUID:
        """The id that the client made."""
        identity: UUID = self.row["id"]
        return identity


@dataclass
class _Problems:
    """Messages by field, gathered so that a person learns of all of them at once."""

    fields: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, message: str) -> None:
        self.fields.setdefault(name, []).append(message)

    def raise_if_any(self) -> None:
        if self.fields:
            raise Invalid(self.fields)


def prepare(
    catalogue: Catalogue,
    actor: Actor,
    draft: NoteDraft,
    *,
    rails: GuardRails,
    account: KnownAccount | None,
    author_id: int | None = None,
    now: datetime,
) -> PreparedNote:
    """Checks a draft and tags its text; raises Invalid with every field that needs mending.

    `account` is the one that `draft.account_id` names, None when there is none. `author_id` is
    the person who wrote it, if not the actor (imports).
    """
    problems = _Problems()
    text = check_text(draft.text, problems.add)
    if draft.account_id is not None and account is None:
        problems.add("account", "There is no such account. Choose one from the list.")
    place = _owning_territory(catalogue, actor, draft, account, problems.add)
    chosen = find_tags(catalogue, draft.segments, draft.competitors, draft.products, problems.add)
    external_id = _check_external_id(draft.external_id, problems.add)
    _check_position(draft, problems.add)
    overridden = guard_rails.check(rails, text, draft.acknowledged, problems.add)
    problems.raise_if_any()
    assert place is not None
    found = _named_in(catalogue, text, draft.dismissed)
    competitor_ids = chosen["competitors"] | found["competitors"]
    account_segments = account.segment_ids if account and not draft.segments else ()
    noted_at, doubtful = credible_time(draft.captured_at, now, draft.source)
    row = {
        "id": draft.id,
        "external_id": external_id,
        "text": text,
        "kind": draft.kind or Kind(guess_kind(text, names_competitor=bool(competitor_ids))),
        "known": draft.known,
        "impact": draft.impact,
        "audience": draft.audience,
        "source": draft.source,
        "author_id": author_id or actor.id,
        "author_unknown": draft.source is Source.IMPORT and author_id is None,
        "territory_id": place.id,
        "account_id": account.id if account else None,
        "captured_at": draft.captured_at or now,
        "received_at": now,
        "noted_at": noted_at,
        "clock_doubtful": doubtful,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "version": 1,
    }
    tags = {
        "segments": chosen["segments"] | found["segments"] | frozenset(account_segments),
        "competitors": competitor_ids,
        "products": chosen["products"] | found["products"],
    }
    asked = draft.acknowledged is not None
    return PreparedNote(row, tags, account, overridden, asked, draft.question_id)


def _named_in(
    catalogue: Catalogue, text: str, dismissed: frozenset[str]
) -> dict[str, frozenset[int]]:
    """The ids that the text names, without what the person took away."""
    found = catalogue.tags_of(text)
    tables: dict[str, tuple[TagKind, Mapping[int, Item]]] = {
        "segments": (TagKind.SEGMENT, catalogue.segments),
        "competitors": (TagKind.COMPETITOR, catalogue.competitors),
        "products": (TagKind.PRODUCT, catalogue.products),
    }
    return {
        name: frozenset(one for one in found[kind] if f"{name}:{items[one].slug}" not in dismissed)
        for name, (kind, items) in tables.items()
    }


def check_text(text: str, report: Callable[[str, str], None]) -> str:
    """The text as it is stored; reports under "text" what is wrong with it."""
    cleaned = clean(text)
    if not cleaned:
        report("text", "Write what you heard: the text is empty.")
    elif len(cleaned) > LONGEST_TEXT:
        report(
            "text",
            f"Shorten the text to {LONGEST_TEXT:,} characters; it has {len(cleaned):,}.",
        )
    return cleaned


def find_tags(
    catalogue: Catalogue,
    segments: Iterable[str],
    competitors: Iterable[str],
    products: Iterable[str],
    report: Callable[[str, str], None],
    *,
    kept: Mapping[str, frozenset[int]] = NO_TAGS,
) -> dict[str, frozenset[int]]:
    """The ids of the words given, by "segments", "competitors" and "products".

    Reports the unknown and archived ones under their field. Those in `kept` are what a note has
    already: it may go on having them when they are archived.
    """
    named: tuple[tuple[str, Iterable[str], Callable[[str], Item | None]], ...] = (
        ("segments", segments, catalogue.find_segment),
        ("competitors", competitors, catalogue.find_competitor),
        ("products", products, catalogue.find_product),
    )
    return {
        name: frozenset(_ids(name, words, find, kept[name], report)) for name, words, find in named
    }


def _ids(
    field_name: str,
    words: Iterable[str],
    find: Callable[[str], Item | None],
    kept: frozenset[int],
    report: Callable[[str, str], None],
) -> Iterable[int]:
    words = list(words)
    if len(words) > MOST_TAGS:
        report(field_name, f"Choose at most {MOST_TAGS}; there are {len(words)}.")
        return
    for word in words:
        item = find(word)
        if item is None:
            report(field_name, f"“{quoted(word)}” is not known. Choose one from the list.")
        elif item.archived and item.id not in kept:
            report(field_name, f"“{item.name}” is archived. Choose another one.")
        else:
            yield item.id


def find_territory(
    catalogue: Catalogue,
    word: str,
    report: Callable[[str, str], None],
    *,
    kept: int | None = None,
) -> Place | None:
    """The territory of that word, if a note can belong to it; reports the reason otherwise.

    An archived one can only be `kept`: the one that the note belongs to already.
    """
    place = catalogue.find_territory(word)
    if place is None:
        report("territory", f"“{quoted(word)}” is not a territory. Choose one from the list.")
    elif place.archived and place.id != kept:
        report("territory", f"“{place.name}” is archived. Choose the territory that followed it.")
        return None
    return place


def _owning_territory(
    catalogue: Catalogue,
    actor: Actor,
    draft: NoteDraft,
    account: KnownAccount | None,
    report: Callable[[str, str], None],
) -> Place | None:
    if draft.territory and not draft.territory.isspace():
        return find_territory(catalogue, draft.territory, report)
    candidates = ((account.territory_id,) if account else ()) + actor.held
    for candidate in candidates:
        if candidate is not None and not catalogue.territories[candidate].archived:
            return catalogue.territories[candidate]
    report("territory", "Choose a territory: you hold none that the note could belong to.")
    return None


def _check_external_id(typed: str | None, report: Callable[[str, str], None]) -> str | None:
    # An empty one is none: otherwise every note without would be the same note.
    external_id = one_line(typed or "") or None
    if external_id and len(external_id) > LONGEST_EXTERNAL_ID:
        report(
            "external_id",
            f"Shorten the external id to {LONGEST_EXTERNAL_ID} characters; "
            f"it has {len(external_id):,}.",
        )
    return external_id


def _check_position(draft: NoteDraft, report: Callable[[str, str], None]) -> None:
    if (draft.latitude is None) != (draft.longitude is None):
        report("latitude", "Give latitude and longitude together, or neither.")
    elif not -90 <= (draft.latitude or 0) <= 90 or not -180 <= (draft.longitude or 0) <= 180:
        report("latitude", "Latitude goes from -90 to 90, longitude from -180 to 180.")


def credible_time(
    captured_at: datetime | None, received_at: datetime, source: Source
) -> tuple[datetime, bool]:
    """The time by which to order and count a note, and whether its claimed time is in doubt.

    A claim in the future, or longer ago than a device could have kept the note, is kept in
    `captured_at` but not believed: the note then counts at its time of receipt.
    """
    if captured_at is None:
        return received_at, False
    oldest = OLDEST_IMPORT if source is Source.IMPORT else received_at - OLDEST_CAPTURE
    if oldest <= captured_at <= received_at + CLOCK_TOLERANCE:
        return min(captured_at, received_at), False
    return received_at, True
