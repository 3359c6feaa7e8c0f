"""users.*, team.info, bots.info, usergroups.list: who is there."""

from typing import Any

from tests.slack_server.call import Call, method
from tests.slack_server.errors import Refused


@method("users.info", scope="users:read", tier=4)
def info(call: Call) -> dict[str, Any]:
    person = call.workspace.people.get(str(call.arguments["user"]))
    if person is None:
        raise Refused("user_not_found")
    return {"user": person.as_user(with_email=_may_see_email(call))}


@method("users.list", scope="users:read", tier=2)
def list_users(call: Call) -> dict[str, Any]:
    with_email = _may_see_email(call)
    people = call.workspace.people.values()
    return call.page("members", [one.as_user(with_email=with_email) for one in people])


@method("users.lookupByEmail", scope="users:read.email", tier=3)
def lookup_by_email(call: Call) -> dict[str, Any]:
    for person in call.workspace.people.values():
        if person.email == call.arguments["email"] and not person.deleted:
            return {"user": person.as_user(with_email=True)}
    raise Refused("users_not_found")


@method("team.info", scope="team:read", tier=3)
def team_info(call: Call) -> dict[str, Any]:
    workspace = call.workspace
    return {
        "team": {
            "id": workspace.id,
            "name": workspace.name,
            "domain": workspace.domain,
            "url": f"https://{workspace.domain}.slack.com/",
            "email_domain": "",
            "enterprise_id": workspace.enterprise_id,
        }
    }


@method("bots.info", scope="users:read", tier=3)
def bots_info(call: Call) -> dict[str, Any]:
    if call.get("bot") not in (None, call.installation.bot_id):
        raise Refused("bot_not_found")
    return {
        "bot": {
            "id": call.installation.bot_id,
            "deleted": False,
            "name": call.slack.app.bot_name,
            "app_id": call.slack.app.app_id,
            "user_id": call.bot_user_id,
        }
    }


@method("usergroups.list", scope="usergroups:read", tier=2)
def usergroups_list(_: Call) -> dict[str, Any]:
    return {"usergroups": []}


def _may_see_email(call: Call) -> bool:
    return "users:read.email" in call.installation.scopes
