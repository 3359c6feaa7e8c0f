"""Plain files to a stream and trends to a plain file: the detector without an installation."""

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from insights.text import fold
from insights.trends.duplicates import copied, shingles
from insights.trends.packing import Shingles
from insights.trends.parameters import Parameters
from insights.trends.phrases import name_words, phrases_of
from insights.trends.stream import NOWHERE, Sort, Stream, Subject, Tree

COMPANY = "*"


@dataclass(frozen=True)
class Row:
    """One line of notes.csv."""

    id: str
    when: int
    author: str
    territory: str
    segment: str
    kind: str
    competitors: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Source:
    """A stream with the names behind its numbers."""

    stream: Stream
    notes: tuple[str, ...]
    places: tuple[str, ...]
    segments: tuple[str, ...]


def opened(path: Path) -> TextIO:
    """The file as text, also when it is packed."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def seconds(text: str) -> int:
    """An ISO time as seconds; one without a zone is in UTC."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def read_notes(path: Path) -> Iterator[Row]:
    """The lines of notes.csv."""
    with opened(path) as file:
        for line in csv.DictReader(file):
            names = tuple(one.strip() for one in line["competitors"].split(";") if one.strip())
            yield Row(
                line["id"], seconds(line["created_at"]), line["author"], line["territory"],
                line["segment"], line["kind"], names, line["text"],
            )  # fmt: skip


def read_tree(path: Path) -> dict[str, str]:
    """Each place's parent, from territories.csv."""
    with opened(path) as file:
        return {
            line["node"]: line["parent"] or COMPANY
            for line in csv.DictReader(file)
            if line["node"] != COMPANY
        }


def _numbered(parents: dict[str, str]) -> dict[str, int]:
    """Places numbered from the company down, each after its parent."""
    children: dict[str, list[str]] = {}
    for node, parent in sorted(parents.items()):
        children.setdefault(parent if parent in parents else COMPANY, []).append(node)
    order, waiting = {COMPANY: 0}, [COMPANY]
    while waiting:
        for node in children.get(waiting.pop(0), []):
            order[node] = len(order)
            waiting.append(node)
    return order


def source_of(rows: Iterable[Row], parents: dict[str, str], parameters: Parameters) -> Source:
    """The stream of these notes. A note without author speaks for itself alone."""
    ordered = sorted(rows, key=lambda row: (row.when, row.id))
    parents = {**{row.territory: COMPANY for row in ordered if row.territory}, **parents}
    parents.pop(COMPANY, None)
    places = _numbered(parents)
    segments: dict[str, int] = {}
    tagged = [
        (index, segments.setdefault(row.segment, len(segments)))
        for index, row in enumerate(ordered)
        if row.segment
    ]
    subjects, mentions = _mentioned(ordered, name_words(places), parameters)
    above = [NOWHERE, *(places.get(parents[node], 0) for node in places if node != COMPANY)]
    stream = Stream(
        tree=Tree(np.array(above, np.int64)),
        subjects=subjects,
        segments=len(segments),
        when=np.array([row.when for row in ordered], np.int64),
        voice=np.array(_voices(ordered, parameters), np.int64),
        place=np.array([places.get(row.territory, 0) for row in ordered], np.int64),
        note=np.arange(len(ordered)),
        tagged=_columns(tagged),
        mentions=_columns(mentions),
    )
    return Source(stream, tuple(row.id for row in ordered), tuple(places), tuple(segments))


def _voices(ordered: Sequence[Row], parameters: Parameters) -> list[int]:
    """Who speaks in each row: its author, or whoever sent the same text first."""
    origin = copied(
        Shingles.of([shingles(row.text) for row in ordered]),
        np.array([row.when for row in ordered], np.int64),
        alike=parameters.duplicate,
        days=parameters.duplicate_days,
    )
    numbers: dict[str, int] = {}
    own = [numbers.setdefault(row.author or f"note {row.id}", len(numbers)) for row in ordered]
    return [own[first] for first in origin]


def _mentioned(
    ordered: Sequence[Row], places: Set[str], parameters: Parameters
) -> tuple[tuple[Subject, ...], list[tuple[int, int]]]:
    """The subjects of all rows, and pairs of a row and a subject that it mentions.

    Names part the phrases of the rows from which on they are known, as at the time.
    """
    names: set[str] = set()
    subjects: dict[Subject, int] = {}
    mentions = []
    for index, row in enumerate(ordered):
        names.update(word for name in row.competitors for word in fold(name).split())
        phrases = phrases_of(row.text, names, places=places, longest=parameters.longest_phrase)
        for subject in _subjects(row, phrases):
            mentions.append((index, subjects.setdefault(subject, len(subjects))))
    return tuple(subjects), mentions


def _subjects(row: Row, phrases: Iterable[str]) -> Iterator[Subject]:
    for name in dict.fromkeys(row.competitors):
        yield Subject(Sort.COMPETITOR, name)
    if row.kind:
        yield Subject(Sort.KIND, row.kind)
    for phrase in phrases:
        yield Subject(Sort.PHRASE, phrase)


def _columns(pairs: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()
