"""The demo's prose: from a subject and a voice to the text of a note."""

from collections.abc import Callable

from insights.demo.grammar import Choice, Grammar, expand
from insights.demo.organisation import Organisation
from insights.demo.slots import SlotFiller
from insights.demo.subjects import KINDS, Subject
from insights.demo.tables import read_table
from insights.demo.voices import Voice

# Counted without the signs that join sentences, which some count as words: 90 with them.
SHORTEST, LONGEST = 8, 84
_ADDED = 0.2
_COPIED_UNTOUCHED, _COPIED_WITH_HEAD = 0.1, 0.5


def _figures() -> dict[str, list[str]]:
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
        self._slots = SlotFiller(organisation, random)
        shared = read_table("words_shared")
        grammar = Grammar(_figures() | shared)
        self._shared = {name: grammar.rule(name) for name in shared}
        self._cores, self._more = _compile_topics(grammar)

    def note(self, subject: Subject, voice: Voice) -> str:
        """A note of SHORTEST to LONGEST words about the subject."""
        random = self._random
        slots = self._slots.fill(subject)
        sentences = [self._part(part, subject, slots) for part in voice.plan(random)]
        while _words(sentences) < SHORTEST:
            sentences.append(self._shared_part("colour", slots))
        if random() < voice.sign_off:
            sentences.append(self._shared_part("signoff", slots))
        while _words(sentences) > LONGEST:
            sentences.pop()
        return voice.roughen(voice.join(sentences), random)

    def comment(self, subject: Subject) -> str:
        """A short answer to a note about the subject."""
        text = self._shared_part("comment", self._slots.fill(subject))
        return text[0].upper() + text[1:]

    def copy(self, text: str, subject: Subject) -> str:
        """A note as somebody else copies it: with words before or after, rarely untouched."""
        drawn = self._random()
        if drawn < _COPIED_UNTOUCHED:
            return text
        slots = self._slots.fill(subject)
        if drawn < _COPIED_WITH_HEAD:
            return f"{self._shared_part('copied', slots)} {text}"
        return f"{text} {self._shared_part('copied_tail', slots)}"

    def _part(self, part: str, subject: Subject, slots: dict[str, str]) -> str:
        if part == "core":
            text = expand(self._cores[subject.topic], slots, self._random)
            self._slots.introduce(subject, slots)
            return text
        if part == "more":
            return self._more_of_it(subject, slots)
        text = self._shared_part(part, slots)
        if part == "opening":
            self._slots.introduce(subject, slots)
        return text

    def _more_of_it(self, subject: Subject, slots: dict[str, str]) -> str:
        text = expand(self._more[subject.topic], slots, self._random)
        if self._random() < _ADDED:
            return f"{self._shared_part('added', slots)} {text}"
        return text

    def _shared_part(self, rule: str, slots: dict[str, str]) -> str:
        return expand(self._shared[rule], slots, self._random)


def _compile_topics(grammar: Grammar) -> tuple[dict[str, Choice], dict[str, Choice]]:
    """What is observed, and what is added to it, by topic."""
    cores, more = {}, {}
    for kind in (*KINDS, "story"):
        for key, topic in read_table(f"words_{kind}").items():
            name = key if kind == "story" else f"{kind} {key}"
            cores[name] = grammar.compile(topic["core"])
            more[name] = grammar.compile(topic["more"])
    return cores, more


def _words(sentences: list[str]) -> int:
    return sum(sentence.count(" ") + 1 for sentence in sentences)
