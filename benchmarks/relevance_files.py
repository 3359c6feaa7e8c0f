"""A test collection in three files, read as tolerantly as such files are written.

``docs.tsv`` and ``queries.tsv`` hold an id, a tab and a text; ``qrels.tsv`` holds query, document
and grade, or the four columns of TREC with one to ignore in second place, between tabs or spaces.
A line of headings is passed over; each file may be compressed (``.gz`` or not in its name).
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"
ID_HEADINGS = frozenset(
    f"{what}{between}id"
    for what in ("", "doc", "corpus", "query", "q")
    for between in ("", "_", "-")
)


class UnreadableCollection(Exception):
    """A file is missing or not in the form described above; the message says where."""


@dataclass(frozen=True)
class Collection:
    """Texts by id, and for each judged query the grades of documents, 0 for not relevant."""

    docs: Mapping[str, str]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]

    @property
    def judged(self) -> list[str]:
        """The queries that count: with a text and at least one relevant document."""
        return [
            query
            for query in self.queries
            if any(grade > 0 for grade in self.grades.get(query, {}).values())
        ]


def read(folder: Path) -> Collection:
    """The collection of a folder; of a repeated id the first text counts.

    Raises UnreadableCollection.
    """
    return Collection(_texts(folder, "docs"), _texts(folder, "queries"), _grades(folder))


def _texts(folder: Path, name: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, line in _lines(folder, name):
        key, _, text = line.partition("\t")
        if number == 1 and key.strip().lower() in ID_HEADINGS:
            continue
        texts.setdefault(key.strip(), " ".join(text.split("\t")).strip())
    return texts


def _grades(folder: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in _lines(folder, "qrels"):
        columns = line.split("\t") if "\t" in line else line.split()
        try:
            query, *ignored, doc, grade = (column.strip() for column in columns)
            value = int(float(grade))
        except ValueError:
            if number == 1:
                continue
            raise UnreadableCollection(f"qrels, line {number}: no grade in {line!r}.") from None
        if len(ignored) > 1:
            raise UnreadableCollection(f"qrels, line {number}: more than four columns.")
        grades.setdefault(query, {})[doc] = value
    return grades


def _lines(folder: Path, name: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, numbered from 1."""
    path = next(
        (file for end in (".tsv", ".tsv.gz") if (file := folder / f"{name}{end}").is_file()), None
    )
    if path is None:
        raise UnreadableCollection(f"There is no {name}.tsv in {folder}.")
    with path.open("rb") as beginning:
        compressed = beginning.read(2) == GZIP_MAGIC
    opened = gzip.open if compressed else open
    with opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line.rstrip("\r\n")
