"""Modals and App Homes: what is open at whose screen, and what is filled in there."""

from dataclasses import dataclass, field
from typing import Any

from tests.slack_server.block_elements import elements_of
from tests.slack_server.clock import Clock
from tests.slack_server.errors import Refused
from tests.slack_server.ids import Ids

MOST_IN_STACK = 3
Values = dict[str, dict[str, dict[str, Any]]]


@dataclass
class View:
    """One view, with what its person has filled in so far."""

    id: str
    team_id: str
    user_id: str
    definition: dict[str, Any]
    hash: str
    root_id: str
    previous_id: str | None
    app_id: str
    bot_id: str
    values: Values = field(default_factory=dict)
    # The channel of the interaction that opened it, for selects that start with it.
    channel_id: str | None = None

    @property
    def kind(self) -> str:
        return str(self.definition["type"])

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return list(self.definition["blocks"])

    @property
    def external_id(self) -> str:
        return str(self.definition.get("external_id") or "")

    @property
    def title(self) -> str:
        return str((self.definition.get("title") or {}).get("text", ""))

    def as_dict(self) -> dict[str, Any]:
        """The object of answers and payloads."""
        given = self.definition
        return {
            "id": self.id,
            "team_id": self.team_id,
            "type": self.kind,
            "blocks": self.blocks,
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "state": {"values": self.values},
            "hash": self.hash,
            "title": given.get("title"),
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "close": given.get("close"),
            "submit": given.get("submit"),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": self.app_id,
            "external_id": self.external_id,
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot_id,
        }


@dataclass
class Views:
    """The views of one workspace: a stack of modals and one Home for each person."""

    ids: Ids
    clock: Clock
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)

    def stack(self, user_id: str) -> list[View]:
        return self.stacks.setdefault(user_id, [])

    def open(self, view: View) -> None:
        """The first modal of a new stack."""
        self._refuse_second_use(view)
        self.stacks[view.user_id] = [view]

    def push(self, view: View) -> None:
        """A modal above those that are open."""
        stack = self.stack(view.user_id)
        if not stack:
            raise Refused("not_found")
        if len(stack) >= MOST_IN_STACK:
            raise Refused("push_limit_reached")
        self._refuse_second_use(view)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)

    def find(self, view_id: str | None, external_id: str | None = None) -> View:
        """An open modal or a Home, by either of its names."""
        for view in self._all():
            if view.id == view_id or (external_id and view.external_id == external_id):
                return view
        raise Refused("not_found")

    def replace(self, view: View, definition: dict[str, Any]) -> None:
        """New content in the same window; what stands in a field stays if its ids do."""
        kept = view.values
        view.definition = named(definition, self.ids)
        view.hash = self.new_hash()
        view.values = initial_values(view.blocks, view.channel_id)
        for block_id, actions in view.values.items():
            for action_id in actions:
                held = kept.get(block_id, {}).get(action_id)
                if held and held[VALUE_KEYS[held["type"]]]:
                    actions[action_id] = held

    def publish(self, view: View) -> View:
        """The Home of a person; the second time the same view with new content."""
        home = self.homes.get(view.user_id)
        if home is None:
            self.homes[view.user_id] = view
            return view
        self.replace(home, view.definition)
        return home

    def new_hash(self) -> str:
        return f"{int(self.clock.now())}.{self.ids.number('hash'):08x}"

    def _all(self) -> list[View]:
        opened = [view for stack in self.stacks.values() for view in stack]
        return [*opened, *self.homes.values()]

    def _refuse_second_use(self, view: View) -> None:
        if view.external_id and any(view.external_id == one.external_id for one in self._all()):
            raise Refused("duplicate_external_id")


def check_hash(view: View, given: str | None) -> None:
    """Refuses a change that was made from an older state of the view."""
    if given and given != view.hash:
        raise Refused("hash_conflict")


def named(definition: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """The definition with an id for each block and each element that came without one."""
    return definition | {"blocks": named_blocks(definition.get("blocks") or [], ids)}


def named_blocks(blocks: list[dict[str, Any]], ids: Ids) -> list[dict[str, Any]]:
    """The blocks, each with a block_id and each element with an action_id."""
    given = []
    for block in blocks:
        copy = dict(block)
        copy.setdefault("block_id", ids.new("b"))
        for key in ("accessory", "element"):
            if isinstance(copy.get(key), dict):
                copy[key] = _named_element(copy[key], ids)
        if copy["type"] == "actions":
            copy["elements"] = [_named_element(one, ids) for one in copy["elements"]]
        given.append(copy)
    return given


def _named_element(element: dict[str, Any], ids: Ids) -> dict[str, Any]:
    if element["type"] == "image" or "action_id" in element:
        return element
    return element | {"action_id": ids.new("a")}


# How a filled-in value of each kind of element is called in payloads.
VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
INITIAL_KEYS = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}


def initial_values(blocks: list[dict[str, Any]], channel_id: str | None = None) -> Values:
    """The state of a view that nobody has touched: every element that can hold a value."""
    values: Values = {}
    for block in blocks:
        for _, element in elements_of(block):
            key = VALUE_KEYS.get(element["type"])
            if key is None:
                continue
            held = {"type": element["type"], key: _initial(element, key, channel_id)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return values


def _initial(element: dict[str, Any], key: str, channel_id: str | None) -> Any:
    given = element.get(INITIAL_KEYS[key])
    if given is not None:
        return given
    if element["type"] == "conversations_select" and element.get("default_to_current_conversation"):
        return channel_id
    return [] if key.endswith("s") and key != "value" else None
