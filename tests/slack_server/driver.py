"""People at work in Slack: what a test, or the browser page, makes them do."""

from typing import Any

from tests.slack_server import elements, message_events, reacting, typing_text
from tests.slack_server.channels import Channel
from tests.slack_server.delivery import Answer
from tests.slack_server.errors import Impossible
from tests.slack_server.interactions import Interactions
from tests.slack_server.link_previews import tell_of_links
from tests.slack_server.messages import Message
from tests.slack_server.payloads import Actor
from tests.slack_server.people import Person
from tests.slack_server.slack import Slack
from tests.slack_server.views import VALUE_KEYS, View
from tests.slack_server.workspace import Workspace

Place = Message | View


class Visitor:
    """One person at their screen. Channels and people are given by name or id."""

    def __init__(self, slack: Slack, workspace: Workspace, person: Person) -> None:
        self.person = person
        self._slack = slack
        self._workspace = workspace
        self._interactions = Interactions(Actor(slack, workspace, person))

    # Reading

    def sees(self, channel: str) -> list[Message]:
        """Everything in the channel that this person may see, oldest first."""
        return self._workspace.seen_by(self._channel(channel).id, self.person.id)

    def latest(self, channel: str) -> Message:
        """The newest message that this person sees in the channel."""
        seen = self.sees(channel)
        if not seen:
            raise Impossible(f"nothing stands in {channel}")
        return seen[-1]

    def thread(self, message: Message) -> list[Message]:
        """The message, and the replies that this person sees below it."""
        return [one for one in self.sees(message.channel) if message.ts in (one.ts, one.thread_ts)]

    def direct_messages(self) -> list[Message]:
        """What the app and this person wrote to each other."""
        return self.sees(self.app_channel().id)

    def app_channel(self) -> Channel:
        """The direct messages with the app."""
        installation = self._workspace.installation
        if installation is None:
            raise Impossible("the app is not installed")
        return self._workspace.direct_messages(installation.bot_user_id, self.person.id)

    @property
    def modal(self) -> View:
        """The modal on top of the screen."""
        stack = self._workspace.views.stack(self.person.id)
        if not stack:
            raise Impossible("no modal is open")
        return stack[-1]

    @property
    def has_modal(self) -> bool:
        return bool(self._workspace.views.stack(self.person.id))

    # Writing

    def say(
        self, channel: str, text: str, thread: Message | None = None, subtype: str | None = None
    ) -> Message:
        """Posts typed text: @name, #channel and addresses become what Slack makes of them.

        `subtype` is for messages of another kind: thread_broadcast, me_message, file_share, or
        bot_message of somebody who is a bot.
        """
        place = self._channel(channel)
        if place.archived:
            raise Impossible(f"{channel} is archived")
        with self._slack.lock:
            message = self._message(place, text, thread, subtype)
            self._workspace.store(message)
            message_events.posted(self._slack, self._workspace, message)
            tell_of_links(self._slack, self._workspace, message, typing_text.links(text))
        self._slack.events.settle()
        return message

    def reply(self, message: Message, text: str) -> Message:
        """Writes into the thread of a message."""
        return self.say(message.channel, text, message)

    def edit(self, message: Message, text: str) -> None:
        self._own(message)
        with self._slack.lock:
            before = message.as_dict()
            message.text = typing_text.encoded(self._workspace, text)
            message.blocks = typing_text.as_rich_text(text, message.blocks[0]["block_id"])
            edited_at = self._slack.ids.ts(self._slack.clock.now())
            message.edited = {"user": self.person.id, "ts": edited_at}
            message_events.changed(self._slack, self._workspace, message, before)
        self._slack.events.settle()

    def delete(self, message: Message) -> None:
        self._own(message)
        with self._slack.lock:
            self._workspace.remove(message)
            message_events.deleted(self._slack, self._workspace, message)
        self._slack.events.settle()

    def react(self, message: Message, emoji: str) -> None:
        with self._slack.lock:
            reacting.react(self._slack, self._workspace, message, self.person.id, emoji)
        self._slack.events.settle()

    def unreact(self, message: Message, emoji: str) -> None:
        with self._slack.lock:
            reacting.unreact(self._slack, self._workspace, message, self.person.id, emoji)
        self._slack.events.settle()

    def compose_link(self, address: str) -> dict[str, Any]:
        """Types an address without sending it; the previews that the app offered, by address."""
        with self._slack.lock:
            preview = tell_of_links(self._slack, self._workspace, None, [address], self.person)
        self._slack.events.settle()
        return preview["unfurls"] if preview else {}

    # The app

    def type(self, line: str, channel: str, thread: Message | None = None) -> Answer:
        """Types a line that starts with a command, and waits for its answer."""
        if thread is not None:
            raise Impossible("Slack has no commands in threads")
        name, _, text = line.partition(" ")
        typed = typing_text.encoded(self._workspace, text.strip(), labels=True)
        answer = self._interactions.command(self._channel(channel), name, typed)
        self._slack.events.settle()
        return answer

    def use_shortcut(self, name: str, message: Message | None = None) -> Answer:
        """Picks a shortcut, by the name in the menu or its callback id, on a message or without."""
        app = self._slack.app
        offered = app.global_shortcuts if message is None else app.message_shortcuts
        for callback_id in offered:
            if name in (callback_id, app.shortcut_names.get(callback_id)):
                return self._interactions.shortcut(callback_id, message)
        raise Impossible(f"the menu offers {offered}, not {name!r}")

    def click(self, place: Place, name: str, option: str | None = None) -> Answer:
        """Presses a button, or takes one option of an overflow menu."""
        element = elements.find(place, name)
        chosen = {}
        if element["type"] == "overflow":
            chosen["selected_option"] = elements.pick(elements.options_of(element), option)
        elif element["type"] != "button":
            raise Impossible(f"{name!r} is a {element['type']}, not a button")
        answer = self._interactions.action(place, elements.action(element, **chosen))
        self._slack.events.settle()
        return answer

    def look_up(self, place: Place, name: str, typed: str) -> list[str]:
        """The texts that a select offers once `typed` stands in it."""
        element = elements.find(place, name)
        return [option["text"]["text"] for option in self._options(place, element, typed)]

    def choose(self, place: Place, name: str, wanted: Any, typed: str | None = None) -> Answer:
        """Takes from a select on a message or view, which tells the app at once."""
        element = elements.find(place, name)
        held = self._held(place, element, wanted, typed)
        chosen = {VALUE_KEYS[element["type"]]: held}
        return self._interactions.action(place, elements.action(element, **chosen))

    # Modals and the Home

    def fill(self, name: str, wanted: Any, typed: str | None = None) -> None:
        """Puts something into a field of the open modal, found by its label or action_id.

        In a type-ahead `typed` (the wanted text, unless given) asks the app for options first.
        """
        self.fill_in(self.modal, name, wanted, typed)

    def fill_in(self, view: View, name: str, wanted: Any, typed: str | None = None) -> None:
        """The same for any view."""
        element = elements.find(view, name)
        held = self._held(view, element, wanted, typed)
        key = VALUE_KEYS[element["type"]]
        value = {"type": element["type"], key: held}
        with self._slack.lock:
            view.values.setdefault(element["block_id"], {})[element["action_id"]] = value
        if self._tells_at_once(view, element):
            action = elements.action(element, **{key: held})
            self._interactions.action(view, action)

    def submit(self) -> dict[str, str]:
        """Sends the open modal; what is wrong with it by block, empty when it was taken."""
        view = self.modal
        if not view.definition.get("submit"):
            raise Impossible(f"the modal {view.title!r} has nothing to send")
        complaints = elements.unfinished(view)
        if complaints:
            return complaints
        errors = self._interactions.submission(view)
        self._slack.events.settle()
        return errors

    def close(self) -> None:
        """Leaves the modal on top; with clear_on_close all that are open."""
        stack = self._workspace.views.stack(self.person.id)
        top = self.modal
        cleared = bool(top.definition.get("clear_on_close"))
        leaving = list(reversed(stack)) if cleared else [top]
        with self._slack.lock:
            for view in leaving:
                stack.remove(view)
        self._interactions.closing(leaving, cleared=cleared)

    def open_home(self, tab: str = "home") -> None:
        """Opens the app's own page; what the app publishes then is `home`."""
        home = self._workspace.views.homes.get(self.person.id)
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": self.person.id,
            "channel": self.app_channel().id,
            "tab": tab,
        }
        if home is not None and tab == "home":
            event["view"] = home.as_dict()
        with self._slack.lock:
            self._slack.events.publish(self._workspace, "app_home_opened", event)
        self._slack.events.settle()

    @property
    def home(self) -> View:
        """The Home that the app published for this person."""
        home = self._workspace.views.homes.get(self.person.id)
        if home is None:
            raise Impossible("the app has published no Home for this person")
        return home

    def _channel(self, name: str) -> Channel:
        return self._workspace.channel(name)

    def _message(
        self, place: Channel, text: str, thread: Message | None, subtype: str | None
    ) -> Message:
        number = self._slack.ids.number("client_msg_id")
        file = {"id": self._slack.ids.new("F"), "title": text, "size": 1, "user": self.person.id}
        return Message(
            ts=self._slack.ids.ts(self._slack.clock.now()),
            channel=place.id,
            team=self.person.team_id,
            user=self.person.id,
            text=typing_text.encoded(self._workspace, text),
            blocks=typing_text.as_rich_text(text, self._slack.ids.new("b")),
            files=[file] if subtype == "file_share" else [],
            bot_id=self.person.bot_id,
            subtype=subtype,
            thread_ts=(thread.thread_ts or thread.ts) if thread else None,
            client_msg_id=f"00000000-0000-4000-9000-{number:012d}",
        )

    def _own(self, message: Message) -> None:
        if message.user != self.person.id:
            raise Impossible("people change only their own messages")

    def _options(
        self, place: Place, element: elements.Element, typed: str
    ) -> list[elements.Element]:
        if "external" not in element["type"]:
            return elements.options_of(element)
        if len(typed) < element.get("min_query_length", 3):
            return []
        return self._interactions.suggestions(place, element, typed)

    def _held(self, place: Place, element: elements.Element, wanted: Any, typed: str | None) -> Any:
        several = isinstance(wanted, list)
        texts = [str(one) for one in wanted] if several else [str(wanted)]
        options: list[elements.Element] = []
        for text in texts:
            options += self._options(place, element, text if typed is None else typed)
        return elements.held_value(self._workspace, element, wanted, options)

    def _tells_at_once(self, view: View, element: elements.Element) -> bool:
        block = next(one for one in view.blocks if one["block_id"] == element["block_id"])
        return block["type"] != "input" or bool(block.get("dispatch_action"))
