"""The five ways in which a use case can fail for a reason the person can act on.

Services raise these; each edge has one table that turns them into its own answer
(`insights/http/errors.py` for pages and the API). Everything else is a defect and is
answered with a reference id.
"""

from collections.abc import Mapping, Sequence
from types import TracebackType

FieldErrors = Mapping[str, Sequence[str]]


class InsightsError(Exception):
    """A failure with a message that is safe and useful to show to the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(InsightsError):
    """It does not exist, or the person may not know that it does."""


class Forbidden(InsightsError):
    """The person may see it, but not do this to it."""


class Invalid(InsightsError):
    """What was sent cannot be accepted; `fields` says which field and what to do.

    `fields` maps a field's name to its messages. A message that belongs to no single field
    stands under the empty name.
    """

    def __init__(self, fields: FieldErrors | str) -> None:
        self.fields: FieldErrors = {"": [fields]} if isinstance(fields, str) else fields
        super().__init__("; ".join(text for texts in self.fields.values() for text in texts))


class FieldProblems:
    """Gathers what is wrong with several fields, so that the person is told all of it at once.

    `with problems:` keeps an Invalid that is raised inside it; `settle` raises one for them all.
    """

    def __init__(self) -> None:
        self._fields: dict[str, list[str]] = {}

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Invalid):
            return False
        for field, messages in error.fields.items():
            self._fields.setdefault(field, []).extend(messages)
        return True

    def settle(self) -> None:
        """Raises Invalid when anything was kept."""
        if self._fields:
            raise Invalid(self._fields)


class Conflict(InsightsError):
    """Somebody else was there first; the message names the way out."""


class Unavailable(InsightsError):
    """A part that is needed does not answer just now."""

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after
