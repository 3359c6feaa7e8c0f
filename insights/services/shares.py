"""Share of voice: which part of all mentions each competitor, or product, has.

A note that names two competitors mentions each of them once, so the shares of all add up to one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from insights.search.engine import Reader
from insights.services import catalogue
from insights.services.access import Actor
from insights.services.catalogue import Item
from insights.services.volumes import Series, View, Weeks, most_first, weekly_tags

MOST_VOICES = 5


@dataclass(frozen=True)
class Shares:
    """The mentions of the five that lead, most first, of all others together, and of all.

    `rest` is empty when there are no more than five.
    """

    leading: Sequence[Series]
    rest: Series
    everyone: Series

    @property
    def total(self) -> int:
        """All mentions of all weeks."""
        return self.everyone.total

    def over_time(self, voice: Series) -> list[float | None]:
        """The share of one of them, between 0 and 1, in the four weeks up to each week from the
        fourth on; None where nobody was mentioned in these weeks."""
        windows = zip(voice.windows, self.everyone.windows, strict=True)
        return [count / everyone if everyone else None for count, everyone in windows]


def competitor_shares(
    session: Session, actor: Actor, reader: Reader, view: View, *, weeks: Weeks
) -> Shares:
    """The competitors' shares in a view's notes. One request to the index.

    A competitor that the view is about is compared with all others: its own notes alone would say
    nothing about it. It is always among the leading five. Raises Unavailable without an index.
    """
    about = view.competitor_id
    mentions = weekly_tags(
        actor, reader, replace(view, competitor_id=None), "competitor_id", weeks=weeks
    )
    return _shares(catalogue.current(session).competitors, mentions, about, weeks)


def product_shares(
    session: Session, actor: Actor, reader: Reader, view: View, *, weeks: Weeks
) -> Shares:
    """The products' shares in a view's notes, as `competitor_shares` has those of competitors."""
    about = view.product_id
    mentions = weekly_tags(actor, reader, replace(view, product_id=None), "product_id", weeks=weeks)
    return _shares(catalogue.current(session).products, mentions, about, weeks)


def _shares(
    items: Mapping[int, Item],
    mentions: Mapping[int, Sequence[int]],
    about: int | None,
    weeks: Weeks,
) -> Shares:
    voices = most_first(
        [Series(items[one], counts) for one, counts in mentions.items() if one in items]
    )
    leading = _leading(voices, about)
    others = [one for one in voices if one not in leading]
    return Shares(leading, _together(others, weeks), _together(voices, weeks))


def _leading(voices: Sequence[Series], about: int | None) -> list[Series]:
    """The first five; what the page is about takes the last place when it is not among them."""
    own = [one for one in voices[MOST_VOICES:] if one.item is not None and one.item.id == about]
    return [*voices[: MOST_VOICES - len(own)], *own]


def _together(voices: Sequence[Series], weeks: Weeks) -> Series:
    by_week = zip(*(one.weeks for one in voices), strict=True)
    return Series(None, [sum(week) for week in by_week] or [0] * weeks.count)
