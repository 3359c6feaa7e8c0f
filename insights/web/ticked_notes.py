"""The notes that are ticked in a list, as its form sends them."""

from collections.abc import Iterator
from uuid import UUID

from flask import request


def ticked() -> list[UUID]:
    """The ids of the field `note`, each once and in order; what is no id is passed over.

    A value may go on with the version that the page showed (`ID~3`).
    """
    return list(dict.fromkeys(_ids()))


def _ids() -> Iterator[UUID]:
    for value in request.values.getlist("note"):
        try:
            yield UUID(value.partition("~")[0])
        except ValueError:
            continue
