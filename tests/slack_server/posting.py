"""Messages of the app: checked, stored, and told of."""

from typing import Any

from tests.slack_server.arguments import is_true
from tests.slack_server.blocks import Problem, check_blocks
from tests.slack_server.errors import Refused
from tests.slack_server.message_events import changed, posted
from tests.slack_server.messages import Message
from tests.slack_server.slack import Slack
from tests.slack_server.views import named_blocks
from tests.slack_server.workspace import Workspace

LONGEST_POST = 40_000
LONGEST_UPDATE = 4_000
LONGEST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100
CONTENT = ("text", "blocks", "attachments", "markdown_text")


def check_content(
    slack: Slack, content: dict[str, Any], error: str = "invalid_blocks", where: str = "message"
) -> None:
    """Refuses content that Slack would refuse; blocks that are wrong are the app's mistake."""
    if not any(content.get(key) for key in CONTENT):
        raise Refused("no_text")
    if content.get("markdown_text") and (content.get("text") or content.get("blocks")):
        raise Refused("markdown_text_conflict")
    if len(content.get("markdown_text") or "") > LONGEST_MARKDOWN:
        raise Refused("msg_too_long")
    if len(content.get("attachments") or []) > MOST_ATTACHMENTS:
        raise Refused("too_many_attachments")
    problems = check_blocks(content["blocks"], "message") if content.get("blocks") else []
    for index, attachment in enumerate(content.get("attachments") or []):
        if attachment.get("blocks"):
            place = f"/attachments/{index}/blocks"
            problems += check_blocks(attachment["blocks"], "message", place)
    refuse(slack, problems, error, where)


def refuse(slack: Slack, problems: list[Problem], error: str, where: str) -> None:
    """Refuses, with Slack's words for each problem, and records the mistake."""
    if problems:
        messages = [str(problem) for problem in problems]
        slack.blunder(f"{where}: {'; '.join(messages)}")
        raise Refused.with_messages(error, messages)


def message_of_app(
    slack: Slack, workspace: Workspace, channel_id: str, content: dict[str, Any]
) -> Message:
    """A message of the bot, not yet in its channel."""
    installation = workspace.installation
    assert installation is not None
    return Message(
        ts=slack.ids.ts(slack.clock.now()),
        channel=channel_id,
        team=workspace.id,
        user=installation.bot_user_id,
        text=str(content.get("text") or content.get("markdown_text") or "")[:LONGEST_POST],
        blocks=named_blocks(content.get("blocks") or [], slack.ids),
        attachments=list(content.get("attachments") or []),
        bot_id=installation.bot_id,
        app_id=slack.app.app_id,
        thread_ts=content.get("thread_ts"),
        metadata=content.get("metadata"),
        parsed_in_full=is_true(content.get("link_names")) or content.get("parse") == "full",
    )


def post(slack: Slack, workspace: Workspace, message: Message) -> None:
    """Puts the app's message into its channel; all but ephemeral ones are events too."""
    workspace.store(message)
    if not message.only_for:
        posted(slack, workspace, message)


def rewrite(slack: Slack, workspace: Workspace, message: Message, content: dict[str, Any]) -> None:
    """New content for a message: blocks go unless they are given again, metadata stays."""
    before = message.as_dict()
    if content.get("text") is not None or content.get("markdown_text") is not None:
        message.text = str(content.get("text") or content.get("markdown_text") or "")
    message.blocks = named_blocks(content.get("blocks") or [], slack.ids)
    if content.get("attachments") is not None:
        message.attachments = list(content["attachments"])
    if content.get("metadata") is not None:
        message.metadata = content["metadata"] or None
    if not message.only_for:
        changed(slack, workspace, message, before)
