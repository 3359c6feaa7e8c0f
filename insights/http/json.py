"""JSON by orjson: several times faster than the standard library's, and strict about depth."""

from datetime import datetime
from typing import Any

import orjson
from flask.json.provider import JSONProvider

from insights.clock import iso


class OrjsonProvider(JSONProvider):
    """How the application reads and writes JSON; times leave as ISO 8601 in UTC."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """The object as compact JSON."""
        return orjson.dumps(
            obj,
            default=_as_text,
            option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS,
        ).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a JSON text; raises ValueError, also for one that is nested too deeply."""
        return orjson.loads(s)


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    return str(value)
