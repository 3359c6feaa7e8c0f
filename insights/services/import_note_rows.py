"""Rows of notes: their columns, and the draft of a note that each one makes.

A row becomes the same note however often it is read: a note keeps the id of an earlier export, one
with an external id gets an id made of that, any other an id made of all that the row says. So
reading a file twice adds nothing, and two equal rows are one note.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from insights.errors import FieldProblems, Invalid
from insights.models import Audience, Impact, Kind, Known, Source
from insights.services.csv_cells import split_values, word_of
from insights.services.import_columns import Field, Row
from insights.services.import_values import TimeReader, read_choice, read_id, read_number
from insights.services.names import one_line
from insights.services.note_drafts import NoteDraft, check_text
from insights.text import clean, fold

FIELDS = (
    Field("note_id"),
    Field("external_id", ("id", "reference", "ref")),
    Field(
        "captured_at", ("captured", "date", "time", "datetime", "timestamp", "created_at", "day")
    ),
    Field("territory", ("state", "region", "area")),
    Field("segments", ("segment", "industry", "sector"), many=True),
    Field("competitors", ("competitor", "rival", "rivals"), many=True),
    Field("products", ("product",), many=True),
    Field("account", ("account_name", "customer", "client", "prospect")),
    Field("account_external_id", ("account_id", "crm_id")),
    Field("author", ("e-mail", "author_email", "rep", "reporter", "written_by")),
    Field("kind", ("type", "category")),
    Field("known", ("how_known",)),
    Field("impact", ("importance",)),
    Field("audience"),
    Field("latitude", ("lat",)),
    Field("longitude", ("lon", "lng", "long")),
    Field("text", ("body", "note", "notes", "narrative", "description", "message"), required=True),
)
NAMESPACE = UUID("5b0b8a4e-6d0b-5d0e-9a5e-3f1c7c0f4b11")

# An account by its external id or by its folded name, whichever the row gives.
AccountKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that can be read: what it names is not looked up yet."""

    row: Row
    draft: NoteDraft
    author: str
    account: AccountKey | None


class NoteRows:
    """Reads rows of notes."""

    def __init__(self, times: TimeReader) -> None:
        self._readers: dict[str, Callable[[str, str], Any]] = {
            "note_id": read_id,
            "captured_at": times.moment,
            "kind": partial(read_choice, Kind),
            "known": partial(read_choice, Known),
            "impact": partial(read_choice, Impact),
            "audience": partial(read_choice, Audience),
            "latitude": partial(read_number, float),
            "longitude": partial(read_number, float),
        }

    def read(self, row: Row) -> Candidate:
        """The note that the row makes; raises Invalid with all that is wrong in it by itself."""
        values: dict[str, Any] = {}
        problems = FieldProblems()
        for name, reader in self._readers.items():
            if name in row.values:
                with problems:
                    values[name] = reader(name, row.values[name])
        with problems:
            values["text"] = _require_text(row.get("text"))
        problems.settle()
        external_id = one_line(row.get("external_id"))
        draft = NoteDraft(
            id=values.pop("note_id", None) or _note_id(row, external_id),
            source=Source.IMPORT,
            external_id=external_id or None,
            territory=word_of(row.get("territory")) or None,
            segments=split_values(row.get("segments")),
            competitors=split_values(row.get("competitors")),
            products=split_values(row.get("products")),
            **values,
        )
        return Candidate(row, draft, word_of(row.get("author")).lower(), _account_key(row))


def _require_text(cell: str) -> str:
    messages: dict[str, list[str]] = {}
    text = check_text(cell, lambda name, message: messages.setdefault(name, []).append(message))
    if messages:
        raise Invalid(messages)
    return text


def _note_id(row: Row, external_id: str) -> UUID:
    if external_id:
        return uuid5(NAMESPACE, f"external_id\0{external_id}")
    said = (f"{name}\0{clean(row.values[name])}" for name in sorted(row.values))
    return uuid5(NAMESPACE, "\0\0".join(said))


def _account_key(row: Row) -> AccountKey | None:
    external_id = word_of(row.get("account_external_id"))
    if external_id:
        return ("external_id", external_id)
    name = fold(word_of(row.get("account")))
    return ("folded", name) if name else None
