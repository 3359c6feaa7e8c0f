"""The fields of a note as a form has them: filled by an address or by a person, kept when refused.

`NoteForm` holds whatever stands in the fields, sound or not, so that a refused form comes back as
it was sent; `draft_of` and `changes_of` make of it what the services take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7
from werkzeug.datastructures import MultiDict

from insights.clock import iso
from insights.errors import FieldErrors
from insights.models import Source
from insights.schemas.fields import Origin, load
from insights.schemas.notes import NotePatch, NotePost, changes_from, draft_from
from insights.services import accounts
from insights.services.access import Actor
from insights.services.lookup import LARGEST_ID
from insights.services.note_cards import NoteCard
from insights.services.note_drafts import NoteDraft
from insights.services.notes import NoteChanges
from insights.text import clean

TAGS = ("segments", "competitors", "products")
# What a form reads by itself: hidden fields, and the text, which is cleaned before it is checked.
OWN_FIELDS = ("id", "text", "captured_at", "latitude", "longitude", "external_id", "question")
# Where a message about a field of the schema is shown in the form.
PLACES = {
    "": "text",
    "account": "account_name",
    "segments": "segments_1",
    "competitors": "more_competitors",
    "products": "more_products",
    "audience": "sealed",
}


@dataclass(frozen=True, kw_only=True)
class NoteForm:
    """What stands in the fields. Tags are slugs; `more_…` are names typed with commas between.

    `proposed` are the tags that were offered as chips (as "competitors:SLUG"): one that is not
    chosen was taken away. `tags` are words of an address that name a competitor, a product or a
    segment. `account` is a number as text, `account_name` what was typed to find it.
    """

    id: str = ""
    captured_at: str = ""
    text: str = ""
    kind: str = ""
    territory: str = ""
    account: str = ""
    account_name: str = ""
    segments: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    more_competitors: str = ""
    more_products: str = ""
    tags: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    known: str = ""
    impact: str = ""
    sealed: bool = False
    # The findings of the guard-rails with which the person sends the text as it is.
    acknowledged: tuple[str, ...] = ()
    # The number of the question that it answers, as text; empty when that is no number.
    question: str = ""

    @property
    def dismissed(self) -> frozenset[str]:
        """The proposed tags that are not chosen."""
        chosen = {f"{name}:{slug}" for name in TAGS for slug in getattr(self, name)}
        return frozenset(self.proposed) - chosen

    def fields(self) -> dict[str, Any]:
        """The fields by the names and in the forms of the schemas."""
        return {
            "kind": self.kind,
            "territory": self.territory,
            "segments": list(self.segments),
            "competitors": [*self.competitors, *_words(self.more_competitors)],
            "products": [*self.products, *_words(self.more_products)],
            "known": self.known,
            "impact": self.impact,
            "audience": "sealed" if self.sealed else "everyone",
        }


def read(sent: MultiDict[str, str], *, now: datetime, territory: str = "") -> NoteForm:
    """The fields as they were sent, or as an address fills them in (`?competitor=acme`).

    A missing id is made here, so that this form can be sent twice and post once; `territory` is
    the one to begin with.
    """

    def several(name: str) -> tuple[str, ...]:
        # An address may say ?competitor=acme&segment=trucking; the form has a field of segments
        # for each dimension.
        names = (name, name.removesuffix("s"), f"{name}_1", f"{name}_2")
        words = (word for one in names for word in sent.getlist(one))
        return tuple(dict.fromkeys(word for word in words if word.strip()))

    single = (
        "text", "kind", "account", "account_name", "more_competitors", "more_products", "known",
        "impact",
    )  # fmt: skip
    return NoteForm(
        id=_id_of(sent.get("id", "")),
        captured_at=sent.get("captured_at") or iso(now),
        territory=sent.get("territory", territory),
        segments=several("segments"),
        competitors=several("competitors"),
        products=several("products"),
        tags=several("tag"),
        proposed=tuple(sent.getlist("proposed")),
        sealed=sent.get("sealed", "") not in ("", "0"),
        acknowledged=tuple(sent.getlist("acknowledged")),
        question=_number_of(sent.get("question", "")),
        **{name: sent.get(name, "") for name in single},
    )


def of_card(card: NoteCard) -> NoteForm:
    """The fields of a note as it stands."""
    return NoteForm(
        text=card.text,
        kind=card.kind,
        territory=card.territory.slug,
        account=str(card.account.id) if card.account else "",
        segments=tuple(one.slug for one in card.segments),
        competitors=tuple(one.slug for one in card.competitors),
        products=tuple(one.slug for one in card.products),
        known=card.known,
        impact=card.impact,
        sealed=card.sealed,
    )


def draft_of(form: NoteForm, account_id: int | None) -> NoteDraft:
    """The draft to be posted; raises Invalid for what no page of ours would send."""
    data = load(NotePost(Origin.FORM, exclude=OWN_FIELDS), form.fields())
    own = {
        "id": UUID(form.id),
        "text": form.text,
        "captured_at": _moment_of(form.captured_at),
        "account": account_id,
        "dismissed": form.dismissed,
        "question": int(form.question) if form.question else None,
        # Also when it is empty: a person has seen the form.
        "acknowledged": form.acknowledged,
    }
    return draft_from({**data, **own}, Source.WEB)


def changes_of(form: NoteForm, account_id: int | None) -> NoteChanges:
    """The changes to be made; raises Invalid for what no page of ours would send."""
    data = load(NotePatch(Origin.FORM, exclude=("text",)), form.fields())
    own = {"text": form.text, "account": account_id, "acknowledged": form.acknowledged}
    return changes_from({**data, **own})


def account_of(session: Session, me: Actor, form: NoteForm) -> int | None:
    """The chosen account: by its number, otherwise by the name that was typed."""
    if form.account.strip():
        number = form.account.strip()
        return int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0
    if not clean(form.account_name):
        return None
    return accounts.require_named(session, me, words=form.account_name).id


def sentences(fields: FieldErrors, places: Mapping[str, str] = PLACES) -> dict[str, str]:
    """One text for each field of a page; `places` names the field at which a message is shown."""
    found: dict[str, str] = {}
    for name, messages in fields.items():
        place = places.get(name, name)
        found[place] = " ".join([*filter(None, [found.get(place)]), *messages])
    return found


def _words(typed: str) -> Sequence[str]:
    return [word.strip() for word in typed.split(",") if word.strip()]


def _number_of(sent: str) -> str:
    """The number of a row; no damaged address keeps a note from being written."""
    word = sent.strip()
    usable = word.isascii() and word.isdigit() and 0 < int(word[:12]) <= LARGEST_ID
    return word if usable else ""


def _id_of(sent: str) -> str:
    try:
        return str(UUID(sent))
    except ValueError:
        return str(uuid7())


def _moment_of(sent: str) -> datetime | None:
    """The time of capture; None (the time of receipt will do) when the hidden field is damaged."""
    try:
        moment = datetime.fromisoformat(sent)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
