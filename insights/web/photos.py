"""Pictures of photos, for whoever may see the note, and the button that removes one.

A picture is asked for anew each time, though sent only once: a note may have been sealed or
withdrawn since. Nothing that such a file holds may act on the product's pages.
"""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.protection import content_policy
from insights.http.runtime import db_session, now, runtime
from insights.services import photo_files, photos

blueprint = Blueprint("photos", __name__, url_prefix="/photos/<uuid:photo_id>")

ALONE = "default-src 'none'; sandbox"


@blueprint.get("")
@content_policy(ALONE)
def large(photo_id: UUID) -> ResponseReturnValue:
    """The picture, at most 2560 pixels long."""
    return _picture(photo_id, small=False)


@blueprint.get("/small")
@content_policy(ALONE)
def small(photo_id: UUID) -> ResponseReturnValue:
    """The same, at most 480 pixels long."""
    return _picture(photo_id, small=True)


@blueprint.post("/remove")
def remove(photo_id: UUID) -> ResponseReturnValue:
    """Deletes the photo."""
    storage = runtime().storage
    note_id = photos.remove(db_session(), actor(), photo_id, storage=storage, now=now())
    flash("The photo is removed.")
    return redirect(url_for("notes.page", note_id=note_id), 303)


def _picture(photo_id: UUID, *, small: bool) -> Response:
    photos.require_ready(db_session(), actor(), photo_id)
    name = f"{photo_id}-small" if small else str(photo_id)
    response = Response(mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f"inline; filename={name}.jpg"
    # A picture never changes under its name.
    response.set_etag(name)
    response.make_conditional(request)
    if response.status_code == 200:
        with photo_files.open_picture(runtime().storage, photo_id, small=small) as file:
            response.set_data(file.read())
    return response
