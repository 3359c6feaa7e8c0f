"""What our handlers hear of Slack: a thin layer over Bolt that keeps the rules of its protocol.

A handler is a function of what was heard. It writes in one transaction, which ends before Slack is
answered; it may return what the answer carries (the text of a command, the errors of a form, the
options of a list). Whatever it raises becomes a private sentence. Nothing runs after the answer:
what takes time, or calls the network, is a row for the worker (`calls`).
"""

import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from slack_bolt import Ack, App, BoltContext, BoltResponse

from insights.errors import InsightsError, Unavailable
from integrations.slack import apologies, block_checks, calls, installations, people
from integrations.slack.gateway import SlackRefused
from integrations.slack.heard import Heard, Receipt, Repeated, receipt_key
from integrations.slack.installations import Identity
from integrations.slack.parts import SlackParts
from integrations.slack.text import escape

__all__ = ["Answer", "Handler", "Heard", "Listeners"]

Answer: TypeAlias = dict[str, Any] | None
Handler: TypeAlias = Callable[[Heard], Answer]
Kind: TypeAlias = Literal[
    "command", "shortcut", "view", "view_closed", "action", "options", "event"
]
Name: TypeAlias = str | re.Pattern[str]

ANYTHING = re.compile(".*", re.DOTALL)
# Kinds of messages that people write; all others are Slack's own remarks, or other apps'.
SUBTYPES = frozenset(
    {None, "file_share", "thread_broadcast", "me_message", "message_changed", "message_deleted"}
)
# They tell of the app itself, after its token has ended.
LAST_WORDS = frozenset({"app_uninstalled", "tokens_revoked", "team_access_revoked"})
MEMBERSHIP = frozenset({"member_joined_channel", "member_left_channel"})
TRY_AGAIN = 503
HELP = "Write `/insight help` to see what can be done here."
OLD_BUTTON = (
    "This button is from an older version and does nothing any more. Open the note on its page "
    "instead."
)
OLD_FORM = "This form is from an older version. Copy what you wrote, close it and open it again."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hearer:
    """A handler of events: of one type and, for messages, of the subtypes named (None: any)."""

    type: str
    subtypes: frozenset[str | None] | None
    handler: Handler

    def hears(self, event: Mapping[str, Any]) -> bool:
        """Whether the event is for this handler."""
        if event.get("type") != self.type:
            return False
        return self.subtypes is None or event.get("subtype") in self.subtypes


