"""Silence as arithmetic: as rare as it is said to be, ever surer, and never told too early."""

import numpy as np
import pytest

from insights.trends.parameters import Parameters
from insights.trends.silence import BASELINE, Quiet, Record, quiet, weeks_needed
from insights.trends.stream import Floats, Ints

PARAMETERS = Parameters()
WEEKS = 26
HISTORY = weeks_needed(WEEKS)
LAST = np.array([HISTORY - 1])
SHOWN = np.arange(HISTORY - WEEKS, HISTORY)


def poisson(places: int, mean: float, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).poisson(mean, (places, HISTORY)).astype(float)


def look(counts: Floats, passed: float = 1.0, weeks: Ints = LAST) -> Quiet:
    record = Record(counts, counts.sum(axis=0), passed)
    return quiet(PARAMETERS, record, weeks)


def silenced(counts: Floats, weeks: int) -> Floats:
    """The same with the first place silent for that many weeks, the present one included."""
    changed = counts.copy()
    changed[0, -weeks:] = 0
    return changed


@pytest.mark.parametrize("chance", [0.1, 0.02])
def test_so_few_are_as_rare_as_is_said(chance: float) -> None:
    found = look(poisson(600, 8.0), weeks=SHOWN)
    assert 0.7 * chance < (found.chance <= chance).mean() < 1.2 * chance


def test_where_little_is_usual_less_is_told_rather_than_more() -> None:
    assert (look(poisson(600, 0.5), weeks=SHOWN).chance <= 0.02).mean() < 0.01


def test_a_silence_is_told_ever_more_surely() -> None:
    counts = poisson(20, 3.0)
    chances = [look(silenced(counts, weeks)).chance[0, 0] for weeks in range(1, 9)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.02 > chances[2] > 1e-4 > chances[7]


def test_it_names_the_window_and_what_is_usual() -> None:
    found = look(silenced(np.full((20, HISTORY), 4.0), 3))
    assert (found.length[0, 0], found.count[0, 0]) == (3, 0)
    assert found.usual[0, 0] == pytest.approx(4 + 0.5 / BASELINE)


def test_much_less_than_usual_is_quiet_too() -> None:
    counts = np.full((20, HISTORY), 12.0)
    counts[0, -4:] = 4
    found = look(counts)
    assert found.chance[0, 0] < 0.001
    assert found.count[0, 0] == 4 * found.length[0, 0]


def test_a_week_that_has_just_begun_silences_nobody() -> None:
    counts = poisson(20, 9.0)
    counts[:, -1] = 0
    assert look(counts, passed=0.05).chance.min() > 0.02
    assert look(silenced(poisson(20, 9.0), 1), passed=0.9).chance[0, 0] < 0.01


def test_a_lull_of_the_whole_company_silences_nobody() -> None:
    counts = poisson(20, 6.0)
    lull = counts.copy()
    lull[:, -3:] = np.minimum(lull[:, -3:], 1)
    assert (look(lull).chance <= 0.02).mean() < 0.1
    alone = counts.copy()
    alone[0, -3:] = np.minimum(alone[0, -3:], 1)
    assert look(alone).chance[0, 0] < 0.02


def test_a_place_that_is_the_whole_company_can_be_silent() -> None:
    assert look(silenced(np.full((1, HISTORY), 4.0), 3)).chance[0, 0] < 0.001


def test_notes_that_come_in_bursts_make_a_silence_less_sure() -> None:
    even, bursts = np.full((20, HISTORY), 4.0), np.full((20, HISTORY), 4.0)
    bursts[0] = np.tile([0.0, 8.0], HISTORY)[-HISTORY:]
    assert look(silenced(bursts, 2)).chance[0, 0] > 5 * look(silenced(even, 2)).chance[0, 0]


def test_a_young_place_is_not_compared() -> None:
    counts = np.full((20, HISTORY), 4.0)
    counts[0, : -PARAMETERS.least_history] = 0
    counts[0, -1] = 0
    found = look(counts)
    assert (found.chance[0, 0], np.isnan(found.usual[0, 0])) == (1, True)


def test_a_place_without_notes_is_not_compared() -> None:
    counts = np.full((2, HISTORY), 4.0)
    counts[0] = 0
    assert look(counts).chance[0, 0] == 1


def test_what_comes_later_changes_no_week_before() -> None:
    counts = poisson(20, 3.0)
    later = counts.copy()
    later[:, -5:] = 40
    before = SHOWN[:-5]
    assert np.array_equal(look(counts, weeks=before).chance, look(later, weeks=before).chance)
