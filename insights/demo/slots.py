"""What fills the gaps in the demo's sentences: customers, places, products and competitors."""

from collections.abc import Callable, Sequence

from insights.demo.organisation import Organisation
from insights.demo.stories import FADING, NEWCOMER
from insights.demo.subjects import Subject
from insights.demo.tables import read_table

# Of ten mentions of a competitor, how many use its proper name; the rest share the aliases.
_PROPER_NAMES = 7
_BY_INDUSTRY = ("contact", "site", "sites", "staff", "system", "own")
_ADJECTIVES: dict[str, tuple[str, ...]] = {
    "small": ("", "", "small ", "family-run ", "two-person ", "new ", "struggling "),
    "mid-market": ("", "", "mid-size ", "growing ", "regional ", "busy "),
    "enterprise": ("", "large ", "multi-state ", "big ", "publicly traded "),
}
_WHEREABOUTS = (
    "", "", "", "", "", " off the interstate", " by the airport", " on the edge of town",
    " downtown", " across from the courthouse", " near the river", " in the industrial park",
    " on the north side", " next to the mall", " out by the county line",
)  # fmt: skip
_AGAIN = ("the customer", "the customer", "this account", "customer", "this one", "the client")

Options = tuple[tuple[str, Sequence[str]], ...]


class SlotFiller:
    """Draws the words for one note; within a note they stay the same."""

    def __init__(self, organisation: Organisation, random: Callable[[], float]) -> None:
        self._random = random
        industries = read_table("catalogue")["industries"]
        self._customers: dict[str, list[str]] = {
            key: entry["who"] for key, entry in industries.items()
        }
        self._by_industry: dict[str, Options] = {
            key: tuple((slot, entry[slot]) for slot in _BY_INDUSTRY)
            for key, entry in industries.items()
        }
        self._by_state: dict[str, Options] = {
            code: (("state", (name,)), ("city", cities))
            for code, name, _, _, _, cities in read_table("states")
        }
        self._by_competitor = _by_competitor(organisation)

    def fill(self, subject: Subject) -> dict[str, str]:
        """Words for all slots of the grammar."""
        random = self._random
        tables = (
            self._by_industry[subject.industry],
            self._by_state[subject.territory],
            self._by_competitor[subject.competitor],
        )
        slots = {
            slot: options[int(random() * len(options))]
            for table in tables
            for slot, options in table
        }
        slots["customer"] = subject.account.name if subject.account else self._describe(subject)
        slots["who"] = slots["customer"]
        return slots

    def introduce(self, subject: Subject, slots: dict[str, str]) -> None:
        """Once named, the customer is spoken of in fewer words."""
        slots["who"] = self._pick(_AGAIN)
        if subject.account and self._random() < 0.3:
            slots["customer"] = subject.account.name.rsplit(" ", 1)[0]
        else:
            slots["customer"] = f"the {slots['site']}"

    def _describe(self, subject: Subject) -> str:
        """A customer without a name: "a growing dental group by the airport"."""
        article, noun = self._pick(self._customers[subject.industry]).split(" ", 1)
        adjective = self._pick(_ADJECTIVES[subject.size])
        return f"{'a' if adjective else article} {adjective}{noun}{self._pick(_WHEREABOUTS)}"

    def _pick(self, options: Sequence[str]) -> str:
        return options[int(self._random() * len(options))]


def _by_competitor(organisation: Organisation) -> dict[str, Options]:
    """Names of each competitor, of another one named in passing, and of its product."""
    mentions = {one.key: _mentions(one.name, one.aliases) for one in organisation.competitors}
    products = {
        one.competitor: (one.name, *one.aliases) for one in organisation.products if one.competitor
    }
    # Naming the newcomer or the one that fades in passing would blur their stories.
    passing = [key for key in mentions if key not in (NEWCOMER, FADING)]
    return {
        key: (
            ("rival", mentions[key]),
            ("rival2", [name for other in passing if other != key for name in mentions[other]]),
            ("rivalproduct", products[key]),
        )
        for key in mentions
    }


def _mentions(name: str, aliases: tuple[str, ...]) -> tuple[str, ...]:
    return (name,) * (_PROPER_NAMES * len(aliases)) + aliases * (10 - _PROPER_NAMES)
