"""How each person writes: long or short, tidy or in a hurry, with abbreviations and errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from insights.demo.tables import spread

# What a note consists of, in order; `core` says what was observed.
_PLANS: dict[str, tuple[float, float, float]] = {
    # plan: weight for writers of short, middling and long notes
    "core": (30, 14, 2),
    "opening core": (14, 12, 4),
    "core more": (22, 15, 6),
    "core followup": (14, 10, 4),
    "core quote": (5, 7, 4),
    "core colour": (10, 9, 4),
    "opening core more": (4, 10, 12),
    "opening core followup": (3, 8, 8),
    "core more followup": (4, 8, 8),
    "core colour followup": (2, 5, 6),
    "opening core quote": (0, 4, 7),
    "opening core more colour": (0, 5, 10),
    "opening core quote followup": (0, 3, 8),
    "opening core more quote followup": (0, 2, 12),
    "opening core colour more followup": (0, 1, 12),
    "opening colour core quote more followup": (0, 0.5, 8),
}
_ABBREVIATIONS = (
    ("customer", "cust"), ("with ", "w/ "), ("without", "w/o"), ("because ", "bc "),
    ("month ", "mo "), ("contract ", "contr "), ("competitor", "comp"), ("manager", "mgr"),
    ("internet", "inet"), ("appointment", "appt"), ("meeting", "mtg"), ("location", "loc"),
    ("hours", "hrs"), ("minutes", "min"), ("weeks", "wks"), ("percent", "pct"),
    ("quarter", "qtr"), ("business", "biz"), ("please", "pls"), ("tomorrow", "tmrw"),
    ("through", "thru"), ("office", "ofc"), ("and ", "& "), ("years", "yrs"), ("before", "b4"),
    ("account", "acct"), ("install ", "inst "), ("service", "svc"), ("about ", "abt "),
)  # fmt: skip
_TYPING_ERRORS = (
    ("the ", "teh "), ("and ", "adn "), ("with ", "wiht "), ("their", "thier"),
    ("that ", "taht "), ("customer", "cusotmer"), ("about", "abuot"), ("because", "becuase"),
    ("for ", "fro "), ("they ", "tehy "), ("from ", "form "), ("said", "siad"),
    ("install", "instal"), ("really", "realy"), ("month", "mounth"), ("asked", "askd"),
    ("again", "agian"), ("contract ", "contarct "), ("wants", "wnats"), ("before", "befor"),
    ("their ", "there "), ("losing", "loosing"), ("weeks", "weaks"), ("price", "prcie"),
)  # fmt: skip
_JOINERS = (". ", ". ", ". ", ". ", "; ", " - ", ", ", "\n", "... ", " / ")


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's way of writing."""

    plans: Sequence[str]
    joiner: str
    capitals: bool
    full_stop: str
    abbreviations: tuple[tuple[str, str], ...]
    typing_errors: float
    sign_off: float

    def plan(self, random: Callable[[], float]) -> list[str]:
        """The parts of the next note."""
        return self.plans[int(random() * len(self.plans))].split()

    def join(self, sentences: list[str]) -> str:
        """The sentences as one text; each begins with a capital in tidy writing."""
        if self.capitals:
            sentences = [sentence[:1].upper() + sentence[1:] for sentence in sentences]
        return self.joiner.join(sentences) + self.full_stop

    def roughen(self, text: str, random: Callable[[], float]) -> str:
        """The text with this person's abbreviations and, now and then, a typing error."""
        # Where a word begins, so that Oakland stays what it is.
        for word, short in self.abbreviations:
            text = text.replace(f" {word}", f" {short}")
        if random() < self.typing_errors:
            for _ in range(3):
                right, wrong = _TYPING_ERRORS[int(random() * len(_TYPING_ERRORS))]
                text = text.replace(f" {right}", f" {wrong}", 1)
        return text


def make_voice(random: Random) -> Voice:
    """A voice drawn at random; half of all people write tidily."""
    length = random.choice((0, 1, 1, 1, 2))
    tidy = random.random() < 0.5
    joiner = ". " if tidy else random.choice(_JOINERS)
    ends_sentences = tidy or joiner in (". ", "\n")
    return Voice(
        plans=spread({plan: weights[length] for plan, weights in _PLANS.items()}),
        joiner=joiner,
        capitals=ends_sentences and (tidy or random.random() < 0.6),
        full_stop="." if ends_sentences else "",
        abbreviations=() if tidy else tuple(random.sample(_ABBREVIATIONS, random.randint(2, 9))),
        typing_errors=0.03 if tidy else random.uniform(0.1, 0.4),
        sign_off=0.0 if tidy else random.choice((0, 0, 0.02, 0.05)),
    )
