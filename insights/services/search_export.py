"""The notes of a search as a CSV file, in the order in which the search page lists them.

Which notes these are is asked of the index once, so that nothing moves while the file is written.
The notes themselves are read a batch at a time through the permission gate, as for every list.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.search.engine import Reader
from insights.services import exports, note_cards
from insights.services.access import Actor
from insights.services.note_cards import MOST_CARDS
from insights.services.search_choice import SearchChoice
from insights.services.search_request import understood

MOST_EXPORTED = 10_000


def found_ids(
    session: Session,
    actor: Actor,
    reader: Reader,
    choice: SearchChoice,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> list[UUID]:
    """The first 10,000 notes of a forgiving search in their order, wherever its page begins.

    Raises as `search` does.
    """
    asked = understood(session, actor, reader, replace(choice, offset=0), zone=zone, now=now)
    request = replace(asked.request(asked.tree), limit=MOST_EXPORTED, highlight=False)
    found, _ = asked.answer(reader, request, forgiving=True)
    return [hit.id for hit in found.hits]


def csv_lines(
    reading: Callable[[], AbstractContextManager[Session]], actor: Actor, ids: Sequence[UUID]
) -> Iterator[str]:
    """Those of the notes that the actor may see as pieces of a file (UTF-8).

    The file is written while it is read, longer than a request's session lasts: `reading` opens one
    for as long as it takes.
    """
    yield exports.csv_head()
    with reading() as session:
        for start in range(0, len(ids), MOST_CARDS):
            cards = note_cards.cards_of(session, actor, ids[start : start + MOST_CARDS])
            if cards:
                yield exports.csv_rows(session, actor, cards)
