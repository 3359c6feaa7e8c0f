"""Guard-rails: what a note should not hold, asked or refused on every way in.

Personal data is always asked about; words are what the admins keep (`guard_words`). A process keeps
the rules as it keeps the catalogue, under the same version: whoever changes a word tells the
catalogue. What is found is never stored, only that it was (`guard_overrides`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import GuardAction, GuardMatch, GuardTopic, GuardWord
from insights.services import catalogue
from insights.tagging.findings import CARD, E_MAIL, NATIONAL_ID, PHONE, Finding
from insights.tagging.guarded_words import WORD_PREFIX, GuardedWord, GuardedWords
from insights.tagging.personal_data import find_personal_data
from insights.text import fold, fold_with_starts

CACHE_KEY = "guard-rails"
_CONTACT = "Many people read a note, and it is kept: name the role, and keep contacts in the CRM."
_NUMBER = "Such a number never belongs in a note: take it out."
_TITLES: Mapping[GuardTopic, str] = {
    GuardTopic.RESTRICTED: "“{}” is on the list of restricted words",
    GuardTopic.COMPETITION: "“{}” may be a matter of competition law",
}
ADVICE: Mapping[GuardTopic, str] = {
    GuardTopic.RESTRICTED: "Say it in other words.",
    GuardTopic.COMPETITION: "Write what you saw and who said it, propose nothing, and ask the "
    "legal team when in doubt.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens when something is found: `title` says what it is, `advice` what to do."""

    key: str
    action: GuardAction
    title: str
    advice: str

    @property
    def sentence(self) -> str:
        """What a person is told."""
        return f"{self.title}. {self.advice}"


_PERSONAL = (
    Rule(E_MAIL, GuardAction.WARN, "This looks like an e-mail address", _CONTACT),
    Rule(PHONE, GuardAction.WARN, "This looks like a phone number", _CONTACT),
    Rule(CARD, GuardAction.WARN, "This looks like a payment card number", _NUMBER),
    Rule(NATIONAL_ID, GuardAction.WARN, "This looks like a national id number", _NUMBER),
)


class GuardRails:
    """The rules of one version of the catalogue; immutable."""

    def __init__(self, version: UUID, words: Iterable[GuardWord]) -> None:
        self.version = version
        kept = [(_rule_of(one), one) for one in words]
        self._rules = {rule.key: rule for rule in (*_PERSONAL, *(rule for rule, _ in kept))}
        self._matches = {rule.key: one.match for rule, one in kept}
        self._words = GuardedWords(
            GuardedWord(one.folded, one.match is GuardMatch.PART) for _, one in kept
        )

    def rule(self, key: str) -> Rule:
        """The rule of a finding; raises KeyError for a key that none of these rules has."""
        return self._rules[key]

    def findings(self, text: str) -> list[Finding]:
        """All that is found in the text, in order; occurrences of different words may overlap."""
        folded, starts = fold_with_starts(text)
        found = find_personal_data(folded) + self._words.find(folded)
        if not found:
            return found
        starts.append(len(text))
        placed = (
            Finding(one.key, starts[one.start], max(starts[one.end], starts[one.end - 1] + 1))
            for one in found
        )
        return sorted(placed, key=lambda one: (one.start, -one.end))

    def as_kit(self) -> dict[str, Any]:
        """The rules as a device takes them along, for JSON."""
        return {
            "words": [
                {
                    "key": key,
                    "word": key.removeprefix(WORD_PREFIX),
                    "match": match.value,
                    **_told(self._rules[key]),
                }
                for key, match in self._matches.items()
            ],
            "personal": {rule.key: _told(rule) for rule in _PERSONAL},
        }


def current(session: Session) -> GuardRails:
    """The rules as this transaction sees them, read anew only when the catalogue has changed."""
    version = catalogue.current(session).version
    if catalogue.CHANGED_KEY in session.info:
        return _load(session, version)
    cache = session.info["cache"]
    cached: GuardRails | None = cache.get(CACHE_KEY)
    if cached is None or cached.version != version:
        cached = cache[CACHE_KEY] = _load(session, version)
    return cached


def check(
    rails: GuardRails,
    text: str,
    acknowledged: Collection[str] | None,
    report: Callable[[str, str], None],
    *,
    former: str = "",
) -> tuple[str, ...]:
    """The keys of what the text holds although a person was warned, each once.

    Reports under "text" what is not let through, and under "acknowledged" what was found and is
    not among the `acknowledged` keys; those are None where nobody could be asked. What `former`,
    the text before a change, held already counts for nothing.
    """
    found = rails.findings(text)
    if not found:
        return ()
    overridden = []
    for rule in map(rails.rule, _new_keys(rails, found, text, former)):
        if rule.action is GuardAction.BLOCK:
            report("text", rule.sentence)
        elif acknowledged is not None and rule.key not in acknowledged:
            report("acknowledged", f"{rule.sentence} Confirm “{rule.key}” to send it as it is.")
        else:
            overridden.append(rule.key)
    return tuple(overridden)


def new_findings(rails: GuardRails, text: str, former: str) -> list[Finding]:
    """What is found in the text and was not said in the one before."""
    before = {(one.key, fold(former[one.start : one.end])) for one in rails.findings(former)}
    return [
        one
        for one in rails.findings(text)
        if (one.key, fold(text[one.start : one.end])) not in before
    ]


def _new_keys(rails: GuardRails, found: list[Finding], text: str, former: str) -> Iterable[str]:
    new = new_findings(rails, text, former) if former else found
    return dict.fromkeys(one.key for one in new)


def _rule_of(word: GuardWord) -> Rule:
    title, advice = _TITLES[word.topic].format(word.word), word.advice or ADVICE[word.topic]
    return Rule(f"{WORD_PREFIX}{word.folded}", word.action, title, advice)


def _told(rule: Rule) -> dict[str, str]:
    return {"action": rule.action.value, "title": rule.title, "advice": rule.advice}


def _load(session: Session, version: UUID) -> GuardRails:
    session.flush()
    return GuardRails(version, session.scalars(select(GuardWord).order_by(GuardWord.folded)).all())
