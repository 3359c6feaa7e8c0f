"""Search, side by side with what else could do the job, and as a service under load."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import scratch, search_http, search_service
from benchmarks.contenders import postgres_fts
from benchmarks.contenders.postgres_fts import PostgresFts
from benchmarks.contenders.product import IndexAlone, OverHttp, Service, actor_of
from benchmarks.contenders.question import Contender, Question, Rival
from benchmarks.contenders.raw_tantivy import RawTantivy
from benchmarks.contenders.sqlite_fts5 import SqliteFts5
from benchmarks.contenders.whoosh_plain import WhooshPlain
from benchmarks.report import Report
from benchmarks.scratch import Installation, installation
from benchmarks.search_duel import Outcome, compete
from benchmarks.search_questions import Words, questions
from insights.db import Database
from insights.search.document import NoteDocument
from insights.services import catalogue, documents
from insights.services.catalogue import Catalogue
from insights.settings import Settings, from_environment
from insights.stores import open_replica

SIZES = (10_000, 100_000, 1_000_000)
RIVALS: tuple[type[Rival], ...] = (RawTantivy, SqliteFts5, PostgresFts, WhooshPlain)
MANAGER, REP = "manager@example.com", "rep@example.com"
REGION = "southeast"
PERIOD = timedelta(days=90)
SAMPLE = 2_000
"""Notes that are kept in memory for the standing queries: the newest ones."""
TOLERATED_SHARE = 0.1
COMPARED = "product: service"
REMARKS = (
    "Everybody gives the best 20 notes with marked excerpts, the exact total, and counts by "
    "territory, kind and competitor over all matches. The product's service and its answers over "
    "HTTP also read the notes from the database and leave out what the person may not see, so "
    "their totals can be a little smaller, and the answers count six more facets; the rivals know "
    "no permissions.",
    "With a filter the product counts its facet also for the values that were not chosen, a second "
    "pass over the notes; the rivals count what the filter leaves.",
    "Totals differ where analysers do: stemmers, stop words, what a prefix is compared with.",
)


@dataclass
class Reports:
    """Several tables, printed one after the other."""

    tables: Sequence[Report]

    def text(self) -> str:
        """All tables for people."""
        return "\n\n\n".join(table.text() for table in self.tables)

    def as_json(self) -> str:
        """All tables for machines: a list."""
        return json.dumps([json.loads(table.as_json()) for table in self.tables])


@dataclass
class Corpus:
    """What is known of the notes once they have gone by."""

    words: Words
    newest: list[NoteDocument] = field(default_factory=list)
    fill_seconds: dict[str, float] = field(default_factory=dict)


def measure(sizes: Sequence[int] | None, data_dir: Path | None = None) -> Reports:
    """All contenders on the same notes at each size; at `data_dir` on a copy of what is there."""
    tables = []
    for size in [0] if data_dir else sizes or SIZES:
        with installation(size, data_dir) as at:
            tables += _measure(at)
    return Reports(tables)


def _measure(at: Installation) -> list[Report]:
    settings = from_environment(at.environment)
    database = Database(settings.effective_database_url)
    folder = Path(tempfile.mkdtemp(dir=at.folder))
    with ExitStack() as stack:
        stack.callback(database.dispose)
        notes = _count(database)
        rivals = [one(folder) for one in RIVALS if _takes_part(one, notes)]
        for rival in rivals:
            stack.callback(rival.close)
        corpus = _fill(rivals, database, settings)
        port = stack.enter_context(_server(at))
        contenders = [*_product(at, settings, database, port), *rivals]
        asked = _questions(corpus, database)
        duel = _compare(contenders, asked, notes)
        service = search_service.measure(at, port, asked, corpus.words, corpus.newest)
    duel.remarks += [*REMARKS, *_left_out(notes)]
    for name, seconds in corpus.fill_seconds.items():
        service.add(f"filling {name}", notes, "", notes / seconds, "", "", "")
    return [duel, service]


def _count(database: Database) -> int:
    with database.reading() as session:
        return documents.count_documents(session)


def _takes_part(rival: type[Rival], notes: int) -> bool:
    if rival is PostgresFts and not postgres_fts.is_installed():
        return False
    return notes <= rival.most_notes


def _left_out(notes: int) -> Iterator[str]:
    for rival in RIVALS:
        if notes > rival.most_notes:
            yield f"{rival.name} takes part up to {rival.most_notes:,} notes."
    if not postgres_fts.is_installed():
        yield f"{PostgresFts.name} is left out: install the extra `test`."


def _fill(rivals: Sequence[Rival], database: Database, settings: Settings) -> Corpus:
    """Every rival gets each batch, so the notes are read once and never all in memory."""
    seconds = {rival.name: 0.0 for rival in rivals}
    with database.reading() as session:
        corpus = Corpus(Words(_names(catalogue.current(session))), fill_seconds=seconds)
        for batch in documents.all_documents(session, settings.zone):
            corpus.words.count(batch)
            corpus.newest = (corpus.newest + batch)[-SAMPLE:]
            for rival in rivals:
                with _clocked(corpus, rival):
                    rival.put(batch)
    for rival in rivals:
        with _clocked(corpus, rival):
            rival.finish()
        say(f"{rival.name} is filled: {corpus.fill_seconds[rival.name]:.0f} s")
    return corpus


def _names(known: Catalogue) -> Iterator[str]:
    for item in (*known.territories.values(), *known.segments.values()):
        yield item.name
    for named in (*known.competitors.values(), *known.products.values()):
        yield from (named.name, *named.aliases)


@contextmanager
def _clocked(corpus: Corpus, rival: Rival) -> Iterator[None]:
    start = time.perf_counter()
    yield
    corpus.fill_seconds[rival.name] += time.perf_counter() - start


@contextmanager
def _server(at: Installation) -> Iterator[int]:
    command, environment = scratch.product(at.environment)
    with scratch.serving(command, environment, ready="/healthz") as port:
        yield port


def _product(
    at: Installation, settings: Settings, database: Database, port: int
) -> list[Contender]:
    replica = open_replica(settings)
    manager, rep = actor_of(database, MANAGER), actor_of(database, REP)
    program, browser = search_http.with_token(port, at.token), search_http.signed_in(port)
    return [
        Service(COMPARED, settings, database, replica, manager),
        Service("product: service, a rep", settings, database, replica, rep),
        IndexAlone(replica, manager),
        OverHttp("product: API answer", program, "/api/v1/search", facets="true"),
        OverHttp("product: page", browser, "/search"),
    ]


def _questions(corpus: Corpus, database: Database) -> list[Question]:
    with database.reading() as session:
        known = catalogue.current(session)
    region = next(one.id for one in known.territories.values() if one.slug == REGION)
    newest = max(one.captured_at for one in corpus.newest)
    since = (min(newest, datetime.now(UTC)) - PERIOD).date()
    return questions(
        corpus.words,
        corpus.newest,
        territory=REGION,
        subtree=known.subtrees([region]),
        since=since,
    )


def _compare(contenders: Sequence[Contender], asked: Sequence[Question], notes: int) -> Report:
    report = Report(
        f"Search at {notes:,} notes, everybody in turns",
        ("question", "who", "total", "runs", "median ms", "p95 ms", "of the service"),
    )
    for question in asked:
        outcomes = compete(contenders, question)
        service = next(one for one in outcomes if one.contender == COMPARED)
        for one in outcomes:
            ratio = one.median_ms / service.median_ms
            total = "" if one.total is None else one.total
            report.add(
                question.name, one.contender, total, len(one.times), one.median_ms, one.p95_ms,
                ratio,
            )  # fmt: skip
        report.remarks += other_work(outcomes)
        say(f"{question.name}: {question.typed}")
    chosen = ", ".join(f"{one.name} {one.typed}" for one in asked)
    report.remarks.append(f"Asked: {chosen}.")
    return report


def other_work(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A sentence on everybody who finds so many more or fewer notes than the middle one that their
    time says nothing."""
    totals = sorted(one.total for one in outcomes if one.total is not None)
    middle = totals[len(totals) // 2]
    for one in outcomes:
        if one.total is not None and abs(one.total - middle) > TOLERATED_SHARE * middle + 2:
            yield (
                f"Not the same work: for the {one.question}, {one.contender} finds {one.total:,} "
                f"notes where others find {middle:,}."
            )


def say(line: str) -> None:
    """Tells whoever waits how far it is."""
    print(line, file=sys.stderr, flush=True)
