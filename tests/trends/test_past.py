"""Sums of the past say what counting again would say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.trends.exposure import Exposure
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment, moment_at
from insights.trends.packing import Parts
from insights.trends.parameters import Parameters
from insights.trends.past import Past, pack_past, unpack_past
from insights.trends.scan import ranked
from insights.trends.stream import Sort, Stream, Subject
from insights.trends.summing import periods, summed
from tests.trends.streams import TERRITORIES, WEEK, Said, numbered, stream

WEEKS = 130
PHRASES = tuple(Subject(Sort.PHRASE, f"{one:016x}") for one in range(5))
MOMENT = moment_at(Parameters(), WEEKS * WEEK, began=0, phase=0)


@st.composite
def companies(draw: st.DrawFn) -> Stream:
    """A company in which some phrases are used now and then, by few people, also twice a week."""
    said = st.builds(
        Said,
        when=st.integers(0, WEEKS * WEEK - 1),
        voice=st.sampled_from("abc"),
        place=st.sampled_from(TERRITORIES),
        subjects=st.lists(st.sampled_from(PHRASES), unique=True, max_size=3).map(tuple),
        segment=st.one_of(st.none(), st.integers(0, 1)),
    )
    every = Said(0, "a", 3, PHRASES)
    return stream(numbered([every, *draw(st.lists(said, max_size=40))]))


def ledger(of: Stream, past: Past | None = None) -> Ledger:
    return Ledger(Exposure(of, 0), Sort.PHRASE, past)


def same(one: Past, other: Past) -> bool:
    return one.periods == other.periods and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("starts", "scope", "count", "company")
    )


@given(companies())
def test_they_are_what_the_mentions_count(company: Stream) -> None:
    counted, count = ledger(company), len(company.subjects)
    known = ledger(company, summed(counted, MOMENT))
    rank = ranked(np.arange(count)[::2], count)
    subjects = int((rank >= 0).sum())
    for period in periods(MOMENT):
        assert np.array_equal(known.company_totals(*period), counted.company_totals(*period))
    baseline = MOMENT.baseline
    assert np.array_equal(
        known.totals(*baseline, rank, subjects), counted.totals(*baseline, rank, subjects)
    )


@given(companies(), st.permutations(range(len(PHRASES))), st.integers(0, len(PHRASES)))
def test_some_subjects_and_then_the_others_are_all(
    company: Stream, order: list[int], first: int
) -> None:
    whole = summed(ledger(company), MOMENT)
    chosen = np.array(order, np.int64)
    parts = whole.only(chosen[:first]).followed_by(whole.only(chosen[first:]))
    assert same(parts.only(np.argsort(chosen)), whole)


@given(companies())
def test_they_are_the_same_once_they_were_bytes(company: Stream) -> None:
    past = summed(ledger(company), MOMENT)
    assert same(unpack_past(Parts(pack_past(past))), past)


def test_subjects_of_other_sorts_have_none() -> None:
    company = stream([Said(WEEK * 80, "a", 3, PHRASES)])
    past = summed(ledger(company), MOMENT).preceded_by(2)
    table = past.totals(np.arange(2 + len(PHRASES)), 2 + len(PHRASES), company.scopes.count)
    assert table[:, :2].sum() == 0
    assert table[0, 2:].tolist() == [1.0] * len(PHRASES)
    assert past.company_totals(MOMENT.baseline).tolist() == [0.0, 0.0, *[1.0] * len(PHRASES)]


@pytest.mark.parametrize("history", [10, 30, 61, 130])
def test_no_period_reaches_into_the_windows(history: int) -> None:
    moment = Moment(Parameters(), WEEKS, history)
    assert all(last <= WEEKS - max(moment.windows) for _, last in periods(moment))
