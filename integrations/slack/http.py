"""Where Slack posts to: one address for events, commands and clicks.

In this order: how large it is, the shape of the signature, the signature itself over the bytes as
they came, and only then what they say.
"""

import hashlib
import hmac
import json
import logging
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, abort, current_app, request
from slack_bolt import BoltRequest, BoltResponse

from insights.http.protection import signed
from integrations.slack.app import Edge
from integrations.slack.listening import HELP

LARGEST_BYTES = 1_000_000
MOST_FIELDS = 100
LONGEST_AGE_SECONDS = 300
FORM = "application/x-www-form-urlencoded"
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")

blueprint = Blueprint("slack", __name__)
log = logging.getLogger(__name__)


@blueprint.post("/slack/events")
@signed
def events() -> Response:
    """Takes what Slack sends. 401 for what Slack did not sign, 400 for what cannot be read, 404
    while no signing secret is set, and 503 when Slack may send it again."""
    edge: Edge = current_app.extensions["insights_slack"]
    secret = edge.parts.settings.slack_signing_secret
    if not secret:
        abort(404)
    request.max_content_length = LARGEST_BYTES
    raw = request.get_data(cache=False)
    if not _is_signed(edge, secret, raw):
        return _say("The signature is not Slack's, or too old.", 401)
    body = _read(raw, request.mimetype)
    if body is None:
        return _say("This cannot be read.", 400)
    return _answer(edge, body)


def _is_signed(edge: Edge, secret: str, raw: bytes) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
        return False
    if abs(edge.parts.clock().timestamp() - int(timestamp)) > LONGEST_AGE_SECONDS:
        return False
    base = b"v0:" + timestamp.encode() + b":" + raw
    expected = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


def _read(raw: bytes, mimetype: str) -> dict[str, Any] | None:
    """What the bytes say; None when it is nothing that Slack sends."""
    try:
        text = raw.decode()
        if mimetype != FORM:
            return _object(text)
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except (ValueError, RecursionError):
        return None
    if "payload" not in fields:
        return fields or None
    try:
        return _object(fields["payload"])
    except (ValueError, RecursionError):
        return None


def _object(text: str) -> dict[str, Any] | None:
    found = json.loads(text)
    return found if isinstance(found, dict) else None


def _answer(edge: Edge, body: dict[str, Any]) -> Response:
    try:
        # The body was read before, once; in this mode Bolt takes it as it is.
        asked = BoltRequest(mode="socket_mode", body=body, headers=dict(request.headers))
    except Exception as error:
        # Bolt looks for ids in many places and trusts that they are where Slack puts them.
        return _unreadable(type(error).__name__)
    return _as_response(edge.app.dispatch(asked))


def _as_response(answer: BoltResponse) -> Response:
    if answer.status == 404:
        return _say(HELP, 200)
    if answer.status == 500:
        # Bolt itself stumbled: something is not of the kind that Slack sends there.
        return _unreadable("Bolt")
    response = Response(answer.body, answer.status)
    response.headers["Content-Type"] = answer.first_headers().get(
        "content-type", "text/plain;charset=utf-8"
    )
    return response


def _unreadable(stumbled: str) -> Response:
    """The answer to what Slack signed and nobody can read; the log has no word of what it said."""
    reference = secrets.token_hex(4)
    log.warning("reference %s: a signed request cannot be read (%s)", reference, stumbled)
    return _say(f"This cannot be read (reference {reference}).", 400)


def _say(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain;charset=utf-8")
