"""The demo's prose: from a subject and a voice to the text of a note."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from insights.demo.grammar import Choice, Grammar, expand
from insights.demo.organisation import Organisation
from insights.demo.stories import FADING, NEWCOMER
from insights.demo.subjects import KINDS, Subject
from insights.demo.tables import read_table
from insights.demo.voices import Voice

SHORTEST, LONGEST = 8, 90
# Of ten mentions of a competitor, how many use its proper name; the rest share the aliases.
_PROPER_NAMES = 7
_ADDED = 0.2
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


def _numbers() -> dict[str, list[str]]:
    """Rules for figures, which nobody wants to write down one by one."""
    return {
        "pct": [text for n in range(5, 48) for text in (f"{n}%", f"{n} percent")],
        "rate": [text for n in range(19, 96) for text in (f"${n}", f"${n}", f"{n} dollars")],
        "sum": [text for n in range(6, 98) for text in (f"${n * 100:,}", f"${n / 10:.1f}k")],
        "value": [f"${n},000" for n in range(18, 240, 3)],
        "count": [str(n) for n in range(12, 340)],
        "hours": [f"{n} hours" for n in range(2, 12)]
        + ["90 minutes", "half a day", "most of a day", "an entire shift", "a whole morning"],
    }


class Prose:
    """Writes texts; the same random numbers give the same texts."""

    def __init__(self, organisation: Organisation, random: Callable[[], float]) -> None:
        self._random = random
        shared = read_table("words_shared")
        grammar = Grammar(_numbers() | shared)
        self._shared = {name: grammar.rule(name) for name in shared}
        self._cores, self._more = _compile_topics(grammar)
        catalogue = read_table("catalogue")
        self._industries: Mapping[str, Any] = catalogue["industries"]
        self._states: dict[str, tuple[str, list[str]]] = {
            code: (name, cities) for code, name, _, _, _, cities in read_table("states")
        }
        self._mentions = {
            one.key: _mentions(one.name, one.aliases) for one in organisation.competitors
        }
        # Naming the newcomer or the one that fades in passing would blur their stories.
        self._rivals = [key for key in self._mentions if key not in (NEWCOMER, FADING)]
        self._products = {
            one.competitor: (one.name, *one.aliases)
            for one in organisation.products
            if one.competitor
        }

    def note(self, subject: Subject, voice: Voice) -> str:
        """A note of SHORTEST to LONGEST words about the subject."""
        random = self._random
        slots = self._slots(subject)
        sentences = [
            sentence
            for part in voice.plan(random)
            if (sentence := self._part(part, subject, slots))
        ]
        while _words(sentences) < SHORTEST:
            sentences.append(self._shared_part("colour", slots))
        while _words(sentences) > LONGEST:
            sentences.pop()
        if random() < voice.sign_off:
            sentences.append(self._shared_part("signoff", slots))
        return voice.roughen(voice.join(sentences), random)

    def comment(self, subject: Subject) -> str:
        """A short answer to a note about the subject."""
        text = self._shared_part("comment", self._slots(subject))
        return text[0].upper() + text[1:]

    def copy(self, text: str, subject: Subject) -> str:
        """A note as somebody else copies it: with a word before or after, rarely untouched."""
        drawn, slots = self._random(), self._slots(subject)
        if drawn < 0.1:
            return text
        if drawn < 0.5:
            return f"{self._shared_part('copied', slots)} {text}"
        return f"{text} {self._shared_part('copied_tail', slots)}"

    def _part(self, part: str, subject: Subject, slots: dict[str, str]) -> str:
        random = self._random
        if part == "core":
            text = expand(self._cores[subject.topic], slots, random)
            self._introduce(subject, slots)
            return text
        if part == "open":
            text = self._shared_part("opening", slots)
            self._introduce(subject, slots)
            return text
        if part != "more":
            return self._shared_part(part, slots)
        text = expand(self._more[subject.topic], slots, random)
        if random() < _ADDED:
            return f"{self._shared_part('added', slots)} {text}"
        return text

    def _shared_part(self, rule: str, slots: dict[str, str]) -> str:
        return expand(self._shared[rule], slots, self._random)

    def _introduce(self, subject: Subject, slots: dict[str, str]) -> None:
        """Once named, the customer is spoken of in fewer words."""
        slots["who"] = self._pick(_AGAIN)
        if subject.account and self._random() < 0.3:
            slots["customer"] = subject.account.name.rsplit(" ", 1)[0]
        else:
            slots["customer"] = f"the {slots['site']}"

    def _slots(self, subject: Subject) -> dict[str, str]:
        pick, industry = self._pick, self._industries[subject.industry]
        state, cities = self._states[subject.territory]
        customer = subject.account.name if subject.account else self._describe(subject, industry)
        return {
            "customer": customer,
            "who": customer,
            "contact": pick(industry["contact"]),
            "city": pick(cities),
            "state": state,
            "site": pick(industry["site"]),
            "sites": pick(industry["sites"]),
            "staff": pick(industry["staff"]),
            "system": pick(industry["system"]),
            "own": pick(industry["own"]),
            "rival": pick(self._mentions[subject.competitor]),
            "rival2": pick(self._mentions[self._other(subject.competitor)]),
            "rivalproduct": pick(self._products[subject.competitor]),
        }

    def _describe(self, subject: Subject, industry: Any) -> str:
        """A customer without a name: "a growing dental group by the airport"."""
        article, noun = self._pick(industry["who"]).split(" ", 1)
        adjective = self._pick(_ADJECTIVES[subject.size])
        return f"{'a' if adjective else article} {adjective}{noun}{self._pick(_WHEREABOUTS)}"

    def _other(self, competitor: str) -> str:
        return self._pick([one for one in self._rivals if one != competitor])

    def _pick(self, options: Sequence[str]) -> str:
        return options[int(self._random() * len(options))]


def _compile_topics(grammar: Grammar) -> tuple[dict[str, Choice], dict[str, Choice]]:
    cores, more = {}, {}
    for kind in (*KINDS, "story"):
        for key, topic in read_table(f"words_{kind}").items():
            name = key if kind == "story" else f"{kind} {key}"
            cores[name] = grammar.compile(topic["core"])
            more[name] = grammar.compile(topic["more"])
    return cores, more


def _mentions(name: str, aliases: tuple[str, ...]) -> tuple[str, ...]:
    others = 10 - _PROPER_NAMES
    return (name,) * (_PROPER_NAMES * len(aliases)) + aliases * others


def _words(sentences: list[str]) -> int:
    return sum(sentence.count(" ") + 1 for sentence in sentences)
