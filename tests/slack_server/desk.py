"""The browser page: a workspace to look at and to work in, as one of its people."""

import urllib.parse
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tests.slack_server import rendering
from tests.slack_server.channels import Channel
from tests.slack_server.driver import Visitor
from tests.slack_server.elements import elements, find, options_of
from tests.slack_server.errors import Impossible, Refused
from tests.slack_server.messages import Message
from tests.slack_server.people import Person
from tests.slack_server.slack import Slack
from tests.slack_server.views import VALUE_KEYS, View
from tests.slack_server.web_api import the_slack
from tests.slack_server.workspace import Workspace

blueprint = Blueprint(
    "desk",
    __name__,
    template_folder="pages",
    static_folder="pages",
    static_url_path="/desk/static",
)
SEVERAL = ("multi_", "checkboxes")


@blueprint.get("/")
def look() -> str:
    """One channel, one thread, or the app's Home, with the open modal above it."""
    slack, workspace, visitor = _who()
    place = request.args.get("in", "")
    channel = workspace.channel(place) if place else _first_channel(workspace, visitor)
    thread = workspace.messages[channel.id].get(request.args.get("thread", ""))
    messages = visitor.thread(thread) if thread else _in_view(visitor, channel.id)
    return render_template(
        "desk.html",
        app=slack.app,
        channel=channel,
        channels=_channels(workspace, visitor),
        direct=visitor.app_channel() if workspace.installation else None,
        has_home=request.args.get("home") is not None,
        home=workspace.views.homes.get(visitor.person.id),
        live=rendering.live_mentions,
        messages=messages,
        modal=visitor.modal if visitor.has_modal else None,
        notice=request.args.get("notice"),
        show=_Shown(workspace),
        thread=thread,
        version=_version(slack, workspace),
        visitor=visitor,
        workspace=workspace,
    )


@blueprint.get("/desk/version")
def version() -> Response:
    """Changes whenever there is something new to see."""
    slack, workspace, _ = _who()
    return jsonify(_version(slack, workspace))


@blueprint.post("/desk/say")
def say() -> AnyResponse:
    """Sends what stands in the box: a command, or a message."""
    _, workspace, visitor = _who()
    channel, text = _channel_id(), request.form["text"].strip()
    thread = workspace.messages[channel].get(request.args.get("thread", ""))
    if not text:
        return _back()
    if not text.startswith("/"):
        return _back(lambda: visitor.say(channel, text, thread))
    return _back(lambda: _told(text, visitor.type(text, channel, thread).user_error))


@blueprint.post("/desk/message/<ts>")
def use_message(ts: str) -> AnyResponse:
    """A click, a choice, a shortcut, an emoji, an edit, a deletion."""
    _, workspace, visitor = _who()
    message = workspace.messages[_channel_id()][ts]
    form = request.form
    if "click" in form:
        return _back(lambda: _click(visitor, message, form["click"]))
    if "shortcut" in form:
        return _back(lambda: visitor.use_shortcut(form["shortcut"], message))
    if "emoji" in form:
        emoji = form["emoji"].strip(": ")
        return _back(lambda: visitor.react(message, emoji))
    if "edit" in form:
        return _back(lambda: visitor.edit(message, form["edit"]))
    return _back(lambda: visitor.delete(message))


@blueprint.post("/desk/shortcut")
def use_shortcut() -> AnyResponse:
    visitor = _who()[2]
    return _back(lambda: visitor.use_shortcut(request.form["shortcut"]))


@blueprint.post("/desk/home")
def open_home() -> AnyResponse:
    visitor = _who()[2]
    return _back(visitor.open_home, home="1")


@blueprint.post("/desk/view/<view_id>")
def use_view(view_id: str) -> AnyResponse:
    """A modal or the Home: fills in what the browser sent, then submits, clicks or closes."""
    _, workspace, visitor = _who()
    view = workspace.views.find(view_id)
    home = {"home": "1"} if view.kind == "home" else {}
    if "close" in request.form:
        return _back(visitor.close, **home)
    return _back(lambda: _work_in(visitor, view), **home)


@blueprint.get("/desk/suggest/<view_id>/<action_id>")
def suggest(view_id: str, action_id: str) -> Response:
    """What a select offers while somebody types into it."""
    _, workspace, visitor = _who()
    view = workspace.views.find(view_id)
    return jsonify(visitor.look_up(view, action_id, request.args.get("typed", "")))


