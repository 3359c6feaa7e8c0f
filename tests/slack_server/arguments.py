"""The arguments of a call: read from any of the encodings, and checked by the official client."""

import functools
import inspect
import json
from collections.abc import Mapping
from typing import Any

from flask import Request
from slack_sdk import WebClient

from tests.slack_server.errors import Refused

# Arguments that forms carry as JSON, and the refusal when they are none.
JSON_ARGUMENTS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "unfurls": "invalid_unfurls_format",
    "view": "invalid_arguments",
    "user_auth_blocks": "invalid_blocks_format",
    "files": "invalid_arguments",
    "message": "invalid_arguments",
}
EVERYWHERE = {"token", "team_id"}
# What the client passes as HTTP Basic authentication or as the bearer token.
BESIDE_THE_BODY = {"client_id", "client_secret", "app_token"}


def read_arguments(request: Request) -> dict[str, Any]:
    """Query, form, multipart or JSON, as one mapping without the token."""
    given: dict[str, Any] = dict(request.args.items())
    if request.is_json:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise Refused("invalid_json")
        given |= body
    else:
        given |= dict(request.form.items())
    given.pop("token", None)
    for name in given.keys() & JSON_ARGUMENTS.keys():
        given[name] = _from_json(name, given[name])
    return {name: value for name, value in given.items() if value is not None}


def _from_json(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        messages = [f"[ERROR] `{name}` is not valid JSON"]
        raise Refused.with_messages(JSON_ARGUMENTS[name], messages) from None


@functools.cache
def signature(method: str) -> inspect.Signature | None:
    """The signature of the official client for chat.postMessage and its like; None if unknown."""
    function = getattr(WebClient, method.replace(".", "_"), None)
    return None if function is None else inspect.signature(function)


def unknown_arguments(method: str, given: Mapping[str, Any]) -> set[str]:
    """Names that the official client does not know for this method."""
    known = signature(method)
    assert known is not None
    return set(given) - set(known.parameters) - EVERYWHERE


def missing_arguments(method: str, given: Mapping[str, Any]) -> list[str]:
    """Names that the official client demands and the call lacks."""
    known = signature(method)
    assert known is not None
    return [
        name
        for name, parameter in known.parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind is parameter.KEYWORD_ONLY
        and name not in given
        and name not in BESIDE_THE_BODY
    ]


def is_true(value: Any) -> bool:
    """A yes in any of the ways that forms and JSON write it."""
    return value is True or str(value).lower() in ("1", "true")


def names(value: Any) -> list[str]:
    """A list that forms write with commas."""
    if isinstance(value, str):
        return [one.strip() for one in value.split(",") if one.strip()]
    return list(value or [])
