"""Letters about battlecards: what somebody is told of them, in words."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import battlecard_checks
from insights.services.access import Actor
from insights.services.battlecard_checks import LABELS, CheckView
from insights.services.letter import Choice, Leads, Letter
from insights.text import shorten

_QUOTED = 90


def check(session: Session, reader: Actor, subject: str) -> Letter | None:
    """“Still true?”, asked of the reader (the number of the check).

    None once its line was taken off the card or is sealed from the reader; without choices once
    they have answered.
    """
    try:
        found = battlecard_checks.get(session, reader, check_id=int(subject))
    except NotFound:
        return None
    if found.line.archived_at is not None:
        return None
    return Letter(
        title=f"Still true of {shorten(found.line.competitor.name, 40)}? "
        f"{shorten(found.line.text, _QUOTED)}",
        lines=list(_lines(found)),
        leads=Leads.COMPETITOR,
        key=found.line.competitor.slug,
        choices=()
        if found.verdict is not None
        else [Choice(verdict.value, label) for verdict, label in LABELS.items()],
    )


def _lines(found: CheckView) -> Iterator[str]:
    if len(found.line.text) > _QUOTED:  # the headline does not hold all of it
        yield found.line.text
    if found.line.reply:
        yield f"Our answer: {found.line.reply}"
    if found.verdict is not None:
        yield f"You have said: {LABELS[found.verdict].lower()}."
        return
    where = f" in {found.place.name}" if found.place else ""
    yield f"You are asked because it was heard{where} ({found.line.freshness.words})."
