"""The Web API of the stand-in, called with the official client."""

import contextlib
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack_server import faults
from tests.slack_server.admin import Admin
from tests.slack_server.clock import FakeClock
from tests.slack_server.driver import Visitor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

SECTION = {"type": "section", "text": {"type": "plain_text", "text": "hello"}}


def refusal(call: Any, **arguments: Any) -> dict[str, Any]:
    """What the call was refused with."""
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    data: dict[str, Any] = refused.value.response.data
    return data


# Tokens, scopes, arguments


def test_the_token_says_who_calls_and_what_it_may(client: WebClient, acme: Workspace) -> None:
    told = client.auth_test()

    assert told["team_id"] == acme.id
    assert acme.installation is not None
    assert told["user_id"] == acme.installation.bot_user_id
    assert told.headers["x-oauth-scopes"].split(",") == acme.installation.scopes


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (None, "not_authed"),
        ("xoxb-nobody", "invalid_auth"),
        ("xapp-1-A000000001-1-stand-in", "not_allowed_token_type"),
    ],
)
def test_a_wrong_token_is_refused(slack_server: SlackServer, token: str | None, error: str) -> None:
    stranger = WebClient(token=token, base_url=slack_server.api_url)
    assert refusal(stranger.auth_test)["error"] == error


def test_a_revoked_token_and_an_uninstalled_app_are_refused(
    client: WebClient, admin: Admin
) -> None:
    admin.revoke_tokens()
    assert refusal(client.auth_test)["error"] == "token_revoked"
    admin.uninstall()
    assert refusal(client.auth_test)["error"] == "account_inactive"


def test_the_app_can_revoke_its_token_itself(client: WebClient) -> None:
    assert client.auth_revoke()["revoked"]
    assert refusal(client.auth_test)["error"] == "token_revoked"


@pytest.mark.slack_rule(60)
def test_a_missing_scope_is_named(client: WebClient, acme: Workspace) -> None:
    assert acme.installation is not None
    acme.installation.scopes.remove("chat:write")

    told = refusal(client.chat_postMessage, channel="C1", text="hello")

    assert (told["error"], told["needed"]) == ("missing_scope", "chat:write")
    assert "users:read" in told["provided"].split(",")


@pytest.mark.slack_rule(60)
def test_unknown_methods_and_arguments_are_mistakes(
    client: WebClient, slack_server: SlackServer
) -> None:
    assert refusal(client.api_call, api_method="notes.add")["error"] == "unknown_method"
    channel = {"channel": "C000000001", "text": "hello"}
    told = refusal(client.chat_postMessage, **channel, shouting=True)

    assert told["error"] == "invalid_arguments"
    assert len(slack_server.take_mistakes()) == 2


@pytest.mark.slack_rule(60)
def test_a_missing_argument_is_named(client: WebClient) -> None:
    told = refusal(client.api_call, api_method="chat.postMessage", params={"text": "hello"})
    assert told["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_json_and_forms_are_read_alike(client: WebClient, acme: Workspace) -> None:
    channel = acme.channel("field-notes").id
    body = {"channel": channel, "text": "hello", "blocks": [SECTION]}

    told = client.api_call("chat.postMessage", json=body)

    assert told["message"]["blocks"][0]["text"]["text"] == "hello"


# Limits and faults


def test_one_message_a_second_and_channel(
    client: WebClient, acme: Workspace, slack_clock: FakeClock, slack_server: SlackServer
) -> None:
    slack_server.slack.limits.burst = 1
    channel, other = acme.channel("field-notes").id, acme.channel("deals").id
    client.chat_postMessage(channel=channel, text="one")
    client.chat_postMessage(channel=other, text="another channel")

    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=channel, text="two")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"

    slack_clock.advance(1)
    client.chat_postMessage(channel=channel, text="two")


def test_each_method_has_its_tier(client: WebClient, slack_clock: FakeClock) -> None:
    for _ in range(20):
        client.users_list()
    told = refusal(client.users_list)
    assert told["error"] == "ratelimited"

    client.users_lookupByEmail(email="rita@example.com")
    slack_clock.advance(60)
    client.users_list()


def test_planned_faults_come_in_order_and_once(
    client: WebClient, slack_server: SlackServer
) -> None:
    plan = slack_server.slack.faults.plan
    plan("auth.test", faults.too_many_requests(7), faults.refusal("fatal_error"))
    plan("*", faults.server_error(503))

    with pytest.raises(SlackApiError) as limited:
        client.auth_test()
    assert limited.value.response.headers["Retry-After"] == "7"
    assert refusal(client.auth_test)["error"] == "fatal_error"
    with pytest.raises(SlackApiError) as broken:
        client.auth_test()
    assert broken.value.response.status_code == 503
    assert client.auth_test()["ok"]


