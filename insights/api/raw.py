"""Bodies that are taken as they are: bytes, with headers that say where they belong."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import request

from insights.errors import Invalid
from insights.http import errors

_WHOLE = re.compile("[0-9]{1,15}")


@dataclass(frozen=True, kw_only=True)
class NumberHeader:
    """A header that holds a whole number from 0 to `high`."""

    name: str
    high: int
    description: str

    def parameter(self) -> dict[str, Any]:
        """The header as the document describes it."""
        return {
            "in": "header",
            "name": self.name,
            "required": True,
            "description": self.description,
            "schema": {"type": "integer", "minimum": 0, "maximum": self.high},
        }

    def read(self) -> int:
        """What the request says; raises Invalid under the header's name."""
        sent = request.headers.get(self.name, "").strip()
        if not _WHOLE.fullmatch(sent) or int(sent) > self.high:
            raise Invalid({self.name: [f"Give a whole number from 0 to {self.high:,}."]})
        return int(sent)


@dataclass(frozen=True, kw_only=True)
class RawBody:
    """What a body of bytes is: its media type, at most how many, and the headers that it needs."""

    media_type: str
    longest: int
    headers: tuple[NumberHeader, ...] = ()

    def documentation(self) -> dict[str, Any]:
        """The body as the document describes it."""
        schema = {"type": "string", "format": "binary"}
        return {"required": True, "content": {self.media_type: {"schema": schema}}}

    def reading(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """The view with the bytes as its `body`, and the `headers` by their names."""

        @wraps(view)
        def serve(**arguments: Any) -> Any:
            if request.mimetype != self.media_type:
                detail = f"Send bytes, with the header “Content-Type: {self.media_type}”."
                return errors.respond(errors.Problem(415, detail))
            request.max_content_length = self.longest
            headers = {header.name: header.read() for header in self.headers}
            return view(**arguments, body=request.get_data(), headers=headers)

        return serve
