"""What a failed call to Slack means for what was to be sent, and who can mend it how."""

from collections.abc import Mapping

from insights.errors import Unavailable
from insights.services.deliveries import Broken, Failed, Later, Outcome, Refused
from integrations.slack import channels
from integrations.slack.gateway import DEAD_TOKENS, REMEDY, SlackBusy, SlackRefused, SlackSilent

_GONE_PERSON = "This person can no longer be written to in Slack. Send the route to somebody else."
_CLOSED: Mapping[str, str] = {
    "not_in_channel": channels.NOT_IN,
    "channel_not_found": (
        "The app does not find this channel. If it is private, write “/invite @insight” there; if "
        "it was deleted, send the route to another one."
    ),
    "is_archived": channels.ARCHIVED,
    "user_not_found": _GONE_PERSON,
    "user_disabled": _GONE_PERSON,
    "user_not_visible": _GONE_PERSON,
    "cannot_dm_bot": _GONE_PERSON,
    **{code: f"{words} {REMEDY}" for code, words in DEAD_TOKENS.items()},
}
_RESTRICTED = (
    "Only some people may post in this channel. Allow the app to, or send the route elsewhere."
)
_PASSING = frozenset({"rate_limited", "team_added_to_org", "org_login_required"})


def outcome_of(error: SlackBusy | SlackSilent | SlackRefused | Unavailable) -> Outcome:
    """The outcome, with the remedy where somebody has to do something."""
    match error:
        case SlackBusy():
            return Later("Slack asks to wait.", error.retry_after)
        case SlackSilent():
            return Failed(f"Slack does not answer ({error}).")
        case SlackRefused():
            return _refused(error)
        case Unavailable():
            return Broken(error.message)


def _refused(error: SlackRefused) -> Outcome:
    if error.code in _PASSING:
        return Failed(f"Slack cannot take it just now ({error.code}).")
    if error.code in _CLOSED:
        return Broken(_CLOSED[error.code])
    if error.code.startswith("restricted_action"):
        return Broken(_RESTRICTED)
    if error.code == "missing_scope":
        return Broken(f"The app lacks the scope {error.needed}. Install it again to grant it.")
    return Refused(f"Slack refuses the message ({error.code}).")
