"""Answers to interactions: of commands, and through response_url."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.slack_server.errors import Refused
from tests.slack_server.message_events import deleted
from tests.slack_server.messages import Message
from tests.slack_server.posting import check_content, message_of_app, post, rewrite
from tests.slack_server.slack import Slack
from tests.slack_server.tickets import ResponseAddress
from tests.slack_server.web_api import the_slack
from tests.slack_server.workspace import Workspace

blueprint = Blueprint("responding", __name__)
KEYS = {
    "text",
    "blocks",
    "attachments",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
    "metadata",
    "mrkdwn",
    "link_names",
    "parse",
}


@blueprint.route("/<any(commands, actions, app):family>/<team>/<number>/<key>", methods=["POST"])
def respond(family: str, team: str, number: str, key: str) -> tuple[Response, int]:
    """One use of a response_url."""
    slack = the_slack()
    try:
        with slack.lock:
            address = slack.tickets.use(f"/{family}/{team}/{number}/{key}")
            content = request.get_json(silent=True)
            if not isinstance(content, dict):
                raise Refused("invalid_payload")
            apply_response(slack, slack.workspaces[address.team_id], address, content)
    except Refused as refused:
        told = {"ok": False, "error": refused.error} | refused.details
        return jsonify(told), 404 if refused.error.endswith("_url") else 400
    return Response("ok"), 200


def apply_response(
    slack: Slack, workspace: Workspace, address: ResponseAddress, content: dict[str, Any]
) -> Message | None:
    """Posts, replaces or deletes, as the content asks; None when nothing new was posted."""
    unknown = set(content) - KEYS
    if unknown:
        slack.blunder(f"a response has unknown keys: {', '.join(sorted(unknown))}")
        raise Refused("invalid_payload")
    source = workspace.messages[address.channel_id].get(address.message_ts or "")
    if content.get("delete_original"):
        if source is not None:
            _delete(slack, workspace, source)
        return None
    check_content(slack, content, where="response")
    if content.get("replace_original") and source is not None:
        rewrite(slack, workspace, source, content)
        return None
    message = message_of_app(slack, workspace, address.channel_id, content)
    if content.get("response_type") != "in_channel":
        message.only_for = address.user_id
    post(slack, workspace, message)
    return message


def _delete(slack: Slack, workspace: Workspace, message: Message) -> None:
    workspace.remove(message)
    if not message.only_for:
        deleted(slack, workspace, message)
