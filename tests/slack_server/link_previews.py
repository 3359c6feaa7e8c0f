"""Links that people type and post, of which the app hears so that it can show a preview."""

import urllib.parse
from typing import Any

from tests.slack_server.messages import Message
from tests.slack_server.people import Person
from tests.slack_server.slack import Slack
from tests.slack_server.workspace import Workspace


def tell_of_links(
    slack: Slack,
    workspace: Workspace,
    message: Message | None,
    addresses: list[str],
    person: Person | None = None,
) -> dict[str, Any] | None:
    """Tells the app of addresses in its domains: posted in `message`, or being typed by `person`.

    The app hears of links in channels that it is not in, as in those that it is in.
    """
    shared = [one for one in addresses if _domain(slack, one)]
    installation = workspace.installation
    if not shared or installation is None:
        return None
    unfurl_id = _unfurl_id(slack, message)
    preview: dict[str, Any] = {"links": shared, "unfurls": {}}
    if message is not None:
        preview |= {"channel": message.channel, "ts": message.ts}
    slack.previews[unfurl_id] = preview
    channel = workspace.channels[message.channel] if message else None
    event = {
        "type": "link_shared",
        "user": message.user if message else person and person.id,
        "channel": channel.id if channel else "COMPOSER",
        "message_ts": message.ts if message else unfurl_id,
        "unfurl_id": unfurl_id,
        "source": "conversations_history" if message else "composer",
        "is_bot_user_member": bool(channel and installation.bot_user_id in channel.members),
        "links": [{"domain": _domain(slack, one), "url": one} for one in shared],
    }
    if message is not None and message.thread_ts:
        event["thread_ts"] = message.thread_ts
    slack.events.publish(workspace, "link_shared", event)
    return preview


def _unfurl_id(slack: Slack, message: Message | None) -> str:
    number = slack.ids.number("unfurl")
    if message is None:
        return f"Uxxxxxxx-{number}-composer"
    return f"{message.channel}.{message.ts}.{number:032x}"


def _domain(slack: Slack, address: str) -> str | None:
    """The registered domain that the address belongs to, if any; its subdomains count."""
    host = urllib.parse.urlsplit(address).hostname or ""
    for domain in slack.app.unfurl_domains:
        if host == domain or host.endswith(f".{domain}"):
            return domain
    return None
