"""Published methods, each against a plain calculation, and their comparison with the product's."""

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import nbinom, poisson

from benchmarks.trends.comparison import METHODS, OURS, best_windows, compared, told
from benchmarks.trends.comparison_cells import Given, Surroundings
from benchmarks.trends.files import source_of
from benchmarks.trends.methods.ears import EarsC2
from benchmarks.trends.methods.farrington import Farrington, tail
from benchmarks.trends.methods.lift import Lift
from benchmarks.trends.methods.series import Method, Series
from benchmarks.trends.methods.signitrend import SigniTrend
from benchmarks.trends.scorer import scored
from benchmarks.trends.simulator import Simulator
from benchmarks.trends.world import Plan
from insights.trends.parameters import Parameters
from insights.trends.stream import Sort, Stream
from tests.trends.streams import NEWCOMER, WEEK, ordinary, planted, stream

PARAMETERS = Parameters()
PLACE = 4
NOTES, PROOF = planted(
    ordinary(40), NEWCOMER, PLACE, range(38, 40), [f"{PLACE}/{one}" for one in range(4)]
)


def _series(past: list[float], count: float, *, weeks: int = 1, exposure: float = 100.0) -> Series:
    table = np.array([past], dtype=float)
    return Series(
        table, np.full_like(table, exposure), np.array([count]), np.array([exposure]), weeks
    )


def _score(method: Method, series: Series) -> float:
    return float(method.scores(series)[0])


# ── EARS C2 ─────────────────────────────────────────────────────────────────
def test_ears_takes_seven_weeks_and_leaves_out_the_last_two() -> None:
    past = [90.0, 2, 4, 6, 8, 10, 12, 14, 70, 70]
    deviation = sqrt(sum((one - 8) ** 2 for one in past[1:8]) / 6)
    assert _score(EarsC2(), _series(past, 20)) == pytest.approx((20 - 8) / deviation)


def test_ears_has_a_least_deviation() -> None:
    assert _score(EarsC2(), _series([0] * 9, 3)) == pytest.approx(6)


@pytest.mark.parametrize("method", METHODS)
def test_a_short_past_gives_no_score(method: Method) -> None:
    assert _score(method, _series([1, 1], 9)) == -np.inf


# ── Lift ────────────────────────────────────────────────────────────────────
def test_lift_is_the_share_now_over_the_share_of_twelve_weeks() -> None:
    series = replace(_series([50, 1, 2, 3], 9, weeks=4), seen=np.array([200.0]))
    expected = 6 / 300 * 200
    assert _score(Lift(), series) == pytest.approx(log((9 + 1) / (expected + 1)))


# ── SigniTrend ──────────────────────────────────────────────────────────────
def test_signitrend_follows_its_moving_average_and_variance() -> None:
    average, variance = 0.01, 0.0
    for share in (0.03, 0.02, 0.02):
        change = share - average
        average += 0.5 * change
        variance = 0.5 * (variance + 0.5 * change**2)
    expected = (0.08 - average) / (sqrt(variance) + 0.01)
    # After 13 weeks a count has half its weight.
    series = _series([1, 3, 2, 2], 8, weeks=13)
    assert _score(SigniTrend(), series) == pytest.approx(expected)


