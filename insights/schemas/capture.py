"""The shapes of what a phone asks for to capture notes: who is signed in, and the capture kit."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.people import PersonNameOut
from insights.services.access import Actor
from insights.services.capture_kit import CaptureKit
from insights.services.catalogue import Place
from insights.services.note_drafts import LONGEST_TEXT, KnownAccount
from insights.services.photos import LARGEST_PHOTO, MOST_PHOTOS
from insights.services.question_views import QuestionView
from insights.tagging.kinds import TELL_TALES

MOST_READING = 10
LIMITS = {"text": LONGEST_TEXT, "photos": MOST_PHOTOS, "photo_bytes": LARGEST_PHOTO}


def _texts(description: str) -> fields.List[str]:
    return fields.List(fields.String(), required=True, metadata={"description": description})


class CaptureSessionOut(Schema):
    """Who is signed in on this device."""

    person = fields.Nested(PersonNameOut, required=True)
    csrf_token = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "For the header X-CSRFToken; null with a token."},
    )


class _KitNameOut(Schema):
    slug = fields.String(required=True)
    name = fields.String(required=True)


class KitTerritoryOut(_KitNameOut):
    """A territory in use; each is followed by those below it."""

    path = _texts("The names from the top of the tree down to its own.")
    held = fields.Boolean(required=True, metadata={"description": "Whether it is yours today."})
    outline = fields.List(
        fields.List(fields.List(fields.Float())),
        required=True,
        allow_none=True,
        metadata={"description": "Rings of rough longitudes and latitudes."},
    )


class KitSegmentOut(_KitNameOut):
    """A segment in use."""


class KitDimensionOut(Schema):
    """A dimension with its segments in use."""

    number = fields.Integer(required=True, metadata={"description": "1 or 2."})
    name = fields.String(required=True)
    segments = fields.List(fields.Nested(KitSegmentOut), required=True)


class KitCompetitorOut(_KitNameOut):
    """A competitor in use."""


class KitProductOut(_KitNameOut):
    """A product in use."""

    maker = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The slug of the competitor whose it is; null for our own."},
    )


class KitAccountOut(Schema):
    """An account in use of your territories."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    territory = fields.String(required=True, metadata={"description": "Its slug."})
    segments = _texts("Their slugs.")


class KitQuestionOut(Schema):
    """An open question that is aimed at you."""

    id = fields.Integer(required=True)
    text = fields.String(required=True)
    asker = fields.String(required=True, allow_none=True)
    until = fields.Date(required=True, metadata={"description": "The last day, included."})
    kinds = _texts("The kinds of note that are wanted; any when empty.")
    segments = _texts("Slugs of the segments that it is about.")
    territory = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The slug of your first territory that is asked."},
    )
    answered = fields.Boolean(
        required=True, metadata={"description": "Whether a note of yours answers it."}
    )


class KitLimitsOut(Schema):
    """What a note may hold."""

    text = fields.Integer(required=True, metadata={"description": "Characters."})
    photos = fields.Integer(required=True)
    photo_bytes = fields.Integer(required=True)


class CaptureKitOut(Schema):
    """All lists that a phone needs to write a note without a signal."""

    as_of = fields.DateTime(required=True)
    person = fields.Nested(PersonNameOut, required=True)
    release = fields.String(
        required=True, metadata={"description": "Differs when the pages of the product do."}
    )
    territories = fields.List(fields.Nested(KitTerritoryOut), required=True)
    held = _texts("The slugs of your territories, the newest assignment first.")
    dimensions = fields.List(fields.Nested(KitDimensionOut), required=True)
    competitors = fields.List(fields.Nested(KitCompetitorOut), required=True)
    products = fields.List(fields.Nested(KitProductOut), required=True)
    dictionary = fields.List(
        _texts("Kind, slug, and a name or alias by which texts name it."), required=True
    )
    tell_tales = fields.Dict(
        fields.String(),
        fields.List(fields.String()),
        required=True,
        metadata={"description": "Phrases by the kind of note that they speak for."},
    )
    accounts = fields.List(fields.Nested(KitAccountOut), required=True)
    guard_rails = fields.Dict(required=True)
    questions = fields.List(fields.Nested(KitQuestionOut), required=True)
    reading = _texts("Pages to be kept for reading without a signal.")
    limits = fields.Nested(KitLimitsOut, required=True)


def session_out(actor: Actor, csrf_token: str | None) -> dict[str, Any]:
    """Whoever is signed in as `CaptureSessionOut` describes them."""
    return {"person": _person(actor), "csrf_token": csrf_token}


def kit_out(kit: CaptureKit, *, as_of: datetime, release: str, root: str) -> dict[str, Any]:
    """The kit as `CaptureKitOut` describes it; `root` is where the product's addresses begin."""
    sources = kit.sources
    held = [one.slug for one in sources.held]
    places = [f"{root}/territories/{slug}" for slug in held[:MOST_READING]]
    places += [f"{root}/handovers/{one}" for one in sources.handover_ids]
    return {
        "as_of": iso(as_of),
        "person": _person(sources.actor),
        "release": release,
        "territories": [_territory(kit, place) for place in kit.territories],
        "held": held,
        "dimensions": _dimensions(kit),
        "competitors": [{"slug": one.slug, "name": one.name} for one in kit.competitors],
        "products": _products(kit),
        "dictionary": [[entry.kind, slug, entry.alias] for entry, slug in kit.entries],
        "tell_tales": dict(TELL_TALES),
        "accounts": [_account(kit, one) for one in sources.accounts],
        "guard_rails": sources.guard_rails,
        "questions": [question_in_kit(one) for one in sources.questions],
        "reading": [f"{root}/", *places, f"{root}/reading"],
        "limits": LIMITS,
    }


def question_in_kit(question: QuestionView) -> dict[str, Any]:
    """The question as `KitQuestionOut` describes it; the form of a note holds the same."""
    return {
        "id": question.id,
        "text": question.text,
        "asker": question.asker_name,
        "until": question.until.isoformat(),
        "kinds": [one.value for one in question.kinds],
        "segments": [one.slug for one in question.segments if not one.archived],
        "territory": question.own_territory.slug if question.own_territory else None,
        "answered": question.answered_by_me,
    }


def _person(actor: Actor) -> dict[str, Any]:
    return {"id": actor.id, "name": actor.name}


def _territory(kit: CaptureKit, place: Place) -> dict[str, Any]:
    return {
        "slug": place.slug,
        "name": place.name,
        "path": [one.name for one in kit.sources.known.lineage(place.id)],
        "held": place.id in kit.sources.actor.held,
        "outline": kit.outlines.get(place.id),
    }


def _dimensions(kit: CaptureKit) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "name": name,
            "segments": [
                {"slug": one.slug, "name": one.name}
                for one in kit.segments
                if one.dimension == number
            ],
        }
        for number, name in sorted(kit.sources.known.dimensions.items())
    ]


def _products(kit: CaptureKit) -> list[dict[str, Any]]:
    makers = kit.makers
    return [
        {
            "slug": one.slug,
            "name": one.name,
            "maker": makers[one.id].slug if one.id in makers else None,
        }
        for one in kit.products
    ]


def _account(kit: CaptureKit, account: KnownAccount) -> dict[str, Any]:
    known = kit.sources.known
    segments = [known.segments[one] for one in account.segment_ids]
    # They are the accounts of the person's territories.
    assert account.territory_id is not None
    return {
        "id": account.id,
        "name": account.name,
        "territory": known.territories[account.territory_id].slug,
        "segments": [one.slug for one in segments if not one.archived],
    }
