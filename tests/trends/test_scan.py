"""The scan looks only at cells that may be told, and finds what looking at every cell does."""

from dataclasses import replace

import numpy as np
import pytest

from insights.trends.detector import Detector
from insights.trends.exposure import Exposure
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment
from insights.trends.rates import baseline_rates, with_those_above
from insights.trends.scan import (
    Learned,
    alive,
    learn,
    ranked,
    scan,
    scatter_by_scope,
    season_factor,
)
from insights.trends.stream import NOWHERE, Floats, Scopes, Sort, Stream, Tree
from insights.trends.tails import tail
from insights.trends.windows import window
from tests.trends.streams import NEWCOMER, PARENTS, RIVALS, WEEK, ordinary, planted, stream

WEEKS = 70


def world(seed: int) -> Stream:
    """A company in which a few things happen of late, and every seventh note is seen by others."""
    random = np.random.default_rng(seed)
    notes = ordinary(WEEKS, seed=seed, a_week=5)
    for subject in (NEWCOMER, RIVALS[0], RIVALS[1]):
        begin, place = int(random.integers(WEEKS - 8, WEEKS - 1)), int(random.integers(3, 9))
        people = [f"{place}/{one}" for one in range(int(random.integers(2, 6)))]
        notes, _ = planted(notes, subject, place, range(begin, WEEKS), people)
    seen = [
        replace(note, when=note.when + 1, voice=f"{note.place}/{random.integers(6)}")
        for note in notes[::7]
        for _ in range(int(random.integers(1, 4)))
    ]
    return stream([*notes, *seen])


def score_of_every_cell(ledger: Ledger, moment: Moment, learned: Learned) -> Floats:
    """The scores of all cells (scopes x living subjects), none left out; -inf where none is told.

    The formulas once more, over whole tables.
    """
    parameters, scopes = moment.parameters, ledger.stream.scopes
    subjects = alive(ledger, moment)
    rank, shape = ranked(subjects, len(ledger.stream.subjects)), (scopes.count, len(subjects))
    base = ledger.totals(*moment.baseline, rank, len(subjects))
    rates = baseline_rates(scopes, learned.priors, base, ledger.exposure(*moment.baseline))
    phi, drift = (one[:, None, None] for one in scatter_by_scope(ledger, learned.scatter))
    least = np.full(shape, np.inf)
    for weeks in moment.windows:
        period = moment.now - weeks, moment.now
        found = window(ledger.rows(*period).of(rank), shape, weeks)
        notes = window(ledger.sources(*period).of(rank), shape, weeks).reporters
        exposure = ledger.exposure(*period)[:, None]
        usual = rates.average * exposure
        rest = (5 + np.maximum(found.count[0] - found.count, 0)) / (5 + usual[0] - usual)
        season = season_factor(ledger, moment, weeks, rank)
        effective = exposure * np.maximum(np.maximum(rest, 1), season)
        parts = tail(
            found.count[..., None], rates.mean * effective[..., None], rates.spread + drift, phi
        )
        chance = rates.share * parts[..., 0] + (1 - rates.share) * parts[..., 1]
        told = (found.reporters >= parameters.least_reporters) & (
            found.count > rates.average * effective
        )
        if ledger.sort is Sort.COMPETITOR:
            told &= notes >= parameters.least_notes
        least = np.where(told, np.minimum(least, chance), least)
    widest = window(ledger.rows(*moment.widest).of(rank), shape, 8)
    tried = max(learned.family, int((widest.count > 0).sum())) * parameters.windows_cost
    scores: Floats = -np.log10(np.maximum(least * tried, 1e-300))
    return scores


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_nothing_that_could_be_told_is_left_out(seed: int) -> None:
    of = world(seed)
    told, left_out = 0, 0
    for sort in (Sort.COMPETITOR, Sort.KIND):
        ledger = Ledger(Exposure(of, 0), sort)
        moment = Detector(of, phase=0).moment(WEEKS * WEEK)
        learned = learn(ledger, moment)
        every = score_of_every_cell(ledger, moment, learned)
        cells = scan(ledger, moment, learned)
        found = np.full(every.shape, -np.inf)
        rank = ranked(alive(ledger, moment), len(of.subjects))
        found[cells.scope, rank[cells.subject]] = cells.score
        may_be_told = np.isfinite(every)
        np.testing.assert_allclose(found[may_be_told], every[may_be_told], rtol=1e-12)
        assert not np.isfinite(found[~may_be_told]).any()
        told += int((every >= moment.parameters.shown).sum())
        left_out += every.size - len(cells.score)
    assert told
    assert left_out


def test_a_cell_inherits_from_its_place_from_the_place_above_and_from_its_segment_there() -> None:
    scopes = Scopes(Tree(np.array(PARENTS)), segments=2)
    region, second = np.array([1]), np.array([1])
    cell, above = int(scopes.pair(region, second)[0]), int(scopes.pair(region * 0, second)[0])
    wanted = np.zeros((scopes.count, 2), np.bool_)
    wanted[cell, 1] = True
    found = with_those_above(scopes, wanted)
    assert set(np.flatnonzero(found[:, 1])) == {cell, 1, above, 0}
    # The company's rates are always there.
    assert set(np.flatnonzero(found[:, 0])) == {0}
    assert scopes.above[above] == NOWHERE


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rates_of_some_cells_are_those_that_they_have_among_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    of = world(seed)
    ledger = Ledger(Exposure(of, 0), Sort.COMPETITOR)
    moment = Detector(of, phase=0).moment(WEEKS * WEEK)
    rank = ranked(alive(ledger, moment), len(of.subjects))
    base = ledger.totals(*moment.baseline, rank, int(rank.max()) + 1)
    given = of.scopes, learn(ledger, moment).priors, base, ledger.exposure(*moment.baseline)
    cells = random.random(base.shape) < 0.1
    some, every = baseline_rates(*given, cells), baseline_rates(*given)
    at = np.nonzero(cells)
    np.testing.assert_array_equal(some.of(at).mean, every.of(at).mean)
    np.testing.assert_array_equal(some.of(at).spread, every.of(at).spread)
    np.testing.assert_array_equal(some.of(at).share, every.of(at).share)
