"""A small app made with Bolt: what the stand-in is tried with, over HTTP and over sockets.

It notes what people tell it: /insight opens a form, a submitted form becomes a card with a
button, replies below the card are kept, and so on. It is no part of the product.
"""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from slack_bolt import Ack, App, BoltRequest, BoltResponse, Respond
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from werkzeug.serving import make_server

from tests.slack_server.server import SlackServer

TERRITORIES = ("Georgia", "Germany", "Iowa")
Body = dict[str, Any]


def plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def form(text: str = "", channel: str = "") -> Body:
    """The modal of a new note."""
    return {
        "type": "modal",
        "callback_id": "capture",
        "private_metadata": channel,
        "notify_on_close": True,
        "title": plain("New note"),
        "submit": plain("Save"),
        "blocks": [
            {
                "type": "input",
                "block_id": "text",
                "label": plain("Note"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "text",
                    "max_length": 300,
                    **({"initial_value": text} if text else {}),
                },
            },
            {
                "type": "input",
                "block_id": "territory",
                "label": plain("Territory"),
                "optional": True,
                "element": {
                    "type": "external_select",
                    "action_id": "territory",
                    "min_query_length": 1,
                },
            },
        ],
    }


def card(text: str, state: str) -> list[Body]:
    """The blocks of a note in a channel; a taken one has no button any more."""
    blocks: list[Body] = [
        {"type": "section", "block_id": "note", "text": plain(text)},
        {"type": "context", "elements": [plain(state)]},
    ]
    if state == "new":
        button = {"type": "button", "action_id": "take", "text": plain("Take it"), "value": "1"}
        blocks.append({"type": "actions", "block_id": "deeds", "elements": [button]})
    return blocks


