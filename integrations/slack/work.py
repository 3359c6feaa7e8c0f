"""Slack in the worker: calls that were written down, cards that tell no longer how things are, and
what is looked after by itself.

It works in a thread of its own, because Slack may take seconds to answer.
"""

from insights.turns import Step, Turns
from integrations.slack import (
    calls,
    capture_form,
    channels,
    home,
    home_updates,
    people,
    posting,
    reactions,
    search_answers,
    tending,
    threads,
)
from integrations.slack.calls import SlackCalls
from integrations.slack.mirror import Mirror
from integrations.slack.parts import SlackParts
from integrations.slack.sockets import Sockets

REST_SECONDS = 0.15
UNUSED_REST_SECONDS = 2.0
FAILURE_REST_SECONDS = 5.0

TASKS: dict[str, calls.Task] = {
    calls.TELL_PERSON: calls.tell_person,
    people.LOOK_UP: people.look_up,
    channels.LOOK_UP: channels.look_up,
    capture_form.FILL: capture_form.fill,
    posting.POST: posting.post,
    reactions.SAVE: reactions.save,
    search_answers.SHARE_CARD: search_answers.share_card,
    tending.CHECK: tending.check,
    threads.HEAR: threads.hear,
    home_updates.PUBLISH: home.publish,
}
"""Our own methods of calls, by name."""


def steps(parts: SlackParts) -> list[Step]:
    """What is done in turn; each step tells whether there was something to do."""
    return [SlackCalls(parts, TASKS).step, Mirror(parts).step, tending.Tending(parts).step]


class SlackWork:
    """Runs from `start` until `close`, and keeps the connection of Socket Mode if there is one."""

    def __init__(
        self,
        parts: SlackParts,
        sockets: Sockets | None = None,
        *,
        rest: float | None = None,
        failure_rest: float = FAILURE_REST_SECONDS,
    ) -> None:
        self._sockets = sockets
        done = [*steps(parts), *([sockets.step] if sockets is not None else [])]
        usual = REST_SECONDS if parts.settings.uses_slack else UNUSED_REST_SECONDS
        self._turns = Turns(
            "Slack", done, rest=usual if rest is None else rest, failure_rest=failure_rest
        )

    def start(self) -> None:
        """Begins to work."""
        self._turns.start()
        if self._sockets is not None:
            self._sockets.start()

    def close(self) -> None:
        """Ends after the present step."""
        if self._sockets is not None:
            self._sockets.close()
        self._turns.close()
