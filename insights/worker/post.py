"""The post in the worker: what is new is routed, and what is due is handed over.

It works in threads of its own, because a receiver may take seconds to answer, and nobody's note
should wait so long to be found or to be sent elsewhere.
"""

from insights.turns import Turns
from insights.worker.router import Router
from insights.worker.sender import Sender

# So many receivers may keep us waiting before the others notice.
HANDS = 4
REST_SECONDS = 0.15
FAILURE_REST_SECONDS = 5.0


class PostWork:
    """Routes and sends from `start` until `close`.

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
        routing = Turns("the post", [router.step], rest=rest, failure_rest=failure_rest)
        # The first hand looks for work as often as the router finds some, the others now and then.
        sending = [
            Turns(
                "the post",
                [sender.step],
                rest=rest * (1 + 3 * number),
                failure_rest=failure_rest,
            )
            for number in range(hands)
        ]
        self._all = [routing, *sending]

    def start(self) -> None:
        """Begins to work."""
        for one in self._all:
            one.start()

    def close(self) -> None:
        """Ends after the present steps; a message that is being handed over is waited for."""
        for one in self._all:
            one.stop()
        for one in self._all:
            one.close()
