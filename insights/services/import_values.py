"""Values of cells: times, days, choices and numbers, read from what people write.

Each function raises Invalid of the field, saying what is expected.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from insights.errors import Invalid
from insights.services.lookup import quoted
from insights.text import fold

Choice = TypeVar("Choice", bound=StrEnum)
Number = TypeVar("Number")


@dataclass(frozen=True)
class TimeReader:
    """Reads times: in ISO 8601, or in another form when the file uses one.

    A time without a zone is one of the organisation's `zone`, a bare day its first moment there.
    """

    zone: ZoneInfo
    # As of `datetime.strptime`, for instance %d/%m/%Y.
    form: str | None = None

    def moment(self, field: str, cell: str) -> datetime:
        """The aware time that the cell says, in UTC."""
        try:
            said = self._read(cell)
            local = said if said.tzinfo else said.replace(tzinfo=self.zone)
            return local.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Invalid({field: [f"“{quoted(cell)}” is no time. {self._hint()}"]}) from None

    def day(self, field: str, cell: str) -> date:
        """The day that the cell says, as seen in the organisation's zone."""
        return self.moment(field, cell).astimezone(self.zone).date()

    def _read(self, cell: str) -> datetime:
        if self.form:
            # The zone is given by `moment`: this one is what the file says, mostly none.
            return datetime.strptime(cell, self.form)  # noqa: DTZ007
        return datetime.fromisoformat(cell)

    def _hint(self) -> str:
        if self.form:
            return f"The file was said to write times as {self.form}."
        return (
            "Write 2026-03-18 or 2026-03-18T14:30+01:00, or say how it is written (--date-format)."
        )


def require_time_form(form: str) -> None:
    """Raises Invalid(date_format) unless times can be read in that form."""
    sample = datetime(2026, 12, 31, tzinfo=UTC)
    try:
        is_form = datetime.strptime(sample.strftime(form), form).date() == sample.date()  # noqa: DTZ007
    except (ValueError, OverflowError, re.error):
        is_form = False
    if not is_form:
        message = "A form of dates names year, month and day, for instance %d/%m/%Y."
        raise Invalid({"date_format": [message]})


def read_choice(kind: type[Choice], field: str, cell: str) -> Choice:
    """The member of that value, however it is capitalised or hyphenated."""
    word = fold(cell).replace(" ", "-").replace("_", "-")
    with suppress(ValueError):
        return kind(word)
    allowed = ", ".join(member.value for member in kind)
    raise Invalid({field: [f"“{quoted(cell)}” is none of: {allowed}."]})


def read_number(number: Callable[[str], Number], field: str, cell: str) -> Number:
    """The number that the cell says, such as `float` or `int` read it."""
    try:
        return number(cell)
    except ValueError:
        raise Invalid({field: [f"“{quoted(cell)}” is no number."]}) from None


def read_id(field: str, cell: str) -> UUID:
    """The id that an export has written."""
    try:
        return UUID(cell)
    except ValueError:
        message = f"“{quoted(cell)}” is no id of a note. Call ids of your own external_id."
        raise Invalid({field: [message]}) from None
