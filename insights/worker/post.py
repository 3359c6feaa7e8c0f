"""The post in the worker: what is new is routed, and what is due is handed over.

It works in a thread of its own, because a receiver may take seconds to answer, and nobody's note
should wait so long to be found.
"""

import logging
import threading

from insights.worker.router import Router
from insights.worker.sender import Sender

REST_SECONDS = 0.5
FAILURE_REST_SECONDS = 5.0

log = logging.getLogger(__name__)


class PostWork:
    """Runs from `start` until `close`; a step that fails is tried again, and told once."""

    def __init__(
        self,
        router: Router,
        sender: Sender,
        *,
        rest: float = REST_SECONDS,
        failure_rest: float = FAILURE_REST_SECONDS,
    ) -> None:
        self._router = router
        self._sender = sender
        self._rest = rest
        self._failure_rest = failure_rest
        self._trouble: str | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="post", daemon=True)

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def close(self) -> None:
        """Ends after the present step; a message that is being handed over is waited for."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._turn())

    def _turn(self) -> float:
        """A step of both; returns the seconds to rest, none while there is more to do."""
        try:
            routed, sent = self._router.step(), self._sender.step()
        except Exception as error:
            # Whatever failed must not end the post; what was claimed is free again after its lease.
            # The cause alone: a statement's values are no matter for a log.
            self._tell(
                f"A step of the post failed ({type(error).__name__}: {error.__cause__ or error})."
            )
            return self._failure_rest
        self._trouble = None
        return 0.0 if routed or sent else self._rest

    def _tell(self, sentence: str) -> None:
        if sentence != self._trouble:
            log.warning("%s It is tried again.", sentence)
        self._trouble = sentence
