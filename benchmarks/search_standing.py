"""Standing queries: what a batch of new notes costs against all that people have saved."""

import random
import time
from collections.abc import Iterator, Sequence

from benchmarks.search_duel import at_share
from benchmarks.search_questions import Words
from insights.search.analysis import ENGLISH
from insights.search.document import NoteDocument
from insights.search.query import parse
from insights.search.standing import StandingQueries

SIZES = (100, 1_000, 10_000)
BATCH = 100


def measure(words: Words, documents: Sequence[NoteDocument]) -> Iterator[tuple[int, float, float]]:
    """For each number of stored queries: the median and p95 milliseconds per note."""
    for size in SIZES:
        queries = {
            number: parse(text).tree for number, text in enumerate(stored(words, size), start=1)
        }
        standing = StandingQueries(queries, ENGLISH)
        times = []
        standing.match(documents)  # so that the words of all notes have been stemmed before
        for start in range(0, len(documents) - BATCH + 1, BATCH):
            batch = documents[start : start + BATCH]
            begun = time.perf_counter()
            standing.match(batch)
            times.append((time.perf_counter() - begun) * 1000 / len(batch))
        yield size, at_share(times, 0.5), at_share(times, 0.95)


def stored(words: Words, size: int) -> list[str]:
    """Queries as people save them: one to three words of the notes, some phrases, alternatives
    and exclusions; rare words as likely as frequent ones."""
    drawn = random.Random(7)
    vocabulary = words.single_forms()
    shapes = ("{0}", "{0} {1}", "{0} {1} {2}", '"{0} {1}"', "{0} OR {1}", "{0} -{1}")
    return [drawn.choice(shapes).format(*drawn.choices(vocabulary, k=3)) for _ in range(size)]
