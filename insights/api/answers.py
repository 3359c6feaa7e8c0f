"""What the API answers with: JSON, pages of lists, and notes with their ETag."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})-[0-9a-f]{16}"')


def answer(
    body: Mapping[str, Any] | None, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The body as JSON; no body at all for None, which is 204."""
    if body is None:
        response = Response(status=204)
        del response.headers["Content-Type"]
        return response
    return Response(orjson.dumps(body), status, headers, mimetype="application/json")


def moved(address: str) -> Response:
    """Where it is to be found from now on, without a body."""
    response = answer(None)
    response.status_code = 308
    response.headers["Location"] = address
    return response


def page(items: list[dict[str, Any]], following: str | None) -> Response:
    """One page of a list, with the cursor of the next one in the body and in the header Link."""
    return with_link(answer({"items": items, "next": following}), following)


def with_link(response: Response, following: str | None) -> Response:
    """The answer with the address of the next page (RFC 8288), if there is one."""
    if following is not None:
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
        address = (
            f"{request.script_root}{request.path}?{urlencode([*pairs, ('cursor', following)])}"
        )
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


def versioned(body: Mapping[str, Any], status: int = 200) -> Response:
    """A note with its ETag, or 304 when the program has this very answer already.

    The tag holds the version, which a change has to name (`expected_version`), and a digest of
    all that is told, so that a new comment is not kept from a reader who asks again.
    """
    return _tagged(answer(body, status), f"{body['version']}-")


def tagged(body: Mapping[str, Any]) -> Response:
    """The body with an ETag of all that it says, or 304 when the program has it already."""
    return _tagged(answer(body))


def _tagged(response: Response, version: str = "") -> Response:
    digest = hashlib.blake2b(response.get_data(), digest_size=8).hexdigest()
    response.set_etag(f"{version}{digest}")
    response.headers["Cache-Control"] = "private, no-cache"
    if response.status_code == 200:
        response.make_conditional(request)
    return response


def expected_version() -> int | None:
    """The version that the header If-Match names; None for `*`, which is any.

    Raises 428 without the header and 412 for one that is no ETag of ours.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        raise PreconditionRequired
    if sent == "*":
        return None
    found = _VERSION.fullmatch(sent)
    if found is None:
        raise PreconditionFailed
    return int(found.group(1))
