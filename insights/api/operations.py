"""Operations: a view, what it takes, what it answers, and all ways in which it can refuse.

One decorator holds these together, so that the document that programs read (`document.py`) cannot
differ from what is checked: the scope of the token, the schemas of body and query, and the status
codes that follow from them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from insights.api.answers import answer
from insights.api.raw import RawBody
from insights.api.requests import RequestParser
from insights.http.identity import require_scope
from insights.schemas.fields import InputSchema

Answer: TypeAlias = Response | Mapping[str, Any] | None
View: TypeAlias = Callable[..., Answer]

_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of the note as you last read it, or * for any.",
    "schema": {"type": "string", "minLength": 1},
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag that you have; the answer is 304 when it still holds.",
    "schema": {"type": "string"},
}
_LINK = {"description": 'The next page, as rel="next".', "schema": {"type": "string"}}
_LOCATION = {"description": "Its address now.", "schema": {"type": "string"}}
_ETAG = {"description": "Names this version.", "schema": {"type": "string"}}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What an operation takes and answers.

    `scope` is what a token needs. `success` are the status codes of a good answer, the usual one
    first; `refuses` are those that do not follow from the rest. What `moves` may answer with its
    new address instead. A `raw` body is bytes instead of JSON.
    """

    scope: str
    answers: Schema | None = None
    body: InputSchema | None = None
    query: InputSchema | None = None
    raw: RawBody | None = None
    success: tuple[int, ...] = (200,)
    refuses: tuple[int, ...] = ()
    moves: bool = False
    etag: bool = False
    if_match: bool = False


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # the library has no types
    """The operations on one noun."""

    ARGUMENTS_PARSER = RequestParser()

    @property
    def label(self) -> str:
        """Under which heading the document lists the operations."""
        return str(self.name).capitalize()

    def operation(self, method: str, rule: str, **described: Any) -> Callable[[View], View]:
        """Serves a view under `method` and `rule`; the rest are the fields of `Operation`.

        The view takes the variables of the rule, and `body`, `headers` and `query` where it has
        them, by name. It answers with a dictionary, a ready response, or None for 204.
        """
        operation = Operation(**described)

        def decorate(view: View) -> View:
            serve = _guarded(operation, self._reading(operation, view))
            serve = self.doc(operationId=view.__name__, **_documentation(operation, method, rule))(
                serve
            )
            self.route(rule, methods=[method], endpoint=view.__name__, tags=[self.label])(serve)
            return view

        return decorate

    def _reading(self, operation: Operation, view: View) -> View:
        serve = operation.raw.reading(view) if operation.raw else view
        for name, schema, location in (
            ("query", operation.query, "query"),
            ("body", operation.body, "json"),
        ):
            if schema is not None:
                serve = self.arguments(schema, location=location, arg_name=name)(serve)
        return serve


def _guarded(operation: Operation, view: View) -> View:
    """Asks for the scope before anything is read."""

    def serve(**arguments: Any) -> Response:
        require_scope(operation.scope)
        answered = view(**arguments)
        return answered if isinstance(answered, Response) else answer(answered)

    serve.__doc__ = view.__doc__
    # What the library noted of the schemas, from which it writes the document.
    serve._apidoc = getattr(view, "_apidoc", {})  # type: ignore[attr-defined]
    return serve


def _documentation(operation: Operation, method: str, rule: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "responses": _responses(operation, method, rule),
        "security": [{"token": [operation.scope]}, {"session": []}],
    }
    headers = [
        header
        for header, wanted in ((_IF_MATCH, operation.if_match), (_IF_NONE_MATCH, operation.etag))
        if wanted and (header is _IF_MATCH or method == "GET")
    ]
    if operation.raw is not None:
        headers += [header.parameter() for header in operation.raw.headers]
        described["requestBody"] = operation.raw.documentation()
    if headers:
        described["parameters"] = headers
    return described


def _responses(operation: Operation, method: str, rule: str) -> dict[str, Any]:
    good = {str(status): _good(operation, status) for status in operation.success}
    if operation.etag and method == "GET":
        good["304"] = {"description": "What you have still holds."}
    if operation.moves:
        moved = {"description": "It has another address now.", "headers": {"Location": _LOCATION}}
        good["308"] = moved
    refusals = {
        str(status): HTTPStatus(status).name for status in _refusals(operation, method, rule)
    }
    return {**good, **refusals}


def _good(operation: Operation, status: int) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if operation.answers is not None:
        described["content"] = {"application/json": {"schema": operation.answers}}
    if operation.etag:
        described["headers"] = {"ETag": _ETAG}
    if operation.query is not None and "cursor" in operation.query.fields:
        described["headers"] = {"Link": _LINK}
    return described


def _refusals(operation: Operation, method: str, rule: str) -> Iterable[int]:
    yield from (401, 403, 429)
    if method != "GET":
        yield 400
    if "<" in rule:
        yield 404
    if operation.body is not None or operation.raw is not None:
        yield from (413, 415, 422)
    elif operation.query is not None:
        yield 422
    if operation.if_match:
        yield from (412, 428)
    yield from operation.refuses
