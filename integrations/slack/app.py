"""The app as Bolt runs it: the same listeners over HTTP and by Socket Mode."""

import logging
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from integrations.slack import (
    capture_form,
    card_actions,
    commands,
    home,
    lifecycle,
    reactions,
    shortcuts,
    tellings,
    threads,
    topic_adding,
    topic_settling,
    unfurls,
)
from integrations.slack.listening import Listeners
from integrations.slack.parts import SlackParts

# The library warns of what nobody handles, with what people typed: it tells of errors only.
_sdk_log = logging.getLogger("integrations.slack.sdk.bolt")
_sdk_log.setLevel(logging.ERROR)


class Module(Protocol):
    """One of this folder that listens."""

    def register(self, listeners: Listeners, /) -> None:
        """Puts its handlers where Slack's doings arrive."""


MODULES: tuple[Module, ...] = (
    commands,
    capture_form,
    shortcuts,
    reactions,
    card_actions,
    tellings,
    topic_adding,
    topic_settling,
    threads,
    home,
    unfurls,
    lifecycle,
)


class Edge:
    """What `insights/app.py` keeps: the parts, and the app once it is needed."""

    def __init__(self, parts: SlackParts) -> None:
        self.parts = parts

    @cached_property
    def app(self) -> App:
        """The app with all its listeners."""
        return build(self.parts)


def build(parts: SlackParts, modules: Sequence[Module] = MODULES) -> App:
    """The app with all its listeners.

    Bolt finds the handler for what comes in; it runs there and then, before Slack is answered.
    Signatures were checked before (see http.py), tokens are the gateway's, and what the app itself
    did is sorted out in `listening`.
    """
    app = App(
        client=WebClient(base_url=parts.settings.slack_api_url, retry_handlers=[]),
        authorize=_authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        logger=_sdk_log,
        signing_secret="unused",  # noqa: S106 - see above
    )
    listeners = Listeners(parts, app)
    for module in modules:
        module.register(listeners)
    listeners.hear_everything_else()
    return app


def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Lets all through without a token: a handler asks for the gateway when it needs one."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
