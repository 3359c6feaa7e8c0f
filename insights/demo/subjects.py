"""What each note of the demo is about: its kind, customer, competitor and topic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from insights.demo.accounts import SIZES, Account
from insights.demo.organisation import Organisation
from insights.demo.stories import (
    LOUD_ON_SUBJECT,
    LOUD_SUBJECT,
    PRICE_RAISER,
    PRICE_TOPIC,
    Story,
    competitor_factor,
    price_factor,
)
from insights.demo.tables import in_region, read_table, spread

KINDS = ("competitor", "challenge", "opportunity", "preference")
_KIND_SHARES = spread({"competitor": 38, "challenge": 27, "opportunity": 20, "preference": 15})
_ACCOUNT_SHARE = 0.32
_STORY_ACCOUNT_SHARE = 0.65
_INDUSTRY_KNOWN, _SIZE_KNOWN = 0.85, 0.5


@dataclass(frozen=True, slots=True)
class Subject:
    """What a note is about. `topic` names a rule of the grammar; `segments` are the author's."""

    kind: str
    topic: str
    territory: str
    industry: str
    size: str
    competitor: str
    account: Account | None
    segments: tuple[str, ...]


class Subjects:
    """Draws subjects; all proportions are tables made once and kept."""

    def __init__(self, organisation: Organisation, random: Callable[[], float]) -> None:
        self._random = random
        self._catalogue = read_table("catalogue")
        self._topics: dict[str, Any] = {kind: read_table(f"words_{kind}") for kind in KINDS}
        self._region_of = {one.key: one.parent or "" for one in organisation.territories}
        self._accounts: dict[tuple[str, str], list[Account]] = {}
        for account in organisation.accounts:
            for industry in ("", account.industry):
                self._accounts.setdefault((account.territory, industry), []).append(account)
        self._competitor_table = lru_cache(maxsize=1000)(self._make_competitor_table)
        self._topic_table = lru_cache(maxsize=5000)(self._make_topic_table)
        self._industry_table = lru_cache(maxsize=100)(self._make_industry_table)

    def draw(
        self, territory: str, day: date, days_ago: int, story: Story | None, *, loud: bool
    ) -> Subject:
        """The subject of one note in a territory on a day."""
        random = self._random
        account = self._account(territory, story)
        size = account.size if account else SIZES[int(random() * len(SIZES))]
        kinds = story.kinds if story else _KIND_SHARES
        kind = kinds[int(random() * len(kinds))]
        industry = account.industry if account else self._industry(territory, story)
        if loud and random() < LOUD_ON_SUBJECT:
            kind, competitor = "competitor", LOUD_SUBJECT
        elif story and story.competitor:
            competitor = story.competitor
        else:
            table = self._competitor_table(self._region_of[territory], days_ago // 7)
            competitor = table[int(random() * len(table))]
        topic = story.key if story else self._topic(kind, industry, day, days_ago, competitor)
        segments = self._segments(account, industry, size, story)
        return Subject(kind, topic, territory, industry, size, competitor, account, segments)

    def _account(self, territory: str, story: Story | None) -> Account | None:
        if self._random() >= (_STORY_ACCOUNT_SHARE if story else _ACCOUNT_SHARE):
            return None
        accounts = self._accounts[territory, story.industry if story else ""]
        return accounts[int(self._random() * len(accounts))]

    def _industry(self, territory: str, story: Story | None) -> str:
        if story:
            return story.industry
        table = self._industry_table(self._region_of[territory])
        return table[int(self._random() * len(table))]

    def _topic(self, kind: str, industry: str, day: date, days_ago: int, competitor: str) -> str:
        week = days_ago // 7 if kind == "competitor" and competitor == PRICE_RAISER else None
        table = self._topic_table(kind, industry, day.month, week)
        return table[int(self._random() * len(table))]

    def _segments(
        self, account: Account | None, industry: str, size: str, story: Story | None
    ) -> tuple[str, ...]:
        if account:
            return (industry, size)
        known = [industry] if story or self._random() < _INDUSTRY_KNOWN else []
        return (*known, size) if self._random() < _SIZE_KNOWN else tuple(known)

    def _make_industry_table(self, region: str) -> tuple[str, ...]:
        industries = self._catalogue["industries"].items()
        return spread({key: in_region(entry, region) for key, entry in industries})

    def _make_competitor_table(self, region: str, weeks_ago: int) -> tuple[str, ...]:
        return spread(
            {
                one["key"]: in_region(one, region) * competitor_factor(one["key"], weeks_ago * 7)
                for one in self._catalogue["competitors"]
            }
        )

    def _make_topic_table(
        self, kind: str, industry: str, month: int, price_weeks_ago: int | None
    ) -> tuple[str, ...]:
        """Topics of a kind for customers of an industry in a month; a number of weeks is given
        for the competitor whose price complaints rise."""
        weights = {}
        for key, topic in self._topics[kind].items():
            if industry in topic.get("industries", (industry,)):
                weight = topic["weight"] * topic.get("months", {}).get(str(month), 1)
                if key == PRICE_TOPIC and price_weeks_ago is not None:
                    weight *= price_factor(price_weeks_ago * 7)
                weights[f"{kind} {key}"] = weight
        return spread(weights)
