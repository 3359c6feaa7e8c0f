"""The shape of a guarded word as a form sends it."""

from insights.models import GuardAction, GuardMatch, GuardTopic
from insights.schemas.fields import Choice, InputSchema


class GuardWordChoices(InputSchema):
    """What is chosen about a word; the word and its advice are checked by the service."""

    topic = Choice(GuardTopic, required=True)
    match = Choice(GuardMatch, required=True)
    action = Choice(GuardAction, required=True)
