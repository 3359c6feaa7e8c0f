"""The parts that pages of territories, competitors, segments and products share.

Figures come from the search index and may be missing while it is built; the newest notes come from
the database and are always there. Each counted row leads to the search that lists its notes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from flask import get_template_attribute, url_for

from insights.errors import Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import catalogue, note_cards
from insights.services.catalogue import Catalogue, Item
from insights.services.comparisons import Rate, Rates, rates_by_region
from insights.services.note_cards import NoteFilter
from insights.services.overview import (
    NO_NOTES,
    WEEKS,
    Overview,
    Ranked,
    Trend,
    leading_territories,
    overview,
    trends,
)
from insights.services.volumes import Tagged, View, Weeks, weeks_up_to
from insights.web.charts import (
    COMPANY,
    Chart,
    charts_of,
    own_dimension,
    percent,
    volume_data,
    volume_message,
)
from insights.web.note_cards import asked_position, is_partial, next_url, shown_all
from insights.web.periods import Period, after, asked_period, day_before

PAGE = 10
Field: TypeAlias = Literal["territory", "competitor", "segment", "product"]
SECTIONS: Mapping[Field, str] = {
    "territory": "territories",
    "competitor": "competitors",
    "segment": "segments",
    "product": "products",
}


@dataclass(frozen=True)
class Figures:
    """An overview as templates/components/figures.html takes it, of the page of `about`."""

    field: Field
    about: Item
    overview: Overview
    weeks: Sequence[Mapping[str, Any]]
    period: Period
    charts: Sequence[Chart]
    rates: Rates | None

    @property
    def first_day(self) -> date:
        """The Monday on which the weeks begin."""
        return self.overview.weeks[0].monday

    @property
    def last_day(self) -> date:
        """The Sunday on which they end."""
        return self.overview.weeks[-1].monday + timedelta(days=6)

    @property
    def earlier_url(self) -> str:
        """The same page with the weeks before."""
        return self.url_to(day_before(self.first_day))

    @property
    def later_url(self) -> str | None:
        """The same page with the weeks that follow; None at the present."""
        return None if self.period.is_present else self.url_to(after(self.first_day, WEEKS))

    def url_to(self, day: str) -> str:
        """The same page with the weeks up to a day."""
        return url_for(f"{SECTIONS[self.field]}.page", slug=self.about.slug, to=day)

    @property
    def total(self) -> int:
        """The notes of all weeks."""
        return self.overview.total

    @property
    def comparison(self) -> str:
        """The number of the weeks before, in words."""
        return f"{self.overview.earlier:,} in the {WEEKS} weeks before"

    @property
    def volume_message(self) -> str:
        """What the weeks show, in a sentence."""
        return volume_message(self.overview)

    @property
    def volumes(self) -> dict[str, Any]:
        """The notes by week and kind, for their drawing."""
        return volume_data(self.overview, is_present=self.period.is_present)

    @property
    def regions(self) -> dict[str, Any] | None:
        """Where it is named more often than elsewhere, as a bar list; None without a region that
        has notes enough to say so."""
        if self.rates is None or not self.rates.regions:
            return None
        rows = [
            _rate_row(one, one.region.name) | {"url": self._address("territory", one.region)}
            for one in self.rates.regions
        ]
        return {
            "title": f"Most often in {rows[0]['label']}: {rows[0]['comparison']} notes",
            "rows": [*rows, _rate_row(self.rates.company, COMPANY)],
        }

    @property
    def lists(self) -> list[dict[str, Any]]:
        """What leads, as bar lists with title and rows; empty ones are left out."""
        known = catalogue.current(db_session())
        lists = [
            self._list("competitor", "Competitors", self.overview.competitors),
            *self._segment_lists(known),
            self._list("product", "Products", self.overview.products),
        ]
        if self.field != "territory":
            leading = leading_territories(known, self.overview.territories)
            ranked = [Ranked(one.place, one.count) for one in leading]
            lists.insert(0, self._list("territory", "Territories", ranked))
        return [one for one in lists if one["rows"]]

    def _segment_lists(self, known: Catalogue) -> list[dict[str, Any]]:
        """One list for each dimension; on the page of a segment only for the other one."""
        own = own_dimension(self.about)
        return [
            self._list(
                "segment",
                name,
                [one for one in self.overview.segments if own_dimension(one.item) == dimension],
            )
            for dimension, name in known.dimensions.items()
            if dimension != own
        ]

    def _list(self, field: Field, title: str, ranked: Iterable[Ranked]) -> dict[str, Any]:
        rows = [
            {"label": one.item.name, "count": one.count, "url": self._address(field, one.item)}
            for one in ranked
        ]
        together = field == self.field != "segment"
        return {"title": "Named together with it" if together else title, "rows": rows}

    def _address(self, field: Field, item: Item) -> str:
        """The search that lists the counted notes.

        Two competitors in a search are alternatives, so nothing lists the notes that name both;
        the row then leads to the page of the other one.
        """
        if field == self.field != "segment":
            return url_for(f"{SECTIONS[field]}.page", slug=item.slug)
        chosen: dict[str, Any] = {self.field: [self.about.slug]}
        chosen.setdefault(field, []).append(item.slug)
        if not self.period.is_present:
            chosen["until"] = self.last_day.isoformat()
        return url_for("search.page", since=self.first_day.isoformat(), **chosen)


def page_parts(field: Field, about: Item) -> dict[str, Any]:
    """What the template of such a page is given: `figures`, `notes` and `next_url`."""
    return {
        "about": about,
        "figures": _figures(field, about),
        "continued": asked_position() is not None,
        **_newest(field, about),
    }


def further_notes(field: Field, about: Item) -> str | None:
    """The answer to "Show more" under the newest notes; None when a page is asked for."""
    if not (is_partial() and asked_position()):
        return None
    note_items = get_template_attribute("components/note.html", "note_items")
    items: str = note_items(**_newest(field, about))
    return items


def _newest(field: Field, about: Item) -> dict[str, Any]:
    named: dict[str, Any] = {f"{field}_id": about.id}
    chosen = NoteFilter(**named)
    found = note_cards.list_notes(db_session(), actor(), chosen, after=asked_position(), limit=PAGE)
    return {
        "notes": shown_all(found.cards),
        "next_url": next_url(found.next, slug=about.slug),
    }


def _figures(field: Field, about: Item) -> Figures | None:
    session = db_session()
    named: dict[str, Any] = {f"{field}_id": about.id}
    if field == "territory":
        named = {"territory_ids": catalogue.current(session).subtree(about.id)}
    zone, period = runtime().settings.zone, asked_period()
    shown = weeks_up_to(period.last_moment, zone, WEEKS)
    try:
        found = overview(
            session, actor(), runtime().reader, zone=zone, now=period.last_moment, **named
        )
        charts = charts_of(about, View(**named), found.total, shown, is_present=period.is_present)
        rates = _rates(found, shown) if field != "territory" else None
    except Unavailable:
        return None
    unfinished = found.weeks[-1] if period.is_present else None
    weeks = [
        {"start": week.monday, "counts": week.by_kind, "so_far": week is unfinished}
        for week in found.weeks
    ]
    return Figures(field, about, found, weeks, period, charts, rates)


def _rates(found: Overview, weeks: Weeks) -> Rates:
    return rates_by_region(db_session(), actor(), runtime().reader, found.territories, weeks=weeks)


def _rate_row(rate: Rate, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "count": 100 * rate.share,
        "value": percent(rate.share),
        "comparison": f"{rate.count:,} of {rate.notes:,}",
    }


def trend_rows(field: Field, tagged: Tagged, items: Iterable[Item]) -> list[dict[str, Any]]:
    """Items with address and trend, most notes first; without trends while there is no index."""
    zone = runtime().settings.zone
    try:
        found = trends(actor(), runtime().reader, tagged, zone=zone, now=now())
    except Unavailable:
        found = None
    rows = [trend_row(field, item, found) for item in items]
    return sorted(rows, key=lambda row: -row["trend"].total if row["trend"] else 0)


def trend_row(field: Field, item: Item, found: Mapping[int, Trend] | None) -> dict[str, Any]:
    """An item with its address and trend; the trend is None while there is no index."""
    return {
        "item": item,
        "url": url_for(f"{SECTIONS[field]}.page", slug=item.slug),
        "trend": None if found is None else found.get(item.id, NO_NOTES),
    }
