"""Work that goes on in a thread of its own: steps in turn, until it is closed."""

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

# A step tells whether there was something to do: a number of things, or yes or no.
Step: TypeAlias = Callable[[], int]

log = logging.getLogger(__name__)


class Turns:
    """Does the steps again and again from `start` until `close`.

    With nothing to do it rests for `rest` seconds. A step that fails ends nothing: it is told once,
    as a step of `what`, and tried again after `failure_rest` seconds.
    """

    def __init__(
        self, what: str, steps: Sequence[Step], *, rest: float, failure_rest: float
    ) -> None:
        self._what = what
        self._steps = steps
        self._rest = rest
        self._failure_rest = failure_rest
        self._trouble: str | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=what, daemon=True)

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def stop(self) -> None:
        """Asks it to end after the present step."""
        self._stopping.set()

    def close(self) -> None:
        """The same, and waits until it has ended."""
        self.stop()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._turn())

    def _turn(self) -> float:
        """One step of each; returns the seconds to rest, none while there is more to do."""
        found, trouble = 0, None
        for step in self._steps:
            try:
                found += step()
            except Exception as error:
                # Whatever failed must not end the others. The cause alone: a statement's values
                # are no matter for a log.
                cause = f"{type(error).__name__}: {error.__cause__ or error}"
                trouble = f"A step of {self._what} failed ({cause})."
        self._tell(trouble)
        if trouble is not None:
            return self._failure_rest
        return 0.0 if found else self._rest

    def _tell(self, trouble: str | None) -> None:
        if trouble is not None and trouble != self._trouble:
            reference = secrets.token_hex(4)
            log.warning("reference %s: %s It is tried again.", reference, trouble)
        self._trouble = trouble
