"""What the stand-in raises."""

from typing import Any


class Refused(Exception):
    """A call that Slack answers with ok:false; `details` are further keys of the answer."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details

    @classmethod
    def with_messages(cls, error: str, messages: list[str]) -> "Refused":
        """A refusal that says in words what was wrong."""
        return cls(error, response_metadata={"messages": messages})


class TooOften(Exception):
    """A call above the limit: HTTP 429 with Retry-After."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Impossible(AssertionError):
    """A person cannot do this in Slack's own client: no such button, no open modal, …"""
