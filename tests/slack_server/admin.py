"""What happens to channels, people and the app itself."""

from typing import Any

from tests.slack_server import leaving, message_events
from tests.slack_server.channels import Channel
from tests.slack_server.messages import Message
from tests.slack_server.people import Person
from tests.slack_server.slack import Slack
from tests.slack_server.workspace import Workspace


class Admin:
    """Somebody who may do everything in the workspace; channels are given by name or id."""

    def __init__(self, slack: Slack, workspace: Workspace, person: Person) -> None:
        self._slack = slack
        self._workspace = workspace
        self._person = person

    def invite_app(self, channel: str) -> None:
        installation = self._workspace.installation
        assert installation is not None, "the app is not installed"
        place = self._workspace.channel(channel)
        with self._slack.lock:
            place.add(installation.bot_user_id)
            event = {
                "type": "member_joined_channel",
                "user": installation.bot_user_id,
                "channel": place.id,
                "channel_type": place.id[0],
                "team": self._workspace.id,
                "inviter": self._person.id,
            }
            self._slack.events.publish(self._workspace, "member_joined_channel", event, place)
            self._announce(place, installation.bot_user_id)
        self._slack.events.settle()

    def kick_app(self, channel: str) -> None:
        """Removes the app from a channel, of which it hears nothing more."""
        installation = self._workspace.installation
        assert installation is not None, "the app is not installed"
        with self._slack.lock:
            self._workspace.channel(channel).members.remove(installation.bot_user_id)

    def archive(self, channel: str) -> None:
        place = self._workspace.channel(channel)
        place.archived = True
        event = {"type": _named(place, "archive"), "channel": place.id, "user": self._person.id}
        self._tell(place, event)

    def rename(self, channel: str, name: str) -> None:
        place = self._workspace.channel(channel)
        place.name = name
        told = {"id": place.id, "name": name, "created": place.created}
        self._tell(place, {"type": _named(place, "rename"), "channel": told})

    def restrict(self, channel: str) -> None:
        """Lets nobody but chosen people post; the app is not among them."""
        self._workspace.channel(channel).restricted = True

    def deactivate(self, name: str) -> None:
        person = self._workspace.person(name)
        person.deleted = True
        user = person.as_user(with_email=True)
        with self._slack.lock:
            event = {"type": "user_change", "user": user}
            self._slack.events.publish(self._workspace, "user_change", event)
        self._slack.events.settle()

    def revoke_tokens(self) -> None:
        with self._slack.lock:
            leaving.revoke_tokens(self._slack, self._workspace)
        self._slack.events.settle()

    def uninstall(self, *, tokens_first: bool = True) -> None:
        with self._slack.lock:
            leaving.uninstall(self._slack, self._workspace, tokens_first=tokens_first)
        self._slack.events.settle()

    def _announce(self, channel: Channel, user_id: str) -> None:
        """The line in the channel that says who has come."""
        message = Message(
            ts=self._slack.ids.ts(self._slack.clock.now()),
            channel=channel.id,
            team=self._workspace.id,
            user=user_id,
            text=f"<@{user_id}> has joined the channel",
            subtype="channel_join",
        )
        self._workspace.store(message)
        message_events.posted(self._slack, self._workspace, message)

    def _tell(self, channel: Channel, event: dict[str, Any]) -> None:
        """Public channels are everybody's business, private ones their members'."""
        members_only = channel if channel.kind == "group" else None
        with self._slack.lock:
            self._slack.events.publish(self._workspace, event["type"], event, members_only)
        self._slack.events.settle()


def _named(channel: Channel, what: str) -> str:
    return f"{'group' if channel.kind == 'group' else 'channel'}_{what}"
