"""auth.*, apps.*, api.test: the token itself, sockets, and the end of an installation."""

from typing import Any

from tests.slack_server.call import Call, method
from tests.slack_server.errors import Refused
from tests.slack_server.leaving import revoke_tokens, uninstall


@method("api.test", token="none")
def api_test(call: Call) -> dict[str, Any]:
    if call.get("error"):
        raise Refused(str(call.get("error")))
    return {"args": call.arguments}


@method("auth.test")
def auth_test(call: Call) -> dict[str, Any]:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": call.slack.app.bot_name,
        "team_id": workspace.id,
        "user_id": call.bot_user_id,
        "bot_id": call.installation.bot_id,
        "is_enterprise_install": call.installation.is_enterprise_install,
    } | ({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {})


@method("auth.revoke", tier=3)
def auth_revoke(call: Call) -> dict[str, Any]:
    if call.flag("test"):
        return {"revoked": False}
    revoke_tokens(call.slack, call.workspace)
    return {"revoked": True}


@method("apps.uninstall", tier=1)
def apps_uninstall(call: Call) -> dict[str, Any]:
    if call.get("client_id") != call.slack.app.client_id:
        raise Refused("invalid_client_id")
    if call.get("client_secret") != call.slack.app.client_secret:
        raise Refused("bad_client_secret")
    uninstall(call.slack, call.workspace)
    return {}


@method("apps.connections.open", token="app")
def connections_open(call: Call) -> dict[str, Any]:
    if not call.slack.socket_url:
        raise Refused("internal_error")
    ticket = call.slack.ids.number("socket")
    return {"url": f"{call.slack.socket_url}/link/?ticket={ticket}&app_id={call.slack.app.app_id}"}