class Bulletin:
    """The app, and what it heard."""

    def __init__(self, server: SlackServer, token: str, slow: Callable[[], None]) -> None:
        registration = server.slack.app
        self.heard: list[Body] = []
        self.retries: list[tuple[str, str]] = []
        self.closed: list[Body] = []
        self.opening: list[str] = []
        self.deaf = 0
        self.hopeless = False
        self._slow = slow
        self.client = WebClient(token=token, base_url=server.api_url)
        self.bolt = App(
            signing_secret=registration.signing_secret,
            client=self.client,
            token_verification_enabled=False,
            raise_error_for_unhandled_request=False,
        )
        self.bolt.use(self._notice)
        self.bolt.command("/insight")(self._command)
        self.bolt.shortcut("insight_save_message")(self._save_message)
        self.bolt.shortcut("insight_capture")(self._capture)
        self.bolt.view("capture")(self._submitted)
        self.bolt.view_closed("capture")(self._closed)
        self.bolt.options("territory")(self._territories)
        self.bolt.action("take")(self._take)
        self.bolt.event("app_home_opened")(self._home)
        self.bolt.event("link_shared")(self._link)
        for event in ("message", "app_mention", "reaction_added", "member_joined_channel"):
            self.bolt.event(event)(self._hear)
        for event in ("channel_archive", "channel_rename", "user_change", "tokens_revoked"):
            self.bolt.event(event)(self._hear)
        self.bolt.event("app_uninstalled")(self._hear)

    def _notice(
        self, body: Body, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Notes each try of an event, and answers 500 while the app plays deaf."""
        if "event_id" in body:
            number = (req.headers.get("x-slack-retry-num") or ["0"])[0]
            reason = (req.headers.get("x-slack-retry-reason") or [""])[0]
            self.retries.append((number, reason))
            if self.deaf:
                self.deaf -= 1
                if self.hopeless:
                    return BoltResponse(status=500, headers={"x-slack-no-retry": "1"})
                return BoltResponse(status=500)
        return next()

    def _command(self, ack: Ack, command: Body, client: WebClient, respond: Respond) -> None:
        verb = command["text"]
        if verb == "help":
            ack("Write `/insight` and what you heard.")
        elif verb == "slow":
            self._slow()
            ack("too late")
        elif verb == "share":
            ack()
            respond("Shared", response_type="in_channel")
        elif verb == "late":
            self.opening.append(command["trigger_id"])
            ack()
        else:
            client.views_open(
                trigger_id=command["trigger_id"], view=form(verb, command["channel_id"])
            )
            ack()

    def _save_message(self, ack: Ack, shortcut: Body, client: WebClient) -> None:
        view = form(shortcut["message"]["text"], shortcut["channel"]["id"])
        client.views_open(trigger_id=shortcut["trigger_id"], view=view)
        ack()

    def _capture(self, ack: Ack, shortcut: Body, client: WebClient) -> None:
        client.views_open(trigger_id=shortcut["trigger_id"], view=form())
        ack()

    def _submitted(self, ack: Ack, view: Body, body: Body, client: WebClient) -> None:
        text = view["state"]["values"]["text"]["text"]["value"]
        if "secret" in text:
            ack(response_action="errors", errors={"text": "Please leave out secrets."})
        elif "more" in text:
            ack(response_action="update", view=form("a second step"))
        elif "step" in text:
            ack(response_action="push", view=form("a third step"))
        else:
            ack(response_action="clear")
            place = view["private_metadata"] or body["user"]["id"]
            client.chat_postMessage(channel=place, text=text, blocks=card(text, "new"))

    def _closed(self, ack: Ack, body: Body) -> None:
        ack()
        self.closed.append(body)

    def _territories(self, ack: Ack, payload: Body) -> None:
        typed = payload["value"].lower()
        found = [name for name in TERRITORIES if name.lower().startswith(typed)]
        ack(options=[{"text": plain(name), "value": name.lower()} for name in found])

    def _take(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        text = body["message"]["blocks"][0]["text"]["text"]
        state = f"taken by {body['user']['name']}"
        client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text=text,
            blocks=card(text, state),
        )
        respond("It is yours now.", replace_original=False)

    def _home(self, event: Body, client: WebClient) -> None:
        self.heard.append(event)
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("My notes")}]}
        client.views_publish(user_id=event["user"], view=view)

    def _link(self, event: Body, client: WebClient) -> None:
        self.heard.append(event)
        section = {"type": "section", "text": plain("A note about prices")}
        unfurls = {link["url"]: {"blocks": [section]} for link in event["links"]}
        client.chat_unfurl(unfurl_id=event["unfurl_id"], source=event["source"], unfurls=unfurls)

    def _hear(self, event: Body) -> None:
        self.heard.append(event)

    def heard_of(self, kind: str) -> list[Body]:
        """The events of one type so far."""
        return [event for event in self.heard if event["type"] == kind]


class OverHttp:
    """The app behind an address, as in production."""

    name = "http"

    def __init__(self, server: SlackServer, bulletin: Bulletin) -> None:
        handler = SlackRequestHandler(bulletin.bolt)
        flask = Flask("bulletin")

        @flask.post("/slack/events")
        def events() -> Response:
            return handler.handle(request)

        self._server = make_server("127.0.0.1", 0, flask, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        server.deliver_over_http(f"http://127.0.0.1:{self._server.port}/slack/events")

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class OverSockets:
    """The app behind its own connections."""

    name = "sockets"

    def __init__(self, server: SlackServer, bulletin: Bulletin) -> None:
        self.sockets = server.deliver_over_sockets()
        token = server.slack.app.app_token
        client = WebClient(token=token, base_url=server.api_url)
        self.handler = SocketModeHandler(bulletin.bolt, token, web_client=client)
        self.handler.connect()  # type: ignore[no-untyped-call]
        self.sockets.wait_until_connected()

    def stop(self) -> None:
        # The client looks up from a silent connection after three seconds, and from an empty
        # queue after one: Slack hangs up first, and one more message wakes it.
        client = self.handler.client
        client.auto_reconnect_enabled = False
        self.sockets.close()
        client.message_processor.event.set()
        client.enqueue_message("{}")
        self.handler.close()  # type: ignore[no-untyped-call]
