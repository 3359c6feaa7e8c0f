"""Outbreaks in single series: what is drawn, what is found, and the product's tail over them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import nbinom

from benchmarks.trends.counts import CURRENT, WEEKS, Outbreaks, Scenario, drawn, scenarios
from benchmarks.trends.counts_methods import Oracle, OurTail, Watching
from benchmarks.trends.counts_report import METHODS, detected, measure, threshold

LAST = WEEKS - CURRENT


@pytest.fixture(scope="module")
def outbreaks() -> Outbreaks:
    return drawn(4, seed=1)


def _steady(series: int, *, level: float = 6.0, surge: float = 0.0) -> Outbreaks:
    """Poisson series without a season; a surge in the last week."""
    random = np.random.default_rng(3)
    means = np.full((series, WEEKS), level)
    added = np.zeros_like(means)
    added[:, -1] = surge
    counts = random.poisson(means) + added
    return Outbreaks(counts, means, np.ones(series), added, np.full(series, WEEKS - 1))


def test_there_are_as_many_scenarios_as_published() -> None:
    assert len(set(scenarios())) == 42


def test_the_mean_has_a_trend_and_seasons() -> None:
    means = Scenario(1.0, 0.002, 0.3, 0.1, 1.5, 1).means()
    week = 40
    angle = 2 * np.pi * week / 52
    line = 1 + 0.002 * week + 0.3 * np.cos(angle) + 0.1 * np.sin(angle)
    assert means[week - 1] == pytest.approx(np.exp(line))


def test_counts_scatter_as_the_scenario_says() -> None:
    many = drawn(30, seed=2)
    before = many.counts[:, :312]  # no outbreaks yet
    for phi in np.unique(many.phi):
        own = many.phi == phi
        mean = many.means[own, :312]
        found = float((((before[own] - mean) ** 2) / mean).mean())
        assert found == pytest.approx(phi, rel=0.1)


def test_an_outbreak_starts_in_the_last_weeks_and_is_part_of_the_counts(
    outbreaks: Outbreaks,
) -> None:
    assert (outbreaks.counts >= outbreaks.added).all()
    assert outbreaks.added[:, :CURRENT].sum() == 0
    for added, start in zip(outbreaks.added, outbreaks.start, strict=True):
        assert start >= CURRENT
        assert added[:start].sum() == 0


def test_the_same_seed_draws_the_same_series(outbreaks: Outbreaks) -> None:
    assert np.array_equal(drawn(4, seed=1).counts, outbreaks.counts)
    assert not np.array_equal(drawn(4, seed=5).counts, outbreaks.counts)


def test_the_oracle_knows_the_tail() -> None:
    steady = replace(_steady(1), phi=np.array([2.0]))
    count = steady.counts[0, -1]
    chance = nbinom.sf(count, 6, 0.5) + nbinom.pmf(count, 6, 0.5) / 2
    assert Oracle().scores(steady)[0, -1] == pytest.approx(-np.log10(chance))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_scores_all_last_weeks_and_sees_a_surge(method: Watching) -> None:
    quiet, loud = (method.scores(_steady(6, surge=surge)) for surge in (0.0, 40.0))
    assert quiet.shape == loud.shape == (6, LAST)
    assert (loud[:, -1] > quiet[:, -1] + 2).all()
    assert np.allclose(loud[:, :-1], quiet[:, :-1])


def test_our_tail_of_a_steady_series_is_near_what_chance_says() -> None:
    scores = OurTail((1,)).scores(_steady(200))
    assert 0.003 <= (scores >= 2).mean() <= 0.03


def test_our_tail_expects_the_season() -> None:
    weeks = np.arange(WEEKS)
    means = 20 + 15 * np.cos(2 * np.pi * (weeks - WEEKS + 1) / 52)
    counts = np.random.default_rng(4).poisson(np.tile(means, (50, 1))).astype(float)
    none = np.zeros_like(counts)
    outbreaks = Outbreaks(counts, none + means, np.ones(50), none, np.full(50, CURRENT))
    peak = OurTail((1,)).scores(outbreaks)[:, -1]
    assert (peak >= 2).mean() <= 0.1


def test_the_threshold_allows_a_share_of_the_quiet_weeks() -> None:
    steady = _steady(50, surge=40.0)
    scores = np.arange(50 * LAST, dtype=float).reshape(50, LAST)
    least = threshold(scores, steady)
    quiet = scores[~steady.running]
    assert (quiet > least).mean() == pytest.approx(0.01, abs=0.001)


def test_an_outbreak_is_found_while_it_runs_and_at_once_in_its_first_week() -> None:
    steady = _steady(3)
    added = np.zeros_like(steady.counts)
    added[:, CURRENT + 4 : CURRENT + 6] = 5
    running = replace(steady, added=added, start=np.full(3, CURRENT + 4))
    scores = np.zeros((3, LAST))
    scores[0, 4], scores[1, 5], scores[2, 9] = 3, 3, 3
    found, first = detected(scores, running, 2.0)
    assert found.tolist() == [True, True, False]
    assert first.tolist() == [True, False, False]


def test_the_report_has_all_methods_and_none_beats_the_truth() -> None:
    report = measure(1, seed=6)
    found = {row[0]: float(row[2]) for row in report.rows}
    assert len(found) == len(METHODS)
    assert max(found.values()) <= found["oracle"] + 0.15
