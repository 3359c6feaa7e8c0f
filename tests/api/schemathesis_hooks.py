"""What schemathesis has to be told beside its configuration: how a piece of a photo is written."""

from typing import Any

import schemathesis
from schemathesis.transport.serialization import serialize_binary


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_context: Any, value: Any) -> bytes:
    return serialize_binary(value)