class _Shown:
    """How text of this workspace looks."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def text(self, part: dict[str, Any]) -> str:
        return rendering.text_object(part, self._workspace)

    def mrkdwn(self, text: str) -> str:
        return rendering.mrkdwn(text, self._workspace)

    def rich(self, block: dict[str, Any]) -> str:
        return rendering.rich_text(block["elements"], self._workspace)

    def people(self) -> list[Person]:
        return [person for person in self._workspace.people.values() if not person.is_bot]

    def channels(self) -> list[Channel]:
        return [channel for channel in self._workspace.channels.values() if channel.name]

    def name(self, message: Message) -> str:
        return self._workspace.people[message.user].real_name

    def held(self, place: Message | View, block_id: str, action_id: str) -> Any:
        """What stands in a field now, as the browser shows it."""
        if not isinstance(place, View):
            return None
        value = place.values.get(block_id, {}).get(action_id)
        held = value and value[VALUE_KEYS[value["type"]]]
        if isinstance(held, list):
            return [_value(one) for one in held]
        return _value(held)


def _value(held: Any) -> Any:
    return held["value"] if isinstance(held, dict) else held


def _work_in(visitor: Visitor, view: View) -> str | None:
    _fill(visitor, view)
    if "click" in request.form:
        return _click(visitor, view, request.form["click"])
    if "submit" not in request.form:
        return None
    errors = visitor.submit()
    labels = {one["block_id"]: one["label"] for one in elements(view)}
    told = [f"{labels.get(block_id, 'Form')}: {error}" for block_id, error in errors.items()]
    return "; ".join(told) or None


def _fill(visitor: Visitor, view: View) -> None:
    """Puts what the browser sent into the fields that differ from it."""
    for element in elements(view):
        name = f"{element['block_id']}/{element['action_id']}"
        if element["type"] not in VALUE_KEYS or f"has:{name}" not in request.form:
            continue
        given: Any = request.form.get(name) or None
        if element["type"].startswith(SEVERAL):
            given = [one for one in request.form.getlist(name) if one]
        if given != _Shown(_who()[1]).held(view, element["block_id"], element["action_id"]):
            visitor.fill_in(view, element["action_id"], given)


def _click(visitor: Visitor, place: Message | View, action_id: str) -> str | None:
    """Presses a button; in an overflow menu or a select takes the option that was chosen."""
    element = find(place, action_id)
    chosen = request.form.get(f"option:{action_id}")
    if element["type"] == "button":
        return _told(action_id, visitor.click(place, action_id).user_error)
    if element["type"] == "overflow":
        return _told(action_id, visitor.click(place, action_id, chosen).user_error)
    wanted = chosen or options_of(element)[0]["value"]
    return _told(action_id, visitor.choose(place, action_id, wanted).user_error)


def _told(what: str, error: str | None) -> str | None:
    return f"{what} failed with the error “{error}”." if error else None


def _who() -> tuple[Slack, Workspace, Visitor]:
    slack = the_slack()
    workspace = slack.workspaces[request.args.get("team") or next(iter(slack.workspaces))]
    people = [person for person in workspace.people.values() if not person.is_bot]
    person = workspace.person(request.args.get("as") or people[0].name)
    return slack, workspace, Visitor(slack, workspace, person)


def _channel_id() -> str:
    _, workspace, visitor = _who()
    place = request.args.get("in")
    return (workspace.channel(place) if place else _first_channel(workspace, visitor)).id


def _channels(workspace: Workspace, visitor: Visitor) -> list[Channel]:
    """The channels of the left side; private ones for their members."""
    return [
        channel
        for channel in workspace.channels.values()
        if channel.kind == "channel"
        or (channel.kind == "group" and visitor.person.id in channel.members)
    ]


def _first_channel(workspace: Workspace, visitor: Visitor) -> Channel:
    return _channels(workspace, visitor)[0]


def _in_view(visitor: Visitor, channel_id: str) -> list[Message]:
    return [message for message in visitor.sees(channel_id) if message.in_channel_view]


def _version(slack: Slack, workspace: Workspace) -> str:
    count = sum(len(messages) for messages in workspace.messages.values())
    open_views = sum(len(stack) for stack in workspace.views.stacks.values())
    return f"{len(slack.calls)}-{count}-{open_views}"


def _back(deed: Any = None, **more: str) -> AnyResponse:
    """Does what was asked and shows the page again, with a notice when it could not be done."""
    notice = None
    try:
        told = deed() if deed else None
        notice = told if isinstance(told, str) else None
    except (Impossible, Refused) as trouble:
        notice = str(trouble)
    kept = {key: request.args[key] for key in ("as", "in", "thread", "team") if key in request.args}
    if notice:
        kept["notice"] = notice
    query = urllib.parse.urlencode(kept | more)
    return redirect(f"{url_for('desk.look')}?{query}")
