"""The stories planted in the demo's year, which trends and searches should bring to light.

1. Ionfield, a newcomer, makes inroads with healthcare customers in Georgia, in the last five weeks.
2. Loads are stolen from trucking companies all over the Southeast, in the last six weeks.
3. Complaints that Veloquent raises its prices grow slowly over the whole year.
4. Ostervane, strong a year ago, fades.

And one that is none: a single loud reporter writes about Harrowlink all year, more than anybody.
"""

from dataclasses import dataclass
from random import Random

NEWCOMER, PRICE_RAISER, FADING, LOUD_SUBJECT = "ionfield", "veloquent", "ostervane", "harrowlink"
PRICE_TOPIC = "pricerise"
_LOUD_SHARE = 0.045
LOUD_ON_SUBJECT = 0.6


@dataclass(frozen=True, slots=True)
class Story:
    """A planted story: its share of all notes is `before`, and rises from `first` to `last` in
    its last days."""

    key: str
    industry: str
    territory: str | None
    days: int
    before: float
    first: float
    last: float
    kinds: tuple[str, ...]
    competitor: str | None

    def share(self, days_ago: int) -> float:
        """The story's share of the notes of a day."""
        if days_ago >= self.days:
            return self.before
        return self.first + (self.last - self.first) * (1 - days_ago / self.days)


INROADS = Story(
    key="ionfield",
    industry="healthcare",
    territory="GA",
    days=35,
    before=0.0,
    first=0.018,
    last=0.045,
    kinds=("competitor",) * 8 + ("challenge", "preference"),
    competitor=NEWCOMER,
)
LOAD_THEFT = Story(
    key="loadtheft",
    industry="trucking",
    territory=None,
    days=42,
    before=0.001,
    first=0.022,
    last=0.06,
    kinds=("challenge",) * 8 + ("opportunity",) * 2,
    competitor=None,
)
THEFT_REGION = "southeast"


class Plots:
    """Deals out the notes that belong to a story, evenly and in the promised shares."""

    def __init__(self, random: Random) -> None:
        self._due = {INROADS.key: random.random(), LOAD_THEFT.key: random.random()}
        self._loud_due = random.random()

    def next_story(self, days_ago: int) -> Story | None:
        """The story of the next note, if it has one."""
        for story in (INROADS, LOAD_THEFT):
            self._due[story.key] += story.share(days_ago)
            if self._due[story.key] >= 1:
                self._due[story.key] -= 1
                return story
        return None

    def is_loud(self) -> bool:
        """Whether the loud reporter writes the next note."""
        self._loud_due += _LOUD_SHARE
        if self._loud_due < 1:
            return False
        self._loud_due -= 1
        return True


def competitor_factor(competitor: str, days_ago: int) -> float:
    """By how much a competitor is spoken of more or less than usual, so long before the end."""
    gone = 1 - days_ago / 365
    if competitor == FADING:
        return max(0.05, 1 - 1.05 * gone)
    if competitor == NEWCOMER:
        return 0.0 if days_ago > 120 else 1.0
    return 1.0


def price_factor(days_ago: int) -> float:
    """By how much complaints about the price raiser's prices outnumber those about others."""
    return 1 + 40 * (1 - days_ago / 365)