def test_connections_break_before_and_after_the_work_is_done(
    slack_server: SlackServer, acme: Workspace, rita: Visitor
) -> None:
    assert acme.installation is not None
    once = WebClient(
        token=acme.installation.bot_token, base_url=slack_server.api_url, retry_handlers=[]
    )
    channel = acme.channel("field-notes").id
    plan = slack_server.slack.faults.plan
    plan("chat.postMessage", faults.connection_reset(), faults.silence(0.05))
    for _ in range(2):
        with pytest.raises(OSError):
            once.chat_postMessage(channel=channel, text="hello")
    assert rita.sees("field-notes") == []

    plan("chat.postMessage", faults.lost_response())
    with pytest.raises(OSError):
        once.chat_postMessage(channel=channel, text="hello")
    assert rita.latest("field-notes").text == "hello"


def test_faults_can_be_scattered_over_all_calls(
    client: WebClient, slack_server: SlackServer
) -> None:
    slack_server.slack.faults.scatter(0.2, faults.refusal("internal_error"))
    for _ in range(100):
        with contextlib.suppress(SlackApiError):
            client.auth_test()
    assert 10 <= 100 - len(slack_server.slack.calls_of("auth.test")) <= 30


# Messages


def test_a_message_is_posted_updated_found_and_deleted(client: WebClient, acme: Workspace) -> None:
    channel = acme.channel("field-notes").id
    note = {"event_type": "note", "event_payload": {"note_id": "7"}}
    posted = client.chat_postMessage(channel=channel, text="hello", blocks=[SECTION], metadata=note)
    client.chat_update(channel=channel, ts=posted["ts"], text="hello again")

    found = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]

    assert [message["text"] for message in found] == ["hello again"]
    assert found[0]["metadata"] == note
    assert "blocks" not in found[0]
    link = client.chat_getPermalink(channel=channel, message_ts=posted["ts"])["permalink"]
    assert link == f"https://acme.slack.com/archives/{channel}/p{posted['ts'].replace('.', '')}"
    client.chat_delete(channel=channel, ts=posted["ts"])
    assert client.conversations_history(channel=channel)["messages"] == []


def test_a_reply_stands_in_its_thread_alone(client: WebClient, acme: Workspace) -> None:
    channel = acme.channel("field-notes").id
    parent = client.chat_postMessage(channel=channel, text="card")["ts"]
    reply = client.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]

    history = client.conversations_history(channel=channel)["messages"]
    thread = client.conversations_replies(channel=channel, ts=parent)["messages"]

    assert [message["text"] for message in history] == ["card"]
    assert history[0]["reply_count"] == 1
    assert [message["ts"] for message in thread] == [parent, reply]


def test_metadata_stays_unless_it_is_given_and_blocks_go(
    client: WebClient, acme: Workspace
) -> None:
    channel = acme.channel("field-notes").id
    note = {"event_type": "note", "event_payload": {}}
    ts = client.chat_postMessage(channel=channel, text="a", metadata=note)["ts"]

    updated = client.chat_update(channel=channel, ts=ts, text="b", blocks=[SECTION])
    assert updated["message"]["metadata"] == note
    assert "blocks" not in client.chat_update(channel=channel, ts=ts, text="c")["message"]


