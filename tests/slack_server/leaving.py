"""How an installation ends: its tokens are revoked, or the app is removed."""

from tests.slack_server.slack import Slack
from tests.slack_server.workspace import Workspace


def revoke_tokens(slack: Slack, workspace: Workspace) -> None:
    """The tokens stop working; the app hears whose they were, not which."""
    installation = workspace.installation
    if installation is None:
        return
    installation.refusal = "token_revoked"
    event = {
        "type": "tokens_revoked",
        "tokens": {"oauth": [], "bot": [installation.bot_user_id]},
    }
    slack.events.publish(workspace, "tokens_revoked", event)


def uninstall(slack: Slack, workspace: Workspace, *, tokens_first: bool = True) -> None:
    """Removes the app; its two events come in either order."""
    installation = workspace.installation
    if installation is None:
        return
    if tokens_first:
        revoke_tokens(slack, workspace)
    slack.events.publish(workspace, "app_uninstalled", {"type": "app_uninstalled"})
    if not tokens_first:
        revoke_tokens(slack, workspace)
    installation.refusal = "account_inactive"
    workspace.installation = None
    for channel in workspace.channels.values():
        if installation.bot_user_id in channel.members and channel.kind != "im":
            channel.members.remove(installation.bot_user_id)
