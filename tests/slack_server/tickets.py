"""Short-lived permissions: trigger ids, and addresses to respond to."""

from dataclasses import dataclass, field

from tests.slack_server.clock import Clock
from tests.slack_server.errors import Refused
from tests.slack_server.ids import Ids

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    """The right to open one view for the person who acted; `view_id` is the modal acted in."""

    id: str
    team_id: str
    user_id: str
    view_id: str | None
    channel_id: str | None
    at: float
    used: bool = False


@dataclass
class ResponseAddress:
    """The right to answer an interaction: five times within thirty minutes."""

    path: str
    team_id: str
    channel_id: str
    user_id: str
    at: float
    message_ts: str | None = None
    uses: int = 0


@dataclass
class Tickets:
    """All that were given out."""

    clock: Clock
    ids: Ids
    triggers: dict[str, Trigger] = field(default_factory=dict)
    addresses: dict[str, ResponseAddress] = field(default_factory=dict)

    def trigger(
        self,
        team_id: str,
        user_id: str,
        view_id: str | None = None,
        channel_id: str | None = None,
    ) -> str:
        number = self.ids.number("trigger")
        name = f"{number}.{team_id.removeprefix('T')}.{number:032x}"
        now = self.clock.now()
        self.triggers[name] = Trigger(name, team_id, user_id, view_id, channel_id, now)
        return name

    def usable(self, trigger_id: str) -> Trigger:
        """The trigger, not yet spent: a view that is refused afterwards leaves it usable."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock.now() - trigger.at > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        return trigger

    def response_path(
        self,
        family: str,
        team_id: str,
        channel_id: str,
        user_id: str,
        message_ts: str | None = None,
    ) -> str:
        """A new address; `family` is commands, actions or app, as Slack's addresses begin."""
        number = self.ids.number("response")
        path = f"/{family}/{team_id}/{number}/{number:024x}"
        self.addresses[path] = ResponseAddress(
            path, team_id, channel_id, user_id, self.clock.now(), message_ts
        )
        return path

    def use(self, path: str) -> ResponseAddress:
        """The address, with this use counted."""
        address = self.addresses.get(path)
        if address is None:
            raise Refused("invalid_url")
        if self.clock.now() - address.at > RESPONSE_SECONDS:
            raise Refused("expired_url")
        if address.uses >= RESPONSE_USES:
            raise Refused("used_url")
        address.uses += 1
        return address