def test_texts_have_their_lengths(client: WebClient, acme: Workspace) -> None:
    channel = acme.channel("field-notes").id
    posted = client.chat_postMessage(channel=channel, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000

    too_long = {"channel": channel, "ts": posted["ts"], "text": "x" * 4_001}
    assert refusal(client.chat_update, **too_long)["error"] == "msg_too_long"
    empty = {"channel": channel, "text": ""}
    told = refusal(client.api_call, api_method="chat.postMessage", params=empty)
    assert told["error"] == "no_text"


def test_an_ephemeral_message_is_seen_by_one_person_in_the_channel(
    client: WebClient, acme: Workspace, rita: Visitor, ann: Visitor
) -> None:
    channel = acme.channel("field-notes").id
    ts = client.chat_postEphemeral(channel=channel, user=rita.person.id, text="psst")["message_ts"]

    assert rita.latest("field-notes").text == "psst"
    assert ann.sees("field-notes") == []
    assert client.conversations_history(channel=channel)["messages"] == []
    gone = refusal(client.chat_update, channel=channel, ts=ts, text="changed")
    assert gone["error"] == "message_not_found"
    away = {"channel": channel, "user": acme.person("omar").id, "text": "psst"}
    assert refusal(client.chat_postEphemeral, **away)["error"] == "user_not_in_channel"


def test_where_the_app_may_post(client: WebClient, acme: Workspace, admin: Admin) -> None:
    random, board = acme.channel("random").id, acme.channel("board").id
    assert client.chat_postMessage(channel=random, text="hello")["ok"]
    assert refusal(client.chat_postMessage, channel=board, text="a")["error"] == "channel_not_found"

    assert acme.installation is not None
    acme.installation.scopes.remove("chat:write.public")
    assert refusal(client.chat_postMessage, channel=random, text="a")["error"] == "not_in_channel"
    admin.restrict("deals")
    deals = acme.channel("deals").id
    told = refusal(client.chat_postMessage, channel=deals, text="a")
    assert told["error"] == "restricted_action"


def test_an_archived_channel_takes_nothing_more(
    client: WebClient, acme: Workspace, admin: Admin
) -> None:
    channel = acme.channel("field-notes").id
    ts = client.chat_postMessage(channel=channel, text="a")["ts"]
    admin.archive("field-notes")

    assert refusal(client.chat_postMessage, channel=channel, text="b")["error"] == "is_archived"
    update = {"channel": channel, "ts": ts, "text": "b"}
    assert refusal(client.chat_update, **update)["error"] == "is_inactive"


def test_the_app_changes_only_its_own_messages(
    client: WebClient, acme: Workspace, rita: Visitor
) -> None:
    message = rita.say("field-notes", "mine")
    place = {"channel": message.channel, "ts": message.ts}
    assert refusal(client.chat_update, **place, text="x")["error"] == "cant_update_message"
    assert refusal(client.chat_delete, **place)["error"] == "cant_delete_message"


def test_a_message_can_wait_for_its_time(
    client: WebClient, acme: Workspace, rita: Visitor, slack_clock: FakeClock
) -> None:
    channel = acme.channel("field-notes").id
    at = int(slack_clock.now()) + 60
    planned = client.chat_scheduleMessage(channel=channel, text="later", post_at=at)
    other = client.chat_scheduleMessage(channel=channel, text="never", post_at=at)
    assert len(client.chat_scheduledMessages_list()["scheduled_messages"]) == 2
    client.chat_deleteScheduledMessage(
        channel=channel, scheduled_message_id=other["scheduled_message_id"]
    )

    slack_clock.advance(61)

    assert planned["post_at"] == at
    assert [message.text for message in rita.sees("field-notes")] == ["later"]


# Channels and people


def test_channels_are_listed_by_pages_of_those_the_app_may_see(client: WebClient) -> None:
    first = client.conversations_list(types="public_channel,private_channel", limit=2)
    rest = client.conversations_list(
        types="public_channel,private_channel",
        limit=2,
        cursor=first["response_metadata"]["next_cursor"],
    )

    names = [channel["name"] for page in (first, rest) for channel in page["channels"]]
    assert names == ["field-notes", "deals", "random"]
    assert rest["response_metadata"]["next_cursor"] == ""
    mine = client.users_conversations(types="public_channel,private_channel")["channels"]
    assert [channel["name"] for channel in mine] == ["field-notes", "deals"]


def test_each_kind_of_channel_needs_its_own_scope(client: WebClient, acme: Workspace) -> None:
    assert refusal(client.conversations_list, types="im")["needed"] == "im:read"
    deals = acme.channel("deals").id
    assert acme.installation is not None
    acme.installation.scopes.remove("groups:read")
    assert refusal(client.conversations_info, channel=deals)["needed"] == "groups:read"


def test_a_channel_that_others_read_says_so(client: WebClient, acme: Workspace) -> None:
    notes = acme.channel("field-notes")
    assert client.conversations_info(channel=notes.id)["channel"]["is_ext_shared"] is False
    notes.shared_outside = True
    assert client.conversations_info(channel=notes.id)["channel"]["is_ext_shared"] is True


def test_history_is_for_members(client: WebClient, acme: Workspace) -> None:
    told = refusal(client.conversations_history, channel=acme.channel("random").id)
    assert told["error"] == "not_in_channel"
    assert acme.installation is not None
    acme.installation.scopes.append("channels:join")
    client.conversations_join(channel=acme.channel("random").id)
    assert client.conversations_history(channel=acme.channel("random").id)["messages"] == []
    members = client.conversations_members(channel=acme.channel("random").id)["members"]
    assert acme.installation.bot_user_id in members


def test_people_are_found_by_id_and_e_mail(client: WebClient, acme: Workspace) -> None:
    rita = acme.person("rita")
    assert client.users_info(user=rita.id)["user"]["profile"]["email"] == "rita@example.com"
    assert client.users_lookupByEmail(email="ann@example.com")["user"]["name"] == "ann"
    nobody = refusal(client.users_lookupByEmail, email="nobody@example.com")
    assert nobody["error"] == "users_not_found"

    assert acme.installation is not None
    acme.installation.scopes.remove("users:read.email")
    assert "email" not in client.users_info(user=rita.id)["user"]["profile"]


def test_a_person_is_written_to_in_direct_messages(
    client: WebClient, acme: Workspace, rita: Visitor
) -> None:
    opened = client.conversations_open(users=[rita.person.id])["channel"]["id"]
    client.chat_postMessage(channel=opened, text="your note was taken")

    assert opened.startswith("D")
    assert [message.text for message in rita.direct_messages()] == ["your note was taken"]
    again = client.conversations_open(users=rita.person.id, return_im=True)["channel"]
    assert (again["id"], again["user"]) == (opened, rita.person.id)
    acme.person("ann").deleted = True
    told = refusal(client.conversations_open, users=[acme.person("ann").id])
    assert told["error"] == "user_disabled"


def test_the_workspace_and_the_bot_tell_of_themselves(client: WebClient, acme: Workspace) -> None:
    assert client.team_info()["team"]["domain"] == "acme"
    assert acme.installation is not None
    assert client.bots_info(bot=acme.installation.bot_id)["bot"]["app_id"] == "A000000001"
    assert refusal(client.usergroups_list)["needed"] == "usergroups:read"


def test_reactions_are_given_once_and_taken_back(
    client: WebClient, acme: Workspace, rita: Visitor
) -> None:
    message = rita.say("field-notes", "good news")
    place: dict[str, Any] = {"channel": message.channel, "timestamp": message.ts}
    client.reactions_add(**place, name="eyes")

    assert refusal(client.reactions_add, **place, name="eyes")["error"] == "already_reacted"
    given = client.reactions_get(**place)["message"]["reactions"]
    assert given[0]["name"] == "eyes"
    client.reactions_remove(**place, name="eyes")
    assert refusal(client.reactions_remove, **place, name="eyes")["error"] == "no_reaction"


def test_a_file_is_uploaded_in_three_steps(
    client: WebClient, acme: Workspace, rita: Visitor
) -> None:
    channel = acme.channel("field-notes").id
    client.files_upload_v2(channel=channel, filename="notes.csv", content="a,b\n", title="Notes")

    shared = rita.latest("field-notes")
    assert (shared.subtype, shared.files[0]["title"]) == ("file_share", "Notes")


def test_unfurls_are_for_links_in_the_message(
    client: WebClient, acme: Workspace, rita: Visitor
) -> None:
    message = rita.say("field-notes", "see https://app.example.com/notes/1?a=1&b=2")
    place: dict[str, Any] = {"channel": message.channel, "ts": message.ts}
    client.chat_unfurl(
        **place, unfurls={"https://app.example.com/notes/1?a=1&b=2": {"blocks": [SECTION]}}
    )
    assert len(message.attachments) == 1

    other = {"https://app.example.com/notes/2": {"blocks": [SECTION]}}
    assert refusal(client.chat_unfurl, **place, unfurls=other)["error"] == "cannot_unfurl_url"


def test_blocks_can_be_validated_without_sending_them(client: WebClient) -> None:
    assert client.blocks_validate(blocks=[SECTION])["ok"]
    told = refusal(client.blocks_validate, blocks=[{"type": "section"}])
    assert told["error"] == "invalid_blocks"
    assert told["errors"][0]["pointer"] == "/blocks/0"


def test_sockets_are_opened_with_the_app_token_alone(
    client: WebClient, slack_server: SlackServer
) -> None:
    slack_server.deliver_over_sockets()
    token = slack_server.slack.app.app_token
    assert client.apps_connections_open(app_token=token)["url"].startswith("ws://127.0.0.1:")
    told = refusal(client.api_call, api_method="apps.connections.open")
    assert told["error"] == "not_allowed_token_type"


def test_the_app_can_remove_itself(
    client: WebClient, acme: Workspace, slack_server: SlackServer
) -> None:
    app = slack_server.slack.app
    client.apps_uninstall(client_id=app.client_id, client_secret=app.client_secret)
    assert acme.installation is None
    assert urllib.request.urlopen(f"{slack_server.api_url}api.test").status == 200
