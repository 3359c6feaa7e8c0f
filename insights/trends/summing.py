"""Summing up the past of many subjects, so that it need not be counted again every day."""

from collections.abc import Iterator

import numpy as np

from insights.trends.ledger import Ledger
from insights.trends.moment import Moment
from insights.trends.packing import starts_of
from insights.trends.past import Past, Period
from insights.trends.scan import MOST_CELLS, ranked
from insights.trends.stream import Ints, SmallInts


def periods(moment: Moment) -> tuple[Period, ...]:
    """All weeks before its windows that a moment asks for: the baseline, and a year ago."""
    return moment.baseline, moment.usual, *(moment.season(weeks) for weeks in moment.windows)


def summed(ledger: Ledger, moment: Moment) -> Past:
    """The past of all subjects of a ledger as a moment has to know it."""
    asked = periods(moment)
    cells = list(_baseline(ledger, asked[0]))
    lengths, scopes, counts = (
        np.concatenate([np.zeros(0, np.int32), *column]) for column in zip(*cells, strict=True)
    )
    company = np.array([ledger.company_totals(*one) for one in asked], np.int32)
    return Past(asked, starts_of(lengths), scopes, counts, company)


def _baseline(ledger: Ledger, period: Period) -> Iterator[tuple[Ints, SmallInts, SmallInts]]:
    """How many cells each subject has, their scopes and their counts: for some thousands at a time,
    because tables of all of them would not fit into memory."""
    count, scopes = len(ledger.stream.subjects), ledger.stream.scopes.count
    size = max(MOST_CELLS // scopes, 1)
    for at in range(0, max(count, 1), size):
        some = np.arange(at, min(at + size, count))
        table = ledger.only(some).totals(*period, ranked(some, count), len(some)).T
        subject, scope = np.nonzero(table)
        lengths = np.bincount(subject, minlength=len(some))
        yield lengths, scope.astype(np.int32), table[subject, scope].astype(np.int32)
