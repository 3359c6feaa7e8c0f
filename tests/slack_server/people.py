"""The people of a workspace, bots among them."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Person:
    """Somebody who can be in channels."""

    id: str
    team_id: str
    name: str
    real_name: str
    email: str | None = None
    time_zone: str = "Europe/London"
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    deleted: bool = False
    bot_id: str | None = None

    def as_user(self, *, with_email: bool) -> dict[str, Any]:
        """The object of users.info, users.list and user_change."""
        profile: dict[str, Any] = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "team": self.team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        if self.bot_id:
            profile["bot_id"] = self.bot_id
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.time_zone,
            "tz_label": self.time_zone,
            "tz_offset": 0,
            "profile": profile,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_guest,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_stranger": self.is_stranger,
            "updated": 1,
        }
