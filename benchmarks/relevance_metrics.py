"""How good a ranking is, as trec_eval counts it."""

from collections.abc import Mapping, Sequence
from math import log2


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Discounted cumulative gain of the first `depth`, as a share of the best possible one.

    The gain is the grade itself, divided by log2(rank + 1) with ranks from 1 (Järvelin and
    Kekäläinen 2002, the form of trec_eval's `ndcg_cut`); grades below 0 and documents without a
    grade gain nothing.
    """
    best = _gain(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth])
    found = _gain([max(grades.get(doc, 0), 0) for doc in ranked[:depth]])
    return found / best if best else 0.0


def average_precision(
    ranked: Sequence[str], grades: Mapping[str, int], depth: int = 1_000
) -> float:
    """Mean of the precision at the rank of each relevant document (grade 1 and above).

    Relevant documents that are not among the first `depth` count as 0.
    """
    relevant = {doc for doc, grade in grades.items() if grade >= 1}
    found, total = 0, 0.0
    for rank, doc in enumerate(ranked[:depth], start=1):
        if doc in relevant:
            found += 1
            total += found / rank
    return total / len(relevant) if relevant else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, start=1))
