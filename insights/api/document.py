"""The OpenAPI document: what is said beside the operations, which describe themselves."""

from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_instance
from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from insights.http.errors import WORDS
from insights.schemas.problems import MEDIA_TYPE, Problem

VERSION = "1"
DESCRIPTION = """Notes from the field, and what they are filed under.

Sign in with a token, as `Authorization: Bearer …`; tokens are made on your profile page. A scope
says what a token may be used for (`read`, `write`, `admin`), never more than its person may do.
A page of the product may use the sign-in instead; what changes anything then needs the header
`X-CSRFToken`.

Ids of notes and comments are made by the client. Sending one again changes nothing and answers
the same, so whatever got no answer can simply be sent again.

Times are ISO 8601 in UTC. Whatever is refused is answered as a `Problem`.
"""
SECURITY_SCHEMES: dict[str, dict[str, str]] = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "insights"},
}
CONFLICT = "The id belongs to something else, or somebody changed it at the same moment."


class _Collected(Api):  # type: ignore[misc]  # the library has no types
    """Collects the operations. Failures are answered by `insights/http/errors.py` alone."""

    # An answer that no operation names would hide behind a default one.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        pass

    def _register_responses(self) -> None:
        for status, words in {**WORDS, 409: CONFLICT}.items():
            content = {MEDIA_TYPE: {"schema": Problem}}
            response = {"description": words, "content": content}
            self.spec.components.response(HTTPStatus(status).name, response, lazy=True)


class Document:
    """The document of one application, written when it is first asked for."""

    def __init__(self, app: Flask, operations: Blueprint, headings: Mapping[str, str]) -> None:
        self._app = app
        self._operations = operations
        self._headings = headings

    @cached_property
    def content(self) -> dict[str, Any]:
        """The document as JSON values."""
        app, operations = self._app, self._operations
        app.config.update(API_TITLE="Field Insights", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
        collected = _Collected(app, spec_kwargs=_about())
        spec = collected.spec
        for name, scheme in SECURITY_SCHEMES.items():
            spec.components.security_scheme(name, scheme)
        for heading, text in self._headings.items():
            spec.tag({"name": heading, "description": text})
        operations.register_views_in_doc(
            collected, app, spec, name=operations.name, parameters=None
        )
        content: dict[str, Any] = spec.to_dict()
        return content


def _about() -> dict[str, Any]:
    return {
        "info": {"description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_shape_name),
    }


def _shape_name(schema: type[Schema] | Schema | str) -> str:
    """`NoteOut` is simply a note to whoever reads the document."""
    name = type(resolve_schema_instance(schema)).__name__
    return name.removesuffix("Out")
