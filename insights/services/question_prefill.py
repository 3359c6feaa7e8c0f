"""A question to the field made of a search that found nothing, for a person to go over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.errors import InsightsError
from insights.search.engine import Reader
from insights.services import access_work, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.names import one_line
from insights.services.question_asking import LONGEST_TEXT
from insights.services.search_choice import SearchChoice
from insights.services.search_request import understood
from insights.tagging.dictionary import TagKind
from insights.text import shorten

_ROOM = LONGEST_TEXT - 40


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the form begins with; nothing of it is asked yet."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    territory_ids: tuple[int, ...] = ()
    segment_ids: tuple[int, ...] = ()


def prefill(
    session: Session, actor: Actor, reader: Reader, query: str, *, zone: ZoneInfo, now: datetime
) -> Prefill:
    """A question about what the search is for, aimed at the territories that it names.

    A manager's is aimed at their own part in any case. A search that cannot be understood is quoted
    as it was typed.
    """
    known, typed = catalogue.current(session), one_line(query)
    choice = _understood(session, actor, reader, typed, zone=zone, now=now)
    named = known.dictionary.tags(choice.text)
    places = [_id(known.find_territory(one)) for one in choice.territory]
    segments = [_id(known.find_segment(one)) for one in choice.segment]
    words = shorten(choice.text or typed, _ROOM)
    return Prefill(
        text=f"What do you hear about “{words}”?" if words else "",
        kinds=choice.kind,
        territory_ids=_aim(known, actor, [*places, *named[TagKind.TERRITORY]]),
        segment_ids=_known([*segments, *named[TagKind.SEGMENT]]),
    )


def _understood(
    session: Session, actor: Actor, reader: Reader, typed: str, *, zone: ZoneInfo, now: datetime
) -> SearchChoice:
    plain = SearchChoice(text=typed)
    try:
        return understood(session, actor, reader, plain, zone=zone, now=now).choice
    except InsightsError:
        return plain


def _id(item: catalogue.Item | None) -> int | None:
    return item.id if item and not item.archived else None


def _known(ids: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one for one in ids if one is not None))


def _aim(known: Catalogue, actor: Actor, named: Iterable[int | None]) -> tuple[int, ...]:
    chosen = _known(named)
    if access_work.may_ask(actor, ()):
        return chosen
    own = tuple(one for one in chosen if actor.manages(one))
    return own or tuple(one for one in actor.held if not known.territories[one].archived)
