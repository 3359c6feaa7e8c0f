"""One workspace: its people, channels, messages and views."""

from dataclasses import dataclass, field
from typing import Any

from tests.slack_server.app_registration import Installation
from tests.slack_server.channels import Channel, Kind
from tests.slack_server.clock import Clock
from tests.slack_server.errors import Refused
from tests.slack_server.ids import Ids
from tests.slack_server.messages import Message
from tests.slack_server.people import Person
from tests.slack_server.views import Views


@dataclass
class Workspace:
    """What Slack keeps of one customer; `installation` is the app's, when it is installed."""

    id: str
    name: str
    domain: str
    clock: Clock
    ids: Ids
    views: Views
    enterprise_id: str | None = None
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    scheduled: dict[str, dict[str, Any]] = field(default_factory=dict)
    installation: Installation | None = None

    def add_person(
        self, name: str, real_name: str = "", email: str | None = None, **traits: Any
    ) -> Person:
        """A member; an e-mail address is made of the name unless one is given."""
        address = email or f"{name}@example.com"
        known = {"team_id": self.id, "email": None if traits.get("is_bot") else address}
        person = Person(
            self.ids.new("U"), name=name, real_name=real_name or name.title(), **(known | traits)
        )
        self.people[person.id] = person
        return person

    def add_channel(self, name: str, members: list[Person], kind: Kind = "channel") -> Channel:
        prefix = {"channel": "C", "group": "G", "im": "D"}[kind]
        channel = Channel(
            self.ids.new(prefix),
            self.id,
            name,
            kind,
            [person.id for person in members],
            created=int(self.clock.now()),
        )
        self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        return channel

    def direct_messages(self, one: str, other: str) -> Channel:
        """The conversation of two people, opened when there is none."""
        for channel in self.channels.values():
            if channel.kind == "im" and {one, other} == set(channel.members):
                return channel
        return self.add_channel("", [self.people[one], self.people[other]], "im")

    def person(self, name_or_id: str) -> Person:
        for person in self.people.values():
            if name_or_id in (person.id, person.name):
                return person
        raise KeyError(name_or_id)

    def channel(self, name_or_id: str) -> Channel:
        for channel in self.channels.values():
            if name_or_id in (channel.id, channel.name or channel.id):
                return channel
        raise KeyError(name_or_id)

    def message(self, channel_id: str, ts: str, error: str = "message_not_found") -> Message:
        """The message that anybody may see; ephemeral ones are not found."""
        message = self.messages.get(channel_id, {}).get(ts)
        if message is None or message.only_for:
            raise Refused(error)
        return message

    def store(self, message: Message) -> None:
        """Puts it into its channel, and counts it as a reply of its parent."""
        self.messages[message.channel][message.ts] = message
        parent = self.messages[message.channel].get(message.thread_ts or "")
        if parent is not None and message.is_reply and not message.only_for:
            parent.reply_ts.append(message.ts)

    def remove(self, message: Message) -> None:
        self.messages[message.channel].pop(message.ts, None)
        parent = self.messages[message.channel].get(message.thread_ts or "")
        if parent is not None and message.ts in parent.reply_ts:
            parent.reply_ts.remove(message.ts)

    def seen_by(self, channel_id: str, person_id: str) -> list[Message]:
        """What the person sees in the channel, threads included, oldest first."""
        return [
            message
            for message in self.messages[channel_id].values()
            if message.only_for in (None, person_id)
        ]
