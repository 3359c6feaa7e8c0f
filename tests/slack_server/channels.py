"""Channels: public, private, and direct messages."""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["channel", "group", "im"]
# The first word of the scopes that give access to each kind.
SCOPE_FAMILIES: dict[Kind, str] = {"channel": "channels", "group": "groups", "im": "im"}
TYPE_NAMES: dict[str, Kind] = {
    "public_channel": "channel",
    "private_channel": "group",
    "im": "im",
}


@dataclass
class Channel:
    """A conversation; a direct message has no name and two members."""

    id: str
    team_id: str
    name: str
    kind: Kind = "channel"
    members: list[str] = field(default_factory=list)
    archived: bool = False
    restricted: bool = False
    # People of other organisations read there too.
    shared_outside: bool = False
    created: int = 0

    @property
    def scope_family(self) -> str:
        return SCOPE_FAMILIES[self.kind]

    def add(self, person_id: str) -> None:
        if person_id not in self.members:
            self.members.append(person_id)

    def other_than(self, person_id: str) -> str:
        """The other end of a direct message."""
        return next((member for member in self.members if member != person_id), person_id)

    def as_conversation(self, viewer_id: str) -> dict[str, Any]:
        """The object of conversations.info and conversations.list, as seen by a member or not."""
        seen: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "updated": self.created * 1000,
            "context_team_id": self.team_id,
            "is_archived": self.archived,
            "is_im": self.kind == "im",
            "is_org_shared": False,
        }
        if self.kind == "im":
            return seen | {"user": self.other_than(viewer_id), "is_user_deleted": False}
        return seen | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_mpim": False,
            "is_private": self.kind == "group",
            "is_general": False,
            "is_member": viewer_id in self.members,
            "is_shared": self.shared_outside,
            "is_ext_shared": self.shared_outside,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "shared_team_ids": [self.team_id],
            "creator": self.members[0] if self.members else "",
            "num_members": len(self.members),
            "previous_names": [],
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
