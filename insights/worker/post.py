"""The post in the worker: what is new is routed, and what is due is handed over.

It works in threads of its own, because a receiver may take seconds to answer, and nobody's note
should wait so long to be found or to be sent elsewhere.
"""

import logging
import threading
from collections.abc import Callable

from insights.worker.router import Router
from insights.worker.sender import Sender

# So many receivers may keep us waiting before the others notice.
HANDS = 4
REST_SECONDS = 0.15
FAILURE_REST_SECONDS = 5.0

log = logging.getLogger(__name__)


class PostWork:
    """Runs from `start` until `close`; a step that fails is tried again, and told once.

    `hands` is how many parcels are handed over at the same time, each to another destination.
    """

    def __init__(
        self,
        router: Router,
        sender: Sender,
        *,
        hands: int = HANDS,
        rest: float = REST_SECONDS,
        failure_rest: float = FAILURE_REST_SECONDS,
    ) -> None:
        self._rest = rest
        self._failure_rest = failure_rest
        # What was told last of each kind of step, and by which thread: it alone says it is over.
        self._troubles: dict[str, tuple[str, int]] = {}
        self._telling = threading.Lock()
        self._stopping = threading.Event()
        self._threads = [self._thread("routing", router.step, rest)]
        # The first hand looks for work as often as the router finds some, the others now and then.
        self._threads += [
            self._thread("sending", sender.step, rest * (1 + 3 * number)) for number in range(hands)
        ]

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends after the present steps; a message that is being handed over is waited for."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _thread(self, name: str, step: Callable[[], object], rest: float) -> threading.Thread:
        return threading.Thread(target=self._run, args=(name, step, rest), name=name, daemon=True)

    def _run(self, name: str, step: Callable[[], object], rest: float) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._turn(name, step, rest))

    def _turn(self, name: str, step: Callable[[], object], rest: float) -> float:
        """One step; returns the seconds to rest, none while there is more to do."""
        try:
            found = step()
        except Exception as error:
            # Whatever failed must not end the post; what was claimed is free again after its lease.
            # The cause alone: a statement's values are no matter for a log.
            cause = f"{type(error).__name__}: {error.__cause__ or error}"
            self._tell(name, f"A step of the post failed while {name} ({cause}).")
            return self._failure_rest
        self._forget(name)
        return 0.0 if found else rest

    def _forget(self, name: str) -> None:
        with self._telling:
            told = self._troubles.get(name)
            if told is not None and told[1] == threading.get_ident():
                del self._troubles[name]

    def _tell(self, name: str, sentence: str) -> None:
        with self._telling:
            told = self._troubles.get(name)
            is_new = told is None or told[0] != sentence
            if is_new:
                self._troubles[name] = sentence, threading.get_ident()
        if is_new:
            log.warning("%s It is tried again.", sentence)