# ── Farrington Flexible ─────────────────────────────────────────────────────
def _regressed(
    design: np.ndarray, past: np.ndarray, exposure: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and means by a general optimiser."""

    def loss(beta: np.ndarray) -> float:
        line = design @ beta
        return float((weight * (exposure * np.exp(line) - past * line)).sum())

    def slope(beta: np.ndarray) -> np.ndarray:
        return design.T @ (weight * (exposure * np.exp(design @ beta) - past))

    start = np.zeros(design.shape[1])
    start[0] = log(past.sum() / exposure.sum())
    beta = minimize(loss, start, jac=slope, method="BFGS", options={"gtol": 1e-9}).x
    return beta, exposure * np.exp(design @ beta)


def _farrington(design: np.ndarray, past: np.ndarray, exposure: np.ndarray) -> tuple[float, float]:
    """Rate now and dispersion of one cell, step by step as the paper says."""

    def dispersion(mean: np.ndarray, weight: np.ndarray) -> float:
        free = len(past) - design.shape[1]
        return max(1.0, float((weight * (past - mean) ** 2 / mean).sum()) / free)

    weight = np.ones(len(past))
    _, mean = _regressed(design, past, exposure, weight)
    half = np.sqrt(mean)[:, None] * design
    hat = np.diag(half @ np.linalg.inv(half.T @ half) @ half.T)
    anscombe = 1.5 * (past ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
    residual = anscombe / np.sqrt(dispersion(mean, weight) * (1 - hat))
    weight = np.array([one**-2 if one > 2.58 else 1.0 for one in residual])
    weight *= len(past) / weight.sum()
    beta, mean = _regressed(design, past, exposure, weight)
    return float(np.exp(beta[0])), dispersion(mean, weight)


def test_farrington_is_a_reweighted_quasi_poisson_regression() -> None:
    random = np.random.default_rng(2)
    exposure = random.uniform(60, 140, 60)
    past = random.poisson(exposure * 0.05 * np.exp(np.linspace(-0.8, 0.0, 60))).astype(float)
    past[20] = 40  # an outbreak of the past
    series = Series(past[None], exposure[None], np.array([14.0]), np.array([100.0]))
    used = slice(1, 53)  # the product's own baseline: 52 weeks, the last 8 left out
    back = np.arange(60, 0, -1)[used]
    design = np.column_stack([np.ones(len(back)), -back / len(back)])
    rate, dispersion = _farrington(design, past[used], exposure[used])
    assert dispersion > 1.05
    size = rate * 100 / (dispersion - 1)
    chance = nbinom.sf(13, size, 1 / dispersion)
    assert _score(Farrington(), series) == pytest.approx(-np.log10(chance), rel=1e-3)


def test_an_outbreak_of_the_past_hides_the_next_one_but_little() -> None:
    calm = [4.0, 6, 5] * 20
    outbreak = [*calm[:30], 60, *calm[31:]]
    fresh, after = (_score(Farrington(), _series(one, 14)) for one in (calm, outbreak))
    assert after > fresh / 2


def test_a_trend_that_leads_beyond_all_that_was_seen_is_dropped() -> None:
    past = np.round(2 * np.exp(np.linspace(0, 2, 60)))
    used = past[1:53]
    rate, dispersion = _farrington(np.ones((52, 1)), used, np.full(52, 100.0))
    chance = nbinom.sf(29, rate * 100 / (dispersion - 1), 1 / dispersion)
    found = _score(Farrington(), _series(past.tolist(), 30))
    assert found == pytest.approx(-np.log10(chance), rel=1e-3)


def test_what_was_never_counted_is_expected_half_a_time() -> None:
    chance = poisson.sf(2, 0.5 / 5_200 * 100)
    assert _score(Farrington(), _series([0] * 60, 3)) == pytest.approx(-np.log10(chance), rel=1e-3)


def test_seasons_explain_a_yearly_peak() -> None:
    weeks = np.arange(-263, 1)
    counts = 10 + 20 * (np.abs((weeks + 26) % 52 - 26) <= 3)
    series = _series(counts[:-1].tolist(), float(counts[-1]))
    plain = Farrington(guard=26, oldest=263)
    assert _score(plain, series) > 1.5
    assert _score(replace(plain, seasons=True), series) < 0.5


@pytest.mark.parametrize("dispersion", [1.0, 1.5, 4.0])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_the_tail_is_that_of_a_negative_binomial(count: int, dispersion: float) -> None:
    mean = 2.5
    known = (
        poisson.sf(count - 1, mean)
        if dispersion == 1
        else nbinom.sf(count - 1, mean / (dispersion - 1), 1 / dispersion)
    )
    found = tail(np.array([float(count)]), np.array([mean]), np.array([dispersion]))
    assert float(found[0]) == pytest.approx(known)


# ── What all methods are given ──────────────────────────────────────────────
def _given(of: Stream, sort: Sort) -> Given:
    return next(
        one for one in Surroundings(of, PARAMETERS).at(40 * WEEK) if one.ledger.sort is sort
    )


def test_cells_have_enough_reporters_and_their_weekly_counts() -> None:
    of = stream(NOTES)
    given = _given(of, Sort.COMPETITOR)
    widest = given.windows[max(given.windows)]
    assert (widest.reporters >= 3).all()
    everything = np.arange(len(of.subjects))
    for week in (0, 17, 39):
        table = given.ledger.totals(week, week + 1, everything, len(of.subjects))
        assert given.history[:, week].tolist() == table[given.scope, given.subject].tolist()
        seen = given.ledger.exposure(week, week + 1)[given.scope]
        assert given.exposure[:, week].tolist() == seen.tolist()


def test_blocks_are_counted_back_from_the_window() -> None:
    given = _given(stream(NOTES), Sort.COMPETITOR)
    members = np.arange(len(given.scope))[:5]
    series = given.series(8, members)
    assert series.past.shape == (5, 4)
    assert series.past[:, -1].tolist() == given.history[:5, 24:32].sum(axis=1).tolist()
    assert series.seen.tolist() == given.exposure[:5, 32:].sum(axis=1).tolist()


@pytest.mark.parametrize("method", METHODS)
def test_every_method_tells_a_newcomer_with_its_proof(method: Method) -> None:
    of = stream(NOTES)
    strongest = told(PARAMETERS, method, Surroundings(of, PARAMETERS).at(40 * WEEK))[0]
    assert of.subjects[strongest.subject] == NEWCOMER
    assert strongest.notes == PROOF


@pytest.mark.parametrize("method", METHODS)
def test_a_window_without_enough_reporters_has_no_score(method: Method) -> None:
    given = _given(stream(NOTES), Sort.COMPETITOR)
    scores, weeks = best_windows(PARAMETERS, method, given)
    for cell in np.flatnonzero(weeks):
        assert given.windows[int(weeks[cell])].reporters[cell] >= 3
    assert (scores[weeks == 0] == -np.inf).all()


def test_all_methods_run_over_one_world() -> None:
    plan = Plan(seed=5, regions=2, territories=6, weeks=40, notes=2_400, stories=3, first_story=28)
    world = Simulator(plan).world()
    source = source_of(world.rows, world.parents, PARAMETERS)
    outcomes = compared(world, source, range(36, 41, 2))
    assert list(outcomes) == [OURS, *(method.name for method in METHODS)]
    alone = scored(world, source, range(36, 41, 2))
    assert outcomes[OURS].alarms == alone.alarms
    assert outcomes[OURS].false == alone.false
    assert all(one.weeks == 3 and one.seconds > 0 for one in outcomes.values())
