"""Forms of the administration: what was typed, and what is said when it is refused.

A refused form comes back with 422, every value kept, a sentence at each field to be mended. What
belongs to no field stands under `WHOLE`, which the page shows at the form as a whole.
"""

from collections.abc import Mapping
from typing import Any

from flask import request

from insights.db import discard
from insights.errors import Invalid
from insights.http.runtime import db_session

WHOLE = "whole"

Values = Mapping[str, Any]
Errors = Mapping[str, str]


def typed(*names: str) -> dict[str, str]:
    """These fields of the form as they were sent; those that were not are empty."""
    return {name: request.form.get(name, "") for name in names}


def lines(text: str) -> list[str]:
    """What stands on each line of a text, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def refused(refusal: Invalid, whole: str = WHOLE) -> dict[str, str]:
    """What is said about each field, after undoing what the request did so far.

    `whole` is where to say what is about no field.
    """
    discard(db_session())
    return {name or whole: " ".join(messages) for name, messages in refusal.fields.items()}


def changed(given: Values, former: Values) -> dict[str, Any]:
    """What differs from before: a form sends all its fields, the journal names the changed ones."""
    return {name: value for name, value in given.items() if value != former[name]}
