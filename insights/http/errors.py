"""Refusals in words: one table from the kinds of error to HTTP, and two ways to show one.

The API answers in one JSON shape after RFC 9457 (`application/problem+json`); pages show one
error page that needs neither database nor signed-in person. Which of the two is decided by the
path, never guessed from headers. What nobody foresaw is logged under a reference id, which the
person is shown.
"""

import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException

from insights.errors import (
    Conflict,
    FieldErrors,
    Forbidden,
    InsightsError,
    Invalid,
    NotFound,
    Unavailable,
)

API_PREFIX = "/api/"
STATUS_OF: Mapping[type[InsightsError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
WORDS: Mapping[int, str] = {
    400: "The request could not be read. Check what was sent and send it again.",
    401: "Sign in, or send a valid token as “Authorization: Bearer …”.",
    403: "You may not do this.",
    404: "There is nothing here, or you may not see it.",
    405: "This address does not answer that method.",
    406: "This address cannot answer in the format you asked for.",
    412: "It was changed meanwhile. Read it again and repeat your change.",
    413: "That is too large. Send less at once.",
    415: "Send JSON, with the header “Content-Type: application/json”.",
    422: "Some fields need mending.",
    428: "Send the header “If-Match” with the ETag you last read.",
    429: "Too many requests. Wait a moment and try again.",
    500: "Something went wrong on our side. What was saved before is safe.",
    503: "Not available just now. Try again in a moment.",
}

log = logging.getLogger(__name__)


class Unreadable(BadRequest):
    """A request whose body cannot be read; the description says where it goes wrong."""


@dataclass
class Problem:
    """A refusal, ready to be shown either way."""

    status: int
    detail: str
    fields: FieldErrors = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    reference: str | None = None

    @property
    def title(self) -> str:
        """The status in the words of HTTP."""
        return HTTPStatus(self.status).phrase

    def as_dict(self) -> dict[str, Any]:
        """The members of the JSON shape; empty ones are left out."""
        members: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": self.fields,
            "reference": self.reference,
        }
        return {name: value for name, value in members.items() if value}


def register(app: Flask) -> None:
    """Makes `app` answer every failure with a `Problem`."""
    app.register_error_handler(InsightsError, lambda error: respond(_from_service(error)))
    app.register_error_handler(CSRFError, lambda _: respond(_outdated_form()))
    app.register_error_handler(RateLimitExceeded, lambda error: respond(_too_many(error)))
    app.register_error_handler(HTTPException, lambda error: respond(_from_http(error)))
    app.register_error_handler(Exception, lambda error: respond(_unforeseen(error)))


def wants_json() -> bool:
    """Whether this request is answered as the API answers."""
    return request.path.startswith(API_PREFIX)


def respond(problem: Problem) -> Response:
    """The problem as JSON for the API, as a page for people."""
    if wants_json():
        response = jsonify(problem.as_dict())
        response.content_type = "application/problem+json"
    else:
        # Rendered without the context processors, which would read the signed-in person: this page
        # is also the answer when the database is away.
        template = current_app.jinja_env.get_template("errors/page.html")
        response = current_app.make_response(template.render(problem=problem))
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def unauthorised() -> Problem:
    """The answer to somebody who has to sign in first."""
    if not wants_json():
        return Problem(
            401,
            "You are signed out, so nothing was saved. Sign in in another tab, come back here, go "
            "back to what you wrote and send it again.",
        )
    return Problem(401, WORDS[401], headers={"WWW-Authenticate": "Bearer"})


def _from_service(error: InsightsError) -> Problem:
    status = next(code for kind, code in STATUS_OF.items() if isinstance(error, kind))
    problem = Problem(status, error.message)
    if isinstance(error, Invalid):
        problem.fields = error.fields
        problem.detail = " ".join(_sentences(error.fields))
    if isinstance(error, Unavailable):
        problem.headers["Retry-After"] = str(error.retry_after)
    return problem


def _outdated_form() -> Problem:
    if wants_json():
        return Problem(400, "Send the header “X-CSRFToken” with the form token of the page.")
    return Problem(
        400,
        "This form is no longer valid, so nothing was saved. Go back, copy what you wrote, "
        "reload the page and send it again.",
    )


def _too_many(error: RateLimitExceeded) -> Problem:
    seconds = error.limit.limit.get_expiry() if error.limit else 60
    return Problem(429, WORDS[429], headers={"Retry-After": str(seconds)})


def _from_http(error: HTTPException) -> Problem:
    code = error.code or 500
    problem = Problem(code, WORDS.get(code, HTTPStatus(code).description))
    if isinstance(error, Unreadable) and error.description:
        problem.detail = error.description
    if code == 405 and error.get_response().headers.get("Allow"):
        problem.headers["Allow"] = error.get_response().headers["Allow"]
    return problem


def _sentences(fields: FieldErrors) -> Iterator[str]:
    """What is wrong with each field, with its name before it."""
    for name, texts in fields.items():
        yield f"{name}: {' '.join(texts)}" if name else " ".join(texts)


def _unforeseen(error: Exception) -> Problem:
    reference = secrets.token_hex(4)
    log.error("reference %s: %s %s", reference, request.method, request.path, exc_info=error)
    return Problem(500, WORDS[500], reference=reference)
