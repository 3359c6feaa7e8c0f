"""Photos of notes: announced, sent in pieces of at most 1 MB, and shown once all of it is here.

Announce a photo, then send its bytes with PATCH, each piece with the header `Upload-Offset`. After
an answer that got lost, send the same piece again, or ask how much was received. Pictures
themselves are at the addresses that a photo names, for whoever is signed in to the product.
"""

from typing import Any
from uuid import UUID

from flask import Response

from insights.api.answers import answer
from insights.api.operations import Answer, ApiBlueprint
from insights.api.raw import NumberHeader, RawBody
from insights.http import errors
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.photos import PhotoOut, PhotoPost, photo_out
from insights.services import photo_pieces, photos
from insights.services.photo_pieces import LARGEST_PIECE, Outcome, WrongOffset
from insights.services.photos import LARGEST_PHOTO

blueprint = ApiBlueprint("photos", __name__)

OFFSET = "Upload-Offset"
PIECE = RawBody(
    media_type="application/offset+octet-stream",
    longest=LARGEST_PIECE,
    headers=(
        NumberHeader(
            name=OFFSET, high=LARGEST_PHOTO, description="At which byte the piece begins."
        ),
    ),
)


@blueprint.operation(
    "POST",
    "/notes/<uuid:note_id>/photos",
    scope="write",
    body=PhotoPost(),
    answers=PhotoOut(),
    success=(201, 200),
    refuses=(409,),
)
def post_photo(note_id: UUID, body: dict[str, Any]) -> Answer:
    """Announces a photo: 201 the first time, 200 with the photo when its id was sent before.

    For whoever may change the note, which has at most 10 photos of at most 15 MB each.
    """
    session, me = db_session(), actor()
    announced = photos.announce(
        session,
        me,
        note_id,
        photo_id=body["id"],
        size=body["size"],
        sha256=body["sha256"],
        now=now(),
    )
    return answer(photo_out(photos.find(session, me, body["id"])), 201 if announced else 200)


@blueprint.operation(
    "PATCH",
    "/photos/<uuid:photo_id>",
    scope="write",
    raw=PIECE,
    answers=PhotoOut(),
    refuses=(409, 503),
)
def patch_photo(photo_id: UUID, body: bytes, headers: dict[str, int]) -> Answer:
    """Adds the next piece; with the last one the photo is ready.

    A piece that begins elsewhere is answered with 409 and the right place in the header
    Upload-Offset; that is byte 0 when the bytes were not those that had been announced. What is no
    photo that can be shown is refused for good with 422.
    """
    try:
        outcome = _append(photo_id, headers[OFFSET], body)
        # What came of it is kept by now, a refusal as well.
        if outcome.refusal:
            raise outcome.refusal
    except WrongOffset as refusal:
        return _wrong_offset(refusal)
    return photo_out(outcome.photo)


@blueprint.operation("GET", "/photos/<uuid:photo_id>", scope="read", answers=PhotoOut())
def get_photo(photo_id: UUID) -> Answer:
    """A photo, and how much of it is here."""
    return photo_out(photos.find(db_session(), actor(), photo_id))


@blueprint.operation("DELETE", "/photos/<uuid:photo_id>", scope="write", success=(204,))
def delete_photo(photo_id: UUID) -> None:
    """Deletes a photo for good; for whoever may change its note."""
    photos.remove(db_session(), actor(), photo_id, storage=runtime().storage, now=now())


def _append(photo_id: UUID, offset: int, piece: bytes) -> Outcome:
    """Takes the piece in a transaction of its own, which a refused request would undo."""
    me, storage = actor(), runtime().storage
    with runtime().database.writing() as session:
        return photo_pieces.append(
            session, me, photo_id, offset=offset, piece=piece, storage=storage, now=now()
        )


def _wrong_offset(refusal: WrongOffset) -> Response:
    headers = {OFFSET: str(refusal.offset)}
    return errors.respond(errors.Problem(409, refusal.message, headers=headers))
