"""What people read, and whom it calls."""

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.slack_server.driver import Visitor
from tests.slack_server.rendering import live_mentions, mrkdwn, plain, rich_text
from tests.slack_server.typing_text import encoded
from tests.slack_server.workspace import Workspace


def section(kind: str, text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": kind, "text": text}}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "*Acme* _cut_ ~all~ `prices`",
            "<strong>Acme</strong> <em>cut</em> <s>all</s> <code>prices</code>",
        ),
        ("a&lt;b &amp;amp; c", "a&lt;b &amp;amp; c"),
        ("<https://a.b/?x=1&amp;y=2|see>", '<a href="https://a.b/?x=1&amp;y=2">see</a>'),
        ("<!here> 2*3*4", '<mark class="live">@here</mark> 2*3*4'),
        ("*<https://a.b|see *>*", '<strong><a href="https://a.b">see *</a></strong>'),
        ("<@U000000001>", '<mark class="live">@rita</mark>'),
        ("<#C000000001|old-name>", "#field-notes"),
        ("<!date^1^{date}|14 Nov>", "<time>14 Nov</time>"),
        ("&lt;!channel&gt;\n<script>", "&lt;!channel&gt;<br>"),
    ],
)
def test_marks_become_html(acme: Workspace, text: str, html: str) -> None:
    assert str(mrkdwn(text, acme)).startswith(html)


def test_plain_text_has_no_marks() -> None:
    assert str(plain("*a* <!channel> &lt;b&gt;")) == "*a* &lt;!channel&gt; &lt;b&gt;"


def test_rich_text_is_shown_with_its_styles(acme: Workspace) -> None:
    words = [
        {"type": "text", "text": "<b>", "style": {"bold": True}},
        {"type": "link", "url": "https://a.b", "text": "see"},
        {"type": "user", "user_id": acme.person("rita").id},
    ]
    quote = [{"type": "rich_text_quote", "elements": words}]

    html = str(rich_text(quote, acme))

    assert html == (
        '<blockquote><strong>&lt;b&gt;</strong><a href="https://a.b">see</a>'
        '<mark class="live">@rita</mark></blockquote>'
    )


def test_a_list_of_rich_text_has_items_and_days(acme: Workspace) -> None:
    day = {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 January"}
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "since "}, day]}
    listed = [{"type": "rich_text_list", "style": "bullet", "elements": [item, item]}]

    html = str(rich_text(listed, acme))

    assert html == "<ul>" + 2 * "<li>since <time>1 January</time></li>" + "</ul>"


@pytest.mark.parametrize(
    ("content", "calls"),
    [
        ({"text": "hello <!channel>"}, ["<!channel>"]),
        ({"text": "<!here> or <!everyone|all>"}, ["<!here>", "<!everyone|all>"]),
        ({"text": "hello &lt;!channel&gt;"}, []),
        (
            {"text": "x", "blocks": [section("mrkdwn", "<@U1> <!subteam^S1>")]},
            ["<@U1>", "<!subteam^S1>"],
        ),
        ({"text": "x", "blocks": [section("plain_text", "<@U1> <!everyone>")]}, []),
        ({"text": "hello @here"}, []),
        ({"text": "hello @here", "parse": "full"}, ["@here"]),
        (
            {
                "text": "x",
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "<!channel>"},
                                    {"type": "broadcast", "range": "here"},
                                ],
                            }
                        ],
                    }
                ],
            },
            ["<!here>"],
        ),
    ],
)
def test_live_mentions_are_found_where_slack_reads_them(
    client: WebClient, acme: Workspace, rita: Visitor, content: dict[str, Any], calls: list[str]
) -> None:
    client.chat_postMessage(channel=acme.channel("field-notes").id, **content)
    assert live_mentions(rita.latest("field-notes")) == calls


def test_typed_text_becomes_what_apps_receive(acme: Workspace) -> None:
    rita, channel = acme.person("rita").id, acme.channel("field-notes").id
    typed = "@rita <in> #field-notes: R&D see https://a.b/?x=1&y=2 and @nobody"

    assert encoded(acme, typed) == (
        f"<@{rita}> &lt;in&gt; <#{channel}|field-notes>: R&amp;D see "
        "<https://a.b/?x=1&amp;y=2> and @nobody"
    )
    assert encoded(acme, "@rita", labels=True) == f"<@{rita}|rita>"
