"""What a phone asks for to capture notes: who is signed in, and lists to work with."""

from flask import Response, current_app, request
from flask_wtf.csrf import generate_csrf

from insights.api.answers import answer
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor, came_with_token
from insights.http.runtime import db_session, now, runtime
from insights.schemas.capture import CaptureKitOut, CaptureSessionOut, kit_out, session_out
from insights.services import capture_kit

blueprint = ApiBlueprint("capture", __name__)


@blueprint.operation("GET", "/capture/session", scope="read", answers=CaptureSessionOut())
def get_capture_session() -> Answer:
    """Who is signed in on this device, and what its changes have to carry."""
    return session_out(actor(), None if came_with_token() else generate_csrf())


@blueprint.operation("GET", "/capture/kit", scope="read", answers=CaptureKitOut(), etag=True)
def get_capture_kit() -> Answer:
    """The lists with which notes are written without a signal; nothing archived is among them."""
    session, me = db_session(), actor()
    sources = capture_kit.sources(session, me, today=runtime().today())
    release = (current_app.static_url_path or "").rpartition("/")[2]
    version = f"{sources.version}-{release}"
    if version in request.if_none_match:
        return _with_version(Response(status=304), version)
    kit = capture_kit.kit(session, me, made_from=sources)
    body = kit_out(kit, as_of=now(), release=release, root=request.script_root)
    return _with_version(answer(body), version)


def _with_version(response: Response, version: str) -> Response:
    response.set_etag(version)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
