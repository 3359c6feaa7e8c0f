"""One question for all contenders, and what every answer holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal, Protocol

from insights.search.document import NoteDocument

PAGE = 20
EXCERPT_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Question:
    """All of the words (or the phrase, or the beginning of a word), in a subtree, since a day."""

    name: str
    words: tuple[str, ...]
    form: Literal["words", "phrase", "prefix"] = "words"
    territory: str = ""
    territory_ids: frozenset[int] = frozenset()
    since: date | None = None

    @property
    def typed(self) -> str:
        """The words as they go into the product's search box."""
        together = " ".join(self.words)
        return {"words": together, "phrase": f'"{together}"', "prefix": f"{together}*"}[self.form]

    @property
    def parameters(self) -> dict[str, str]:
        """The question as the parameters of an address, for page and API."""
        chosen = {"q": self.typed}
        if self.territory:
            chosen["territory"] = self.territory
        if self.since:
            chosen["since"] = self.since.isoformat()
        return chosen

    @property
    def start(self) -> datetime | None:
        """The first moment of `since`, in UTC."""
        return datetime.combine(self.since, time(), UTC) if self.since else None


@dataclass(frozen=True)
class Answer:
    """The best 20 notes by id with a marked excerpt each, the exact total and three facets.

    What comes over HTTP is not taken apart while the clock runs: only `total` is looked up in it.
    """

    total: int | None
    excerpts: Mapping[str, str] = field(default_factory=dict)
    territories: Mapping[int, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    competitors: Mapping[int, int] = field(default_factory=dict)


def answer_of_rows(
    groups: Iterable[tuple[int, str, int]],
    best: Iterable[tuple[str, str]],
    competitors: Iterable[tuple[int, int]],
) -> Answer:
    """The answer of a database: counts by territory and kind, ids with excerpts, competitors."""
    territories: dict[int, int] = {}
    kinds: dict[str, int] = {}
    for territory, kind, count in groups:
        territories[territory] = territories.get(territory, 0) + count
        kinds[kind] = kinds.get(kind, 0) + count
    return Answer(sum(kinds.values()), dict(best), territories, kinds, dict(competitors))


class Contender(Protocol):
    """Answers questions; `name` is what the table calls it."""

    name: str

    def ask(self, question: Question) -> Answer:
        """The whole answer, as a page of results needs it."""


class Rival(Contender, Protocol):
    """A contender with an index of its own, which is filled in batches before the first question.

    It keeps its files in the folder given. `most_notes` is the largest corpus that it can take part
    in within the time of a run.
    """

    most_notes: int

    def __init__(self, folder: Path) -> None: ...

    def put(self, documents: Sequence[NoteDocument]) -> None:
        """Adds notes that it has not seen before."""

    def finish(self) -> None:
        """Makes everything searchable, in its best form for searching."""

    def close(self) -> None:
        """Gives back what it holds."""


def searched(document: NoteDocument) -> str:
    """The text that is searched, marked and cut into excerpts by all rivals."""
    return f"{document.text}\n{document.account_name}" if document.account_name else document.text
