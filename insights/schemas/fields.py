"""Fields of what comes in: their types, their limits, and what is said when one is wrong.

A value comes from a JSON document, where a number is a number, or as text from an address, a form
or a CSV file, where all is text. `InputSchema(Origin.FORM)` reads the second kind: numbers, days
and switches are read out of their text, and a field that was left blank counts as not given.

Every message says what to do; which field it is about is the key under which it stands.
"""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate
from marshmallow.types import ErrorMessages

from insights.clock import in_zone
from insights.errors import Invalid
from insights.services.lookup import LARGEST_ID, quoted

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
MOST_MESSAGES = 20

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}[^\s]{0,22}")
# Characters that no database stores and no page shows: NUL, and half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SWITCHES = {"true": True, "false": False}


class Origin(StrEnum):
    """Where the values come from, and with it how they are written."""

    JSON = "json"
    QUERY = "query"
    FORM = "form"


class InputSchema(Schema):
    """What may come in under which names; a name that is not listed is refused."""

    class Meta:
        """Unknown names are refused instead of passed over: a misspelt filter must not show all."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012 - the library's own form
        "unknown": "There is no such field here. Remove it, or correct its name.",
        "type": "Send an object with named fields.",
    }

    def __init__(self, origin: Origin = Origin.JSON, **options: Any) -> None:
        self.origin = origin
        super().__init__(**options)

    @pre_load
    def leave_out_blanks(self, data: Any, **_options: Any) -> Any:
        """A field of a form or a cell that was left blank was not given."""
        if self.origin is not Origin.FORM or not isinstance(data, Mapping):
            return data
        return {
            name: value
            for name, value in data.items()
            if not (isinstance(value, str) and not value.strip())
        }


class QuerySchema(InputSchema):
    """What may stand behind the question mark of an address."""

    def __init__(self, origin: Origin = Origin.QUERY, **options: Any) -> None:
        super().__init__(origin, **options)


def load(schema: InputSchema, data: object) -> dict[str, Any]:
    """The values of `data` as the schema's types; raises Invalid with every field to mend."""
    try:
        loaded: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]
    except ValidationError as error:
        raise invalid(error.messages_dict) from None
    return loaded


def invalid(messages: Mapping[Any, Any]) -> Invalid:
    """The library's nested messages as one list of sentences for each field."""
    found: dict[str, list[str]] = {}
    for name, nested in messages.items():
        # Messages about the whole stand under the empty name.
        field = "" if name == "_schema" else quoted(str(name))
        found.setdefault(field, []).extend(_sentences(nested))
    return Invalid({field: texts[:MOST_MESSAGES] for field, texts in found.items()})


def _sentences(nested: Any) -> Iterator[str]:
    if isinstance(nested, Mapping):
        for key, deeper in nested.items():
            place = f"Item {key + 1}" if isinstance(key, int) else quoted(str(key))
            yield from (f"{place}: {text}" for text in _sentences(deeper))
    else:
        yield from nested


WORDS: ErrorMessages = {
    "required": "This is needed. Add it.",
    "null": "This cannot be empty. Give a value, or leave it out.",
}


class Worded:
    """Gives a field messages that say what to do."""

    default_error_messages: ErrorMessages = WORDS
    root: Any

    @property
    def reads_text(self) -> bool:
        """Whether values arrive as text."""
        return getattr(self.root, "origin", Origin.JSON) is not Origin.JSON


class Text(Worded, fields.String):
    """Any text that can be stored; `longest` in characters as they are sent."""

    def __init__(self, *, longest: int | None = None, **options: Any) -> None:
        if longest:
            message = f"Shorten this to {longest:,} characters."
            options["validate"] = validate.Length(max=longest, error=message)
        super().__init__(**options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Give a text, in quotation marks.")
        found = _UNSTORABLE.search(value)
        if found:
            code = f"U+{ord(found.group()):04X}"
            raise ValidationError(f"Remove the character {code} at place {found.start() + 1}.")
        return value


class Identity(Worded, fields.UUID):
    """An id that the client made."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise ValidationError("Give a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057.")
        return UUID(value)


class WholeNumber(Worded, fields.Integer):
    """A whole number within limits that are part of the documentation."""

    def __init__(self, *, low: int = 1, high: int = LARGEST_ID, **options: Any) -> None:
        self.limits = f"Give a whole number from {low:,} to {high:,}."
        options["validate"] = validate.Range(low, high, error=self.limits)
        super().__init__(**options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if self.reads_text and isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        # To JSON, 1 and 1.0 are the same number; to Python, `True` is a number.
        if type(value) is int or (isinstance(value, float) and value.is_integer()):
            return int(value)
        raise ValidationError(self.limits)


class Degrees(Worded, fields.Float):
    """A latitude or longitude in decimal degrees, `limit` either way."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        self.limits = f"Give decimal degrees from -{limit} to {limit}."
        options["validate"] = validate.Range(-limit, limit, error=self.limits)
        super().__init__(**options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        number = _decimal(value) if self.reads_text else value
        if type(number) not in (int, float) or not math.isfinite(_limited(number)):
            raise ValidationError(self.limits)
        return float(_limited(number))


def _decimal(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _limited(number: float) -> float:
    """A whole number may be too large for a float; far outside the limits is all that matters."""
    return max(-1e9, min(number, 1e9)) if isinstance(number, int) else number


class Moment(Worded, fields.AwareDateTime):
    """A time with its zone, as an aware time in UTC."""

    example = "2026-03-18T12:00:00Z"

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value.strip()):
            raise ValidationError(f"Give a time such as {self.example}.")
        try:
            moment = datetime.fromisoformat(value.strip().upper())
        except ValueError:
            message = f"There is no such time. Give one such as {self.example}."
            raise ValidationError(message) from None
        if moment.tzinfo is None:
            raise ValidationError(f"Say the zone: end it with Z for UTC, as in {self.example}.")
        # Any year: what a device claims is kept, however wrong its clock (services.note_drafts).
        return in_zone(moment, UTC)


class Day(Worded, fields.Date):
    """A day of the calendar."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
            raise ValidationError("Give a day such as 2026-03-18.")
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            raise ValidationError("There is no such day. Give one such as 2026-03-18.") from None
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise ValidationError(f"Give a year from {EARLIEST_YEAR} to {LATEST_YEAR}.")
        return day


class Choice(Worded, fields.Enum[Any]):
    """One of the words of an enumeration."""

    def __init__(self, members: type[Enum], **options: Any) -> None:
        super().__init__(members, by_value=fields.String, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        word = value.strip().lower() if self.reads_text and isinstance(value, str) else value
        for member in self.enum:
            if member.value == word and isinstance(value, str):
                return member
        raise ValidationError(f"Choose one of: {self.choices_text}.")


class Switch(Worded, fields.Boolean):
    """True or false."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if isinstance(value, bool):
            return value
        if self.reads_text and isinstance(value, str) and value in _SWITCHES:
            return _SWITCHES[value]
        raise ValidationError("Say true or false.")


class Several(Worded, fields.List[Any]):
    """A list; each item is a field of its own."""

    default_error_messages: ErrorMessages = {**WORDS, "invalid": "Give a list, in square brackets."}  # noqa: RUF012


class Structure(Worded, fields.Dict):
    """An object whose contents a service checks."""

    default_error_messages: ErrorMessages = {**WORDS, "invalid": "Give an object, in braces."}  # noqa: RUF012
