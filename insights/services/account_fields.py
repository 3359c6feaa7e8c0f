"""What is typed of an account's state and sort of team, in the form in which rules look for it."""

from insights.errors import Invalid
from insights.models import TeamType
from insights.services import lookup, names
from insights.text import fold

LONGEST_STATE = 40
# Up to this many characters a state is a sign, as in GA or NSW.
LONGEST_SIGN = 3


def require_state(typed: str | None) -> str | None:
    """The state as it is stored: short signs in capitals, so that rules find `ga` as well as GA.

    None for nothing at all; raises Invalid(state) when it is too long.
    """
    state = names.one_line(typed or "")
    if len(state) > LONGEST_STATE:
        raise Invalid({"state": [f"A state has {LONGEST_STATE} characters at most."]})
    return (state.upper() if len(state) <= LONGEST_SIGN else state) or None


def require_team_type(typed: str | None) -> TeamType | None:
    """The sort of team of that word, however it is capitalised; None for nothing at all.

    Raises Invalid(team_type).
    """
    word = fold(names.one_line(typed or ""))
    if not word:
        return None
    if word not in set(TeamType):
        allowed = ", ".join(one.value for one in TeamType)
        raise Invalid({"team_type": [f"“{lookup.quoted(word)}” is none of: {allowed}."]})
    return TeamType(word)
