"""Reading what a program sent: JSON bodies and the part of an address behind the question mark.

A body that is not JSON at all is 400; one that is, but holds what cannot be accepted, is 422 and
names the field. So a document that the strict reader refuses as a whole (NaN, half a character) is
read once more by the lenient one, and its fields tell what is wrong.
"""

import json
from typing import Any, NoReturn

import orjson
from flask import Request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from insights.errors import Invalid
from insights.http.errors import Unreadable
from insights.schemas.fields import invalid


class RequestParser(FlaskParser):
    """Loads the body or the query by a schema; refuses in the words of `schemas/fields.py`."""

    # The schemas themselves say that unknown names are refused, in addresses as well.
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": None}  # noqa: RUF012

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body as plain values."""
        body = req.get_data()
        if not body:
            raise Invalid("Send a JSON object.")
        if not req.is_json:
            raise UnsupportedMediaType
        return read_json(body)

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, **_: Any
    ) -> NoReturn:
        """Raises Invalid with every field to mend."""
        # The parser has put them under the place, such as "query", that they are about.
        [messages] = error.messages_dict.values()
        raise invalid(messages)


def read_json(body: bytes) -> Any:
    """The value of a JSON text; raises Unreadable when it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _read_leniently(body)


def _read_leniently(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable("The body is not UTF-8. Encode it so and send it again.") from None
    except RecursionError:
        raise Unreadable("The body is nested too deeply. Send a flatter one.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"The body is not valid JSON from {place}. Mend it there.") from None
    except ValueError:
        raise Unreadable("The body holds a number of thousands of digits.") from None
