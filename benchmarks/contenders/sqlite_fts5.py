"""SQLite's FTS5: the words in a virtual table, the rest in ordinary ones, counted by joins."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contenders.question import PAGE, Answer, Question, answer_of_rows, searched
from insights.search.document import NoteDocument, milliseconds

SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA cache_size=-65536;
PRAGMA mmap_size=2147483648;
CREATE TABLE notes (
    number INTEGER PRIMARY KEY, id TEXT, kind TEXT, territory_id INTEGER, time INTEGER);
CREATE TABLE note_competitors (
    number INTEGER, competitor_id INTEGER, PRIMARY KEY (number, competitor_id)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter unicode61');
BEGIN;
"""
BEST = """
SELECT notes.id, snippet(words, 0, '[', ']', '…', 32)
FROM words JOIN notes ON notes.number = words.rowid
WHERE words MATCH :words {narrowing} ORDER BY rank LIMIT :page
"""
GROUPS = """
SELECT notes.territory_id, notes.kind, count(*)
FROM words CROSS JOIN notes ON notes.number = words.rowid
WHERE words MATCH :words {narrowing} GROUP BY 1, 2
"""
COMPETITORS = """
SELECT note_competitors.competitor_id, count(*)
FROM words CROSS JOIN notes ON notes.number = words.rowid
CROSS JOIN note_competitors ON note_competitors.number = notes.number
WHERE words MATCH :words {narrowing} GROUP BY 1
"""


class SqliteFts5:
    """BM25 by `rank`, the porter tokenizer, one file without any journal."""

    name = "SQLite FTS5"
    most_notes = 1_000_000

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "fts5.db", isolation_level=None)
        self._database.executescript(SCHEMA)
        self._count = 0

    def put(self, documents: Sequence[NoteDocument]) -> None:
        numbered = list(enumerate(documents, start=self._count + 1))
        self._count += len(numbered)
        self._database.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?)",
            (
                (number, one.id.hex, one.kind, one.territory_id, milliseconds(one.captured_at))
                for number, one in numbered
            ),
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO note_competitors VALUES (?, ?)",
            ((number, key) for number, one in numbered for key in one.competitor_ids),
        )
        self._database.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)",
            ((number, searched(one)) for number, one in numbered),
        )

    def finish(self) -> None:
        self._database.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._database.execute("COMMIT")
        self._database.execute("ANALYZE")

    def ask(self, question: Question) -> Answer:
        return answer_of_rows(
            self._rows(GROUPS, question),
            self._rows(BEST, question),
            self._rows(COMPETITORS, question),
        )

    def close(self) -> None:
        self._database.close()

    def _rows(self, statement: str, question: Question) -> Sequence[tuple]:  # type: ignore[type-arg]
        narrowing = ""
        if question.territory_ids:
            ids = ", ".join(map(str, sorted(question.territory_ids)))
            narrowing += f"AND notes.territory_id IN ({ids}) "
        if question.start:
            narrowing += f"AND notes.time >= {milliseconds(question.start)} "
        values = {"words": _match(question), "page": PAGE}
        return self._database.execute(statement.format(narrowing=narrowing), values).fetchall()


def _match(question: Question) -> str:
    if question.form == "phrase":
        return f'"{" ".join(question.words)}"'
    together = " AND ".join(f'"{word}"' for word in question.words)
    return f"{together}*" if question.form == "prefix" else together
