"""One call of a Web API method, and the table of the methods that the stand-in knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from tests.slack_server.app_registration import Installation
from tests.slack_server.arguments import is_true
from tests.slack_server.channels import Channel
from tests.slack_server.errors import Refused
from tests.slack_server.limits import SPECIAL
from tests.slack_server.slack import Slack
from tests.slack_server.workspace import Workspace

Token = Literal["bot", "app", "none"]
MOST_PER_PAGE = 1000
One = TypeVar("One")


@dataclass
class Call:
    """Who calls, where, and with what."""

    slack: Slack
    workspace: Workspace
    installation: Installation
    arguments: dict[str, Any]

    @property
    def bot_user_id(self) -> str:
        return self.installation.bot_user_id

    def get(self, name: str) -> str | None:
        value = self.arguments.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool:
        return is_true(self.arguments.get(name))

    def need(self, scope: str) -> None:
        """Refuses a call whose token lacks the scope."""
        if scope not in self.installation.scopes:
            provided = ",".join(self.installation.scopes)
            raise Refused("missing_scope", needed=scope, provided=provided)

    def channel(self, right: str | None = None) -> Channel:
        """The channel of the call, if the app may know of it.

        A private channel that the app is not in, and somebody else's direct messages, do not
        exist for it. `right` ("read", "history") asks for the scope of that kind of channel.
        """
        channel = self.workspace.channels.get(str(self.arguments.get("channel")))
        if channel is None:
            raise Refused("channel_not_found")
        if channel.kind != "channel" and self.bot_user_id not in channel.members:
            raise Refused("channel_not_found")
        if right:
            self.need(f"{channel.scope_family}:{right}")
        return channel

    def joined_channel(self, right: str) -> Channel:
        """The channel, of which the app must be a member."""
        channel = self.channel(right)
        if self.bot_user_id not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def page(self, key: str, items: list[One], usual: int = 100) -> dict[str, Any]:
        """One page of a long list, with the cursor of the next."""
        limit = min(int(self.arguments.get("limit") or usual), MOST_PER_PAGE)
        start = self._start()
        following = start + limit
        cursor = f"next:{following}" if following < len(items) else ""
        return {key: items[start:following], "response_metadata": {"next_cursor": cursor}}

    def _start(self) -> int:
        cursor = self.get("cursor")
        if not cursor:
            return 0
        kind, _, number = cursor.partition(":")
        if kind != "next" or not number.isdigit():
            raise Refused("invalid_cursor")
        return int(number)


Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    """One method: what the token must be allowed to do, and how often it may be called."""

    name: str
    handler: Handler
    scope: str | None
    tier: int
    token: Token


METHODS: dict[str, Method] = {}


def method(
    name: str, *, scope: str | None = None, tier: int = SPECIAL, token: Token = "bot"
) -> Callable[[Handler], Handler]:
    """Enters the decorated function into the table."""

    def enter(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scope, tier, token)
        return handler

    return enter