class Listeners:
    """Where the modules of this folder put their handlers."""

    def __init__(self, parts: SlackParts, app: App) -> None:
        self._parts = parts
        self._app = app
        self.hearers: list[Hearer] = []

    def command(self, name: Name) -> Callable[[Handler], Handler]:
        """Handles a slash command; the answer carries `text` and `blocks`, for the person alone."""
        return self._register("command", self._app.command, name)

    def shortcut(self, callback_id: Name) -> Callable[[Handler], Handler]:
        """Handles a shortcut, global or on a message."""
        return self._register("shortcut", self._app.shortcut, callback_id)

    def view(self, callback_id: Name) -> Callable[[Handler], Handler]:
        """Handles a form that was sent; the answer may carry a `response_action`."""
        return self._register("view", self._app.view_submission, callback_id)

    def view_closed(self, callback_id: Name) -> Callable[[Handler], Handler]:
        """Handles a form that was closed."""
        return self._register("view_closed", self._app.view_closed, callback_id)

    def action(self, action_id: Name) -> Callable[[Handler], Handler]:
        """Handles a click or a choice."""
        return self._register("action", self._app.block_action, action_id)

    def options(self, action_id: Name) -> Callable[[Handler], Handler]:
        """Handles typing in a list; the answer carries `options` or `option_groups`."""
        return self._register("options", self._app.block_suggestion, action_id)

    def event(
        self, type: str, *, subtypes: Collection[str | None] | None = None
    ) -> Callable[[Handler], Handler]:
        """Handles events. Several handlers may hear the same one, each in its own transaction; one
        that fails is given the event again without the others."""
        wanted = None if subtypes is None else frozenset(subtypes)

        def keep(handler: Handler) -> Handler:
            self.hearers.append(Hearer(type, wanted, handler))
            return handler

        return keep

    def hear_everything_else(self) -> None:
        """Answers what no handler knows; called when all are registered."""
        self.command(ANYTHING)(lambda _: {"text": HELP})
        self.shortcut(ANYTHING)(lambda _: None)
        self.view(ANYTHING)(_sent_unknown)
        self.view_closed(ANYTHING)(lambda _: None)
        self.options(ANYTHING)(lambda _: {"options": []})
        self.action(ANYTHING)(_clicked_unknown)
        self._app.event(ANYTHING)(self._hear_event)

    def _register(
        self, kind: Kind, at: Callable[[Name], Callable[[Any], Any]], name: Name
    ) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            def listen(ack: Ack, context: BoltContext, body: dict[str, Any]) -> BoltResponse:
                return self._interact(kind, handler, ack, context, body)

            at(name)(listen)
            return handler

        return keep

    def _interact(
        self, kind: Kind, handler: Handler, ack: Ack, context: BoltContext, body: dict[str, Any]
    ) -> BoltResponse:
        """Handles an interaction and answers it, whatever happens."""
        heard: Heard | None = None
        try:
            heard = self._heard(context, body, _name(handler))
            answer = handler(heard) if heard else self._refuse(kind, body)
        except Repeated:
            answer = None
        except Exception as error:
            answer = self._apologise(kind, heard, error, body)
        return _acknowledge(kind, ack, answer)

    def _hear_event(self, ack: Ack, context: BoltContext, body: dict[str, Any]) -> BoltResponse:
        """Has all who hear the event handle it. Slack sends again what failed in passing; a defect
        would fail again, and is logged."""
        event = body.get("event")
        if not isinstance(event, dict):
            return ack()
        try:
            identity = self._identity(_id(context.team_id))
            wanted = [one for one in self.hearers if one.hears(event)]
            if not wanted or not _is_of_interest(event, identity):
                return ack()
            results = [self._hear_one(one, context, body) for one in wanted]
        except Exception as error:
            apologies.in_words(error)
            return BoltResponse(status=TRY_AGAIN) if apologies.is_passing(error) else ack()
        return ack() if all(results) else BoltResponse(status=TRY_AGAIN)

    def _hear_one(self, hearer: Hearer, context: BoltContext, body: dict[str, Any]) -> bool:
        """Whether the handler is done with the event: it need not come again."""
        heard = self._make_heard(context, body, _name(hearer.handler))
        try:
            hearer.handler(heard)
        except Repeated:
            return True
        except Unavailable as error:
            log.info("an event waits: %s", error.message)
            return False
        except InsightsError as error:
            self._tell(heard, error.message)
        except SlackRefused as error:
            log.info("Slack refused what an event asked for: %s", error.code)
        except Exception as error:
            apologies.in_words(error)
            return not apologies.is_passing(error)
        return True

    def _heard(self, context: BoltContext, body: dict[str, Any], handler: str) -> Heard | None:
        """What was heard; None when the app is not in that workspace."""
        if self._identity(_id(context.team_id)) is None:
            return None
        return self._make_heard(context, body, handler)

    def _make_heard(self, context: BoltContext, body: dict[str, Any], handler: str) -> Heard:
        team_id, user_id = _id(context.team_id), _id(context.user_id)
        with self._parts.database.reading() as session:
            caller = people.known(session, team_id, user_id)
        now = self._parts.clock()
        is_unsure = caller is None or caller.may_be_known_by_now(now)
        if is_unsure and people.USER_ID.fullmatch(user_id):
            with self._parts.database.writing() as session:
                people.put_look_up(session, team_id, user_id, now=now)
        receipt = Receipt(receipt_key(team_id, user_id, body, handler))
        return Heard(self._parts, team_id, user_id, caller, body, now, receipt)

    def _identity(self, team_id: str) -> Identity | None:
        """By what the app knows itself there; writes down now and then that it was heard of."""
        now = self._parts.clock()
        with self._parts.database.reading() as session:
            found = installations.identity(session, team_id)
        if found is not None and installations.is_heard_due(found.heard_at, now):
            with self._parts.database.writing() as session:
                installations.note_heard(session, team_id, now=now)
        return found

    def _apologise(
        self, kind: Kind, heard: Heard | None, error: Exception, body: dict[str, Any]
    ) -> Answer:
        if kind == "view":
            view = body.get("view")
            return apologies.in_view(error, view if isinstance(view, dict) else {})
        text = apologies.in_words(error)
        if kind == "command":
            return {"text": escape(text)}
        if kind == "options":
            return {"options": []}
        if heard is not None and kind != "view_closed":
            self._tell(heard, text)
        return None

    def _refuse(self, kind: Kind, body: Mapping[str, Any]) -> Answer:
        """The answer where the app is not installed: to somebody of another organisation in a
        shared channel, for example. Without a token it can say no more than this."""
        if kind == "command":
            return {"text": apologies.NOT_CONNECTED}
        if kind == "view":
            view = body.get("view")
            error = Unavailable(apologies.NOT_CONNECTED)
            return apologies.in_view(error, view if isinstance(view, dict) else {})
        if kind in ("action", "shortcut"):
            self._tell_not_connected(body)
        return None

    def _tell_not_connected(self, body: Mapping[str, Any]) -> None:
        """Says so below the message where somebody clicked, which needs no token."""
        address = body.get("response_url")
        if not isinstance(address, str) or not address:
            return
        told = {"text": apologies.NOT_CONNECTED, "response_type": "ephemeral"}
        with self._parts.database.writing() as session:
            calls.put(
                session,
                key=receipt_key("", "", body, "not-connected"),
                team_id="",
                method=calls.RESPOND,
                arguments={"url": address, "body": {**told, "replace_original": False}},
                now=self._parts.clock(),
            )

    def _tell(self, heard: Heard, text: str) -> None:
        """Says something to the person whose handler failed; when even that fails it is logged."""
        if not heard.user_id:
            return
        try:
            with heard.writing() as session:
                heard.tell(session, escape(text))
        except Repeated:
            log.info("the same was said before")
        except Exception as error:
            apologies.in_words(error)


