"""The app as it is registered at Slack, and its installations in workspaces."""

from dataclasses import dataclass, field
from typing import Any

SCOPES = [
    "commands",
    "chat:write",
    "chat:write.public",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
    "team:read",
    "reactions:read",
    "reactions:write",
    "links:read",
    "links:write",
    "app_mentions:read",
    "files:write",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "tokens_revoked",
    "link_shared",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "channel_archive",
    "channel_deleted",
    "channel_rename",
    "user_change",
]


@dataclass
class AppRegistration:
    """What the app's settings at Slack hold; from_manifest() reads them from its manifest."""

    app_id: str = "A000000001"
    client_id: str = "100000000001.100000000002"
    client_secret: str = "client-secret-of-the-stand-in"
    signing_secret: str = "signing-secret-of-the-stand-in"
    verification_token: str = "verification-token-of-the-stand-in"
    app_token: str = "xapp-1-A000000001-1-stand-in"
    bot_name: str = "insight"
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    events: list[str] = field(default_factory=lambda: list(EVENTS))
    commands: list[str] = field(default_factory=lambda: ["/insight"])
    message_shortcuts: list[str] = field(default_factory=lambda: ["insight_save_message"])
    global_shortcuts: list[str] = field(default_factory=lambda: ["insight_capture"])
    shortcut_names: dict[str, str] = field(
        default_factory=lambda: {
            "insight_save_message": "Save as insight",
            "insight_capture": "Capture an insight",
        }
    )
    unfurl_domains: list[str] = field(default_factory=lambda: ["app.example.com"])
    redirect_urls: list[str] = field(default_factory=list)
    home_tab: bool = True
    token_rotation: bool = False

    @classmethod
    def from_manifest(cls, manifest: dict[str, Any]) -> "AppRegistration":
        """The registration that Slack would make of a manifest (version 2)."""
        features, settings = manifest["features"], manifest["settings"]
        oauth = manifest["oauth_config"]
        shortcuts = features.get("shortcuts", [])
        return cls(
            bot_name=features["bot_user"]["display_name"],
            scopes=[*oauth["scopes"]["bot"], *oauth["scopes"].get("bot_optional", [])],
            events=settings["event_subscriptions"]["bot_events"],
            commands=[one["command"] for one in features.get("slash_commands", [])],
            message_shortcuts=_callback_ids(shortcuts, "message"),
            global_shortcuts=_callback_ids(shortcuts, "global"),
            shortcut_names={one["callback_id"]: one["name"] for one in shortcuts},
            unfurl_domains=features.get("unfurl_domains", []),
            redirect_urls=oauth.get("redirect_urls", []),
            home_tab=features.get("app_home", {}).get("home_tab_enabled", False),
            token_rotation=settings.get("token_rotation_enabled", False),
        )


def _callback_ids(shortcuts: list[dict[str, Any]], kind: str) -> list[str]:
    return [one["callback_id"] for one in shortcuts if one["type"] == kind]


@dataclass
class Installation:
    """The app in one workspace, or in a whole organisation."""

    team_id: str
    bot_token: str
    bot_user_id: str
    bot_id: str
    scopes: list[str]
    installer_id: str
    enterprise_id: str | None = None
    is_enterprise_install: bool = False
    refresh_token: str | None = None
    expires_at: float | None = None
    # The error that calls with this token get, once it is no longer good.
    refusal: str | None = None
