"""What people do with an app: the same over HTTP and over sockets."""

import pytest
from slack_sdk import WebClient

from tests.slack.bulletin import Bulletin
from tests.slack_server.admin import Admin
from tests.slack_server.driver import Visitor
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace


def test_a_command_is_answered_to_its_author_alone(
    app: Bulletin, rita: Visitor, ann: Visitor
) -> None:
    answer = rita.type("/insight help", "field-notes")

    assert answer.ok
    assert rita.latest("field-notes").text == "Write `/insight` and what you heard."
    assert ann.sees("field-notes") == []


def test_a_command_can_answer_everybody_through_its_response_url(
    app: Bulletin, rita: Visitor, ann: Visitor, slack_server: SlackServer
) -> None:
    rita.type("/insight share", "field-notes")

    slack_server.eventually(lambda: ann.sees("field-notes"))
    assert ann.latest("field-notes").text == "Shared"


@pytest.mark.slack_rule(58)
def test_a_form_becomes_a_card_in_the_channel(
    app: Bulletin, rita: Visitor, ann: Visitor, slack_server: SlackServer
) -> None:
    rita.type("/insight Acme cut prices", "field-notes")
    assert rita.modal.title == "New note"
    rita.fill("Territory", "Georgia", typed="geo")

    assert rita.submit() == {}

    assert not rita.has_modal
    slack_server.eventually(lambda: ann.sees("field-notes"))
    assert ann.latest("field-notes").text == "Acme cut prices"


def test_the_errors_of_a_form_keep_it_open(app: Bulletin, rita: Visitor) -> None:
    rita.type("/insight a secret", "field-notes")

    assert rita.submit() == {"text": "Please leave out secrets."}
    assert rita.has_modal


def test_a_form_can_be_replaced_and_pushed_by_its_answer(app: Bulletin, rita: Visitor) -> None:
    rita.type("/insight more", "field-notes")
    first = rita.modal.id

    rita.submit()
    assert (rita.modal.id, rita.modal.values["text"]["text"]["value"]) == (first, "more")
    rita.fill("Note", "step")
    rita.submit()

    assert rita.modal.previous_id == first
    assert rita.modal.root_id == first


def test_a_required_field_is_asked_for_before_anything_is_sent(
    app: Bulletin, rita: Visitor
) -> None:
    rita.use_shortcut("Capture an insight")

    assert rita.submit() == {"text": "Please complete this required field."}
    rita.fill("Note", "x" * 301)
    assert rita.submit() == {"text": "This entry has the wrong length."}


def test_a_closed_form_is_told_when_it_asked_for_it(
    app: Bulletin, rita: Visitor, slack_server: SlackServer
) -> None:
    rita.type("/insight never mind", "field-notes")

    rita.close()

    slack_server.eventually(lambda: app.closed)
    assert app.closed[0]["is_cleared"] is False
    assert app.closed[0]["view"]["callback_id"] == "capture"


def test_a_message_shortcut_brings_the_message_along(
    app: Bulletin, rita: Visitor, ann: Visitor
) -> None:
    message = ann.say("field-notes", "They pay by the truck")

    rita.use_shortcut("Save as insight", message)

    assert rita.modal.values["text"]["text"]["value"] == "They pay by the truck"


def test_typing_ahead_asks_the_app(app: Bulletin, rita: Visitor) -> None:
    rita.use_shortcut("insight_capture")

    assert rita.look_up(rita.modal, "Territory", "g") == ["Georgia", "Germany"]
    assert rita.look_up(rita.modal, "Territory", "") == []


def test_a_click_changes_the_card_for_everybody(
    app: Bulletin, rita: Visitor, ann: Visitor, slack_server: SlackServer, client: WebClient
) -> None:
    rita.type("/insight Acme cut prices", "field-notes")
    rita.submit()
    slack_server.eventually(lambda: ann.sees("field-notes"))
    ann.click(ann.latest("field-notes"), "Take it")

    slack_server.eventually(lambda: len(ann.sees("field-notes")) == 2)

    channel = rita.sees("field-notes")[0].channel
    card = client.conversations_history(channel=channel)["messages"][0]
    assert card["blocks"][1]["elements"][0]["text"] == "taken by ann"
    assert ann.latest("field-notes").text == "It is yours now."
    assert len(rita.sees("field-notes")) == 1


def test_replies_edits_and_deletions_reach_the_app(
    app: Bulletin, rita: Visitor, slack_server: SlackServer
) -> None:
    message = rita.say("field-notes", "first")
    reply = rita.reply(message, "R&D <asked> too")
    rita.edit(reply, "R&D asked twice")
    rita.delete(reply)

    slack_server.eventually(lambda: len(app.heard_of("message")) == 4)
    by_subtype = {event.get("subtype") or event["text"]: event for event in app.heard}
    assert by_subtype["R&amp;D &lt;asked&gt; too"]["thread_ts"] == message.ts
    assert by_subtype["message_changed"]["message"]["text"] == "R&amp;D asked twice"
    assert by_subtype["message_changed"]["previous_message"]["text"].endswith("too")
    assert by_subtype["message_deleted"]["deleted_ts"] == reply.ts


