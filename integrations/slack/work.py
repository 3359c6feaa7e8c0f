"""Slack in the worker: calls that were written down, cards that tell no longer how things are, and
what is looked after by itself.

It works in a thread of its own, because Slack may take seconds to answer.
"""

import logging
import threading
from collections.abc import Callable
from typing import TypeAlias

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

Step: TypeAlias = Callable[[], bool]

log = logging.getLogger(__name__)

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
    """Runs from `start` until `close`; a step that fails is tried again, and told once.

    With `sockets` it also keeps the connection of Socket Mode.
    """

    def __init__(
        self,
        parts: SlackParts,
        sockets: Sockets | None = None,
        *,
        rest: float | None = None,
        failure_rest: float = FAILURE_REST_SECONDS,
    ) -> None:
        self._sockets = sockets
        self._steps = steps(parts)
        if sockets is not None:
            self._steps.append(sockets.step)
        usual = REST_SECONDS if parts.settings.uses_slack else UNUSED_REST_SECONDS
        self._rest = usual if rest is None else rest
        self._failure_rest = failure_rest
        self._trouble: str | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack", daemon=True)

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()
        if self._sockets is not None:
            self._sockets.start()

    def close(self) -> None:
        """Ends after the present step."""
        if self._sockets is not None:
            self._sockets.close()
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self.turn())

    def turn(self) -> float:
        """One step of each; returns the seconds to rest, none while there is more to do."""
        busy, failed = False, False
        for step in self._steps:
            try:
                busy = step() or busy
            except Exception as error:
                # Whatever failed must not end the others. The cause alone: a statement's values
                # are no matter for a log.
                failed = True
                cause = error.__cause__ or error
                self._tell(f"A step of Slack's failed ({type(error).__name__}: {cause}).")
        if failed:
            return self._failure_rest
        self._trouble = None
        return 0.0 if busy else self._rest

    def _tell(self, sentence: str) -> None:
        if sentence != self._trouble:
            log.warning("%s It is tried again.", sentence)
        self._trouble = sentence
