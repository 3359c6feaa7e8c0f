"""oauth.v2.*: codes for tokens, and new tokens for old."""

from typing import Any

from tests.slack_server.app_registration import Installation
from tests.slack_server.call import Call, method
from tests.slack_server.errors import Refused
from tests.slack_server.slack import TOKEN_SECONDS

CODE_SECONDS = 10 * 60.0


@method("oauth.v2.access", tier=4, token="none")
def access(call: Call) -> dict[str, Any]:
    _check_client(call)
    if call.get("grant_type") == "refresh_token":
        renewed = call.slack.rotate(call.get("refresh_token") or "")
        if renewed is None:
            raise Refused("invalid_refresh_token")
        return _told(call, renewed)
    code = call.slack.oauth_codes.pop(call.get("code") or "", None)
    if code is None or call.slack.clock.now() - code["at"] > CODE_SECONDS:
        raise Refused("invalid_code")
    if code["redirect_uri"] != call.get("redirect_uri"):
        raise Refused("bad_redirect_uri")
    workspace = call.slack.workspaces[code["team_id"]]
    installation = call.slack.install(
        workspace,
        code["user_id"],
        scopes=code["scopes"],
        organisation=code["organisation"],
    )
    return _told(call, installation)


def _check_client(call: Call) -> None:
    if call.get("client_id") != call.slack.app.client_id:
        raise Refused("invalid_client_id")
    if call.get("client_secret") != call.slack.app.client_secret:
        raise Refused("bad_client_secret")


def _told(call: Call, installation: Installation) -> dict[str, Any]:
    workspace = call.slack.workspace_of(installation)
    organisation = installation.is_enterprise_install
    enterprise = {"id": workspace.enterprise_id, "name": "Enterprise"}
    told: dict[str, Any] = {
        "app_id": call.slack.app.app_id,
        "authed_user": {"id": installation.installer_id},
        "scope": ",".join(installation.scopes),
        "token_type": "bot",
        "access_token": installation.bot_token,
        "bot_user_id": installation.bot_user_id,
        "team": None if organisation else {"id": workspace.id, "name": workspace.name},
        "enterprise": enterprise if workspace.enterprise_id else None,
        "is_enterprise_install": organisation,
    }
    if installation.refresh_token:
        told |= {"refresh_token": installation.refresh_token, "expires_in": TOKEN_SECONDS}
    return told
