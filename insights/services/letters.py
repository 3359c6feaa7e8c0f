"""Letters: by what is told, who puts it in words for its reader.

Each gives None when there is nothing to tell any more, or nothing that the reader may see.
"""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from insights.models import TellingMatter
from insights.services import battlecard_letters, handover_letters, question_letters, topic_letters
from insights.services.access import Actor
from insights.services.letter import Letter

WRITERS: Mapping[TellingMatter, Callable[[Session, Actor, str], Letter | None]] = {
    TellingMatter.OUTCOME: topic_letters.outcome,
    TellingMatter.TOPIC: topic_letters.given,
    TellingMatter.QUESTION: question_letters.asked,
    TellingMatter.QUESTION_SUMMARY: question_letters.summary,
    TellingMatter.CHECK: battlecard_letters.check,
    TellingMatter.HANDOVER: handover_letters.received,
    TellingMatter.HANDOVER_INTERVIEW: handover_letters.interview,
}


def letter(session: Session, reader: Actor, matter: TellingMatter, subject: str) -> Letter | None:
    """What is told, as the reader may see it at this moment."""
    return WRITERS[matter](session, reader, subject)
