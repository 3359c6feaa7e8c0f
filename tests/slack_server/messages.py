"""Messages of a channel: of people, of the app, and those that one person alone sees."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Message:
    """What stands in a channel; `only_for` names the reader of an ephemeral message."""

    ts: str
    channel: str
    team: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: dict[str, Any] | None = None
    client_msg_id: str | None = None
    edited: dict[str, str] | None = None
    only_for: str | None = None
    parsed_in_full: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    reply_ts: list[str] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel_view(self) -> bool:
        """Whether it stands in the channel itself, not only in its thread."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    def as_dict(self, *, with_metadata: bool = False) -> dict[str, Any]:
        """The object of conversations.history, of payloads, and inside events."""
        seen: dict[str, Any] = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": self.team,
        }
        optional = {
            "subtype": self.subtype,
            "client_msg_id": self.client_msg_id,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "thread_ts": self.ts if self.reply_ts and not self.thread_ts else self.thread_ts,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": self.files,
            "edited": self.edited,
            "metadata": self.metadata if with_metadata else None,
        }
        seen |= {key: value for key, value in optional.items() if value}
        if self.reactions:
            seen["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if self.reply_ts:
            seen |= {"reply_count": len(self.reply_ts), "latest_reply": self.reply_ts[-1]}
        return seen
