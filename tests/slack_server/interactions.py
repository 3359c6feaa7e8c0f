"""Interactions: delivered to the app, and its answers applied to what the person sees."""

from typing import Any

from tests.slack_server import payloads
from tests.slack_server.block_elements import option_faults
from tests.slack_server.blocks import check_view
from tests.slack_server.call import Call
from tests.slack_server.channels import Channel
from tests.slack_server.delivery import Answer, Kind, Parcel
from tests.slack_server.errors import Impossible, Refused
from tests.slack_server.messages import Message
from tests.slack_server.methods.views import new_view
from tests.slack_server.payloads import Actor
from tests.slack_server.responding import apply_response
from tests.slack_server.tickets import ResponseAddress
from tests.slack_server.views import View

MOST_OPTIONS = 100


class Interactions:
    """The deeds of people that the app is asked about while they wait."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._slack = actor.slack
        self._workspace = actor.workspace

    def command(self, channel: Channel, name: str, text: str) -> Answer:
        """Runs a slash command; what the app answers appears below it."""
        if name not in self._slack.app.commands:
            raise Impossible(f"{name} is not a command of the app")
        with self._slack.lock:
            payload = payloads.command(self._actor, channel, name, text)
        answer = self._send("slash_commands", payload)
        content = {"text": answer.body} if isinstance(answer.body, str) else answer.body
        if answer.ok and content:
            with self._slack.lock:
                address = ResponseAddress(
                    "", self._workspace.id, channel.id, self._actor.person.id, 0.0
                )
                self._apply(address, content)
        return answer

    def shortcut(self, callback_id: str, message: Message | None) -> Answer:
        with self._slack.lock:
            if message is None:
                payload = payloads.global_shortcut(self._actor, callback_id)
            else:
                payload = payloads.message_shortcut(self._actor, message, callback_id)
        return self._send("interactive", payload)

    def action(self, place: Message | View, action: dict[str, Any]) -> Answer:
        """A click or a choice, in a message, a modal or the Home."""
        with self._slack.lock:
            if isinstance(place, View):
                payload = payloads.view_action(self._actor, place, action)
            else:
                payload = payloads.message_action(self._actor, place, action)
        return self._send("interactive", payload)

    def suggestions(
        self, place: Message | View, element: dict[str, Any], typed: str
    ) -> list[dict[str, Any]]:
        """The options that the app offers for what was typed; none when it failed."""
        with self._slack.lock:
            payload = payloads.suggestion(self._actor, place, element, typed)
        answer = self._send("interactive", payload)
        if not answer.ok or not isinstance(answer.body, dict):
            return []
        groups = answer.body.get("option_groups")
        lists = [answer.body.get("options", [])]
        if groups is not None:
            lists = [group["options"] for group in groups]
        for options in lists:
            self._check_options(options)
        return [option for options in lists for option in options]

    def submission(self, view: View) -> dict[str, str]:
        """Sends the form; the errors that the app finds in it by block, empty when it took it."""
        with self._slack.lock:
            payload = payloads.view_submission(self._actor, view)
        answer = self._send("interactive", payload)
        if not answer.ok:
            return {"": str(answer.user_error)}
        with self._slack.lock:
            return self._answered_form(view, answer.body or {})

    def closing(self, views: list[View], *, cleared: bool) -> None:
        """Tells the app of closed modals that asked for it."""
        for view in views:
            if view.definition.get("notify_on_close"):
                with self._slack.lock:
                    payload = payloads.view_closed(self._actor, view, cleared=cleared)
                self._send("interactive", payload)

    def _send(self, kind: Kind, payload: dict[str, Any]) -> Answer:
        parcel = Parcel(kind, payload)
        self._slack.interactions.append(parcel)
        return self._slack.events.delivery.send(parcel)

    def _apply(self, address: ResponseAddress, content: dict[str, Any]) -> None:
        try:
            apply_response(self._slack, self._workspace, address, content)
        except Refused as refused:
            self._slack.blunder(f"the answer of a command was refused: {refused.error}")

    def _answered_form(self, view: View, body: dict[str, Any]) -> dict[str, str]:
        deed = body.get("response_action")
        stack = self._workspace.views.stack(view.user_id)
        if deed == "errors":
            return self._form_errors(view, body["errors"])
        if deed in ("update", "push"):
            return self._next_view(view, deed, body["view"])
        if deed == "clear":
            stack.clear()
        elif deed is None and view in stack:
            stack.remove(view)
        return {}

    def _form_errors(self, view: View, errors: dict[str, str]) -> dict[str, str]:
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        strays = set(errors) - inputs
        if strays:
            self._slack.blunder(f"errors for what is no input block: {', '.join(sorted(strays))}")
        return errors

    def _next_view(self, view: View, deed: str, definition: dict[str, Any]) -> dict[str, str]:
        problems = check_view(definition)
        if problems:
            self._slack.blunder(f"response_action {deed}: {problems[0]}")
            return {"": "dispatch_failed"}
        if deed == "update":
            self._workspace.views.replace(view, definition)
            return {}
        installation = self._workspace.installation
        assert installation is not None
        call = Call(self._slack, self._workspace, installation, {})
        try:
            self._workspace.views.push(new_view(call, view.user_id, definition, view.channel_id))
        except Refused as refused:
            self._slack.blunder(f"response_action push: {refused.error}")
        return {}

    def _check_options(self, options: list[dict[str, Any]]) -> None:
        faults = [
            fault for index, one in enumerate(options) for fault in option_faults(one, f"/{index}")
        ]
        if len(options) > MOST_OPTIONS:
            faults.append(("", f"no more than {MOST_OPTIONS} items allowed"))
        for place, fault in faults:
            self._slack.blunder(f"options{place}: {fault}")
