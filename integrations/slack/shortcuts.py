"""Ways to the form besides the command: the shortcuts, and the button of the app's own page."""

from collections.abc import Mapping

from integrations.slack import saved_messages
from integrations.slack.capture_fields import LONGEST_TEXT
from integrations.slack.capture_form import Asked, open_form
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners

A_NOTE = "This is a note already. Use its buttons, or open it to say more."
NO_MESSAGE = "This message has no text to save. Write what it says with /insight."


def register(listeners: Listeners) -> None:
    """Puts the handlers where Slack's shortcuts and clicks arrive."""
    listeners.shortcut("insight_capture")(capture)
    listeners.shortcut("insight_save_message")(save_message)
    listeners.action("home.capture")(capture)


def capture(heard: Heard) -> Answer:
    """Opens an empty form."""
    open_form(heard, Asked())
    return None


def save_message(heard: Heard) -> Answer:
    """Opens the form with what a message said, as a note of its own."""
    message, channel = heard.body.get("message"), heard.body.get("channel")
    channel_id = str(channel.get("id", "")) if isinstance(channel, Mapping) else ""
    told = message if isinstance(message, Mapping) else {}
    if told.get("app_id") and told.get("app_id") == heard.body.get("api_app_id"):
        return _refused(heard, A_NOTE)
    saved = saved_messages.message_of(heard.team_id, channel_id, told)
    text = ""
    if saved is not None:
        with heard.reading() as session:
            text = saved_messages.words(
                session, saved, told, saver_id=heard.user_id, most=LONGEST_TEXT
            )
    if not text:
        return _refused(heard, NO_MESSAGE)
    open_form(heard, Asked(text, channel_id, saved, heard=told.get("user") != heard.user_id))
    return None


def _refused(heard: Heard, reason: str) -> Answer:
    with heard.writing() as session:
        heard.tell(session, reason)
    return None
