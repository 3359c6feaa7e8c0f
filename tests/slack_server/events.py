"""The Events API: who is told what, in the background, and again when nobody listened."""

import queue
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.slack_server.channels import Channel
from tests.slack_server.delivery import Delivery, Nowhere, Parcel
from tests.slack_server.workspace import Workspace

if TYPE_CHECKING:
    from tests.slack_server.slack import Slack

# After the first try: at once, a minute later, five minutes later.
RETRY_SECONDS = (0.0, 60.0, 300.0)
SETTLE_SECONDS = 10.0
# What the app must be allowed to do to hear of each event.
EVENT_SCOPES = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "link_shared": "links:read",
    "user_change": "users:read",
}


class Events:
    """Queues events; one thread delivers them, so that the app's own calls never wait for it."""

    def __init__(self, slack: "Slack") -> None:
        self._slack = slack
        self.delivery: Delivery = Nowhere()
        self.delivered: list[dict[str, Any]] = []
        self.given_up: list[dict[str, Any]] = []
        self._queue: queue.SimpleQueue[Parcel | None] = queue.SimpleQueue()
        self._held: list[Parcel] = []
        self._waiting = 0
        self._settled = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="slack-events", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join(SETTLE_SECONDS)

    def publish(
        self,
        workspace: Workspace,
        name: str,
        event: dict[str, Any],
        channel: Channel | None = None,
    ) -> None:
        """Tells the app, if it is installed there, listens to `name` and may know of it."""
        installation = workspace.installation
        if installation is None or name not in self._slack.app.events:
            return
        scope = EVENT_SCOPES.get(name)
        if scope and scope not in installation.scopes:
            return
        if channel is not None and installation.bot_user_id not in channel.members:
            return
        self.enqueue(self._envelope(workspace, event))

    def enqueue(self, envelope: dict[str, Any]) -> None:
        """Sends an envelope as it stands: tests send forged and repeated ones with it."""
        parcel = Parcel("events_api", envelope)
        if self._slack.faults.holding:
            self._held.append(parcel)
            return
        self._put(parcel)
        if self._slack.faults.is_duplicated():
            self._put(parcel)

    def hold(self) -> None:
        """Keeps events back until they are released."""
        self._slack.faults.holding = True

    def release(self, *, backwards: bool = False) -> None:
        """Lets the held events go, on wish the newest first."""
        self._slack.faults.holding = False
        held, self._held = self._held, []
        for parcel in reversed(held) if backwards else held:
            self._put(parcel)

    def settle(self) -> None:
        """Returns when every event that is due now was delivered or put off."""
        with self._settled:
            if not self._settled.wait_for(lambda: self._waiting == 0, SETTLE_SECONDS):
                raise AssertionError(f"{self._waiting} events are still on their way")

    def _put(self, parcel: Parcel) -> None:
        with self._settled:
            self._waiting += 1
        self._queue.put(parcel)

    def _run(self) -> None:
        while (parcel := self._queue.get()) is not None:
            try:
                self._deliver(parcel)
            finally:
                with self._settled:
                    self._waiting -= 1
                    self._settled.notify_all()

    def _deliver(self, parcel: Parcel) -> None:
        answer = self.delivery.send(parcel)
        if answer.ok:
            self.delivered.append(parcel.payload)
        elif answer.headers.get("x-slack-no-retry") == "1" or parcel.attempt >= len(RETRY_SECONDS):
            self.given_up.append(parcel.payload)
        else:
            again = replace(parcel, attempt=parcel.attempt + 1, retry_reason=answer.failure)
            wait = RETRY_SECONDS[parcel.attempt]
            if wait:
                self._slack.clock.call_later(wait, lambda: self._put(again))
            else:
                self._put(again)

    def _envelope(self, workspace: Workspace, event: dict[str, Any]) -> dict[str, Any]:
        slack, installation = self._slack, workspace.installation
        assert installation is not None
        now = slack.clock.now()
        number = slack.ids.number("event")
        event.setdefault("event_ts", slack.ids.ts(now))
        return {
            "token": slack.app.verification_token,
            "team_id": workspace.id,
            "enterprise_id": workspace.enterprise_id,
            "context_team_id": workspace.id,
            "context_enterprise_id": workspace.enterprise_id,
            "api_app_id": slack.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number:09d}",
            "event_time": int(now),
            "authorizations": [
                {
                    "enterprise_id": workspace.enterprise_id,
                    "team_id": workspace.id,
                    "user_id": installation.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": installation.is_enterprise_install,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{number:032x}",
        }
