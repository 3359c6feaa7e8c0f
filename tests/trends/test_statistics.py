"""The arithmetic: tails against sums of their terms, fits against what was drawn."""

from fractions import Fraction
from math import comb, exp, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.trends.dispersion import Scatter, fit_scatter
from insights.trends.factors import at_least_one, of_the_rest, of_the_season
from insights.trends.priors import WEAK_RATIO, Gamma, fit_gamma, fit_two_gammas
from insights.trends.rates import company_rates
from insights.trends.tails import tail


def _tail(count: int, mean: float, variance: float, phi: float = 1.0) -> float:
    return float(tail(np.array(count), np.array(mean), np.array(variance), phi))


@pytest.mark.parametrize("mean", [0.01, 0.7, 12.0])
@pytest.mark.parametrize("count", [0, 1, 3, 20])
def test_without_scatter_the_tail_is_that_of_a_poisson(count: int, mean: float) -> None:
    terms = [exp(-mean) * mean**k / factorial(k) for k in range(count + 120)]
    assert _tail(count, mean, 0) == pytest.approx(sum(terms[count + 1 :]) + terms[count] / 2)


@pytest.mark.parametrize("size", [1, 3, 8])
@pytest.mark.parametrize("count", [0, 2, 9])
def test_with_scatter_the_tail_is_that_of_a_negative_binomial(count: int, size: int) -> None:
    chance = Fraction(3, 7)  # of a success; the mean is size (1 - p) / p
    terms = [comb(k + size - 1, k) * chance**size * (1 - chance) ** k for k in range(count + 1)]
    expected = float(1 - sum(terms) + terms[count] / 2)
    mean = float(size * (1 - chance) / chance)
    assert _tail(count, mean, 1 / size) == pytest.approx(expected)


@given(st.integers(0, 60), st.floats(0.001, 50), st.floats(0, 2), st.floats(0.5, 5))
def test_more_is_never_more_probable(count: int, mean: float, variance: float, phi: float) -> None:
    less, more = (_tail(count + one, mean, variance, phi) for one in (0, 1))
    assert 0 <= more <= less <= 1


def test_more_scatter_makes_a_surge_less_surprising() -> None:
    calm, rough, bursts = _tail(20, 8, 0.01), _tail(20, 8, 0.3), _tail(20, 8, 0.01, phi=2)
    assert calm < rough
    assert calm < bursts


def test_the_gamma_of_rates_is_recovered() -> None:
    random = np.random.default_rng(3)
    exposure = np.full(4_000, 500.0)
    found = fit_gamma(
        random.poisson(random.gamma(1.5, 1 / 60, 4_000) * exposure).astype(float), exposure
    )
    assert found.shape == pytest.approx(1.5, rel=0.15)
    assert found.shape / found.rate == pytest.approx(1.5 / 60, rel=0.1)


def test_the_mixture_of_ratios_is_recovered() -> None:
    random = np.random.default_rng(4)
    expected = random.uniform(1, 40, 12_000)
    high = random.random(12_000) < 0.1
    ratio = np.where(high, random.gamma(8, 4 / 8, 12_000), random.gamma(30, 0.7 / 30, 12_000))
    found = fit_two_gammas(random.poisson(ratio * expected).astype(float), expected)
    parts = sorted(
        [(found.share, found.first), (1 - found.share, found.second)], key=lambda one: one[0]
    )
    assert parts[0][0] == pytest.approx(0.1, abs=0.03)
    assert parts[0][1].shape / parts[0][1].rate == pytest.approx(4, rel=0.15)
    assert parts[1][1].shape / parts[1][1].rate == pytest.approx(0.7, rel=0.05)


def test_few_cells_get_mild_assumptions() -> None:
    few = np.ones(3)
    assert fit_two_gammas(few, few) == WEAK_RATIO
    assert fit_gamma(few, few) == Gamma(0.5, 0.5)


@pytest.mark.parametrize(("phi", "drift"), [(1.0, 0.04), (0.7, 0.002), (2.0, 0.01)])
def test_scatter_is_recovered_from_blocks(phi: float, drift: float) -> None:
    random = np.random.default_rng(5)
    mean = np.repeat(random.uniform(2, 80, 1_500)[:, None], 13, axis=1)
    rate = mean * (1 + random.normal(0, drift**0.5, mean.shape))
    blocks = rate + random.normal(0, 1, mean.shape) * np.sqrt(phi * mean)
    found = fit_scatter(blocks, np.ones_like(mean), Scatter(1.0, 0.001))
    assert found.phi == pytest.approx(phi, rel=0.25)
    assert found.drift == pytest.approx(drift, abs=0.008)


def test_too_few_blocks_have_plain_scatter() -> None:
    plain = Scatter(1.0, 0.02)
    assert fit_scatter(np.ones((4, 2)), np.ones((4, 2)), plain) == plain
    assert fit_scatter(np.zeros((500, 9)), np.ones((500, 9)), plain) == plain


def test_factors_never_fall_below_one() -> None:
    assert at_least_one(np.array([0.0, 40.0]), np.array([10.0, 10.0]), 5).tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("count", "factor"),
    [
        (10.0, 1.0),
        # Three more than ten are within the chance of a single draw.
        (13.0, 1.0),
        (100.0, (5 + 90) / (5 + 10)),
        (0.0, 1.0),
    ],
)
def test_a_season_counts_as_far_as_it_is_sure(count: float, factor: float) -> None:
    assert of_the_season(np.array([count]), np.array([10.0]), 5).tolist() == [factor]


def test_the_company_has_no_rest() -> None:
    count, expected = np.array([[40.0], [10.0]]), np.array([[20.0], [10.0]])
    assert of_the_rest(count, expected, (count[0], expected[0]), 5).tolist() == [[1.0], [35 / 15]]


def test_the_rate_of_a_subject_without_history_is_that_of_its_sort() -> None:
    rates = company_rates(Gamma(0.5, 100.0), np.array([0.0, 50.0]), 1_000.0)
    assert rates.average[0] == pytest.approx(0.5 / 1_100)
    assert rates.average[1] == pytest.approx(50.5 / 1_100)
    assert rates.relative_variance[0] > rates.relative_variance[1]