def test_reactions_and_mentions_reach_the_app(
    app: Bulletin, rita: Visitor, slack_server: SlackServer
) -> None:
    message = rita.say("field-notes", "@insight what is new?")
    rita.react(message, "bulb")

    slack_server.eventually(lambda: app.heard_of("reaction_added"))
    assert app.heard_of("reaction_added")[0]["item"]["ts"] == message.ts
    slack_server.eventually(lambda: app.heard_of("app_mention"))


def test_a_link_is_previewed_while_it_is_typed_and_when_it_was_posted(
    app: Bulletin, rita: Visitor, slack_server: SlackServer
) -> None:
    address = "https://app.example.com/notes/1"
    previews = rita.compose_link(address)
    message = rita.say("random", f"see {address}")

    slack_server.eventually(lambda: message.attachments)
    assert message.attachments[0]["from_url"] == address
    slack_server.eventually(lambda: previews or slack_server.slack.calls_of("chat.unfurl"))
    places = {event["channel"]: event["source"] for event in app.heard_of("link_shared")}
    assert places == {"COMPOSER": "composer", message.channel: "conversations_history"}


def test_the_home_is_published_when_it_is_opened(
    app: Bulletin, rita: Visitor, slack_server: SlackServer
) -> None:
    rita.open_home()
    slack_server.eventually(lambda: slack_server.slack.calls_of("views.publish"))
    first = rita.home.hash
    rita.open_home()
    slack_server.eventually(lambda: rita.home.hash != first)

    assert "view" not in app.heard_of("app_home_opened")[0]
    assert app.heard_of("app_home_opened")[1]["view"]["hash"] == first


@pytest.mark.slack_rule(58)
def test_an_answer_after_three_seconds_is_too_late(app: Bulletin, rita: Visitor) -> None:
    answer = rita.type("/insight slow", "field-notes")

    assert answer.user_error == "operation_timeout"
    assert rita.sees("field-notes") == []


def test_the_app_hears_of_channels_and_people(
    app: Bulletin, admin: Admin, slack_server: SlackServer, acme: Workspace
) -> None:
    admin.invite_app("random")
    admin.rename("random", "water-cooler")
    admin.archive("water-cooler")
    admin.deactivate("rita")

    slack_server.eventually(lambda: app.heard_of("user_change"))
    assert app.heard_of("member_joined_channel")[0]["inviter"] == acme.person("omar").id
    assert app.heard_of("channel_rename")[0]["channel"]["name"] == "water-cooler"
    assert app.heard_of("channel_archive")[0]["channel"] == acme.channel("water-cooler").id
    assert app.heard_of("user_change")[0]["user"]["deleted"] is True


def test_the_app_hears_of_messages_of_every_kind(
    app: Bulletin, rita: Visitor, acme: Workspace, admin: Admin, slack_server: SlackServer
) -> None:
    stranger = acme.add_person("sam", team_id="T000000099", is_stranger=True)
    acme.add_person("other-bot", is_bot=True, bot_id="B000000099")
    parent = rita.say("field-notes", "card")
    rita.say("field-notes", "also here", parent, "thread_broadcast")
    rita.say("field-notes", "waves", subtype="me_message")
    rita.say("field-notes", "report.pdf", subtype="file_share")
    slack_server.visitor(acme, "other-bot").say("field-notes", "beep", subtype="bot_message")
    slack_server.visitor(acme, "sam").say("field-notes", "hello from outside")
    admin.invite_app("random")

    slack_server.eventually(lambda: len(app.heard_of("message")) == 6)
    messages = app.heard_of("message")
    by_subtype = {event.get("subtype") or event["text"]: event for event in messages}
    assert by_subtype["thread_broadcast"]["thread_ts"] == parent.ts
    assert by_subtype["file_share"]["files"][0]["title"] == "report.pdf"
    assert by_subtype["bot_message"]["bot_id"] == "B000000099"
    assert by_subtype["hello from outside"]["user_team"] == stranger.team_id
    assert "me_message" in by_subtype
    told = [envelope["event"] for envelope in slack_server.slack.events.delivered]
    assert told[-1]["subtype"] == "channel_join"


def test_the_app_hears_nothing_of_channels_it_is_not_in(
    app: Bulletin, rita: Visitor, admin: Admin, slack_server: SlackServer
) -> None:
    rita.say("random", "just us")
    admin.kick_app("field-notes")
    rita.say("field-notes", "and here too")

    assert app.heard == []
    assert slack_server.slack.events.delivered == []
