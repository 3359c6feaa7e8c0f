"""Files of waiting notes, as a device writes them."""

import base64
import hashlib
import json
from typing import Any
from uuid import uuid4

from tests.organisation import OWNER


def note(text: object = "They pay by the truck", **fields: Any) -> dict[str, Any]:
    """A note as the device would have sent it."""
    return {"id": str(uuid4()), "text": text, "territory": "georgia", **fields}


def entry(posted: object, *photos: bytes) -> dict[str, Any]:
    """A note of the file with its photos."""
    return {"note": posted, "state": "waiting", "photos": [photo(one) for one in photos]}


def photo(content: bytes) -> dict[str, Any]:
    """A photo of the file."""
    return {
        "id": str(uuid4()),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "data": base64.b64encode(content).decode(),
    }


def waiting_file(*notes: object, **changes: Any) -> bytes:
    """The file of the owner with these notes; `changes` are of its outermost fields."""
    whole = {
        "format": "field-insights/waiting-notes",
        "version": 1,
        "exported_at": "2026-03-18T11:00:00Z",
        "person": {"id": OWNER, "name": "Olivia Owner"},
        "notes": [one if isinstance(one, dict) and "note" in one else entry(one) for one in notes],
    }
    return json.dumps(whole | changes).encode()