def _id(found: object) -> str:
    """What Bolt found where Slack puts an id; empty where it is none."""
    return found if isinstance(found, str) else ""


def _name(handler: Handler) -> str:
    return f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}"


def _acknowledge(kind: Kind, ack: Ack, answer: Answer) -> BoltResponse:
    """Only some kinds of answers carry something."""
    if kind == "options":
        return ack(**(answer or {"options": []}))
    if kind in ("command", "view"):
        block_checks.report(f"the answer to a {kind}", answer or {})
        return ack(**(answer or {}))
    return ack()


def _is_of_interest(event: Mapping[str, Any], identity: Identity | None) -> bool:
    """Not what the app itself said, nor where it is not, nor messages that nobody wrote."""
    kind = event.get("type")
    if kind in LAST_WORDS:
        return True
    if identity is None:
        return False
    if kind == "message" and event.get("subtype") not in SUBTYPES:
        return False
    return kind in MEMBERSHIP or not _is_own(event, identity)


def _is_own(event: Mapping[str, Any], identity: Identity) -> bool:
    """Whether the app did it; that its messages are deleted, others do as well."""
    inner = event.get("message") if event.get("subtype") == "message_changed" else event
    if not isinstance(inner, Mapping) or event.get("subtype") == "message_deleted":
        return False
    marks = (
        ("user", identity.bot_user_id), ("bot_id", identity.bot_id), ("app_id", identity.app_id)
    )  # fmt: skip
    return any(own and inner.get(name) == own for name, own in marks)


def _sent_unknown(_: Heard) -> Answer:
    raise Unavailable(OLD_FORM)


def _clicked_unknown(heard: Heard) -> Answer:
    """A link that opens in the browser is told of too, and needs no answer; another button that
    nobody knows is of an older version."""
    actions = heard.body.get("actions") or [{}]
    first = actions[0] if isinstance(actions, list) else {}
    action_id = str(first.get("action_id", "")) if isinstance(first, Mapping) else ""
    if action_id.endswith(".open") or first.get("type") != "button":
        return None
    with heard.writing() as session:
        heard.tell(session, OLD_BUTTON)
    return None
